import Formula
import SourceText
import Testing

/// Formulas over records: what is understood is also worked out so.
@Suite struct RecordTests {
    static let results: [(String, String)] = [
        ("amount * quantity", "300"), ("account.owner.name", "李主管"), ("account.name & '·' & name", "海星·年框"), ("owner = me", "是"),
        ("owner.manager = account.owner", "是"), ("this & ''", "opportunity/1"), ("status & '、' & pains", "新建、成本"),
        ("sum(lines.qty)", "8"), ("sum(lines where active, qty * price)", "50"), ("count(lines)", "4"), ("count(lines.qty)", "3"),
        ("average(lines.qty)", "2.66666666666666666667"), ("median(lines.qty)", "2"), ("max(lines.price)", "30"), ("min(lines.product where qty > 1)", "乙"),
        ("any(lines, qty > 4)", "是"), ("all(lines.active)", "否"), ("all(lines where qty > 0 and active, price > 5)", "是"),
        ("exists(lines where price > 100)", "否"), ("countdistinct(activities.by_whom)", "2"),
        ("latest(activities by at).note", "晚"), ("first(activities by at).note", "早"), ("first(activities by at desc).by_whom.name", "小王"),
        ("first(activities).note", "中"), ("join(activities.note by at, '、')", "早、中、晚"), ("join(lines where active, product & qty, '/')", "甲2/丙1"),
        ("join(users in role sales, ' ')", "user/1 user/2"), ("count(users in role manager)", "1"),
        ("sum(account.opportunities.amount)", "150"), ("sum(account.opportunities, count(lines))", "5"),
        ("sum(account.opportunities as o, sum(lines.qty where qty > o.quantity))", "14"),
        ("count(opportunity where account = this.account)", "2"), ("count(opportunity where account is blank)", "1"),
        ("owner in users in role manager", "否"), ("owner.manager in users in role manager", "是"),
        ("latest(activities by at).by_whom in users in role sales", "是"), ("owner in account.opportunities.owner", "是"),
        ("pains contains '成本'", "是"), ("'效率' in pains", "否"), ("labels contains 'vip'", "是"), ("level in me.regions", "是"), ("size(pains)", "1"),
        ("level >= 'L2' and level < 'L3'", "是"), ("status in ('won', 'new')", "是"), ("phone is valid", "是"),
        ("switch(status, 'won', 100%, 'new', 10%, 0%)", "0.1"), ("let(x, sum(lines.qty), if(x > 5, x * 2, 0))", "16"),
        ("let(n, 1, sum(lines where qty > n, let(p, qty * price, p)))", "120"), ("watched / 30min", "3"), ("watched > 1h", "是"),
        ("ischanged(amount)", "是"), ("prior(amount)", "50"), ("old.name", "续约"), ("isnew()", "否"), ("score * 2", "14"),
        ("coalesce(account.parent.name, account.name)", "海星"), ("label(status)", "新建"), ("key(status)", "new"), ("max(amount, 500)", "500"),
        ("created_by.name", "李主管"), ("ifs(quantity > 5, 'a', quantity > 2, 'b', 'c')", "b"), ("xor(active, true)", "否"),
        ("due > touched", "是"), ("touched > due", "否"), ("sum(activities, coalesce(minutes, 1))", "61"), ("max(lines where qty > 100, price)", ""),
    ]

    @Test(arguments: results)
    func isWorkedOut(_ formula: String, _ expected: String) throws {
        let (expression, found) = Desk.check(formula)
        #expect(found.isEmpty, "\(found.map { "\($0.code): \($0.message.en)" })")
        let checked = try #require(expression)
        let value = try DeskRecords.shared.value(of: checked)
        let zone = try #require(Zone(name: "Asia/Shanghai"))
        let moment = Moment(now: Instant(microseconds: 0), zone: zone, language: .zh)
        #expect(value.text(of: checked.type, at: moment) { DeskRecords.shared.title(of: $0) } == expected)
    }

    /// Over a record that is blank wherever it may be, a value that is called never blank is none.
    @Test(arguments: TypeTests.types.map(\.0))
    func isBlankOnlyWhereItMayBe(_ formula: String) throws {
        let expression = try #require(Desk.check(formula).expression)
        for number in [1, 3] as [Int64] {
            let value = try DeskRecords.shared.value(of: expression, opportunity: number)
            if case .failure = value { continue }
            #expect(!value.isBlank || expression.mayBeBlank, "\(formula) is \(value)")
            #expect(fits(value, expression.type), "\(formula) is \(value), not \(expression.type)")
        }
    }

    private func fits(_ value: Value, _ type: FormulaType) -> Bool {
        switch (value, type) {
        case (.blank, _): true
        case (.number, .number), (.number, .money), (.number, .percent): true
        case (.bool, .bool), (.text, .text), (.date, .date), (.instant, .datetime), (.duration, .duration), (.option, .choice): true
        case (.options, .choices), (.options, .tags), (.link, .link), (.list, .list): true
        default: false
        }
    }
}
