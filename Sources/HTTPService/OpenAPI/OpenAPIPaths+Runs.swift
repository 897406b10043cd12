import Engine
import JSON
import Model
import Program
import SourceText
import Storage

extension OpenAPIPaths {
    private var text: JSONValue { .members(("type", "string")) }
    private var textOrNull: JSONValue { .members(("type", ["string", "null"])) }
    private var whole: JSONValue { .members(("type", "integer")) }
    private var flag: JSONValue { .members(("type", "boolean")) }
    private var recordOrNull: JSONValue {
        .members(
            ("type", ["object", "null"]), ("required", ["id", "title"]), ("additionalProperties", .bool(false)), ("properties", .members(("id", text), ("title", text))))
    }
    private var versionOrNull: JSONValue {
        .members(
            ("type", ["object", "null"]), ("required", ["hash", "since", "present"]), ("additionalProperties", .bool(false)),
            ("properties", .members(("hash", text), ("since", text), ("present", flag))))
    }
    private func list(_ item: JSONValue) -> JSONValue { .members(("type", "array"), ("items", item)) }

    private var head: [(String, JSONValue)] {
        [
            ("id", whole), ("rule", text), ("label", text), ("rung", textOrNull),
            ("state", .members(("type", "string"), ("enum", .array(AutomationRun.State.allCases.map { .string($0.rawValue) })))), ("record", recordOrNull),
            ("by", recordOrNull), ("root", .members(("type", ["integer", "null"]))), ("depth", whole), ("started", text), ("changed", text), ("wakes", textOrNull),
            ("scheduled", textOrNull), ("note", textOrNull), ("version", versionOrNull),
        ]
    }

    private var commands: JSONValue { .array(RunCommand.allCases.map { .string($0.rawValue) }) }

    private var run: JSONValue {
        let entry = exactly(("at", text), ("done", flag), ("words", text), ("record", recordOrNull))
        let step = exactly(
            ("step", text), ("words", textOrNull),
            ("state", .members(("type", "string"), ("enum", ["done", "refused", "no", "current", "ahead", "skipped"]))), ("reason", textOrNull),
            ("entries", list(entry)))
        let effect = exactly(
            ("id", whole), ("target", text), ("state", text), ("attempts", whole), ("created", text), ("due", textOrNull), ("trouble", textOrNull))
        return exactly(head + [
            ("waits", textOrNull), ("steps", list(step)), ("before", list(exactly(("field", text), ("value", textOrNull)))),
            ("values", list(exactly(("name", text), ("value", textOrNull)))), ("effects", list(effect)),
            ("approvals", list(exactly(("id", whole), ("approval", text), ("state", text)))),
            ("commands", list(.members(("type", "string"), ("enum", commands)))),
        ])
    }

    /// What automation did.
    var runs: [JSONValue.Member] {
        let number = JSONValue.members(("type", "integer"), ("minimum", .int(1)), ("maximum", .number("9223372036854775807")))
        let day = JSONValue.members(("type", "string"), ("format", "date"))
        let states = JSONValue.members(("type", "string"), ("enum", .array(APIRoutes.RunGroup.allCases.map { .string($0.rawValue) })))
        let objects = JSONValue.members(("type", "string"), ("enum", .array(app.model.objects.map { .string($0.name) })))
        let record = JSONValue.members(
            ("type", "string"), ("pattern", .string("^(\(app.model.objects.map { OpenAPISchemas.literal($0.name) }.joined(separator: "|")))/[1-9][0-9]{0,17}$")))
        let body = JSONValue.members(
            ("required", .bool(true)),
            ("content", .members(("application/json", .members(("schema", exactly(("command", .members(("type", "string"), ("enum", commands))))))))))
        return [
            .init("/api/v1/runs", .members(("get", operation(
                "runs", nil, Words(zh: "自动化的运行；不给 record 时限管理员", en: "Runs of automations; without `record` for those who look after the app"),
                parameters: [
                    parameter("state", in: "query", states), parameter("rule", in: "query", text), parameter("object", in: "query", objects),
                    parameter("record", in: "query", record), parameter("from", in: "query", day, Words(zh: "触发于这一天或之后", en: "set off on this day or later")),
                    parameter("until", in: "query", day, Words(zh: "触发于这一天或之前", en: "set off on this day or before")), limit(200, usual: 50),
                    parameter("before", in: "query", number),
                ],
                answers: [(200, ok(exactly(("failed", whole), ("runs", list(exactly(head))))))], [400, 404])))),
            .init("/api/v1/runs/{id}", .members(
                ("parameters", .array([parameter("id", in: "path", number, isRequired: true)])),
                ("get", operation("run", nil, Words(zh: "一次运行，逐步说明", en: "One run, step by step"), answers: [(200, ok(run))], [404])),
                ("post", operation(
                    "commandRun", nil, Words(zh: "继续、跳过失败的步骤或取消；限管理员", en: "Resume it, skip its failed step, or cancel it; for those who look after the app"),
                    body: body, answers: [(200, ok(run))], [400, 404, 413, 415, 422])))),
        ]
    }

    /// What automation did about a record.
    var automation: JSONValue {
        let rung = exactly(("name", text), ("after", text), ("due", textOrNull), ("fired", flag))
        let timer = exactly(
            ("watch", text), ("label", text), ("since", text), ("paused", textOrNull), ("late", flag), ("next", textOrNull), ("rungs", list(rung)))
        let candidate = exactly(
            ("candidate", recordOrNull), ("points", .members(("type", "number"))),
            ("parts", .members(("type", "object"), ("additionalProperties", .members(("type", "number"))))))
        let assignment = exactly(
            ("assignment", text), ("label", text), ("at", text), ("chosen", recordOrNull), ("waiting", flag), ("protected_until", textOrNull),
            ("candidates", list(candidate)), ("out", list(exactly(("candidate", recordOrNull), ("demand", text)))))
        let hollow = JSONValue.members(
            ("type", ["object", "null"]), ("required", ["stage", "missing"]), ("additionalProperties", .bool(false)),
            ("properties", .members(("stage", text), ("missing", list(text)))))
        return exactly(("timers", list(timer)), ("assignments", list(assignment)), ("runs", list(exactly(head))), ("hollow", hollow))
    }

    private func exactly(_ members: [(String, JSONValue)]) -> JSONValue {
        .members(
            ("type", "object"), ("required", .array(members.map { .string($0.0) })), ("additionalProperties", .bool(false)),
            ("properties", .object(members.map { .init($0.0, $0.1) })))
    }
}
