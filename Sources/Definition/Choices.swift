package import SourceText
import LocatedYAML

/// A shared list of options, under `choices`.
package struct ChoiceDefinition: Sendable {
    package var name: Located<String>
    package var options: [OptionDefinition]

    package init(name: Located<String>, options: [OptionDefinition]) {
        self.name = name
        self.options = options
    }

    static func read(_ entry: YAMLEntry, _ names: inout NameTable, _ report: inout Diagnostics) -> [ChoiceDefinition] {
        namedEntries(of: entry, as: .choiceList, &report).compactMap { list in
            guard names.declare(list.key, &report) else { return nil }
            return ChoiceDefinition(name: list.key, options: OptionDefinition.read(list, &report))
        }
    }
}

package struct OptionDefinition: Sendable, Hashable {
    package var key: Located<String>
    package var label: LabelDefinition?

    package init(key: Located<String>, label: LabelDefinition?) {
        self.key = key
        self.label = label
    }

    /// `[华东, 华南]`, or `{ staff: 员工, lead: { zh: 组长, en: Lead } }`. In the order of writing; reported and empty if it is neither.
    static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> [OptionDefinition] {
        var names = NameTable(.option)
        switch entry.value.content {
        case .sequence(let items):
            return items.compactMap { item in
                guard let key = YAMLEntry(key: entry.key, value: item).text(&report), names.declare(key, &report) else { return nil }
                return OptionDefinition(key: key, label: nil)
            }
        case .mapping(let entries):
            return entries.compactMap { option in
                guard names.declare(option.key, &report) else { return nil }
                return OptionDefinition(key: option.key, label: option.value.isNoValue ? nil : option.label(&report))
            }
        case .scalar:
            let words = listed(entry)
            let example = words.isEmpty ? "A, B" : words.map(\.value).joined(separator: ", ")
            report.report(.wrongShape(entry.key, wants: .listOrMap, got: entry.value, example: "\(entry.key.value): [\(example)]"))
            return words.compactMap { names.declare($0, &report) ? OptionDefinition(key: $0, label: nil) : nil }
        }
    }

    /// The options that an author listed in one text, `高、中、低`: so that they are known, and nobody is told of each that it is not.
    private static func listed(_ entry: YAMLEntry) -> [Located<String>] {
        guard case .scalar(let scalar) = entry.value.content, !scalar.isNoValue else { return [] }
        return scalar.embedded.parts(between: [",", "，", "、", ";", "；", "|", "/"]).filter { !$0.value.isEmpty }
    }
}
