import BenchmarkFloor
import Engine
import Formula
import Foundation
import Model
import Program
import Storage
import StorageSQLite

/// What the engine does on its data, beside the floor.
enum Records {
    /// A data folder with accounts and nothing else.
    static func prepare(_ folder: String) async throws {
        let engine = try await open(folder)
        let name = BenchApp.field("account", "name")
        let commands = (1...BenchApp.accounts).map { number in
            SaveCommand(.create(BenchApp.object("account").id, [FieldInput(name, .text("客户\(number)"))]), by: .system)
        }
        for outcome in try await engine.save(commands) {
            guard case .saved = outcome else { throw Failed("an account is not saved: \(outcome)") }
        }
        await engine.store.close()
    }

    static func open(_ folder: String) async throws -> Engine {
        let world = BenchWorld.make()
        return Engine(app: BenchApp.app, store: try await StorageSQLite.open(folder: folder, app: BenchApp.app, world: world), world: world)
    }

    /// The same deal as the floor's.
    static func inputs(_ number: Int64) -> [FieldInput] {
        let mixed = UInt64(bitPattern: number) &* 0x9E37_79B9_7F4A_7C15
        let levels = ["low", "mid", "high", "top"]
        return [
            FieldInput(account, .link(RecordID(object: accountObject, number: 1 + number % BenchApp.accounts))),
            FieldInput(name, .text("商机 \(number)")),
            FieldInput(code, .text("D-\(String(repeating: "0", count: 8 - String(number).count))\(number)")),
            FieldInput(amount, .number(ExactDecimal(scaled: Int64(mixed >> 36), decimals: 2))),
            FieldInput(rate, .number(ExactDecimal(scaled: Int64(mixed >> 20) % 10_000, decimals: 4))),
            FieldInput(due, .date(Day(daysSinceEpoch: 20_000 + Int32(Int64(mixed >> 11) % 1_000)))),
            FieldInput(level, .option(levels[Int(number % 4)])), FieldInput(pains, .options(["cost", "risk"])),
            FieldInput(words, .options(["重点"])), FieldInput(note, .text("客户希望在春节前上线，需要先做数据迁移。")),
        ]
    }

    private static let accountObject = BenchApp.object("account").id
    private static let account = BenchApp.field("deal", "account"), name = BenchApp.field("deal", "name"), code = BenchApp.field("deal", "code")
    private static let amount = BenchApp.field("deal", "amount"), rate = BenchApp.field("deal", "rate"), due = BenchApp.field("deal", "due")
    private static let level = BenchApp.field("deal", "level"), pains = BenchApp.field("deal", "pains"), words = BenchApp.field("deal", "words")
    private static let note = BenchApp.field("deal", "note")

    static func create(_ count: Int) async throws -> Line {
        let deal = BenchApp.object("deal").id
        let weir = try await withFolder { folder in
            try await prepare(folder)
            let engine = try await open(folder)
            func save(_ number: Int64) async throws {
                let outcome = try await engine.save(SaveCommand(.create(deal, inputs(number)), by: .system))
                guard case .saved = outcome else { throw Failed("a deal is not saved: \(outcome)") }
            }
            for number in 1...Int64(200) { try await save(number) }
            let time = try await cpu(per: count) { for number in 201...Int64(200 + count) { try await save(number) } }
            await engine.store.close()
            return time
        }
        let floor = try await withFolder { folder in
            try await prepare(folder)
            let floor = try await Floor(folder: folder)
            try floor.create(first: 1, count: 200, batch: 1)
            return try cpu(per: count) { try floor.create(first: 201, count: count, batch: 1) }
        }
        return Line("create in one transaction: formulas, rollup, stage, history", weir: weir, floor: floor, aim: 5)
    }

    static func list(of records: Int, times: Int) async throws -> Line {
        try await withFolder { folder in
            try await prepare(folder)
            let floor = try await Floor(folder: folder)
            try floor.create(first: 1, count: records, batch: 1_000)
            var read: Int64 = 0
            let floorTime = try cpu(per: times) { read = try floor.list(times: times) }
            let engine = try await open(folder)
            guard case .ready(let condition) = engine.condition("amount > 500000 and stage <> 'won'", on: BenchApp.object("deal").id) else {
                throw Failed("the condition of the list is wrong")
            }
            let request = ListRequest(
                object: BenchApp.object("deal").id, condition: condition, sort: [RecordQuery.Sort(field: amount, descending: true)], limit: 50,
                wantsTotal: false)
            var rows = 0
            _ = try await engine.list(request, as: .system)
            let time = try await cpu(per: times) {
                for _ in 0..<times { rows += try await engine.list(request, as: .system).rows.count }
            }
            await engine.store.close()
            guard rows == Int(read), rows == 50 * times else { throw Failed("the lists differ: \(rows) and \(read) rows") }
            return Line("list 50 of \(records), filtered and sorted, with titles", weir: time, floor: floorTime, aim: 3)
        }
    }

    static func importRows(_ count: Int) async throws -> Line {
        var csv = "name,code,account,amount,rate,due,level,pains,words,note\n"
        let levels = ["low", "mid", "high", "top"]
        for number in 1...count {
            csv += "商机 \(number),D-\(number),客户\(1 + number % Int(BenchApp.accounts)),\(number * 37 % 2_000_000).50,0.\(1_000 + number % 9_000),"
            csv += "2026-0\(1 + number % 9)-\(10 + number % 18),\(levels[number % 4]),cost;risk,重点,客户希望在春节前上线\n"
        }
        let text = csv
        let weir = try await withFolder { folder in
            try await prepare(folder)
            let engine = try await open(folder)
            let time = try await cpu(per: count) {
                let report = try await engine.importTable(
                    try engine.readTable(Array(text.utf8)), into: BenchApp.object("deal").id, dryRun: false, as: .system)
                guard report.created == count else { throw Failed("\(report.refused) rows of the import are refused: \(report.rows.first.map { "\($0.fate)" } ?? "")") }
            }
            await engine.store.close()
            return time
        }
        let floor = try await withFolder { folder in
            try await prepare(folder)
            let floor = try await Floor(folder: folder)
            return try cpu(per: count) { try floor.importRows(first: 1, text) }
        }
        return Line("import of one CSV row with all rules", weir: weir, floor: floor, aim: 5)
    }
}
