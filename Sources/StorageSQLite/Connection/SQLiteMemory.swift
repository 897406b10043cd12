import CSQLite
package import SQLText
package import Storage

/// An SQLite database in memory that knows our functions and holds nothing: what evaluates formulas on SQLite without an app.
package final class SQLiteMemory {
    private let connection: Connection

    /// - Throws: What SQLite says.
    package init() throws(StoreError) {
        var handle: OpaquePointer?
        let code = sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let handle else { throw StoreError.other("SQLite gives no database in memory") }
        connection = Connection(handle: handle)
        try SQLFunctions.register(on: handle)
    }

    deinit {
        connection.forgetStatements()
        sqlite3_close_v2(connection.handle)
    }

    /// The rows of a statement.
    package func rows(_ rendered: RenderedSQL) throws(StoreError) -> [[SQLArgument]] {
        let statement = try connection.statement(rendered.text)
        defer { statement.reset() }
        statement.bind(rendered.arguments)
        var rows: [[SQLArgument]] = []
        while try statement.step() {
            rows.append((0..<sqlite3_column_count(statement.raw)).map { column in
                switch sqlite3_column_type(statement.raw, column) {
                case SQLITE_INTEGER: .integer(statement.int64(column))
                case SQLITE_FLOAT: .real(sqlite3_column_double(statement.raw, column))
                case SQLITE_TEXT: .text(statement.text(column))
                default: .null
                }
            })
        }
        return rows
    }
}
