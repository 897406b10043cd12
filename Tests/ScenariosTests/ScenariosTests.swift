import Engine
import Formula
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
