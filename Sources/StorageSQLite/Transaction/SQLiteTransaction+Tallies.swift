import CSQLite
import Formula
import Model
import SQLText
import Storage

extension SQLiteTransaction {
    func computedTally(of field: FieldID, record: RecordID) throws -> Tally? {
        guard let select = layout.computedStatements.tally(field, in: layout) else { return nil }
        let statement = try connection.statement(.tally(field)) { select.text }
        defer { statement.reset() }
        statement.bind(select.arguments)
        statement.bind(record.number, at: Int32(select.arguments.count))
        guard try statement.step(), statement.int64(2) == 0 else { return nil }
        let total: ExactDecimal? =
            if statement.isNull(0) { .zero } else {
                SQLiteFunctions.decimal(sqlite3_column_type(statement.raw, 0) == SQLITE_INTEGER ? .integer(statement.int64(0)) : .text(statement.text(0)))
            }
        return total.map { Tally(total: $0, count: Int(statement.int64(1))) }
    }

    func tally(of field: FieldID, record: RecordID) throws -> Tally? {
        let statement = try connection.fixed("SELECT total, count FROM weir_tally WHERE record = ? AND field = ?")
        defer { statement.reset() }
        statement.bind(SearchIndex.id(record, in: layout), at: 1)
        statement.bind(try column(field).number, at: 2)
        guard try statement.step(), let total = SQLiteFunctions.decimal(.text(statement.text(0))) else { return nil }
        return Tally(total: total, count: Int(statement.int64(1)))
    }

    func keep(_ tally: Tally?, of field: FieldID, record: RecordID) throws {
        let statement =
            tally == nil
            ? try connection.fixed("DELETE FROM weir_tally WHERE record = ? AND field = ?")
            : try connection.fixed(
                """
                INSERT INTO weir_tally VALUES (?, ?, ?, ?) ON CONFLICT (record, field) DO UPDATE SET total = excluded.total, count = excluded.count
                """)
        statement.bind(SearchIndex.id(record, in: layout), at: 1)
        statement.bind(try column(field).number, at: 2)
        if let tally {
            statement.bind(tally.total.description, at: 3)
            statement.bind(Int64(tally.count), at: 4)
        }
        try statement.run()
    }

    func forgetTallies(of record: RecordID) throws {
        let statement = try connection.fixed("DELETE FROM weir_tally WHERE record = ?")
        statement.bind(SearchIndex.id(record, in: layout), at: 1)
        try statement.run()
    }
}
