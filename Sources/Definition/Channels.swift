package import SourceText
import LocatedYAML

/// A way to reach people, under `channels`.
package struct ChannelDefinition: Sendable {
    /// Over one connector.
    package struct Direct: Sendable {
        package var connector: Located<String>
        package var call: Located<String>?
        package var format: Located<Format>?
        package var subject: TemplateDefinition?
        package var message: TemplateDefinition?
        /// What the inputs of the call are given.
        package var with: [(name: Located<String>, value: EmbeddedText)]
        /// Nil: nothing comes in over it.
        package var receives: ReceivingDefinition?
    }

    /// Over other channels, one after the other.
    package struct Ladder: Sendable {
        package var rungs: [Located<String>]
        package var until: Located<Until>?
        package var each: Located<String>?
        package var merge: Located<String>?
    }

    package enum Way: Sendable {
        case direct(Direct)
        case ladder(Ladder)
    }

    package enum Format: String, Sendable, Hashable, CaseIterable { case text, markdown }
    package enum Until: String, Sendable, Hashable, CaseIterable { case acknowledged, delivered }

    package var name: Located<String>
    package var label: LabelDefinition?
    package var way: Way

    static let keysOfConnector = ["connector", "call", "with", "format", "subject", "message", "receives"]
    static let keysOfLadder = ["try", "until", "each", "merge"]

    static func read(_ entry: YAMLEntry, _ names: inout NameTable, _ report: inout Diagnostics) -> [ChannelDefinition] {
        namedEntries(of: entry, as: .channel, &report).compactMap { channel in
            guard names.declare(channel.key, &report), let keys = KeyReader(channel, of: .channel, &report) else { return nil }
            let label = keys["label"]?.label(&report)
            guard let way = readWay(channel.key, keys, &report) else { return nil }
            return ChannelDefinition(name: channel.key, label: label, way: way)
        }
    }

    private static func readWay(_ name: Located<String>, _ keys: KeyReader, _ report: inout Diagnostics) -> Way? {
        if let entry = keys["try"] {
            for other in keys.entries where keysOfConnector.contains(other.key.value) {
                report.report(.keyDoesNotFit(other.key, with: "try", fits: other.key.value == "connector" ? [] : ["connector"]))
            }
            let rungs = entry.items(&report).compactMap { $0.text(&report) }
            let until = keys["until"]?.oneOf(Until.allCases.map(\.rawValue), &report).flatMap { word in
                Until(rawValue: word.value).map { Located($0, at: word.span) }
            }
            if case .sequence(let items) = entry.value.content, items.isEmpty { report.report(.noValue(entry.key, at: entry.key.span)) }
            guard !rungs.isEmpty else { return nil }
            return .ladder(Ladder(rungs: rungs, until: until, each: keys["each"]?.text(&report), merge: keys["merge"]?.text(&report)))
        }
        for other in keys.entries where keysOfLadder.contains(other.key.value) {
            report.report(.keyDoesNotFit(other.key, with: "connector", fits: ["try"]))
        }
        guard let connector = keys.required("connector", owner: name, &report)?.text(&report) else { return nil }
        let with = keys["with"]?.entries(&report).compactMap { input in input.embedded(&report).map { (name: input.key, value: $0) } }
        return .direct(
            Direct(
                connector: connector, call: keys["call"]?.text(&report),
                format: keys["format"]?.oneOf(Format.allCases.map(\.rawValue), &report).flatMap { word in Format(rawValue: word.value).map { Located($0, at: word.span) } },
                subject: keys["subject"]?.template(&report), message: keys["message"]?.template(&report), with: with ?? [],
                receives: keys["receives"].flatMap { ReceivingDefinition.read($0, &report) }))
    }
}
