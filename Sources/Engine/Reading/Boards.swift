package import Formula
package import Model
import Program
package import Storage

/// What a board asks for: a column for each option of a choice or stage field.
package struct BoardRequest: Sendable {
    package struct Column: Sendable {
        /// Nil for the records in which the field is blank.
        package let key: String?
        /// What of the board's records stands in it.
        package let own: CheckedExpression
        /// Of the board's filter and of this column together.
        package let condition: CheckedExpression
        /// Of its own, the ones that are late; nil where nothing says so.
        package let late: CheckedExpression?
        package let limit: Int

        package init(key: String?, own: CheckedExpression, condition: CheckedExpression, late: CheckedExpression? = nil, limit: Int) {
            self.key = key
            self.own = own
            self.condition = condition
            self.late = late
            self.limit = limit
        }
    }

    package var field: FieldID
    /// The board's filter; nil for everything.
    package var condition: CheckedExpression?
    package var columns: [Column]
    package var search: String?
    package var sort: [RecordQuery.Sort]
    /// Stored number fields, each of which is summed for every column.
    package var sums: [FieldID]

    package init(
        field: FieldID, condition: CheckedExpression?, columns: [Column], search: String?, sort: [RecordQuery.Sort], sums: [FieldID]
    ) {
        self.field = field
        self.condition = condition
        self.columns = columns
        self.search = search
        self.sort = sort
        self.sums = sums
    }
}

/// What a look ahead at a move found.
package enum MoveLook: Sendable {
    case verdict(GateVerdict)
    case other(SaveOutcome)
}

/// A board as it stands.
package struct BoardView: Sendable {
    package struct Card: Sendable {
        package let row: Row
        /// Since when the record has been in its stage; nil where the field is no stage.
        package let entered: Instant?
        /// The gate of the next stage; nil where there is none, or nothing is asked.
        package let gate: GateVerdict?
    }

    package struct Column: Sendable {
        package let key: String?
        package let totals: RecordTotals
        package let late: Int
        package let cards: [Card]
    }

    package let columns: [Column]
    /// Titles of the cards and of every record they link to.
    package let titles: [RecordID: String]
}

extension Engine {
    /// Every column of the board on one state of the database.
    ///
    /// - Throws: `StoreError.notLowerable` if a condition or a sort key cannot be put to the database.
    package func board(_ request: BoardRequest, as principal: Principal) async throws -> BoardView {
        try await store.read { [self] transaction in
            let context = try RecordContext(engine: self, principal: principal, transaction: transaction)
            let plan = plans[request.field.object.index]
            var titles: [RecordID: String] = [:]
            var columns: [BoardView.Column] = []
            func bound(_ expression: CheckedExpression) -> BoundCondition {
                BoundCondition(expression: expression, moment: context.moment, me: principal.user)
            }
            // Every figure of the board in one reading of its records.
            let lateParts = request.columns.map { $0.late.map(bound) }
            var figures = try transaction.totals(
                of: request.field.object, where: request.condition.map(bound), search: request.search,
                parts: request.columns.map { bound($0.own) } + lateParts.compactMap { $0 }, summing: request.sums)[...]
            let totalsOfColumns = figures.prefix(request.columns.count)
            figures = figures.dropFirst(request.columns.count)
            for (column, totals) in zip(request.columns, totalsOfColumns) {
                let condition = bound(column.condition)
                let late = column.late == nil ? 0 : figures.popFirst()?.count ?? 0
                var cards: [BoardView.Card] = []
                if totals.count > 0, column.limit > 0 {
                    let page = try transaction.page(RecordQuery(
                        object: request.field.object, condition: condition, search: request.search, sort: request.sort,
                        limit: min(column.limit, Self.mostRows)))
                    let view = try context.view(page.rows)
                    titles.merge(view.titles) { known, _ in known }
                    let next = plan.stage == request.field ? column.key.flatMap { plan.stages?.next(after: $0)?.key } : nil
                    cards = try zip(page.rows, view.rows).map { stored, live in
                        BoardView.Card(
                            row: live,
                            entered: plan.stage == request.field ? try transaction.visits(of: stored.id).last?.entered : nil,
                            gate: try next.flatMap { try gate(of: stored, plan, entering: $0, in: context) })
                    }
                }
                columns.append(BoardView.Column(key: column.key, totals: totals, late: late, cards: cards))
            }
            return BoardView(columns: columns, titles: titles)
        }
    }

    /// What stands between a record and another column of its board, asked without writing anything.
    ///
    /// Beside the gate, everything that would refuse the save is listed, each with the ways to mend it.
    ///
    /// - Returns: The verdict; `.conflict`, `.missing` and the like as the outcome that the move would have.
    package func look(_ id: RecordID, into key: String, of field: FieldID, as principal: Principal) async throws -> MoveLook {
        let plan = plans[id.object.index]
        let isStage = plan.stage == field
        let action: SaveCommand.Action = isStage ? .move(id, to: key) : .edit(id, [FieldInput(field, .option(key))])
        let gate = isStage ? try await self.gate(of: id, to: key, as: principal) : nil
        guard let outcome = try await trial([SaveCommand(action, by: principal)]).first else { return .other(.missing) }
        switch outcome {
        case .saved, .unchanged, .repeated:
            return .verdict(GateVerdict(to: key, items: gate?.items ?? [], moveRefusal: nil))
        case .held(let verdict): return .verdict(verdict)
        case .refused(let violations):
            if let refusal = gate?.moveRefusal { return .verdict(GateVerdict(to: key, items: gate?.items ?? [], moveRefusal: refusal)) }
            let items = violations.enumerated().map { index, violation in
                GateVerdict.Item(
                    name: violation.rule ?? violation.field.map { app.model[$0].name } ?? "violation\(index)", isMet: false, say: violation.words,
                    ways: GateWays.ways(toMend: violation, of: plan.compiled, in: app.model))
            }
            return .verdict(GateVerdict(to: key, items: (gate?.items ?? []) + items, moveRefusal: nil))
        case .requestKeyReused, .conflict, .missing, .denied: return .other(outcome)
        }
    }

    private func gate(of row: Row, _ plan: ObjectPlan, entering stage: String, in context: RecordContext) throws -> GateVerdict? {
        // What a move changes elsewhere is known only once it is made: such gates are asked one by one.
        guard let field = plan.stage, !plan.compiled.lookingBack.gates.contains(stage) else { return nil }
        var proposal = Proposal(plan, old: row, new: row)
        proposal.new[field] = .option(stage)
        try context.compute(&proposal)
        let verdict = try context.verdict(on: proposal, entering: stage, as: proposal.new)
        // The look ahead is over: the next card is read as it stands.
        context.rows.withdraw(row.id)
        return verdict.items.isEmpty ? nil : verdict
    }
}

extension CheckedStages {
    /// The stage that follows on the path; nil behind an end and at the last.
    package func next(after key: String) -> CheckedStage? {
        guard let index = stages.firstIndex(where: { $0.key == key }), stages[index].end == nil, index + 1 < stages.count else { return nil }
        return stages[index + 1]
    }
}
