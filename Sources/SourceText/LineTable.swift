/// A place as people count: both numbers from 1, the column in Unicode scalars.
package struct SourcePlace: Sendable, Hashable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// Where the lines of a file begin. A line ends with LF, CR LF or CR.
package struct LineTable: Sendable {
    private let bytes: [UInt8]
    /// Offset of the first byte of each line; never empty.
    private let starts: [Int]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        // A byte order mark belongs to no column.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { starts[0] = 3 }
        bytes.withUnsafeBufferPointer { buffer in
            var index = 0
            while index < buffer.count {
                let byte = buffer[index]
                index += 1
                if byte == 0x0A {
                    starts.append(index)
                } else if byte == 0x0D {
                    if index < buffer.count, buffer[index] == 0x0A { index += 1 }
                    starts.append(index)
                }
            }
        }
        self.starts = starts
    }

    package var lineCount: Int { starts.count }

    /// The index of the line, from 0, in which the byte at `offset` stands.
    package func lineIndex(of offset: Int) -> Int {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    /// The bytes of a line, counted from 0, without its line break.
    package func range(ofLine index: Int) -> Range<Int> {
        let start = starts[index]
        var end = index + 1 < starts.count ? starts[index + 1] : bytes.count
        while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        return start..<end
    }

    /// The place of the byte at `offset`; past the end it is the place behind the last byte.
    package func place(of offset: Int) -> SourcePlace {
        let line = lineIndex(of: offset)
        let start = starts[line]
        let end = min(max(offset, start), bytes.count)
        let column = bytes[start..<end].reduce(into: 1) { count, byte in
            if byte & 0xC0 != 0x80 { count += 1 }
        }
        return SourcePlace(line: line + 1, column: column)
    }
}

extension SourceFile {
    /// The place of a byte. For many places of one file make one `LineTable` and ask that.
    package func place(of offset: Int32) -> SourcePlace {
        LineTable(bytes).place(of: Int(offset))
    }

    /// The text of a span, with bytes that are no UTF-8 replaced.
    package func text(of span: Span) -> String {
        let start = min(Int(span.start), bytes.count)
        return String(decoding: bytes[start..<min(Int(span.end), bytes.count)], as: UTF8.self)
    }
}

extension SourceSet {
    /// `path:line:column` of the beginning of `span`.
    package func description(of span: Span) -> String {
        let place = self[span.file].place(of: span.start)
        return "\(self[span.file].path):\(place.line):\(place.column)"
    }
}
