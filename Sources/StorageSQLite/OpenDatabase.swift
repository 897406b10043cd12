import GRDB
import Storage

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

    func close() async {
        await queue.close()
        changes.close()
        guard await reads.close() else { return }
        try? await writer.barrierWriteWithoutTransaction { [connections] _ in connections.removeAll() }
        try? writer.close()
        lock?.release()
        if removesFolder { area.folder.remove() }
    }
}
