package import SourceText

extension YAMLScalar {
    /// The name and the text of `name：text`, where a map was wanted and the colon is full-width; nil for any other text.
    package var entryWithFullWidthColon: (name: String, text: String)? {
        guard style == .plain, let colon = text.firstIndex(of: "：") else { return nil }
        let name = text[..<colon].trimmingBlanks
        guard !name.isEmpty, !name.contains(" ") else { return nil }
        return (name, text[text.index(after: colon)...].trimmingBlanks)
    }
}

extension YAMLNode {
    /// The line on which the node begins, ready to paste, with the node in quotes: `shows: "{name}"`. Nil for a node over several lines.
    ///
    /// - Parameter file: The file in which the node stands.
    package func lineInQuotes(of file: SourceFile) -> String? {
        let range = Int(span.start)..<min(Int(span.end), file.bytes.count)
        guard !file.bytes[range].contains(where: isBreakByte) else { return nil }
        return YAMLText(file: file, bytes: file.bytes, start: 0).line(quoting: range)
    }
}
