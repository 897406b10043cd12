import Engine
import Formula
import HTML
import HTTPService
import Hummingbird
import Model
import Program
import SourceText
import Storage

extension WebUI {
    /// What waits for whoever is signed in, on one page.
    func addWork(to router: Router<WeirContext>) {
        router.get("tasks", use: page(work))
    }

    private static let approvalsShown = 10
    private static let hollowShown = 10
    private static let timersShown = 20
    private static let tasksShown = 20
    private static let assignedShown = 10
    private static let queuedShown = 20

    @Sendable private func work(_ visit: Visit) async throws -> Response {
        guard let person = visit.principal.user else { return redirect(to: myTasks) }
        let language = visit.language
        let timers = try await engine.timers(ofAllOf: person, limit: Self.timersShown)
        let view = WorkView(
            approvals: try await waitingApprovals(of: person, language), approvalCount: try await engine.approvalsWaiting(for: person),
            questions: try await openQuestions(of: person, language),
            hollow: try await engine.hollowRecords(of: person, limit: Self.hollowShown).map { hollow($0, language) },
            timers: timers.timers.map { timerRow($0, timers.titles, visit, showsRecord: true) }, tasks: try await openTasks(visit, most: Self.tasksShown),
            assigned: try await engine.assignments(to: person, limit: Self.assignedShown).map { assignmentRow($0, visit, showsRecord: true) },
            queued: engine.administers(visit.principal)
                ? try await engine.waitingInQueues(limit: Self.queuedShown).map { assignmentRow($0, visit, showsRecord: true) } : [],
            failedRuns: visit.shell.failedRuns ?? 0, allTasks: myTasks)
        return html(visit, title: visit.say(Say.work), current: "tasks") { $0.workPage(view) }
    }

    private func waitingApprovals(of person: RecordID, _ language: Language) async throws -> [WorkView.Approval] {
        guard hasApprovals else { return [] }
        let now = engine.world.clock.now(), display = display(language)
        let found = try await engine.approvals(.mine, of: person, limit: Self.approvalsShown)
        // What is late first, then by when it must be decided.
        return found.sorted { ($0.request.due?.microseconds ?? .max) < ($1.request.due?.microseconds ?? .max) }.map { view in
            let request = view.request
            return WorkView.Approval(
                label: view.model?.label[language] ?? request.approval, title: view.titles[request.record] ?? engine.app.text(of: request.record),
                link: Link("approvals", String(request.id)), level: view.level?.label[language],
                due: request.due.map { TimeView(shown: display.moment($0), full: display.moment($0), stamp: $0.description) },
                isLate: request.lates > 0 || request.due.map { $0 <= now } ?? false)
        }
    }

    /// Whether the record stands in a stage whose conditions do not hold any more.
    func isHollow(_ row: Row) -> Bool { engine.app.model[row.id.object].hollow.map { row[$0] == .bool(true) } ?? false }

    private func hollow(_ view: HollowView, _ language: Language) -> WorkView.Hollow {
        var clauses: [(String, String)] = []
        if let hollow = view.object.hollow { clauses.append(("where", engine.app.model[hollow].name)) }
        if let owner = engine.ownerLink(of: view.object.id) { clauses.append(("where", "\(engine.app.model[owner].name) = me")) }
        return WorkView.Hollow(
            label: view.object.label,
            entries: view.entries.map { ($0.title.isEmpty ? engine.app.text(of: $0.record) : $0.title, link(to: $0.record), $0.stage[language], $0.missing.map { $0[language] }) },
            all: Link("records", view.object.name, query: clauses), isMore: view.isMore)
    }
}
