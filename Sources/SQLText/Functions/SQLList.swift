import Formula

/// Several values as one TEXT: of each its kind, the length of its spelling in bytes, and the spelling: `n3:1.5`, `s6:中文`, `z0:` for a blank.
enum SQLList {
    /// The kind's letter; nil for what does not stand in lists.
    static func kind(of form: SQLForm) -> String? {
        switch form {
        case .scaled, .decimal: "n"
        case .bool: "b"
        case .date: "d"
        case .datetime: "i"
        case .duration: "u"
        case .text: "s"
        case .list: "l"
        case .option, .link: nil
        }
    }

    static func text(of values: [Value]) -> String {
        var text = ""
        for value in Value.list(values).leaves {
            switch value {
            case .blank, .failure, .options, .link, .links, .list: append("z", "", to: &text)
            case .bool(let truth): append("b", truth ? "1" : "0", to: &text)
            case .number(let number): append("n", number.description, to: &text)
            case .text(let words), .option(let words): append("s", words, to: &text)
            case .location(let location): append("s", location.description, to: &text)
            case .date(let day): append("d", String(day.daysSinceEpoch), to: &text)
            case .instant(let instant): append("i", String(instant.microseconds), to: &text)
            case .duration(let span): append("u", String(span.microseconds), to: &text)
            }
        }
        return text
    }

    /// One more value of this kind; a list gives its values.
    static func append(_ argument: SQLArgument, kind: Character, to text: inout String) {
        switch argument {
        case .null, .real: append("z", "", to: &text)
        case .integer(let number): append(kind, String(number), to: &text)
        case .text(let words): if kind == "l" { text += words } else { append(kind, words, to: &text) }
        }
    }

    private static func append(_ kind: Character, _ spelling: String, to text: inout String) {
        text.append(kind)
        text += String(spelling.utf8.count)
        text += ":"
        text += spelling
    }

    /// The list as a value; NULL is a blank.
    static func value(_ argument: SQLArgument) -> Value {
        guard case .text(let text) = argument else { return .blank }
        return .list(values(in: text))
    }

    /// Nothing beyond what cannot be read.
    static func values(in text: String) -> [Value] {
        let bytes = Array(text.utf8)
        var values: [Value] = []
        var position = 0
        while position < bytes.count {
            let kind = bytes[position]
            position += 1
            var length = 0
            while position < bytes.count, bytes[position] != UInt8(ascii: ":") {
                guard bytes[position] >= 48, bytes[position] <= 57, length <= bytes.count else { return values }
                length = length * 10 + Int(bytes[position] - 48)
                position += 1
            }
            position += 1
            guard position + length <= bytes.count else { return values }
            values.append(value(kind, String(decoding: bytes[position..<position + length], as: UTF8.self)))
            position += length
        }
        return values
    }

    private static func value(_ kind: UInt8, _ spelling: String) -> Value {
        switch kind {
        case UInt8(ascii: "b"): .bool(spelling == "1")
        case UInt8(ascii: "n"): ExactDecimal(spelling).map { .number($0) } ?? .blank
        case UInt8(ascii: "s"): Value(text: spelling)
        case UInt8(ascii: "d"): Int64(spelling).flatMap { Day(exactly: $0) }.map { .date($0) } ?? .blank
        case UInt8(ascii: "i"): Int64(spelling).map { .instant(Instant(microseconds: $0)) } ?? .blank
        case UInt8(ascii: "u"): Int64(spelling).map { .duration(TimeSpan(microseconds: $0)) } ?? .blank
        default: .blank
        }
    }
}
