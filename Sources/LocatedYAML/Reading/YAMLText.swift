import SourceText

/// The bytes of a file as they are read: valid UTF-8, without control characters, byte for byte in the places of the file.
struct YAMLText {
    let file: SourceFile
    /// As long as the file. Characters that were complained about, and parts that are passed over, are blanked out here.
    private(set) var bytes: [UInt8]
    /// Offset of the first byte behind a byte order mark.
    let start: Int
    let lines: LineTable

    init(file: SourceFile, bytes: [UInt8], start: Int) {
        self.file = file
        self.bytes = bytes
        self.start = start
        self.lines = LineTable(bytes)
    }

    func span(_ range: Range<Int>) -> Span {
        Span(file: file.id, start: Int32(range.lowerBound), end: Int32(range.upperBound))
    }

    func string(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// The whole scalar at `offset`; empty at the end of the file.
    func character(at offset: Int) -> Range<Int> {
        guard offset < bytes.count else { return bytes.count..<bytes.count }
        var end = offset + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return offset..<end
    }

    // MARK: Lines, counted from 0

    func line(of offset: Int) -> Int { lines.lineIndex(of: offset) }

    /// Spaces at the beginning of a line.
    func indentation(ofLine line: Int) -> Int {
        bytes[lines.range(ofLine: line)].prefix { $0 == UInt8(ascii: " ") }.count
    }

    func isBlank(line: Int) -> Bool {
        bytes[lines.range(ofLine: line)].allSatisfy(isBlankByte)
    }

    /// The line without blanks at both ends.
    func content(ofLine line: Int) -> Range<Int> {
        trimmed(lines.range(ofLine: line))
    }

    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high, isBlankByte(bytes[low]) { low += 1 }
        while high > low, isBlankByte(bytes[high - 1]) { high -= 1 }
        return low..<high
    }

    /// The last line before `line` that is neither blank nor only a comment.
    func lineBefore(_ line: Int) -> Int? {
        var index = line - 1
        while index >= 0 {
            let content = content(ofLine: index)
            if !content.isEmpty, bytes[content.lowerBound] != UInt8(ascii: "#") { return index }
            index -= 1
        }
        return nil
    }

    /// The first line behind `line` that is neither blank nor only a comment.
    func lineAfter(_ line: Int) -> Int? {
        (line + 1..<max(line + 1, lines.lineCount)).first { index in
            bytes[content(ofLine: index)].first.map { $0 != UInt8(ascii: "#") } ?? false
        }
    }

    // MARK: Passing over

    /// Blanks out `line` and what is indented deeper below it, and says which lines these are.
    mutating func blankBlock(atLine line: Int) -> Range<Int> {
        let depth = indentation(ofLine: line)
        var end = line + 1
        while end < lines.lineCount, isBlank(line: end) || indentation(ofLine: end) > depth || isClosing(line: end, depth: depth) { end += 1 }
        for index in line..<end {
            for offset in lines.range(ofLine: index) { bytes[offset] = UInt8(ascii: " ") }
        }
        return line..<end
    }

    /// A bracket alone that closes what was opened on a line of the same indentation.
    private func isClosing(line: Int, depth: Int) -> Bool {
        let content = content(ofLine: line)
        return indentation(ofLine: line) == depth && !content.isEmpty && content.allSatisfy { "]},".utf8.contains(bytes[$0]) }
    }
}

func isBlankByte(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

func isBreakByte(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
