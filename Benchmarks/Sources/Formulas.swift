import BenchmarkFloor
import Formula
import Foundation
import SourceText

/// Formulas over as many records as a list or a back-fill has at hand at once, one thread, blanks included: beside SQLite's own expressions
/// and plain C over the same records in the same run.
enum Formulas {
    struct Case {
        let name: String
        let formula: String
        let sql: String
        let floor: floor_formula
        /// Evaluations per second.
        let aim: Double
    }

    static let cases = [
        Case(
            name: "star rating, exact decimals", formula: "renewal * 0.4 + visits * 0.3 + contract * 0.3",
            sql: "COALESCE(renewal, 0) * 0.4 + COALESCE(visits, 0) * 0.3 + COALESCE(contract, 0) * 0.3", floor: floor_stars, aim: 20e6),
        Case(
            name: "lead score, six conditionals, texts",
            formula: """
                if(budget >= 100000, 30, if(budget >= 30000, 15, 0)) + if(left(phone, 3) = '138', 5, 0) + if(source = 'referral', 20, 0) \
                + if(email is blank, 0, 10) + if(title contains '校长', 15, 0) + if(len(company) > 8, 5, 0)
                """,
            sql: """
                CASE WHEN budget >= 100000 THEN 30 WHEN budget >= 30000 THEN 15 ELSE 0 END + CASE WHEN substr(phone, 1, 3) = '138' THEN 5 ELSE 0 END \
                + CASE WHEN source = 'referral' THEN 20 ELSE 0 END + CASE WHEN email IS NULL THEN 0 ELSE 10 END \
                + CASE WHEN instr(title, '校长') > 0 THEN 15 ELSE 0 END + CASE WHEN length(company) > 8 THEN 5 ELSE 0 END
                """, floor: floor_score, aim: 4e6),
        Case(
            name: "discount with dates",
            formula: "if(due - signed_on > 30, budget * 0.95, if(vip and due >= date(2026, 2, 16), budget * 0.9, budget * 1))",
            sql: """
                CASE WHEN due - signed_on > 30 THEN COALESCE(budget, 0) * 0.95 WHEN vip AND due >= 20500 THEN COALESCE(budget, 0) * 0.9 \
                ELSE COALESCE(budget, 0) * 1 END
                """, floor: floor_discount, aim: 10e6),
    ]

    private static let fields: [(String, FormulaType)] = [
        ("renewal", .percent), ("visits", .number), ("contract", .number), ("budget", .number), ("due", .date), ("signed_on", .date), ("vip", .bool),
        ("phone", .text(.plain)), ("source", .text(.plain)), ("email", .text(.plain)), ("title", .text(.plain)), ("company", .text(.plain)),
    ]

    static func run(_ count: Int, times: Int) throws -> [FormulaLine] {
        let floorRows = self.floorRows(count)
        let rows = floorRows.enumerated().map { row($0.offset, $0.element) }
        guard let zone = Zone(name: "Asia/Shanghai") else { throw Failed("no zone") }
        let moment = Moment(now: Instant(microseconds: 1_770_858_000_000_000), zone: zone)
        var lines: [FormulaLine] = []
        for one in cases {
            let evaluator = Evaluator(try check(one.formula))
            var frame = Frame(this: nil, moment: moment, source: NoRows())
            var made = 0
            let together = try cpu(per: rows.count * times) {
                for _ in 0..<times { made += try evaluator.values(of: rows, in: frame).count }
            } * 1_000
            let alone = try cpu(per: rows.count * times) {
                for _ in 0..<times {
                    for row in rows {
                        frame.this = row
                        if case .failure = try evaluator.value(in: frame) { made -= 1 }
                    }
                }
            } * 1_000
            guard made == rows.count * times else { throw Failed("\(one.name): \(rows.count * times - made) failures") }
            let values = try evaluator.values(of: rows, in: frame)
            let others = try rows.map { row in
                frame.this = row
                return try evaluator.value(in: frame)
            }
            guard values == others else { throw Failed("\(one.name): the values differ") }
            let sqlite = floorRows.withUnsafeBufferPointer { floor_expression($0.baseAddress, Int64($0.count), one.sql, Int32(times)) }
            let floor = floorRows.withUnsafeBufferPointer { floor_formula($0.baseAddress, Int64($0.count), one.floor, Int32(times)) }
            lines.append(FormulaLine(name: one.name, nanoseconds: together, alone: alone, sqlite: sqlite, floor: floor, aim: one.aim))
        }
        return lines
    }

    /// Reading, checking and making ready, per formula.
    static func compile(_ times: Int) throws -> Line {
        var ready = 0
        let time = try cpu(per: times * cases.count) {
            for _ in 0..<times {
                for one in cases { if Evaluator(try check(one.formula)).expression.variableCount == 0 { ready += 1 } }
            }
        }
        guard ready == times * cases.count else { throw Failed("a formula is not made ready") }
        return Line("compile a formula: read, check, make ready", time, "µs", decimals: 1, aim: 50)
    }

    private static let schema: FormulaSchema = {
        let id = ObjectID(index: 0)
        let system = SystemField.allCases.map { FormulaField(id: FieldID(object: id, index: $0.rawValue), name: $0.name, labels: [], type: .number, mayBeBlank: false, decimals: 0) }
        let own = fields.enumerated().map { position, field in
            FormulaField(
                id: FieldID(object: id, index: system.count + position), name: field.0, labels: [], type: field.1, mayBeBlank: true, decimals: 6)
        }
        let object = FormulaObject(id: id, name: "lead", labels: [], fields: system + own, collections: [])
        return FormulaSchema(objects: [object], roles: [], users: nil, currency: "CNY")
    }()

    private static func check(_ formula: String) throws -> CheckedExpression {
        let text = EmbeddedText(text: formula, span: Span(file: SourceFileID(index: 0), start: 0, end: Int32(formula.utf8.count)), segments: [])
        let checked = FormulaChecker(schema: schema).checked(text, in: FormulaScope(this: ObjectID(index: 0)))
        guard let expression = checked.expression else { throw Failed("\(formula): \(checked.found.map(\.code))") }
        return expression
    }

    // MARK: Records

    private static let phones = ["13812345678", "13987654321", nil, "021-5555555"]
    private static let sources = ["referral", "website", "exhibition", nil]
    private static let emails = ["wang@example.com", nil, "li@school.cn"]
    private static let titles = ["校长", "教务处副校长", nil, "采购经理", "老师"]
    private static let companies = ["上海市实验中学", "北京大学附属中学国际部", nil, "Acme"]

    /// Texts live as long as the process.
    private static func c(_ text: String?) -> UnsafePointer<CChar>? { text.flatMap { strdup($0) }.map { UnsafePointer($0) } }

    private static func floorRows(_ count: Int) -> [floor_row] {
        (0..<count).map { index in
            let mixed = UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
            func number(_ shift: UInt64, _ bound: UInt64, blankOf: UInt64) -> Int64 {
                (mixed >> (shift &+ 7)) % blankOf == 0 ? Int64.min : Int64((mixed >> shift) % bound)
            }
            return floor_row(
                renewal: number(3, 10_000, blankOf: 9), visits: number(11, 40, blankOf: 7), contract: number(17, 90_000_000, blankOf: 5),
                budget: number(23, 20_000_000, blankOf: 8), due: number(29, 1_000, blankOf: 6) == .min ? .min : 20_000 + number(29, 1_000, blankOf: 6),
                signed_on: number(31, 1_000, blankOf: 10) == .min ? .min : 20_000 + number(31, 1_000, blankOf: 10), vip: number(37, 2, blankOf: 11),
                phone: c(phones[index % 4]), source: c(sources[(index / 3) % 4]), email: c(emails[index % 3]), title: c(titles[index % 5]),
                company: c(companies[(index / 2) % 4]))
        }
    }

    private static func row(_ index: Int, _ row: floor_row) -> Row {
        func decimal(_ scaled: Int64, _ decimals: Int) -> Value { scaled == .min ? .blank : .number(ExactDecimal(scaled: scaled, decimals: decimals)) }
        func day(_ days: Int64) -> Value { days == .min ? .blank : .date(Day(daysSinceEpoch: Int32(days))) }
        func text(_ text: UnsafePointer<CChar>?) -> Value { text.map { Value(text: String(cString: $0)) } ?? .blank }
        let system = SystemField.allCases.map { _ in Value.number(.one) }
        return Row(
            id: RecordID(object: ObjectID(index: 0), number: Int64(index + 1)),
            values: system + [
                decimal(row.renewal, 4), decimal(row.visits, 0), decimal(row.contract, 2), decimal(row.budget, 2), day(row.due), day(row.signed_on),
                row.vip == .min ? .blank : .bool(row.vip == 1), text(row.phone), text(row.source), text(row.email), text(row.title), text(row.company),
            ])
    }

    private struct NoRows: RowSource {
        func row(_ id: RecordID) -> Row? { nil }
        func rows(linking link: FieldID, to parent: RecordID) -> [Row] { [] }
        func rows(of object: ObjectID) -> [Row] { [] }
        func users(in role: RoleID) -> [Row] { [] }
        func title(of id: RecordID) -> String { "" }
    }
}

/// A line of the table of formulas.
struct FormulaLine {
    let name: String
    /// Of many records asked for together.
    let nanoseconds: Double
    /// Of one record asked for by itself.
    let alone: Double
    let sqlite: Double
    let floor: Double
    let aim: Double

    static let header = ["formulas, per evaluation", "Weir", "one by one", "SQLite's own", "plain C", "per second", "aim"]

    func print() {
        let rate = 1e9 / nanoseconds
        let isMet = rate >= aim && sqlite / nanoseconds >= 3
        Self.print([
            name, String(format: "%.1f ns", nanoseconds), String(format: "%.1f ns", alone), String(format: "%.1f ns (%.1f×)", sqlite, sqlite / nanoseconds), String(format: "%.1f ns", floor),
            String(format: "%.1f M", rate / 1e6), String(format: "≥ %.0f M, ≥ 3×", aim / 1e6) + (isMet ? "" : "  missed"),
        ])
    }

    static func print(_ cells: [String]) {
        Swift.print(zip(cells, [40, 10, 12, 18, 10, 12, 16]).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }.joined(separator: " "))
    }
}
