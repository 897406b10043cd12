import ArgumentParser
import Crypto
import Engine
import Formula
import Foundation
import JSON
import Model
import Program
import Scenarios
import SourceText
import Storage
import StorageSQLite

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "在数据的副本上快进时间，看自动化会做什么 · moves a virtual clock over a copy of the data and tells what the app did by itself",
        discussion: "例 · Example: weir simulate apps/crm --for 30d")

    @Argument(help: "应用文件夹 · the app's folder") var app: String
    @Option(name: .customLong("for"), help: "多久，如 30d · how long, such as 30d") var length: String
    @Option(help: "数据目录，只读其副本 · a data folder, of which a copy is used; without one the demo data") var data: String?
    @Flag(help: "用演示数据 · the demo data") var demo = false
    @Option(help: "把演示数据复制到约这么多条记录 · copies the demo data until there are about so many records") var records: Int?
    @Option(help: "从何时开始，如 2026-01-05 09:00 · when it begins; now for a data folder") var from: String?
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let language = common.language
        let folder = try AppFolder(app, language: language)
        let compiled = try folder.compiled(language: language)
        let zone = compiled.model.zone
        guard data == nil || !demo else {
            throw Ending(Ending.wrongUsage, Words(zh: "--data 与 --demo 只用一个", en: "use --data or --demo, not both"), in: language)
        }
        guard data == nil || records == nil else {
            throw Ending(Ending.wrongUsage, Words(zh: "--records 只用于演示数据", en: "--records goes with the demo data only"), in: language)
        }
        guard (1...Self.mostRecords).contains(records ?? 1) else {
            throw Ending(Ending.wrongUsage, Words(zh: "--records 应为 1 到 \(Self.mostRecords)", en: "--records is a number from 1 to \(Self.mostRecords)"), in: language)
        }
        let start = try from.map { text in
            guard let instant = Instant(local: text, in: zone) else {
                throw Ending(Ending.wrongUsage, Words(zh: "“\(text)”不是时间", en: "`\(text)` is no time; write one like 2026-01-05 09:00"), in: language)
            }
            return instant
        }
        let clock = VirtualClock(at: start ?? (data == nil ? Self.ordinaryMonday(in: zone) : SystemClock().now()))
        let begun = clock.now()
        guard let end = Delay(length).flatMap({ $0.due(after: begun, in: zone, by: compiled.model.calendar) }) else {
            throw Ending(Ending.wrongUsage, Words(zh: "“\(length)”不是一段时间，例如 30d", en: "`\(length)` is no length of time; write one like 30d"), in: language)
        }
        let world = World(clock: clock, entropy: SeededEntropy(seed: 1))
        var copy: String?
        defer { if let copy { try? FileManager.default.removeItem(atPath: copy) } }
        let store: SQLiteStore
        if let data {
            let token = SystemEntropy().bytes(8).map { String($0, radix: 36) }.joined()
            let target = FileManager.default.temporaryDirectory.appendingPathComponent("weir-simulate-\(token)").path
            copy = target
            let lines = CopyLines(language)
            _ = try Backup.make(ofFolder: data, to: target, at: begun) { lines.show($0, $1, $2) }
            store = try SQLiteStore.open(folder: target, app: compiled, world: world)
        } else {
            store = try SQLiteStore.inMemory(app: compiled, world: world)
        }
        let engine = Engine(app: compiled, store: store, world: world)
        if data == nil {
            _ = try await engine.loadDemo(files: folder.demoFiles())
            if let records { _ = try await engine.growDemo(to: records) }
        }
        let progress = ProgressLine(Words(zh: "模拟", en: "simulating"), in: language)
        let days = Int((end.microseconds - begun.microseconds) / Microseconds.perDay)
        var hash = SHA256()
        let report: Simulation.Report
        do {
            report = try await Simulation(engine: engine, clock: clock).run(to: end) { instant in
                progress.show(Int((instant.microseconds - begun.microseconds) / Microseconds.perDay), of: days)
                return true
            } each: { line in
                hash.update(data: Data(line.utf8))
                hash.update(data: Data([10]))
            }
        } catch {
            await store.close()
            throw error
        }
        progress.show(days, of: days)
        await store.close()
        let digest = hash.finalize().map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        switch format.format {
        case .json: Terminal.out(report.json(in: language, digest: digest).text(pretty: true) + "\n")
        case .text: Terminal.out(report.text(in: language, zone: zone, digest: digest))
        }
    }

    /// In memory; more would not tell more.
    private static let mostRecords = 1_000_000

    /// 2026-01-05 09:00: demo data is as old as it says, whenever it is simulated.
    private static func ordinaryMonday(in zone: Zone) -> Instant {
        guard let instant = Instant(local: "2026-01-05 09:00", in: zone) else { preconditionFailure("a day of the calendar") }
        return instant
    }
}
