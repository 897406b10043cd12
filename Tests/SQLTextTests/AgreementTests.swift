import Formula
import Foundation
import PostgresClient
import Testing

@testable import SQLText

/// What a formula means in process, it means on SQLite and on PostgreSQL: for generated formulas over awkward records.
@Suite(.countingPairs) struct AgreementTests {
    private static let formulasPerSeed = 120
    /// 8 seeds are more than 20,000 pairs of a formula and a record; `WEIR_SEEDS=400` asks about a million, `WEIR_FIRST_SEED` goes on elsewhere.
    /// Every third seed is asked in another zone; both of the others change their clocks twice a year.
    private static let seeds: ClosedRange<Int> = {
        func setting(_ name: String, _ otherwise: Int) -> Int { max(1, ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? otherwise) }
        let first = setting("WEIR_FIRST_SEED", 1)
        return first...(first + setting("WEIR_SEEDS", 8) - 1)
    }()

    @Test(arguments: seeds)
    func evaluatorAndDatabasesAgree(seed: Int) throws {
        try Orders.$zoneName.withValue(["Asia/Shanghai", "Europe/Berlin", "America/New_York"][seed % 3]) { try agree(seed) }
    }

    private func agree(_ seed: Int) throws {
        let rows = OrdersRows()
        let sqlite = try MemoryDatabase(rows)
        let postgres = try PostgresServer.shared.map { try PostgresOrders(rows, on: $0) }
        let me = rows.users.first { $0.id == Orders.me }
        let moment = try #require(Orders.moment)
        var generator = FormulaGenerator(seed: seed)
        var agreed: [Dialect: Int] = [:]
        for round in 0..<Self.formulasPerSeed {
            let formula = generator.formula(round)
            guard let expression = Orders.check(formula).expression else { continue }
            let evaluator = Evaluator(expression)
            let values = try rows.orders.map { try evaluator.value(in: Frame(this: $0, me: me, moment: moment, source: rows)) }
            for dialect in Dialect.allCases where dialect == .sqlite || postgres != nil {
                guard let statements = statements(expression, dialect) else { continue }
                func run(_ fragment: SQLFragment) throws -> [[SQLArgument]] {
                    let rendered = fragment.rendered(for: dialect)
                    return try dialect == .sqlite ? sqlite.run(rendered.text, rendered.arguments) : postgres?.connection.rows(rendered) ?? []
                }
                let found: [[SQLArgument]]
                do {
                    found = try run(statements.values)
                } catch {
                    Issue.record("seed \(seed) on \(dialect): \(formula): \(error)")
                    return
                }
                #expect(found.count == rows.orders.count)
                for ((row, answer), value) in zip(zip(rows.orders, found), values) {
                    let theirs = answer[1] == .integer(1) ? nil : statements.form.value(of: answer[0])
                    let same = if case .failure = value { theirs == nil } else { theirs.map { ValueOrder.areEqual($0, value) } ?? false }
                    #expect(same, "seed \(seed): \(formula) for order \(row.id.number) is \(value), and on \(dialect) \(answer)")
                }
                if let condition = statements.holding {
                    let holding = zip(rows.orders, values).filter { $0.1 == .bool(true) }.map { SQLArgument.integer($0.0.id.number) }
                    #expect(try run(condition).map { asInteger($0[0]) } == holding, "seed \(seed) on \(dialect): \(formula)")
                }
                agreed[dialect, default: 0] += 1
                PairCount.shared.add(found.count, on: dialect)
            }
        }
        // Most formulas must have been worth asking about.
        #expect(agreed[.sqlite] ?? 0 > Self.formulasPerSeed / 2, "only \(agreed) were asked")
        if postgres != nil { #expect(agreed[.postgres] ?? 0 > Self.formulasPerSeed / 4, "only \(agreed) were asked") }
    }

    private func statements(
        _ expression: CheckedExpression, _ dialect: Dialect
    ) -> (values: SQLFragment, form: FormulaLowering.ValueColumns.Form, holding: SQLFragment?)? {
        guard let lowering = Orders.lowering(dialect), let columns = try? lowering.columns(expression) else { return nil }
        let condition = expression.type == .bool ? try? lowering.condition(expression) : nil
        let table = Identifier("order_1")
        return (
            "SELECT \(columns.value), \(columns.fails ?? "0") FROM \(table) ORDER BY id", columns.form,
            condition.map { "SELECT id FROM \(table) WHERE \($0) ORDER BY id" }
        )
    }

    private func asInteger(_ argument: SQLArgument) -> SQLArgument {
        if case .text(let text) = argument, let number = Int64(text) { .integer(number) } else { argument }
    }

    /// Whatever PostgreSQL's `numeric` says of two decimals, exactly, ours say.
    @Test func decimalsAreThoseOfPostgreSQL() throws {
        guard let server = PostgresServer.shared else { return }
        let database = try PostgresOrders(OrdersRows(), on: server)
        var state: UInt64 = 7
        func next(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        func decimal() -> ExactDecimal {
            let digits = 1 + Int(next(30)), scale = Int(next(UInt64(min(digits, 20)) + 1))
            var text = ""
            for _ in 0..<digits { text.append(String(next(10))) }
            text.insert(".", at: text.index(text.endIndex, offsetBy: -scale))
            return ExactDecimal((next(2) == 0 ? "-" : "") + "0" + (text.hasSuffix(".") ? String(text.dropLast()) : text)) ?? .one
        }
        let pairs = (0..<4_000).map { _ in (decimal(), decimal()) }
        let values: [SQLFragment] = pairs.map { "(\(bound: .text($0.0.description))::numeric, \(bound: .text($0.1.description))::numeric)" }
        var asked = 0
        for start in stride(from: 0, to: pairs.count, by: 1_000) {
            let rows = try database.run("""
                SELECT trim_scale(a + b)::text, trim_scale(a - b)::text, trim_scale(round(a * b, 20))::text,
                    CASE WHEN b <> 0 THEN trim_scale(sign(a) * sign(b) * div(div(abs(a) * 1e21, abs(b)) + 5, 10) * 1e-20)::text END,
                    trim_scale(round(a, 2))::text, (a < b)::int
                FROM (VALUES \(SQLFragment.joined(Array(values[start..<start + 1_000]), by: ", "))) AS t (a, b)
                """)
            for (pair, row) in zip(pairs[start...], rows) {
                func text(_ result: () throws -> ExactDecimal) -> String? { (try? result())?.description }
                func same(_ ours: String?, _ theirs: SQLArgument) -> Bool {
                    // What is beyond 38 digits has no value here.
                    guard let ours else { return true }
                    return theirs == .text(ours)
                }
                #expect(same(text { try pair.0.adding(pair.1) }, row[0]), "\(pair)")
                #expect(same(text { try pair.0.subtracting(pair.1) }, row[1]), "\(pair)")
                #expect(same(text { try pair.0.multiplied(by: pair.1) }, row[2]), "\(pair)")
                #expect(same(text { try pair.0.divided(by: pair.1) }, row[3]), "\(pair)")
                #expect(same(text { try pair.0.rounded(decimals: 2) }, row[4]), "\(pair)")
                #expect(row[5] == .integer(pair.0 < pair.1 ? 1 : 0), "\(pair)")
                asked += 1
            }
        }
        #expect(asked == pairs.count)
    }
}
