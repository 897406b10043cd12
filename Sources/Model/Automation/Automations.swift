package import Formula
package import SourceText

/// An automation of which every name is known.
package struct CheckedAutomation: Sendable {
    package enum Trigger: Sendable, Hashable {
        case created, changed, deleted
        case fieldChanges(FieldID)
        /// To this value, by a change or from the beginning.
        case becomes(FieldID, Value)
        case enters(String)
        case leaves(String)
        /// A message came in and became a record.
        case inbound(String)
        case schedule(Schedule)
        /// Something came in over this channel; about a record of this object, if one is named.
        case message(String, about: ObjectID?)
        /// These events have come one after the other.
        case sequence(String, of: ObjectID)
        /// Of the app's approvals, by name.
        case approval(String, ApprovalEvent)
    }

    /// What an approval comes to.
    package enum ApprovalEvent: String, Sendable, Hashable, CaseIterable {
        case approved, rejected, late
    }

    package let name: String
    package let label: Words
    /// Whose records set it off; nil if only times do.
    package let object: ObjectID?
    package let triggers: [Trigger]
    package let condition: CheckedExpression?
    /// What is filled in while the record is being saved.
    package let before: [CheckedSetting]
    package let body: CheckedSteps
    package let missed: Missed
    package let declaredAt: Span
    /// From its name to its end.
    package let extent: Span

    /// What is done about times at which the app did not run.
    package enum Missed: String, Sendable, Hashable {
        case once, all, skip, highest
    }

    package init(
        name: String, label: Words, object: ObjectID?, triggers: [Trigger], condition: CheckedExpression?, before: [CheckedSetting],
        body: CheckedSteps, missed: Missed, declaredAt: Span, extent: Span
    ) {
        self.extent = extent
        self.name = name
        self.label = label
        self.object = object
        self.triggers = triggers
        self.condition = condition
        self.before = before
        self.body = body
        self.missed = missed
        self.declaredAt = declaredAt
    }

    /// Whether it waits for its condition to become true, because no trigger names what must happen.
    package var firesOnBecoming: Bool {
        condition != nil && triggers.allSatisfy { if case .changed = $0 { true } else { false } }
    }
}

extension CheckedAutomation {
    /// Whether several events must come together.
    var firesOnSequence: Bool { triggers.contains { if case .sequence = $0 { true } else { false } } }
}

/// A watch of which every name is known.
package struct CheckedWatch: Sendable {
    package struct Rung: Sendable {
        /// As the author wrote it, which is its name.
        package let name: String
        package let after: Delay
        /// When it fires, for people: `5 business days`, `below 40`.
        package let words: Words
        package let body: CheckedSteps
        package let declaredAt: Span

        package init(name: String, after: Delay, words: Words? = nil, body: CheckedSteps, declaredAt: Span) {
            self.name = name
            self.after = after
            self.words = words ?? after.words
            self.body = body
            self.declaredAt = declaredAt
        }
    }

    package let name: String
    package let label: Words
    package let object: ObjectID
    /// Over the record itself; nil: always.
    package let condition: CheckedExpression?
    package let rungs: [Rung]
    package let restarts: Set<FieldID>
    package let pause: CheckedExpression?
    /// An instant from which the time counts if it is later than the turning of the condition.
    package let extends: CheckedExpression?
    /// It is set off when the condition stops holding, by the clock or by a change; nil: while it holds.
    package let fading: CheckedFading?
    package let missed: CheckedAutomation.Missed
    /// When the condition, and the pause, turn by themselves.
    package let clock: [ClockAtom]
    package let declaredAt: Span
    /// From its name to its end.
    package let extent: Span

    package init(
        name: String, label: Words, object: ObjectID, condition: CheckedExpression?, rungs: [Rung], restarts: Set<FieldID>, pause: CheckedExpression?,
        extends: CheckedExpression? = nil, fading: CheckedFading? = nil, missed: CheckedAutomation.Missed, clock: [ClockAtom], declaredAt: Span, extent: Span
    ) {
        self.extent = extent
        self.name = name
        self.label = label
        self.object = object
        self.condition = condition
        self.rungs = rungs
        self.restarts = restarts
        self.pause = pause
        self.extends = extends
        self.fading = fading
        self.missed = missed
        self.clock = clock
        self.declaredAt = declaredAt
    }
}
