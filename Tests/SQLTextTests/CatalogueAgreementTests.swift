import Formula
import PostgresClient
import SourceText
import Testing

@testable import SQLText

/// Functions that generated formulas meet too rarely: each means in the databases what it means in process.
@Suite struct CatalogueAgreementTests {
    private static let formulas = [
        "latitude(place)", "longitude(place) + 1", "distance_km(place, place)", "distance_km(place, first(lines.order.place by id))",
        "decay(created, 90 days, 30%, 180 days)", "decay(due, 10 days, 50%, 400 days)", "decay(created, 2h, 0, 1h)", "decay(due, wait, 0.1, 90 days, date(2026, 3, 1))",
        "decay(created, 1 day, score, 3000 days)",
        "sequence(lines.note by created, 7 days, 'x', 'y')", "sequence(lines.note by created, 20000 days, 'x', 'y')",
        "sequence(lines.note by created desc, 20000 days, 'x', '价')", "sequence(lines.note where ok by created, 3000000 days, 'x', 'x')",
        "sequence(lines.note by date_of(created), wait, 'y', 'x')", "sequence(lines.note where 1 / price > 0 by created, 3000000 days, 'x')",
        "sequence(lines.order.status by created, 3000000 days, 'new', 'paid')", "sequence(lines.note by created, 1h * quantity, 'x', 'x')",
        "networkdays(due, due + 40)", "networkdays(due + 30, due, 'shop')", "workday(due, 5, 'shop')", "workday(due, -3, 'shop')",
        "search('A?', name)", "search('*中', name & 'x')", "search('~?' & name, name & '?.(')", "search('~', 'a~b')", "search('[a', 'b[A')", "search('', name, 3)",
        "about is user", "exp(quantity / 1000000)", "ln(id)", "log10(id / 7)", "exp(-id)", "exp(-id / 3) / 7", "sqrt(id / 1000000000000)",
        "year(created - 10h)", "day(created + 20h)", "hour(created + 20h)", "'' & (created + 20h)", "dateadd(created - 23h, 14, 'month')", "edate(date_of(created - 30h), 14)", "'' & (created - 30h)", "isnumber(1 / quantity)", "istext(name)", "isnumber(search('a', name))",
        "isworkday(due, 'shop')", "workhours(created, created + 100h, 'shop')", "workhours(created, datetime(due, 12))",
    ]

    @Test(arguments: ["Asia/Shanghai", "Europe/Berlin", "America/New_York"])
    func agree(zone: String) throws {
        try Orders.$zoneName.withValue(zone) {
            let rows = OrdersRows()
            let sqlite = try MemoryDatabase(rows)
            let postgres = try PostgresServer.shared.map { try PostgresOrders(rows, on: $0) }
            for formula in Self.formulas { try agree(formula, rows, sqlite, postgres) }
        }
    }

    private func agree(_ formula: String, _ rows: OrdersRows, _ sqlite: MemoryDatabase, _ postgres: PostgresOrders?) throws {
        let checked = Orders.check(formula)
        let expression = try #require(checked.expression, "\(formula): \(checked.codes)")
        let moment = try #require(Orders.moment)
        let evaluator = Evaluator(expression)
        let values = try rows.orders.map { try evaluator.value(in: Frame(this: $0, moment: moment, source: rows)) }
        for dialect in Dialect.allCases {
            let lowering = try #require(Orders.lowering(dialect))
            let columns: FormulaLowering.ValueColumns
            do throws(NotLowerable) {
                columns = try lowering.columns(expression)
            } catch {
                #expect(dialect == .postgres, "\(formula): \(error.reason.en)")
                continue
            }
            let select: SQLFragment = "SELECT \(columns.value), \(columns.fails ?? "0") FROM \(Identifier("order_1")) ORDER BY id"
            let rendered = select.rendered(for: dialect)
            let found: [[SQLArgument]]
            switch dialect {
            case .sqlite: found = try sqlite.run(rendered.text, rendered.arguments)
            case .postgres:
                guard let postgres else { continue }
                found = try postgres.connection.rows(rendered)
            }
            for ((row, answer), value) in zip(zip(rows.orders, found), values) {
                let theirs = answer[1] == .integer(1) ? nil : columns.form.value(of: answer[0])
                let same = if case .failure = value { theirs == nil } else { theirs.map { ValueOrder.areEqual($0, value) } ?? false }
                #expect(same, "\(formula) for order \(row.id.number) is \(value), and on \(dialect) \(answer)")
            }
        }
    }

    /// What is the same for every record would agree by accident.
    @Test(arguments: ["distance_km(place, first(lines.order.place by id))", "decay(created, 90 days, 30%, 180 days)", "sequence(lines.note by created, 3000000 days, 'x', 'y')"])
    func recordsDiffer(_ formula: String) throws {
        let rows = OrdersRows()
        let moment = try #require(Orders.moment)
        let evaluator = Evaluator(try #require(Orders.check(formula).expression))
        let values = try rows.orders.map { try evaluator.value(in: Frame(this: $0, moment: moment, source: rows)) }
        #expect(Set(values).count > 1)
    }
}
