/// Whether a text is what its field is for: the condition `is valid`.
package enum TextValidity {
    package static func isValid(_ text: String, as kind: TextKind) -> Bool {
        switch kind {
        case .plain, .address: !text.isEmpty
        case .phone(let region): isPhone(text, region: region)
        case .email: isEmail(text)
        case .url: isURL(text)
        case .uscc: NationalNumbers.isUnifiedSocialCreditCode(NationalNumbers.canonical(text))
        case .citizenNumber: NationalNumbers.isCitizenNumber(NationalNumbers.canonical(text))
        }
    }

    /// China: mobiles 1[3-9] and nine digits, landlines with area code, 400 and 800 numbers, `+86` before any; elsewhere
    /// `+` and 7 to 15 digits (ITU E.164), or 5 to 15 digits. Blanks, dashes, dots and brackets between digits do not count. A masked
    /// number is not valid.
    private static func isPhone(_ text: String, region: String) -> Bool {
        var digits: [UInt8] = []
        var isInternational = false
        for (index, scalar) in text.unicodeScalars.enumerated() {
            switch scalar {
            case "0"..."9": digits.append(UInt8(scalar.value - 48))
            case "+" where index == 0: isInternational = true
            case " ", "-", "(", ")", ".", "\u{a0}", "（", "）", "－": continue
            default: return false
            }
        }
        guard region.uppercased() == "CN" else {
            return isInternational ? (7...15).contains(digits.count) && digits.first != 0 : (5...15).contains(digits.count)
        }
        if isInternational || digits.starts(with: [8, 6]) && digits.count > 11 || digits.starts(with: [0, 0, 8, 6]) {
            if digits.starts(with: [0, 0]) { digits.removeFirst(2) }
            guard digits.starts(with: [8, 6]) else { return isInternational && (7...15).contains(digits.count) }
            digits.removeFirst(2)
            // Abroad the 0 of an area code is left out.
            if digits.first != 0, digits.first != 1 { digits.insert(0, at: 0) }
            if digits.starts(with: [1, 0]) { digits.insert(0, at: 0) }
        }
        if digits.count == 11, digits[0] == 1, digits[1] >= 3 { return true }
        if digits.count == 10, digits.starts(with: [4, 0, 0]) || digits.starts(with: [8, 0, 0]) { return true }
        guard digits.count >= 10, digits[0] == 0 else { return false }
        // 010 and 02x have eight digits behind the area code; 03xx … 09xx have seven or eight.
        let hasShortCode = digits[1] == 1 && digits[2] == 0 || digits[1] == 2
        let number = digits.dropFirst(hasShortCode ? 3 : 4)
        guard hasShortCode || digits[1] >= 3, let first = number.first, first >= 2 else { return false }
        return hasShortCode ? number.count == 8 : number.count == 7 || number.count == 8
    }

    /// `local@domain`: the practical subset of RFC 5321, with letters of any script.
    private static func isEmail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 254, (1...64).contains(parts[0].utf8.count) else { return false }
        let local = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        for atom in local {
            guard !atom.isEmpty, atom.unicodeScalars.allSatisfy({ isWord($0) || "!#$%&'*+/=?^_`{|}~-".unicodeScalars.contains($0) }) else { return false }
        }
        return isDomain(parts[1], needsDot: true)
    }

    /// `http` or `https`, a host, no blanks.
    private static func isURL(_ text: String) -> Bool {
        let lower = text.lowercased()
        let rest: Substring
        if lower.hasPrefix("https://") { rest = text.dropFirst(8) } else if lower.hasPrefix("http://") { rest = text.dropFirst(7) } else { return false }
        guard !rest.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0.value < 32 || $0.value == 127 || "<>\"".unicodeScalars.contains($0) })
        else { return false }
        var host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !host.contains("@") else { return false }
        if let colon = host.lastIndex(of: ":") {
            guard let port = Int(host[host.index(after: colon)...]), (1...65535).contains(port) else { return false }
            host = host[..<colon]
        }
        return isDomain(host, needsDot: false)
    }

    private static func isDomain(_ text: Substring, needsDot: Bool) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, !needsDot || labels.count >= 2 else { return false }
        for label in labels {
            guard (1...63).contains(label.utf8.count), label.first != "-", label.last != "-",
                label.unicodeScalars.allSatisfy({ isWord($0) || $0 == "-" })
            else { return false }
        }
        return !needsDot || labels.last?.unicodeScalars.contains { !("0"..."9").contains($0) } == true
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
    }
}
