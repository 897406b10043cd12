import Formula
package import Storage

extension Engine {
    /// Does what the command says, or says why not. The order is the one list of `spec/saving.md`.
    ///
    /// - Throws: `StoreError`; then nothing is written.
    package func save(_ command: SaveCommand) async throws -> SaveOutcome {
        do {
            return try await store.write { [self] transaction in
                try Saving(engine: self, command: command, transaction: transaction).outcome()
            }
        } catch let refusal as Refusal {
            return refusal.outcome
        }
    }

    /// As `save`, with what an answer shows of the record that was saved, read in the same transaction; nil where nothing was.
    package func saveAndRead(_ command: SaveCommand) async throws -> (outcome: SaveOutcome, view: RecordsView?) {
        do {
            return try await store.write { [self] transaction in
                let saving = try Saving(engine: self, command: command, transaction: transaction)
                let outcome = try saving.outcome()
                return (outcome, try outcome.record.map { try saving.context.rows.row($0) }.flatMap { $0 }.map { try saving.context.view([$0]) })
            }
        } catch let refusal as Refusal {
            return (refusal.outcome, nil)
        }
    }

    /// The same for many, in one transaction, each in a savepoint of its own: one that is refused leaves the others standing.
    package func save(_ commands: [SaveCommand]) async throws -> [SaveOutcome] {
        try await store.write { [self] transaction in
            try commands.map { try outcome(of: $0, in: transaction) }
        }
    }

    /// One command inside a transaction that goes on.
    func outcome(of command: SaveCommand, in transaction: any WriteTransaction) throws -> SaveOutcome {
        do {
            return try transaction.savepoint { try Saving(engine: self, command: command, transaction: transaction).outcome() }
        } catch let refusal as Refusal {
            return refusal.outcome
        }
    }
}

/// Thrown out of the transaction so that whatever a refused command had written, such as a number it had drawn, is undone.
struct Refusal: Error {
    let outcome: SaveOutcome

    init(_ outcome: SaveOutcome) {
        self.outcome = outcome
    }
}

extension SaveOutcome {
    /// The record that stands as the command wanted it; nil if the command was not done or the record is gone with it.
    fileprivate var record: RecordID? {
        switch self {
        case .saved(let row, _), .unchanged(let row): row.id
        case .repeated(let id, _): id
        case .requestKeyReused, .refused, .held, .conflict, .missing, .denied: nil
        }
    }
}
