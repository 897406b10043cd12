import Engine
import Formula
import HTML
import HTTPService
import Model
import Program
import SourceText

/// How a filter compares, as the form offers it.
enum Comparison: String, Sendable, CaseIterable {
    case contains, equals, differs, atLeast = "at_least", atMost = "at_most", above, below, isYes = "yes", isNo = "no", isMe = "me", isBlank = "blank",
        isNotBlank = "filled"

    var words: Words {
        switch self {
        case .contains: Say.contains
        case .equals: Say.equals
        case .differs: Say.differs
        case .atLeast: Say.atLeast
        case .atMost: Say.atMost
        case .above: Say.above
        case .below: Say.below
        case .isYes: Say.isYes
        case .isNo: Say.isNo
        case .isMe: Say.isMe
        case .isBlank: Say.isBlank
        case .isNotBlank: Say.isNotBlank
        }
    }

    /// As formulas write it; nil where it stands without a value.
    var sign: String? {
        switch self {
        case .contains: "contains"
        case .equals: "="
        case .differs: "<>"
        case .atLeast: ">="
        case .atMost: "<="
        case .above: ">"
        case .below: "<"
        case .isYes, .isNo, .isMe, .isBlank, .isNotBlank: nil
        }
    }
}

/// One condition of a list: a formula on one field. Written from the form, read back for the chip; any other formula is its own chip.
struct FilterClause: Sendable, Equatable {
    let formula: String

    /// - Parameter value: As `Engine.inputs(texts:)` read it; not looked at where the comparison takes none.
    init(_ field: CheckedField, _ comparison: Comparison, _ value: Value, zone: Zone) {
        let name = FilterClause.spelled(field.name)
        switch comparison {
        case .isYes: formula = name
        case .isNo: formula = "not \(name)"
        case .isMe: formula = "\(name) = me"
        case .isBlank: formula = "\(name) is blank"
        case .isNotBlank: formula = "\(name) is not blank"
        case .contains, .equals, .differs, .atLeast, .atMost, .above, .below:
            // A set of options is asked whether it contains one; a text is never asked whether it is at least another by accident.
            var sign = comparison.sign ?? "="
            switch field.kind {
            case .choices, .tags: sign = "contains"
            case .text, .longText, .email, .url, .phone, .address, .uscc, .cnID, .autonumber: break
            case .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .location, .link, .links, .file, .files, .stage:
                if comparison == .contains { sign = "=" }
            }
            if case .links(let records) = value, let record = records.first {
                formula = "\(comparison == .differs ? "not " : "")exists(\(name) where id = \(record.number))"
                return
            }
            let left = if case .link = value { "\(name).id" } else { name }
            formula = "\(left) \(sign) \(FilterClause.literal(value, of: field, zone: zone))"
        }
    }

    init(formula: String) {
        self.formula = formula
    }

    /// A name as formulas take it.
    static func spelled(_ name: String) -> String {
        let isPlain =
            name.unicodeScalars.first.map { $0.properties.isAlphabetic || $0 == "_" } ?? false
            && name.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_" }
        return isPlain ? name : "`\(name)`"
    }

    private static func literal(_ value: Value, of field: CheckedField, zone: Zone) -> String {
        switch value {
        // Formulas have no literal for these.
        case .blank, .failure, .list, .links, .location: return "blank"
        case .bool(let bool): return bool ? "true" : "false"
        case .number(let number):
            if case .percent = field.kind { return ((try? number.multiplied(by: ExactDecimal(100))) ?? number).description + "%" }
            return number.description
        case .text(let text): return quoted(text)
        case .option(let key): return quoted(key)
        case .options(let keys): return quoted(keys.first ?? "")
        case .date(let day): return date(day)
        case .instant(let instant):
            let wall = zone.wallClock(instant)
            return wall.microseconds == 0 ? date(wall.day) : "datetime(\(date(wall.day)), \(wall.hour), \(wall.minute), \(wall.second))"
        case .duration(let span): return "\(span.microseconds / 1_000_000)s"
        case .link(let id): return String(id.number)
        }
    }

    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

    private static func date(_ day: Day) -> String {
        let parts = day.components
        return "date(\(parts.year), \(parts.month), \(parts.day))"
    }

    // MARK: Reading back

    /// What the chip says: `来源渠道 等于 官网` for what the form wrote, the formula itself for everything else.
    func words(on object: CheckedObject, language: Language) -> String {
        guard let (field, comparison, literal) = parts(on: object) else { return formula }
        let label = field.label[language]
        guard let literal else { return "\(label) \(comparison.words[language])" }
        return "\(label) \(comparison.words[language]) \(FilterClause.shown(literal, of: field, language: language))"
    }

    /// The link that is asked for, if it is one: `owner.id = 3`.
    func linkedRecord(on object: CheckedObject) -> RecordID? {
        guard let (field, _, literal) = parts(on: object), let literal, let number = Int64(literal), case .link(let targets) = field.kind,
            targets.count == 1, let target = targets.first
        else { return nil }
        return RecordID(object: target, number: number)
    }

    func parts(on object: CheckedObject) -> (CheckedField, Comparison, literal: String?)? {
        for field in object.fields {
            let name = FilterClause.spelled(field.name)
            if formula == name { return (field, .isYes, nil) }
            if formula == "not \(name)" { return (field, .isNo, nil) }
            if formula == "\(name) = me" { return (field, .isMe, nil) }
            if formula == "\(name) is blank" { return (field, .isBlank, nil) }
            if formula == "\(name) is not blank" { return (field, .isNotBlank, nil) }
            let isLink = if case .link = field.kind { true } else { false }
            let left = (isLink ? "\(name).id" : name) + " "
            guard formula.hasPrefix(left) else { continue }
            let rest = formula.dropFirst(left.count)
            for comparison in Comparison.allCases {
                guard let sign = comparison.sign, rest.hasPrefix(sign + " ") else { continue }
                let literal = String(rest.dropFirst(sign.count + 1))
                // More than one literal behind it is no clause of the form's.
                guard FilterClause.isOneLiteral(literal) else { return nil }
                return (field, comparison, literal)
            }
        }
        return nil
    }

    private static func isOneLiteral(_ text: String) -> Bool {
        if text.hasPrefix("'") {
            guard text.count >= 2, text.hasSuffix("'") else { return false }
            return !text.dropFirst().dropLast().replacing("''", with: "").contains("'")
        }
        if text.hasPrefix("date("), text.hasSuffix(")") { return !text.dropFirst(5).dropLast().contains { "()".contains($0) } }
        return !text.contains(" ") && !text.contains("(")
    }

    private static func shown(_ literal: String, of field: CheckedField, language: Language) -> String {
        if literal.hasPrefix("'") {
            let text = literal.dropFirst().dropLast().replacing("''", with: "'")
            return field.kind.options?.label(of: String(text), in: language) ?? String(text)
        }
        if literal.hasPrefix("date(") {
            return literal.dropFirst(5).dropLast().split(separator: ",").map { part in
                let digits = part.trimmed
                return digits.count < 2 ? "0" + digits : digits
            }.joined(separator: "-")
        }
        return literal
    }
}
