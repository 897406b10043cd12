import CSQLite
import Dispatch
import GRDB
import Storage
import Synchronization

/// An open database with the files beside it: what every version of an app that runs on it shares.
final class OpenDatabase: Sendable {
    let writer: any DatabaseWriter
    let connections: Connections
    let queue: WriteQueue
    let changes = ChangeFeed()
    let reads = ReadGate()
    let commitPoints: CommitPoints
    let isReadOnly: Bool
    let area: FolderFileArea
    /// Nil where the folder is not held: reading beside a server, or in memory.
    private let lock: FolderLock?
    private let removesFolder: Bool
    private let copying = Mutex<Task<Void, Never>?>(nil)

    init(
        writer: any DatabaseWriter, connections: Connections, area: FolderFileArea, lock: FolderLock?, isReadOnly: Bool,
        commitPoints: CommitPoints, removesFolder: Bool = false
    ) {
        self.writer = writer
        self.connections = connections
        self.area = area
        self.lock = lock
        self.isReadOnly = isReadOnly
        self.commitPoints = commitPoints
        self.removesFolder = removesFolder
        queue = WriteQueue(writer: writer, connections: connections, commitPoints: commitPoints, feed: changes)
    }

    /// Copies a long log into the database while everything goes on, instead of leaving that to whoever commits next
    /// (a passive checkpoint, https://www.sqlite.org/c3ref/wal_checkpoint_v2.html). What it does not come to, a later commit does.
    func copyLongLog() {
        guard !isReadOnly, area.folder.hasLongLog else { return }
        let path = area.folder.database
        copying.withLock { copying in
            let before = copying
            copying = Task {
                await before?.value
                await withCheckedContinuation { continuation in
                    DispatchQueue.global(qos: .utility).async {
                        try? RawDatabase.change(path) { connection in
                            try connection.execute("PRAGMA synchronous = FULL")
                            sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
                        }
                        continuation.resume()
                    }
                }
            }
        }
    }

    func close() async {
        await copying.withLock { $0 }?.value
        await queue.close()
        changes.close()
        guard await reads.close() else { return }
        try? await writer.barrierWriteWithoutTransaction { [connections] _ in connections.removeAll() }
        try? writer.close()
        lock?.release()
        if removesFolder { area.folder.remove() }
    }
}
