package import Formula
import JSON
package import Model
import Program
package import SourceText
package import Storage

/// That a record was given to somebody, or nobody, with the reason as it was kept.
package struct AssignmentView: Sendable {
    package struct Candidate: Sendable {
        package let candidate: RecordID
        package let points: String
        package let parts: [(name: String, points: String)]
    }

    package let assignment: Assignment
    package let label: Words
    /// Nil: the app has no such assignment any more.
    package let declaredAt: Span?
    /// Everybody who might have been given it, the best first.
    package let candidates: [Candidate]
    /// Who might not, and the demand that they did not meet.
    package let out: [(candidate: RecordID, demand: String)]
    package let titles: [RecordID: String]

    package func title(_ record: RecordID, in app: CheckedApp) -> String { titles[record] ?? "\(app[record.object].name)/\(record.number)" }
}

extension Engine {
    /// Of one record, newest first.
    package func assignments(of record: RecordID, limit: Int) async throws -> [AssignmentView] {
        guard !app.automations.assignments.isEmpty else { return [] }
        return try await store.read { [self] transaction in try views(of: try transaction.assignments(of: record, limit: limit), in: transaction) }
    }

    /// What was given to the person, newest first; only what is still theirs.
    package func assignments(to person: RecordID, limit: Int) async throws -> [AssignmentView] {
        guard !app.automations.assignments.isEmpty else { return [] }
        return try await store.read { [self] transaction in
            var found: [Assignment] = []
            for assignment in app.automations.assignments {
                for given in try transaction.assignments(assignment.model.name, to: person, limit: limit) {
                    guard let row = try transaction.row(given.record), row[assignment.model.field] == .link(person) else { continue }
                    found.append(given)
                }
            }
            var known: Set<RecordID> = []
            let newest = found.sorted { $0.id > $1.id }.filter { known.insert($0.record).inserted }
            return try views(of: Array(newest.prefix(limit)), in: transaction)
        }
    }

    /// What waits in queues for somebody to be free, oldest first.
    package func waitingInQueues(limit: Int) async throws -> [AssignmentView] {
        guard !app.automations.assignments.isEmpty else { return [] }
        return try await store.read { [self] transaction in
            var found: [Assignment] = []
            for assignment in app.automations.assignments where assignment.dispatch != nil {
                found += try transaction.waiting(in: assignment.model.name, limit: limit).filter { waiting in
                    try transaction.row(waiting.record)?[assignment.model.field].isBlank ?? false
                }
            }
            return try views(of: Array(found.sorted { $0.id < $1.id }.prefix(limit)), in: transaction)
        }
    }

    private func views(of assignments: [Assignment], in transaction: any ReadTransaction) throws -> [AssignmentView] {
        let context = try RecordContext(engine: self, principal: .system, transaction: transaction)
        return try assignments.map { assignment in
            let reason = (try? JSONValue.parse(assignment.reason)) ?? .null
            let candidates = (reason["candidates"]?.asArray ?? []).compactMap { entry -> AssignmentView.Candidate? in
                guard let candidate = entry["candidate"]?.asString.flatMap({ app.recordID(from: $0) }) else { return nil }
                return AssignmentView.Candidate(
                    candidate: candidate, points: entry["points"]?.asString ?? "",
                    parts: (entry["parts"]?.asObject ?? []).map { ($0.name, $0.value.asString ?? "") })
            }
            let out = (reason["out"]?.asArray ?? []).compactMap { entry -> (candidate: RecordID, demand: String)? in
                guard let candidate = entry["candidate"]?.asString.flatMap({ app.recordID(from: $0) }) else { return nil }
                return (candidate, entry["demand"]?.asString ?? "")
            }
            let named = [assignment.record, assignment.chosen].compactMap { $0 } + candidates.map(\.candidate) + out.map(\.candidate)
            var titles: [RecordID: String] = [:]
            try context.addTitles(of: Set(named), to: &titles)
            let model = app.model.assignments.first { $0.name == assignment.assignment }
            return AssignmentView(
                assignment: assignment, label: model?.label ?? Words(same: assignment.assignment), declaredAt: model?.declaredAt, candidates: candidates, out: out,
                titles: titles)
        }
    }
}
