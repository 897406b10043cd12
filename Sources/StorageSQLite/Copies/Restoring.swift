import Foundation
import SourceText
import Storage

extension Backup {
    package struct Restored: Sendable {
        package let manifest: BackupManifest
        /// Where the data that stood before was moved to; nil if there was none.
        package let movedAside: String?
    }

    /// Puts a backup back at `path`.
    ///
    /// Everything is verified while it is copied, beside the place where it belongs. Only then what stands there is moved aside, never
    /// removed, and the copy takes its place.
    ///
    /// - Parameters:
    ///   - mark: Part of the name under which the old folder is kept, such as a time.
    ///   - holdsEffects: Whether nothing is sent from it until somebody lets it (`HeldEffects`).
    /// - Throws: `StoreError`: `.locked` if a process uses the folder; `.incompatible` for a backup that is not as its manifest says, or
    ///   that holds another app's data than the folder. Then all stands as it stood.
    package static func restore(from backup: String, toFolder path: String, mark: String, holdsEffects: Bool = false, progress: Progress? = nil) throws -> Restored {
        guard let bytes = FileManager.default.contents(atPath: backup + "/" + BackupManifest.fileName) else {
            throw StoreError.incompatible(Words(zh: "\(backup) 里没有备份清单", en: "there is no manifest of a backup in \(backup)"))
        }
        let manifest = try BackupManifest(Array(bytes))
        let standing = DataFolder(path: path.withoutTrailingSlash)
        let exists = FileManager.default.fileExists(atPath: standing.path)
        let lock = exists ? try FolderLock(standing) : nil
        defer { lock?.release() }
        try refuseOthers(standing, manifest)
        let fresh = DataFolder(path: standing.path + ".restoring")
        if FileManager.default.fileExists(atPath: fresh.path) { try FileManager.default.removeItem(atPath: fresh.path) }
        do {
            try fill(fresh, from: DataFolder(path: backup), manifest, holdsEffects: holdsEffects, progress)
            let aside = exists ? try moveAside(standing, mark: mark) : nil
            guard rename(fresh.path, standing.path) == 0 else {
                let error = StoreError.failing("cannot move the restored data to \(standing.path)")
                if let aside { rename(aside, standing.path) }
                throw error
            }
            try FolderFileArea.synchronise((standing.path as NSString).deletingLastPathComponent.nonEmpty)
            return Restored(manifest: manifest, movedAside: aside)
        } catch {
            try? FileManager.default.removeItem(atPath: fresh.path)
            throw StoreError.mapped(error)
        }
    }

    private static func refuseOthers(_ standing: DataFolder, _ manifest: BackupManifest) throws {
        guard standing.hasDatabase,
            // A damaged database does not stand in the way of the backup that replaces it.
            let owner = try? RawDatabase.read(standing.database, { try Catalogue(connection: $0).value(.app) }), owner != manifest.app
        else { return }
        throw StoreError.incompatible(
            Words(
                zh: "这份备份属于应用 `\(manifest.app)`，而数据目录属于 `\(owner)`", en: "the backup belongs to `\(manifest.app)`, the data folder to `\(owner)`"))
    }

    private static func fill(_ fresh: DataFolder, from backup: DataFolder, _ manifest: BackupManifest, holdsEffects: Bool, _ progress: Progress?) throws {
        try fresh.create()
        let from = FolderFileArea(folder: backup, commitPoints: CommitPoints()), to = FolderFileArea(folder: fresh, commitPoints: CommitPoints())
        try verified(
            StoredFile(key: manifest.databaseDigest, size: manifest.databaseSize), from: backup.database, to: fresh.database, called: "app.sqlite")
        progress?(.database, 1, 1)
        for (position, file) in manifest.files.enumerated() {
            try verified(file, from: from.path(of: file), to: to.path(of: file), called: file.key)
            progress?(.files, position + 1, manifest.files.count)
        }
        let complaint = try RawDatabase.change(fresh.database) { connection in
            let statement = try connection.statement("PRAGMA quick_check(1)")
            defer { statement.reset() }
            return try statement.step() ? statement.text(0) : ""
        }
        guard complaint == "ok" else { throw StoreError.notADatabase(complaint) }
        if holdsEffects {
            try RawDatabase.change(fresh.database) { connection in
                let statement = try connection.statement("INSERT OR REPLACE INTO weir_setting VALUES (?, ?)")
                statement.bind(HeldEffects.setting, at: 1)
                statement.bind(HeldEffects.held, at: 2)
                try statement.run()
            }
        }
        try FolderFileArea.synchronise(fresh.path)
    }

    private static func verified(_ file: StoredFile, from source: String, to target: String, called name: String) throws {
        guard try Copying.file(source, to: target) else {
            throw StoreError.incompatible(Words(zh: "备份缺少文件 \(name)", en: "the backup lacks the file \(name)"))
        }
        guard try FolderFileArea.digest(ofFileAt: target) == file else {
            throw StoreError.incompatible(
                Words(zh: "备份已损坏：\(name) 与清单不符", en: "the backup is damaged: \(name) is not what the manifest says"))
        }
    }

    /// - Returns: The name under which the folder is kept.
    private static func moveAside(_ standing: DataFolder, mark: String) throws -> String {
        var number = 1
        while true {
            let aside = standing.path + ".before-" + mark + (number == 1 ? "" : "-\(number)")
            if !FileManager.default.fileExists(atPath: aside) {
                guard rename(standing.path, aside) == 0 else { throw StoreError.failing("cannot move \(standing.path) aside") }
                return aside
            }
            number += 1
        }
    }
}

extension String {
    var withoutTrailingSlash: String {
        var text = self
        while text.count > 1, text.hasSuffix("/") { text.removeLast() }
        return text
    }
}
