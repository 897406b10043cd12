import CSQLite
import Foundation
package import Formula
import SchemaPlan
import SourceText
import Storage

/// What can be seen of a data folder without knowing its app: the database as a file, the links between its rows, the gapless logs, the
/// files beside it, room on the disk, and who may sign in. Reads only, beside a server if there is one.
package struct FolderInspection {
    /// Of whom sessions are over that were not used since.
    package let sessionsOverBefore: Instant
    /// Whether every file is read and its content compared with its name.
    package let readsFiles: Bool
    private let folder: DataFolder

    package init(folder path: String, sessionsOverBefore: Instant, readsFiles: Bool) {
        folder = DataFolder(path: path)
        self.sessionsOverBefore = sessionsOverBefore
        self.readsFiles = readsFiles
    }

    /// A WAL is cut back at about 4 MB; one so much longer has a reader that never ends.
    private static let longWAL: Int64 = 64 << 20
    /// With less room than this, or than the database takes, backups and changes of the tables fail.
    private static let littleRoom: Int64 = 1 << 30

    /// - Throws: `StoreError` if the database cannot be opened at all.
    package func run() throws -> [HealthCheck] {
        guard folder.hasDatabase else {
            throw StoreError.incompatible(Words(zh: "还没有数据：\(folder.path)", en: "there is no data yet in \(folder.path)"))
        }
        return try RawDatabase.read(folder.database) { connection in
            let catalogue = Catalogue(connection: connection)
            guard try catalogue.exists() else { throw StoreError.notADatabase("it has no catalogue") }
            let schema = try catalogue.load()
            let rows = RowInspection(connection: connection, schema: schema)
            return [
                try integrity(connection), try rows.tables(), try rows.links(), try rows.log("weir_history", "history", Self.historyTitle),
                try rows.log("weir_audit", "audit", Self.auditTitle), try rows.versions(), try files(connection),
                try rows.accounts(), try rows.sessions(overBefore: sessionsOverBefore), wal(), disk(),
            ]
        }
    }

    private static let historyTitle = Words(zh: "历史记录连续", en: "the history has no gaps")
    private static let auditTitle = Words(zh: "审计记录连续", en: "the audit log has no gaps")

    private func integrity(_ connection: Connection) throws -> HealthCheck {
        let statement = try connection.statement("PRAGMA integrity_check(20)")
        defer { statement.reset() }
        var complaints: [String] = []
        while try statement.step() {
            let line = statement.text(0)
            if line != "ok" { complaints.append(line) }
        }
        return HealthCheck(
            "integrity", Words(zh: "数据库文件完好", en: "the database file is sound"),
            findings: complaints.map {
                Finding(
                    .trouble, Words(zh: "数据库文件损坏：\($0)", en: "the database file is damaged: \($0)"),
                    fix: Words(zh: "停止 weir serve，用 weir restore 恢复最近的备份", en: "stop weir serve and put back the latest backup with weir restore"))
            })
    }

    private func files(_ connection: Connection) throws -> HealthCheck {
        let title = Words(zh: "附件齐全", en: "every attached file is there")
        let area = FolderFileArea(folder: folder, commitPoints: CommitPoints())
        let statement = try connection.statement("SELECT key, MAX(size), COUNT(*) FROM weir_file GROUP BY key ORDER BY key")
        defer { statement.reset() }
        var named: Set<String> = []
        var findings: [Finding] = []
        while try statement.step() {
            let file = StoredFile(key: statement.text(0), size: statement.int64(1))
            named.insert(file.key)
            if let finding = try judge(file, in: area, records: Int(statement.int64(2))) { findings.append(finding) }
        }
        let orphans = FileManager.default.fileExists(atPath: folder.files) ? try area.keptKeys().subtracting(named).subtracting(try Catalogue(connection: connection).importedFiles().map(\.key)) : []
        if !orphans.isEmpty {
            findings.append(
                Finding(
                    .notice, Words(zh: "\(orphans.count) 个文件没有任何记录引用", en: "\(orphans.count) files belong to no record"),
                    fix: Words(zh: "无害；下次启动 weir serve 时会清理", en: "harmless; weir serve removes them at its next start"), count: orphans.count))
        }
        return HealthCheck("files", title, findings: findings, detail: Words(zh: "\(named.count) 个文件", en: "\(named.count) files"))
    }

    private func judge(_ file: StoredFile, in area: FolderFileArea, records: Int) throws -> Finding? {
        let path = area.path(of: file)
        let fix = Words(
            zh: "从备份的 files/\(file.key.prefix(2))/ 里拷回这个文件，或重新上传", en: "copy it back from files/\(file.key.prefix(2))/ of a backup, or upload it again")
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            return Finding(
                .trouble, Words(zh: "文件 \(file.key) 不见了（\(records) 条记录引用它）", en: "the file \(file.key) is gone (\(records) records name it)"), fix: fix)
        }
        let size = (attributes[.size] as? NSNumber)?.int64Value ?? -1
        let isWhole = size == file.size ? (readsFiles ? try FolderFileArea.digest(ofFileAt: path) == file : true) : false
        guard !isWhole else { return nil }
        return Finding(.trouble, Words(zh: "文件 \(file.key) 的内容变了", en: "the content of the file \(file.key) has changed"), fix: fix)
    }

    private func wal() -> HealthCheck {
        let title = Words(zh: "预写日志不过长", en: "the write-ahead log is short")
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder.database + "-wal")
        let size = (attributes?[.size] as? NSNumber)?.int64Value ?? 0
        let text = Self.megabytes(size)
        let findings =
            size > Self.longWAL
            ? [
                Finding(
                    .notice, Words(zh: "预写日志有 \(text)", en: "the write-ahead log has \(text)"),
                    fix: Words(
                        zh: "有读取长时间未结束；结束长时间的导出或备份，或重启 weir serve", en: "some read does not end: end long exports or backups, or restart weir serve"))
            ] : []
        return HealthCheck("wal", title, findings: findings, detail: Words(same: text))
    }

    private func disk() -> HealthCheck {
        let title = Words(zh: "磁盘空间足够", en: "the disk has room")
        var facts = statvfs()
        guard statvfs(folder.path, &facts) == 0 else {
            return HealthCheck("disk", title, skipped: Words(zh: "系统没有说明剩余空间", en: "the system does not say how much is free"))
        }
        let free = Int64(facts.f_bavail) * Int64(facts.f_frsize)
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder.database)
        let size = (attributes?[.size] as? NSNumber)?.int64Value ?? 0
        let text = Self.megabytes(free)
        let findings =
            free < max(Self.littleRoom, size)
            ? [
                Finding(
                    .notice, Words(zh: "磁盘只剩 \(text)", en: "the disk has only \(text) left"),
                    fix: Words(zh: "清理磁盘，或把数据目录移到更大的磁盘", en: "make room, or move the data folder to a larger disk"))
            ] : []
        return HealthCheck("disk", title, findings: findings, detail: Words(zh: "剩余 \(text)", en: "\(text) free"))
    }

    private static func megabytes(_ bytes: Int64) -> String { "\(bytes / (1 << 20)) MB" }
}
