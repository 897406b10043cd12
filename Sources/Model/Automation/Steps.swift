package import Formula
package import SourceText

/// A step of which every name is known.
package struct CheckedStep: Sendable {
    package indirect enum Verb: Sendable {
        case set([CheckedSetting])
        case create(ObjectID, variable: Int?, with: [CheckedSetting])
        case update(CheckedExpression, of: ObjectID, with: [CheckedSetting])
        case delete(CheckedExpression)
        case tag(CheckedTagging)
        /// Nil: the record that set the steps off.
        case move(to: String, of: CheckedExpression?)
        case notify(CheckedNotice)
        /// Tells people of records that may help them.
        case suggest(CheckedExpression, CheckedNotice)
        /// A report, by name, is made and told to people.
        case report(String, CheckedNotice)
        case send(CheckedMessage)
        /// The run waits for what the other side says.
        case call(CheckedCallStep)
        case wait(Delay)
        /// An instant, or a day, which begins at midnight.
        case waitUntil(CheckedExpression)
        case waitFor(CheckedExpression, within: Delay?)
        case choose(CheckedExpression, then: [CheckedStep])
        case forEach(CheckedExpression, variable: Int, steps: [CheckedStep])
        case stop(LocalizedTemplate)
        /// By position among the app's assignments.
        case assign(Int)
        /// By position among the app's approvals; what is done once it is given. What stands behind goes on only then, unless `else` is there.
        case approve(Int, then: [CheckedStep])
        /// What is done once it is answered; else what stands in `otherwise`. What stands behind goes on in any case.
        case ask(CheckedQuestion, then: [CheckedStep])
        /// Of a stage's `demote` only.
        case demote(CheckedDemotion)
    }

    package let verb: Verb
    /// What is done instead if it cannot be done, or if the condition does not hold; nil if nothing was written.
    package let otherwise: [CheckedStep]?
    package let span: Span

    package init(verb: Verb, otherwise: [CheckedStep]?, span: Span) {
        self.verb = verb
        self.otherwise = otherwise
        self.span = span
    }
}

/// What a field is given.
package struct CheckedSetting: Sendable {
    package enum Source: Sendable {
        case value(Value)
        /// Over the record that set the steps off.
        case formula(CheckedExpression)
    }

    package let field: FieldID
    package let source: Source

    package init(field: FieldID, source: Source) {
        self.field = field
        self.source = source
    }
}

/// Words that are put into a field of the type `tags`, or taken out of it.
package struct CheckedTagging: Sendable {
    package enum Word: Sendable {
        case text(String)
        /// A text, or tags.
        case formula(CheckedExpression)
    }

    package let field: FieldID
    package let words: [Word]
    package let adds: Bool
    /// Whose field; nil: that of the record that set the steps off.
    package let records: CheckedExpression?

    package init(field: FieldID, words: [Word], adds: Bool, records: CheckedExpression?) {
        self.field = field
        self.words = words
        self.adds = adds
        self.records = records
    }
}

/// Whom to tell what, and by which ways.
package struct CheckedNotice: Sendable {
    /// Each gives people; together they are told once each.
    package let people: [CheckedExpression]
    /// Channels; always at least one, `in_app` if nothing was written.
    package let via: [String]
    package let title: LocalizedTemplate?
    package let message: LocalizedTemplate

    package init(people: [CheckedExpression], via: [String], title: LocalizedTemplate?, message: LocalizedTemplate) {
        self.people = people
        self.via = via
        self.title = title
        self.message = message
    }
}

/// What is sent over one channel to people, or to an address.
package struct CheckedMessage: Sendable {
    package let channel: String
    /// People, or a text.
    package let to: CheckedExpression
    package let message: LocalizedTemplate

    package init(channel: String, to: CheckedExpression, message: LocalizedTemplate) {
        self.channel = channel
        self.to = to
        self.message = message
    }
}

/// A call of a connector, with what its inputs are given.
package struct CheckedCallStep: Sendable {
    package enum Source: Sendable {
        case text(CheckedTemplate)
        case formula(CheckedExpression)
    }

    package let connector: String
    /// Nil for a webhook, which has no calls.
    package let call: String?
    package let with: [(name: String, source: Source)]
    /// The slot of the receipt.
    package let variable: Int?

    /// As authors name it: `voice.ring`, `erp`.
    package var target: String { call.map { "\(connector).\($0)" } ?? connector }

    package init(connector: String, call: String?, with: [(name: String, source: Source)], variable: Int?) {
        self.connector = connector
        self.call = call
        self.with = with
        self.variable = variable
    }
}

/// Steps with the variables that they fill, by slot.
package struct CheckedSteps: Sendable {
    package let steps: [CheckedStep]
    package let variables: [FormulaScope.Input]

    package init(steps: [CheckedStep], variables: [FormulaScope.Input]) {
        self.steps = steps
        self.variables = variables
    }
}
