/// A text that stands inside a file in another notation, such as a formula inside a YAML scalar: quoting, folding and indentation
/// are undone, and every byte still knows where it came from.
package struct EmbeddedText: Sendable, Hashable {
    /// A run of the text, up to the next segment's `textOffset`, and what it was written as.
    package struct Segment: Sendable, Hashable {
        /// Offset of the run's first UTF-8 byte in `text`.
        package let textOffset: Int32
        /// Offset in the file of the bytes it was written as.
        package let fileOffset: Int32
        /// Nil: the bytes stand in the file as they stand in the text. Else the whole run was written as this many other bytes, such as
        /// an escape sequence or a line break with its indentation.
        package let fileLength: Int32?

        package init(textOffset: Int32, fileOffset: Int32, fileLength: Int32? = nil) {
            self.textOffset = textOffset
            self.fileOffset = fileOffset
            self.fileLength = fileLength
        }
    }

    package let text: String
    /// The whole of it in the file, with its quotes.
    package let span: Span
    /// Sorted by `textOffset`. Empty: the text is nowhere in a file letter by letter, and every part of it is `span`.
    package let segments: [Segment]

    package init(text: String, span: Span, segments: [Segment]) {
        self.text = text
        self.span = span
        self.segments = segments
    }

    /// Where the half-open UTF-8 range `range` of `text` stands in the file. An empty range is the place where its text would stand.
    package func span(of range: Range<Int>) -> Span {
        guard !segments.isEmpty else { return span }
        // An empty range at the end lies behind the last byte, not at whatever follows it.
        let atEnd = range.isEmpty && range.lowerBound > 0 && range.lowerBound >= text.utf8.count
        let start = atEnd ? fileRange(of: range.lowerBound - 1).upperBound : fileRange(of: range.lowerBound).lowerBound
        // The end is found from the last byte, so that a range at the end of a segment does not reach into the next.
        let end = range.isEmpty ? start : fileRange(of: range.upperBound - 1).upperBound
        let low = min(max(start, span.start), span.end)
        return Span(file: span.file, start: low, end: min(max(end, low), span.end))
    }

    private func fileRange(of textOffset: Int) -> Range<Int32> {
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low + high) / 2
            if Int(segments[middle].textOffset) <= textOffset { low = middle + 1 } else { high = middle }
        }
        let segment = segments[max(0, low - 1)]
        if let length = segment.fileLength { return segment.fileOffset..<segment.fileOffset + length }
        let offset = segment.fileOffset + Int32(textOffset) - segment.textOffset
        return offset..<offset + 1
    }
}
