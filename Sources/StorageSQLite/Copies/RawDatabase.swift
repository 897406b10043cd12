import GRDB
import Storage

/// A database file looked at as it is, whatever app it belongs to.
enum RawDatabase {
    /// Runs `work` on one snapshot, beside a server if there is one.
    ///
    /// - Throws: `StoreError`, or what `work` throws.
    static func read<Result>(_ path: String, _ work: (Connection) throws -> Result) throws -> Result {
        let connections = Connections()
        do {
            let pool = try DatabasePool(path: path, configuration: SQLiteStore.configuration(connections: connections, readOnly: true))
            defer {
                connections.removeAll()
                try? pool.close()
            }
            return try pool.read { try work(connections[$0]) }
        } catch {
            throw StoreError.mapped(error)
        }
    }

    /// Runs `work` on a database that nobody else uses, such as a copy of ours.
    static func change<Result>(_ path: String, _ work: (Connection) throws -> Result) throws -> Result {
        let connections = Connections()
        do {
            let queue = try DatabaseQueue(path: path, configuration: SQLiteStore.configuration(connections: connections, readOnly: false))
            defer {
                connections.removeAll()
                try? queue.close()
            }
            return try queue.writeWithoutTransaction { try work(connections[$0]) }
        } catch {
            throw StoreError.mapped(error)
        }
    }
}
