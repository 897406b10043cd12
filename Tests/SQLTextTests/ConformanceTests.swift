import Foundation
import SourceText
import Testing

@testable import Formula
@testable import SQLText

/// Formulas on which at least two spreadsheet programs agree, in process and on SQLite. They lie beside the checkout and are no part of it.
@Suite struct ConformanceTests {
    private static var folder: URL {
        if let shared = ProcessInfo.processInfo.environment["WEIR_SHARED"] { return URL(fileURLWithPath: shared) }
        return URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared")
    }

    @Test func firstTierOfSpreadsheetCases() throws {
        let file = Self.folder.appendingPathComponent("conformance/formula/spreadsheet.jsonl")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            print("skipped: no spreadsheet cases at \(file.path)")
            return
        }
        let database = try MemoryDatabase(OrdersRows())
        var tiers: [String: Tally] = [:]
        for line in text.split(separator: "\n") {
            guard let spreadsheetCase = try SpreadsheetCase(line: String(line)) else { continue }
            let tier = spreadsheetCase.tier
            tiers["\(tier) in process", default: Tally()].count(try spreadsheetCase.run(on: nil), spreadsheetCase)
            tiers["\(tier) on SQLite", default: Tally()].count(try spreadsheetCase.run(on: database), spreadsheetCase)
        }
        for (name, tally) in tiers.sorted(by: { $0.key < $1.key }) {
            print("spreadsheet cases of tier \(name): \(tally.summary)")
            guard name.hasPrefix("1") || ProcessInfo.processInfo.environment["WEIR_CASES"] == "all" else { continue }
            for failure in tally.failures { print("  \(failure)") }
        }
        #expect(try #require(tiers["1 in process"]).share >= 0.98)
        #expect(try #require(tiers["1 on SQLite"]).share >= 0.98)
    }
}

/// How many cases came out as they should, by function, and what became of the others.
private struct Tally {
    private var passed = 0
    private(set) var failures: [String] = []
    private var refused: [RefusalReason: Int] = [:]
    private var functions: [String: (passed: Int, all: Int)] = [:]

    mutating func count(_ outcome: SpreadsheetCase.Outcome, _ spreadsheetCase: SpreadsheetCase) {
        switch outcome {
        case .passed:
            passed += 1
            functions[spreadsheetCase.function, default: (0, 0)].passed += 1
        case .failed(let words): failures.append(words)
        case .refused(let reason):
            refused[reason, default: 0] += 1
            return
        }
        functions[spreadsheetCase.function, default: (0, 0)].all += 1
    }

    /// Of the cases that are not refused on purpose.
    var share: Double { Double(passed) / Double(max(1, passed + failures.count)) }

    var summary: String {
        let short = functions.filter { $0.value.passed < $0.value.all }.sorted { $0.key < $1.key }
            .map { "\($0.key) \($0.value.passed)/\($0.value.all)" }
        let reasons = refused.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue): \($0.value)" }
        return "\(passed) of \(passed + failures.count) pass; refused on purpose \(reasons); short of all \(short)"
    }
}

/// Why a case does not apply; `spec/formulas/refused.md` has a paragraph for each.
private enum RefusalReason: String {
    case timeOfDay = "time of day"
    case numbersBeyondRange = "numbers beyond 38 digits or 20 decimals"
    case emptyTextIsBlank = "empty text is blank"
    case leapYear1900 = "the leap year 1900 of spreadsheets"
    case foreignDates = "dates other than ISO in texts"
    case textAsNumber = "texts where numbers or dates are wanted"
    case nothingElse = "if without else is blank"
}

private struct SpreadsheetCase {
    enum Outcome {
        case passed
        case failed(String)
        case refused(RefusalReason)
    }

    let id: String
    let formula: String
    let tier: Int
    let function: String
    private let inputs: [(name: String, type: FormulaType, value: Value)]?
    private let expected: Any?
    private let hasTimes: Bool
    /// Whether an input is so small that nothing of it is left behind 20 decimals.
    private let hasVanished: Bool
    private let tolerance: Double

    init?(line: String) throws {
        guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
            let id = object["id"] as? String, let formula = object["expr"] as? String, let tier = object["tier"] as? Int
        else { return nil }
        self.id = id
        self.formula = formula
        self.tier = tier
        function = object["function"] as? String ?? ""
        expected = object["expected"]
        tolerance = object["tolerance"] as? Double ?? 0
        let types = object["types"] as? [String: String] ?? [:]
        hasTimes = types.values.contains("time")
        hasVanished = (object["inputs"] as? [String: Any] ?? [:]).values.contains { value in
            guard let number = (value as? NSNumber)?.doubleValue else { return false }
            return number != 0 && Swift.abs(number) < 1e-20
        }
        var read: [(name: String, type: FormulaType, value: Value)]? = []
        for (name, value) in (object["inputs"] as? [String: Any] ?? [:]).sorted(by: { $0.key < $1.key }) {
            if let values = value as? [Any] {
                // A range of several rows and columns is its values, row by row.
                let leaves = values.flatMap { $0 as? [Any] ?? [$0] }
                let items = leaves.compactMap { Self.input($0, types["\(name)[]"]) }
                guard items.count == leaves.count, let type = items.first?.type, items.allSatisfy({ $0.type == type }) else {
                    read = nil
                    continue
                }
                read?.append((name, .list(type), .list(items.map(\.value))))
            } else if let item = Self.input(value, types[name]) {
                read?.append((name, item.type, item.value))
            } else {
                read = nil
            }
        }
        inputs = read
    }

    /// Nil for what the language has no type for, or where a number is beyond its range.
    private static func input(_ json: Any, _ type: String?) -> (type: FormulaType, value: Value)? {
        switch json {
        case let number as NSNumber:
            if CFBooleanLike.isBool(number) { return (.bool, .bool(number.boolValue)) }
            guard let decimal = ExactDecimal(number.doubleValue.description) else { return nil }
            return (.number, .number(decimal))
        case let text as String:
            switch type {
            case nil: return (.text(.plain), Value(text: text))
            case "date": return Day(text).map { (.date, .date($0)) }
            case "datetime": return Instant(text + "+08:00").map { (.datetime, .instant($0)) }
            case .some: return nil
            }
        default:
            return nil
        }
    }

    /// In process if there is no database.
    func run(on database: MemoryDatabase?) throws -> Outcome {
        let outcome = try answer(database)
        if case .failed = outcome, let reason { return .refused(reason) }
        return outcome
    }

    private func answer(_ database: MemoryDatabase?) throws -> Outcome {
        guard let inputs else { return .failed("\(id): \(formula): input") }
        let given = "with \(inputs.map { "\($0.name) = \($0.value)" })"
        let checker = FormulaChecker(schema: FormulaSchema(objects: [], roles: [], users: nil, currency: "CNY"))
        let span = Span(file: SourceFileID(index: 0), start: 0, end: Int32(formula.utf8.count))
        let checked = checker.checked(
            EmbeddedText(text: formula, span: span, segments: []),
            in: FormulaScope(this: nil, inputs: inputs.map { .init(name: $0.name, type: $0.type) }))
        // Spreadsheets know no Chinese holidays.
        guard let expression = checked.expression, let moment = Orders.moment.map({ Moment(now: $0.now, zone: $0.zone) }) else {
            return isError ? .passed : .failed("\(id): \(formula) \(given) is refused: \(checked.found.map(\.code))")
        }
        let value: Value
        if let database {
            do throws(NotLowerable) {
                let statement = try FormulaLowering.statement(
                    expression, inputs: inputs.map { ($0.type, $0.value) }, dialect: .sqlite, moment: moment)
                value = run(statement, on: database)
            } catch {
                return .failed("\(id): \(formula) \(given) is not lowered: \(error.reason.en)")
            }
        } else {
            value = try Evaluator(expression).value(in: Frame(this: nil, inputs: inputs.map(\.value), moment: moment, source: OrdersRows()))
        }
        return matches(value) ? .passed : .failed("\(id): \(formula) \(given) is \(value), expected \(expected ?? "?")")
    }

    private func run(_ statement: (sql: RenderedSQL, form: FormulaLowering.ValueColumns.Form), on database: MemoryDatabase) -> Value {
        guard let row = try? database.run(statement.sql.text, statement.sql.arguments).first else { return .text("no statement") }
        return row[1] == .integer(0) ? statement.form.value(of: row[0]) : .failure(FormulaFailure(.domain))
    }

    private var reason: RefusalReason? {
        if let wanted = (expected as? NSNumber)?.doubleValue, Swift.abs(wanted) >= 1e38 { return .numbersBeyondRange }
        if (inputs == nil && !hasTimes) || hasVanished { return .numbersBeyondRange }
        if hasTimes || function == "TIME" { return .timeOfDay }
        switch function {
        case "ISBLANK", "COUNTA":
            // `""`, written or put in.
            if inputs?.contains(where: { $0.value.isBlank }) ?? false || formula.contains("\"\"") { return .emptyTextIsBlank }
        case "DATEVALUE" where !formula.contains("-02-"): return .foreignDates
        case "VALUE" where inputs?.contains(where: { if case .text(let text) = $0.value { text.contains("Feb") } else { false } }) ?? false:
            return .foreignDates
        case "TEXT" where formula.hasPrefix("TEXT(\""): return .textAsNumber
        case "IF" where formula.filter({ $0 == "," }).count == 1: return .nothingElse
        case "WEEKDAY" where inputs?.contains(where: { if case .date(let day) = $0.value { day < Self.firstOfMarch1900 } else { false } }) ?? false:
            return .leapYear1900
        default: break
        }
        return nil
    }

    private static let firstOfMarch1900 = Day(year: 1900, month: 3, day: 1) ?? .first

    /// What is written in the case has so many decimals, and no more than that is known of it.
    private func written(_ number: NSNumber) -> Double {
        let text = number.doubleValue.description
        guard !text.contains("e"), let point = text.firstIndex(of: ".") else { return 0 }
        let decimals = text.distance(from: point, to: text.endIndex) - 1
        return (6...10).contains(decimals) ? 0.5 * pow(10, Double(-decimals)) : 0
    }

    private var isOfPayments: Bool { ["NPV", "XNPV", "IRR", "XIRR", "RATE"].contains(function) }

    private var isError: Bool { (expected as? [String: Any]) != nil }

    private func matches(_ value: Value) -> Bool {
        switch value {
        case .failure: return isError
        case .number(let number):
            guard let wanted = (expected as? NSNumber)?.doubleValue else { return false }
            let difference = Swift.abs(number.doubleValue - wanted)
            // Sums of payments that cancel out are given as what rounding left of them.
            let noise = isOfPayments && Swift.abs(wanted) < 1e-9 ? 1e-9 : 0
            return difference <= max(tolerance, 1e-9 * Swift.abs(wanted), written(expected as? NSNumber ?? 0), noise, 1e-20)
        case .bool(let bool): return (expected as? NSNumber)?.boolValue == bool
        case .text(let text): return expected as? String == text
        case .blank: return expected as? String == "" || expected is NSNull
        case .date(let day): return expected as? String == day.description
        case .instant, .duration, .option, .options, .location, .link, .links, .list: return false
        }
    }
}

/// JSON's true and false come as numbers of their own kind.
private enum CFBooleanLike {
    static func isBool(_ number: NSNumber) -> Bool {
        String(cString: number.objCType) == "c" || number === NSNumber(value: true) || number === NSNumber(value: false)
    }
}
