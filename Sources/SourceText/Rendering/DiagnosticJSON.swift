package import JSON

/// Diagnostics for programs: the shape of `weir check --format json`.
package struct DiagnosticJSON: Sendable {
    private let sources: SourceSet
    private let language: Language
    private let tables: [LineTable]

    package init(sources: SourceSet, language: Language) {
        self.sources = sources
        self.language = language
        self.tables = sources.files.map { LineTable($0.bytes) }
    }

    /// `{"ok":…,"diagnostics":[…]}`, root causes first; `ok` means no errors. `omitted` counts what lies beyond the bound.
    package func value(of diagnostics: Diagnostics) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("ok", .bool(!diagnostics.hasErrors)),
            .init("diagnostics", .array(diagnostics.inOrder.map(value))),
        ]
        if diagnostics.omittedCount > 0 { members.append(.init("omitted", .int(diagnostics.omittedCount))) }
        return .object(members)
    }

    /// Lines and columns count from 1, columns in Unicode scalars; the end lies just behind the text.
    package func value(of diagnostic: Diagnostic) -> JSONValue {
        .object(
            [
                .init("code", .string(diagnostic.code)),
                .init("severity", .string(diagnostic.severity.rawValue)),
                .init("message", .string(diagnostic.message[language])),
            ] + place(of: diagnostic.span) + [
                .init("hint", .string(orNull: diagnostic.hint?[language])),
                .init(
                    "notes",
                    .array(
                        diagnostic.notes.map { note in
                            .object([.init("message", .string(note.words[language]))] + (note.span.map(place) ?? []))
                        })),
            ])
    }

    private func place(of span: Span) -> [JSONValue.Member] {
        let table = tables[Int(span.file.index)]
        let start = table.place(of: Int(span.start))
        let end = table.place(of: Int(span.end))
        return [
            .init("file", .string(sources[span.file].path)),
            .init("line", .int(start.line)), .init("column", .int(start.column)),
            .init("end_line", .int(end.line)), .init("end_column", .int(end.column)),
        ]
    }
}
