import SourceText

extension EmbeddedText {
    /// The half-open UTF-8 range of the text by itself, still knowing where it stands in the file.
    func part(_ range: Range<Int>) -> EmbeddedText {
        let utf8 = Array(text.utf8)
        let part = String(decoding: utf8[range], as: UTF8.self)
        let span = self.span(of: range)
        guard !segments.isEmpty, !range.isEmpty else { return EmbeddedText(text: part, span: span, segments: []) }
        var inside = [Segment(textOffset: 0, fileOffset: span.start)]
        for segment in segments where range.lowerBound < Int(segment.textOffset) && Int(segment.textOffset) < range.upperBound {
            inside.append(Segment(textOffset: segment.textOffset - Int32(range.lowerBound), fileOffset: segment.fileOffset))
        }
        return EmbeddedText(text: part, span: span, segments: inside)
    }
}
