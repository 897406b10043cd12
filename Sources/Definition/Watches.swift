import LocatedYAML
package import SourceText

/// An entry of `watches`: while a condition holds, after a time, steps are taken.
package struct WatchDefinition: Sendable {
    package var name: Located<String>
    package var label: LabelDefinition?
    /// `OBJECT where CONDITION`
    package var condition: EmbeddedText
    package var rungs: [Rung]
    /// Fields whose change starts the time anew.
    package var restarts: [Located<String>]
    /// While this holds the time stands still.
    package var pause: EmbeddedText?
    /// What is done about rungs that were missed: `once`, `all`, `skip`, `highest`.
    package var missed: Located<String>?
    /// From its name to its end.
    package var extent: Span

    /// `2min: [steps]`
    package struct Rung: Sendable {
        package var after: Located<String>
        package var steps: [StepDefinition]
    }

    static func read(_ entry: YAMLEntry, _ names: inout NameTable, _ report: inout Diagnostics) -> [WatchDefinition] {
        namedEntries(of: entry, as: .watch, &report).compactMap { watch in
            guard names.declare(watch.key, &report), let keys = KeyReader(watch, of: .watch, &report) else { return nil }
            let condition = keys.required("while", owner: watch.key, &report)?.formula(&report)
            let rungs = keys.required("after", owner: watch.key, &report)?.entries(&report).map {
                Rung(after: $0.key, steps: StepDefinition.readList($0, &report))
            }
            if let entry = keys["after"], rungs?.isEmpty == true, case .mapping = entry.value.content { report.report(.noValue(entry.key, at: entry.key.span)) }
            guard let condition, let rungs else { return nil }
            return WatchDefinition(
                name: watch.key, label: keys["label"]?.label(&report), condition: condition, rungs: rungs,
                restarts: keys["restart on"]?.names(&report) ?? [], pause: keys["pause while"]?.formula(&report),
                missed: keys["missed"]?.oneOf(["once", "all", "skip", "highest"], &report), extent: watch.key.span.joined(with: watch.value.span))
        }
    }
}
