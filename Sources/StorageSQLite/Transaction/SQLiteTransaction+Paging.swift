import Formula
import Model
import Program
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
            let condition = Piece.joined(conditions + (phase.map { [$0] } ?? []), by: " AND ")
            let select =
                "SELECT \(table.selection) FROM \(table.table) WHERE " + condition + " ORDER BY " + keys.orderBy
                + Piece(" LIMIT ?", [.integer(Int64(limit + 1 - rows.count))])
            let statement = try connection.statement(select.text)
            statement.bind(select.arguments)
            rows += try records(of: statement, in: table)
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

    private func count(_ object: ObjectID, _ conditions: [Piece]) throws -> Int {
        let select = "SELECT COUNT(*) FROM \(table(object).table) WHERE " + Piece.joined(conditions, by: " AND ")
        let statement = try connection.statement(select.text)
        defer { statement.reset() }
        statement.bind(select.arguments)
        return try statement.step() ? Int(statement.int64(0)) : 0
    }

    private func conditions(of object: ObjectID, _ condition: BoundCondition?, search: String?) throws -> [Piece] {
        var conditions = [Piece("deleted_at IS NULL")]
        if let condition { conditions.append(try lowered(condition, on: object)) }
        if let search, !search.isEmpty { conditions.append(found(search, in: object)) }
        return conditions
    }

    /// - Throws: `.notLowerable` if the condition cannot be put to the database.
    private func lowered(_ condition: BoundCondition, on object: ObjectID) throws -> Piece {
        throw StoreError.notLowerable(Words(zh: "条件还不能交给数据库", en: "conditions cannot be put to the database yet"))
    }

    private func found(_ text: String, in object: ObjectID) -> Piece {
        let columns = layout.app.model[object].fields.compactMap { field -> String? in
            guard let column = layout[field.id], column.coding == .text else { return nil }
            return column.column
        }
        // An object without any text has nothing to be found.
        guard !columns.isEmpty else { return Piece("0") }
        return Piece("weir_find(?, \(columns.joined(separator: ", ")))", [.text(CaseBlindSearch.folded(text))])
    }
}
