package import SourceText
import LocatedYAML

package struct ObjectDefinition: Sendable {
    package var name: Located<String>
    package var label: LabelDefinition?
    /// A heading of the menu under which the object stands.
    package var group: LabelDefinition?
    package var shows: TemplateDefinition?
    /// Whose fields and rules this object has too.
    package var like: Located<String>?
    package var fields: [FieldDefinition]
    package var rules: [RuleDefinition]

    package init(name: Located<String>, label: LabelDefinition?, shows: TemplateDefinition?, fields: [FieldDefinition], rules: [RuleDefinition]) {
        self.name = name
        self.label = label
        self.shows = shows
        self.fields = fields
        self.rules = rules
    }

    /// Adds what one file says about the object; what another file has said already is reported.
    mutating func read(_ entry: YAMLEntry, _ members: inout AppDefinition.Merge.Members, _ report: inout Diagnostics) {
        guard !entry.value.isNoValue, let keys = KeyReader(entry, of: .object, &report) else { return }
        if let said = keys["label"], members.keys.declare(said.key, &report) { label = said.label(&report) }
        if let said = keys["group"], members.keys.declare(said.key, &report) { group = said.label(&report) }
        if let said = keys["like"], members.keys.declare(said.key, &report) { like = said.text(&report) }
        if let said = keys["shows"], members.keys.declare(said.key, &report) { shows = readShows(said, &report) }
        if let said = keys["fields"] {
            for field in namedEntries(of: said, as: .field, &report) where members.fields.declare(field.key, &report) {
                fields.append(FieldDefinition.read(field, &report))
            }
        }
        if let said = keys["rules"] {
            rules += RuleDefinition.read(said, of: .rule, &members.rules, &report)
        }
    }

    /// A record is called the same in every language, so that it can be found by its name.
    private func readShows(_ entry: YAMLEntry, _ report: inout Diagnostics) -> TemplateDefinition? {
        guard let shows = entry.template(&report) else { return nil }
        guard shows.zh.text == shows.en.text else {
            report.report(.wrongShape(entry.key, wants: .value, got: entry.value, example: "shows: \"\(shows.zh.text)\""))
            return nil
        }
        return shows
    }
}
