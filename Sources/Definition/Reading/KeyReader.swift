import LocatedYAML
import SourceText

/// The keys of one mapping, each known to belong where it stands. Whatever does not was reported when this was made.
struct KeyReader {
    /// In the order of writing.
    let entries: [YAMLEntry]
    /// Whether nothing had to be left out.
    let isComplete: Bool
    private let span: Span
    /// Entries under a wrong word, under the word that was meant: only to go on reading, since the mistake is told.
    private let meant: [YAMLEntry]

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
        var present = Set(written.map(\.key.value).filter(known.contains))
        var meant: [YAMLEntry] = []
        entries = written.filter { entry in
            let word = entry.key.value
            if known.contains(word) { return true }
            let right: String?
            if construct.later.contains(word) {
                report.report(.notYet(entry.key, .key))
                right = nil
            } else if let better = construct.rightWord(for: word, beside: present) {
                report.report(.wrongWord(entry.key, right: better, in: construct))
                right = better
            } else {
                report.report(.unknownKey(entry.key, in: construct))
                right = closestMatch(to: word, among: known)
            }
            if let right, construct.carrying.contains(right), present.insert(right).inserted {
                meant.append(YAMLEntry(key: Located(right, at: entry.key.span), value: entry.value))
            }
            return false
        }
        self.meant = meant
        isComplete = entries.count == written.count
        span = node.span
    }

    /// The entry of this key, or the one under a word that stands for it.
    subscript(key: String) -> YAMLEntry? {
        entries.first { $0.key.value == key } ?? meant.first { $0.key.value == key }
    }

    /// All that can be read, also what stands under a wrong word.
    var readable: [YAMLEntry] { entries + meant }

    /// The entry, which must be there. If it is not, `owner` is told so, unless it may stand among the keys that were left out.
    func required(_ key: String, owner: Located<String>, _ report: inout Diagnostics) -> YAMLEntry? {
        if let entry = self[key] { return entry }
        if isComplete { report.report(.missingKey(key, owner: owner)) }
        return nil
    }
}
