extension JSONValue {
    /// The document as text: the same value always gives the same text.
    ///
    /// - Parameter pretty: A member or element a line, two spaces a level; else without any space.
    package func text(pretty: Bool = false) -> String {
        String(decoding: utf8(pretty: pretty), as: UTF8.self)
    }

    /// The same as UTF-8.
    package func utf8(pretty: Bool = false) -> [UInt8] {
        var out: [UInt8] = []
        write(into: &out, pretty: pretty, level: 0)
        return out
    }

    /// Appends the document to `out`.
    package func write(into out: inout [UInt8], pretty: Bool = false) {
        write(into: &out, pretty: pretty, level: 0)
    }

    private func write(into out: inout [UInt8], pretty: Bool, level: Int) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let digits):
            precondition(JSONValue.isNumber(digits), "a JSON number is written with digits")
            out.append(contentsOf: digits.utf8)
        case .string(let text): JSONValue.write(text, into: &out)
        case .array(let elements):
            JSONValue.list(elements, UInt8(ascii: "["), UInt8(ascii: "]"), into: &out, pretty: pretty, level: level) { element, out in
                element.write(into: &out, pretty: pretty, level: level + 1)
            }
        case .object(let members):
            JSONValue.list(members, UInt8(ascii: "{"), UInt8(ascii: "}"), into: &out, pretty: pretty, level: level) { member, out in
                JSONValue.write(member.name, into: &out)
                out.append(UInt8(ascii: ":"))
                if pretty { out.append(UInt8(ascii: " ")) }
                member.value.write(into: &out, pretty: pretty, level: level + 1)
            }
        }
    }

    private static func list<Item>(
        _ items: [Item], _ open: UInt8, _ close: UInt8, into out: inout [UInt8], pretty: Bool, level: Int,
        _ item: (Item, inout [UInt8]) -> Void
    ) {
        out.append(open)
        for (index, element) in items.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            if pretty { newLine(into: &out, level: level + 1) }
            item(element, &out)
        }
        if pretty, !items.isEmpty { newLine(into: &out, level: level) }
        out.append(close)
    }

    private static func newLine(into out: inout [UInt8], level: Int) {
        out.append(UInt8(ascii: "\n"))
        out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: level * 2))
    }

    /// A string with its quotes. Control characters, the quote and the backslash are escaped, all else stands as it is.
    static func write(_ text: String, into out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var copy = text
        copy.withUTF8 { bytes in
            var runStart = 0
            for index in 0..<bytes.count {
                let byte = bytes[index]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F else { continue }
                out.append(contentsOf: bytes[runStart..<index])
                runStart = index + 1
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): out.append(contentsOf: [UInt8(ascii: "\\"), byte])
                case 0x08: out.append(contentsOf: "\\b".utf8)
                case 0x0C: out.append(contentsOf: "\\f".utf8)
                case 0x0A: out.append(contentsOf: "\\n".utf8)
                case 0x0D: out.append(contentsOf: "\\r".utf8)
                case 0x09: out.append(contentsOf: "\\t".utf8)
                default:
                    out.append(contentsOf: "\\u00".utf8)
                    for digit in [byte >> 4, byte & 15] { out.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10) }
                }
            }
            out.append(contentsOf: bytes[runStart...])
        }
        out.append(UInt8(ascii: "\""))
    }

    /// Whether `digits` is spelled as RFC 8259 spells numbers.
    package static func isNumber(_ digits: String) -> Bool {
        var rest = Substring(digits).utf8
        func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
        func takeDigits() -> Int {
            let count = rest.prefix(while: isDigit).count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let leadingZero = rest.first == UInt8(ascii: "0")
        let whole = takeDigits()
        guard whole > 0, !leadingZero || whole == 1 else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard takeDigits() > 0 else { return false }
        }
        if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard takeDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
