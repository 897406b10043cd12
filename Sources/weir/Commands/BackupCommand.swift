import ArgumentParser
import Formula
import Foundation
import JSON
import SourceText
import StorageSQLite

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "备份数据目录，服务运行时也可以 · a consistent copy of a data folder, also while it is served",
        discussion: "例 · Example: weir backup --data .weir/crm --to backups/2026-03-18")

    @Option(help: "数据目录 · the data folder") var data: String
    @Option(help: "备份放在哪里（新文件夹），默认在数据目录旁 · the backup, a new folder; by default beside the data folder") var to: String?
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run() throws {
        let language = common.language
        let now = SystemClock().now()
        let source = data.hasSuffix("/") ? String(data.dropLast()) : data
        let target = to ?? "\(source)-backup-\(Mark.text(of: now))"
        let lines = CopyLines(language)
        let manifest = try Backup.make(ofFolder: source, to: target, at: now) { lines.show($0, $1, $2) }
        switch format.format {
        case .json:
            Terminal.out(
                JSONValue.object([
                    .init("backup", .string(target)), .init("app", .string(manifest.app)), .init("bytes", .int(manifest.size)),
                    .init("files", .int(manifest.files.count)), .init("missing", .array(manifest.missing.map(JSONValue.string))),
                ]).text() + "\n")
        case .text:
            Terminal.out(
                Words(
                    zh: "已备份到 \(target)：数据库 \(manifest.databaseSize) 字节，\(manifest.files.count) 个文件\n",
                    en: "backed up to \(target): a database of \(manifest.databaseSize) bytes, \(manifest.files.count) files\n")[language])
        }
        guard manifest.missing.isEmpty else {
            throw Ending(
                Ending.worldsTrouble,
                Words(
                    zh: "\(manifest.missing.count) 个文件在数据目录里已不存在，备份里也没有；运行 weir doctor --data \(source)",
                    en: "\(manifest.missing.count) files are gone from the data folder and so from the backup; run weir doctor --data \(source)"),
                in: language)
        }
    }
}

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "恢复备份，原数据目录改名保留 · put a backup back; the data that stood there is kept under another name",
        discussion: "例 · Example: weir restore backups/2026-03-18 --data .weir/crm")

    @Argument(help: "备份文件夹 · the backup") var backup: String
    @Option(help: "数据目录 · the data folder") var data: String
    @Flag(help: "先不向外发送任何东西 · nothing is sent from it until it is served with --release-effects") var holdEffects = false
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run() throws {
        let language = common.language
        let lines = CopyLines(language)
        let restored = try Backup.restore(from: backup, toFolder: data, mark: Mark.text(of: SystemClock().now()), holdsEffects: holdEffects) { lines.show($0, $1, $2) }
        switch format.format {
        case .json:
            Terminal.out(
                JSONValue.object([
                    .init("data", .string(data)), .init("app", .string(restored.manifest.app)), .init("made", .string(restored.manifest.made.description)),
                    .init("moved_aside", .string(orNull: restored.movedAside)), .init("effects_held", .bool(holdEffects)),
                ]).text() + "\n")
        case .text:
            Terminal.out(
                Words(
                    zh: "已恢复 \(restored.manifest.made) 的备份到 \(data)\n", en: "put the backup of \(restored.manifest.made) back to \(data)\n")[language])
            if let aside = restored.movedAside {
                Terminal.out(Words(zh: "原来的数据保留在 \(aside)\n", en: "the data that stood there is kept in \(aside)\n")[language])
            }
        }
    }
}

/// Progress of the two parts of a copy.
struct CopyLines: Sendable {
    private let database: ProgressLine
    private let files: ProgressLine

    init(_ language: Language) {
        database = ProgressLine(Words(zh: "数据库", en: "database"), in: language)
        files = ProgressLine(Words(zh: "文件", en: "files"), in: language)
    }

    func show(_ part: Backup.Part, _ done: Int, _ all: Int) {
        switch part {
        case .database: database.show(done, of: all)
        case .files: files.show(done, of: all)
        }
    }
}
