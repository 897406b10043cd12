import Formula
import Storage

/// What became of a batch.
package enum BatchOutcome: Sendable {
    /// One answer for each command, in their order. What is refused has written nothing; the rest is saved.
    case done([(outcome: SaveOutcome, view: RecordsView?)])
    /// Nothing is written: all were to be done or none, and some are refused; or the key of one was used for another request. The answers are those that each command would have got.
    case none([SaveOutcome])
}

extension Engine {
    /// Does many commands in one transaction, in their order, each in a savepoint of its own.
    ///
    /// - Parameter isAtomic: Nothing is written unless every command is done.
    /// - Throws: `StoreError`; then nothing is written.
    package func saveBatch(_ commands: [SaveCommand], isAtomic: Bool) async throws -> BatchOutcome {
        do {
            let answers = try await store.write { [self] transaction -> [(outcome: SaveOutcome, view: RecordsView?)] in
                var answers: [(outcome: SaveOutcome, view: RecordsView?)] = []
                // No two batches that write begin behind the same change; what is deleted for good takes its changes along.
                let batch = "batch \(world.clock.now().microseconds) behind \(try transaction.lastChange())"
                for var command in commands {
                    command.batch = command.batch ?? batch
                    do {
                        answers.append(try transaction.savepoint { try Saving(engine: self, command: command, transaction: transaction).outcomeAndView() })
                    } catch let refusal as Refusal {
                        answers.append((refusal.outcome, nil))
                    }
                }
                let isAnother = answers.contains { if case .requestKeyReused = $0.outcome { true } else { false } }
                if isAnother || isAtomic && answers.contains(where: { !$0.outcome.isDone }) { throw NotAll(outcomes: answers.map(\.outcome)) }
                return answers
            }
            for answer in answers { tally.count(answer.outcome) }
            return .done(answers)
        } catch let refused as NotAll {
            for outcome in refused.outcomes where !outcome.isDone { tally.count(outcome) }
            return .none(refused.outcomes)
        }
    }
}

/// Takes the whole batch back.
private struct NotAll: Error {
    let outcomes: [SaveOutcome]
}
