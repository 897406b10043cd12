/// Shows diagnostics to people, in a terminal or anywhere with letters of one width.
///
/// ```
/// error[unknown-field]: `Order` has no field `prise`
///   --> orders.app.yaml:14:25
///    |
/// 14 |     formula: quantity * prise
///    |                         ^^^^^
///    = hint: did you mean `price`?
/// ```
package struct DiagnosticText: Sendable {
    private let sources: SourceSet
    private let language: Language
    private let colour: Bool
    private let tables: [LineTable]

    /// Lines shown of a span over many lines; the middle is left out.
    private static let maximumLines = 4

    package init(sources: SourceSet, language: Language, colour: Bool = false) {
        self.sources = sources
        self.language = language
        self.colour = colour
        self.tables = sources.files.map { LineTable($0.bytes) }
    }

    /// All of them, root causes first, with a blank line between; empty if there are none. Ends with a line break unless empty.
    package func render(_ diagnostics: Diagnostics) -> String {
        var blocks = diagnostics.inOrder.map(render)
        if diagnostics.omittedCount > 0 {
            blocks.append(words(zh: "另有 \(diagnostics.omittedCount) 处未列出\n", en: "and \(diagnostics.omittedCount) more\n"))
        }
        return blocks.joined(separator: "\n")
    }

    /// `2 errors, 1 warning`; nil if nothing was found.
    package func summary(of diagnostics: Diagnostics) -> String? {
        guard !diagnostics.isEmpty else { return nil }
        let errors = diagnostics.errorCount
        let warnings = diagnostics.warningCount
        func counted(_ count: Int, _ zh: String, _ en: String) -> String? {
            count == 0 ? nil : words(zh: "\(count) 个\(zh)", en: "\(count) \(en)\(count == 1 ? "" : "s")")
        }
        return [counted(errors, "错误", "error"), counted(warnings, "警告", "warning"), counted(diagnostics.noteCount, "说明", "note")].compactMap { $0 }
            .joined(separator: words(zh: "，", en: ", "))
    }

    /// One of them, ending with a line break.
    package func render(_ diagnostic: Diagnostic) -> String {
        let tint: Tint =
            switch diagnostic.severity {
            case .error: .red
            case .warning: .yellow
            case .note: .blue
            }
        let heading =
            switch diagnostic.severity {
            case .error: words(zh: "错误", en: "error")
            case .warning: words(zh: "警告", en: "warning")
            case .note: words(zh: "说明", en: "note")
            }
        let colon = words(zh: "：", en: ": ")
        var out = paint("\(heading)[\(diagnostic.code)]", tint) + paint(colon + DisplayText.sanitized(diagnostic.message[language]), .bold) + "\n"
        let spans = [diagnostic.span] + diagnostic.notes.compactMap(\.span)
        let gutter = spans.map { String(lastShownLine(of: $0)).utf8.count }.max() ?? 1
        out += excerpt(diagnostic.span, gutter: gutter, tint: tint)
        let margin = String(repeating: " ", count: gutter + 1) + paint("=", .blue) + " "
        if let hint = diagnostic.hint {
            out += margin + aside(words(zh: "提示：", en: "hint: "), hint[language], indent: gutter + 3)
        }
        for note in diagnostic.notes {
            out += margin + aside(words(zh: "说明：", en: "note: "), note.words[language], indent: gutter + 3)
            if let span = note.span { out += excerpt(span, gutter: gutter, tint: .blue) }
        }
        return out
    }

    private func aside(_ heading: String, _ text: String, indent: Int) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { DisplayText.sanitized(String($0)) }
        let rest = lines.dropFirst().map { String(repeating: " ", count: indent + 2) + $0 + "\n" }.joined()
        return paint(heading, .bold) + (lines.first ?? "") + "\n" + rest
    }

    private func excerpt(_ span: Span, gutter: Int, tint: Tint) -> String {
        let file = sources[span.file]
        let table = tables[Int(span.file.index)]
        let place = table.place(of: Int(span.start))
        let blank = String(repeating: " ", count: gutter)
        let bar = paint("|", .blue)
        var out = blank + paint("-->", .blue) + " \(DisplayText.sanitized(file.path)):\(place.line):\(place.column)\n"
        out += "\(blank) \(bar)\n"
        var previous: Int?
        for line in shownLines(of: span) {
            if let previous, line > previous + 1 { out += "\(blank) …\n" }
            previous = line
            let range = table.range(ofLine: line)
            let start = max(Int(span.start), range.lowerBound)
            let end = min(max(Int(span.end), start), max(start, range.upperBound))
            let isFirst = line == place.line - 1
            // On the lines that follow, indentation is no part of what is meant.
            let indentation = isFirst ? 0 : file.bytes[start..<max(start, end)].prefix { $0 == 0x20 }.count
            let snippet = Snippet(file.bytes[range], marked: start + indentation - range.lowerBound..<max(end, start + indentation) - range.lowerBound)
            let number = String(line + 1)
            out += String(repeating: " ", count: gutter - number.utf8.count) + paint(number, .blue) + " " + bar
            out += snippet.line.isEmpty ? "\n" : " \(snippet.line)\n"
            out += "\(blank) \(bar) \(snippet.indentation)\(paint(snippet.carets, tint))\n"
        }
        return out
    }

    private func shownLines(of span: Span) -> [Int] {
        let table = tables[Int(span.file.index)]
        let first = table.lineIndex(of: Int(span.start))
        let last = lastShownLine(of: span) - 1
        guard last - first >= Self.maximumLines else {
            let file = sources[span.file]
            return (first...last).filter { line in
                line == first || file.bytes[table.range(ofLine: line)].contains { $0 != 0x20 }
            }
        }
        return [first, first + 1, last]
    }

    /// From 1.
    private func lastShownLine(of span: Span) -> Int {
        tables[Int(span.file.index)].lineIndex(of: max(Int(span.start), Int(span.end) - 1)) + 1
    }

    private func words(zh: String, en: String) -> String { Words(zh: zh, en: en)[language] }

    private enum Tint: String {
        case red = "1;31"
        case yellow = "1;33"
        case blue = "1;34"
        case bold = "1"
    }

    private func paint(_ text: String, _ tint: Tint) -> String {
        colour ? "\u{1B}[\(tint.rawValue)m\(text)\u{1B}[0m" : text
    }
}
