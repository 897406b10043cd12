import GRDB
import Storage

/// How far a long copy is: so much done, of so much.
package typealias CopyProgress = @Sendable (_ done: Int, _ all: Int) -> Void

/// A copy of one moment of a database, made while others write to it (SQLite's backup interface, under a read transaction).
enum DatabaseCopy {
    /// 4 MiB at the usual page size, so that progress moves.
    private static let pagesPerStep: CInt = 1_024

    /// Writes the copy to `path`, where nothing must stand yet, as one file without a WAL beside it.
    ///
    /// - Throws: `StoreError`.
    static func make(of folder: DataFolder, at path: String, progress: CopyProgress?) throws {
        let connections = Connections()
        do {
            let source = try DatabasePool(path: folder.database, configuration: SQLiteStore.configuration(connections: connections, readOnly: true))
            defer {
                connections.removeAll()
                try? source.close()
            }
            let target = try DatabaseQueue(path: path)
            try source.backup(to: target, pagesPerStep: pagesPerStep) { progress?($0.completedPageCount, $0.totalPageCount) }
            try target.writeWithoutTransaction { database in
                // The copy carries the mark of WAL in its head; as a file to be moved about it needs none.
                try database.execute(sql: "PRAGMA journal_mode = DELETE")
            }
            try target.close()
        } catch {
            throw StoreError.mapped(error)
        }
        try FolderFileArea.synchronise(path)
    }
}
