import LocatedYAML
package import SourceText

/// An entry of `assignments`: who is given a record, and why.
package struct AssignmentDefinition: Sendable {
    package var name: Located<String>
    package var label: LabelDefinition?
    /// The object whose records are given away.
    package var object: Located<String>
    /// The link that is set.
    package var field: Located<String>
    /// `user where …`: who may be given it at all.
    package var among: EmbeddedText
    /// What speaks for somebody, by name.
    package var prefer: [PointsDefinition]
    /// Who of several with the same points: `round robin`, `in order`.
    package var tie: Located<String>?
    /// For how long nobody else may take it.
    package var protect: Located<String>?
    package var nobody: Nobody?
    /// From its name to its end.
    package var extent: Span

    /// What is done where nobody may be given it.
    package struct Nobody: Sendable {
        /// Where it waits until somebody may.
        package var queue: Located<String>?
        package var notify: [EmbeddedText]
        package var message: TemplateDefinition?
        package var span: Span
    }

    static func read(_ entry: YAMLEntry, _ names: inout NameTable, _ report: inout Diagnostics) -> [AssignmentDefinition] {
        namedEntries(of: entry, as: .assignment, &report).compactMap { assignment in
            guard names.declare(assignment.key, &report), let keys = KeyReader(assignment, of: .assignment, &report) else { return nil }
            let object = keys.required("on", owner: assignment.key, &report)?.text(&report)
            let field = keys.required("sets", owner: assignment.key, &report)?.text(&report)
            let among = keys.required("among", owner: assignment.key, &report)?.formula(&report)
            let prefer = keys["prefer"].map { PointsDefinition.read($0, &report) } ?? []
            let tie = keys["tie"]?.oneOf(["round robin", "in order"], &report)
            let protect = keys["protect"]?.text(&report)
            let nobody = keys["nobody"].flatMap { Nobody.read($0, &report) }
            guard let object, let field, let among else { return nil }
            return AssignmentDefinition(
                name: assignment.key, label: keys["label"]?.label(&report), object: object, field: field, among: among, prefer: prefer, tie: tie,
                protect: protect, nobody: nobody, extent: assignment.key.span.joined(with: assignment.value.span))
        }
    }
}

extension AssignmentDefinition.Nobody {
    fileprivate static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> Self? {
        guard let keys = KeyReader(entry, of: .nobody, &report) else { return nil }
        if keys.isComplete, keys["queue"] == nil, keys["notify"] == nil { _ = keys.required("queue", owner: entry.key, &report) }
        return Self(
            queue: keys["queue"]?.name(as: .queue, &report), notify: keys["notify"].map { $0.formulas(&report) } ?? [],
            message: keys["message"]?.template(&report), span: entry.key.span)
    }
}
