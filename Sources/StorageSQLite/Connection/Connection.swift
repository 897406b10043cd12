import CSQLite
import Formula
import GRDB
import Storage
import Synchronization

/// One SQLite connection with its prepared statements.
///
/// `@unchecked Sendable`: GRDB runs everything on a connection in the connection's own serial queue, and only there is it used.
final class Connection: @unchecked Sendable {
    let handle: OpaquePointer
    private var statements: [StatementKey: Statement] = [:]
    /// Whose tables and positions the statements were prepared for.
    private var version: LayoutVersion?
    /// How many statements a connection keeps; filters that people type would otherwise fill memory for ever.
    private static let maximumStatements = 512

    init(handle: OpaquePointer) {
        self.handle = handle
    }

    /// The statement of this key, prepared the first time.
    func statement(_ key: StatementKey, _ sql: () -> String) throws(StoreError) -> Statement {
        if let known = statements[key] { return known }
        let statement = try Statement(sql(), on: handle)
        if statements.count >= Self.maximumStatements { statements.removeAll(keepingCapacity: true) }
        statements[key] = statement
        return statement
    }

    /// A statement that is written out where it stands; found by where its text lies, without reading it.
    func fixed(_ sql: StaticString) throws(StoreError) -> Statement {
        try statement(.fixed(UInt(bitPattern: sql.utf8Start))) { sql.description }
    }

    /// As `fixed`, for a text that is put together from fixed parts: found by where its name lies. Every name stands for one text.
    func named(_ name: StaticString, _ sql: () -> String) throws(StoreError) -> Statement {
        try statement(.fixed(UInt(bitPattern: name.utf8Start)), sql)
    }

    func statement(_ sql: String) throws(StoreError) -> Statement {
        try statement(.text(sql)) { sql }
    }

    /// Runs a statement that is needed once and gives no rows.
    func execute(_ sql: String) throws(StoreError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw StoreError(sqlite: code, on: handle) }
    }

    /// Runs `work` in a transaction of its own; nothing of it stays if it throws.
    func transaction(_ work: () throws -> Void) throws {
        try execute("BEGIN IMMEDIATE")
        do {
            try work()
            try execute("COMMIT")
        } catch {
            forgetStatements()
            if isInTransaction { try? execute("ROLLBACK") }
            throw error
        }
    }

    /// Before anything is done for a version of the app: statements of another one are dropped.
    ///
    /// - Returns: Whether there was another one.
    @discardableResult
    func adopt(_ layout: Layout) -> Bool {
        guard version !== layout.version else { return false }
        defer { version = layout.version }
        guard version != nil else { return false }
        forgetStatements()
        return true
    }

    /// Drops the statements, which were prepared for other tables.
    func forgetStatements() {
        statements.removeAll()
    }

    /// The number of the row that was inserted last.
    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Whether a transaction is open. SQLite ends one by itself when the disk is full or fails.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }
}

/// Which statement of a connection; cheaper to find than its text.
enum StatementKey: Hashable {
    /// The address of its text.
    case fixed(UInt)
    case text(String)
    case row(ObjectID)
    case insert(ObjectID)
    /// The columns as bits, by `FieldID.index`.
    case update(ObjectID, [UInt64])
    case linking(FieldID, ObjectID)
    case holder(FieldID)
    case addValue(FieldID)
    case dropValues(FieldID)
    case computed(FieldID)
    case tally(FieldID)
}

/// The connections of a store, by GRDB's object for each.
final class Connections: Sendable {
    private let known = Mutex<[ObjectIdentifier: Connection]>([:])

    func add(_ database: Database) throws -> Connection {
        guard let handle = database.sqliteConnection else { throw StoreError.other("the connection is closed") }
        let connection = Connection(handle: handle)
        known.withLock { $0[ObjectIdentifier(database)] = connection }
        return connection
    }

    subscript(database: Database) -> Connection {
        guard let connection = known.withLock({ $0[ObjectIdentifier(database)] }) else {
            preconditionFailure("every connection is registered when it is opened")
        }
        return connection
    }

    /// Finalises every statement, without which SQLite does not let go of a connection. Nothing may be running.
    func removeAll() {
        known.withLock { connections in
            for connection in connections.values { connection.forgetStatements() }
            connections.removeAll()
        }
    }
}
