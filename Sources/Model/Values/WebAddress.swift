/// An address of the web: `https://host:port/path?query`. Only what a connector may call: no user, no fragment, no other scheme.
package struct WebAddress: Sendable, Hashable {
    package let isSecure: Bool
    /// In lower case; without the brackets of an IPv6 address.
    package let host: String
    package let port: Int
    /// With a leading slash and the query.
    package let target: String

    package init?(_ text: String) {
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard scheme == "https" || scheme == "http", text.dropFirst(scheme.count).hasPrefix("://") else { return nil }
        isSecure = scheme == "https"
        var rest = text.dropFirst(scheme.count + 3)
        guard rest.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F && $0 != "\\" && $0 != "#" }) else { return nil }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        rest = rest.dropFirst(authority.count)
        guard !authority.contains("@") else { return nil }
        var name = authority
        var digits: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            name = authority[authority.index(after: authority.startIndex)..<end]
            let behind = authority[authority.index(after: end)...]
            if !behind.isEmpty {
                guard behind.hasPrefix(":") else { return nil }
                digits = behind.dropFirst()
            }
            guard name.contains(":"), name.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
        } else {
            if let colon = authority.firstIndex(of: ":") {
                name = authority[..<colon]
                digits = authority[authority.index(after: colon)...]
            }
            guard name.utf8.allSatisfy({ $0 == 0x2D || $0 == 0x2E || $0 == 0x5F || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) })
            else { return nil }
        }
        guard !name.isEmpty, name.utf8.count <= 253 else { return nil }
        if let digits {
            guard let number = Int(digits), (1...65_535).contains(number), digits.allSatisfy(\.isNumber) else { return nil }
            port = number
        } else {
            port = isSecure ? 443 : 80
        }
        host = name.lowercased()
        target = rest.hasPrefix("/") ? String(rest) : "/" + rest
    }

    /// The host as addresses write it.
    package var hostInAddress: String { host.contains(":") ? "[\(host)]" : host }

    /// The whole of it again.
    package var text: String {
        let isStandard = port == (isSecure ? 443 : 80)
        return "\(isSecure ? "https" : "http")://\(hostInAddress)\(isStandard ? "" : ":\(port)")\(target)"
    }

    /// Whether both lead to the same door.
    package func hasOrigin(of other: WebAddress) -> Bool { isSecure == other.isSecure && host == other.host && port == other.port }
}
