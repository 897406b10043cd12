import LocatedYAML
package import SourceText

/// An entry of `automations`: when something happens, steps are taken.
package struct AutomationDefinition: Sendable {
    package var name: Located<String>
    package var label: LabelDefinition?
    /// Sentences: `lead is created`, `every workday at 08:30`; any of them sets it off.
    package var triggers: [Located<String>]
    package var condition: EmbeddedText?
    /// `before:`, what is filled in while the record is being saved, ahead of its rules.
    package var before: [FieldValueDefinition]
    package var steps: [StepDefinition]
    /// What a schedule does about times that were missed: `once`, `all`, `skip`.
    package var missed: Located<String>?
    /// From its name to its end.
    package var extent: Span

    static func read(_ entry: YAMLEntry, _ names: inout NameTable, _ report: inout Diagnostics) -> [AutomationDefinition] {
        namedEntries(of: entry, as: .automation, &report).compactMap { automation in
            guard names.declare(automation.key, &report), let keys = KeyReader(automation, of: .automation, &report) else { return nil }
            let triggers = keys.required("when", owner: automation.key, &report)?.names(&report) ?? []
            if keys["do"] == nil, keys["before"] == nil { _ = keys.required("do", owner: automation.key, &report) }
            return AutomationDefinition(
                name: automation.key, label: keys["label"]?.label(&report), triggers: triggers, condition: keys["if"]?.formula(&report),
                before: keys["before"].map { FieldValueDefinition.read($0, &report) } ?? [],
                steps: keys["do"].map { StepDefinition.readList($0, &report) } ?? [],
                missed: keys["missed"]?.oneOf(["once", "all", "skip"], &report), extent: automation.key.span.joined(with: automation.value.span))
        }
    }
}
