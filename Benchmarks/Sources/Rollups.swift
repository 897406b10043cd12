import Engine
import Formula
import Foundation
import Model
import Program
import SourceText
import Storage
import StorageSQLite

/// Keeping formulas up to date where there is much to keep: one parent with very many children, and new formulas over very many records.
enum Rollups {
    private static let newFormulas = """
              net: { type: money, formula: amount * (1 - rate) }
              big: { type: bool, formula: amount >= 100万 }
              due_year: { type: number, decimals: 0, formula: year(due) }
              grade: { formula: "if(amount >= 100万, 'A', if(amount >= 30万, 'B', 'C'))" }
              days_left: { type: number, decimals: 0, formula: "due - date(2026, 1, 1)" }
              stage:

        """

    static func run(children: Int, edits: Int) async throws -> [Line] {
        try await withFolder { folder in
            try await Records.prepare(folder)
            try await Floor(folder: folder, accounts: 1).create(first: 1, count: children, batch: 1_000)
            let edit = try await changeOneChild(folder, children: children, edits: edits)
            let (seconds, cpu) = try await backfill(folder)
            return [
                Line("change one of \(children) children: the parent's sum", edit, "µs", decimals: 0, aim: 1_000),
                Line("5 new formulas over \(children) records", cpu, "s", decimals: 2, aim: 2 * Double(children) / 1_000_000),
                Line("5 new formulas over \(children) records, by the clock", seconds, "s", decimals: 2, aim: 2 * Double(children) / 1_000_000),
            ]
        }
    }

    /// CPU microseconds of a whole save.
    private static func changeOneChild(_ folder: String, children: Int, edits: Int) async throws -> Double {
        let engine = try await Records.open(folder)
        let deal = BenchApp.object("deal").id, amount = BenchApp.field("deal", "amount")
        let account = RecordID(object: BenchApp.object("account").id, number: 1), total = BenchApp.field("account", "total")
        let before = try await engine.store.read { try $0.row(account)?[total] }
        func edit(_ number: Int) async throws {
            let record = RecordID(object: deal, number: Int64(1 + number * 7_919 % children))
            let input = FieldInput(amount, .number(ExactDecimal(scaled: Int64(number) * 100 + 1, decimals: 2)))
            guard case .saved = try await engine.save(SaveCommand(.edit(record, [input]), by: .system)) else { throw Failed("a deal is not saved") }
        }
        for number in 1...20 { try await edit(number) }
        let time = try await cpu(per: edits) { for number in 21...(20 + edits) { try await edit(number) } }
        let after = try await engine.store.read { try $0.row(account)?[total] }
        guard before != after else { throw Failed("the sum has not moved") }
        await engine.store.close()
        return time
    }

    private static func backfill(_ folder: String) async throws -> (seconds: Double, cpu: Double) {
        var sources = SourceSet()
        sources.add(path: "app.yaml", text: BenchApp.text.replacingOccurrences(of: "      stage:\n", with: newFormulas.replacingOccurrences(of: "\n\n", with: "\n")))
        let (app, diagnostics) = compile(sources)
        guard let app else { throw Failed(DiagnosticText(sources: sources, language: .en).render(diagnostics)) }
        let start = wallSeconds(), before = cpuMicroseconds()
        let store = try await StorageSQLite.open(folder: folder, app: app, world: BenchWorld.make())
        let seconds = wallSeconds() - start, cpu = (cpuMicroseconds() - before) / 1e6
        guard let deal = app.model.object(named: "deal"), let grade = deal.field(named: "grade") else { throw Failed("no deal") }
        let row = try await store.read { try $0.row(RecordID(object: deal.id, number: 1)) }
        guard case .text? = row?[grade.id] else { throw Failed("the new formulas are not filled in: \(String(describing: row?[grade.id]))") }
        await store.close()
        return (seconds, cpu)
    }
}
