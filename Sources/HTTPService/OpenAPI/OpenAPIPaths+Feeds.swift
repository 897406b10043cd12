import JSON
import Model
import Program
import SourceText

extension OpenAPIPaths {
    /// Searching over all objects, and what has changed: described where the API takes them.
    var feeds: [JSONValue.Member] {
        let described = [JSONValue.Member("/api/v1/search", .members(("get", search))), JSONValue.Member("/api/v1/events", .members(("get", events)))]
        return described.filter { member in APIRoutes.table.contains { $0.path == member.name } }
    }

    private var search: JSONValue {
        let text = JSONValue.members(("type", "string"))
        let record = JSONValue.members(
            ("type", "object"), ("required", ["id", "title"]), ("additionalProperties", .bool(false)), ("properties", .members(("id", text), ("title", text))))
        let group = JSONValue.members(
            ("type", "object"), ("required", ["object", "label", "records", "more"]), ("additionalProperties", .bool(false)),
            ("properties", .members(
                ("object", text), ("label", text), ("records", .members(("type", "array"), ("items", record))), ("more", .members(("type", "boolean"))))))
        return operation(
            "search", nil, Words(zh: "在所有对象里找", en: "Search over all objects"),
            parameters: [
                parameter("q", in: "query", text), limit(100, usual: 5),
                parameter("object", in: "query", .members(("type", "string"), ("enum", .array(app.model.objects.map { .string($0.name) })))),
            ],
            answers: [(200, ok(.members(
                ("type", "object"), ("required", ["groups"]), ("additionalProperties", .bool(false)),
                ("properties", .members(("groups", .members(("type", "array"), ("items", group))))))))],
            [400, 404])
    }

    private var events: JSONValue {
        let text = JSONValue.members(("type", "string"))
        let change = JSONValue.members(
            ("type", "object"), ("required", ["object"]),
            ("properties", .members(
                ("record", text), ("object", text), ("version", .members(("type", "integer"))), ("kind", text), ("by", .members(("type", ["string", "null"]))),
                ("count", .members(("type", "integer"), ("description", .string(Words(zh: "一次很多时只说数目", en: "many at once are told by number")[language])))))))
        let document = JSONValue.members(
            ("type", "object"), ("required", ["last", "changes", "app"]), ("additionalProperties", .bool(false)),
            ("properties", .members(
                ("last", .members(("type", "integer"))), ("changes", .members(("type", "array"), ("items", change))),
                ("app", .members(("type", "string"), ("description", .string(Words(zh: "应用的版本", en: "the version of the app")[language])))),
                ("notices", .members(
                    ("type", "object"), ("required", ["unread", "person"]), ("additionalProperties", .bool(false)),
                    ("properties", .members(("unread", .members(("type", "integer"))), ("person", text))),
                    ("description", .string(Words(zh: "未读通知的数目", en: "how many notices the person has not read")[language])))))))
        let answer = JSONValue.members(
            ("description", .string(Words(
                zh: "改动；接受 text/event-stream 时为事件流，每个事件的 data 是一项改动", en: "Changes; as a stream of events for whoever accepts text/event-stream, each with a change as its data")[language])),
            ("content", .members(("application/json", .members(("schema", document))), ("text/event-stream", .members(("schema", text))))))
        return operation(
            "events", nil, Words(zh: "哪些记录有了改动", en: "Which records were changed"),
            parameters: [
                parameter(
                    "after", in: "query", .members(("type", "integer"), ("minimum", .int(0)), ("maximum", .number("9223372036854775807"))),
                    Words(zh: "从这个序号之后开始；事件流断开后浏览器用 Last-Event-ID", en: "what came after this sequence; a browser that comes back says it as Last-Event-ID")),
            ],
            answers: [(200, answer)], [400])
    }
}
