import Foundation
import Storage
import Synchronization

/// The folder in which an app's data lies: `app.sqlite`, `files/`, `incoming/` and `lock`.
struct DataFolder: Sendable {
    let path: String

    var database: String { path + "/app.sqlite" }
    var files: String { path + "/files" }
    var incoming: String { path + "/incoming" }
    var lockFile: String { path + "/lock" }

    /// Makes the folder and what belongs in it, for the owner's eyes only.
    func create() throws(StoreError) {
        for folder in [path, files, incoming] {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw errno == EROFS || errno == EACCES ? .readOnly : .other("cannot make the folder \(folder): \(error.localizedDescription)")
            }
        }
    }
}

/// Holds a data folder against other processes until it is released. The system lets go of it when the process ends, however it ends.
final class FolderLock: Sendable {
    /// Nil once released.
    private let descriptor: Mutex<Int32?>

    /// - Throws: `.locked` if another process, or another store of this one, holds the folder.
    init(_ folder: DataFolder) throws(StoreError) {
        let descriptor = open(folder.lockFile, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw errno == EROFS || errno == EACCES ? .readOnly : .other("cannot open \(folder.lockFile): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .locked(path: folder.path)
        }
        self.descriptor = Mutex(descriptor)
    }

    func release() {
        descriptor.withLock { descriptor in
            if let descriptor { close(descriptor) }
            descriptor = nil
        }
    }

    deinit {
        release()
    }
}

extension DataFolder {
    /// Bytes of the write-ahead log; 0 if there is none.
    var logBytes: Int64 { ((try? FileManager.default.attributesOfItem(atPath: database + "-wal")[.size]) as? NSNumber)?.int64Value ?? 0 }
    /// Whether copying the log takes so long that nobody should wait for it.
    var hasLongLog: Bool { logBytes > 32 << 20 }
    var hasDatabase: Bool { FileManager.default.fileExists(atPath: database) }

    /// A new folder of this process alone.
    static func temporary(under parent: String, token: String) throws -> DataFolder {
        var number = 0
        while true {
            let folder = DataFolder(path: "\(parent)/weir-\(getpid())-\(token)-\(number)")
            if mkdir(folder.path, 0o700) == 0 {
                try folder.create()
                return folder
            }
            guard errno == EEXIST else { throw StoreError.other("cannot make \(folder.path): \(String(cString: strerror(errno)))") }
            number += 1
        }
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
