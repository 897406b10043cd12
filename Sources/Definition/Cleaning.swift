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
        guard let text = entry.text(&report) else { return nil }
        let parts = text.value.replacing("->", with: "→").split(separator: "→", omittingEmptySubsequences: false).map { part in
            part.trimming(while: { $0 == " " })
        }
        guard let name = Name(rawValue: parts[0]) else {
            report.report(.unknownStep(Located(parts[0], at: text.span)))
            return nil
        }
        guard parts.count > 1 else { return .named(name) }
        guard name == .honorific, parts.count == 2, !parts[1].isEmpty else {
            report.report(.badStep(text))
            return nil
        }
        return .honorific(into: Located(parts[1], at: text.span))
    }
}

extension Substring {
    fileprivate func trimming(while isBlank: (Character) -> Bool) -> String {
        var rest = drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(rest)
    }
}
