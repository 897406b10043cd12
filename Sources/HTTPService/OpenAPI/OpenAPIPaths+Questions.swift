import JSON
import Model
import SourceText
import Storage

extension OpenAPIPaths {
    /// What runs ask people, and their answers.
    var questions: [JSONValue.Member] {
        let text = JSONValue.members(("type", "string")), textOrNull = JSONValue.members(("type", ["string", "null"]))
        let whole = JSONValue.members(("type", "integer"))
        let number = JSONValue.members(("type", "integer"), ("minimum", .int(1)), ("maximum", .number("9223372036854775807")))
        let record = exactly(("id", text), ("title", text))
        let recordOrNull = JSONValue.members(("anyOf", [record, .members(("type", "null"))]))
        func list(_ item: JSONValue) -> JSONValue { .members(("type", "array"), ("items", item)) }
        let field = exactly(
            ("name", text), ("label", text), ("type", text), ("required", .members(("type", "boolean"))), ("help", textOrNull),
            ("options", list(exactly(("key", text), ("label", text)))))
        let question = exactly(
            ("id", whole), ("state", .members(("type", "string"), ("enum", .array(Question.State.allCases.map { .string($0.rawValue) })))), ("title", text),
            ("message", text), ("record", recordOrNull), ("run", whole), ("asked", text), ("due", textOrNull), ("people", list(record)), ("by", recordOrNull),
            ("answered", textOrNull), ("answer", textOrNull), ("fields", list(field)))
        let body = JSONValue.members(
            ("required", .bool(true)),
            ("content", .members(("application/json", .members(("schema", exactly(
                ("answer", .members(
                    ("type", "object"),
                    ("description", .string(Words(zh: "按 fields 的名称填写，写法同记录的字段", en: "by the names of `fields`, written as fields of records are")[language])))))))))))
        return [
            .init("/api/v1/questions", .members(("get", operation(
                "questions", nil, Words(zh: "等我回答的，新的在前", en: "What waits for my answer, newest first"), parameters: [limit(200, usual: 50)],
                answers: [(200, ok(exactly(("questions", list(question)))))], [400])))),
            .init("/api/v1/questions/{id}", .members(
                ("parameters", .array([parameter("id", in: "path", number, isRequired: true)])),
                ("get", operation("question", nil, Words(zh: "一个询问", en: "One question"), answers: [(200, ok(question))], [404])),
                ("post", operation(
                    "answer", nil, Words(zh: "回答；先回答的算数", en: "Answer; the first answer counts"), body: body, answers: [(200, ok(question))],
                    [400, 404, 409, 413, 415, 422])))),
        ]
    }
}
