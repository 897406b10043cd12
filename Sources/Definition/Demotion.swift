import LocatedYAML
package import SourceText

/// `demote: { after: 48h, unless: exists(…), to: previous, notify: [...] }` of a stage.
package struct DemotionDefinition: Sendable {
    package var after: Located<String>
    /// What keeps the record where it is, each time anew.
    package var unless: EmbeddedText?
    /// A stage, or `previous`, which is what is meant if nothing is said.
    package var to: Located<String>?
    package var notify: [EmbeddedText]
    package var message: TemplateDefinition?
    package var span: Span
    package var extent: Span

    static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> DemotionDefinition? {
        guard let keys = KeyReader(entry, of: .demotion, &report) else { return nil }
        let unless = keys["unless"]?.formula(&report)
        let to = keys["to"]?.text(&report)
        let notify = keys["notify"].map { $0.formulas(&report) } ?? []
        let message = keys["message"]?.template(&report)
        guard let after = keys.required("after", owner: entry.key, &report)?.text(&report) else { return nil }
        return DemotionDefinition(
            after: after, unless: unless, to: to, notify: notify, message: message, span: entry.key.span, extent: entry.key.span.joined(with: entry.value.span))
    }
}
