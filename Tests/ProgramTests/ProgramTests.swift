import Formula
import Model
import Program
import SourceText
import Testing

private let app = """
    app: { name: trade }
    objects:
      account:
        fields:
          name:    { type: text, required: yes }
          owner:   { type: link, to: user, as: accounts }
          total:   { formula: sum(orders.amount where paid) }
          orders_: { formula: count(orders) }
          biggest: { formula: max(orders.amount) }
          boss:    { formula: owner.manager.name }
          grade:   { formula: "if(doubled > 100, 'A', 'B')", label: 等级 }
          doubled: { formula: total * 2 }
          age:     { formula: "days(today(), date_of(created))" }
          old_one: { formula: age > 30 }
          peers:   { formula: count(account where owner = this.owner) }
          mine:    { formula: count(account where parent = this) }
          parent:  link to account
          title:   { formula: "'to ' & owner" }
      order:
        fields:
          account: { type: link, to: account, as: orders }
          amount:  { type: money, default: =price * 2 }
          price:   { type: money, default: 5 }
          paid:    bool
          risky:   { formula: account.old_one }
    """

@Suite struct CompilingTests {
    let compiled: CompiledApp

    init() throws {
        var sources = SourceSet()
        sources.add(path: "app.yaml", text: app)
        let (compiled, report) = compile(sources)
        #expect(report.isEmpty, "\(DiagnosticText(sources: sources, language: .en).render(report))")
        self.compiled = try #require(compiled)
    }

    private func object(_ name: String) throws -> CompiledObject {
        compiled[try #require(compiled.model.object(named: name)).id]
    }

    private func field(_ object: String, _ name: String) throws -> FieldID {
        try #require(compiled.model.object(named: object)?.field(named: name)).id
    }

    private func name(_ id: FieldID) -> String { compiled.model[id].name }

    @Test func eachFormulaStandsBehindWhatItReads() throws {
        let order = try object("account").computedOrder.map { name($0.field) }
        let total = try #require(order.firstIndex(of: "total"))
        let doubled = try #require(order.firstIndex(of: "doubled"))
        let grade = try #require(order.firstIndex(of: "grade"))
        #expect(total < doubled && doubled < grade)
        #expect(try object("order").defaults.map { name($0.field) } == ["price", "amount"])
    }

    @Test func whatReadsTheClockIsNotStored() throws {
        #expect(try object("account").volatile.map { name($0.field) } == ["age", "old_one"])
        // Through another record as well.
        #expect(try object("order").volatile.map { name($0.field) } == ["risky"])
        #expect(try object("order").computedOrder.isEmpty)
    }

    @Test func childrenConcernTheirParent() throws {
        let dependents = try object("order").dependents
        let link = try field("order", "account")
        let total = try #require(dependents.first { name($0.field) == "total" })
        #expect(total.wayBack == [.parent(link)])
        #expect(total.reads == [link, try field("order", "amount"), try field("order", "paid")])
        #expect(total.delta?.kind == .sum && total.delta?.condition != nil && total.delta?.value != nil)
        let count = try #require(dependents.first { name($0.field) == "orders_" })
        #expect(count.delta?.kind == .count && count.delta?.condition == nil && count.delta?.value == nil)
        #expect(try #require(dependents.first { name($0.field) == "biggest" }).delta == nil)
        #expect(!dependents.contains { name($0.field) == "risky" })
    }

    @Test func differencesAreReadOffTheChild() throws {
        let total = try #require(try object("order").dependents.first { name($0.field) == "total" })
        let order = try #require(compiled.model.object(named: "order"))
        var child = Row(id: RecordID(object: order.id, number: 1), values: order.fields.map { _ in .blank })
        child[try field("order", "amount")] = .number(ExactDecimal(12))
        child[try field("order", "paid")] = .bool(true)
        let frame = Frame(this: child, moment: Moment(now: Instant(microseconds: 0), zone: compiled.model.zone), source: NoRows())
        #expect(try total.delta?.condition?.value(in: frame) == .bool(true))
        #expect(try total.delta?.value?.value(in: frame) == .number(ExactDecimal(12)))
    }

    @Test func linksConcernWhoeverFollowsThem() throws {
        let owner = try field("account", "owner")
        let manager = try field("user", "manager")
        let userName = try field("user", "name")
        let boss = try object("user").dependents.filter { name($0.field) == "boss" }
        #expect(boss.count == 2)
        #expect(boss.contains { $0.wayBack == [.linkedBy(owner)] && $0.reads == [manager] })
        #expect(boss.contains { $0.wayBack == [.linkedBy(manager), .linkedBy(owner)] && $0.reads == [userName] })
        // The name of a record in a text is read from the fields of its `shows`.
        let title = try #require(try object("user").dependents.first { name($0.field) == "title" })
        #expect(title.wayBack == [.linkedBy(owner)] && title.reads == [userName])
    }

    @Test func wholeObjectsConcernEveryone() throws {
        let dependents = try object("account").dependents
        #expect(try #require(dependents.first { name($0.field) == "peers" }).wayBack == [.everyone])
        // `account where parent = this` are this record's children, however it is written.
        let mine = try #require(dependents.first { name($0.field) == "mine" }), parent = try field("account", "parent")
        #expect(mine.wayBack == [.parent(parent)])
    }

    @Test func theHashChangesWithEveryByte() {
        func hash(_ path: String, _ text: String) -> String {
            var sources = SourceSet()
            sources.add(path: path, text: text)
            return sources.contentHash
        }
        #expect(hash("a", "x") == hash("a", "x"))
        #expect(Set([hash("a", "x"), hash("a", "y"), hash("b", "x"), hash("ax", ""), hash("", "ax")]).count == 5)
        #expect(hash("a", "x").count == 16)
    }
}

private struct NoRows: RowSource {
    func row(_ id: RecordID) -> Row? { nil }
    func rows(linking link: FieldID, to parent: RecordID) -> [Row] { [] }
    func rows(of object: ObjectID) -> [Row] { [] }
    func users(in role: RoleID) -> [Row] { [] }
    func title(of id: RecordID) -> String { "" }
}
