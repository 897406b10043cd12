import LocatedYAML
package import SourceText

/// `receives:` of a channel: what people send back over it.
package struct ReceivingDefinition: Sendable {
    package var verify: InboundDefinition.Verification
    /// A formula on `body`: what tells one message from another.
    package var once: EmbeddedText?
    /// A formula on `body`: the address of the sender.
    package var from: EmbeddedText
    /// A formula on `body`: what was written.
    package var text: EmbeddedText
    /// The field of people in which their address stands.
    package var field: Located<String>?
    package var key: Located<String>

    static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> ReceivingDefinition? {
        guard let keys = KeyReader(entry, of: .receiving, &report) else { return nil }
        let verify = keys.required("verify", owner: entry.key, &report).flatMap { InboundDefinition.readVerification($0, &report) }
        let once = keys["once"]?.formula(&report)
        let from = keys.required("from", owner: entry.key, &report)?.formula(&report)
        let text = keys.required("text", owner: entry.key, &report)?.formula(&report)
        let field = keys["field"]?.text(&report)
        guard let verify, let from, let text else { return nil }
        return ReceivingDefinition(verify: verify, once: once, from: from, text: text, field: field, key: entry.key)
    }
}
