/// A text that stands inside a file in another notation, such as a formula inside a YAML scalar: quoting, folding and indentation
/// are undone, and every byte still knows where it came from.
package struct EmbeddedText: Sendable, Hashable {
    /// A run of bytes that stand in the file as they stand in the text.
    package struct Segment: Sendable, Hashable {
        /// Offset of the run's first UTF-8 byte in `text`.
        package let textOffset: Int32
        /// Offset of that byte in the file.
        package let fileOffset: Int32

        package init(textOffset: Int32, fileOffset: Int32) {
            self.textOffset = textOffset
            self.fileOffset = fileOffset
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

    /// Where the half-open UTF-8 range `range` of `text` stands in the file.
    package func span(of range: Range<Int>) -> Span {
        guard !segments.isEmpty else { return span }
        let start = fileOffset(of: range.lowerBound)
        // The end is found from the last byte, so that a range at the end of a segment does not reach into the next.
        let end = range.isEmpty ? start : fileOffset(of: range.upperBound - 1) + 1
        let low = min(max(start, span.start), span.end)
        return Span(file: span.file, start: low, end: min(max(end, low), span.end))
    }

    private func fileOffset(of textOffset: Int) -> Int32 {
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low + high) / 2
            if Int(segments[middle].textOffset) <= textOffset { low = middle + 1 } else { high = middle }
        }
        let segment = segments[max(0, low - 1)]
        return segment.fileOffset + Int32(textOffset) - segment.textOffset
    }
}
