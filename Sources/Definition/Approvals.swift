import LocatedYAML
package import SourceText

/// An entry of `approvals`: who must agree, one level after the other.
package struct ApprovalDefinition: Sendable {
    package var name: Located<String>
    package var label: LabelDefinition?
    /// The object whose records are decided on.
    package var object: Located<String>
    /// When it is needed at all.
    package var condition: EmbeddedText?
    /// What must not change while it is decided; nil: what its conditions read.
    package var freeze: [Located<String>]?
    /// What becomes of it if that changes all the same: `refuse`, `restart`, `invalidate`.
    package var changed: Located<String>?
    package var levels: [Level]
    /// What a rejection does: `stop`, `back to start`, `back to level`, `back to choice`.
    package var reject: Located<String>?
    /// `delegate`, `send back`, `withdraw`, `add signer before`, `add signer after`.
    package var allow: [Located<String>]?
    package var selfApproval: Located<Bool>?
    /// From its name to its end.
    package var extent: Span

    package struct Level: Sendable {
        package var name: Located<String>
        package var label: LabelDefinition?
        package var people: [EmbeddedText]
        /// `any`, `all`, `in order`, or how many.
        package var need: Located<String>?
        package var condition: EmbeddedText?
        package var within: Located<String>?
        /// One thing after the other, once the time is up: `remind`, `remind every 2h up to 3`, `escalate`, `approve`, `reject`.
        package var late: [Located<String>]
        /// Whether somebody who has agreed one level before is asked again: `skip`, `ask`.
        package var samePerson: Located<String>?
        /// What is done where nobody is left to decide: `fail`, `skip`, `escalate`.
        package var empty: Located<String>?
    }

    static let changes = ["refuse", "restart", "invalidate"]
    static let rejections = ["stop", "back to start", "back to level", "back to choice"]
    static let liberties = ["delegate", "send back", "withdraw", "add signer before", "add signer after"]

    static func read(_ entry: YAMLEntry, _ names: inout NameTable, _ report: inout Diagnostics) -> [ApprovalDefinition] {
        namedEntries(of: entry, as: .approval, &report).compactMap { approval in
            guard names.declare(approval.key, &report), let keys = KeyReader(approval, of: .approval, &report) else { return nil }
            let object = keys.required("on", owner: approval.key, &report)?.text(&report)
            let levels = keys.required("levels", owner: approval.key, &report).map { Level.read($0, &report) } ?? []
            let allow = keys["allow"].map { entry -> [Located<String>] in
                (entry.names(&report) ?? []).filter { word in
                    let isKnown = liberties.contains(word.value)
                    if !isKnown { report.report(.unknownWord(word, key: "allow", known: liberties)) }
                    return isKnown
                }
            }
            let condition = keys["if"]?.formula(&report)
            let freeze = keys["freeze"].flatMap { $0.names(&report) }
            let changed = keys["changed"]?.oneOf(changes, &report)
            let reject = keys["reject"]?.oneOf(rejections, &report)
            let selfApproval = keys["self_approval"]?.switched(&report)
            guard let object, !levels.isEmpty else { return nil }
            return ApprovalDefinition(
                name: approval.key, label: keys["label"]?.label(&report), object: object, condition: condition, freeze: freeze, changed: changed,
                levels: levels, reject: reject, allow: allow, selfApproval: selfApproval,
                extent: approval.key.span.joined(with: approval.value.span))
        }
    }
}

extension ApprovalDefinition.Level {
    fileprivate static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> [Self] {
        if case .mapping(let levels) = entry.value.content, levels.isEmpty { report.report(.noValue(entry.key, at: entry.key.span)) }
        var names = NameTable(.level)
        return namedEntries(of: entry, as: .level, &report).compactMap { level in
            guard names.declare(level.key, &report), let keys = KeyReader(level, of: .level, &report) else { return nil }
            let people = keys.required("by", owner: level.key, &report)?.formulas(&report) ?? []
            let late = keys["late"].flatMap { $0.names(&report) } ?? []
            if keys["late"] != nil, keys["within"] == nil { _ = keys.required("within", owner: level.key, &report) }
            let condition = keys["if"]?.formula(&report)
            guard !people.isEmpty else { return nil }
            return Self(
                name: level.key, label: keys["label"]?.label(&report), people: people, need: keys["need"]?.text(&report), condition: condition,
                within: keys["within"]?.text(&report), late: late, samePerson: keys["same_person"]?.oneOf(["skip", "ask"], &report),
                empty: keys["empty"]?.oneOf(["fail", "skip", "escalate"], &report))
        }
    }
}
