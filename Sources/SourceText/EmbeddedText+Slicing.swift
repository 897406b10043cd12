extension EmbeddedText {
    /// The text without its first `count` UTF-8 bytes, which must end between two characters.
    package func dropping(firstBytes count: Int) -> EmbeddedText {
        let rest = String(decoding: text.utf8.dropFirst(count), as: UTF8.self)
        let whole = span(of: 0..<text.utf8.count)
        let start = span(of: count..<max(count, text.utf8.count)).start
        let moved = segments.compactMap { segment -> Segment? in
            segment.textOffset <= Int32(count)
                ? nil : Segment(textOffset: segment.textOffset - Int32(count), fileOffset: segment.fileOffset)
        }
        let first = segments.isEmpty ? [] : [Segment(textOffset: 0, fileOffset: start)]
        return EmbeddedText(text: rest, span: Span(file: span.file, start: min(start, whole.end), end: max(whole.end, start)), segments: first + moved)
    }
}
