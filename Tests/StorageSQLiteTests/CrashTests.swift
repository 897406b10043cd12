import Formula
import Foundation
import GRDB
import Model
import Program
import SchemaPlan
import Storage
import StorageSQLite
import TestKit
import Testing

/// Kill -9 at every commit point: what was acknowledged is there wholly, and what was not is there wholly or not at all.
@Suite struct Crashes {
    /// A kill: where, how often it is passed before, and what is written.
    struct Kill: CustomTestStringConvertible, Sendable {
        let point: CommitPoint
        let count: Int
        let seed: UInt64
        var testDescription: String { "\(point), time \(count), seed \(seed)" }
    }

    /// `seeds` kills at each of the points, after a number of passes that the seed chooses from `passes`.
    static func kills(at points: [CommitPoint], seeds: UInt64, passes: ClosedRange<Int>) -> [Kill] {
        points.flatMap { point in
            (1...seeds).map { seed in
                var random = RepeatableRandom(seed: seed &* 31 &+ UInt64(point.rawValue))
                return Kill(point: point, count: Int.random(in: passes, using: &random), seed: seed)
            }
        }
    }

    static let storePoints: [CommitPoint] = [
        .transactionBegun, .rowWritten, .sideTablesWritten, .historyWritten, .auditWritten, .visitWritten, .effectWritten, .requestRemembered,
        .savepointReleased, .beforeCommit, .afterCommit, .beforeReply,
    ]

    @Test("T01: works of the store", arguments: kills(at: storePoints, seeds: 3, passes: 1...40)) func worksOfTheStore(_ kill: Kill) async throws {
        try await TestFiles.withFolder { folder in
            let acknowledged = try Child.run("store", folder, kill, limit: 3_000)
            let store = try await StorageSQLite.open(folder: folder, app: SampleApp.app, world: TestWorld.make())
            let rows = try await store.read { try $0.rows(of: SampleApp.deal) }
            let numbers = Set(rows.map(\.id.number))
            for line in acknowledged {
                let number = try #require(Int64(line.dropFirst("deal ".count)))
                #expect(numbers.contains(number), "deal \(number) was acknowledged and is lost")
            }
            for row in rows {
                #expect(row == CrashWork.deal(row.id.number, seed: kill.seed), "deal \(row.id.number) is not as it was written")
                let (history, visits, response) = try await store.read { transaction in
                    (
                        try transaction.history(of: row.id, limit: 10, before: nil), try transaction.visits(of: row.id),
                        try transaction.response(to: RequestKey(key: "deal-\(row.id.number)", user: nil))
                    )
                }
                #expect(history.map(\.changes) == [CrashWork.history(of: row).changes])
                #expect(visits.map(\.stage) == ["lead"])
                #expect(response?.record == row.id)
            }
            let audit = try await store.read { try $0.audit(limit: 10_000, before: nil) }
            #expect(Set(audit.compactMap(\.record?.number)) == numbers)
            #expect(audit.map(\.sequence) == Array((1...Int64(max(rows.count, 1))).reversed().suffix(rows.count)))
            await store.close()
            try Database.expectWhole(folder, deals: rows, of: SampleApp.deal)
        }
    }

    static let enginePoints: [CommitPoint] = [
        .transactionBegun, .rowWritten, .sideTablesWritten, .historyWritten, .auditWritten, .propagated, .visitWritten, .requestRemembered,
        .beforeCommit, .afterCommit, .beforeReply,
    ]

    @Test("T01: saves of the engine", arguments: kills(at: enginePoints, seeds: 2, passes: 1...30)) func savesOfTheEngine(_ kill: Kill) async throws {
        try await TestFiles.withFolder { folder in
            let acknowledged = try Child.run("engine", folder, kill, limit: 500)
            let app = CrashWork.orders
            let store = try await StorageSQLite.open(folder: folder, app: app, world: TestWorld.make())
            let kept = try await Orders.read(store)
            for line in acknowledged {
                let parts = line.split(separator: " ")
                let number = try #require(Int64(parts[1]))
                if parts[0] == "line" {
                    #expect(kept.lines.contains { $0.id.number == number }, "line \(number) was acknowledged and is lost")
                } else {
                    let order = try #require(kept.orders.first { $0.id.number == number }, "order \(number) was acknowledged and is lost")
                    if parts[2] == "move" || parts[2] == "edit" { #expect(kept.state(order) == "paid") }
                    if parts[2] == "edit" { #expect(kept.words(order) == .options(["c"])) }
                }
            }
            for order in kept.orders {
                kept.expectTotals(of: order)
                let (history, visits) = try await store.read { transaction in
                    (try transaction.history(of: order.id, limit: 100, before: nil), try transaction.visits(of: order.id))
                }
                #expect(history.last?.kind == .created)
                let versions = history.filter { $0.kind != .propagated }.map { ExactDecimal($0.version) }.reversed()
                let newest = versions.last.map { Value.number($0) }
                #expect(newest == order[.version], "the newest version has its history")
                #expect(Array(versions) == (1...versions.count).map { ExactDecimal($0) }, "every version has its history")
                #expect(visits.filter { $0.left == nil }.map(\.stage) == [kept.state(order)])
            }
            await store.close()
            try Database.expectWhole(folder, deals: [], of: nil)
        }
    }

    /// An import goes in batches; a batch is there wholly or not at all.
    @Test(arguments: [
        Kill(point: .importBatchCommitted, count: 1, seed: 1), Kill(point: .importBatchCommitted, count: 3, seed: 1),
        Kill(point: .rowWritten, count: 1, seed: 1), Kill(point: .rowWritten, count: 333, seed: 1), Kill(point: .historyWritten, count: 600, seed: 1),
        Kill(point: .beforeCommit, count: 2, seed: 1), Kill(point: .afterCommit, count: 2, seed: 1),
    ]) func batchesOfAnImport(_ kill: Kill) async throws {
        try await TestFiles.withFolder { folder in
            let acknowledged = try Child.run("import", folder, kill, limit: 900)
            let store = try await StorageSQLite.open(folder: folder, app: CrashWork.orders, world: TestWorld.make())
            let kept = try await Orders.read(store)
            let told = acknowledged.last.flatMap { Int($0.dropFirst("imported ".count)) } ?? 0
            #expect(kept.orders.count % 200 == 0, "\(kept.orders.count) rows are no whole batches of 200")
            #expect(kept.orders.count >= told, "rows that were told are lost")
            for (index, order) in kept.orders.enumerated() {
                #expect(order.id.number == Int64(index + 1))
                #expect(kept.words(order) == .options(["a", "b\(index + 1)"]))
                let history = try await store.read { try $0.history(of: order.id, limit: 5, before: nil) }
                #expect(history.map(\.kind) == [.imported] || history.map(\.kind) == [.created])
            }
            await store.close()
            try Database.expectWhole(folder, deals: [], of: nil)
        }
    }

    /// Killed twice, an import goes on where it stood: no row is made twice and none is left out.
    @Test("T35: an import goes on where it stood", arguments: [
        Kill(point: .importBatchCommitted, count: 2, seed: 1), Kill(point: .rowWritten, count: 333, seed: 1), Kill(point: .historyWritten, count: 1, seed: 1),
        Kill(point: .beforeCommit, count: 3, seed: 1), Kill(point: .afterCommit, count: 3, seed: 1), Kill(point: .beforeCommit, count: 1, seed: 1),
    ]) func anImportGoesOnWhereItStood(_ kill: Kill) async throws {
        try await TestFiles.withFolder { folder in
            _ = try Child.run("job", folder, kill, limit: 900)
            _ = try Child.run("job", folder, kill, limit: 900)
            _ = try Child.run("job", folder, nil, limit: 900)
            let store = try await StorageSQLite.open(folder: folder, app: CrashWork.orders, world: TestWorld.make())
            let kept = try await Orders.read(store)
            #expect(kept.orders.count == 900)
            for (index, order) in kept.orders.enumerated() {
                #expect(order.id.number == Int64(index + 1) && kept.words(order) == .options(["a", "b\(index + 1)"]))
            }
            let job = try await store.read { try $0.importJobs(of: nil, limit: 10) }
            #expect(job.map(\.state) == [.done] && job.first?.counts.created == 900 && job.first?.position == 900)
            let parts = try await store.read { try $0.importParts(of: job[0].id, phase: .run, from: 0, limit: 10) }
            #expect(parts.map(\.number) == [0, 1, 2, 3, 4])
            #expect(try await store.sweepFiles() == 0, "the table is kept")
            await store.close()
            try Database.expectWhole(folder, deals: [], of: nil)
        }
    }

    @Test(arguments: [
        Kill(point: .schemaBegun, count: 1, seed: 1), Kill(point: .schemaStepDone, count: 1, seed: 1), Kill(point: .schemaStepDone, count: 3, seed: 1),
        Kill(point: .schemaStepDone, count: 5, seed: 1), Kill(point: .schemaStepDone, count: 7, seed: 1), Kill(point: .schemaBeforeCommit, count: 1, seed: 1),
        Kill(point: .schemaAfterCommit, count: 1, seed: 1),
    ]) func changesOfTheSchema(_ kill: Kill) async throws {
        try await TestFiles.withFolder { folder in
            _ = try Child.run("engine", folder, nil, limit: 12)
            _ = try Child.run("schema", folder, kill, limit: 1)
            try Database.expectWhole(folder, deals: [], of: nil)
            // Wholly old or wholly new: one of the two has nothing to change.
            let plans = try await [
                StorageSQLite.plan(folder: folder, app: CrashWork.orders), StorageSQLite.plan(folder: folder, app: CrashWork.laterOrders),
            ]
            #expect(plans[kill.point == .schemaAfterCommit ? 1 : 0].isEmpty)
            let later = try await StorageSQLite.open(folder: folder, app: CrashWork.laterOrders, world: TestWorld.make())
            let kept = try await Orders.read(later)
            #expect(kept.orders.count == 12)
            #expect(kept.lines.count == 24)
            for order in kept.orders {
                kept.expectTotals(of: order)
                let total = kept.lines(of: order).reduce(0) { $0 + $1 }
                #expect(kept.money(order, "twice") == total * 2)
                #expect(kept.money(order, "doubles") == total * 3)
            }
            await later.close()
            let plan = try await StorageSQLite.plan(folder: folder, app: CrashWork.laterOrders)
            #expect(plan.isEmpty)
        }
    }

    @Test(arguments: kills(at: [.fileWritten, .fileSynced, .fileRenamed, .beforeCommit, .afterCommit], seeds: 2, passes: 2...15))
    func uploads(_ kill: Kill) async throws {
        try await TestFiles.withFolder { folder in
            let acknowledged = try Child.run("files", folder, kill, limit: 100)
            let store = try await StorageSQLite.open(folder: folder, app: SampleApp.app, world: TestWorld.make())
            let incoming = try FileManager.default.contentsOfDirectory(atPath: folder + "/incoming")
            #expect(incoming.isEmpty, "what came in half is swept")
            let rows = try await store.read { try $0.rows(of: SampleApp.file) }
            #expect(rows.count >= acknowledged.count)
            for row in rows {
                let stored = try #require(try await store.read { try $0.content(of: row.id) })
                let content = try TestFiles.read(store.files.path(of: stored))
                #expect(content == CrashWork.content(Int(row.id.number), seed: kill.seed))
            }
            let swept = try await store.sweepFiles()
            #expect(swept <= 1, "one upload was under way")
            let sweptAgain = try await store.sweepFiles()
            #expect(sweptAgain == 0)
            for row in rows {
                let stored = try #require(try await store.read { try $0.content(of: row.id) })
                #expect(TestFiles.exists(store.files.path(of: stored)), "the sweep took a file that a record names")
            }
            await store.close()
        }
    }
}

/// Orders and lines as they stand after a crash, in cents.
private struct Orders {
    let app: CompiledApp
    let orders: [Row]
    let lines: [Row]

    static func read(_ store: any Store) async throws -> Orders {
        let app = store.app
        let order = try #require(app.model.object(named: "order")).id, line = try #require(app.model.object(named: "line")).id
        return try await store.read { Orders(app: app, orders: try $0.rows(of: order), lines: try $0.rows(of: line)) }
    }

    func value(_ row: Row, _ name: String) -> Value {
        app.model[row.id.object].field(named: name).map { row[$0.id] } ?? .blank
    }

    func money(_ row: Row, _ name: String) -> Int64? {
        if case .number(let number) = value(row, name) { number.scaled(decimals: 2) } else { nil }
    }

    func state(_ order: Row) -> String {
        if case .option(let key) = value(order, "state") { key } else { "" }
    }

    func words(_ order: Row) -> Value { value(order, "words") }

    func lines(of order: Row) -> [Int64] {
        lines.filter { value($0, "order") == .link(order.id) }.compactMap { money($0, "amount") }
    }

    /// A line and the total it belongs to were committed together.
    func expectTotals(of order: Row) {
        let amounts = lines(of: order)
        #expect(money(order, "total") == amounts.reduce(0, +), "total of order \(order.id.number)")
        #expect(value(order, "pieces") == .number(ExactDecimal(amounts.count)), "pieces of order \(order.id.number)")
    }
}

/// The process that is killed.
enum Child {
    /// Runs it to its death, or with no kill to its end.
    ///
    /// - Returns: What it acknowledged, in order.
    static func run(_ work: String, _ folder: String, _ kill: Crashes.Kill?, limit: Int) throws -> [String] {
        let process = Process()
        process.executableURL = try executable()
        process.arguments = [
            work, folder, String(kill?.seed ?? 1), String(kill?.point.rawValue ?? 0), String(kill?.count ?? 0), String(limit),
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        if kill == nil {
            #expect(process.terminationStatus == 0, "CrashChild failed at \(work)")
        } else {
            #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL, "CrashChild lived on")
        }
        return text.split(separator: "\n").map(String.init)
    }

    /// Whether it was killed before it came to its end.
    static func isKilled(_ work: String, _ folder: String, _ kill: Crashes.Kill, limit: Int) throws -> Bool {
        let process = Process()
        process.executableURL = try executable()
        process.arguments = [work, folder, String(kill.seed), String(kill.point.rawValue), String(kill.count), String(limit)]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let isKilled = process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
        #expect(isKilled || process.terminationStatus == 0, "CrashChild failed at \(work)")
        return isKilled
    }

    /// Beside the bundle of the tests.
    private static func executable() throws -> URL {
        var folder = URL(fileURLWithPath: try #require(CommandLine.arguments.first)).deletingLastPathComponent()
        for _ in 0..<4 {
            let candidate = folder.appendingPathComponent("CrashChild")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
            folder.deleteLastPathComponent()
        }
        throw CocoaError(.fileNoSuchFile)
    }
}

extension Database {
    /// The file itself: no damage, and side tables that say what the records say.
    fileprivate static func expectWhole(_ folder: String, deals: [Row], of object: ObjectID?) throws {
        let queue = try DatabaseQueue(path: folder + "/app.sqlite")
        try queue.read { db in
            #expect(try String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"])
            guard object != nil else { return }
            for name in ["pains", "words"] {
                let table = try #require(
                    try String.fetchOne(db, sql: "SELECT physical || '_values' FROM weir_field WHERE name = ? AND storage IN ('choices', 'tags')", arguments: [name]))
                let wanted = deals.flatMap { row -> [String] in
                    guard case .options(let keys) = row[SampleApp.field(SampleApp.deal, name)] else { return [] }
                    return keys.enumerated().map { "\(row.id.number) \($0) \($1)" }
                }
                let kept = try String.fetchAll(db, sql: "SELECT record || ' ' || position || ' ' || value FROM \"\(table)\" ORDER BY record, position")
                #expect(kept == wanted, "the side table of \(name)")
            }
            let outbox = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM weir_effect")
            #expect(outbox == deals.count)
        }
    }
}
