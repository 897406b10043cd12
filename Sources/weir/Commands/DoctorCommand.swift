import ArgumentParser
import Engine
import Formula
import Foundation
import HTTPService
import JSON
import Model
import Program
import SchemaPlan
import SourceText
import Storage
import StorageSQLite

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "体检：逐项检查，每个问题附解决办法 · the check-up of a data folder, each finding with its fix; changes nothing",
        discussion: "例 · Example: weir doctor apps/crm --data .weir/crm --full")

    @Argument(help: "应用文件夹；给出时还检查结构与公式 · the app's folder; with it the schema and the formulas are checked too") var app: String?
    @Option(help: "数据目录，默认 .weir/应用名 · the data folder, by default .weir/APP") var data: String?
    @Flag(help: "检查全部记录和文件内容，而不是抽样 · every record and the content of every file, not a sample") var full = false
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    /// Records of an object that are recomputed without `--full`.
    private static let sample = 500

    func run() async throws {
        let language = common.language
        let compiled = try app.map { try AppFolder($0, language: language).compiled(language: language) }
        guard let folder = data ?? compiled.map({ ".weir/\($0.model.name)" }) else {
            throw Ending(Ending.wrongUsage, Words(zh: "请给出应用文件夹或 --data", en: "give an app's folder, or --data"), in: language)
        }
        let limit = Accounts.sessionsOverBefore(SystemClock().now())
        var checks = try FolderInspection(folder: folder, sessionsOverBefore: limit, readsFiles: full).run()
        if let compiled { checks += try await appChecks(compiled, folder, language) } else { checks += Self.withoutApp }
        show(checks, language)
        let trouble = checks.contains { $0.findings.contains { $0.severity == .trouble } }
        if trouble { throw Ending(Ending.authorsTrouble, in: language) }
    }

    private static let schemaTitle = Words(zh: "表结构与应用一致", en: "the tables are what the app wants")
    private static let formulasTitle = Words(zh: "存储的公式值正确", en: "stored formulas are what they give now")

    private static var withoutApp: [HealthCheck] {
        let why = Words(zh: "需要应用定义：weir doctor 应用文件夹 --data …", en: "this needs the app: weir doctor APP --data …")
        return [HealthCheck("schema", schemaTitle, skipped: why), HealthCheck("formulas", formulasTitle, skipped: why)]
    }

    private func appChecks(_ app: CompiledApp, _ folder: String, _ language: Language) async throws -> [HealthCheck] {
        let plan = try PlanTrial(folder: folder, app: app)
        guard plan.steps.isEmpty else {
            let finding = Finding(
                .notice,
                Words(zh: "数据目录还差 \(plan.steps.count) 步才与应用一致", en: "the data folder is \(plan.steps.count) steps behind the app"),
                fix: Words(zh: "weir plan 查看，weir serve 启动时执行", en: "weir plan shows them, weir serve carries them out when it starts"),
                count: plan.steps.count)
            return [
                HealthCheck("schema", Self.schemaTitle, findings: [finding]),
                HealthCheck("formulas", Self.formulasTitle, skipped: Words(zh: "先让结构一致", en: "the tables come first")),
            ]
        }
        let progress = ProgressLine(Words(zh: "重算公式", en: "recomputing"), in: language)
        let engine = try await data(folder).openForReading(app, language: language)
        let inspection = try await engine.inspect([.formulas], sample: full ? nil : Self.sample) { progress.show($0, of: $1) }
        await engine.store.close()
        let findings = inspection.drifts.map { drift in
            let examples = drift.examples.map { app.text(of: $0) }.joined(separator: ", ")
            let name = "`\(app.model[drift.field.object].name).\(app.model[drift.field].name)`"
            return Finding(
                .trouble,
                Words(
                    zh: "\(name) 有 \(drift.count) 条记录的存储值与公式不符（如 \(examples)）",
                    en: "\(name): \(drift.count) stored values are not what the formula gives (such as \(examples))"),
                fix: Words(zh: "数据库可能被其他程序改过；编辑并保存这些记录即重算，或恢复备份", en: "another program may have written to the database; saving these records computes them anew, or put back a backup"),
                count: drift.count)
        }
        let detail = Words(zh: "查了 \(inspection.seen)/\(inspection.total) 条记录", en: "\(inspection.seen) of \(inspection.total) records")
        return [HealthCheck("schema", Self.schemaTitle, findings: []), HealthCheck("formulas", Self.formulasTitle, findings: findings, detail: detail)]
    }

    private func data(_ folder: String) throws -> DataOptions { try DataOptions.parse(["--data", folder]) }

    // MARK: Printing

    private func show(_ checks: [HealthCheck], _ language: Language) {
        switch format.format {
        case .json:
            let trouble = checks.contains { $0.findings.contains { $0.severity == .trouble } }
            Terminal.out(JSONValue.object([.init("ok", .bool(!trouble)), .init("checks", .array(checks.map { json($0, language) }))]).text(pretty: true) + "\n")
        case .text: Terminal.out(checks.map { text($0, language) }.joined() + summary(checks)[language] + "\n")
        }
    }

    private func text(_ check: HealthCheck, _ language: Language) -> String {
        if let skipped = check.skipped {
            return Words(zh: "- \(check.title.zh)：\(skipped.zh)\n", en: "- \(check.title.en): \(skipped.en)\n")[language]
        }
        let isTrouble = check.findings.contains { $0.severity == .trouble }
        let mark = isTrouble ? "✗" : check.findings.isEmpty ? "✓" : "!"
        let detail = check.detail.map { Words(zh: "（\($0.zh)）", en: " (\($0.en))")[language] } ?? ""
        var text = "\(mark) \(check.title[language])\(detail)\n"
        for finding in check.findings { text += "    \(finding.words[language])\n    → \(finding.fix[language])\n" }
        return text
    }

    private func summary(_ checks: [HealthCheck]) -> Words {
        let findings = checks.flatMap(\.findings)
        let trouble = findings.count { $0.severity == .trouble }, notices = findings.count - trouble
        return Words(
            zh: "\(checks.count { $0.skipped == nil }) 项检查：\(trouble) 个故障，\(notices) 个提醒",
            en: "\(checks.count { $0.skipped == nil }) checks: \(trouble) troubles, \(notices) notices")
    }

    private func json(_ check: HealthCheck, _ language: Language) -> JSONValue {
        .object([
            .init("code", .string(check.code)), .init("title", .string(check.title[language])),
            .init("skipped", .string(orNull: check.skipped?[language])), .init("detail", .string(orNull: check.detail?[language])),
            .init(
                "findings",
                .array(
                    check.findings.map { finding in
                        .object([
                            .init("severity", .string(finding.severity.rawValue)), .init("message", .string(finding.words[language])),
                            .init("fix", .string(finding.fix[language])), .init("count", .int(finding.count)),
                        ])
                    })),
        ])
    }
}
