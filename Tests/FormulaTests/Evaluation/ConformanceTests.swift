import Foundation
import Testing

@testable import Formula

/// Formulas on which at least two spreadsheet programs agree. They lie beside the checkout and are no part of it.
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
        var passed = 0
        var failures: [String] = []
        var notApplicable: [String: Int] = [:]
        for line in text.split(separator: "\n") {
            guard let spreadsheetCase = try SpreadsheetCase(line: String(line)), spreadsheetCase.tier == 1 else { continue }
            switch try spreadsheetCase.run() {
            case .passed: passed += 1
            case .failed(let words): failures.append(words)
            case .notApplicable(let why): notApplicable[why, default: 0] += 1
            }
        }
        let share = Double(passed) / Double(max(1, passed + failures.count))
        print("spreadsheet cases of tier 1: \(passed) passed, \(failures.count) failed, not applicable \(notApplicable.sorted { $0.value > $1.value })")
        for failure in failures { print("  \(failure)") }
        #expect(share >= 0.98)
    }
}

private struct SpreadsheetCase {
    enum Outcome {
        case passed
        case failed(String)
        case notApplicable(String)
    }

    let id: String
    let formula: String
    let tier: Int
    private let function: String
    private let inputs: [(name: String, type: FormulaType, value: Value)]?
    private let expected: Any?
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
        var read: [(name: String, type: FormulaType, value: Value)]? = []
        for (name, value) in (object["inputs"] as? [String: Any] ?? [:]).sorted(by: { $0.key < $1.key }) {
            if let values = value as? [Any] {
                let items = values.compactMap { Self.input($0, types["\(name)[]"]) }
                guard items.count == values.count, let type = items.first?.type, items.allSatisfy({ $0.type == type }) else {
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
            // Beyond 20 decimals nothing is left of it.
            if decimal.isZero, number.doubleValue != 0 { return nil }
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

    func run() throws -> Outcome {
        guard let inputs else { return .notApplicable("input") }
        if let wanted = (expected as? NSNumber)?.doubleValue, Swift.abs(wanted) >= 1e38 { return .notApplicable("beyond 38 digits") }
        switch try FormulaRun.outcome(of: formula, inputs: inputs) {
        case .refused(let codes):
            if isError { return .passed }
            return .notApplicable(codes.contains("unknown-function") ? "unknown-function" : "\(function) \(codes.joined(separator: " "))")
        case .value(let value, let text):
            return matches(value) ? .passed : .failed("\(id): \(formula) with \(inputs.map { "\($0.name) = \($0.value)" }) is \(text), expected \(expected ?? "?")")
        }
    }

    private var isError: Bool { (expected as? [String: Any]) != nil }

    private func matches(_ value: Value) -> Bool {
        switch value {
        case .failure: return isError
        case .number(let number):
            guard let wanted = (expected as? NSNumber)?.doubleValue else { return false }
            let difference = Swift.abs(number.doubleValue - wanted)
            return difference <= max(tolerance, 1e-9 * Swift.abs(wanted), 1e-20)
        case .bool(let bool): return (expected as? NSNumber)?.boolValue == bool
        case .text(let text): return expected as? String == text
        case .blank: return expected as? String == "" || expected is NSNull
        case .date(let day): return expected as? String == day.description
        case .instant, .duration, .option, .options, .link, .list: return false
        }
    }
}

/// JSON's true and false come as numbers of their own kind.
private enum CFBooleanLike {
    static func isBool(_ number: NSNumber) -> Bool {
        String(cString: number.objCType) == "c" || number === NSNumber(value: true) || number === NSNumber(value: false)
    }
}
