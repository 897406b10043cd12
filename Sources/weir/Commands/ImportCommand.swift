import ArgumentParser
import Engine
import Formula
import Foundation
import JSON
import Model
import Program
import SourceText
import Storage

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "导入 CSV · import a CSV file, every rule on, with a report per row",
        discussion: "例 · Example: weir import apps/crm lead 名单.csv --dry-run")

    @Argument(help: "应用文件夹 · the app's folder") var app: String
    @Argument(help: "对象 · the object") var object: String
    @Argument(help: "CSV 文件（UTF-8 或 GB18030）") var file: String
    @Option(help: "列名对应，JSON：{\"姓名\":\"name\",\"备注\":null} · columns to fields, in a JSON file") var map: String?
    @Flag(help: "只检查，不写入 · check only") var dryRun = false
    @OptionGroup var data: DataOptions
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let language = common.language
        if file.lowercased().hasSuffix(".xlsx") { throw LaterCommand.option(".xlsx", in: language) }
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw Ending(Ending.worldsTrouble, Words(zh: "不能读取 \(file)", en: "cannot read \(file)"), in: language)
        }
        let compiled = try AppFolder(app, language: language).compiled(language: language)
        guard let target = compiled.model.object(named: object) else {
            throw Ending(Ending.wrongUsage, Words(zh: "没有对象 `\(object)`", en: "there is no object `\(object)`"), in: language)
        }
        let engine = try await data.openForWriting(compiled, language: language)
        let report = try await importRows(Array(bytes), into: target, engine, language)
        await engine.store.close()
        if report.refused > 0 { throw Ending(Ending.authorsTrouble, in: language) }
    }

    private func importRows(_ bytes: [UInt8], into target: CheckedObject, _ engine: Engine, _ language: Language) async throws -> ImportReport {
        let progress = ProgressLine(Words(zh: "导入", en: "importing"), in: language)
        do {
            let table = try engine.readTable(bytes)
            let report = try await engine.importTable(
                table, into: target.id, mapping: try mapping(for: target, language), dryRun: dryRun, as: .system
            ) { progress.show($0, of: $1) }
            show(report, table, engine.app, language)
            if report.refused > 0, !dryRun { try writeRejects(engine.rejects(of: report, in: table, language: language), language) }
            return report
        } catch let violation as Violation {
            throw Ending(Ending.authorsTrouble, violation.words, in: language)
        }
    }

    private func mapping(for target: CheckedObject, _ language: Language) throws -> [String: FieldID?]? {
        guard let map else { return nil }
        guard let text = FileManager.default.contents(atPath: map), let members = try? JSONValue.parse(Array(text)).asObject else {
            throw Ending(Ending.wrongUsage, Words(zh: "--map 应为 JSON 对象文件", en: "--map is a file with a JSON object"), in: language)
        }
        var mapping: [String: FieldID?] = [:]
        for member in members {
            if member.value.isNull {
                mapping[member.name] = .some(nil)
            } else if let name = member.value.asString, let field = target.field(named: name) {
                mapping[member.name] = field.id
            } else {
                throw Ending(
                    Ending.wrongUsage,
                    Words(zh: "--map 中 `\(member.name)` 对应的字段不存在", en: "--map sends `\(member.name)` to a field that does not exist"), in: language)
            }
        }
        return mapping
    }

    private func show(_ report: ImportReport, _ table: ImportTable, _ app: CompiledApp, _ language: Language) {
        switch format.format {
        case .json:
            let rows = report.rows.map { row -> JSONValue in
                switch row.fate {
                case .created(let id): .object([.init("line", .int(row.line)), .init("ok", .bool(true)), .init("id", .string(app.text(of: id)))])
                case .fine: .object([.init("line", .int(row.line)), .init("ok", .bool(true))])
                case .refused(let violations):
                    .object([
                        .init("line", .int(row.line)), .init("ok", .bool(false)),
                        .init("violations", RecordJSON(app: app, language: language).violations(violations)),
                    ])
                }
            }
            Terminal.out(
                JSONValue.object([
                    .init("encoding", .string(table.encoding.rawValue)), .init("created", .int(report.created)), .init("refused", .int(report.refused)),
                    .init("rows", .array(rows)),
                ]).text(pretty: true) + "\n")
        case .text:
            for row in report.rows {
                guard case .refused(let violations) = row.fate else { continue }
                for violation in violations {
                    let column = violation.field.map { app.model[$0].label[language] + ": " } ?? ""
                    Terminal.out("\(file):\(row.line): \(column)\(violation.words[language])\n")
                }
            }
            let fine = report.rows.count - report.refused
            Terminal.out(
                (dryRun
                    ? Words(zh: "\(fine) 行可导入，\(report.refused) 行有问题（未写入）\n", en: "\(fine) rows are fine, \(report.refused) are not (nothing was written)\n")
                    : Words(zh: "已导入 \(report.created) 行，拒绝 \(report.refused) 行\n", en: "imported \(report.created) rows, refused \(report.refused)\n"))[language])
        }
    }

    private func writeRejects(_ rejects: [UInt8], _ language: Language) throws {
        let path = file + ".rejects.csv"
        try Data(rejects).write(to: URL(fileURLWithPath: path), options: .atomic)
        Terminal.error(Words(zh: "被拒绝的行写在 \(path)\n", en: "the refused rows are in \(path)\n")[language])
    }
}
