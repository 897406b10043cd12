extension EmbeddedText {
    /// The part of the text in the UTF-8 range `range`, still knowing its place.
    package func slice(_ range: Range<Int>) -> EmbeddedText {
        let part = String(decoding: Array(text.utf8)[range], as: UTF8.self)
        guard !segments.isEmpty else { return EmbeddedText(text: part, span: span, segments: []) }
        var kept: [Segment] = []
        for (index, segment) in segments.enumerated() {
            let start = Int(segment.textOffset)
            let end = index + 1 < segments.count ? Int(segments[index + 1].textOffset) : Int.max
            guard start < range.upperBound, end > range.lowerBound else { continue }
            let cut = max(0, range.lowerBound - start)
            kept.append(
                Segment(
                    textOffset: Int32(start + cut - range.lowerBound),
                    fileOffset: segment.fileOffset + (segment.fileLength == nil ? Int32(cut) : 0), fileLength: segment.fileLength))
        }
        return EmbeddedText(text: part, span: span(of: range), segments: kept)
    }

    /// The text without its first `count` UTF-8 bytes, which must end between two characters.
    package func dropping(firstBytes count: Int) -> EmbeddedText {
        slice(min(count, text.utf8.count)..<text.utf8.count)
    }
}
