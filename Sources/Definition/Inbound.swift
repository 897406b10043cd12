import JSON
import LocatedYAML
package import SourceText

/// An entry of `inbound`: messages of other programs that become records.
package struct InboundDefinition: Sendable {
    /// How a message shows that it comes from whom it should.
    package enum Verification: Sendable {
        /// Signed with a secret.
        case hmac(SignatureDefinition)
        /// `Authorization: Bearer …`; the name of the secret.
        case bearer(Located<String>)
    }

    package var name: Located<String>
    package var label: LabelDefinition?
    package var verify: Verification
    /// A formula on `body`: what tells one message from another.
    package var once: EmbeddedText?
    /// The object of the records that they become.
    package var creates: Located<String>
    /// A formula on `body` for each field.
    package var map: [(field: Located<String>, value: EmbeddedText)]

    /// Exactly one of these stands in `verify`.
    static let ways = ["hmac", "bearer"]

    static func read(_ entry: YAMLEntry, _ names: inout NameTable, _ report: inout Diagnostics) -> [InboundDefinition] {
        namedEntries(of: entry, as: .inbound, &report).compactMap { inbound in
            guard names.declare(inbound.key, &report), let keys = KeyReader(inbound, of: .inbound, &report) else { return nil }
            let label = keys["label"]?.label(&report)
            let verify = keys.required("verify", owner: inbound.key, &report).flatMap { readVerification($0, &report) }
            let once = keys["once"]?.formula(&report)
            let creates = keys.required("creates", owner: inbound.key, &report)?.text(&report)
            let map = keys.required("map", owner: inbound.key, &report)?.entries(&report).compactMap { field in
                field.formula(&report).map { (field: field.key, value: $0) }
            }
            guard let verify, let creates, let map else { return nil }
            return InboundDefinition(name: inbound.key, label: label, verify: verify, once: once, creates: creates, map: map)
        }
    }

    static func readVerification(_ entry: YAMLEntry, _ report: inout Diagnostics) -> Verification? {
        guard let keys = KeyReader(entry, of: .verification, &report) else { return nil }
        let said = keys.entries.filter { ways.contains($0.key.value) }
        guard let way = said.first else {
            if keys.isComplete { report.report(.missingKey(ways[0], owner: entry.key)) }
            return nil
        }
        for other in keys.entries where other.key.value != way.key.value {
            if way.key.value == "hmac", SignatureDefinition.keys.contains(other.key.value) { continue }
            report.report(.keyDoesNotFit(other.key, with: way.key.value, fits: ways.contains(other.key.value) ? [] : ["hmac"]))
        }
        if way.key.value == "bearer" { return way.secret(&report).map { .bearer($0) } }
        return SignatureDefinition.read(way, keys, &report).map { .hmac($0) }
    }
}

extension YAMLEntry {
    /// What stands here as a message would say it: maps, lists and texts.
    var message: JSONValue { Self.message(value) }

    private static func message(_ node: YAMLNode) -> JSONValue {
        switch node.content {
        case .scalar(let scalar): scalar.isNoValue ? .null : .string(scalar.text)
        case .sequence(let items): .array(items.map(message))
        case .mapping(let entries): .object(entries.map { JSONValue.Member($0.key.value, message($0.value)) })
        }
    }
}
