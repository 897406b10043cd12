import SourceText

/// What commas and colons inside `{ … }` and `[ … ]` do to texts, repaired where it is plain what was meant.
struct FlowCheck {
    let text: YAMLText

    /// - Returns: A scalar to stand for the whole collection, if it was meant as a text.
    func run(_ frame: inout TreeBuilder.Frame, range: Range<Int>, _ report: inout Diagnostics) -> YAMLNode? {
        guard frame.isMapping else {
            joinSplitItems(&frame, &report)
            fullWidthCommas(frame, range, &report)
            return nil
        }
        // `[a: b]` makes a map without braces; what is said here is about braces.
        guard range.lowerBound < text.bytes.count, text.bytes[range.lowerBound] == UInt8(ascii: "{") else { return nil }
        if let template = template(frame, range) {
            report.report(.needsQuotes(text.span(range), .template, fixed: text.line(quoting: range.lowerBound..<endOfTemplate(range))))
            return template
        }
        joinSplitValues(&frame, &report)
        keysWithoutValue(&frame, range, &report)
        return nil
    }

    /// Whether an entry is a key alone, without even a colon.
    private func isLone(_ pair: (key: TreeBuilder.Part, value: TreeBuilder.Part)) -> Bool {
        pair.value.isEmptyPlain && pair.key.range.upperBound <= pair.value.range.lowerBound
            && !text.bytes[pair.key.range.upperBound..<pair.value.range.lowerBound].contains(UInt8(ascii: ":"))
    }

    /// `{name}`, where a template was meant.
    private func template(_ frame: TreeBuilder.Frame, _ range: Range<Int>) -> YAMLNode? {
        guard frame.pairs.count == 1, let pair = frame.pairs.first, isLone(pair), pair.key.isPlain, !range.contains(where: { isBreakByte(text.bytes[$0]) }) else { return nil }
        let key = text.bytes[pair.key.range]
        guard !key.contains(UInt8(ascii: ":")), fullWidthColonOfKey(in: pair.key.range, text) == nil else { return nil }
        return plainScalar(range)
    }

    /// `{title} #{code}`: what YAML takes for a comment belongs to the template.
    private func endOfTemplate(_ range: Range<Int>) -> Int {
        let line = text.content(ofLine: text.line(of: range.lowerBound))
        var index = range.upperBound
        while index < line.upperBound, isBlankByte(text.bytes[index]) { index += 1 }
        guard index + 1 < line.upperBound, index > range.upperBound, text.bytes[index] == UInt8(ascii: "#"), !isBlankByte(text.bytes[index + 1]) else {
            return range.upperBound
        }
        return line.upperBound
    }

    private func plainScalar(_ range: Range<Int>) -> YAMLNode {
        var decoder = ScalarDecoder(text.bytes)
        decoder.plain(range)
        let embedded = EmbeddedText(text: String(decoding: decoder.text, as: UTF8.self), span: text.span(range), segments: decoder.segments)
        return YAMLNode(span: embedded.span, content: .scalar(YAMLScalar(embedded: embedded, style: .plain)))
    }

    /// `{ must: round(x, 2) > 1 }`: the entry `2) > 1` belongs to the text before it.
    private func joinSplitValues(_ frame: inout TreeBuilder.Frame, _ report: inout Diagnostics) {
        // What a text opens, and what a piece behind a comma closes again; nil for what can be neither.
        let opened = frame.pairs.map { $0.value.isPlain && !$0.value.isEmptyPlain ? openParentheses(text.bytes[$0.value.range]) : 0 }
        let pieces = frame.pairs.map { isLone($0) ? openParentheses(text.bytes[$0.key.range]) : nil }
        var joined: [(key: TreeBuilder.Part, value: TreeBuilder.Part)] = []
        var index = 0
        while index < frame.pairs.count {
            var pair = frame.pairs[index]
            if let last = closing(of: index, opened, pieces) {
                pair.value = join(pair.value.range.lowerBound..<frame.pairs[last].key.range.upperBound, &report)
                index = last
            }
            joined.append(pair)
            index += 1
        }
        frame.pairs = joined
    }

    private func joinSplitItems(_ frame: inout TreeBuilder.Frame, _ report: inout Diagnostics) {
        let opened = frame.items.map { $0.isPlain ? openParentheses(text.bytes[$0.range]) : 0 }
        let pieces = frame.items.map { $0.style != nil ? openParentheses(text.bytes[$0.range]) : nil }
        var joined: [TreeBuilder.Part] = []
        var index = 0
        while index < frame.items.count {
            var item = frame.items[index]
            if let last = closing(of: index, opened, pieces) {
                item = join(item.range.lowerBound..<frame.items[last].range.upperBound, &report)
                index = last
            }
            joined.append(item)
            index += 1
        }
        frame.items = joined
    }

    private func join(_ whole: Range<Int>, _ report: inout Diagnostics) -> TreeBuilder.Part {
        report.report(.commaSplitsText(text.span(whole), fixed: text.line(quoting: whole)))
        return TreeBuilder.Part(node: plainScalar(whole), range: whole, style: .plain)
    }

    /// Commas looked at for the end of one text; no call of the language has more arguments.
    private static let piecesOfAText = 64

    /// The piece that closes what the text at `index` opens; nil if it opens nothing or nothing closes it.
    private func closing(of index: Int, _ opened: [Int], _ pieces: [Int?]) -> Int? {
        var depth = opened[index]
        guard depth > 0 else { return nil }
        var next = index + 1
        while next < min(pieces.count, index + Self.piecesOfAText), let piece = pieces[next] {
            depth += piece
            if depth <= 0 { return next }
            next += 1
        }
        return nil
    }

    /// `[华东，华南]` is a list of one.
    private func fullWidthCommas(_ frame: TreeBuilder.Frame, _ range: Range<Int>, _ report: inout Diagnostics) {
        guard frame.items.count == 1, let item = frame.items.first, item.isPlain, !item.range.isEmpty else { return }
        let written = text.string(item.range)
        guard !written.contains("("), !written.contains("（"), !written.contains("'"), let comma = firstFullWidthComma(in: item.range) else { return }
        let names = written.split { $0 == "，" || $0 == "、" }.map { $0.trimmingBlanks }
        report.report(.fullWidthComma(text.span(comma), fixed: text.line(replacing: item.range, with: names.joined(separator: ", "))))
    }

    private func firstFullWidthComma(in range: Range<Int>) -> Range<Int>? {
        range.first { text.bytes[$0...].starts(with: "，".utf8) || text.bytes[$0...].starts(with: "、".utf8) }.map { text.character(at: $0) }
    }

    private func keysWithoutValue(_ frame: inout TreeBuilder.Frame, _ range: Range<Int>, _ report: inout Diagnostics) {
        guard frame.pairs.contains(where: isLone) else { return }
        let isList = frame.pairs.allSatisfy(isLone)
        let list = isList && frame.pairs.count > 1 ? "[" + frame.pairs.map { text.string($0.key.range) }.joined(separator: ", ").shortened(to: 100) + "]" : nil
        var isFirst = true
        for pair in frame.pairs where isLone(pair) {
            // A key that was complained about already says enough.
            guard let node = pair.key.node, case .scalar(let key) = node.content else { continue }
            let range = pair.key.range
            if let colon = fullWidthColonOfKey(in: range, text) {
                report.report(.fullWidthColon(text.span(colon), fixed: text.line(replacing: range, with: entryLine(range, colon: colon, text)), isContinuation: false))
            } else if let colon = range.first(where: { text.bytes[$0] == UInt8(ascii: ":") }), colon > range.lowerBound, pair.key.isPlain {
                let behind = text.character(at: colon + 1)
                let fixed = text.line(replacing: range, with: text.string(range.lowerBound..<colon) + ": " + text.string(behind.lowerBound..<range.upperBound).trimmingBlanks)
                if let space = wideSpace(text.bytes[behind]) {
                    report.report(.wideSpace(text.span(behind), scalar: space, fixed: fixed))
                } else {
                    report.report(.missingSpace(text.span(colon..<colon + 1), fixed: fixed))
                }
            } else if !isList || isFirst {
                report.report(.keyWithoutValue(Located(key.text, at: node.span), asList: list))
            }
            isFirst = false
        }
        frame.pairs.removeAll(where: isLone)
        report.markUnreadPart()
    }
}

extension StringProtocol {
    /// Without spaces at both ends, wide ones too.
    var trimmingBlanks: String {
        var scalars = Substring(self).unicodeScalars
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }
}
