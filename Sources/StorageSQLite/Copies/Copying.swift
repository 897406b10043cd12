import Foundation
import Storage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Copies one file durably.
enum Copying {
    /// - Returns: False if there is no such file.
    static func file(_ source: String, to target: String) throws -> Bool {
        guard FileManager.default.fileExists(atPath: source) else { return false }
        try FileManager.default.createDirectory(
            atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        do {
            try FileManager.default.copyItem(atPath: source, toPath: target)
        } catch {
            throw errno == ENOSPC ? StoreError.diskFull : StoreError.other("cannot copy \(source): \(error.localizedDescription)")
        }
        try FolderFileArea.synchronise(target)
        return true
    }
}
