import JSON
import Model
import SourceText
import Storage

extension OpenAPIPaths {
    /// Who decides for whom, and when.
    var absences: [JSONValue.Member] {
        let text = JSONValue.members(("type", "string"))
        let person = exactly(("id", text), ("title", text))
        let absence = exactly(
            ("id", .members(("type", "integer"))), ("person", person), ("deputy", person), ("from", text), ("until", text),
            ("state", .members(("type", "string"), ("enum", .array(Absence.State.allCases.map { .string($0.rawValue) })))))
        let number = JSONValue.members(("type", "integer"), ("minimum", .int(1)), ("maximum", .number("9223372036854775807")))
        let moment = JSONValue.members(("type", "string"), ("format", "date-time"))
        let body = JSONValue.members(
            ("required", .bool(true)),
            ("content", .members(("application/json", .members(("schema", .members(
                ("type", "object"), ("required", ["deputy", "until"]), ("additionalProperties", .bool(false)),
                ("properties", .members(
                    ("deputy", .members(
                        ("type", "string"), ("description", .string(Words(zh: "代理人的编号", en: "the id of the person who decides meanwhile")[language])))),
                    ("from", .members(
                        ("anyOf", [moment, .members(("type", "null"))]), ("description", .string(Words(zh: "不给表示现在", en: "now if it is left out")[language])))),
                    ("until", moment))))))))))
        return [
            .init("/api/v1/absences", .members(
                ("get", operation(
                    "absences", nil, Words(zh: "谁代我、我代谁审批", en: "Who decides for me, and for whom I do"),
                    answers: [(200, ok(exactly(("absences", .members(("type", "array"), ("items", absence))))))], [])),
                ("post", operation(
                    "announceAbsence", nil, Words(zh: "指定一段时间内的代理人", en: "Say who decides for me for a time"), body: body, answers: [(201, ok(absence))],
                    [400, 413, 415, 422])))),
            .init("/api/v1/absences/{id}", .members(
                ("parameters", .array([parameter("id", in: "path", number, isRequired: true)])),
                ("delete", operation("endAbsence", nil, Words(zh: "立即结束代理", en: "End it now"), answers: [(204, done)], [404, 422])))),
        ]
    }
}
