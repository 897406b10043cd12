import Formula
import SourceText
import Testing

/// The typed form: blank rules and conversions stand as nodes.
@Suite struct FormTests {
    static let forms: [(String, String)] = [
        ("amount + 5", "(add blankAsZero(this.amount) 5)"),
        ("quantity + 1", "(add this.quantity 1)"),
        ("1 - 2 - 3", "(subtract (subtract 1 2) 3)"),
        ("quantity / discount", "(divide this.quantity blankAsZero(this.discount))"),
        ("blank + 1", "(add 0 1)"),
        ("amount > 0", "(greater this.amount 0)"),
        ("active and amount > 0", "(and blankAsFalse(this.active) (greater this.amount 0))"),
        ("not active", "(not blankAsFalse(this.active))"),
        ("active = true", "(equal this.active true)"),
        ("status <> blank", "(not (blank? this.status))"),
        ("name = ''", "(blank? this.name)"),
        ("status = 'new'", "(equal this.status #new)"),
        ("level >= 'L2'", "(greaterOrEqual this.level #L2)"),
        ("status in ('new', blank)", "(oneOf this.status #new blank)"),
        ("due < touched", "(less startOfDay(this.due) this.touched)"),
        ("touched in (due, now())", "(oneOf this.touched startOfDay(this.due) now())"),
        ("due in (touched, today())", "(or (equal startOfDay(this.due) this.touched) (equal this.due today()))"),
        ("due + 2 weeks", "(dateAddDays this.due 14)"),
        ("3 days + due", "(dateAddDays this.due 3)"),
        ("touched - 180 days", "(datetimeSubtractDays this.touched 180)"),
        ("touched - -3 days", "(datetimeSubtractDays this.touched -3)"),
        ("touched + 36h", "(datetimeAddDuration this.touched 129600s)"),
        ("touched + 1.5 days", "(datetimeAddDuration this.touched 129600s)"),
        ("watched > 2 days", "(greater this.watched 172800s)"),
        ("2 * watched", "(durationMultiply this.watched 2)"),
        ("'a' & amount & name", "(& 'a' toText(this.amount) this.name)"),
        ("account.owner.name", "this.account→owner→name"),
        ("this.account.name", "this.account→name"),
        ("owner = me", "(equal this.owner me)"),
        ("if(active, 1)", "(if blankAsFalse(this.active) ? 1 : blank)"),
        ("switch(status, 'new', 1, 2)", "(if (equal this.status #new) ? 1 : 2)"),
        ("switch(quantity * 2, 4, 'a', 'b')", "let($0 (multiply this.quantity 2) (if (equal $0 4) ? 'a' : 'b'))"),
        ("quantity between 1 and 3", "(and (greaterOrEqual this.quantity 1) (lessOrEqual this.quantity 3))"),
        ("let(x, 3, y, x + 1, y)", "let($0 3 let($1 (add $0 1) $1))"),
        ("count(lines)", "count[this←line.opportunity as 0]"),
        ("sum(lines where active, qty * price)", "sum[this←line.opportunity as 0 where blankAsFalse(r0.active): (multiply blankAsZero(r0.qty) blankAsZero(r0.price))]"),
        ("sum(lines.qty where this.quantity > qty)", "sum[this←line.opportunity as 0 where (greater this.quantity r0.qty): r0.qty]"),
        ("latest(activities by at).note", "last[this←activity.opportunity as 0 by r0.at]→note"),
        ("first(activities.note by at desc)", "first[this←activity.opportunity as 0 by r0.at desc: r0.note]"),
        ("sum(account.opportunities as o, count(lines where qty > o.quantity))",
            "sum[this.account←opportunity.account as 0: count[r0←line.opportunity as 1 where (greater r1.qty r0.quantity)]]"),
        ("count(opportunity where owner = this.owner)", "count[opportunity as 0 where (equal r0.owner this.owner)]"),
        ("owner in users in role manager", "exists[users(manager) as 0 where (equal r0 this.owner)]"),
        ("sum(account.max_contract where level = 'L1')", "sum[account as 0 where (equal r0.level #L1): r0.max_contract]"),
        ("latest(activities by at).by_whom in users in role manager",
            "let($0 last[this←activity.opportunity as 0 by r0.at]→by_whom exists[users(manager) as 0 where (equal r0 $0)])"),
        ("max(quantity, 3)", "maximum[this.quantity 3 as 0]"),
        ("join(lines, '、')", "join[this←line.opportunity as 0: toText(r0) with '、']"),
        ("join(lines by qty, product, '、')", "join[this←line.opportunity as 0 by r0.qty: r0.product with '、']"),
        ("all(lines.active)", "all[this←line.opportunity as 0: blankAsFalse(r0.active)]"),
        ("ischanged(amount)", "(notEqual this.amount old.amount)"),
        ("prior(amount)", "old.amount"),
        ("isnew()", "(blank? old)"),
        ("pains contains '成本'", "(member #成本 this.pains)"),
        ("labels contains 'vip'", "(member 'vip' this.labels)"),
        ("label(status)", "toText(this.status)"),
        ("round(amount, 2)", "round(blankAsZero(this.amount) 2)"),
        ("13% + 1", "(add 13e-2 1)"),
        ("2千", "2000"),
    ]

    @Test(arguments: forms)
    func isMadeExplicit(_ formula: String, _ form: String) {
        let (expression, found) = Desk.check(formula)
        #expect(found.isEmpty, "\(found.map { "\($0.code): \($0.message.en)" })")
        #expect(expression.map { Desk.form($0.root) } == form)
    }

    @Test func countsSlotsOfInputsFirst() {
        let scope = FormulaScope(this: nil, inputs: [.init(name: "a", type: .number), .init(name: "xs", type: .list(.number))])
        let (expression, found) = Desk.check("let(b, a + 1, b * sum(xs) + max(xs))", in: scope)
        #expect(found.isEmpty)
        #expect(expression?.variableCount == 3)
        #expect(expression.map { Desk.form($0.root) } == "let($2 (add blankAsZero($0) 1) (add (multiply $2 sum[$1 as 0]) blankAsZero(maximum[$1 as 0])))")
    }

    @Test func knowsNoRecordWithoutOne() {
        let scope = FormulaScope(this: nil)
        #expect(Desk.check("this", in: scope).found.map(\.code) == ["not-available-here"])
        #expect(Desk.check("a + 1", in: scope).found.map(\.message.en) == ["there is nothing called `a`"])
        #expect(Desk.check("1 + 1", in: scope).expression?.type == .number)
        #expect(Desk.check("me", in: scope).found.map(\.code) == ["not-available-here"])
        #expect(Desk.check("join(names, '、')", in: FormulaScope(this: nil, inputs: [.init(name: "names", type: .list(.text(.plain)))])).found.isEmpty)
    }
}
