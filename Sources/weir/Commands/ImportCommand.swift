import ArgumentParser
import Engine
import Formula
import Foundation
import JSON
import Model
import Program
import SourceText
import Spreadsheet
import Storage

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "导入 CSV 或 XLSX · import a table, every rule on, with a report per row",
        discussion: "例 · Example: weir import apps/crm lead 名单.xlsx --match phone --found update --dry-run")

    @Argument(help: "应用文件夹 · the app's folder") var app: String
    @Argument(help: "对象 · the object") var object: String
    @Argument(help: "CSV 文件（UTF-8 或 GB18030）或 XLSX 工作簿 · a CSV file or an XLSX workbook") var file: String
    @Option(help: "列名对应，JSON：{\"姓名\":\"name\",\"备注\":null} · columns to fields, in a JSON file") var map: String?
    @Option(help: "按此字段查找已有记录 · find records that stand already by this field (a unique one, the title's, or id)") var match: String?
    @Option(help: "找到时：skip 跳过 | update 覆盖 | fill 只补空白 · what becomes of a record that is found") var found: Found = .skip
    @Option(help: "第几张工作表 · which sheet of a workbook, from 1") var sheet = 1
    @Flag(help: "只检查，不写入 · check only") var dryRun = false
    @OptionGroup var data: DataOptions
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    enum Found: String, ExpressibleByArgument, CaseIterable {
        case skip, update, fill

        var meant: ImportSettings.Found {
            switch self {
            case .skip: .skip
            case .update: .update
            case .fill: .fill
            }
        }
    }

    func run() async throws {
        let language = common.language
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw Ending(Ending.worldsTrouble, Words(zh: "不能读取 \(file)", en: "cannot read \(file)"), in: language)
        }
        let compiled = try AppFolder(app, language: language).compiled(language: language)
        guard let target = compiled.model.object(named: object) else {
            throw Ending(Ending.wrongUsage, Words(zh: "没有对象 `\(object)`", en: "there is no object `\(object)`"), in: language)
        }
        let engine = try await data.openForWriting(compiled, language: language)
        let refused: Int
        do {
            refused = try await importFile(into: target, engine, language)
        } catch let violation as Violation {
            await engine.store.close()
            throw Ending(Ending.authorsTrouble, violation.words, in: language)
        }
        await engine.store.close()
        if refused > 0 { throw Ending(Ending.authorsTrouble, in: language) }
    }

    /// - Returns: How many rows were refused.
    private func importFile(into target: CheckedObject, _ engine: Engine, _ language: Language) async throws -> Int {
        let made = try await job(for: target, engine, language)
        let progress = ProgressLine(dryRun ? Words(zh: "检查", en: "checking") : Words(zh: "导入", en: "importing"), in: language)
        let show: @Sendable (ImportJob) -> Void = { progress.show($0.progress, of: 1000) }
        let job = dryRun ? try await engine.checkImport(made.id, as: .system, progress: show) : try await engine.runImport(made.id, as: .system, progress: show)
        progress.show(1000, of: 1000)
        try await tell(job, engine, language)
        let counts = dryRun ? job.found ?? job.counts : job.counts
        if dryRun {
            try await engine.discardImport(job.id)
        } else if counts.refused > 0 {
            try await writeRejects(of: job, engine, language)
        }
        return counts.refused
    }

    /// The import of this file that was broken off, or a new one.
    private func job(for target: CheckedObject, _ engine: Engine, _ language: Language) async throws -> ImportJob {
        // The file area takes what is given; the person's own file stays where it is.
        let token = engine.world.entropy.bytes(12).map { String($0, radix: 36) }.joined()
        let upload = try engine.store.files.newUploadPath(token: token)
        do {
            try FileManager.default.copyItem(atPath: file, toPath: upload)
        } catch {
            throw Ending(Ending.worldsTrouble, Words(zh: "不能复制 \(file)：\(error.localizedDescription)", en: "cannot copy \(file): \(error.localizedDescription)"), in: language)
        }
        defer { try? FileManager.default.removeItem(atPath: upload) }
        let reading = TableFile.Reading(sheet: sheet == 1 ? nil : sheet - 1)
        let job = try await engine.newImport(
            uploadAt: upload, named: URL(fileURLWithPath: file).lastPathComponent, into: target.id, reading: reading, by: .system)
        var settings = engine.settings(of: job)
        do {
            settings.columns = try columns(for: try engine.preview(of: job), target, language)
            settings.match = match
            settings.found = found.meant
            let decided = try await engine.decide(job.id, settings)
            guard !dryRun else { return decided }
            let broken = try await engine.importJobs(of: target.id, limit: 50).first {
                $0.id != job.id && $0.by == nil && [.running, .stopped].contains($0.state) && $0.file == job.file && engine.settings(of: $0) == settings
            }
            guard let broken else { return decided }
            try await engine.discardImport(job.id)
            Terminal.error(Words(zh: "接着上次导入，从第 \(broken.position + 1) 行数据开始\n", en: "going on with an import that was broken off, from data row \(broken.position + 1)\n")[language])
            return broken
        } catch {
            try? await engine.discardImport(job.id)
            throw error
        }
    }

    /// The field of each column: by `--map`, else by name. A name that means nothing is an error, as it may be a slip.
    private func columns(for preview: ImportPreview, _ target: CheckedObject, _ language: Language) throws -> [String?] {
        let mapping = try mapping(for: target, language)
        var unknown: [String] = []
        let columns = zip(preview.header, preview.guess).map { header, guess -> String? in
            if let mapped = mapping?[header] { return mapped }
            if guess == nil, !target.fields.contains(where: { $0.name == header || $0.label.zh == header || $0.label.en == header }),
                !["", "原因", "reason"].contains(header) { unknown.append(header) }
            return guess
        }
        guard unknown.isEmpty else {
            let known = target.fields.filter { $0.isWritable && !$0.isSystem }
            throw Violation(.unknownField, Words(
                zh: "“\(target.label.zh)”没有字段：\(unknown.joined(separator: "、"))。可用的列：\(known.map(\.label.zh).joined(separator: "、"))。不要的列请在 --map 里写 null",
                en: "\(target.label.en) has no field \(unknown.map { "`\($0)`" }.joined(separator: ", ")). Columns can be: \(known.map(\.name).joined(separator: ", ")); send others to null in --map"))
        }
        return columns
    }

    private func mapping(for target: CheckedObject, _ language: Language) throws -> [String: String?]? {
        guard let map else { return nil }
        guard let text = FileManager.default.contents(atPath: map), let members = try? JSONValue.parse(Array(text)).asObject else {
            throw Ending(Ending.wrongUsage, Words(zh: "--map 应为 JSON 对象文件", en: "--map is a file with a JSON object"), in: language)
        }
        var mapping: [String: String?] = [:]
        for member in members {
            if member.value.isNull {
                mapping[member.name] = .some(nil)
            } else if let name = member.value.asString, let field = target.field(named: name) {
                mapping[member.name] = field.name
            } else {
                throw Ending(
                    Ending.wrongUsage,
                    Words(zh: "--map 中 `\(member.name)` 对应的字段不存在", en: "--map sends `\(member.name)` to a field that does not exist"), in: language)
            }
        }
        return mapping
    }

    /// Rows are told as they are read, so a million of them take no more memory than some.
    private func tell(_ job: ImportJob, _ engine: Engine, _ language: Language) async throws {
        let counts = dryRun ? job.found ?? job.counts : job.counts
        switch format.format {
        case .json:
            let preview = try engine.preview(of: job)
            let encoding = if case .csv(let format) = preview.format { format.encoding.rawValue } else { "XLSX" }
            Terminal.out(
                "{\"import\":\(job.id),\"encoding\":\(JSONValue.string(encoding).text()),\"created\":\(counts.created),\"updated\":\(counts.updated),"
                    + "\"skipped\":\(counts.skipped),\"refused\":\(counts.refused),\"rows\":[")
            var isFirst = true
            try await eachResult(of: job, engine) { result in
                Terminal.out((isFirst ? "\n" : ",\n") + json(result, engine.app, language).text())
                isFirst = false
            }
            Terminal.out("\n]}\n")
        case .text:
            try await eachResult(of: job, engine) { result in
                guard case .refused(let violations) = result.fate else { return }
                for violation in violations { Terminal.out("\(file):\(result.line): \(violation.told(in: engine.app, language))\n") }
            }
            let updated = counts.updated + counts.skipped == 0 ? Words(same: "") : Words(
                zh: "，更新 \(counts.updated) 行，跳过 \(counts.skipped) 行", en: ", updated \(counts.updated), skipped \(counts.skipped)")
            let fine = counts.all - counts.refused
            Terminal.out(
                (dryRun
                    ? Words(
                        zh: "\(fine) 行可导入，\(counts.refused) 行有问题（未写入）：新建 \(counts.created)\(updated.zh)\n",
                        en: "\(fine) rows are fine, \(counts.refused) are not (nothing was written): new \(counts.created)\(updated.en)\n")
                    : Words(
                        zh: "已导入 \(counts.created) 行\(updated.zh)，拒绝 \(counts.refused) 行\n",
                        en: "imported \(counts.created) rows\(updated.en), refused \(counts.refused)\n"))[language])
        }
    }

    private func eachResult(of job: ImportJob, _ engine: Engine, _ act: (ImportRowResult) throws -> Void) async throws {
        var number: Int? = 0
        while let from = number {
            let (results, next) = try await engine.importResults(of: job, dryRun ? .check : .run, from: from, limit: 5)
            for result in results { try act(result) }
            number = next
        }
    }

    private func json(_ result: ImportRowResult, _ app: CompiledApp, _ language: Language) -> JSONValue {
        let line = JSONValue.Member("line", .int(result.line))
        return switch result.fate {
        case .created(let id, _): .object([line, .init("ok", .bool(true)), .init("id", .string(app.text(of: id)))])
        case .updated(let id, _): .object([line, .init("ok", .bool(true)), .init("id", .string(app.text(of: id))), .init("updated", .bool(true))])
        case .skipped(let id), .takenBack(let id, _), .kept(let id, _):
            .object([line, .init("ok", .bool(true)), .init("id", .string(app.text(of: id))), .init("skipped", .bool(true))])
        case .refused(let violations):
            .object([line, .init("ok", .bool(false)), .init("violations", RecordJSON(app: app, language: language).violations(violations))])
        }
    }

    private func writeRejects(of job: ImportJob, _ engine: Engine, _ language: Language) async throws {
        let format: TableFormat = if case .workbook = try engine.preview(of: job).format { .xlsx } else { .csv }
        let path = "\(file).rejects.\(format.rawValue)"
        let output = try OutputFile(path, language: language)
        try await engine.writeRejects(of: job, as: format, language: language) { try output.write($0) }
        try output.finish()
        Terminal.error(Words(zh: "被拒绝的行写在 \(path)\n", en: "the refused rows are in \(path)\n")[language])
    }
}
