import Formula
import SourceText
import Testing

/// What is understood, with its type.
@Suite struct TypeTests {
    static let cny = FormulaType.money(currency: "CNY")
    static let types: [(String, FormulaType)] = [
        ("1 + 2", .number), ("13%", .percent), ("10% + 5%", .percent), ("10% + 1", .number), ("1 - discount", .number),
        ("amount + 5", cny), ("amount + 500万", cny), ("5 - amount", cny), ("amount * quantity", cny), ("quantity * amount", cny),
        ("amount * discount", cny), ("amount * (1 - discount)", cny), ("amount / quantity", cny), ("amount / amount", .number),
        ("100 / amount", .number), ("discount * 2", .number), ("discount * discount", .percent), ("-amount", cny), ("amount + -5", cny),
        ("amount + (2 * 3)", cny), ("if(active, amount, 0)", cny), ("coalesce(amount, 0)", cny), ("max(amount, 0)", cny),
        ("switch(status, 'new', 10%, 'won', 100%, 0%)", .percent), ("switch(status, 'new', 10%, 0)", .percent),
        ("if(active, quantity, discount)", .number), ("amount between 1 and 500万", .bool), ("amount > 500万", .bool),
        ("quantity ^ 2", .number), ("2 ^ -quantity", .number),
        ("due + 3", .date), ("3 + due", .date), ("due - 3", .date), ("due + 3 days", .date), ("due - 1 week", .date), ("due - signed", .number),
        ("due + watched", .date), ("touched + 2h", .datetime), ("2h + touched", .datetime), ("touched - 3 days", .datetime),
        ("touched - created", .duration), ("now() - touched > 3 days", .bool), ("today() - due > 3", .bool), ("watched * 2", .duration),
        ("2 * watched", .duration), ("watched / 2", .duration), ("watched / 1h", .number), ("watched + 30min", .duration),
        ("-watched", .duration), ("touched + -3 days", .datetime), ("touched < today()", .bool), ("due = touched", .bool),
        ("created >= today() - 1 day", .bool),
        ("name & '：' & amount", .text(.plain)), ("'x' & due & status & owner & active & pains", .text(.plain)), ("this & ''", .text(.plain)),
        ("status = 'new'", .bool), ("'new' = status", .bool), ("level <= 'L2'", .bool), ("status = blank", .bool), ("status <> ''", .bool),
        ("status in ('new', 'won')", .bool), ("status not in ('new')", .bool), ("quantity in (1, 2, 3)", .bool), ("level = account.level", .bool),
        ("if(active, status, 'new')", .choice(Desk.status)), ("if(active, 'new', status)", .choice(Desk.status)),
        ("pains contains '成本'", .bool), ("'成本' in pains", .bool), ("labels contains 'vip'", .bool), ("size(pains) >= 1", .bool),
        ("name contains '公司'", .bool), ("contains(name, '公司')", .bool), ("level in candidate.regions", .bool),
        ("owner = me", .bool), ("owner = account.owner", .bool), ("account.owner = me", .bool), ("owner is blank", .bool),
        ("phone is valid", .bool), ("phone is not valid", .bool), ("isblank(amount)", .bool), ("amount is not blank and active", .bool),
        ("account.owner.manager.name", .text(.plain)), ("account.客户续费率", .percent), ("金额", cny), ("`3月销量` + 1", .number),
        ("account", .link([Desk.account])), ("coalesce(owner, account.owner)", .link([Desk.user])),
        ("if(active, account, owner)", .link([Desk.account, Desk.user])),
        ("sum(lines.qty)", .number), ("sum(lines.price where active)", cny), ("sum(lines where active, qty * price)", cny),
        ("count(lines)", .number), ("count(activities where kind = 'new' and minutes > 3)", .number), ("average(lines.qty)", .number),
        ("max(activities.at)", .datetime), ("min(lines.product)", .text(.plain)), ("exists(activities where read)", .bool),
        ("all(lines.active)", .bool), ("any(lines, qty > 3)", .bool), ("median(activities, minutes * 2)", .number),
        ("latest(activities where kind = 'new' by at).note", .text(.plain)), ("first(activities by at desc).by_whom.name", .text(.plain)),
        ("first(activities.note by at)", .text(.plain)), ("join(lines.product, '、')", .text(.plain)),
        ("join(lines by qty, product & qty, '、')", .text(.plain)), ("join(users in role sales, '、')", .text(.plain)),
        ("countdistinct(lines.product)", .number), ("count(opportunity where owner = this.owner)", .number),
        ("count(account where level = 'L1')", .number), ("count(商机 where status = 'new')", .number),
        ("sum(account.opportunities.amount)", cny), ("sum(account.opportunities.quantity where status = 'won')", .number),
        ("count(owner.manager.opportunities)", .number), ("max(account.opportunities.account.max_contract)", cny),
        ("sum(account.opportunities, sum(lines.qty))", .number),
        ("sum(account.opportunities as o, count(lines where qty > o.quantity and price < this.amount))", .number),
        ("owner in users in role manager", .bool), ("owner in (users in role manager)", .bool), ("first(users in role sales)", .link([Desk.user])),
        ("me in users in role manager", .bool), ("account in account.owner.opportunities.account", .bool),
        ("sum(1, 2, 3)", .number), ("max(quantity, 3)", .number), ("min(due, signed)", .date), ("max(10%, discount)", .percent),
        ("counta(name, blank, amount)", .number),
        ("let(x, quantity * 2, y, x + 1, x * y)", .number), ("let(总额, quantity * 3, 如果(总额 > 5, 总额, 0))", .number),
        ("let(o, owner, o.manager.name)", .text(.plain)), ("let(min_qty, 3, count(lines where qty > min_qty))", .number),
        ("iferror(1 / quantity, 0)", .number), ("iserror(1 / quantity)", .bool), ("if(active, 1)", .number), ("blank()", .blank),
        ("ifs(active, 1, quantity > 3, 2, 3)", .number), ("xor(active, true)", .bool), ("not(active)", .bool), ("or(active, false)", .bool),
        ("round(amount, 2)", cny), ("abs(discount)", .percent), ("left(name, 2)", .text(.plain)), ("LEFT(name, 2) = 'ab'", .bool),
        ("year(due)", .number), ("dateadd(due, 1, 'month')", .date), ("if(active, error('x'), 3)", .number),
        ("ischanged(amount)", .bool), ("prior(amount)", cny), ("old.amount < amount", .bool), ("isnew()", .bool), ("old is blank", .bool),
        ("candidate.pending * -5", .number), ("score + 1", .number), ("created_by = me", .bool), ("label(status)", .text(.plain)),
        ("key(status) = 'new'", .bool), ("'' = blank", .bool), ("blank = blank", .bool), ("quantity + blank", .number),
        ("sum(activities where kind in ('new','won'), if(minutes is blank, 1, minutes))", .number),
    ]

    @Test(arguments: types)
    func isUnderstood(_ formula: String, _ type: FormulaType) {
        let (expression, found) = Desk.check(formula)
        #expect(found.isEmpty, "\(found.map { "\($0.code): \($0.message.en)" })")
        #expect(expression?.type == type)
    }

    @Test func addsPercentAndNumbersAsWritten() {
        let scope = FormulaScope(this: Desk.account)
        let (expression, found) = Desk.check("客户续费率*0.4 + 近3月互动次数*0.3 + 单次最大合同额*0.3", in: scope)
        #expect(found.isEmpty)
        #expect(expression?.type == .number)
        #expect(expression?.mayBeBlank == false)
        #expect(expression.map { $0.reads.own.map(Desk.name).sorted() } == ["account.单次最大合同额", "account.客户续费率", "account.近3月互动次数"])
    }

    static let fits: [(String, FormulaType)] = [
        ("5", cny), ("quantity", .percent), ("10%", .number), ("blank", .date), ("blank", .link([Desk.user])), ("'won'", .choice(Desk.status)),
        ("''", .choice(Desk.status)), ("if(active, 'won', 'new')", .choice(Desk.status)), ("switch(level, 'L1', 'won', blank)", .choice(Desk.status)),
        ("today()", .date), ("name", .text(.email)), ("phone", .text(.plain)), ("me", .link([Desk.user])), ("account", .link([Desk.user, Desk.account])),
        ("if(active, 1, 2)", cny), ("coalesce(blank, 3)", cny), ("let(x, 3, x)", cny), ("iferror('won', 'new')", .choice(Desk.status)),
    ]

    @Test(arguments: fits)
    func fitsTheTypeThatIsWanted(_ formula: String, _ type: FormulaType) {
        let (expression, found) = Desk.check(formula, expecting: type)
        #expect(found.isEmpty, "\(found.map { "\($0.code): \($0.message.en)" })")
        #expect(expression != nil)
        if let found = expression?.type, case .link = type { #expect(found != .error) } else { #expect(expression?.type == type) }
    }

    static let blanks: [(String, Bool)] = [
        ("amount", true), ("quantity", false), ("amount + 1", false), ("due + 1", true), ("name & amount", false), ("amount & due", true),
        ("account.name", true), ("sum(lines.qty)", false), ("average(lines.qty)", true), ("coalesce(amount, 0)", false), ("if(active, 1)", true),
        ("if(active, 1, 2)", false), ("max(amount, 0)", false), ("latest(activities by at)", true), ("amount > 0", false),
        ("this.name", false), ("old.name", true), ("me.name", false),
    ]

    @Test(arguments: blanks)
    func knowsWhatMayBeBlank(_ formula: String, _ mayBeBlank: Bool) {
        #expect(Desk.check(formula).expression?.mayBeBlank == mayBeBlank)
    }
}
