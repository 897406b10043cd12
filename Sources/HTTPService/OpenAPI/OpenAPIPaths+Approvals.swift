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
        let decisions: [JSONValue] = ["approve", "reject", "send_back", "delegate", "add_signer_before", "add_signer_after", "withdraw", "resubmit"]
        let body = JSONValue.members(
            ("required", .bool(true)),
            ("content", .members(("application/json", .members(("schema", .members(
                ("type", "object"), ("required", ["decision"]), ("additionalProperties", .bool(false)),
                ("properties", .members(
                    ("decision", .members(("type", "string"), ("enum", .array(decisions)))),
                    ("seen", .members(
                        ("type", "integer"), ("minimum", .int(1)), ("maximum", .number("9007199254740991")),
                        ("description", .string(Words(zh: "所看到的 revision；撤回和重新提交之外必填", en: "`revision` as it was seen; needed but for withdraw and resubmit")[language])))),
                    ("to", .members(
                        ("type", "string"),
                        ("description", .string(Words(zh: "退回到的级别或 start；转交、加签的人员编号", en: "a level or `start` to go back to; the id of the person to hand it on to, or to ask as well")[language])))),
                    ("comment", text))))))))))
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
