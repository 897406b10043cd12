import LocatedYAML
package import SourceText

/// Records that tell what somebody did, and whose they are: what `sequences` and `decays` are made of.
package struct EventsDefinition: Sendable {
    /// `OBJECT where CONDITION`
    package var of: EmbeddedText
    /// The link that says whose event it is.
    package var by: Located<String>
    /// To which object, where the link may lead to several.
    package var on: Located<String>?
    /// The choice that tells events apart; `kind` if left out.
    package var kind: Located<String>?
    /// When it happened; `at` if there is such a field, else when it was recorded.
    package var at: Located<String>?

    static let keys = ["of", "by", "on", "kind", "at"]

    static func read(_ keys: KeyReader, of owner: Located<String>, _ report: inout Diagnostics) -> Self? {
        let of = keys.required("of", owner: owner, &report)?.formula(&report)
        let by = keys.required("by", owner: owner, &report)?.text(&report)
        let on = keys["on"]?.text(&report), kind = keys["kind"]?.text(&report), at = keys["at"]?.text(&report)
        guard let of, let by else { return nil }
        return Self(of: of, by: by, on: on, kind: kind, at: at)
    }
}

/// An entry of `sequences`: events that come one after the other, and the steps that are taken then.
package struct SequenceDefinition: Sendable {
    package var name: Located<String>
    package var label: LabelDefinition?
    package var events: EventsDefinition
    /// Kinds of events, in their order.
    package var kinds: [Located<String>]
    /// From the first event to the last.
    package var within: Located<String>
    /// Kinds of events that end what has begun.
    package var unless: [Located<String>]
    /// How long after it happened an event may be recorded and still count; as long as `within` if left out.
    package var late: Located<String>?
    package var steps: [StepDefinition]
    /// From its name to its end.
    package var extent: Span

    static func read(_ entry: YAMLEntry, _ names: inout NameTable, _ report: inout Diagnostics) -> [SequenceDefinition] {
        namedEntries(of: entry, as: .sequence, &report).compactMap { sequence in
            guard names.declare(sequence.key, &report), let keys = KeyReader(sequence, of: .sequence, &report) else { return nil }
            let events = EventsDefinition.read(keys, of: sequence.key, &report)
            let kinds = keys.required("steps", owner: sequence.key, &report)?.items(&report).compactMap { $0.text(&report) }
            let within = keys.required("within", owner: sequence.key, &report)?.text(&report)
            let unless = keys["unless"]?.names(&report) ?? [], late = keys["late"]?.text(&report)
            let steps = keys.required("do", owner: sequence.key, &report).map { StepDefinition.readList($0, &report) }
            guard let events, let kinds, let within, let steps else { return nil }
            return SequenceDefinition(
                name: sequence.key, label: keys["label"]?.label(&report), events: events, kinds: kinds, within: within, unless: unless, late: late, steps: steps,
                extent: sequence.key.span.joined(with: sequence.value.span))
        }
    }

    /// What it does, as an automation of its own. No automation of an author's can have its name.
    package var automation: AutomationDefinition {
        AutomationDefinition(
            name: Located("sequence.\(name.value)", at: name.span), label: label, triggers: [], condition: nil, before: [], steps: steps, missed: nil, extent: extent)
    }
}

/// An entry of `decays`: a number that events raise and time wears down.
package struct DecayDefinition: Sendable {
    package var name: Located<String>
    package var label: LabelDefinition?
    package var events: EventsDefinition
    /// By kind of event: what one is worth when it is new.
    package var worth: [Entry]
    /// By age: how much of it is left.
    package var curve: [Entry]
    package var thresholds: [Threshold]
    /// From its name to its end.
    package var extent: Span

    /// `demo: 30`, `90 days: 100%`
    package struct Entry: Sendable {
        package var key: Located<String>
        package var value: Located<String>
    }

    /// `40: [steps]`: what is done once the number falls below.
    package struct Threshold: Sendable {
        package var limit: Located<String>
        package var steps: [StepDefinition]
        package var extent: Span
    }

    /// How the watch over a limit is called. No watch of an author's can have its name.
    package func watchName(of threshold: Threshold) -> String { "decay.\(name.value).\(threshold.limit.value)" }

    static func read(_ entry: YAMLEntry, _ names: inout NameTable, _ report: inout Diagnostics) -> [DecayDefinition] {
        namedEntries(of: entry, as: .decay, &report).compactMap { decay in
            guard names.declare(decay.key, &report), let keys = KeyReader(decay, of: .decay, &report) else { return nil }
            let events = EventsDefinition.read(keys, of: decay.key, &report)
            func entries(_ key: String, _ report: inout Diagnostics) -> [Entry]? {
                keys.required(key, owner: decay.key, &report)?.entries(&report).compactMap { entry in entry.text(&report).map { Entry(key: entry.key, value: $0) } }
            }
            let worth = entries("add", &report), curve = entries("curve", &report)
            let thresholds = keys["below"]?.entries(&report).map {
                Threshold(limit: $0.key, steps: StepDefinition.readList($0, &report), extent: $0.key.span.joined(with: $0.value.span))
            } ?? []
            guard let events, let worth, let curve else { return nil }
            return DecayDefinition(
                name: decay.key, label: keys["label"]?.label(&report), events: events, worth: worth, curve: curve, thresholds: thresholds,
                extent: decay.key.span.joined(with: decay.value.span))
        }
    }
}
