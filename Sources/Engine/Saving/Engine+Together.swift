package import Formula
import Storage

extension Engine {
    /// Many commands as one save, in their order: all of them, or none.
    ///
    /// - Returns: What became of each up to the last that was tried. If that one was not done, none was.
    /// - Throws: `StoreError`; then nothing is written.
    package func saveTogether(_ commands: [SaveCommand]) async throws -> [SaveOutcome] {
        do {
            return try await store.write { [self] transaction in
                var outcomes: [SaveOutcome] = []
                for command in commands {
                    let outcome: SaveOutcome
                    do {
                        outcome = try Saving(engine: self, command: command, transaction: transaction).outcome()
                    } catch let refusal as Refusal {
                        throw Undone(outcomes: outcomes + [refusal.outcome])
                    }
                    outcomes.append(outcome)
                    if case .requestKeyReused = outcome { throw Undone(outcomes: outcomes) }
                }
                return outcomes
            }
        } catch let undone as Undone {
            return undone.outcomes
        }
    }

    /// What would become of each of these commands, given one by one. Nothing is written.
    ///
    /// Holds up other writers as long as it takes: give it a few hundred at a time.
    package func trial(_ commands: [SaveCommand]) async throws -> [SaveOutcome] {
        do {
            return try await store.write { [self] transaction in
                let outcomes = try commands.map { try outcome(of: $0, in: transaction) }
                throw Undone(outcomes: outcomes)
            }
        } catch let undone as Undone {
            return undone.outcomes
        }
    }

    /// The ids of every record that the condition meets, by id.
    ///
    /// - Parameter most: More than so many are not given.
    /// - Throws: `StoreError.notLowerable` if the condition cannot be put to the database.
    package func ids(_ request: ListRequest, most: Int, as principal: Principal) async throws -> [RecordID] {
        try await store.read { [self] transaction in
            let context = try RecordContext(engine: self, principal: principal, transaction: transaction)
            var query = RecordQuery(
                object: request.object,
                condition: request.condition.map { BoundCondition(expression: $0, moment: context.moment, me: principal.user) },
                search: request.search, limit: Self.mostRows)
            var ids: [RecordID] = []
            while ids.count < most {
                let page = try transaction.page(query)
                ids += page.rows.map(\.id)
                guard let next = page.next else { break }
                query.after = next
            }
            return Array(ids.prefix(most))
        }
    }
}

/// Thrown out of a transaction so that nothing of it stays.
private struct Undone: Error {
    let outcomes: [SaveOutcome]
}

extension SaveOutcome {
    /// Whether the move follows once people have agreed to it.
    package var isSentForApproval: Bool {
        if case .held(let verdict) = self { verdict.approval != nil } else { false }
    }

    /// Whether the record stands as the command wanted it.
    package var isDone: Bool {
        switch self {
        case .saved, .unchanged, .repeated: true
        case .requestKeyReused, .refused, .held, .conflict, .missing, .denied: false
        }
    }
}
