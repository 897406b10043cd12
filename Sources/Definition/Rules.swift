package import SourceText
import LocatedYAML

/// `rules: { name: { must: …, say: …, if: … } }`; also a condition of `enter`.
package struct RuleDefinition: Sendable {
    package var name: Located<String>
    package var must: EmbeddedText
    package var say: TemplateDefinition?
    package var condition: EmbeddedText?
    package var span: Span

    package init(name: Located<String>, must: EmbeddedText, say: TemplateDefinition?, condition: EmbeddedText?, span: Span) {
        self.name = name
        self.must = must
        self.say = say
        self.condition = condition
        self.span = span
    }

    static func read(
        _ entry: YAMLEntry, of construct: Construct, _ names: inout NameTable, _ report: inout Diagnostics
    ) -> [RuleDefinition] {
        namedEntries(of: entry, as: .rule, &report).compactMap { rule in
            guard names.declare(rule.key, &report), let keys = KeyReader(rule, of: construct, &report) else { return nil }
            let say = keys["say"]?.template(&report)
            let condition = keys["if"]?.formula(&report)
            guard let must = keys.required("must", owner: rule.key, &report)?.formula(&report) else { return nil }
            return RuleDefinition(name: rule.key, must: must, say: say, condition: condition, span: rule.key.span)
        }
    }
}
