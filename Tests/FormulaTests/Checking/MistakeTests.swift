import Formula
import SourceText
import Testing

/// What is not understood: the code and the place.
@Suite struct MistakeTests {
    static let mistakes: [(String, [String])] = [
        ("amout + 1", ["unknown-name at 'amout'"]),
        ("account.nam", ["unknown-name at 'nam'"]),
        ("account.owner.x.y.z", ["unknown-name at 'x'"]),
        ("due.year", ["unknown-name at 'year'"]),
        ("日期 + 1", ["ambiguous-name at '日期'"]),
        ("sume(1, 2)", ["unknown-function at 'sume'"]),
        ("amout + qantity", ["unknown-name at 'amout'", "unknown-name at 'qantity'"]),
        ("left()", ["wrong-arity at 'left'"]),
        ("if(active)", ["wrong-arity at 'if'"]),
        ("round(name, 2)", ["type-mismatch at 'name'"]),
        ("left(amount, 2)", ["type-mismatch at 'amount'"]),
        ("name + 'x'", ["type-mismatch at '+'"]),
        ("active + 1", ["type-mismatch at '+'"]),
        ("amount * amount", ["type-mismatch at '*'"]),
        ("amount + discount", ["type-mismatch at '+'"]),
        ("amount + quantity", ["number-beside-money at '+'"]),
        ("quantity > amount", ["number-beside-money at 'quantity > amount'"]),
        ("amount + budget", ["mixed-currency at '+'"]),
        ("amount / budget", ["mixed-currency at '/'"]),
        ("if(active, amount, budget)", ["mixed-currency at 'budget'"]),
        ("if(active, amount, quantity)", ["number-beside-money at 'quantity'"]),
        ("touched + 1", ["type-mismatch at '+'"]),
        ("due + 2h", ["type-mismatch at '+'"]),
        ("due + 1.5 days", ["type-mismatch at '+'"]),
        ("due - touched", ["type-mismatch at '-'"]),
        ("due = '2026-01-01'", ["type-mismatch at 'due = '2026-01-01''"]),
        ("quantity = '3'", ["type-mismatch at 'quantity = '3''"]),
        ("today() - due > 3 days", ["type-mismatch at 'today() - due > 3 days'"]),
        ("status = 'nwe'", ["unknown-option at ''nwe''"]),
        ("status = '新建'", ["unknown-option at ''新建''"]),
        ("status = new", ["unknown-name at 'new'"]),
        ("status in ('new', 'lost')", ["unknown-option at ''lost''"]),
        ("status in ('new', 'new')", ["duplicate-case at ''new''"]),
        ("switch(status, 'new', 1, 'newer', 2, 'new', 3)", ["unknown-option at ''newer''", "duplicate-case at ''new''"]),
        ("if(active, status, 'x')", ["unknown-option at ''x''"]),
        ("status = level", ["type-mismatch at 'status = level'"]),
        ("status = name", ["type-mismatch at 'status = name'"]),
        ("active < true", ["type-mismatch at 'active < true'"]),
        ("amount < blank", ["always-false at 'amount < blank'"]),
        ("due = ''", ["type-mismatch at 'due = '''"]),
        ("owner = '小王'", ["type-mismatch at 'owner = '小王''"]),
        ("owner = account", ["type-mismatch at 'owner = account'"]),
        ("pains = '成本'", ["type-mismatch at 'pains = '成本''"]),
        ("pains contains '质量'", ["unknown-option at ''质量''"]),
        ("name in 'abc'", ["type-mismatch at ''abc''"]),
        ("name is valid", ["type-mismatch at 'name'"]),
        ("not name", ["type-mismatch at 'name'"]),
        ("amount and active", ["type-mismatch at 'amount'"]),
        ("if(name, 1, 2)", ["type-mismatch at 'name'"]),
        ("if(active, 1, 'x')", ["type-mismatch at ''x''"]),
        ("-name", ["type-mismatch at 'name'"]),
        ("lines", ["set-without-aggregate at 'lines'"]),
        ("lines.qty + 1", ["set-without-aggregate at 'lines'"]),
        ("account.opportunities", ["set-without-aggregate at 'opportunities'"]),
        ("users in role sales", ["set-without-aggregate at 'users in role sales'"]),
        ("sum(amount)", ["aggregate-without-set at 'amount'"]),
        ("exists(active)", ["aggregate-without-set at 'active'"]),
        ("sum(amount where active)", ["clause-without-set at 'amount where active'"]),
        ("abs(quantity where active)", ["clause-without-set at 'quantity where active'"]),
        ("sum(lnes.qty where active)", ["unknown-name at 'lnes'"]),
        ("sum(lines)", ["wrong-arity at 'lines'"]),
        ("sum(lines.qty, 2)", ["wrong-arity at '2'"]),
        ("exists(lines.qty)", ["wrong-arity at 'lines.qty'"]),
        ("any(lines)", ["wrong-arity at 'lines'"]),
        ("join(lines.product)", ["wrong-arity at 'join'"]),
        ("sum(lines.product)", ["type-mismatch at 'lines.product'"]),
        ("sum(lines.active)", ["type-mismatch at 'lines.active'"]),
        ("sum(lines.qty by qty)", ["unused-order at 'qty'"]),
        ("sum(account.opportunities.lines.qty)", ["nested-set at 'lines'"]),
        ("count(lines where quantity > 1)", ["unknown-name at 'quantity'"]),
        ("count(lines where qty > 1 and amount > 2)", ["unknown-name at 'amount'"]),
        ("count(account)", ["ambiguous-name at 'account'"]),
        ("count(users in role boss)", ["unknown-role at 'boss'"]),
        ("about.level", ["several-objects at 'level'"]),
        ("about is line", ["wrong-object at 'line'"]),
        ("body.id", ["not-available-here at 'body'"]),
        ("account" + String(repeating: ".parent", count: 11), ["path-too-long at 'parent'"]),
        ("account" + String(repeating: ".parent", count: 1_900), ["path-too-long at 'parent'"]),
        ("let(1, 2, 3)", ["formula-syntax at '1'"]),
        ("let(x, 3)", ["wrong-arity at 'let'"]),
        ("let(x, amout, x + 1)", ["unknown-name at 'amout'"]),
        ("dateadd(due, 1, name)", ["not-constant at 'name'"]),
        ("dateadd(due, 1, 'mnth')", ["not-constant at ''mnth''"]),
        ("ischanged(account.name)", ["wrong-arity at 'account.name'"]),
        ("max(lines.qty, 3)", ["wrong-arity at '3'"]),
        ("lines where qty > 1", ["formula-syntax at 'where'"]),
        ("opportunity", ["set-without-aggregate at 'opportunity'"]),
        ("xyz(amout)", ["unknown-name at 'amout'", "unknown-function at 'xyz'"]),
        ("amout + 5m", ["bare-unit at '5m'", "unknown-name at 'amout'"]),
        ("quantity ^ amount", ["type-mismatch at 'amount'"]),
        ("min(active, true)", ["type-mismatch at 'active'"]),
    ]

    @Test(arguments: mistakes)
    func isLocated(_ formula: String, _ expected: [String]) {
        let (expression, found) = Desk.check(formula)
        let utf8 = Array(formula.utf8)
        let located = found.map { "\($0.code) at '\(String(decoding: utf8[Int($0.span.start)..<Int($0.span.end)], as: UTF8.self))'" }
        #expect(located == expected)
        #expect(expression == nil)
    }

    static let misfits: [(String, FormulaType, String)] = [
        ("quantity * 2", .money(currency: "CNY"), "number-beside-money"), ("amount", .money(currency: "USD"), "mixed-currency"),
        ("amount", .number, "type-mismatch"), ("name", .choice(Desk.status), "type-mismatch"), ("'x'", .choice(Desk.status), "unknown-option"),
        ("due", .datetime, "type-mismatch"), ("touched", .date, "type-mismatch"), ("amount", .text(.plain), "type-mismatch"),
        ("account", .link([Desk.user]), "type-mismatch"), ("amount", .bool, "type-mismatch"), ("'5'", .number, "type-mismatch"),
    ]

    @Test(arguments: misfits)
    func doesNotFitTheTypeThatIsWanted(_ formula: String, _ type: FormulaType, _ code: String) {
        let (expression, found) = Desk.check(formula, expecting: type)
        #expect(found.map(\.code) == [code])
        #expect(expression == nil)
    }

    @Test func refusesSubjectsOutsideTheirPlace() {
        let scope = FormulaScope(this: Desk.opportunity)
        for (formula, subject) in [("me.name", "me"), ("old.amount", "old"), ("candidate", "candidate"), ("owner = me", "me")] {
            #expect(Desk.check(formula, in: scope).found.map(\.message.en) == ["`\(subject)` cannot be used here"])
        }
        #expect(Desk.check("ischanged(amount)", in: scope).found.map(\.code) == ["not-available-here"])
        #expect(Desk.check("isnew()", in: scope).found.map(\.code) == ["not-available-here"])
    }

    /// A field whose own formula is wrong has been reported there.
    @Test func passesWrongFieldsBy() {
        let checker = FormulaChecker(schema: Desk.schema) { _ in .error }
        let (expression, found) = checker.checked(Desk.embedded("score + 1"), in: Desk.scope)
        #expect(expression == nil)
        #expect(found.isEmpty)
    }
}
