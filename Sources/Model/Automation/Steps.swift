package import Formula
package import SourceText

/// A step of which every name is known.
package struct CheckedStep: Sendable {
    package indirect enum Verb: Sendable {
        case set([CheckedSetting])
        case create(ObjectID, variable: Int?, with: [CheckedSetting])
        case update(CheckedExpression, of: ObjectID, with: [CheckedSetting])
        case delete(CheckedExpression)
        /// Nil: the record that set the steps off.
        case move(to: String, of: CheckedExpression?)
        case notify(CheckedNotice)
        case wait(Delay)
        /// An instant, or a day, which begins at midnight.
        case waitUntil(CheckedExpression)
        case waitFor(CheckedExpression, within: Delay?)
        case choose(CheckedExpression, then: [CheckedStep])
        case forEach(CheckedExpression, variable: Int, steps: [CheckedStep])
        case stop(LocalizedTemplate)
        /// By position among the app's assignments.
        case assign(Int)
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

/// Steps with the variables that they fill, by slot.
package struct CheckedSteps: Sendable {
    package let steps: [CheckedStep]
    package let variables: [FormulaScope.Input]

    package init(steps: [CheckedStep], variables: [FormulaScope.Input]) {
        self.steps = steps
        self.variables = variables
    }
}
