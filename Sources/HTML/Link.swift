/// An address that is safe to follow: within this site, or outside by http, https, mail or telephone. There is none for `javascript:`,
/// `data:` or `//elsewhere`.
package struct Link: Sendable, Hashable {
    /// As it stands in a page, before HTML's escaping.
    package let text: String

    private init(checked text: String) {
        self.text = text
    }

    /// A path of this site, each segment percent-encoded, with a query: `Link("records", "lead", query: [("q", "张")])`.
    package init(_ segments: String..., query: [(String, String)] = [], fragment: String? = nil) {
        self.init(segments: segments, query: query, fragment: fragment)
    }

    package init(segments: [String], query: [(String, String)] = [], fragment: String? = nil) {
        var text = ""
        for segment in segments {
            text += "/"
            // A segment of dots alone would be taken for a step up.
            text += segment == "." || segment == ".." ? segment.replacing(".", with: "%2E") : Link.encode(segment)
        }
        if text.isEmpty { text = "/" }
        text += Link.queryText(query)
        if let fragment { text += "#" + Link.encode(fragment) }
        self.text = text
    }

    /// A place on the page that bears the link.
    package init(fragment: String) {
        text = "#" + Link.encode(fragment)
    }

    /// Only a query: the page that bears the link, asked differently.
    package init(query: [(String, String)]) {
        text = query.isEmpty ? "?" : Link.queryText(query)
    }

    /// A path of this site as a request gave it. Nil where it could lead elsewhere or holds what no path holds.
    package init?(sitePath text: String) {
        guard text.hasPrefix("/"), !text.hasPrefix("//"), !text.hasPrefix("/\\"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return nil }
        self.init(checked: text)
    }

    /// An address that somebody typed. Nil unless it is one of http or https with a host.
    package init?(web text: String) {
        let trimmed = String(text.drop { $0.isWhitespace })
        let lowered = trimmed.lowercased()
        guard let scheme = ["https://", "http://"].first(where: { lowered.hasPrefix($0) }), trimmed.count > scheme.count,
            trimmed.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
        else { return nil }
        self.init(checked: trimmed)
    }

    /// Nil unless it looks like one address.
    package init?(mail address: String) {
        guard address.contains("@"), !address.contains(where: { $0.isWhitespace || $0 == "?" || $0 == "," }) else { return nil }
        self.init(checked: "mailto:" + Link.encode(address, keeping: UInt8(ascii: "@")))
    }

    /// Nil unless it holds digits, and beyond them only what stands in telephone numbers.
    package init?(telephone number: String) {
        let kept = number.filter { !" -()（）".contains($0) }
        guard kept.contains(where: \.isASCIIDigit), kept.allSatisfy({ $0.isASCIIDigit || $0 == "+" }) else { return nil }
        self.init(checked: "tel:" + kept)
    }

    private static func queryText(_ query: [(String, String)]) -> String {
        var text = ""
        for (name, value) in query {
            text += text.isEmpty ? "?" : "&"
            text += encode(name) + "=" + encode(value)
        }
        return text
    }

    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    /// Everything but RFC 3986's unreserved characters becomes `%XX`.
    private static func encode(_ text: String, keeping kept: UInt8? = nil) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), kept:
                bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "%"))
                bytes.append(hexDigits[Int(byte >> 4)])
                bytes.append(hexDigits[Int(byte & 15)])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
