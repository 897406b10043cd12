import SourceText

/// Says in business words what made libyaml stop: it knows where it noticed; what the author did wrong is often earlier.
struct FailureExplainer {
    let text: YAMLText
    /// The tree as far as it was read.
    let builder: TreeBuilder
    let failure: YAMLFailure

    private var bytes: [UInt8] { text.bytes }
    private var problemLine: Int { text.line(of: min(failure.offset, max(text.start, bytes.count - 1))) }
    private var contextLine: Int { text.line(of: failure.contextOffset) }

    func issue() -> YAMLIssue {
        let problem = failure.problem
        switch problem {
        case "could not find expected ':'": return missingColon()
        case "mapping values are not allowed in this context": return unexpectedColon()
        case "block sequence entries are not allowed in this context": return unexpectedDash()
        case "mapping keys are not allowed in this context": return .questionMarkKey(sign(at: failure.offset))
        case "found character that cannot start any token": return badBeginning(at: failure.offset)
        case "did not find expected alphabetic or numeric character": return badBeginning(at: failure.contextOffset)
        case "did not find expected comment or line break" where failure.context.contains("block scalar"),
            "found an indentation indicator equal to 0":
            return blockHeader()
        case "found a tab character where an indentation space is expected", "found a tab character that violates indentation":
            return .tab(sign(at: tab(near: failure.offset) ?? failure.offset), moreLines: 0)
        case "found unexpected end of stream" where failure.context.contains("quoted"): return .unclosedQuote(sign(at: failure.contextOffset), endsAt: nil)
        case "found unexpected document indicator": return .unclosedQuote(sign(at: failure.contextOffset), endsAt: nil)
        case "found unknown escape character", "did not find expected hexdecimal number", "found invalid Unicode character escape code": return unknownEscape()
        case "did not find expected ',' or ']'", "did not find expected ',' or '}'": return unfinishedBracket()
        case "did not find expected node content": return unexpectedSign()
        case "did not find expected key", "did not find expected '-' indicator", "did not find expected <document start>": return unexpectedContent()
        default: break
        }
        if failure.context.contains("directive") || problem.contains("%YAML") || problem.contains("%TAG") || problem.contains("YAML document") {
            return .directive(text.span(text.content(ofLine: contextLine)))
        }
        if failure.context.contains("tag") { return badBeginning(at: failure.contextOffset) }
        if problem.contains("tag") { return .tag(sign(at: failure.offset), quoted: text.line(quoting: valueOfLine(at: failure.offset))) }
        if failure.context.contains("block scalar") { return blockHeader() }
        return trap(inLine: problemLine) ?? .syntax(sign(at: failure.offset))
    }

    /// Where to begin passing over, so that the rest of the file can be read: a bracket goes as a whole.
    func firstLineToPassOver(_ issue: YAMLIssue) -> Int {
        let line = text.line(of: min(Int(issue.span.start), max(text.start, bytes.count - 1)))
        guard let open = builder.frames.first(where: { $0.isFlow })?.start.lowerBound else { return line }
        return min(line, text.line(of: open))
    }

    // MARK: Places

    private func sign(at offset: Int) -> Span {
        text.span(text.character(at: min(offset, bytes.count)))
    }

    private func string(at offset: Int) -> String { text.string(text.character(at: offset)) }

    /// What stands on the line as a value, or all of it.
    private func valueOfLine(at offset: Int) -> Range<Int> {
        if builder.isInFlow || isInsideBracket(offset) { return text.flowValue(around: offset) }
        let value = text.parts(ofLine: text.line(of: offset)).value
        return value.isEmpty ? text.character(at: offset) : value
    }

    /// Whether a bracket that a value begins with is still open at `offset` of its line.
    private func isInsideBracket(_ offset: Int) -> Bool {
        let value = text.parts(ofLine: text.line(of: offset)).value
        guard let first = bytes[value].first, first == UInt8(ascii: "{") || first == UInt8(ascii: "["), value.lowerBound < offset else { return false }
        return bytes[value.lowerBound..<min(offset, bytes.count)].reduce(0) {
            $0 + ($1 == UInt8(ascii: "{") || $1 == UInt8(ascii: "[") ? 1 : $1 == UInt8(ascii: "}") || $1 == UInt8(ascii: "]") ? -1 : 0)
        } > 0
    }

    private func tab(near offset: Int) -> Int? {
        let line = text.lines.range(ofLine: text.line(of: min(offset, max(0, bytes.count - 1))))
        return line.first { bytes[$0] == UInt8(ascii: "\t") }
    }

    // MARK: Traps that show in the line itself

    /// What is wrong with one line whatever libyaml says of it: blanks and signs that only look right.
    private func trap(inLine line: Int) -> YAMLIssue? {
        let whole = text.lines.range(ofLine: line)
        var index = whole.lowerBound
        while index < whole.upperBound {
            let character = text.character(at: index)
            if bytes[index] == UInt8(ascii: "\t") { return .tab(text.span(character), moreLines: 0) }
            if let space = wideSpace(bytes[character]) {
                let content = text.string(index..<whole.upperBound).trimmingBlanks
                let indentation = String(repeating: " ", count: max(0, index - whole.lowerBound))
                return .wideSpace(text.span(character), scalar: space, fixed: (indentation + content).shortened(to: 160))
            }
            guard bytes[index] == UInt8(ascii: " ") else { break }
            index += 1
        }
        let parts = text.parts(ofLine: line)
        if parts.key == nil {
            if let colon = fullWidthColonOfKey(in: parts.value, text) {
                return .fullWidthColon(text.span(colon), fixed: fixedLine(parts.value, entryLine(parts.value, colon: colon, text)), isContinuation: false)
            }
            if let issue = gluedColon(in: parts.value, text) { return issue }
        }
        return fullWidthBeginning(parts.value)
    }

    private func fixedLine(_ range: Range<Int>, _ replacement: String) -> String {
        text.line(replacing: range, with: replacement)
    }

    /// A value that begins with a quote or bracket of Chinese typing.
    private func fullWidthBeginning(_ value: Range<Int>) -> YAMLIssue? {
        guard !value.isEmpty else { return nil }
        let first = text.character(at: value.lowerBound)
        guard let scalar = text.string(first).unicodeScalars.first else { return nil }
        if fullWidthQuotes.contains(scalar) {
            var inner = first.upperBound..<value.upperBound
            if let last = text.string(inner).unicodeScalars.last, fullWidthQuotes.contains(last) { inner = inner.lowerBound..<inner.upperBound - UTF8.width(last) }
            return .fullWidthQuote(text.span(first), fixed: fixedLine(value, quoted(text.string(inner))))
        }
        let twins: [Unicode.Scalar: String] = ["｛": "{", "｝": "}", "［": "[", "］": "]", "【": "[", "】": "]", "，": ", ", "：": ": "]
        guard scalar == "｛" || scalar == "［" || scalar == "【" else { return nil }
        let fixed = text.string(value).unicodeScalars.reduce(into: "") { $0 += twins[$1] ?? String($1) }
        return .fullWidthBracket(text.span(first), sign: String(scalar), fixed: fixedLine(value, fixed))
    }

    // MARK: By what libyaml says

    /// A line that should have been `key: value`.
    private func missingColon() -> YAMLIssue {
        let line = contextLine
        if let issue = trap(inLine: line) { return issue }
        let content = text.content(ofLine: line)
        if problemLine == line, failure.offset - failure.contextOffset >= YAMLLimits.keyLength {
            return .keyTooLong(text.span(failure.contextOffset..<failure.contextOffset), limit: YAMLLimits.keyLength)
        }
        if problemLine == line || text.line(of: max(failure.contextOffset, failure.offset - 1)) > line, let key = text.parts(ofLine: line).key, key.count >= YAMLLimits.keyLength {
            return .keyTooLong(text.span(key.lowerBound..<key.lowerBound), limit: YAMLLimits.keyLength)
        }
        if let issue = commentCutText(before: failure.contextOffset) { return issue }
        let first = bytes[content].first ?? 0
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'"), text.endOfQuoted(at: content.lowerBound, in: content) == nil {
            return .keyOverLines(sign(at: content.lowerBound))
        }
        if first == UInt8(ascii: "&") {
            let word = content.prefix { !isBlankByte(bytes[$0]) }
            return .anchor(text.span(word), name: text.string(word.dropFirst()).shortened())
        }
        if first == UInt8(ascii: "!") { return .tag(text.span(content.prefix { !isBlankByte(bytes[$0]) }), quoted: text.line(quoting: content)) }
        if builder.isInFlow, let issue = unclosedBracket { return issue }
        let start = max(content.lowerBound, min(failure.contextOffset, content.upperBound))
        let rest = text.parts(ofLine: line).value.clamped(to: start..<max(start, content.upperBound))
        let shown = rest.isEmpty ? start..<content.upperBound : rest
        return .missingColon(text.span(shown), text: text.string(shown).shortened())
    }

    /// A colon where there is no key to be.
    private func unexpectedColon() -> YAMLIssue {
        let line = problemLine
        let content = text.content(ofLine: line)
        let parts = text.parts(ofLine: line)
        if let key = parts.key, parts.colon == failure.offset, text.string(key).unicodeScalars.count >= YAMLLimits.keyLength {
            return .keyTooLong(text.span(key.lowerBound..<key.lowerBound), limit: YAMLLimits.keyLength)
        }
        if let key = parts.key, let issue = bracketInKey(key, text) { return issue }
        if let colon = parts.colon, colon < failure.offset {
            // `say: 请注意: 上传`: the second colon on the line.
            if let issue = fullWidthBeginning(parts.value) { return issue }
            let value = parts.value
            let colon = failure.offset..<failure.offset + 1
            if value.isEmpty || !value.contains(failure.offset) { return .syntax(sign(at: failure.offset)) }
            if bytes[value.lowerBound] == UInt8(ascii: "\"") || bytes[value.lowerBound] == UInt8(ascii: "'") {
                return .needsQuotes(text.span(value), .goesOn(behind: string(at: value.lowerBound)), fixed: text.line(quoting: value))
            }
            return .colonInText(text.span(colon), fixed: text.line(quoting: value))
        }
        if let issue = fullWidthBeginning(parts.value) { return issue }
        // The first colon of its line: the lines above make one text with it.
        if let above = text.lineBefore(line) {
            let aboveParts = text.parts(ofLine: above)
            if aboveParts.key == nil, let issue = trap(inLine: above) { return issue }
            if let issue = trap(inLine: line) { return issue }
            if aboveParts.key == nil, let first = bytes[aboveParts.value].first, first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
                return .keyOverLines(sign(at: aboveParts.value.lowerBound))
            }
            if aboveParts.key != nil {
                let key = text.character(at: parts.key?.lowerBound ?? content.lowerBound)
                let column = text.lines.place(of: aboveParts.key?.lowerBound ?? key.lowerBound).column
                return .wrongIndentation(text.span(parts.key ?? key), .belowText(column: column))
            }
            if !aboveParts.isItem {
                // A word alone above an entry lacks its colon.
                return .missingColon(text.span(aboveParts.value), text: text.string(aboveParts.value).shortened())
            }
            return .wrongIndentation(text.span(parts.key ?? text.character(at: content.lowerBound)), .belowText(column: text.lines.place(of: aboveParts.value.lowerBound).column))
        }
        return trap(inLine: line) ?? .syntax(sign(at: failure.offset))
    }

    /// `key: - item`
    private func unexpectedDash() -> YAMLIssue {
        let parts = text.parts(ofLine: problemLine)
        if let key = parts.key, parts.value.contains(failure.offset) {
            let item = text.trimmed(min(failure.offset + 1, parts.value.upperBound)..<parts.value.upperBound)
            return .listOnKeyLine(
                sign(at: failure.offset), key: text.string(key).shortened(), item: text.string(item).shortened(), quoted: text.line(quoting: parts.value))
        }
        return trap(inLine: problemLine) ?? unexpectedContent()
    }

    /// A value that begins with `@`, a backquote, `%`, `*`, `&`, `!` and is no text to YAML.
    private func badBeginning(at offset: Int) -> YAMLIssue {
        guard offset < bytes.count else { return .syntax(sign(at: offset)) }
        if bytes[offset] == UInt8(ascii: "\t") { return .tab(sign(at: offset), moreLines: 0) }
        let value = valueOfLine(at: offset)
        // The sign may stand inside a value that begins with a quote: then the quote is what to speak of.
        if value.lowerBound < offset, let first = bytes[value].first {
            return .needsQuotes(text.span(value), .goesOn(behind: String(UnicodeScalar(first))), fixed: text.line(quoting: value))
        }
        let whole = value.contains(offset) ? value : text.character(at: offset)
        return .needsQuotes(text.span(text.character(at: offset)), .begins(with: string(at: offset)), fixed: text.line(quoting: whole))
    }

    /// `formula: > 5` begins no text block.
    private func blockHeader() -> YAMLIssue {
        let start = failure.contextOffset
        guard start < bytes.count else { return .blockTextHeader(sign(at: start)) }
        let value = valueOfLine(at: start)
        let rest = text.trimmed(min(start + 1, value.upperBound)..<max(start + 1, value.upperBound).clamped(to: bytes.count))
        guard value.lowerBound == start, let next = bytes[rest].first, rest.lowerBound > start + 1 || ![UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "0")].contains(next) else {
            return .blockTextHeader(text.span(start..<max(start + 1, min(value.upperBound, bytes.count))))
        }
        return .needsQuotes(sign(at: start), .begins(with: string(at: start)), fixed: text.line(quoting: value))
    }

    private func unknownEscape() -> YAMLIssue {
        var start = failure.offset
        // The mark stands at the backslash or just behind it.
        while start > failure.contextOffset, bytes[min(start, bytes.count - 1)] != UInt8(ascii: "\\") { start -= 1 }
        let end = text.character(at: min(start + 1, bytes.count)).upperBound
        return .unknownEscape(text.span(start..<end), text: text.string(start..<end))
    }

    /// Text where only a comma or the closing bracket may stand.
    private func unfinishedBracket() -> YAMLIssue {
        let open = failure.contextOffset
        let openSign = string(at: open)
        if let issue = commentInBracket(openedAt: open) { return issue }
        let unclosed = YAMLIssue.unclosedBracket(sign(at: open), open: openSign, close: closing(of: open))
        let question = (open + 1..<max(open + 1, min(failure.offset, bytes.count - 1))).first { index in
            bytes[index] == UInt8(ascii: "?") && "[{, ".utf8.contains(bytes[index - 1]) && "]}, ".utf8.contains(bytes[index + 1])
        }
        if let question { return .questionMarkKey(sign(at: question)) }
        guard failure.offset < bytes.count else { return unclosed }
        let at = bytes[failure.offset]
        if at == UInt8(ascii: "}") || at == UInt8(ascii: "]") { return .strayBracket(sign(at: failure.offset), sign: string(at: failure.offset), opened: sign(at: open)) }
        let line = problemLine
        if line > contextLine {
            // The next key of the block around was met, and no bracket closes this one further on.
            if !isClosed(open), text.indentation(ofLine: line) <= text.indentation(ofLine: contextLine) || at == UInt8(ascii: "-") || at == UInt8(ascii: ":") { return unclosed }
        }
        if let call = callSplitByCommas(openedAt: open) { return .commaSplitsText(text.span(call), fixed: text.line(quoting: call)) }
        // `["华东" "华南"]`
        if at == UInt8(ascii: "\"") || at == UInt8(ascii: "'") { return .missingComma(sign(at: failure.offset), quoted: nil) }
        let entry = text.flowValue(around: failure.offset)
        if at == UInt8(ascii: ":") {
            // `{a: 1，b: 2}`
            if let comma = entry.first(where: { bytes[$0...].starts(with: "，".utf8) }), comma < failure.offset {
                let range = text.character(at: comma)
                return .fullWidthComma(text.span(range), fixed: text.line(replacing: range, with: ", "))
            }
            let before = text.trimmed(entry.lowerBound..<max(entry.lowerBound, failure.offset))
            let hasBlank = before.contains { isBlankByte(bytes[$0]) || isBreakByte(bytes[$0]) }
            if !hasBlank, entry.contains(failure.offset) { return .colonInText(sign(at: failure.offset), fixed: text.line(quoting: entry)) }
            let wordStart = before.last { isBlankByte(bytes[$0]) || isBreakByte(bytes[$0]) }.map { $0 + 1 } ?? before.lowerBound
            return .missingComma(text.span(wordStart..<max(wordStart, before.upperBound)), quoted: entry.contains(failure.offset) ? text.line(quoting: entry) : nil)
        }
        // `{ must: "a" = b }`: what begins with a quote goes on behind it.
        if let last = builder.last, last.style == .singleQuoted || last.style == .doubleQuoted, text.line(of: last.range.lowerBound) == line, entry.lowerBound == last.range.lowerBound {
            return .needsQuotes(text.span(entry), .goesOn(behind: string(at: entry.lowerBound)), fixed: text.line(quoting: entry))
        }
        if let last = builder.last, last.style == .singleQuoted || last.style == .doubleQuoted, text.line(of: last.range.lowerBound) < text.line(of: last.range.upperBound - 1) {
            return .unclosedQuote(sign(at: last.range.lowerBound), endsAt: sign(at: last.range.upperBound - 1))
        }
        return .missingComma(sign(at: failure.offset), quoted: nil)
    }

    /// `{ must: x in ('a', 'b') }`: YAML takes `'b'` for a text of its own and stumbles over the bracket behind it.
    ///
    /// - Returns: All of the value, up to the next comma or bracket of YAML's; nil if no parenthesis is open, or it is not closed on the line.
    private func callSplitByCommas(openedAt open: Int) -> Range<Int>? {
        let line = text.content(ofLine: problemLine)
        let start = max(open + 1, line.lowerBound)
        guard start < failure.offset, failure.offset < line.upperBound else { return nil }
        let colon = (start..<failure.offset).last { bytes[$0] == UInt8(ascii: ":") && isBlankByte(bytes[$0 + 1]) }
        let value = text.trimmed((colon.map { $0 + 1 } ?? start)..<line.upperBound)
        guard value.lowerBound < failure.offset, openParentheses(bytes[value.lowerBound..<failure.offset]) > 0 else { return nil }
        var end = failure.offset
        while end < value.upperBound {
            let isEnd = [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]")].contains(bytes[end])
            if isEnd, openParentheses(bytes[value.lowerBound..<end]) <= 0 { return text.trimmed(value.lowerBound..<end) }
            end += 1
        }
        return nil
    }

    /// `{ title: 工单 #12 }`: the comment takes the closing bracket with it.
    private func commentInBracket(openedAt open: Int) -> YAMLIssue? {
        let line = text.lines.range(ofLine: text.line(of: open))
        guard
            let hash = (open + 1..<max(open + 1, line.upperBound - 1)).first(where: {
                bytes[$0] == UInt8(ascii: "#") && isBlankByte(bytes[$0 - 1]) && !isBlankByte(bytes[$0 + 1])
            })
        else { return nil }
        let comment = text.trimmed(hash..<line.upperBound)
        guard bytes[comment].contains(where: { $0 == UInt8(ascii: "}") || $0 == UInt8(ascii: "]") }) else { return nil }
        return .commentEatsText(text.span(comment), fixed: text.line(quoting: text.flowValue(around: hash)), isCertain: true)
    }

    /// Whether the bracket at `offset` has its twin further on, counting brackets only.
    private func isClosed(_ offset: Int) -> Bool {
        var depth = 0
        for index in offset..<bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: continue
            }
            if depth == 0 { return true }
        }
        return false
    }

    private func closing(of offset: Int) -> String { bytes[min(offset, bytes.count - 1)] == UInt8(ascii: "[") ? "]" : "}" }

    /// A sign where a value should begin.
    private func unexpectedSign() -> YAMLIssue {
        guard failure.offset < bytes.count else { return unclosedBracket ?? .syntax(sign(at: failure.offset)) }
        let byte = bytes[failure.offset]
        let isInFlow = builder.isInFlow || isInsideBracket(failure.offset)
        switch byte {
        case UInt8(ascii: ","):
            if isInFlow { return .strayComma(sign(at: failure.offset)) }
            return badBeginning(at: failure.offset)
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            if isInFlow { return .strayBracket(sign(at: failure.offset), sign: string(at: failure.offset), opened: builder.openBracket.map { text.span($0) }) }
            let value = valueOfLine(at: failure.offset)
            return value.lowerBound == failure.offset && value.count > 1 ? badBeginning(at: failure.offset) : .strayBracket(sign(at: failure.offset), sign: string(at: failure.offset), opened: nil)
        case UInt8(ascii: "-"), UInt8(ascii: "?"): return badBeginning(at: failure.offset)
        case UInt8(ascii: ":"): return .emptyKey(sign(at: failure.offset))
        default:
            if isInFlow, let issue = unclosedBracket { return issue }
            return trap(inLine: problemLine) ?? .syntax(sign(at: failure.offset))
        }
    }

    /// The innermost bracket that is open, if there is one.
    private var unclosedBracket: YAMLIssue? {
        builder.openBracket.map { .unclosedBracket(text.span($0), open: string(at: $0.lowerBound), close: closing(of: $0.lowerBound)) }
    }

    /// Something stands where a key, an item or the end should.
    private func unexpectedContent() -> YAMLIssue {
        let offset = min(failure.offset, bytes.count)
        guard offset < bytes.count else {
            let directive = (0..<text.lines.lineCount).first { bytes[text.lines.range(ofLine: $0)].first == UInt8(ascii: "%") }
            return directive.map { .directive(text.span(text.content(ofLine: $0))) } ?? unclosedBracket ?? .syntax(sign(at: offset))
        }
        let line = problemLine
        let content = text.content(ofLine: line)
        if bytes[offset] == UInt8(ascii: "%"), content.lowerBound == offset, text.indentation(ofLine: line) == 0 { return .directive(text.span(content)) }
        if let last = builder.last, last.range.upperBound <= offset {
            let endLine = text.line(of: max(last.range.lowerBound, last.range.upperBound - 1))
            let startLine = text.line(of: last.range.lowerBound)
            let isQuoted = last.style == .singleQuoted || last.style == .doubleQuoted
            if endLine == line, isQuoted, startLine < endLine { return .unclosedQuote(sign(at: last.range.lowerBound), endsAt: sign(at: last.range.upperBound - 1)) }
            if endLine == line {
                if bytes[offset] == UInt8(ascii: "]") || bytes[offset] == UInt8(ascii: "}") { return .strayBracket(sign(at: offset), sign: string(at: offset), opened: nil) }
                let value = text.parts(ofLine: line).value
                if value.contains(offset), let first = bytes[value].first {
                    return .needsQuotes(text.span(value), .goesOn(behind: String(UnicodeScalar(first))), fixed: text.line(quoting: value))
                }
            }
            if let issue = commentCutText(before: offset) { return issue }
            if endLine < line, isQuoted || last.style == nil, content.lowerBound == offset, text.parts(ofLine: line).key == nil, !text.parts(ofLine: line).isItem, let column = builder.openBlockColumns.last,
                text.indentation(ofLine: line) > column
            {
                let whole = last.range.lowerBound..<content.upperBound
                return .needsQuotes(text.span(content), .goesOn(behind: string(at: last.range.lowerBound)), fixed: quoted(text.string(whole).split(whereSeparator: \.isWhitespace).joined(separator: " ")).shortened(to: 160))
            }
        }
        if let issue = trap(inLine: line) { return issue }
        if bytes[offset] == UInt8(ascii: ":") { return .emptyKey(sign(at: offset)) }
        let columns = builder.openBlockColumns
        let column = offset - text.lines.range(ofLine: line).lowerBound
        let isInLine = columns.contains(column)
        let parts = text.parts(ofLine: line)
        if isInLine || columns.isEmpty {
            if parts.isItem, failure.problem != "did not find expected '-' indicator" {
                return .listInMap(sign(at: offset), key: builder.lastKey.map { text.string($0).shortened() })
            }
            if failure.problem == "did not find expected '-' indicator" { return .listInMap(text.span(parts.key ?? text.character(at: offset)), key: nil) }
        }
        if failure.problem.contains("document start") {
            // The first key of the file was indented, or something stands behind the end of it all.
            if let first = text.lineAfter(-1), first < line, text.indentation(ofLine: first) > text.indentation(ofLine: line), parts.key != nil {
                return .wrongIndentation(text.span(parts.key ?? text.character(at: offset)), .betweenBlocks([text.indentation(ofLine: first) + 1]))
            }
            return .secondDocument(sign(at: offset), isMarked: false)
        }
        let choices = columns.map { $0 + 1 }.reduce(into: [Int]()) { if !$0.contains($1) { $0.append($1) } }.suffix(3)
        return .wrongIndentation(text.span(parts.key ?? text.character(at: offset)), .betweenBlocks(choices.isEmpty ? [1] : Array(choices)))
    }

    /// A comment between the text read last and `offset`, where the text was to go on.
    private func commentCutText(before offset: Int) -> YAMLIssue? {
        guard let last = builder.last, last.style == .plain, last.range.upperBound < offset, !last.range.isEmpty else { return nil }
        // What stands in line with the key is no part of the text.
        let column = builder.openBlockColumns.last ?? -1
        let line = text.line(of: offset)
        guard text.indentation(ofLine: line) > column, text.parts(ofLine: line).key == nil || bytes[last.range.upperBound..<offset].contains(UInt8(ascii: "#")) else { return nil }
        let gap = last.range.upperBound..<offset
        guard let hash = gap.first(where: { bytes[$0] == UInt8(ascii: "#") }) else { return nil }
        let comment = text.trimmed(hash..<text.lines.range(ofLine: text.line(of: hash)).upperBound)
        return .commentInText(text.span(comment))
    }
}

extension Int {
    fileprivate func clamped(to limit: Int) -> Int { Swift.min(self, limit) }
}
