import ArgumentParser
import Engine
import Formula
import Foundation
import JSON
import Program
import SchemaPlan
import SourceText
import Storage
import StorageSQLite

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "发布前预览：会改什么、影响多少条记录 · what publishing would change, and how many records it concerns; changes nothing",
        discussion: "例 · Example: weir plan apps/crm --data .weir/crm")

    @Argument(help: "应用文件夹 · the app's folder") var app: String
    @OptionGroup var data: DataOptions
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let language = common.language
        let compiled = try AppFolder(app, language: language).compiled(language: language)
        let folder = data.path(for: compiled)
        var trial = try PlanTrial(folder: folder, app: compiled)
        var inspection: Inspection?
        var earlier: [EarlierRuns] = []
        if trial.refusals.isEmpty, FileManager.default.fileExists(atPath: folder) {
            (inspection, earlier) = try await rehearse(&trial, folder, compiled)
        }
        let report = PlanReport(trial: trial, inspection: inspection, earlier: earlier, app: compiled)
        switch format.format {
        case .json: Terminal.out(report.json(language).text(pretty: true) + "\n")
        case .text: Terminal.out(report.text(language))
        }
        if !trial.refusals.isEmpty { throw Ending(Ending.authorsTrouble, in: language) }
    }

    /// On a copy in the system's folder for temporary files.
    private func rehearse(_ trial: inout PlanTrial, _ folder: String, _ compiled: CompiledApp) async throws -> (Inspection?, [EarlierRuns]) {
        let world = World.real()
        let language = common.language
        let copying = ProgressLine(Words(zh: "复制数据", en: "copying the data"), in: language)
        let computing = ProgressLine(Words(zh: "试算公式", en: "computing formulas"), in: language)
        let checking = ProgressLine(Words(zh: "检查规则", en: "checking the rules"), in: language)
        let token = world.entropy.bytes(8).map { String($0, radix: 36) }.joined()
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("weir-plan-\(token)").path
        var inspection: Inspection?
        var earlier: [EarlierRuns] = []
        try await trial.rehearse(
            folder: folder, app: compiled, world: world, scratch: scratch, copying: { copying.show($0, of: $1) },
            computing: { _, done, all in computing.show(done, of: all) }
        ) { store in
            let engine = Engine(app: compiled, store: store, world: world)
            inspection = try await engine.inspect([.rules]) { checking.show($0, of: $1) }
            earlier = try await engine.earlierRuns()
        }
        return (inspection, earlier)
    }
}
