import ArgumentParser
import Engine
import Foundation
import JSON
import Program
import Scenarios
import SourceText
import Storage
import StorageSQLite

struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "运行应用的场景测试 · run an app's scenarios in memory and virtual time",
        discussion: "例 · Example: weir test apps/crm --only gate")

    @Argument(help: "应用文件夹 · the app's folder") var app: String
    @Option(help: "只运行名称含此文字的测试 · only tests whose name has this") var only: String?
    @Flag(help: "哪些规则、条件、计时和步骤没有测到 · which rules, gates, rungs and steps no test reached") var coverage = false
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let language = common.language
        let folder = try AppFolder(app, language: language)
        let compiled = try folder.compiled(language: language)
        let covered = coverage ? Coverage() : nil
        let runner = ScenarioRunner(app: compiled, sources: folder.sources, stopwatch: Self.seconds, coverage: covered) { world in
            try SQLiteStore.inMemory(app: compiled, world: world)
        }
        let report = try await runner.run(only: only)
        if let only, report.tests.isEmpty {
            throw Ending(Ending.wrongUsage, Words(zh: "没有名称含“\(only)”的测试", en: "no test has `\(only)` in its name"), in: language)
        }
        let reached = covered.map { CoverageReport($0, of: compiled, sources: folder.sources) }
        switch format.format {
        case .json: Terminal.out(report.json(in: language, coverage: reached).text(pretty: true) + "\n")
        case .text:
            if let reached { Terminal.out(reached.text(in: language)) }
            Terminal.out(report.text(in: language))
        }
        if report.failed > 0 { throw Ending(Ending.authorsTrouble, in: language) }
    }

    private static let seconds: @Sendable () -> Double = {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
