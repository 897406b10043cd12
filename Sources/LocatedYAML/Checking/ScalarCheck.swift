import SourceText

/// What libyaml lets pass in and around one scalar, and no author means.
struct ScalarCheck {
    let text: YAMLText
    /// With its quotes.
    let range: Range<Int>
    let style: YAMLScalar.Style
    let value: String
    let isKey: Bool
    let isInFlow: Bool
    /// Column, from 0, of the block around; -1 outside of any.
    let parentIndentation: Int

    private var bytes: [UInt8] { text.bytes }

    /// - Parameter isItem: Whether the scalar is an item of a list.
    /// - Returns: False if the text is not what its author meant, and nothing should be concluded from it.
    func run(isItem: Bool, _ report: inout Diagnostics) -> Bool {
        switch style {
        case .plain:
            guard !range.isEmpty else { return emptyPlain(&report) }
            return wideSpaceAtAnEnd(&report) && bracketBehindKey(&report) && entryAlone(isItem: isItem, &report) && loneIndicator(&report) && linesThatLookLikeEntries(isItem: isItem, &report)
                && fullWidthQuotesAroundKey(&report) && commentBehind(&report)
        case .singleQuoted, .doubleQuoted:
            continuationLines(&report)
            return controlCharacters(&report)
        case .literal, .folded:
            return header(&report)
        }
    }

    // MARK: Plain

    /// `color: #fff`: the text is a comment, and the value is empty.
    private func emptyPlain(_ report: inout Diagnostics) -> Bool {
        guard !isKey else { return true }
        var index = range.lowerBound
        while index < bytes.count, isBlankByte(bytes[index]) { index += 1 }
        guard index > range.lowerBound, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "#"), !isBlankByte(bytes[index + 1]), !isBreakByte(bytes[index + 1])
        else { return true }
        let line = text.lines.range(ofLine: text.line(of: index))
        let comment = text.trimmed(index..<line.upperBound)
        // `fields: #字段` above an indented block is a comment; then the value is not empty, and this is not asked.
        report.report(.commentEatsText(text.span(comment), fixed: text.line(quoting: comment), isCertain: true))
        return false
    }

    private func commentBehind(_ report: inout Diagnostics) -> Bool {
        guard !isKey else { return true }
        var index = range.upperBound
        while index < bytes.count, isBlankByte(bytes[index]) { index += 1 }
        guard index > range.upperBound, index < bytes.count, bytes[index] == UInt8(ascii: "#") else { return true }
        let line = text.lines.range(ofLine: text.line(of: index))
        let comment = text.trimmed(index..<line.upperBound)
        let lastLineStart = max(range.lowerBound, line.lowerBound)
        let whole = lastLineStart..<comment.upperBound
        let next = index + 1 < comment.upperBound ? bytes[index + 1] : UInt8(ascii: " ")
        let isGlued = !isBlankByte(next)
        let isOpen = hasOpenBracketOrQuote(bytes[range])
        let closes = bytes[comment].contains { $0 == UInt8(ascii: ")") || $0 == UInt8(ascii: "}") || $0 == UInt8(ascii: "]") } || commentHasClosingQuote(comment)
        if isGlued && next == UInt8(ascii: "{") || isGlued && next >= UInt8(ascii: "0") && next <= UInt8(ascii: "9") || isOpen && closes {
            report.report(.commentEatsText(text.span(comment), fixed: text.line(quoting: whole), isCertain: true))
            return false
        }
        if isGlued, next != UInt8(ascii: "#"), next != UInt8(ascii: "!"), next != UInt8(ascii: "-"), next != UInt8(ascii: "=") {
            report.report(.commentEatsText(text.span(comment), fixed: text.line(quoting: whole), isCertain: false))
        }
        return true
    }

    private func hasOpenBracketOrQuote(_ bytes: ArraySlice<UInt8>) -> Bool {
        openParentheses(bytes) > 0 || bytes.count { $0 == UInt8(ascii: "\"") } % 2 == 1 || bytes.count { $0 == UInt8(ascii: "{") } > bytes.count { $0 == UInt8(ascii: "}") }
            || String(decoding: bytes, as: UTF8.self).unicodeScalars.reduce(0) { $0 + ($1 == "“" ? 1 : $1 == "”" ? -1 : 0) } > 0
            || bytes.count { $0 == UInt8(ascii: "'") } % 2 == 1
    }

    private func commentHasClosingQuote(_ comment: Range<Int>) -> Bool {
        text.string(comment).unicodeScalars.contains { $0 == "”" || $0 == "\"" || $0 == "'" }
    }

    private func wideSpaceAtAnEnd(_ report: inout Diagnostics) -> Bool {
        for at in [range.lowerBound, scalarStart(before: range.upperBound)] {
            let character = text.character(at: at)
            guard let scalar = wideSpace(text.bytes[character]) else { continue }
            // Behind the colon, or before the key, it is taken for part of the text.
            report.report(.wideSpace(text.span(character), scalar: scalar, fixed: nil))
            return false
        }
        return true
    }

    /// The only entry below a key, with a colon that is glued to what follows: without a second entry it is a text to YAML.
    private func entryAlone(isItem: Bool, _ report: inout Diagnostics) -> Bool {
        let line = text.line(of: range.lowerBound)
        guard !isKey, !isItem, !isInFlow, text.content(ofLine: line).lowerBound == range.lowerBound, parentIndentation >= 0,
            let issue = gluedColon(in: text.content(ofLine: line).clamped(to: range), text)
        else { return true }
        report.report(issue)
        return false
    }

    private func scalarStart(before end: Int) -> Int {
        var index = end - 1
        while index > range.lowerBound, bytes[index] & 0xC0 == 0x80 { index -= 1 }
        return index
    }

    /// `[-]` and `[?, x]`: YAML has no text here.
    private func loneIndicator(_ report: inout Diagnostics) -> Bool {
        guard isInFlow, range.count == 1, let byte = bytes[range].first, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: ":") else { return true }
        report.report(.needsQuotes(text.span(range), .begins(with: String(UnicodeScalar(byte))), fixed: text.line(quoting: range)))
        return false
    }

    /// A text over several lines, one of which was meant to be an entry of its own.
    private func linesThatLookLikeEntries(isItem: Bool, _ report: inout Diagnostics) -> Bool {
        let firstLine = text.line(of: range.lowerBound)
        let lastLine = text.line(of: max(range.lowerBound, range.upperBound - 1))
        if lastLine > firstLine, !isKey {
            for line in firstLine + 1...lastLine {
                let content = text.content(ofLine: line).clamped(to: range)
                if let colon = fullWidthColonOfKey(in: content, text) {
                    report.report(.fullWidthColon(text.span(colon), fixed: entryLine(content, colon: colon, text), isContinuation: true))
                    return false
                }
                if isItem, content.count > 2, bytes[content.lowerBound] == UInt8(ascii: "-"), isBlankByte(bytes[content.lowerBound + 1]) {
                    report.report(.wrongIndentation(text.span(content.lowerBound..<content.lowerBound + 1), .itemBelowText))
                    return false
                }
            }
        }
        return true
    }

    /// `label：{ zh: 现场 }` is one entry to its author, and a key with a bracket in it to YAML.
    private func bracketBehindKey(_ report: inout Diagnostics) -> Bool {
        guard isKey, !isInFlow, let issue = bracketInKey(range, text) else { return true }
        report.report(issue)
        return false
    }

    private func fullWidthQuotesAroundKey(_ report: inout Diagnostics) -> Bool {
        guard isKey, let first = value.unicodeScalars.first, fullWidthQuotes.contains(first) else { return true }
        let bare = String(String.UnicodeScalarView(value.unicodeScalars.filter { !fullWidthQuotes.contains($0) }))
        report.report(.fullWidthQuote(text.span(text.character(at: range.lowerBound)), fixed: text.line(replacing: range, with: bare)))
        return false
    }

    // MARK: Quoted

    /// Lines inside quotes that reach as far left as the key; libyaml reads them, and nobody else does.
    private func continuationLines(_ report: inout Diagnostics) {
        guard parentIndentation >= 0, !isInFlow else { return }
        let firstLine = text.line(of: range.lowerBound)
        let lastLine = text.line(of: max(range.lowerBound, range.upperBound - 1))
        guard lastLine > firstLine else { return }
        for line in firstLine + 1...lastLine where !text.isBlank(line: line) && text.indentation(ofLine: line) <= parentIndentation {
            let start = text.lines.range(ofLine: line).lowerBound + text.indentation(ofLine: line)
            if bytes[start] == UInt8(ascii: "\t") {
                report.report(.tab(text.span(start..<start + 1), moreLines: 0))
            } else {
                report.report(.wrongIndentation(text.span(text.character(at: start)), .continuation(atLeast: parentIndentation + 2)))
            }
            return
        }
    }

    /// `"\0"` and its like: what must not stand in a file must not come in by the back door.
    private func controlCharacters(_ report: inout Diagnostics) -> Bool {
        guard style == .doubleQuoted, let control = value.unicodeScalars.first(where: { $0.value < 0x20 && $0 != "\n" && $0 != "\t" || (0x7F..<0xA0).contains($0.value) })
        else { return true }
        report.report(.controlCharacter(text.span(range), scalar: control.value))
        return false
    }

    // MARK: Block texts

    private func header(_ report: inout Diagnostics) -> Bool {
        var index = range.lowerBound + 1
        while index < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[index]) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "#") else { return true }
        report.report(.commentNeedsSpace(text.span(index..<index + 1)))
        return true
    }
}

// MARK: Signs that look like others

/// `name:value`, or `name:` with a space that is none to YAML.
func gluedColon(in range: Range<Int>, _ text: YAMLText) -> YAMLIssue? {
    let bytes = text.bytes
    guard let first = bytes[range].first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return nil }
    var index = range.lowerBound
    while index < range.upperBound {
        let byte = bytes[index]
        if byte == UInt8(ascii: ":") { break }
        guard byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        else { return nil }
        index += 1
    }
    guard index > range.lowerBound, index + 1 < range.upperBound else { return nil }
    let behind = text.character(at: index + 1)
    let fixed = text.line(replacing: range, with: text.string(range.lowerBound..<index) + ": " + text.string(behind.lowerBound..<range.upperBound).trimmingBlanks)
    if let space = wideSpace(bytes[behind]) { return .wideSpace(text.span(behind), scalar: space, fixed: fixed) }
    // An address is text.
    guard bytes[behind].first != UInt8(ascii: "/") else { return nil }
    return .missingSpace(text.span(index..<index + 1), fixed: fixed)
}

/// What is wrong with a key such as `label：{ zh` or `label:{ zh`: the colon in front of the bracket was to end it. Nil for other keys.
func bracketInKey(_ key: Range<Int>, _ text: YAMLText) -> YAMLIssue? {
    guard let bracket = key.first(where: { text.bytes[$0] == UInt8(ascii: "{") || text.bytes[$0] == UInt8(ascii: "[") }), bracket > key.lowerBound else { return nil }
    let entry = key.lowerBound..<text.content(ofLine: text.line(of: key.lowerBound)).upperBound
    if let colon = fullWidthColonOfKey(in: key, text), colon.lowerBound < bracket {
        return .fullWidthColon(text.span(colon), fixed: text.line(replacing: entry, with: entryLine(entry, colon: colon, text)), isContinuation: false)
    }
    return gluedColon(in: entry, text)
}

let fullWidthQuotes: Set<Unicode.Scalar> = ["“", "”", "‘", "’", "＂", "＇", "〝", "〞"]

/// The full-width colon behind a name at the beginning of `range`; nil if what stands before it is no name.
func fullWidthColonOfKey(in range: Range<Int>, _ text: YAMLText) -> Range<Int>? {
    var index = range.lowerBound
    while index < range.upperBound, index - range.lowerBound <= 120 {
        let character = text.character(at: index)
        if text.bytes[character].elementsEqual("：".utf8) { return index > range.lowerBound ? character : nil }
        let byte = text.bytes[index]
        let isNameLetter = byte >= 0x80 || byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        guard isNameLetter, wideSpace(text.bytes[character]) == nil, !isFullWidthSign(text.bytes[character]) else { return nil }
        index = character.upperBound
    }
    return nil
}

/// Punctuation that no name contains.
private func isFullWidthSign(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count == 3, let scalar = String(decoding: bytes, as: UTF8.self).unicodeScalars.first else { return false }
    switch scalar.value {
    case 0x2010...0x2027, 0x2030...0x205E, 0x3001...0x3004, 0x3008...0x3020, 0xFF01...0xFF0F, 0xFF1A...0xFF20, 0xFF3B...0xFF40, 0xFF5B...0xFF65: return true
    default: return false
    }
}

/// `name: value` for a line with another colon at `colon`.
func entryLine(_ content: Range<Int>, colon: Range<Int>, _ text: YAMLText) -> String {
    let value = text.trimmed(colon.upperBound..<content.upperBound)
    return (text.string(content.lowerBound..<colon.lowerBound) + ":" + (value.isEmpty ? "" : " " + text.string(value))).shortened(to: 160)
}

/// A space that is none to YAML.
func wideSpace(_ bytes: ArraySlice<UInt8>) -> UInt32? {
    guard bytes.count > 1, let scalar = String(decoding: bytes, as: UTF8.self).unicodeScalars.first else { return nil }
    switch scalar.value {
    case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: return scalar.value
    default: return nil
    }
}

/// Parentheses that are opened and not closed, outside quotes of either kind; full-width ones count too.
func openParentheses(_ bytes: ArraySlice<UInt8>) -> Int {
    var depth = 0
    var quote: UInt8?
    var index = bytes.startIndex
    while index < bytes.endIndex {
        let byte = bytes[index]
        if let open = quote {
            if byte == open { quote = nil }
        } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
            quote = byte
        } else if byte == UInt8(ascii: "(") || bytes[index...].starts(with: "（".utf8) {
            depth += 1
        } else if byte == UInt8(ascii: ")") || bytes[index...].starts(with: "）".utf8) {
            depth -= 1
        }
        index += 1
    }
    return depth
}
