import LocatedYAML
import SourceText

extension YAMLNode {
    /// Nothing behind the key, or an unquoted `~` or `null`.
    var isNoValue: Bool {
        if case .scalar(let scalar) = content { scalar.isNoValue } else { false }
    }
}

// What a position asks for, read from what stands there: nil, and reported, if it is something else.
extension YAMLEntry {
    /// A text, with its place for formulas and templates in it.
    func embedded(_ report: inout Diagnostics) -> EmbeddedText? {
        guard case .scalar(let scalar) = value.content else {
            report.report(.wrongShape(key, wants: .value, got: value, example: nil))
            return nil
        }
        guard !scalar.text.isEmpty else {
            report.report(.noValue(key, at: scalar.style == .plain ? key.span : value.span))
            return nil
        }
        return scalar.embedded
    }

    /// A text that is not empty.
    func text(_ report: inout Diagnostics) -> Located<String>? {
        embedded(&report).map { Located($0.text, at: $0.span) }
    }

    /// A formula. `~` is none.
    func formula(_ report: inout Diagnostics) -> EmbeddedText? {
        if value.isNoValue {
            report.report(.noValue(key, at: key.span))
            return nil
        }
        guard case .scalar = value.content else {
            report.report(.wrongShape(key, wants: .formula, got: value, example: nil))
            return nil
        }
        return embedded(&report)
    }

    /// A name of one of ours to be found later: a role, a field, a stage.
    func name(as kind: Name.Kind, _ report: inout Diagnostics) -> Located<String>? {
        guard let text = text(&report), Name.check(text, as: kind, &report) else { return nil }
        return text
    }

    /// One name, or a list of names.
    func names(_ report: inout Diagnostics) -> [Located<String>]? {
        guard case .sequence(let items) = value.content else { return text(&report).map { [$0] } }
        return items.compactMap { YAMLEntry(key: key, value: $0).text(&report) }
    }

    /// yes or no.
    func switched(_ report: inout Diagnostics) -> Located<Bool>? {
        guard let word = text(&report) else { return nil }
        switch word.value.lowercased() {
        case "yes", "true", "是": return Located(true, at: word.span)
        case "no", "false", "否": return Located(false, at: word.span)
        default:
            report.report(.badSwitch(word, key: key.value))
            return nil
        }
    }

    func whole(in range: ClosedRange<Int>, _ report: inout Diagnostics) -> Located<Int>? {
        guard let word = text(&report) else { return nil }
        guard let number = Int(word.value), range.contains(number) else {
            report.report(.badNumber(word, key: key.value, range))
            return nil
        }
        return Located(number, at: word.span)
    }

    func oneOf(_ known: [String], _ report: inout Diagnostics) -> Located<String>? {
        guard let word = text(&report) else { return nil }
        guard known.contains(word.value) else {
            report.report(.unknownWord(word, key: key.value, known: known))
            return nil
        }
        return word
    }

    /// The entries of a mapping whose keys are the author's.
    func entries(_ report: inout Diagnostics) -> [YAMLEntry] {
        guard case .mapping(let entries) = value.content else {
            if value.isNoValue {
                report.report(.noValue(key, at: key.span))
            } else {
                report.report(.wrongShape(key, wants: .map, got: value, example: nil))
            }
            return []
        }
        return entries
    }

    /// The items of a list, each as an entry of this key.
    func items(_ report: inout Diagnostics) -> [YAMLEntry] {
        guard case .sequence(let items) = value.content else {
            if value.isNoValue {
                report.report(.noValue(key, at: key.span))
            } else {
                report.report(.wrongShape(key, wants: .list, got: value, example: nil))
            }
            return []
        }
        return items.map { YAMLEntry(key: key, value: $0) }
    }
}

/// The entries of `entry`, leaving out those whose key cannot be a name of this kind.
func namedEntries(of entry: YAMLEntry, as kind: Name.Kind, _ report: inout Diagnostics) -> [YAMLEntry] {
    var named: [YAMLEntry] = []
    for one in entry.entries(&report) where Name.check(one.key, as: kind, &report) { named.append(one) }
    return named
}
