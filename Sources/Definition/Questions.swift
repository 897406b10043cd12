import LocatedYAML
package import SourceText

/// What the step `ask` asks whom.
package struct QuestionDefinition: Sendable {
    /// Each gives people; the first of them who answers, answers.
    package var people: [EmbeddedText]
    package var name: Located<String>?
    package var message: TemplateDefinition
    package var title: TemplateDefinition?
    package var via: [Located<String>]
    /// What is filled in; nothing more than saying so where there is none.
    package var fields: [FieldDefinition]
    package var within: Located<String>?

    static func read(_ verb: YAMLEntry, _ keys: KeyReader, _ report: inout Diagnostics) -> QuestionDefinition? {
        var names = NameTable(.field)
        var fields: [FieldDefinition] = []
        if let with = keys["with"] {
            if case .mapping(let entries) = with.value.content, entries.isEmpty { report.report(.noValue(with.key, at: with.key.span)) }
            for field in namedEntries(of: with, as: .field, &report) where names.declare(field.key, &report) { fields.append(FieldDefinition.read(field, &report)) }
        }
        let people = verb.formulas(&report)
        let name = keys["name"]?.name(as: .variable, &report)
        let via = keys["via"]?.names(&report) ?? []
        let title = keys["title"]?.template(&report)
        let within = keys["within"]?.text(&report)
        guard let message = keys.required("message", owner: verb.key, &report)?.template(&report), !people.isEmpty else { return nil }
        return QuestionDefinition(people: people, name: name, message: message, title: title, via: via, fields: fields, within: within)
    }
}
