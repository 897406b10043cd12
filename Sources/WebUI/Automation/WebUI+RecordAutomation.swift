import Engine
import Formula
import HTML
import HTTPService
import Model
import Program
import SourceText
import Storage

extension WebUI {
    private static let runsOfRecord = 10
    private static let assignmentsOfRecord = 5

    /// What automation did about the record, and the times that run over it; nil where there is nothing.
    func automation(of id: RecordID, _ visit: Visit) async throws -> RecordAutomationView? {
        guard engine.tellsPeople else { return nil }
        var query = RunQuery(limit: Self.runsOfRecord + 1)
        query.record = id
        let runs = try await engine.runViews(query)
        let language = visit.language
        let view = RecordAutomationView(
            timers: try await engine.timers(of: id).map { timerRow($0, [:], visit, showsRecord: false) },
            runs: runs.prefix(Self.runsOfRecord).map { view in
                var row = runRow(view.run, view.titles, language, showsRecord: false)
                row.note = view.run.state == .done ? nil : view.waits?[language]
                return .init(row: row, entries: view.parts.flatMap(\.entries).sorted { $0.at < $1.at }.map { entry($0, view.titles.filter { $0.key != id }, language) })
            },
            allRuns: runs.count > Self.runsOfRecord && engine.administers(visit.principal) ? Link("runs", query: [("record", engine.app.text(of: id))]) : nil,
            assignments: try await engine.assignments(of: id, limit: Self.assignmentsOfRecord).map { assignmentRow($0, visit, showsRecord: false) })
        return view.isEmpty ? nil : view
    }

    func timerRow(_ timer: TimerView, _ titles: [RecordID: String], _ visit: Visit, showsRecord: Bool) -> TimerRowView {
        let language = visit.language
        let next = timer.next?.name
        func due(_ instant: Instant?) -> TimeView? {
            instant.map { instant in
                let full = display(language).moment(instant)
                return TimeView(shown: full, full: full, stamp: instant.description)
            }
        }
        return TimerRowView(
            label: timer.watch.label[language], record: showsRecord ? (titles[timer.record] ?? engine.app.text(of: timer.record), link(to: timer.record)) : nil,
            since: moment(timer.since, language), paused: timer.paused.map { moment($0, language) }, isLate: timer.isLate,
            rungs: timer.rungs.map { rung in
                (rung.after[language], rung.hasFired ? .fired : timer.paused != nil ? .still : rung.name == next ? .next : .ahead, due(rung.due))
            }, source: source(at: timer.watch.declaredAt, for: visit))
    }

    func assignmentRow(_ view: AssignmentView, _ visit: Visit, showsRecord: Bool) -> AssignmentRowView {
        let language = visit.language, model = engine.app.model
        func name(_ id: RecordID) -> String { view.title(id, in: model) }
        return AssignmentRowView(
            label: view.label[language], chosen: view.assignment.chosen.map { (name($0), link(to: $0)) },
            record: showsRecord ? (name(view.assignment.record), link(to: view.assignment.record)) : nil, isWaiting: view.assignment.isWaiting,
            moment: moment(view.assignment.at, language),
            protected: view.assignment.protectedUntil.flatMap { until in
                guard until > engine.world.clock.now() else { return nil }
                let full = display(language).moment(until)
                return TimeView(shown: full, full: full, stamp: until.description)
            },
            candidates: view.candidates.map { (name($0.candidate), $0.points, $0.parts.map { "\($0.name) \($0.points)" }) },
            out: view.out.map { (name($0.candidate), $0.demand) }, source: source(at: view.declaredAt, for: visit))
    }
}
