import JSON
import Model
import Program
import SourceText

extension OpenAPIPaths {
    /// Figures of groups of records, now and as they were sent. In an app without reports there is only the empty list of them.
    var reports: [JSONValue.Member] {
        let text = JSONValue.members(("type", "string")), textOrNull = JSONValue.members(("type", ["string", "null"]))
        let whole = JSONValue.members(("type", "integer"))
        let id = JSONValue.members(("type", "integer"), ("minimum", .int(1)), ("maximum", .number("9223372036854775807")))
        let name = JSONValue.members(("type", "string"), ("enum", .array(app.model.reports.map { .string($0.name) })))
        func list(_ item: JSONValue) -> JSONValue { .members(("type", "array"), ("items", item)) }
        let words = exactly(("zh", text), ("en", text))
        let key = exactly(("label", words), ("record", textOrNull), ("filter", textOrNull))
        let figure = exactly(("number", .members(("type", ["number", "null"]))), ("text", words), ("records", whole), ("left_out", whole))
        let figureOrNull = JSONValue.members(("anyOf", [figure, .members(("type", "null"))]))
        let table = exactly(
            ("report", text), ("label", words), ("at", text), ("rows", list(key)), ("columns", list(key)), ("cells", list(list(figureOrNull))),
            ("row_totals", list(figure)), ("column_totals", list(figure)), ("total", figure), ("left_out", whole))
        let reports = exactly(("reports", list(exactly(
            ("name", text), ("label", text), ("object", text), ("show", .members(("type", "string"), ("enum", .array(CheckedReport.Show.allCases.map { .string($0.rawValue) }))))))))
        let sent = exactly(("sent", list(exactly(("id", whole), ("at", text), ("made", text)))))
        let named = JSONValue.array([parameter("name", in: "path", name, isRequired: true)])
        let list = JSONValue.Member("/api/v1/reports", .members(("get", operation("reports", nil, Words(zh: "报表", en: "Reports"), answers: [(200, ok(reports))], []))))
        guard !app.model.reports.isEmpty else { return [list] }
        return [
            list,
            .init("/api/v1/reports/{name}", .members(
                ("parameters", named),
                ("get", operation(
                    "report", nil, Words(zh: "报表现在的数字；时长以秒计", en: "A report with the figures of now; durations in seconds"), answers: [(200, ok(table))], [404, 422])))),
            .init("/api/v1/reports/{name}/sent", .members(
                ("parameters", named),
                ("get", operation(
                    "sentReports", nil, Words(zh: "发送过的，新的在前", en: "What was sent, newest first"), parameters: [limit(200, usual: 50)],
                    answers: [(200, ok(sent))], [400, 404])))),
            .init("/api/v1/reports/{name}/sent/{id}", .members(
                ("parameters", .array([parameter("name", in: "path", name, isRequired: true), parameter("id", in: "path", id, isRequired: true)])),
                ("get", operation(
                    "sentReport", nil, Words(zh: "发送时的数字", en: "A report as it was sent"), answers: [(200, ok(table))], [404])))),
        ]
    }
}
