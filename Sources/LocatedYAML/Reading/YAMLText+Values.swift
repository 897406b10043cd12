import SourceText

extension YAMLText {
    /// `key: value` on one line, as far as it can be seen without reading the whole file.
    struct LineParts {
        /// The text before the colon, with its quotes; nil if the line has no colon with a blank or nothing behind it.
        let key: Range<Int>?
        /// Offset of that colon.
        let colon: Int?
        /// What stands behind, or on a line without key the whole content behind its dashes, without a comment at the end.
        let value: Range<Int>
        /// Whether the line begins with `- `.
        let isItem: Bool
    }

    func parts(ofLine line: Int) -> LineParts {
        let content = content(ofLine: line)
        var start = content.lowerBound
        var isItem = false
        while start < content.upperBound, bytes[start] == UInt8(ascii: "-"), start + 1 == content.upperBound || isBlankByte(bytes[start + 1]) {
            isItem = true
            start += 1
            while start < content.upperBound, isBlankByte(bytes[start]) { start += 1 }
        }
        let rest = start..<content.upperBound
        guard let colon = colonOfKey(in: rest) else {
            return LineParts(key: nil, colon: nil, value: withoutComment(rest), isItem: isItem)
        }
        return LineParts(
            key: trimmed(start..<colon), colon: colon, value: withoutComment(trimmed(colon + 1..<content.upperBound)), isItem: isItem)
    }

    /// The first colon with a blank or nothing behind it that stands outside quotes, brackets and comments.
    private func colonOfKey(in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        if index < range.upperBound, let end = endOfQuoted(at: index, in: range) { index = end }
        while index < range.upperBound {
            switch bytes[index] {
            case UInt8(ascii: ":") where index + 1 == range.upperBound || isBlankByte(bytes[index + 1]): return index
            case UInt8(ascii: "#") where index > range.lowerBound && isBlankByte(bytes[index - 1]): return nil
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if index == range.lowerBound { return nil }
                index += 1
            default: index += 1
            }
        }
        return nil
    }

    /// Just behind the closing quote of the quoted text that begins at `index`; nil if none begins there or ends in `range`.
    func endOfQuoted(at index: Int, in range: Range<Int>) -> Int? {
        let quote = bytes[index]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        var position = index + 1
        while position < range.upperBound {
            if bytes[position] == quote {
                if quote == UInt8(ascii: "'"), position + 1 < range.upperBound, bytes[position + 1] == quote {
                    position += 2
                    continue
                }
                return position + 1
            }
            position += quote == UInt8(ascii: "\"") && bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    /// Cuts off ` # …` behind the last quote; `#` without a blank behind it may be meant as text and stays.
    private func withoutComment(_ range: Range<Int>) -> Range<Int> {
        let lastQuote = range.last { bytes[$0] == UInt8(ascii: "\"") || bytes[$0] == UInt8(ascii: "'") } ?? range.lowerBound
        for index in lastQuote..<range.upperBound where bytes[index] == UInt8(ascii: "#") && index > range.lowerBound {
            let isAlone = index + 1 == range.upperBound || isBlankByte(bytes[index + 1])
            if isBlankByte(bytes[index - 1]), isAlone { return trimmed(range.lowerBound..<index) }
        }
        return range
    }

    /// The entry of `{ … }` or `[ … ]` around `offset` on its line: its value, or the whole entry if it has no colon before `offset`.
    /// Commas inside brackets do not end it.
    func flowValue(around offset: Int) -> Range<Int> {
        let line = lines.range(ofLine: line(of: min(offset, max(0, bytes.count - 1))))
        var start = line.lowerBound
        var index = line.lowerBound
        while index < min(offset, line.upperBound) {
            switch bytes[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ","):
                index += 1
                start = index
            case UInt8(ascii: ":") where index + 1 < line.upperBound && isBlankByte(bytes[index + 1]) && isBracket(before: index, from: line.lowerBound):
                index += 1
                start = index
            default:
                let isStart = trimmed(start..<index).isEmpty
                if isStart, let end = endOfQuoted(at: index, in: line), end <= offset { index = end } else { index += 1 }
            }
        }
        var depth = 0
        var end = max(start, min(offset, line.upperBound))
        var scan = start
        scanning: while scan < line.upperBound {
            switch bytes[scan] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth <= 0, scan >= offset { break scanning }
                depth -= 1
            case UInt8(ascii: ","): if depth <= 0, scan >= offset { break scanning }
            default: break
            }
            scan += 1
            end = max(end, scan)
        }
        return trimmed(start..<end)
    }

    private func isBracket(before index: Int, from start: Int) -> Bool {
        bytes[start..<index].contains { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: ",") }
    }

    // MARK: Lines ready to paste

    /// The line of `range`, without indentation, with the text of `range` in quotes.
    func line(quoting range: Range<Int>) -> String {
        line(replacing: range, with: quoted(string(range)))
    }

    /// The line of `range`, without indentation, with `replacement` for `range`. A long line is cut to the part around it.
    func line(replacing range: Range<Int>, with replacement: String) -> String {
        let content = content(ofLine: line(of: range.lowerBound))
        let end = max(range.upperBound, content.upperBound)
        let before = string(min(content.lowerBound, range.lowerBound)..<range.lowerBound)
        let after = string(range.upperBound..<end)
        let long = 160
        let isLong = before.utf8.count + replacement.utf8.count + after.utf8.count > long
        return isLong ? replacement.shortened(to: long) : before + replacement + after
    }
}

/// `text` as a YAML scalar in quotes: double ones, or single ones where that needs fewer changes.
func quoted(_ text: String) -> String {
    if text.utf8.contains(UInt8(ascii: "\"")) || text.utf8.contains(UInt8(ascii: "\\")) {
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
    return "\"" + text + "\""
}
