import Crypto
import Foundation
package import Storage

/// Files as a folder keeps them: `files/` + the first two hex digits + the SHA-256 of the content, so that equal contents lie once.
///
/// A kept file is durable before any record may name it; if that record is then not written, the file is an orphan and harmless.
package struct FolderFileArea: FileArea {
    let folder: DataFolder
    let commitPoints: CommitPoints
    private static let readBytes = 256 * 1024

    package func newUploadPath(token: String) throws -> String {
        guard !token.isEmpty, token.utf8.allSatisfy({ isNameByte($0) }) else {
            throw StoreError.other("an upload's token may hold letters, digits, - and _ only")
        }
        return folder.incoming + "/" + token
    }

    package func keep(uploadAt path: String) throws -> StoredFile {
        let file = try Self.digest(ofFileAt: path)
        commitPoints.reached(.fileWritten)
        try Self.synchronise(path)
        commitPoints.reached(.fileSynced)
        let target = self.path(of: file)
        let parent = (target as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard rename(path, target) == 0 else { throw StoreError.failing("cannot keep an upload") }
        commitPoints.reached(.fileRenamed)
        // The name is durable once its folder is, and the folder's name once its parent is.
        try Self.synchronise(parent)
        try Self.synchronise(folder.files)
        return file
    }

    package func path(of file: StoredFile) -> String {
        "\(folder.files)/\(file.key.prefix(2))/\(file.key)"
    }

    /// Removes uploads that were never finished. Only at start, under the folder's lock.
    func sweepIncoming() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.incoming) {
            try FileManager.default.removeItem(atPath: folder.incoming + "/" + name)
        }
    }

    /// Keys of the files that lie here, for a sweep of those that no record names.
    func keptKeys() throws -> Set<String> {
        var keys: Set<String> = []
        for shelf in try FileManager.default.contentsOfDirectory(atPath: folder.files) where shelf.utf8.count == 2 {
            keys.formUnion(try FileManager.default.contentsOfDirectory(atPath: folder.files + "/" + shelf))
        }
        return keys
    }

    func remove(key: String) throws {
        try FileManager.default.removeItem(atPath: path(of: StoredFile(key: key, size: 0)))
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }

    /// Size and SHA-256 of a file's content, read once.
    static func digest(ofFileAt path: String) throws -> StoredFile {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError.failing("cannot read \(path)") }
        defer { close(descriptor) }
        var hash = SHA256()
        var size: Int64 = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.readBytes, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw StoreError.failing("cannot read \(path)")
            }
            if count == 0 { break }
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            size += Int64(count)
        }
        return StoredFile(key: Self.hex(hash.finalize()), size: size)
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    /// Makes what was written to a file, or the names in a folder, durable.
    static func synchronise(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError.failing("cannot open \(path)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StoreError.failing("cannot make \(path) durable") }
    }
}

extension StoreError {
    /// What the system's last error means to whoever wanted `what`.
    static func failing(_ what: String) -> StoreError {
        switch errno {
        case ENOSPC, EDQUOT: .diskFull
        case EROFS, EACCES, EPERM: .readOnly
        default: .other("\(what): \(String(cString: strerror(errno)))")
        }
    }
}
