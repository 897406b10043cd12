package import Formula
package import Model
import Program
import Storage

/// How far a record's events have come in a sequence.
package struct SequenceView: Sendable {
    package let sequence: CheckedSequence
    /// How many of its steps have come; 0: none that still counts.
    package let reached: Int
    /// When the first of them happened, and until when the last must.
    package let began: Instant?
    package let until: Instant?
    /// When it was complete the last time.
    package let completed: Instant?
}

extension Engine {
    /// Of all sequences of which something is known about the record, in the author's order.
    package func sequences(of record: RecordID) async throws -> [SequenceView] {
        let own = app.model.sequences.filter { $0.events.owner == record.object }
        guard !own.isEmpty else { return [] }
        let moment = app.model.moment(at: world.clock.now())
        return try await store.read { transaction in
            let known = try transaction.sequenceProgress(of: record)
            return own.compactMap { sequence -> SequenceView? in
                guard let progress = known.first(where: { $0.sequence == sequence.name }) else { return nil }
                // The furthest whose time is not up.
                for (step, began) in progress.begun.enumerated().reversed() {
                    guard let began, let until = sequence.within.due(after: began, in: moment.zone, by: moment.calendar), moment.now <= until else { continue }
                    return SequenceView(sequence: sequence, reached: step + 1, began: began, until: until, completed: progress.through?.at)
                }
                return SequenceView(sequence: sequence, reached: 0, began: nil, until: nil, completed: progress.through?.at)
            }
        }
    }
}
