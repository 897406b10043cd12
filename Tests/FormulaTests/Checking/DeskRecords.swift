import Formula
import SourceText
import Testing

/// A handful of records of the sales app, with blanks among them.
struct DeskRecords: RowSource {
    private var rows: [RecordID: Row] = [:]

    static let shared = DeskRecords()

    private init() {
        add(Desk.user, 1, ["name": .text("李主管")])
        add(Desk.user, 2, ["name": .text("小王"), "manager": link(Desk.user, 1), "pending": .number(ExactDecimal(2)), "regions": .options(["L1", "L2"])])
        add(Desk.account, 1, ["name": .text("海星"), "owner": link(Desk.user, 1), "level": .option("L2"), "max_contract": .number(ExactDecimal(900))])
        add(Desk.account, 2, ["name": .text("空白")])
        add(
            Desk.opportunity, 1,
            [
                "name": .text("年框"), "account": link(Desk.account, 1), "owner": link(Desk.user, 2), "amount": .number(ExactDecimal(100)),
                "quantity": .number(ExactDecimal(3)), "active": .bool(true), "status": .option("new"), "level": .option("L2"),
                "pains": .options(["成本"]), "labels": .options(["vip"]), "phone": .text("13812345678"), "due": .date(Day(daysSinceEpoch: 20_500)),
                "touched": .instant(Instant(microseconds: 1_771_000_000_000_000)), "watched": .duration(TimeSpan(microseconds: 5_400_000_000)),
                "score": .number(ExactDecimal(7)),
            ])
        add(
            Desk.opportunity, 2,
            ["name": .text("续约"), "account": link(Desk.account, 1), "amount": .number(ExactDecimal(50)), "quantity": .number(ExactDecimal(1)), "status": .option("won")])
        // Blank wherever it may be.
        add(Desk.opportunity, 3, ["name": .text("空"), "quantity": .number(.zero)])
        for (number, parent, product, qty, price, active) in [
            (1, 1, "甲", 2, 10, true), (2, 1, "乙", 5, 20, false), (3, 1, "丙", 1, 30, true), (4, 2, "丁", 9, 40, true),
        ] as [(Int64, Int64, String, Int, Int, Bool)] {
            add(
                Desk.line, number,
                [
                    "product": .text(product), "opportunity": link(Desk.opportunity, parent), "qty": .number(ExactDecimal(qty)),
                    "price": .number(ExactDecimal(price)), "active": .bool(active),
                ])
        }
        add(Desk.line, 5, ["product": .text("戊"), "opportunity": link(Desk.opportunity, 1)])
        for (number, at, note, by) in [(1, 30, "中", 2), (2, 10, "早", 1), (3, 50, "晚", 2)] as [(Int64, Int64, String, Int64)] {
            add(
                Desk.activity, number,
                [
                    "kind": .option(number == 2 ? "won" : "new"), "at": .instant(Instant(microseconds: at * 1_000_000)),
                    "minutes": number == 1 ? .blank : .number(ExactDecimal(Int(at))), "opportunity": link(Desk.opportunity, 1), "note": .text(note),
                    "by_whom": link(Desk.user, by), "read": .bool(number == 3),
                ])
        }
    }

    private func link(_ object: ObjectID, _ number: Int64) -> Value { .link(RecordID(object: object, number: number)) }

    private mutating func add(_ object: ObjectID, _ number: Int64, _ values: [String: Value]) {
        let id = RecordID(object: object, number: number)
        let fields = Desk.schema.objects[object.index].fields
        var row = Row(id: id, values: fields.map { values[$0.name] ?? .blank })
        row[.id] = .number(ExactDecimal(Int(number)))
        row[.version] = .number(ExactDecimal(1))
        row[.created] = .instant(Instant(microseconds: 1_770_000_000_000_000))
        row[.changed] = row[.created]
        row[.createdBy] = link(Desk.user, 1)
        row[.changedBy] = link(Desk.user, 2)
        rows[id] = row
    }

    func row(_ id: RecordID) -> Row? { rows[id] }
    func rows(linking link: FieldID, to parent: RecordID) -> [Row] {
        rows.values.filter { $0.id.object == link.object && $0[link] == .link(parent) }.sorted { $0.id < $1.id }
    }
    func rows(of object: ObjectID) -> [Row] { rows.values.filter { $0.id.object == object }.sorted { $0.id < $1.id } }
    func users(in role: RoleID) -> [Row] { rows(of: Desk.user).filter { role.index == 0 || $0.id.number == 1 } }
    func title(of id: RecordID) -> String { "\(Desk.schema.objects[id.object.index].name)/\(id.number)" }

    /// What a formula of opportunity `number` gives; 小王 is acting.
    func value(of expression: CheckedExpression, opportunity number: Int64 = 1) throws -> Value {
        let this = rows[RecordID(object: Desk.opportunity, number: number)]
        let zone = try #require(Zone(name: "Asia/Shanghai"))
        let frame = Frame(
            this: this, old: rows[RecordID(object: Desk.opportunity, number: 2)], me: rows[RecordID(object: Desk.user, number: 2)],
            candidate: rows[RecordID(object: Desk.user, number: 2)],
            moment: Moment(now: Instant(microseconds: 1_771_300_000_000_000), zone: zone), source: self)
        return try Evaluator(expression).value(in: frame)
    }
}
