import SourceText

extension Explanation {
    /// The tree as lines: the part, what it gave, and why; deeper parts stand further in. Of what is folded only that is told which its parts
    /// have in common.
    ///
    /// - Parameter title: How a record is called.
    package func lines(
        at moment: Moment, indented depth: Int = 0, title: (RecordID) throws -> String
    ) rethrows -> [String] {
        let language = moment.language
        var line = String(repeating: "  ", count: depth) + oneLine(text) + " = " + (try shown(value, type, moment, title))
        if let note, note[language] != (try shown(value, type, moment, title)) { line += "  （\(note[language])）".bracketed(language) }
        var lines = [line]
        if let rows {
            let inner = String(repeating: "  ", count: depth + 1)
            var words = Words(zh: "\(rows.count) 条记录", en: "\(rows.count) records")[language]
            if !rows.values.isEmpty {
                let values = try rows.values.map { try shown($0, rows.valueType, moment, title) }
                words += ": " + values.joined(separator: ", ") + (rows.count > rows.values.count ? ", …" : "")
            }
            lines.append(inner + words)
        }
        for part in isFolded ? commonParts : parts { lines += try part.lines(at: moment, indented: depth + 1, title: title) }
        return lines
    }

    /// What all parts have in common, such as the value that a `switch` compares with each of its options.
    private var commonParts: [Explanation] {
        guard let first = parts.first else { return [] }
        return first.parts.filter { part in parts.allSatisfy { $0.parts.contains(part) } }
    }

    private func shown(_ value: Value, _ type: FormulaType, _ moment: Moment, _ title: (RecordID) throws -> String) rethrows -> String {
        switch value {
        case .blank: Words(zh: "空", en: "blank")[moment.language]
        case .bool, .number, .text, .date, .instant, .duration, .option, .options, .location, .link, .links, .list, .failure:
            try value.text(of: type, at: moment, title: title)
        }
    }

    private func oneLine(_ text: String) -> String {
        text.split(whereSeparator: { $0.isWhitespace || $0.isNewline }).joined(separator: " ")
    }
}

extension String {
    fileprivate func bracketed(_ language: Language) -> String {
        switch language {
        case .zh: self
        case .en: replacing("（", with: "(").replacing("）", with: ")")
        }
    }
}
