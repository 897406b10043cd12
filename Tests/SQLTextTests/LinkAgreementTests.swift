import Formula
import Testing

@testable import SQLText

/// Links to many and to several objects mean on SQLite what they mean in process.
@Suite struct LinkAgreementTests {
    @Test(arguments: [
        "exists(helpers where active)", "count(helpers) > 1", "size(helpers) > 1", "helpers is blank", "helpers is not blank", "owner in helpers",
        "helpers contains owner", "not (helpers contains owner)", "me in helpers", "all(helpers where active, role = 'sales')",
        "first(helpers by name desc) = owner", "sum(helpers, len(name)) > 2", "min(helpers.role) = 'sales'", "exists(helpers where manager = me)",
        "about is order", "about is not order", "about is user and about.name = '小王'", "about is order and about.amount > 1", "about.name = '小王'",
        "about.name is blank", "if(about is order, about.quantity, 7) > 1", "about is order and exists(about.lines where ok)",
        "about is order and count(about.helpers) > 0", "about is order or about.role = 'sales'", "about.created < now()",
        "place is blank", "credit is valid", "credit is not valid and credit is not blank",
        "exists(lines where order.helpers contains this.owner)", "owner.role >= 'boss'", "status >= 'paid'", "status < 'lost' and status > 'new'",
        "max(lines.price) > 0 and owner.role < 'boss'",
    ])
    func agree(_ formula: String) throws {
        let rows = OrdersRows()
        let database = try MemoryDatabase(rows)
        let lowering = try #require(Orders.lowering())
        let moment = try #require(Orders.moment)
        let me = rows.users.first { $0.id == Orders.me }
        let checked = Orders.check(formula)
        let expression = try #require(checked.expression, "\(formula): \(checked.codes)")
        let evaluator = Evaluator(expression)
        let condition = try lowering.condition(expression)
        let holding = try rows.orders.filter { try evaluator.value(in: Frame(this: $0, me: me, moment: moment, source: rows)) == .bool(true) }.map(\.id.number)
        let select: SQLFragment = "SELECT id FROM \(Identifier("order_1")) WHERE \(condition) ORDER BY id"
        let ids = try database.run(select.rendered(for: .sqlite).text, select.rendered(for: .sqlite).arguments).map { $0[0] }
        #expect(ids == holding.map { .integer($0) }, "\(formula)")
    }

    /// What the list says of everybody or of nobody would agree by accident.
    @Test func theyTellRecordsApart() throws {
        let rows = OrdersRows()
        let moment = try #require(Orders.moment)
        for formula in ["owner in helpers", "about is order", "helpers contains owner", "credit is valid", "place is blank"] {
            let evaluator = Evaluator(try #require(Orders.check(formula).expression))
            let holding = try rows.orders.count { try evaluator.value(in: Frame(this: $0, moment: moment, source: rows)) == .bool(true) }
            #expect(holding > 0 && holding < rows.orders.count, "\(formula)")
        }
    }
}
