import Foundation
package import Formula
import JSON
import SourceText
import Storage

/// Copies of a data folder: made while a server runs, and put back.
///
/// A backup is a folder with `app.sqlite`, `files/` as in the data folder, and `manifest.json`. The database is copied first, as of one
/// moment; then the files that this copy names. A file never changes under its name and is durable before a record names it, so the copy
/// is whole whatever is written meanwhile.
package enum Backup {
    /// Told with `.database` in pages, `.files` in files.
    package enum Part: Sendable, Hashable {
        case database, files
    }
    package typealias Progress = @Sendable (Part, _ done: Int, _ all: Int) -> Void

    /// Makes a backup at `target`, where nothing must stand.
    ///
    /// It is made beside that place under another name and moved there when it is whole: what bears the name can be restored.
    ///
    /// - Throws: `StoreError`.
    package static func make(ofFolder path: String, to target: String, at now: Instant, progress: Progress? = nil) throws -> BackupManifest {
        let source = DataFolder(path: path)
        guard source.hasDatabase else { throw StoreError.incompatible(Words(zh: "还没有数据：\(path)", en: "there is no data yet in \(path)")) }
        guard !FileManager.default.fileExists(atPath: target) else {
            throw StoreError.incompatible(Words(zh: "\(target) 已存在，没有改动它", en: "\(target) exists already and was left alone"))
        }
        let unfinished = target + ".unfinished"
        // Of a backup that was broken off.
        if FileManager.default.fileExists(atPath: unfinished) { try FileManager.default.removeItem(atPath: unfinished) }
        let copy = DataFolder(path: unfinished)
        do {
            try copy.create()
            try FileManager.default.removeItem(atPath: copy.incoming)
            try DatabaseCopy.make(of: source, at: copy.database) { progress?(.database, $0, $1) }
            let (app, named) = try contents(of: copy)
            let manifest = try copyFiles(named, from: source, to: copy, app: app, now: now, progress)
            try Data(manifest.json.text(pretty: true).utf8).write(to: URL(fileURLWithPath: unfinished + "/" + BackupManifest.fileName))
            try FolderFileArea.synchronise(unfinished + "/" + BackupManifest.fileName)
            try FolderFileArea.synchronise(unfinished)
            guard rename(unfinished, target) == 0 else { throw StoreError.failing("cannot move the backup to \(target)") }
            try FolderFileArea.synchronise((target as NSString).deletingLastPathComponent.nonEmpty)
            return manifest
        } catch {
            try? FileManager.default.removeItem(atPath: unfinished)
            throw StoreError.mapped(error)
        }
    }

    private static func copyFiles(
        _ named: [StoredFile], from source: DataFolder, to copy: DataFolder, app: String, now: Instant, _ progress: Progress?
    ) throws -> BackupManifest {
        let from = FolderFileArea(folder: source, commitPoints: CommitPoints()), to = FolderFileArea(folder: copy, commitPoints: CommitPoints())
        var files: [StoredFile] = []
        var missing: [String] = []
        for (position, file) in named.enumerated() {
            if try Copying.file(from.path(of: file), to: to.path(of: file)) { files.append(file) } else { missing.append(file.key) }
            progress?(.files, position + 1, named.count)
        }
        let database = try FolderFileArea.digest(ofFileAt: copy.database)
        return BackupManifest(
            app: app, made: now, databaseSize: database.size, databaseDigest: database.key, files: files, missing: missing)
    }

    /// Whose data a copied database holds, and the files that its records name.
    private static func contents(of copy: DataFolder) throws -> (app: String, files: [StoredFile]) {
        try RawDatabase.read(copy.database) { connection in
            let catalogue = Catalogue(connection: connection)
            guard try catalogue.exists(), let app = try catalogue.value(.app) else { throw StoreError.notADatabase("it has no catalogue") }
            let statement = try connection.statement("SELECT DISTINCT key, size FROM weir_file ORDER BY key")
            defer { statement.reset() }
            var files: [StoredFile] = []
            while try statement.step() { files.append(StoredFile(key: statement.text(0), size: statement.int64(1))) }
            return (app, files)
        }
    }
}

extension String {
    /// The folder of a relative name without one.
    var nonEmpty: String { isEmpty ? "." : self }
}
