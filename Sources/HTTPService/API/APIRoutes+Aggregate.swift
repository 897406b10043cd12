import Engine
import Formula
import Hummingbird
import JSON
import Model
import SourceText
import Storage

extension APIRoutes {
    /// Groups in one answer.
    static let mostGroups = 1_000
    /// Keys by which may be grouped at once, and figures.
    static let mostKeys = 5, mostMeasures = 20

    /// `GET /aggregate/opportunity?by=stage,created.month&value=count,sum(amount)&where=…`
    @Sendable func aggregate(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let object = try object(in: context)
        let query = request.fields
        let keys = try parts(query.all("by"), "by", atMost: Self.mostKeys).map { try ready(engine.aggregateKey($0, on: object.id), "by", context) }
        var measures = try parts(query.all("value"), "value", atMost: Self.mostMeasures).map {
            try ready(engine.aggregateMeasure($0, on: object.id), "value", context)
        }
        if measures.isEmpty { measures = [try ready(engine.aggregateMeasure("count", on: object.id), "value", context)] }
        var wanted = AggregateRequest(object: object.id, keys: keys, measures: measures, limit: 200)
        if let text = query["where"] { wanted.condition = try condition(text, on: object, context) }
        if let text = query["q"], !text.isEmpty { wanted.search = text }
        if let text = query["limit"] {
            guard let limit = Self.digits(text), (1...Self.mostGroups).contains(limit) else {
                throw Problem(
                    .badRequest, code: "bad_limit", Words(zh: "limit 应为 1 到 \(Self.mostGroups)", en: "limit is a number from 1 to \(Self.mostGroups)"), field: "limit")
            }
            wanted.limit = limit
        }
        let report = try await engine.aggregate(wanted, as: person.principal)
        return jsonResponse(document(of: report, wanted, context.language), language: context.language)
    }

    private func document(of report: AggregateReport, _ request: AggregateRequest, _ language: Language) -> JSONValue {
        let json = RecordJSON(app: engine.app, language: language)
        let groups = report.groups.map { group -> JSONValue in
            var members: [JSONValue.Member] = [
                .init("by", .object(zip(request.keys, group.keys).map { .init($0.name, json.value($1, titles: report.titles)) })),
                .init("values", .object(zip(request.measures, group.values).map { .init($0.name, json.value($1, titles: [:])) })),
            ]
            let failed = zip(request.measures, group.failed).filter { $1 > 0 }
            if !failed.isEmpty { members.append(.init("failed", .object(failed.map { .init($0.name, .int($1)) }))) }
            return .object(members)
        }
        let currencies = request.measures.compactMap { measure in measure.currency.map { JSONValue.Member(measure.name, .string($0)) } }
        return .object([.init("groups", .array(groups)), .init("currencies", .object(currencies)), .init("more", .bool(report.hasMore))])
    }

    /// What stands between commas outside of brackets and quotes.
    private func parts(_ texts: [String], _ name: String, atMost most: Int) throws -> [String] {
        var parts: [String] = []
        for text in texts {
            var depth = 0
            var quote: Character?
            var part = ""
            for character in text {
                if let open = quote {
                    if character == open { quote = nil }
                } else if character == "'" || character == "\"" {
                    quote = character
                } else if character == "(" || character == "（" {
                    depth += 1
                } else if character == ")" || character == "）" {
                    depth -= 1
                } else if character == ",", depth == 0 {
                    parts.append(part)
                    part = ""
                    continue
                }
                part.append(character)
            }
            parts.append(part)
        }
        parts = parts.map(\.trimmed)
        guard parts.count <= most, Set(parts).count == parts.count, !parts.contains("") else {
            throw Problem(
                .badRequest, code: "bad_\(name)", Words(zh: "\(name) 最多 \(most) 项，不能为空或重复", en: "`\(name)` has at most \(most) entries, none of them blank or twice"),
                field: name)
        }
        return parts
    }

    private func ready<Ready>(_ figure: TypedFigure<Ready>, _ name: String, _ context: WeirContext) throws -> Ready {
        switch figure {
        case .ready(let ready): return ready
        case .wrong(let words, let diagnostics):
            throw Problem(
                .badRequest, code: diagnostics.found.first?.code ?? "bad_\(name)", words, field: name,
                members: [.init("diagnostics", self.diagnostics(diagnostics, context.language))])
        }
    }
}
