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

extension Catalogue {
    /// Digests and sizes of files that imports read, beside those of records. Empty in a database of a Weir that had no imports.
    func importedFiles() throws -> [StoredFile] {
        let table = try connection.fixed("SELECT COUNT(*) FROM sqlite_master WHERE name = 'weir_import'")
        defer { table.reset() }
        guard try table.step(), table.int64(0) > 0 else { return [] }
        let statement = try connection.fixed("SELECT DISTINCT file, size FROM weir_import ORDER BY file")
        defer { statement.reset() }
        var files: [StoredFile] = []
        while try statement.step() { files.append(StoredFile(key: statement.text(0), size: statement.int64(1))) }
        return files
    }
}
