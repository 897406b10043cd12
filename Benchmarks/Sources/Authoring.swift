import BenchmarkFloor
import Engine
import Foundation
import Program
import SchemaPlan
import SourceText
import Storage
import StorageSQLite

/// What an author waits for.
enum Authoring {
    /// Reading and checking an app, the best of a few runs as a command line has it: the files are in memory.
    static func check(lines: Int) throws -> Line {
        let (sources, count) = LargeApp.sources(lines: lines)
        var best = Double.infinity
        for _ in 0..<5 {
            let start = wallSeconds()
            let (app, diagnostics) = compile(sources)
            best = min(best, wallSeconds() - start)
            guard app != nil, diagnostics.isEmpty else {
                throw Failed("the generated app is wrong:\n" + DiagnosticText(sources: sources, language: .en).render(diagnostics))
            }
        }
        return Line("check an app of \(count) lines, elapsed", best * 1_000, "ms", decimals: 0, aim: 200)
    }

    private static func app(adding lines: String) throws -> CompiledApp {
        var sources = SourceSet()
        let text = BenchApp.text.replacingOccurrences(of: "      title: { formula: name & ' / ' & code }\n", with: "      title: { formula: name & ' / ' & code }\n" + lines)
        sources.add(path: "app.yaml", text: text)
        let (app, diagnostics) = compile(sources)
        guard let app else { throw Failed(DiagnosticText(sources: sources, language: .en).render(diagnostics)) }
        return app
    }

    /// A new field and a new computed one where many records stand: what a start with the new version takes.
    static func addFields(to records: Int) async throws -> Line {
        try await withFolder { folder in
            try await Records.prepare(folder)
            let floor = try await Floor(folder: folder)
            try floor.create(first: 1, count: records, batch: 1_000)
            let next = try app(adding: "      probability: percent\n      doubled: { type: money, formula: amount * 2 + weighted }\n")
            let start = wallSeconds()
            let store = try await StorageSQLite.open(folder: folder, app: next, world: BenchWorld.make())
            let seconds = wallSeconds() - start
            guard store.appliedPlan.changes.count == 3 else { throw Failed("the plan is another one:\n" + store.appliedPlan.text(in: .en)) }
            await store.close()
            return Line("add a field and a computed one to \(records) records, elapsed", seconds, "s", decimals: 2, aim: 1)
        }
    }

    /// From the text of a new version to the store that runs it, as a server that follows its files does, on a small database.
    static func reload() async throws -> Line {
        try await withFolder { folder in
            try await Records.prepare(folder)
            let world = BenchWorld.make()
            var store = try await StorageSQLite.open(folder: folder, app: BenchApp.app, world: world)
            var best = Double.infinity
            for number in 0..<5 {
                let lines = (0...number).map { "      extra\($0): { type: money, formula: amount * \($0 + 2) }\n" }.joined()
                let start = wallSeconds()
                let next = try app(adding: lines)
                guard try await store.plan(for: next).changes.count == 2 else { throw Failed("the plan is another one") }
                store = try await store.advanced(to: next, world: world)
                best = min(best, wallSeconds() - start)
            }
            await store.close()
            return Line("take over an additive change while running, elapsed", best * 1_000, "ms", decimals: 1, aim: 100)
        }
    }
}
