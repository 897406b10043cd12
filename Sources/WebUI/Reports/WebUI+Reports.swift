import Engine
import Formula
import Foundation
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import Program
import SourceText
import Storage

extension WebUI {
    /// Reports with the figures of now, and as they were sent.
    func addReports(to router: Router<WeirContext>) {
        router.get("reports", use: page { visit in
            let model = engine.app.model
            guard !model.reports.isEmpty else { throw Problem.notFound }
            let reports = model.reports.map { (visit.say($0.label), visit.say(model[$0.object].label), Link("reports", $0.name)) }
            return html(visit, title: visit.say(Say.reports), current: "reports") { $0.reportsPage(reports) }
        })
        router.get("reports/:name", use: page { visit in
            let report = try report(visit)
            do {
                guard let table = try await engine.report(named: report.name) else { throw Problem.notFound }
                let sent = try await engine.sentReports(of: report.name, limit: Self.sentReportsShown)
                return reportPage(report, table, sent: sent, isNow: true, visit)
            } catch let trouble as ReportTrouble {
                throw Problem(.unprocessableContent, code: "refused", trouble.words)
            }
        })
        router.get("reports/:name/sent/:id", use: page { visit in
            let report = try report(visit)
            guard let id = visit.context.parameters.get("id").flatMap({ Int64($0) }), let (sent, table) = try await engine.sentReport(id), sent.report == report.name else {
                throw Problem.notFound
            }
            return reportPage(report, table, sent: [], isNow: false, visit)
        })
    }

    private static let sentReportsShown = 20

    /// The report that a notice tells, as it was sent.
    func sentReport(_ id: Int64) async throws -> Link? {
        try await engine.sentReport(id).map { Link("reports", $0.sent.report, "sent", String(id)) }
    }

    private func report(_ visit: Visit) throws -> CheckedReport {
        guard let report = engine.app.report(named: visit.context.parameters.get("name")?.removingPercentEncoding ?? "") else { throw Problem.notFound }
        return report.model
    }

    private func reportPage(_ report: CheckedReport, _ table: ReportTable, sent: [SentReport], isNow: Bool, _ visit: Visit) -> Response {
        let display = display(visit.language), model = engine.app.model
        func time(_ instant: Instant) -> TimeView { TimeView(shown: display.moment(instant), full: display.moment(instant), stamp: instant.description) }
        let object = model[report.object].name, condition = report.condition?.source.text
        // Figures of another time are not those of a list of now.
        let view = ReportView(
            table: table, show: report.show, object: visit.say(model[report.object].label), at: time(table.at), now: isNow ? nil : Link("reports", report.name),
            sent: sent.map { (time($0.at), Link("reports", report.name, "sent", String($0.id))) },
            link: { row, column in
                let keys = [row, column].compactMap { $0 }
                guard isNow, keys.allSatisfy({ $0.filter != nil }) else { return nil }
                return Link("records", object, query: ([condition].compactMap { $0 } + keys.compactMap(\.filter)).map { ("where", $0) })
            })
        return html(visit, title: visit.say(table.label), current: "reports") { $0.reportPage(view) }
    }
}
