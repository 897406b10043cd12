import JSON
import Model
import SourceText

extension OpenAPIPaths {
    /// What a person was told inside the app.
    var notices: [JSONValue.Member] {
        let text = JSONValue.members(("type", "string"))
        let whole = JSONValue.members(("type", "integer"))
        let number = JSONValue.members(("type", "integer"), ("minimum", .int(1)), ("maximum", .number("9223372036854775807")))
        let record = JSONValue.members(
            ("type", ["object", "null"]), ("required", ["id", "title"]), ("additionalProperties", .bool(false)), ("properties", .members(("id", text), ("title", text))))
        let notice = exactly(
            ("id", whole), ("at", text), ("title", text), ("message", text), ("record", record),
            ("suggested", .members(("type", "array"), ("items", exactly(("id", text), ("title", text))))), ("folded", .members(("type", ["integer", "null"]), ("description", .string(Words(zh: "它代表多少条；为空时只代表自己", en: "for how many it stands; null: for itself")[language])))),
            ("run", .members(("type", ["integer", "null"]))),
            ("read", .members(("type", ["string", "null"]))))
        let list = exactly(("unread", whole), ("notices", .members(("type", "array"), ("items", notice))))
        let unread = exactly(("unread", whole))
        let through = JSONValue.members(
            ("required", .bool(true)),
            ("content", .members(("application/json", .members(("schema", exactly(
                ("through", .members(
                    ("type", "integer"), ("minimum", .int(1)), ("maximum", .int(JSONValue.largestExactInteger)),
                    ("description", .string(Words(zh: "到这一条为止都标为已读", en: "everything up to this one is read")[language])))))))))))
        return [
            .init("/api/v1/notices", .members(("get", operation(
                "notices", nil, Words(zh: "我的通知，新的在前", en: "What I was told, newest first"),
                parameters: [
                    parameter("unread", in: "query", .members(("type", "boolean")), Words(zh: "只要未读的", en: "only what is not read")),
                    limit(200, usual: 50), parameter("before", in: "query", number),
                ],
                answers: [(200, ok(list))], [400])))),
            .init("/api/v1/notices/read", .members(("post", operation(
                "readNotices", nil, Words(zh: "全部标为已读", en: "Mark all as read"), body: through, answers: [(200, ok(unread))], [400, 413, 415])))),
            .init("/api/v1/notices/{id}/read", .members(
                ("parameters", .array([parameter("id", in: "path", number, isRequired: true)])),
                ("post", operation("readNotice", nil, Words(zh: "标为已读", en: "Mark one as read"), answers: [(200, ok(unread))], [404])))),
        ]
    }

    /// An object with exactly these members.
    func exactly(_ members: (String, JSONValue)...) -> JSONValue {
        .members(
            ("type", "object"), ("required", .array(members.map { .string($0.0) })), ("additionalProperties", .bool(false)),
            ("properties", .object(members.map { .init($0.0, $0.1) })))
    }
}
