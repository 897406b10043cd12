package import Formula
package import Model
import Program
package import SourceText
import Storage

/// A time that runs over a record.
package struct TimerView: Sendable {
    package struct Rung: Sendable {
        /// As its author wrote it: `2min`.
        package let name: String
        /// In people's words.
        package let after: Words
        /// Nil: it has fired in this time, or the time stands still.
        package let due: Instant?
        package let hasFired: Bool
        package let declaredAt: Span
    }

    package let watch: CheckedWatch
    package let record: RecordID
    /// Since when its condition holds.
    package let since: Instant
    /// Since when the time stands still; nil: it runs.
    package let paused: Instant?
    /// In the author's order.
    package let rungs: [Rung]

    /// A time that was set has passed.
    package var isLate: Bool { rungs.contains(where: \.hasFired) }
    /// What comes next; nil if everything has fired or the time stands still.
    package var next: Rung? { rungs.filter { $0.due != nil }.min { ($0.due ?? .distantFuture) < ($1.due ?? .distantFuture) } }
}

extension Instant {
    fileprivate static let distantFuture = Instant(microseconds: .max)
}

extension Engine {
    /// The times that run over the record: those first of which one has passed, then the next.
    package func timers(of record: RecordID) async throws -> [TimerView] {
        guard !app.automations.watchesOfObject[record.object.index].isEmpty else { return [] }
        return try await store.read { [self] transaction in timers(try transaction.watchStates(of: record)) }
    }

    /// The times that run over what is the person's, in the same order.
    ///
    /// - Returns: With how the records are called.
    package func timers(ofAllOf person: RecordID, limit: Int) async throws -> (timers: [TimerView], titles: [RecordID: String]) {
        let links = Set(app.automations.watches.map(\.model.object)).sorted { $0.index < $1.index }.compactMap { ownerLink(of: $0) }
        guard !links.isEmpty else { return ([], [:]) }
        return try await store.read { [self] transaction in
            var states: [WatchState] = []
            for link in links { states += try transaction.watchStates(where: link, is: person, limit: limit) }
            let found = Array(timers(states).prefix(limit))
            var titles: [RecordID: String] = [:]
            try RecordContext(engine: self, principal: .system, transaction: transaction).addTitles(of: Set(found.map(\.record)), to: &titles)
            return (found, titles)
        }
    }

    private func timers(_ states: [WatchState]) -> [TimerView] {
        let moment = app.model.moment(at: world.clock.now())
        let views = states.compactMap { state -> TimerView? in
            guard let since = state.since, let watch = app.automations.watches.first(where: { $0.model.name == state.watch && $0.model.object == state.record.object })
            else { return nil }
            let due = Dictionary(watch.rungs(of: state, at: moment).map { ($0.index, $0.due) }) { first, _ in first }
            return TimerView(
                watch: watch.model, record: state.record, since: since, paused: state.paused,
                rungs: watch.model.rungs.enumerated().map { index, rung in
                    TimerView.Rung(
                        name: rung.name, after: rung.words, due: due[index], hasFired: state.fired & (1 << UInt64(index)) != 0, declaredAt: rung.declaredAt)
                })
        }
        func order(_ view: TimerView) -> (Int, Instant, Int64) { (view.isLate ? 0 : 1, view.next?.due ?? .distantFuture, view.record.number) }
        return views.sorted { order($0) < order($1) }
    }

    /// By which link a record is somebody's: `owner`, else what an assignment sets, else the only link to people; nil if there is none.
    package func ownerLink(of object: ObjectID) -> FieldID? {
        func leadsToPeople(_ field: CheckedField) -> Bool {
            guard case .link(let targets) = field.kind, field.isWritable else { return false }
            return targets.allSatisfy { app.model[$0].builtIn == .user }
        }
        let object = app.model[object]
        if let owner = object.field(named: "owner"), leadsToPeople(owner) { return owner.id }
        if let assigned = app.model.assignments.first(where: { $0.object == object.id && app.model[$0.candidates].builtIn == .user }) { return assigned.field }
        let links = object.fields.filter { !$0.isSystem && leadsToPeople($0) }
        return links.count == 1 ? links[0].id : nil
    }
}
