package import Formula
package import JSON
import Storage

extension Engine {
    /// Does what the command says, or says why not. The order is the one list of `spec/saving.md`.
    ///
    /// - Throws: `StoreError`; then nothing is written.
    package func save(_ command: SaveCommand) async throws -> SaveOutcome {
        let outcome: SaveOutcome
        do {
            outcome = try await store.write { [self] transaction in
                try Saving(engine: self, command: command, transaction: transaction).outcome()
            }
        } catch let refusal as Refusal {
            outcome = refusal.outcome
        }
        tally.count(outcome)
        return outcome
    }

    /// As `save`, with what an answer shows of the record that was saved, read in the same transaction; nil where nothing was.
    package func saveAndRead(_ command: SaveCommand) async throws -> (outcome: SaveOutcome, view: RecordsView?) {
        // Nothing is looked up, so there is always an answer.
        try await saveAndRead(command, links: []) ?? (.missing, nil)
    }

    /// What is done with the fields of a JSON body.
    package enum JSONAction: Sendable {
        case create(ObjectID)
        case edit(RecordID)

        var object: ObjectID {
            switch self {
            case .create(let object): object
            case .edit(let id): id.object
            }
        }

        func action(_ inputs: [FieldInput]) -> SaveCommand.Action {
            switch self {
            case .create(let object): .create(object, inputs)
            case .edit(let id): .edit(id, inputs)
            }
        }
    }

    /// Reads the `fields` of a JSON body and saves them: in one transaction where every link is given by its id, else looked up before.
    package func saveAndRead(
        _ action: JSONAction, json fields: [JSONValue.Member], by principal: Principal, expecting expectation: SaveCommand.Expectation = .any,
        request: SaveCommand.Request? = nil
    ) async throws -> (outcome: SaveOutcome, view: RecordsView?) {
        func command(_ read: ReadInputs) -> SaveCommand {
            var command = SaveCommand(action.action(read.inputs), by: principal, expecting: expectation, request: request)
            command.strays = read.strays
            return command
        }
        if let quick = quickInputs(json: fields, for: action.object),
            let saved = try await saveAndRead(command(quick.read), links: quick.links)
        {
            return saved
        }
        return try await saveAndRead(command(try await inputs(json: fields, for: action.object)))
    }

    /// Nil, having written nothing, if one of `links` does not stand: what was taken for an id may then be a title.
    private func saveAndRead(_ command: SaveCommand, links: [RecordID]) async throws -> (outcome: SaveOutcome, view: RecordsView?)? {
        let saved: (outcome: SaveOutcome, view: RecordsView?)?
        do {
            saved = try await store.write { [self] transaction in
                let saving = try Saving(engine: self, command: command, transaction: transaction)
                guard try links.allSatisfy({ try saving.context.rows.row($0) != nil }) else { return nil }
                return try saving.outcomeAndView()
            }
        } catch let refusal as Refusal {
            saved = (refusal.outcome, nil)
        }
        if let saved { tally.count(saved.outcome) }
        return saved
    }

    /// The same for many, in one transaction, each in a savepoint of its own: one that is refused leaves the others standing.
    package func save(_ commands: [SaveCommand]) async throws -> [SaveOutcome] {
        let outcomes = try await store.write { [self] transaction in
            try commands.map { try outcome(of: $0, in: transaction) }
        }
        for outcome in outcomes { tally.count(outcome) }
        return outcomes
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

extension Saving {
    /// What becomes of the command, and what an answer shows of its record.
    func outcomeAndView() throws -> (outcome: SaveOutcome, view: RecordsView?) {
        let outcome = try outcome()
        return (outcome, try outcome.record.map { try context.rows.row($0) }.flatMap { $0 }.map { try context.view([$0]) })
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
