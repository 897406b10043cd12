package import Formula
import Model
import Program
import SourceText
package import Storage

extension Engine {
    /// The record with its links' titles; nil if there is none.
    package func record(_ id: RecordID, as principal: Principal) async throws -> RecordsView? {
        try await store.readBriefly { [self] transaction in
            let context = try RecordContext(engine: self, principal: principal, transaction: transaction)
            guard let row = try context.rows.row(id) else { return nil }
            return try context.view([row])
        }
    }

    /// A page of records.
    ///
    /// - Throws: `StoreError.notLowerable` if the condition or a sort key cannot be put to the database.
    package func list(_ request: ListRequest, as principal: Principal) async throws -> RecordsView {
        // A page in the order of the ids is found by key; a condition or a sort may look at every record.
        let isBrief = request.condition == nil && request.search == nil && request.sort.isEmpty && request.limit <= Self.briefRows
        let page: @Sendable (any ReadTransaction) throws -> RecordsView = { [self] transaction in
            let context = try RecordContext(engine: self, principal: principal, transaction: transaction)
            let page = try transaction.page(RecordQuery(
                object: request.object,
                condition: request.condition.map { BoundCondition(expression: $0, moment: context.moment, me: principal.user) },
                search: request.search, sort: request.sort, after: request.after, limit: min(max(request.limit, 1), Self.mostRows),
                wantsTotal: request.wantsTotal))
            return try context.view(page.rows, next: page.next, total: page.total)
        }
        return isBrief ? try await store.readBriefly(page) : try await store.read(page)
    }

    /// So many rows are read and shown in less than a millisecond.
    private static let briefRows = 50

    /// Rows of one page. Enough for a long screen; a program that wants more asks for the next page.
    package static let mostRows = 200

    /// The records of a child set of `parent`, newest first.
    package func children(of parent: RecordID, via link: FieldID, limit: Int, as principal: Principal) async throws -> RecordsView {
        try await store.read { [self] transaction in
            let context = try RecordContext(engine: self, principal: principal, transaction: transaction)
            let rows = try context.rows.rows(linking: link, to: parent)
            return try context.view(rows.suffix(max(0, limit)).reversed(), total: rows.count)
        }
    }

    /// A formula that is a condition on the object's records, as `where=` and queries give it.
    package func condition(_ text: String, on object: ObjectID) -> TypedCondition {
        var sources = SourceSet()
        let file = sources.add(path: "where", text: text)
        let formula = EmbeddedText(
            text: text, span: Span(file: file.id, start: 0, end: Int32(text.utf8.count)), segments: [.init(textOffset: 0, fileOffset: 0)])
        var report = Diagnostics()
        let checked = FormulaChecker(schema: app.model.schema)
            .check(formula, in: FormulaScope(this: object, allowsMe: true), expecting: .bool, report: &report)
        guard let checked, !report.hasErrors else { return .wrong(sources, report) }
        return .ready(checked)
    }

    /// How records are called, for those that exist.
    package func titles(of ids: Set<RecordID>) async throws -> [RecordID: String] {
        guard !ids.isEmpty else { return [:] }
        return try await store.read { [self] transaction in
            let context = try RecordContext(engine: self, principal: .system, transaction: transaction)
            var titles: [RecordID: String] = [:]
            try context.addTitles(of: ids, to: &titles)
            return titles
        }
    }

    /// Whether the record may enter the stage, condition by condition; nil if there is no such record or stage. Writes nothing.
    package func gate(of id: RecordID, to stage: String, as principal: Principal) async throws -> GateVerdict? {
        let plan = plans[id.object.index]
        guard let field = plan.stage, plan.stages?.stage(stage) != nil else { return nil }
        guard plan.compiled.lookingBack.gates.contains(stage) else {
            return try await store.read { [self] transaction in
                let context = try RecordContext(engine: self, principal: principal, transaction: transaction)
                guard let row = try context.rows.row(id) else { return nil }
                var proposal = Proposal(plan, old: row, new: row)
                proposal.new[field] = .option(stage)
                try context.compute(&proposal)
                return try context.verdict(on: proposal, entering: stage, as: proposal.new)
            }
        }
        // What the move changes elsewhere is known only once it was made: it is made and undone.
        do {
            return try await store.write { [self] transaction in
                let saving = try Saving(engine: self, command: SaveCommand(.move(id, to: stage), by: principal), transaction: transaction)
                guard let row = try saving.rows.row(id) else { return nil }
                try saving.tryGate(of: row, entering: stage, at: field)
            }
        } catch let refusal as Refusal {
            switch refusal.outcome {
            case .held(let verdict): return verdict
            // What follows from the move goes too far, whatever the conditions say.
            case .refused(let violations): return GateVerdict(to: stage, items: [], moveRefusal: violations.first?.words)
            case .saved, .unchanged, .repeated, .requestKeyReused, .conflict, .missing, .denied: return nil
            }
        }
    }

    package func history(of id: RecordID, limit: Int, before sequence: Int64?) async throws -> [HistoryEntry] {
        try await store.read { try $0.history(of: id, limit: limit, before: sequence) }
    }

    package func visits(of id: RecordID) async throws -> [StageVisit] {
        try await store.read { try $0.visits(of: id) }
    }
}

extension RecordContext {
    /// Rows with their volatile fields, and the titles of all they mention.
    func view(_ rows: [Row], next: RecordQuery.Cursor? = nil, total: Int? = nil) throws -> RecordsView {
        let filled = try rows.map(live.live)
        var titles: [RecordID: String] = [:]
        var mentioned: Set<RecordID> = []
        for row in filled {
            titles[row.id] = try live.title(of: row)
            for value in row.values {
                switch value {
                case .link(let record): mentioned.insert(record)
                case .links(let records): mentioned.formUnion(records)
                case .list(let values):
                    for case .link(let record) in values { mentioned.insert(record) }
                case .blank, .bool, .number, .text, .date, .instant, .duration, .option, .options, .location, .failure: continue
                }
            }
        }
        mentioned.subtract(titles.keys)
        try addTitles(of: mentioned, to: &titles)
        return RecordsView(rows: filled, titles: titles, next: next, total: total)
    }

    func addTitles(of ids: Set<RecordID>, to titles: inout [RecordID: String]) throws {
        for id in ids {
            guard let row = try live.row(id) else { continue }
            titles[id] = try live.title(of: row)
        }
    }
}
