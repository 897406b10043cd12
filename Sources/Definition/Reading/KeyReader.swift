import LocatedYAML
import SourceText

/// The keys of one mapping, each known to belong where it stands. Whatever does not was reported when this was made.
struct KeyReader {
    /// In the order of writing.
    let entries: [YAMLEntry]
    /// Whether nothing had to be left out.
    let isComplete: Bool
    private let span: Span

    /// Nil, and reported, if the value of `entry` is not a mapping.
    init?(_ entry: YAMLEntry, of construct: Construct, _ report: inout Diagnostics) {
        guard case .mapping = entry.value.content else {
            if entry.value.isNoValue {
                report.report(.noValue(entry.key, at: entry.key.span))
            } else {
                report.report(.wrongShape(entry.key, wants: .map, got: entry.value, example: construct.keys.first.map { "\($0): …" }))
            }
            return nil
        }
        self.init(entry.value, of: construct, &report)
    }

    /// The keys of a file, or of an item of a list.
    init?(_ node: YAMLNode, of construct: Construct, _ report: inout Diagnostics) {
        guard case .mapping(let written) = node.content else {
            report.report(.wrongTopLevel(construct, got: node))
            return nil
        }
        let known = construct.keys
        entries = written.filter { entry in
            if known.contains(entry.key.value) { return true }
            if construct.later.contains(entry.key.value) {
                report.report(.notYet(entry.key, .key))
            } else if let right = construct.rightWord(for: entry.key.value) {
                report.report(.wrongWord(entry.key, right: right, in: construct))
            } else {
                report.report(.unknownKey(entry.key, in: construct))
            }
            return false
        }
        isComplete = entries.count == written.count
        span = node.span
    }

    subscript(key: String) -> YAMLEntry? {
        entries.first { $0.key.value == key }
    }

    /// The entry, which must be there. If it is not, `owner` is told so, unless it may stand among the keys that were left out.
    func required(_ key: String, owner: Located<String>, _ report: inout Diagnostics) -> YAMLEntry? {
        if let entry = self[key] { return entry }
        if isComplete { report.report(.missingKey(key, owner: owner)) }
        return nil
    }
}
