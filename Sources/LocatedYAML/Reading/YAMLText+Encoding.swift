import SourceText

extension YAMLText {
    /// Takes a file's bytes apart into characters and complains about those that no author means to write.
    ///
    /// - Returns: Nil if this is no UTF-8 text or too much of it; `report` says why.
    init?(_ file: SourceFile, _ report: inout Diagnostics) {
        func span(_ range: Range<Int>) -> Span { Span(file: file.id, start: Int32(range.lowerBound), end: Int32(range.upperBound)) }
        guard file.bytes.count <= YAMLLimits.bytes else {
            report.report(.fileTooLarge(span(0..<0), limitBytes: YAMLLimits.bytes))
            return nil
        }
        if let name = wideEncoding(of: file.bytes) {
            report.report(.otherEncoding(span(0..<0), name: name))
            return nil
        }
        if let bad = firstByteThatIsNotUTF8(file.bytes) {
            if looksLikeGBK(file.bytes) {
                report.report(.otherEncoding(span(bad..<bad + 1), name: "GBK"))
            } else {
                report.report(.notUTF8(span(bad..<bad + 1)))
            }
            return nil
        }
        let start = file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var bytes = file.bytes
        var complaints: [String: Int] = [:]
        var index = start
        while index < bytes.count {
            let first = bytes[index]
            if (0x20...0x7E).contains(first) || first == 0x0A || first == 0x0D || first == 0x09 {
                index += 1
                continue
            }
            let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            let scalar = scalar(bytes[index..<index + length])
            if let issue = suspicion(of: scalar, at: span(index..<index + length)) {
                let code = issue.code.rawValue
                complaints[code, default: 0] += 1
                if complaints[code, default: 0] <= YAMLLimits.complaintsOfAKind { report.report(issue) }
                if mustBlank(scalar) {
                    for offset in index..<index + length { bytes[offset] = length == 1 ? UInt8(ascii: "?") : UInt8(ascii: " ") }
                }
            }
            index += length
        }
        self.init(file: file, bytes: bytes, start: start)
    }
}

private func scalar(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var iterator = bytes.makeIterator()
    guard let first = iterator.next() else { return 0 }
    var value = UInt32(first)
    if first >= 0xF0 { value &= 0x07 } else if first >= 0xE0 { value &= 0x0F } else if first >= 0xC0 { value &= 0x1F }
    while let byte = iterator.next() { value = value << 6 | UInt32(byte & 0x3F) }
    return value
}

/// What is wrong with a character wherever it stands, comments included: what cannot be seen can hide what the file says.
private func suspicion(of scalar: UInt32, at span: Span) -> YAMLIssue? {
    switch scalar {
    case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: .controlCharacter(span, scalar: scalar)
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: .bidiControl(span, scalar: scalar)
    case 0x00AD, 0x115F, 0x1160, 0x180E, 0x200B, 0x2028, 0x2029, 0x2060...0x2065, 0x206A...0x206F, 0x3164, 0xFEFF, 0xFFA0, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
        .invisibleCharacter(span, scalar: scalar)
    default: nil
    }
}

/// Whether libyaml would stop at the character or take it for a line break.
private func mustBlank(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF, 0xFEFF, 0x2028, 0x2029: true
    default: false
    }
}

private func firstByteThatIsNotUTF8(_ bytes: [UInt8]) -> Int? {
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var good = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { good += UTF8.width(scalar) }
    return min(good, max(0, bytes.count - 1))
}

/// UTF-16 and UTF-32 by their byte order mark, or by zero bytes at every other place.
private func wideEncoding(of bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32" }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
    let head = bytes.prefix(256)
    guard head.count >= 4 else { return nil }
    let zeros = (0..<4).map { residue in head.indices.count { $0 % 4 == residue && head[$0] == 0 } }
    let quarter = head.count / 4
    if zeros.filter({ $0 >= quarter }).count == 3 { return "UTF-32" }
    let odd = zeros[1] + zeros[3]
    let even = zeros[0] + zeros[2]
    return max(odd, even) * 4 >= head.count && min(odd, even) == 0 ? "UTF-16" : nil
}

/// Whether all bytes above ASCII go in pairs as in GBK, most of them common Chinese characters, and few form UTF-8.
private func looksLikeGBK(_ bytes: [UInt8]) -> Bool {
    var pairs = 0
    var common = 0
    var index = 0
    while index < bytes.count {
        let lead = bytes[index]
        if lead < 0x80 {
            index += 1
            continue
        }
        guard (0x81...0xFE).contains(lead), index + 1 < bytes.count else { return false }
        let trail = bytes[index + 1]
        // GB18030 has sequences of four bytes too.
        if (0x30...0x39).contains(trail) {
            index += 4
            continue
        }
        guard (0x40...0xFE).contains(trail), trail != 0x7F else { return false }
        pairs += 1
        if (0xB0...0xD7).contains(lead) || (0xA1...0xA3).contains(lead), trail >= 0xA1 { common += 1 }
        index += 2
    }
    var threes = 0
    var position = 0
    while position + 2 < bytes.count {
        if bytes[position] & 0xF0 == 0xE0, bytes[position + 1] & 0xC0 == 0x80, bytes[position + 2] & 0xC0 == 0x80 {
            threes += 1
            position += 3
        } else {
            position += 1
        }
    }
    return pairs > 0 && common * 2 >= pairs && threes * 3 < pairs
}
