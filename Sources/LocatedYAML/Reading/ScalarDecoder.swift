import SourceText

/// Undoes quoting, folding and indentation of one scalar and keeps for every byte of the text where it was written. The rules are those
/// of YAML as libyaml applies them; `YAMLReader` compares both.
struct ScalarDecoder {
    private let source: [UInt8]
    private(set) var text: [UInt8] = []
    private(set) var segments: [EmbeddedText.Segment] = []

    init(_ source: [UInt8]) {
        self.source = source
    }

    // MARK: Collecting

    /// Bytes that stand in the file as they stand in the text.
    private mutating func copy(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        segments.append(.init(textOffset: Int32(text.count), fileOffset: Int32(range.lowerBound)))
        text.append(contentsOf: source[range])
    }

    private mutating func put(_ bytes: some Collection<UInt8>, for range: Range<Int>) {
        guard !bytes.isEmpty else { return }
        segments.append(.init(textOffset: Int32(text.count), fileOffset: Int32(range.lowerBound), fileLength: Int32(range.count)))
        text.append(contentsOf: bytes)
    }

    /// Just behind the line break at `index`: CR LF is one.
    private func behindBreak(_ index: Int, _ end: Int) -> Int {
        source[index] == 0x0D && index + 1 < end && source[index + 1] == 0x0A ? index + 2 : index + 1
    }

    /// A line break inside a flow scalar: one is a space, more are one fewer; blanks around vanish. Says where the text goes on.
    private mutating func fold(runStart: Int, at index: Int, end: Int) -> Int {
        var textEnd = index
        while textEnd > runStart, isBlankByte(source[textEnd - 1]) { textEnd -= 1 }
        copy(runStart..<textEnd)
        var breaks = 0
        var next = index
        while next < end, isBreakByte(source[next]) {
            next = behindBreak(next, end)
            breaks += 1
            while next < end, isBlankByte(source[next]) { next += 1 }
        }
        if breaks == 1 {
            put([0x20], for: textEnd..<next)
        } else {
            put(repeatElement(0x0A, count: breaks - 1), for: textEnd..<next)
        }
        return next
    }

    // MARK: Styles

    mutating func plain(_ range: Range<Int>) {
        var runStart = range.lowerBound
        var index = runStart
        while index < range.upperBound {
            if isBreakByte(source[index]) {
                index = fold(runStart: runStart, at: index, end: range.upperBound)
                runStart = index
            } else {
                index += 1
            }
        }
        copy(runStart..<range.upperBound)
    }

    /// - Parameter range: Without the quotes.
    mutating func singleQuoted(_ range: Range<Int>) {
        var runStart = range.lowerBound
        var index = runStart
        while index < range.upperBound {
            if isBreakByte(source[index]) {
                index = fold(runStart: runStart, at: index, end: range.upperBound)
                runStart = index
            } else if source[index] == UInt8(ascii: "'") {
                copy(runStart..<index)
                put([UInt8(ascii: "'")], for: index..<min(index + 2, range.upperBound))
                index = min(index + 2, range.upperBound)
                runStart = index
            } else {
                index += 1
            }
        }
        copy(runStart..<range.upperBound)
    }

    /// - Parameter range: Without the quotes.
    mutating func doubleQuoted(_ range: Range<Int>) {
        var runStart = range.lowerBound
        var index = runStart
        while index < range.upperBound {
            if isBreakByte(source[index]) {
                index = fold(runStart: runStart, at: index, end: range.upperBound)
                runStart = index
            } else if source[index] == UInt8(ascii: "\\"), index + 1 < range.upperBound {
                copy(runStart..<index)
                index = escape(at: index, end: range.upperBound)
                runStart = index
            } else {
                index += 1
            }
        }
        copy(runStart..<range.upperBound)
    }

    private mutating func escape(at index: Int, end: Int) -> Int {
        let letter = source[index + 1]
        if isBreakByte(letter) {
            // The line break is escaped away; further ones count.
            var next = behindBreak(index + 1, end)
            var breaks = 0
            while next < end {
                if isBlankByte(source[next]) {
                    next += 1
                } else if isBreakByte(source[next]) {
                    next = behindBreak(next, end)
                    breaks += 1
                } else {
                    break
                }
            }
            put(repeatElement(0x0A, count: breaks), for: index..<next)
            return next
        }
        let scalar: UInt32
        var length = 2
        switch letter {
        case UInt8(ascii: "0"): scalar = 0
        case UInt8(ascii: "a"): scalar = 7
        case UInt8(ascii: "b"): scalar = 8
        case UInt8(ascii: "t"), 0x09: scalar = 9
        case UInt8(ascii: "n"): scalar = 10
        case UInt8(ascii: "v"): scalar = 11
        case UInt8(ascii: "f"): scalar = 12
        case UInt8(ascii: "r"): scalar = 13
        case UInt8(ascii: "e"): scalar = 27
        case UInt8(ascii: "N"): scalar = 0x85
        case UInt8(ascii: "_"): scalar = 0xA0
        case UInt8(ascii: "L"): scalar = 0x2028
        case UInt8(ascii: "P"): scalar = 0x2029
        case UInt8(ascii: "x"), UInt8(ascii: "u"), UInt8(ascii: "U"):
            let digits = letter == UInt8(ascii: "x") ? 2 : letter == UInt8(ascii: "u") ? 4 : 8
            length += digits
            let hex = String(decoding: source[min(index + 2, end)..<min(index + length, end)], as: UTF8.self)
            scalar = UInt32(hex, radix: 16) ?? 0xFFFD
        default: scalar = UInt32(letter)
        }
        let next = min(index + length, end)
        let value = Unicode.Scalar(scalar) ?? "\u{FFFD}"
        put(UTF8.encode(value) ?? UTF8.encodedReplacementCharacter, for: index..<next)
        return next
    }

    /// A `|` or `>` scalar.
    ///
    /// - Parameters:
    ///   - range: From the indicator to where libyaml says it ends, which may be many blank lines on.
    ///   - parentIndentation: The column, from 0, of the block collection around; -1 outside of any.
    /// - Returns: Where the last line of the text ends, and the line's extra leading blanks if blank lines before it reach further in.
    mutating func block(_ range: Range<Int>, parentIndentation: Int) -> (end: Int, strayBlankLine: Range<Int>?) {
        let end = range.upperBound
        let isFolded = source[range.lowerBound] == UInt8(ascii: ">")
        var keep = false
        var strip = false
        var increment = 0
        var position = range.lowerBound + 1
        header: while position < end {
            switch source[position] {
            case UInt8(ascii: "+"): keep = true
            case UInt8(ascii: "-"): strip = true
            case UInt8(ascii: "1")...UInt8(ascii: "9"): increment = Int(source[position] - UInt8(ascii: "0"))
            default: break header
            }
            position += 1
        }
        let headerEnd = position
        while position < end, !isBreakByte(source[position]) { position += 1 }
        if position < end { position = behindBreak(position, end) }

        var indentation: Int
        var strayBlankLine: Range<Int>?
        if increment > 0 {
            indentation = max(parentIndentation, 0) + increment
        } else {
            var scan = position
            var deepest = 0
            var deepestBlank: Range<Int>?
            while scan < end {
                let lineStart = scan
                while scan < end, source[scan] == 0x20 { scan += 1 }
                let isBlankLine = scan >= end || isBreakByte(source[scan])
                if isBlankLine, scan - lineStart > max(deepest, 0) { deepestBlank = lineStart..<scan }
                // libyaml takes the deepest line, blank or not; the first line with text is what the author sees.
                if !isBlankLine, scan - lineStart < deepest { strayBlankLine = deepestBlank }
                deepest = max(deepest, scan - lineStart)
                guard isBlankLine, scan < end else { break }
                scan = behindBreak(scan, end)
            }
            // A line that is text to the eye and shallower than the blank ones: libyaml has ended the block before it.
            if let blank = deepestBlank, scan >= end {
                let column = source[end...].prefix { $0 == 0x20 }.count
                let isText = end + column < source.count && !isBreakByte(source[end + column])
                if isText, column > parentIndentation, column < deepest { strayBlankLine = blank }
            }
            indentation = max(deepest, parentIndentation + 1, 1)
        }

        /// Skips blank lines and the indentation of the line that follows; counts the breaks.
        func skipBreaks(_ start: Int) -> (position: Int, column: Int, breaks: Int) {
            var next = start
            var breaks = 0
            while true {
                var column = 0
                while column < indentation, next < end, source[next] == 0x20 {
                    column += 1
                    next += 1
                }
                guard next < end, isBreakByte(source[next]) else { return (next, column, breaks) }
                next = behindBreak(next, end)
                breaks += 1
            }
        }

        var contentEnd = headerEnd
        var hasLeadingBreak = false
        var startsBlank = false
        var breaksStart = position
        var (next, column, breaks) = skipBreaks(position)
        while column == indentation, next < end {
            let isBlankStart = isBlankByte(source[next])
            var joint: [UInt8] = []
            if isFolded, hasLeadingBreak, !startsBlank, !isBlankStart {
                if breaks == 0 { joint.append(0x20) }
            } else if hasLeadingBreak {
                joint.append(0x0A)
            }
            joint.append(contentsOf: repeatElement(0x0A, count: breaks))
            put(joint, for: breaksStart..<next)
            startsBlank = isBlankStart
            let lineStart = next
            while next < end, !isBreakByte(source[next]) { next += 1 }
            copy(lineStart..<next)
            contentEnd = next
            breaksStart = next
            hasLeadingBreak = next < end
            if next < end { next = behindBreak(next, end) }
            (next, column, breaks) = skipBreaks(next)
        }
        if !strip, hasLeadingBreak { put([0x0A], for: contentEnd..<behindBreak(contentEnd, end)) }
        if keep { put(repeatElement(0x0A, count: breaks), for: min(breaksStart, end)..<end) }
        return (contentEnd, strayBlankLine)
    }
}
