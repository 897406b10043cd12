import Formula
import Model
import Program
import SourceText

/// Brings a value into the form in which its field holds it, or says why it cannot. Pure; what fits a field is Model's to say.
enum ValueFit {
    enum Answer {
        case fits(Value)
        case not(Violation)
    }

    static func fit(_ value: Value, to field: CheckedField) -> Answer {
        switch (field.kind, value) {
        case (_, .blank), (.bool, .bool), (.date, .date), (.datetime, .instant), (.duration, .duration):
            break
        case (_, .number(let number)):
            guard let decimals = field.decimals else { break }
            guard case .number(let stored) = number.stored(decimals: decimals) else { return .not(Violation(.tooLarge, at: field)) }
            return .fits(.number(stored))
        case (.longText, .text(let text)), (.address, .text(let text)):
            return fit(unified(text), field)
        case (.links, .links(let records)), (.files, .links(let records)):
            var once: [RecordID] = []
            for record in records where !once.contains(record) { once.append(record) }
            return once.isEmpty ? .fits(.blank) : fit(.links(once), field)
        case (.links, .link(let record)), (.files, .link(let record)):
            return fit(.links([record]), field)
        case (.uscc, .text(let text)), (.cnID, .text(let text)):
            return fit(Value(text: NationalNumbers.canonical(text)), field)
        case (_, .text(let text)):
            return fit(oneLine(text), field)
        case (.choices(let list), .options(let keys)):
            if let issue = field.kind.issue(with: value) { return .not(Violation(issue, at: field)) }
            let ordered = list.ordered(Set(keys))
            return .fits(ordered.isEmpty ? .blank : .options(ordered))
        case (.tags, .options(let words)):
            var tags: [String] = []
            for word in words.map({ Cleaning.collapse(Cleaning.trim($0)) }) where !word.isEmpty && !tags.contains(word) { tags.append(word) }
            guard !tags.isEmpty else { return .fits(.blank) }
            return fit(.options(tags), field)
        default:
            break
        }
        return fit(value, field)
    }

    private static func fit(_ value: Value, _ field: CheckedField) -> Answer {
        field.kind.issue(with: value).map { .not(Violation($0, at: field)) } ?? .fits(value)
    }

    /// Line breaks in one spelling; nothing but blanks is blank.
    private static func unified(_ text: String) -> Value {
        guard text.unicodeScalars.contains(where: { !Cleaning.isBlank($0) }) else { return .blank }
        guard text.utf8.contains(0x0D) else { return .text(text) }
        return .text(text.replacing("\r\n", with: "\n").replacing("\r", with: "\n"))
    }

    /// A field of one line has blanks where line breaks and tabs were.
    private static func oneLine(_ text: String) -> Value {
        guard text.unicodeScalars.contains(where: { !Cleaning.isBlank($0) }) else { return .blank }
        guard text.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) else { return .text(text) }
        let single = text.replacing("\r\n", with: " ").map { $0 == "\n" || $0 == "\r" || $0 == "\t" ? " " : $0 }
        return .text(String(single))
    }
}

extension Violation {
    /// What Model says about a value, at its field.
    init(_ issue: ValueIssue, at field: CheckedField) {
        let code: Code
        switch issue {
        case .tooLarge: code = .outOfRange
        case .tooLong, .tooMany: code = .tooLong
        case .notARecord: code = .unknownRecord
        case .notWritable: code = .readOnly
        case .notANumber, .notAPercent, .percentAboveOne, .wrongCurrency, .notYesOrNo, .notADate, .notADatetime, .notADuration, .unknownOption,
            .severalOptions, .notAnEmail, .notAURL, .notAUnifiedCreditCode, .notACitizenNumber, .notALocation, .controlCharacter, .wrongKind: code = .unreadable
        }
        let words = issue.words
        self.init(code, field: field.id, Words(zh: "“\(field.label.zh)”：\(words.zh)", en: "\(field.label.en): \(words.en)"))
    }
}
