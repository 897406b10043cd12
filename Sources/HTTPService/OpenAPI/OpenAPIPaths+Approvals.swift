import Engine
import JSON
import Model
import SourceText
import Storage

extension OpenAPIPaths {
    /// Requests for approval, and what people decide about them.
    var approvals: [JSONValue.Member] {
        let number = JSONValue.members(("type", "integer"), ("minimum", .int(1)), ("maximum", .number("9223372036854775807")))
        let id = parameter("id", in: "path", number, isRequired: true)
        let request = requestSchema
        let list = JSONValue.members(
            ("type", "object"), ("required", ["approvals"]), ("additionalProperties", .bool(false)),
            ("properties", .members(("approvals", .members(("type", "array"), ("items", request))))))
        let text = JSONValue.members(("type", "string"))
        let seen = JSONValue.members(
            ("type", "integer"), ("minimum", .int(1)), ("maximum", .int(JSONValue.largestExactInteger)),
            ("description", .string(Words(zh: "所看到的 revision", en: "`revision` as it was seen")[language])))
        let level = JSONValue.members(
            ("type", "string"), ("description", .string(Words(zh: "退回到的级别或 start", en: "a level or `start` to go back to")[language])))
        let person = JSONValue.members(("type", "string"), ("description", .string(Words(zh: "转交、加签的人员编号", en: "the id of the person to hand it on to, or to ask as well")[language])))
        let body = JSONValue.members(
            ("required", .bool(true)),
            ("content", .members(("application/json", .members(("schema", .members(
                ("oneOf", [
                    decision("approve", required: ["seen"], [("seen", seen), ("comment", text)]),
                    decision("reject", required: ["seen"], [("seen", seen), ("to", level), ("comment", text)]),
                    decision("send_back", required: ["seen", "to"], [("seen", seen), ("to", level), ("comment", text)]),
                    decision("delegate", required: ["seen", "to"], [("seen", seen), ("to", person), ("comment", text)]),
                    decision("add_signer_before", required: ["seen", "to"], [("seen", seen), ("to", person), ("comment", text)]),
                    decision("add_signer_after", required: ["seen", "to"], [("seen", seen), ("to", person), ("comment", text)]),
                    decision("withdraw", required: [], [("comment", text)]),
                    decision("resubmit", required: [], [("comment", text)]),
                ]))))))))
        return [
            .init("/api/v1/approvals", .members(("get", operation(
                "approvals", nil, Words(zh: "审批列表", en: "Approvals"),
                parameters: [
                    parameter("list", in: "query", .members(("type", "string"), ("enum", .array(ApprovalList.allCases.map { .string($0.rawValue) })))),
                    limit(200, usual: 50), parameter("before", in: "query", number),
                ],
                answers: [(200, ok(list))], [400])))),
            .init("/api/v1/approvals/{id}", .members(
                ("parameters", .array([id])),
                ("get", operation("approval", nil, Words(zh: "一项审批", en: "One approval"), answers: [(200, ok(request))], [404])),
                ("post", operation(
                    "decide", nil, Words(zh: "审批", en: "Decide"), body: body, answers: [(200, ok(request))], [400, 404, 409, 413, 415, 422])))),
        ]
    }

    private func decision(_ name: String, required: [JSONValue], _ members: [(String, JSONValue)]) -> JSONValue {
        .members(
            ("type", "object"), ("required", .array(["decision"] + required)), ("additionalProperties", .bool(false)),
            ("properties", .object([.init("decision", .members(("type", "string"), ("enum", [.string(name)])))] + members.map { .init($0.0, $0.1) })))
    }

    private var requestSchema: JSONValue {
        let text = JSONValue.members(("type", "string")), textOrNull = JSONValue.members(("type", ["string", "null"]))
        let number = JSONValue.members(("type", "integer"))
        let record = JSONValue.members(
            ("type", "object"), ("required", ["id", "title"]), ("additionalProperties", .bool(false)), ("properties", .members(("id", text), ("title", text))))
        let recordOrNull = JSONValue.members(("anyOf", [record, .members(("type", "null"))]))
        func all(_ members: (String, JSONValue)...) -> JSONValue {
            .members(
                ("type", "object"), ("required", .array(members.map { .string($0.0) })), ("additionalProperties", .bool(false)),
                ("properties", .object(members.map { .init($0.0, $0.1) })))
        }
        func list(_ item: JSONValue) -> JSONValue { .members(("type", "array"), ("items", item)) }
        return all(
            ("id", number), ("approval", text), ("label", text), ("record", record), ("by", recordOrNull), ("asked", text),
            ("state", .members(("type", "string"), ("enum", .array(ApprovalRequest.State.allCases.map { .string($0.rawValue) })))), ("level", textOrNull),
            ("revision", number), ("stage", textOrNull), ("due", textOrNull), ("decided", textOrNull), ("note", textOrNull), ("waiting", list(record)),
            ("seats", list(all(("person", record), ("level", text), ("state", text), ("instead_of", recordOrNull), ("away", .members(("type", "boolean"))), ("added", textOrNull), ("added_by", recordOrNull), ("at", textOrNull)))),
            ("steps", list(all(("at", text), ("by", recordOrNull), ("level", textOrNull), ("words", text), ("comment", textOrNull)))))
    }
}
