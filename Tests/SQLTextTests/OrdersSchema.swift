import Formula
import SourceText

@testable import SQLText

/// A small app: orders with lines, owned by people.
enum Orders {
    static let user = ObjectID(index: 0)
    static let order = ObjectID(index: 1)
    static let line = ObjectID(index: 2)
    static let status = OptionList(
        name: "status",
        options: [.init(key: "new", labelZh: "新建", labelEn: "New"), .init(key: "paid", labelZh: "已付", labelEn: "Paid"), .init(key: "lost", labelZh: "流失", labelEn: "Lost")])
    static let role = OptionList(name: "role", options: [.init(key: "sales", labelZh: "销售", labelEn: "Sales"), .init(key: "boss", labelZh: "主管", labelEn: "Boss")])

    struct Field {
        let name: String
        let type: FormulaType
        let storage: SQLColumn.Storage
        var hasError = false
        /// Without a column: computed on read.
        var isComputed = false
    }

    private static let system: [Field] = [
        Field(name: "id", type: .number, storage: .number(decimals: 0)), Field(name: "version", type: .number, storage: .number(decimals: 0)),
        Field(name: "created", type: .datetime, storage: .datetime), Field(name: "created_by", type: .link([user]), storage: .link(user)),
        Field(name: "changed", type: .datetime, storage: .datetime), Field(name: "changed_by", type: .link([user]), storage: .link(user)),
    ]

    static let fields: [[Field]] = [
        system + [
            Field(name: "name", type: .text(.plain), storage: .text), Field(name: "role", type: .choice(role), storage: .option),
            Field(name: "active", type: .bool, storage: .bool), Field(name: "manager", type: .link([user]), storage: .link(user)),
        ],
        system + [
            Field(name: "name", type: .text(.plain), storage: .text),
            Field(name: "amount", type: .money(currency: "CNY"), storage: .number(decimals: 2)),
            Field(name: "quantity", type: .number, storage: .number(decimals: 6)), Field(name: "status", type: .choice(status), storage: .option),
            Field(name: "due", type: .date, storage: .date), Field(name: "urgent", type: .bool, storage: .bool),
            Field(name: "words", type: .tags, storage: .options(table: Identifier("words_values"), owner: Identifier("record"), value: Identifier("value"))),
            Field(name: "owner", type: .link([user]), storage: .link(user)),
            Field(name: "phone", type: .text(.phone(region: "CN")), storage: .text),
            Field(name: "score", type: .number, storage: .number(decimals: 2), hasError: true),
            Field(name: "wait", type: .duration, storage: .duration),
            Field(name: "age", type: .number, storage: .number(decimals: 2), isComputed: true),
            Field(name: "about", type: .link([order, user]), storage: .linkAny(object: Identifier("about_object"))),
            Field(
                name: "helpers", type: .links([user]),
                storage: .links(table: Identifier("helpers_values"), owner: Identifier("record"), value: Identifier("value"), object: user)),
            Field(name: "place", type: .location, storage: .text),
            Field(name: "credit", type: .text(.uscc), storage: .text),
        ],
        system + [
            Field(name: "order", type: .link([order]), storage: .link(order)),
            Field(name: "price", type: .money(currency: "CNY"), storage: .number(decimals: 2)), Field(name: "ok", type: .bool, storage: .bool),
            Field(name: "note", type: .text(.plain), storage: .text),
        ],
    ]

    static let age = FieldID(object: order, index: 17)
    static let ageFormula = "days(now() - created) / 7 + quantity"

    static let names = ["user", "order", "line"]

    static var formulas: FormulaSchema {
        let objects = fields.enumerated().map { index, fields in
            let id = ObjectID(index: index)
            return FormulaObject(
                id: id, name: names[index], labels: [],
                fields: fields.enumerated().map { position, field in
                    FormulaField(
                        id: FieldID(object: id, index: position), name: field.name, labels: [], type: field.type, mayBeBlank: position == 3 || position > 4,
                        decimals: { if case .number(let decimals) = field.storage { decimals } else { 6 } }())
                },
                collections: index == 1 ? [FormulaCollection(name: "lines", labels: [], rows: line, link: FieldID(object: line, index: 6))] : [])
        }
        return FormulaSchema(objects: objects, roles: ["sales", "boss"], users: user, currency: "CNY", calendar: .china, calendars: [shop])
    }

    static var places: SQLSchema {
        SQLSchema(
            tables: fields.enumerated().map { index, fields in
                SQLTable(
                    name: Identifier("\(names[index])_\(index)"), id: Identifier("id"), deleted: Identifier("deleted_at"), number: Int64(index + 1),
                    columns: fields.map { field in
                        field.isComputed ? nil : SQLColumn(name: Identifier(field.name), storage: field.storage, error: field.hasError ? Identifier(field.name + "_error") : nil)
                    })
            },
            people: .init(
                role: FieldID(object: user, index: 7), active: FieldID(object: user, index: 8), holders: [["sales", "boss"], ["boss"]]),
            computed: check(ageFormula).expression.map { [age: .init(expressions: [$0], decimals: 2)] } ?? [:])
    }

    static func check(_ formula: String) -> (expression: CheckedExpression?, codes: [String]) {
        let text = EmbeddedText(text: formula, span: Span(file: SourceFileID(index: 0), start: 0, end: Int32(formula.utf8.count)), segments: [])
        let result = FormulaChecker(schema: formulas).checked(text, in: FormulaScope(this: order, allowsMe: true, allowsOld: true))
        return (result.expression, result.found.map(\.code))
    }

    /// Where the formulas are asked.
    @TaskLocal static var zoneName = "Asia/Shanghai"

    /// Early on a day in February, or in the hour that came twice when Berlin went back to winter time.
    static var moment: Moment? {
        Zone(name: zoneName).flatMap { zone in
            Instant(zoneName == "Europe/Berlin" ? "2025-10-26T01:15:00Z" : "2026-02-12T01:00:00Z").map {
                Moment(now: $0, zone: zone, calendar: .china, calendars: ["shop": shop])
            }
        }
    }

    /// Mornings and afternoons, a short Friday, one day off, one worked instead, and one with hours of its own.
    static let shop: BusinessCalendar = {
        func hours(_ from: Int64, _ to: Int64) -> Range<Int64> { from * Microseconds.perHour..<to * Microseconds.perHour }
        let long = [hours(9, 12), hours(13, 18)]
        let plan = BusinessCalendar.Plan(
            week: [long, long, long, long, [hours(9, 15)], [], []], holidays: [Day(daysSinceEpoch: 20_497)], makeUpDays: [Day(daysSinceEpoch: 20_496)],
            exceptions: [Day(daysSinceEpoch: 20_495): [hours(8, 10)]])
        return BusinessCalendar(name: "shop", plan: plan)
    }()
    static let me = RecordID(object: user, number: 1)

    static func lowering(_ dialect: Dialect = .sqlite) -> FormulaLowering? {
        moment.map { FormulaLowering(schema: places, object: order, dialect: dialect, moment: $0, me: me, users: user) }
    }

    /// The condition's SQL with its arguments in place, or why there is none.
    static func condition(_ formula: String) -> String {
        let checked = check(formula)
        guard let expression = checked.expression else { return "refused: \(checked.codes.joined(separator: ", "))" }
        guard let lowering = lowering() else { return "no zone" }
        do throws(NotLowerable) {
            return shown(try lowering.condition(expression))
        } catch {
            return "not lowered: \(error.reason.en)"
        }
    }

    static func shown(_ fragment: SQLFragment) -> String {
        fragment.pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .identifier(let identifier): identifier.name
            case .argument(.null): "‹null›"
            case .argument(.integer(let number)): "‹\(number)›"
            case .argument(.text(let text)): "‹'\(text)'›"
            case .argument(.real(let number)): "‹\(number)›"
            }
        }.joined()
    }
}
