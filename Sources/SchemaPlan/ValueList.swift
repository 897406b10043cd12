/// Several keys or words in one text column: joined by the unit separator U+001F. Where a word holds that sign or the escape U+001B
/// itself, it is escaped, so that every list reads back as it was.
package enum ValueList {
    private static let separator: UInt8 = 0x1F
    private static let escape: UInt8 = 0x1B

    package static func joined(_ values: [String]) -> String {
        values.map(escaped).joined(separator: "\u{1F}")
    }

    package static func split(_ text: String) -> [String] {
        text.utf8.split(separator: separator, omittingEmptySubsequences: false).map { part in
            part.contains(escape) ? unescaped(part) : String(decoding: part, as: UTF8.self)
        }
    }

    private static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == separator || $0 == escape }) else { return value }
        var bytes: [UInt8] = []
        for byte in value.utf8 {
            switch byte {
            case separator: bytes += [escape, 0x75]
            case escape: bytes += [escape, 0x65]
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func unescaped(_ part: Substring.UTF8View.SubSequence) -> String {
        var bytes: [UInt8] = []
        var afterEscape = false
        for byte in part {
            if afterEscape {
                bytes.append(byte == 0x75 ? separator : escape)
                afterEscape = false
            } else if byte == escape {
                afterEscape = true
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
