import CShims
import CSQLite
package import Formula
import GRDB
import Model
package import Program
package import SchemaPlan
import SourceText
package import Storage

/// An app's records in one SQLite database.
///
/// What comes in: works of the engine. What goes out: their results, once they are durable. Always true: a committed work survives the
/// death of the process and of the machine (`synchronous=FULL`); readers see whole commits only and never wait for the writer.
package final class SQLiteStore: Store {
    package let app: CompiledApp
    package let files: any FileArea
    package var changes: ChangeFeed { database.changes }
    package let version: Int64?
    /// What opening changed in the database; empty if it was current.
    package let appliedPlan: SchemaPlan

    /// What all versions of the app that run on the folder share.
    let database: OpenDatabase
    let layout: Layout
    private var area: FolderFileArea { database.area }

    /// For whom a data folder is opened.
    package enum Access: Sendable, Hashable {
        /// Holds the folder against other processes and brings the tables up to date.
        case exclusive
        /// Beside a server; changes nothing.
        case reading
    }

    /// Opens the data folder, and makes it if it is not there and `access` is exclusive.
    ///
    /// - Parameter progress: Told while values of new formulas are computed for records that stand already.
    /// - Throws: `StoreError`: `.locked` if another process holds the folder; `.incompatible` if it belongs to another app or was written
    ///   by a newer Weir, or if the plan from its tables to the app's is refused, with the words for that.
    package static func open(
        folder path: String, app: CompiledApp, world: World, access: Access = .exclusive, progress: SchemaProgress? = nil
    ) throws -> SQLiteStore {
        let folder = DataFolder(path: path)
        var lock: FolderLock?
        switch access {
        case .exclusive:
            try folder.create()
            lock = try FolderLock(folder)
        case .reading:
            guard folder.hasDatabase else {
                throw StoreError.incompatible(Words(zh: "还没有数据：\(path)", en: "there is no data yet in \(path)"))
            }
        }
        let area = FolderFileArea(folder: folder, commitPoints: world.commitPoints)
        if access == .exclusive { try area.sweepIncoming() }
        let connections = Connections()
        do {
            let pool = try DatabasePool(
                path: folder.database, configuration: configuration(connections: connections, readOnly: access == .reading))
            do {
                return try SQLiteStore(
                    OpenDatabase(
                        writer: pool, connections: connections, area: area, lock: lock, isReadOnly: access == .reading,
                        commitPoints: world.commitPoints),
                    app: app, world: world, progress: progress)
            } catch {
                // Nothing stays open that could lock others out.
                connections.removeAll()
                try? pool.close()
                throw error
            }
        } catch {
            throw StoreError.mapped(error)
        }
    }

    /// A store that forgets everything at its end. Its files lie in a folder of their own under `scratch`, which is removed on close.
    package static func inMemory(app: CompiledApp, world: World, scratch: String = "/tmp") throws -> SQLiteStore {
        let token = world.entropy.bytes(8).map { String($0, radix: 36) }.joined()
        let folder = try DataFolder.temporary(under: scratch, token: token)
        let connections = Connections()
        do {
            let queue = try DatabaseQueue(configuration: configuration(connections: connections, readOnly: false))
            return try SQLiteStore(
                OpenDatabase(
                    writer: queue, connections: connections, area: FolderFileArea(folder: folder, commitPoints: world.commitPoints), lock: nil,
                    isReadOnly: false, commitPoints: world.commitPoints, removesFolder: true),
                app: app, world: world, progress: nil)
        } catch {
            throw StoreError.mapped(error)
        }
    }

    /// What opening the folder for this app would change. Changes nothing itself.
    package static func plan(folder path: String, app: CompiledApp) throws -> SchemaPlan {
        let folder = DataFolder(path: path)
        guard folder.hasDatabase else { return DesiredSchema(app).difference(from: ExistingSchema()) }
        let connections = Connections()
        do {
            let pool = try DatabasePool(path: folder.database, configuration: configuration(connections: connections, readOnly: true))
            defer {
                connections.removeAll()
                try? pool.close()
            }
            return try pool.read { database in
                let catalogue = Catalogue(connection: connections[database])
                guard try catalogue.exists() else { return DesiredSchema(app).difference(from: ExistingSchema()) }
                return DesiredSchema(app).difference(from: try catalogue.load())
            }
        } catch {
            throw StoreError.mapped(error)
        }
    }

    private convenience init(_ database: OpenDatabase, app: CompiledApp, world: World, progress: SchemaProgress?) throws {
        let opening = Opening(app: app, world: world, isReadOnly: database.isReadOnly, folder: database.area.folder, progress: progress)
        let opened =
            database.isReadOnly
            ? try database.writer.read { try opening.run(on: database.connections[$0]) }
            : try database.writer.writeWithoutTransaction { try opening.run(on: database.connections[$0]) }
        database.copyLongLog()
        self.init(database, app: app, opened)
    }

    init(_ database: OpenDatabase, app: CompiledApp, _ opened: Opening.Outcome) {
        self.app = app
        self.database = database
        layout = opened.layout
        appliedPlan = opened.plan
        version = opened.version
        files = database.area
    }

    package var peopleEpoch: UInt64 { database.queue.memory.peopleEpoch }

    package func read<Result: Sendable>(_ work: @escaping @Sendable (any ReadTransaction) throws -> Result) async throws -> Result {
        try database.reads.enter()
        defer { database.reads.leave() }
        let view = database.queue.memory.view
        do {
            return try await database.writer.unsafeRead { [self] database in try snapshot(database, view, work) }
        } catch {
            throw StoreError.mapped(error)
        }
    }

    package func readBriefly<Result: Sendable>(_ work: @escaping @Sendable (any ReadTransaction) throws -> Result) async throws -> Result {
        // A queue instead of a pool has one connection, and would wait for the writer.
        guard let pool = database.writer as? DatabasePool else { return try await read(work) }
        let inside = try database.reads.enter()
        defer { database.reads.leave() }
        // With a connection to spare nothing is waited for.
        guard inside < Self.readers else { return try await read(work) }
        return try readHere(pool, work)
    }

    /// On the thread of the caller.
    private func readHere<Result>(_ pool: DatabasePool, _ work: (any ReadTransaction) throws -> Result) throws -> Result {
        let view = database.queue.memory.view
        do {
            return try pool.unsafeRead { database in try snapshot(database, view, work) }
        } catch {
            throw StoreError.mapped(error)
        }
    }

    /// In a transaction of the store's own: its statements are prepared once, where GRDB's are each time.
    private func snapshot<Result>(_ opened: Database, _ view: CommitMemory.View, _ work: (any ReadTransaction) throws -> Result) throws -> Result {
        let connection = database.connections[opened]
        connection.adopt(layout)
        try connection.fixed("BEGIN").run()
        // What is only read is as well taken back as committed.
        defer { if connection.isInTransaction { try? connection.fixed("ROLLBACK").run() } }
        return try work(SQLiteTransaction(connection: connection, layout: layout, commitPoints: database.commitPoints, counters: nil, memory: view))
    }

    package func write<Result: Sendable>(_ work: @escaping @Sendable (any WriteTransaction) throws -> Result) async throws -> Result {
        guard !database.isReadOnly else { throw StoreError.readOnly }
        return try await withCheckedThrowingContinuation { continuation in
            database.queue.submit(Write(layout, work, continuation))
        }
    }

    package func figures() async throws -> StoreFigures {
        let (waiting, reading) = (database.queue.waiting, database.reads.count)
        var figures = try await read { transaction in
            guard let transaction = transaction as? SQLiteTransaction else { return StoreFigures() }
            return try transaction.figures()
        }
        figures.waitingWrites = waiting
        figures.reads = reading
        figures.logBytes = area.folder.logBytes
        return figures
    }

    package func close() async {
        await database.close()
    }

    /// Removes files that no record names, such as those of uploads whose record was then not written.
    ///
    /// - Returns: How many were removed.
    package func sweepFiles() async throws -> Int {
        let area = area
        let isClean = try await read { transaction in
            guard let transaction = transaction as? SQLiteTransaction else { return true }
            return try area.keptKeys().isSubset(of: try transaction.fileKeys())
        }
        guard !isClean else { return 0 }
        return try await write { transaction in
            guard let transaction = transaction as? SQLiteTransaction else { return 0 }
            // Under the write lock, so that no record comes to name one of them meanwhile.
            let orphans = try area.keptKeys().subtracting(try transaction.fileKeys())
            for key in orphans { try area.remove(key: key) }
            return orphans.count
        }
    }

    /// Removes sessions that were not used since `limit` and no longer open anything.
    ///
    /// - Returns: How many were removed.
    package func sweepSessions(unusedSince limit: Instant) async throws -> Int {
        let isClean = try await read { transaction in
            guard let transaction = transaction as? SQLiteTransaction else { return true }
            let statement = try transaction.connection.fixed("SELECT EXISTS (SELECT 1 FROM weir_session WHERE last_seen < ?)")
            defer { statement.reset() }
            statement.bind(limit.microseconds, at: 1)
            return try !statement.step() || statement.int64(0) == 0
        }
        guard !isClean else { return 0 }
        return try await write { transaction in
            guard let transaction = transaction as? SQLiteTransaction else { return 0 }
            let statement = try transaction.connection.fixed("DELETE FROM weir_session WHERE last_seen < ?")
            statement.bind(limit.microseconds, at: 1)
            try statement.run()
            return Int(sqlite3_changes64(transaction.connection.handle))
        }
    }

    /// Runs a statement on a connection for requests, as an injected one would run. For tests of what those refuse.
    package func probe(_ sql: String) throws {
        try database.writer.unsafeReentrantRead { [connections = database.connections] database in try connections[database].execute(sql) }
    }

    static func configuration(connections: Connections, readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(busySeconds)
        configuration.maximumReaderCount = readers
        configuration.label = "weir"
        configuration.prepareDatabase { database in
            let connection = try connections.add(database)
            let hardened = weir_sqlite_harden(connection.handle)
            guard hardened == SQLITE_OK else { throw StoreError(sqlite: hardened, on: connection.handle) }
            try connection.execute("PRAGMA cache_size = -\(cacheKiB); PRAGMA temp_store = MEMORY")
            try SQLFunctions.register(on: connection.handle)
        }
        return configuration
    }

    /// Connections for reading, beside the writer's.
    private static let readers = 4
    /// How long a write waits for a lock of another process, such as a backup's.
    private static let busySeconds = 5.0
    /// Page cache of each connection.
    private static let cacheKiB = 8_192
}
