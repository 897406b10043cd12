package import Hummingbird

/// What a form or a query sends (URL Standard, application/x-www-form-urlencoded): names and values in their order, line breaks as one line
/// feed.
package struct FormFields: Sendable {
    package private(set) var entries: [(name: String, value: String)]

    package init(_ entries: [(name: String, value: String)]) {
        self.entries = entries.map { ($0.name, FormFields.normalised($0.value)) }
    }

    /// Reads `a=1&b=%E4%BD%A0+c`. What is no UTF-8 is replaced, not refused: the value is then not what anything expects.
    package init(encoded text: some StringProtocol) {
        entries = text.utf8.split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = FormFields.decode(parts[0])
            let value = parts.count > 1 ? FormFields.decode(parts[1]) : ""
            return (name, FormFields.normalised(value))
        }
    }

    package func first(_ name: String) -> String? { entries.first { $0.name == name }?.value }
    package func all(_ name: String) -> [String] { entries.filter { $0.name == name }.map(\.value) }

    /// The value without blanks around it; nil if there is nothing else.
    package func filled(_ name: String) -> String? {
        guard let value = first(name) else { return nil }
        let trimmed = value.trimmed
        return trimmed.isEmpty ? nil : trimmed
    }

    private static func normalised(_ value: String) -> String {
        value.utf8.contains(13) ? value.replacing("\r\n", with: "\n").replacing("\r", with: "\n") : value
    }

    private static func decode(_ bytes: some Sequence<UInt8>) -> String {
        var result: [UInt8] = []
        var iterator = bytes.makeIterator()
        var pending: [UInt8] = []
        while let byte = pending.popLast() ?? iterator.next() {
            switch byte {
            case UInt8(ascii: "+"): result.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = pending.popLast() ?? iterator.next() else { result.append(byte); continue }
                guard let low = pending.popLast() ?? iterator.next() else { result += [byte, high]; continue }
                if let first = hexValue(high), let second = hexValue(low) {
                    result.append(first << 4 | second)
                } else {
                    result.append(byte)
                    pending += [low, high]
                }
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension FormFields {
    package subscript(name: String) -> String? { first(name) }
}

extension Request {
    /// The address's query, where `+` is a blank, as forms send it.
    package var fields: FormFields { FormFields(encoded: uri.query ?? "") }
}

extension StringProtocol {
    /// Without blanks and line breaks at both ends.
    package var trimmed: String {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? start
        return String(self[start..<end])
    }
}
