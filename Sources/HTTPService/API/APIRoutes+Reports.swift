import Engine
import Formula
import Foundation
import HTTPTypes
import Hummingbird
import JSON
import Model
import Program
import SourceText
import Storage

extension APIRoutes {
    /// `GET /reports`
    @Sendable func reports(_ request: Request, context: WeirContext) async throws -> Response {
        _ = try context.person()
        let model = engine.app.model, language = context.language
        return jsonResponse(
            .object([
                .init("reports", .array(model.reports.map { report in
                    .object([
                        .init("name", .string(report.name)), .init("label", .string(report.label[language])), .init("object", .string(model[report.object].name)),
                        .init("show", .string(report.show.rawValue)),
                    ])
                }))
            ]), language: language)
    }

    /// `GET /reports/response_heat`: with the figures of now.
    @Sendable func report(_ request: Request, context: WeirContext) async throws -> Response {
        _ = try context.person()
        do {
            guard let table = try await engine.report(named: context.parameters.get("name")?.removingPercentEncoding ?? "") else { throw Problem.notFound }
            return jsonResponse(table.json, language: context.language)
        } catch let trouble as ReportTrouble {
            throw Problem(.unprocessableContent, code: "refused", trouble.words)
        }
    }

    /// `GET /reports/response_heat/sent?limit=50`: what was sent, newest first.
    @Sendable func sentReports(_ request: Request, context: WeirContext) async throws -> Response {
        _ = try context.person()
        guard let report = engine.app.report(named: context.parameters.get("name")?.removingPercentEncoding ?? "") else { throw Problem.notFound }
        let limit = try number(request.fields["limit"], in: 1...200, "limit") ?? 50
        let sent = try await engine.sentReports(of: report.model.name, limit: Int(limit))
        return jsonResponse(
            .object([
                .init("sent", .array(sent.map { .object([.init("id", .int($0.id)), .init("at", .string($0.at.description)), .init("made", .string($0.made.description))]) }))
            ]), language: context.language)
    }

    /// `GET /reports/response_heat/sent/3`: as it was then.
    @Sendable func sentReport(_ request: Request, context: WeirContext) async throws -> Response {
        _ = try context.person()
        guard let id = context.parameters.get("id").flatMap({ Int64($0) }), let (sent, table) = try await engine.sentReport(id),
            sent.report == context.parameters.get("name")?.removingPercentEncoding
        else { throw Problem.notFound }
        return jsonResponse(table.json, language: context.language)
    }
}
