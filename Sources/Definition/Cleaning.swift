package import SourceText
import LocatedYAML

/// A step of `clean`.
package enum CleanStepDefinition: Sendable, Hashable {
    case named(Name)
    /// `honorific → role`
    case honorific(into: Located<String>)
    /// `{ split: '/', into: [name, role] }`
    case split(by: String, into: [Located<String>])

    /// The steps that are written by their name alone.
    package enum Name: String, Sendable, Hashable, CaseIterable {
        case trim, collapse, halfwidth, upper, lower, phone, honorific
    }

    /// A step by itself or a list of steps.
    static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> [Located<CleanStepDefinition>] {
        let items: [YAMLNode] = if case .sequence(let items) = entry.value.content { items } else { [entry.value] }
        return items.compactMap { item in
            let step = YAMLEntry(key: entry.key, value: item)
            let definition = if case .mapping = item.content { readSplit(step, &report) } else { readNamed(step, &report) }
            return definition.map { Located($0, at: item.span) }
        }
    }

    private static func readSplit(_ entry: YAMLEntry, _ report: inout Diagnostics) -> CleanStepDefinition? {
        guard let keys = KeyReader(entry, of: .split, &report) else { return nil }
        guard let separator = keys.required("split", owner: entry.key, &report)?.text(&report),
            let fields = keys.required("into", owner: entry.key, &report)?.names(&report), !fields.isEmpty
        else { return nil }
        return .split(by: separator.value, into: fields)
    }

    private static func readNamed(_ entry: YAMLEntry, _ report: inout Diagnostics) -> CleanStepDefinition? {
        guard let text = entry.embedded(&report) else { return nil }
        let whole = Located(text.text, at: text.span)
        let parts = text.parts(between: ["→", "->"])
        guard let name = Name(rawValue: parts[0].value) else {
            report.report(.unknownStep(parts[0]))
            return nil
        }
        guard parts.count > 1 else { return .named(name) }
        guard name == .honorific, parts.count == 2, !parts[1].value.isEmpty else {
            report.report(.badStep(whole))
            return nil
        }
        return .honorific(into: parts[1])
    }
}
