import Formula

/// Awkward records: blanks, zeros, extremes, failures, other scripts, a deleted owner.
struct OrdersRows: RowSource {
    let users: [Row]
    let orders: [Row]
    let lines: [Row]
    /// Numbers of the people who are deleted: they lie in the table and are not to be seen.
    let deletedUsers: Set<Int64> = [3]

    func row(_ id: RecordID) throws -> Row? {
        switch id.object {
        case Orders.user: deletedUsers.contains(id.number) ? nil : users.first { $0.id == id }
        case Orders.order: orders.first { $0.id == id }
        default: lines.first { $0.id == id }
        }
    }

    func rows(linking link: FieldID, to parent: RecordID) throws -> [Row] {
        try rows(of: link.object).filter { $0[link] == .link(parent) }
    }

    func rows(of object: ObjectID) throws -> [Row] {
        switch object {
        case Orders.user: users.filter { !deletedUsers.contains($0.id.number) }
        case Orders.order: orders
        default: lines
        }
    }

    func users(in role: RoleID) throws -> [Row] {
        let keys: Set<Value> = role.index == 0 ? [.option("sales"), .option("boss")] : [.option("boss")]
        return try rows(of: Orders.user).filter { keys.contains($0.values[7]) && $0.values[8] == .bool(true) }
    }

    func title(of id: RecordID) throws -> String { "\(id.number)" }

    init() {
        func number(_ text: String) -> Value { ExactDecimal(text).map { .number($0) } ?? .blank }
        func instant(_ text: String) -> Value { Instant(text).map { .instant($0) } ?? .blank }
        func day(_ text: String) -> Value { Day(text).map { .date($0) } ?? .blank }
        func link(_ object: ObjectID, _ number: Int64) -> Value { .link(RecordID(object: object, number: number)) }
        func system(_ id: Int64, created: String) -> [Value] {
            [.number(ExactDecimal(id)), .number(.one), instant(created), id % 2 == 0 ? .blank : link(Orders.user, 1), instant("2026-02-11T16:00:00Z"), .blank]
        }
        users = ([
            ("小王", "sales", true, nil), ("Émile", "boss", true, 1), ("deleted", "boss", true, 1), ("", "sales", false, 2),
        ] as [(String, String, Bool, Int64?)]).enumerated().map { index, user in
            Row(
                id: RecordID(object: Orders.user, number: Int64(index + 1)),
                values: system(Int64(index + 1), created: "2025-01-01T00:00:00Z") + [
                    Value(text: user.0), .option(user.1), .bool(user.2), user.3.map { link(Orders.user, $0) } ?? .blank,
                ])
        }
        let amounts = ["0", "", "12.34", "-0.01", "92233720368547758.07", "-92233720368547758.08", "100", "1.5", "0.3", "5", "99.99", "1000000"]
        let quantities = ["0", "3", "", "0.000001", "9223372036854.775807", "-7.25", "2", "0.5", "1", "-1", "33.333333", "12"]
        let names = ["", "报价单", "ANew", "café", "CAFÉ", "12.5", "a-b-c", "  x  y ", "😀中文", "2026-02-12", "%_'\"", String(repeating: "长", count: 50)]
        let states: [Value] = [.option("new"), .option("paid"), .option("lost"), .blank, .option("retired")]
        let days = ["2026-02-12", "", "2024-02-29", "9999-12-31", "0001-01-01", "2026-01-31", "1999-12-31"]
        let created = [
            "2026-02-12T00:59:59.999999Z", "2026-02-10T16:00:00Z", "1990-07-01T00:00:00Z", "9999-12-31T00:00:00Z", "0001-01-02T00:00:00Z",
            // Before clocks in Shanghai went forward, in the hour that came twice, and where winter began.
            "1991-04-13T17:59:59.5Z", "1991-09-14T15:30:00Z", "1991-09-14T16:59:59Z",
            // The same in Berlin and in New York.
            "2026-03-29T00:59:59.9Z", "2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z", "2026-03-08T06:59:59.999999Z", "2025-11-02T05:30:00Z",
        ]
        let waits: [Value] = ([0, 7_200_000_000, -1, .max, .min, 90_000_000] as [Int64]).map { .duration(TimeSpan(microseconds: $0)) }
        let scores: [Value] = [number("50"), .blank, .failure(FormulaFailure(.divisionByZero)), number("-3.14"), number("0")]
        let tags: [Value] = [.blank, .options(["vip"]), .options(["vip", "新"]), .options(["x", "y", "z"])]
        let phones = ["13812345678", "", "138****5678", "+86 138 1234 5678"]
        func people(_ numbers: [Int64]) -> Value { .links(numbers.map { RecordID(object: Orders.user, number: $0) }) }
        let helpers: [Value] = [.blank, people([1]), people([2, 1]), people([3]), people([4, 3, 2, 1])]
        let places: [Value] = [.blank, Location("30.2741,120.1551").map { .location($0) } ?? .blank, Location("-33.8688,151.2093").map { .location($0) } ?? .blank]
        let credits = ["", "91350100M000100Y43", "91350100M000100Y44", "x"]
        let stored = (0..<24).map { index -> Row in
            let id = RecordID(object: Orders.order, number: Int64(index + 1))
            let values: [Value] =
                system(id.number, created: created[index % created.count]) + [
                    Value(text: names[index % 12]), number(amounts[(index * 5) % 12]), number(quantities[(index * 7) % 12]), states[index % 5],
                    day(days[index % 7]), [.blank, .bool(true), .bool(false)][index % 3], tags[index % 4],
                    index % 5 == 4 ? .blank : link(Orders.user, Int64(index % 4 + 1)), Value(text: phones[index % 4]), scores[(index / 2) % 5],
                    index % 7 == 6 ? .blank : waits[index % 6], .blank,
                    index % 3 == 0 ? .blank : index % 3 == 1 ? link(Orders.order, Int64(index)) : link(Orders.user, 1),
                    helpers[index % 5], places[index % 3], Value(text: credits[index % 4]),
                ]
            return Row(id: id, values: values)
        }
        let prices = ["5", "", "0", "-2.5", "100.01", "92233720368547758.07"]
        let notes = ["", "x", "y", "价", "x"]
        // The engine gives the evaluator the value of a field that is computed on read.
        orders = stored.map { Orders.withAge($0) }
        lines = (0..<40).map { index in
            let id = RecordID(object: Orders.line, number: Int64(index + 1))
            return Row(
                id: id,
                values: system(id.number, created: created[(index * 3) % created.count]) + [
                    index % 9 == 8 ? .blank : link(Orders.order, Int64(index * index % 17 + 1)), number(prices[index % 6]),
                    [.bool(true), .blank, .bool(false), .bool(true)][index % 4], Value(text: notes[index % 5]),
                ])
        }
    }
}

extension Orders {
    /// The row with its age, as `ageFormula` has it.
    static func withAge(_ row: Row) -> Row {
        guard let expression = check(ageFormula).expression, let moment else { return row }
        var row = row
        let value = (try? Evaluator(expression).value(in: Frame(this: row, moment: moment, source: NoRows()))) ?? .blank
        if case .number(let number) = value { row[age] = (try? number.rounded(decimals: 2)).map { .number($0) } ?? .blank } else { row[age] = value }
        return row
    }

    private struct NoRows: RowSource {
        func row(_ id: RecordID) throws -> Row? { nil }
        func rows(linking link: FieldID, to parent: RecordID) throws -> [Row] { [] }
        func rows(of object: ObjectID) throws -> [Row] { [] }
        func users(in role: RoleID) throws -> [Row] { [] }
        func title(of id: RecordID) throws -> String { "" }
    }
}
