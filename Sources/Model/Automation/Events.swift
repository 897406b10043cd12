package import Formula
package import SourceText

/// Records that tell what somebody did, and whose they are; every name is known.
package struct CheckedEvents: Sendable {
    package let rows: ObjectID
    /// Whose they are.
    package let owner: ObjectID
    /// The link that says so.
    package let link: FieldID
    /// Which of the records count; over the record itself alone.
    package let condition: CheckedExpression?
    /// The choice that tells them apart.
    package let kind: FieldID
    /// When one happened.
    package let at: FieldID
}

/// Events that come one after the other, and what is done then.
package struct CheckedSequence: Sendable {
    package let name: String
    package let label: Words
    package let events: CheckedEvents
    /// Options of `events.kind`, in their order: 2…16.
    package let kinds: [String]
    /// From the first to the last, both inclusive.
    package let within: Delay
    package let unless: Set<String>
    /// An event that is recorded later than so long after it happened does not count.
    package let late: Delay
    package let declaredAt: Span

    /// Of steps, the variable that is the event that came last.
    package static let event = "event"
}

/// A number that events raise and time wears down.
package struct CheckedDecay: Sendable {
    package let name: String
    package let label: Words
    package let events: CheckedEvents
    /// The number, computed on read.
    package let field: FieldID
    /// By option: what an event is worth when it is new; above zero.
    package let worth: [String: ExactDecimal]
    package let curve: DecayCurve

    /// To which the number is rounded before anybody reads it.
    package static let decimals = 2
}

/// How much of an event is left by its age: straight lines between points, level before the first and behind the last. It never rises.
package struct DecayCurve: Sendable, Hashable {
    package struct Point: Sendable, Hashable {
        package let age: TimeSpan
        /// 0…1
        package let rest: ExactDecimal

        package init(age: TimeSpan, rest: ExactDecimal) {
            self.age = age
            self.rest = rest
        }
    }

    /// By age, each once; at least one.
    package let points: [Point]

    package init(points: [Point]) { self.points = points }
}

/// That a number has fallen below a limit by the passing of time.
package struct CheckedFading: Sendable {
    package let decay: CheckedDecay
    package let limit: ExactDecimal
}
