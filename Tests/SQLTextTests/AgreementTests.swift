import Formula
import Foundation
import Testing

@testable import SQLText

/// What a formula means in process, it means on SQLite: for generated formulas over awkward records.
@Suite struct AgreementTests {
    private static let formulasPerSeed = 120
    /// `WEIR_SEEDS=100` asks longer.
    private static let seeds = 1...max(1, ProcessInfo.processInfo.environment["WEIR_SEEDS"].flatMap { Int($0) } ?? 4)

    @Test(arguments: seeds)
    func evaluatorAndSQLiteAgree(seed: Int) throws {
        let rows = OrdersRows()
        let database = try MemoryDatabase(rows)
        let lowering = try #require(Orders.lowering())
        let moment = try #require(Orders.moment)
        let me = rows.users.first { $0.id == Orders.me }
        var generator = FormulaGenerator(seed: seed)
        var agreed = 0
        for round in 0..<Self.formulasPerSeed {
            let formula =
                switch round % 6 {
                case 0, 1: generator.condition()
                case 2: generator.number()
                case 3: generator.text()
                case 4: generator.date()
                default: round % 12 == 5 ? generator.datetime() : generator.duration()
                }
            guard let expression = Orders.check(formula).expression else { continue }
            let evaluator = Evaluator(expression)
            let columns: FormulaLowering.ValueColumns
            let condition: SQLFragment?
            do throws(NotLowerable) {
                columns = try lowering.columns(expression)
                condition = expression.type == .bool ? try lowering.condition(expression) : nil
            } catch {
                continue
            }
            let select: SQLFragment = "SELECT \(columns.value), \(columns.fails ?? "0") FROM \(Identifier("order_1")) ORDER BY id"
            let found = try database.run(select.rendered(for: .sqlite).text, select.rendered(for: .sqlite).arguments)
            #expect(found.count == rows.orders.count)
            var holding: [Int64] = []
            for (row, answer) in zip(rows.orders, found) {
                let value = try evaluator.value(in: Frame(this: row, me: me, moment: moment, source: rows))
                let theirs = answer[1] == .integer(1) ? nil : read(answer[0], columns.form)
                let same = if case .failure = value { theirs == nil } else { theirs.map { ValueOrder.areEqual($0, value) } ?? false }
                #expect(same, "seed \(seed): \(formula) for order \(row.id.number) is \(value), and on SQLite \(answer)")
                if value == .bool(true) { holding.append(row.id.number) }
            }
            if let condition {
                let select: SQLFragment = "SELECT id FROM \(Identifier("order_1")) WHERE \(condition) ORDER BY id"
                let ids = try database.run(select.rendered(for: .sqlite).text, select.rendered(for: .sqlite).arguments).map { $0[0] }
                #expect(ids == holding.map { .integer($0) }, "seed \(seed): \(formula)")
            }
            agreed += 1
        }
        // Most formulas must have been worth asking about.
        #expect(agreed > Self.formulasPerSeed / 2, "only \(agreed) were asked")
    }

    private func read(_ argument: SQLArgument, _ form: FormulaLowering.ValueColumns.Form) -> Value {
        switch form {
        case .number: SQLiteFunctions.decimal(argument).map { .number($0) } ?? .blank
        case .bool: SQLiteFunctions.value(argument, .bool)
        case .date: SQLiteFunctions.value(argument, .date)
        case .datetime: SQLiteFunctions.value(argument, .datetime)
        case .duration: SQLiteFunctions.value(argument, .duration)
        case .text: SQLiteFunctions.value(argument, .text)
        case .option: SQLiteFunctions.value(argument, .option)
        case .link(let object): if case .integer(let number) = argument { .link(RecordID(object: object, number: number)) } else { .blank }
        }
    }
}
