import Engine
import Formula
import Foundation
import Model
import Program
import Scenarios
import SourceText
import Storage
import StorageSQLite

/// A year of an app that acts by itself, on a virtual clock.
enum Simulating {
    private static let days: Int64 = 365

    static func run(records: Int) async throws -> [Line] {
        let name = "a year of apps/crm with \(records) records"
        guard FileManager.default.fileExists(atPath: "apps/crm/app.yaml") else { return [Line(skipped: name, why: "no apps/crm below this folder")] }
        let first = try await year(records: records), second = try await year(records: records)
        guard first.digest == second.digest else { throw Failed("two simulations of the same year differ") }
        return [
            Line("\(name): \(first.runs) runs, CPU", min(first.cpu, second.cpu), "s", decimals: 1, aim: 10),
            Line("\(name): by the clock", min(first.seconds, second.seconds), "s", decimals: 1, aim: 10),
            Line("\(name): loading them before, CPU", min(first.loading, second.loading), "s", decimals: 1, aim: nil),
        ]
    }

    private static func year(records: Int) async throws -> (seconds: Double, cpu: Double, loading: Double, runs: Int, digest: UInt64) {
        let folder = "apps/crm"
        let files = FileManager.default
        let paths = (files.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).sorted()
        var sources = SourceSet()
        for path in paths where path.hasSuffix(".yaml") { sources.add(path: path, text: try String(contentsOfFile: folder + "/" + path, encoding: .utf8)) }
        let (app, diagnostics) = compile(sources)
        guard let app else { throw Failed(DiagnosticText(sources: sources, language: .en).render(diagnostics)) }
        guard let begun = Instant(local: "2026-01-05 09:00", in: app.model.zone) else { throw Failed("no such day") }
        let clock = VirtualClock(at: begun)
        let world = World(clock: clock, entropy: SeededEntropy(seed: 1))
        let store = try SQLiteStore.inMemory(app: app, world: world)
        let engine = Engine(app: app, store: store, world: world)
        let beforeLoading = cpuMicroseconds()
        _ = try await engine.loadDemo(
            files: paths.filter { $0.hasPrefix("data/") && $0.hasSuffix(".csv") }.map { ($0, Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0)))) })
        _ = try await engine.growDemo(to: records)
        let loading = (cpuMicroseconds() - beforeLoading) / 1e6
        let start = wallSeconds(), before = cpuMicroseconds()
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        let report = try await Simulation(engine: engine, clock: clock).run(
            to: Instant(microseconds: begun.microseconds + days * Microseconds.perDay),
            each: { line in for byte in line.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 } })
        let seconds = wallSeconds() - start, cpu = (cpuMicroseconds() - before) / 1e6
        await store.close()
        return (seconds, cpu, loading, report.lines.reduce(0) { $0 + $1.count }, digest)
    }
}
