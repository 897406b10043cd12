import Formula
import Model
import Program
import SQLText
import SourceText
import Storage

extension SQLiteTransaction {
    func page(_ query: RecordQuery) throws -> RecordPage {
        let table = table(query.object)
        let limit = min(max(query.limit, 1), Self.maximumLimit)
        let keys = try SortKeys(query.sort, on: self)
        let conditions = try conditions(of: query.object, query.condition, search: query.search)
        var rows: [Row] = []
        for phase in try query.after.map({ try keys.phases(after: $0).map { Optional($0) } }) ?? [nil] {
            let condition = SQLFragment.joined(conditions + (phase.map { [$0] } ?? []), by: " AND ")
            let select: SQLFragment =
                """
                SELECT \(table.fields) FROM \(table.name) WHERE \(condition) ORDER BY \(keys.orderBy) \
                LIMIT \(bound: .integer(Int64(limit + 1 - rows.count)))
                """
            rows += try records(of: try statement(select), in: table)
            if rows.count > limit { break }
        }
        var next: RecordQuery.Cursor?
        if rows.count > limit {
            rows.removeLast()
            if let last = rows.last {
                next = RecordQuery.Cursor(keys: keys.keys.map { last[$0.field] }, number: last.id.number)
            }
        }
        return RecordPage(rows: rows, next: next, total: query.wantsTotal ? try count(query.object, conditions) : nil)
    }

    /// A page never holds more, whoever asks.
    private static let maximumLimit = 200

    func count(_ object: ObjectID, where condition: BoundCondition?) throws -> Int {
        try count(object, conditions(of: object, condition, search: nil))
    }

    private func count(_ object: ObjectID, _ conditions: [SQLFragment]) throws -> Int {
        // Without a condition of the reader's only `deleted_at IS NULL` stands there.
        let countsAll = conditions.count == 1
        if countsAll, let known = memory?.standing(in: table(object)) { return known }
        let count = try counted(object, conditions)
        if countsAll { memory?.keep(count, standingIn: table(object)) }
        return count
    }

    private func counted(_ object: ObjectID, _ conditions: [SQLFragment]) throws -> Int {
        let statement = try statement("SELECT COUNT(*) FROM \(table(object).name) WHERE \(SQLFragment.joined(conditions, by: " AND "))")
        defer { statement.reset() }
        return try statement.step() ? Int(statement.int64(0)) : 0
    }

    /// Ready to be stepped through.
    func statement(_ fragment: SQLFragment) throws -> Statement {
        let rendered = fragment.rendered(for: .sqlite)
        let statement: Statement
        do {
            statement = try connection.statement(rendered.text)
        } catch .other(let message) where message.hasSuffix("parser stack overflow") {
            throw StoreError.notLowerable(NotLowerable.tooLong)
        }
        statement.bind(rendered.arguments)
        return statement
    }

    func conditions(of object: ObjectID, _ condition: BoundCondition?, search: String?) throws -> [SQLFragment] {
        var conditions: [SQLFragment] = ["deleted_at IS NULL"]
        if let condition { conditions.append(try lowered(condition, on: object)) }
        if let search, !search.isEmpty { conditions.append(found(search, in: object)) }
        return conditions
    }

    /// - Throws: `.notLowerable` if the condition cannot be put to the database.
    func lowered(_ condition: BoundCondition, on object: ObjectID) throws -> SQLFragment {
        let lowering = FormulaLowering(
            schema: layout.sqlSchema, object: object, moment: condition.moment, me: condition.me, users: layout.userObject)
        do {
            return try lowering.condition(condition.expression)
        } catch {
            throw StoreError.notLowerable(error.reason)
        }
    }

    private func found(_ text: String, in object: ObjectID) -> SQLFragment {
        let columns = layout.app.model[object].fields.compactMap { field -> SQLFragment? in
            guard let column = layout[field.id], column.coding == .text else { return nil }
            return SQLFragment(column.name)
        }
        // An object without any text has nothing to be found.
        guard !columns.isEmpty else { return "0" }
        let texts: SQLFragment = "weir_find(\(bound: .text(CaseBlindSearch.folded(text))), \(SQLFragment.joined(columns, by: ", ")))"
        guard let heard = heard(text, in: object) else { return texts }
        return "(\(texts) OR \(heard))"
    }
}
