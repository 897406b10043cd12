package import SourceText

extension EmbeddedText {
    /// The words between blanks, each with its own place.
    var words: [Located<String>] { located(text.split(separator: " ")) }

    /// The trimmed parts between separators, each with its own place; at least one.
    package func parts(between separators: [String]) -> [Located<String>] {
        var parts: [Substring] = []
        var rest = text[...]
        while let separator = separators.compactMap({ rest.firstRange(of: $0) }).min(by: { $0.lowerBound < $1.lowerBound }) {
            parts.append(rest[..<separator.lowerBound])
            rest = rest[separator.upperBound...]
        }
        return located((parts + [rest]).map(Self.trimmed))
    }

    private func located(_ parts: [Substring]) -> [Located<String>] {
        parts.map { part in
            let start = text.utf8.distance(from: text.startIndex, to: part.startIndex)
            return Located(String(part), at: part.isEmpty ? span : span(of: start..<start + part.utf8.count))
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var rest = text.drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
