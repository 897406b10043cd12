import Engine
import Formula
import JSON
import Foundation
import Program
import Scenarios
import SourceText
import Storage
import StorageSQLite
import Testing

/// An app from the texts of its files.
func app(_ files: [String: String]) throws -> (CompiledApp, SourceSet) {
    var sources = SourceSet()
    for (path, text) in files.sorted(by: { $0.key < $1.key }) { sources.add(path: path, text: text) }
    let (app, report) = compile(sources)
    return (try #require(app, "\(report.found.map { "\($0.code): \($0.message.en) at \(sources.description(of: $0.span))" })"), sources)
}

func run(_ text: String, only: String? = nil) async throws -> ScenarioReport {
    let (app, sources) = try app(["app.yaml": text])
    return try await ScenarioRunner(app: app, sources: sources) { try SQLiteStore.inMemory(app: app, world: $0) }.run(only: only)
}

@Suite struct CRMScenarios {
    /// Every file of `apps/crm` as an author has it.
    static func sources() throws -> SourceSet {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("apps/crm")
        var sources = SourceSet()
        let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String }.filter { $0.hasSuffix(".yaml") }.sorted() ?? []
        for path in paths { sources.add(path: path, bytes: Array(try Data(contentsOf: root.appendingPathComponent(path)))) }
        return sources
    }

    @Test func theExampleAppKeepsItsPromises() async throws {
        let sources = try Self.sources()
        let (compiled, report) = compile(sources)
        let app = try #require(compiled, "\(report.found.map { "\($0.code): \($0.message.en) at \(sources.description(of: $0.span))" })")
        let result = try await ScenarioRunner(app: app, sources: sources) { try SQLiteStore.inMemory(app: app, world: $0) }.run()
        #expect(result.failed == 0, "\(result.text(in: .zh))")
        #expect(result.passed >= 10)
    }
}

private let small = """
    app: { name: small, version: 1.0.0, timezone: Asia/Shanghai }
    roles:
      sales: { label: 销售 }
      boss: { label: 主管, includes: sales }
    objects:
      task_list:
        shows: "{name}"
        fields:
          name: { type: text, required: yes }
          size: { type: number, decimals: 0 }
          double: { formula: size * 2 }
          maker: { type: link, to: user, default: =me }
          due: { type: datetime }
          late: { formula: now() > due }
          words: tags
          stage:
            type: stage
            stages:
              open: {}
              closed: { end: won, enter: { sized: { must: size > 0, say: { zh: 请填数量, en: Say how many } }, named: { must: len(name) > 2 } } }
        rules:
          few: { must: size < 100, if: size is not blank, say: { zh: 太多, en: too many } }

    """

@Suite struct RunnerTests {
    private func failure(_ test: String) async throws -> String {
        let report = try await run(small + "tests:\n  t:\n" + test.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)\n" }.joined())
        return report.tests[0].failure?.en ?? "passed"
    }

    @Test func allStepsOfAGoodDay() async throws {
        let result = try await failure("""
            at: 2026-03-02 09:00
            given:
              user: { 小王: { role: sales }, 老李: { role: boss } }
              task_list: { 旧: { name: 旧的, size: 3, stage: closed } }
            steps:
              - expect: { double: 6, maker: ~ }
              - create: task_list
                as: 小王
                name: 一
                with: { name: 一号, size: 2, due: 2026-03-02 10:00, words: [b, a] }
              - expect: { maker: 小王, double: 4, late: no, words: [a, b] }
              - wait: 61min
              - expect: { late: yes }
              - edit: 旧
                with: { size: "=size + 1" }
              - expect: { size: "=2 + 2" }
                of: 旧
              - { move: closed, of: 一 }
              - expect held: [named]
              - { edit: 一, as: boss, with: { size: 200 } }
              - expect refused: [few]
              - { edit: 一, as: boss, with: { name: 一号表 } }
              - { move: closed, of: 一 }
              - expect: { stage: closed, size: 2 }
              - delete: 旧
            """)
        #expect(result == "passed")
    }

    @Test func sayWhatWasExpectedWhatCameAndWhy() async throws {
        #expect(
            try await failure("""
                steps:
                  - create: task_list
                    with: { name: abc, size: 4 }
                  - expect: { double: 9, name: abd }
                """)
                == "app.yaml:28: expected `double` to be 9, it is 8; its formula is size * 2, size = 4\nexpected `name` to be abd, it is abc")
        #expect(
            try await failure("""
                steps:
                  - create: task_list
                    with: { name: abc, size: 400 }
                  - expect: { size: 400 }
                """) == "app.yaml:26: it was refused: too many")
        let held = try await failure("""
            steps:
              - create: task_list
                with: { name: ab }
              - move: closed
              - expect held: [sized]
            """)
        #expect(held.hasPrefix("app.yaml:29: expected the conditions that hold it to be sized, found sized, named: the gate holds it: sized (Say how many); named ("))
        let open = try await failure("""
            steps:
              - create: task_list
                with: { name: abc, size: 1 }
              - move: closed
              - expect held: [sized]
            """)
        #expect(open == "app.yaml:29: expected the gate to hold it for sized, but: it went through")
    }

    @Test func reportsAsTextAndJSON() async throws {
        let report = try await run(small + """
            tests:
              good one:
                steps:
                  - { create: task_list, with: { name: a } }
                  - expect: { double: 0 }
              bad one:
                steps:
                  - { create: task_list, with: { name: a } }
                  - expect: { name: b }
            """)
        #expect(report.passed == 1 && report.failed == 1)
        #expect(report.text(in: .zh).hasSuffix("1 passed, 1 failed\n"))
        #expect(
            report.json(in: .zh).text()
                == #"{"passed":1,"failed":1,"tests":[{"name":"good one","ok":true,"seconds":0.000,"message":null},{"name":"bad one","ok":false,"seconds":0.000,"message":"app.yaml:31: “name”应为 b，实际为 a"}]}"#)
        let one = try await run(small + "tests:\n  good one:\n    steps:\n      - { create: task_list, with: { name: a } }\n      - expect: { double: 0 }\n", only: "good")
        #expect(one.tests.map(\.name) == ["good one"])
    }

    @Test func theSameTwice() async throws {
        let (app, sources) = try app(["app.yaml": small + "tests:\n  t:\n    steps:\n      - { create: task_list, with: { name: a } }\n      - expect: { double: 0 }\n"])
        let runner = ScenarioRunner(app: app, sources: sources) { try SQLiteStore.inMemory(app: app, world: $0) }
        #expect(try await runner.run().text(in: .en) == (try await runner.run().text(in: .en)))
        #expect(SeededEntropy(seed: 5).bytes(20) == SeededEntropy(seed: 5).bytes(20))
        #expect(SeededEntropy(seed: 5).bytes(20) != SeededEntropy(seed: 6).bytes(20))
    }
}
