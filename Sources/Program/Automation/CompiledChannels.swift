package import Formula
package import Model

/// A channel with its texts made ready.
package struct CompiledChannel: Sendable {
    package let model: CheckedChannel
    /// Nil: the words of the notice as they are.
    package let message: LocalizedEvaluator?
    /// Of mail only.
    package let subject: LocalizedEvaluator?
    /// What the inputs of a call are given.
    package let with: [(name: String, value: TemplateEvaluator)]

    init(_ model: CheckedChannel) {
        self.model = model
        switch model.way {
        case .inApp, .ladder: (message, subject, with) = (nil, nil, [])
        case .mail(_, let subject, let message):
            self.message = message.map(LocalizedEvaluator.init)
            self.subject = subject.map(LocalizedEvaluator.init)
            with = []
        case .robot(_, _, let message), .webhook(_, let message):
            self.message = message.map(LocalizedEvaluator.init)
            (subject, with) = (nil, [])
        case .call(_, _, let inputs, let message):
            self.message = message.map(LocalizedEvaluator.init)
            subject = nil
            with = inputs.map { (name: $0.name, value: TemplateEvaluator($0.value)) }
        }
    }
}

package struct CompiledMessage: Sendable {
    package let channel: String
    package let to: Evaluator
    package let message: LocalizedEvaluator
    /// Whether the run waits for what becomes of it, because something else is done if it does not arrive.
    package let isWaitedFor: Bool

    init(_ message: CheckedMessage, isWaitedFor: Bool) {
        channel = message.channel
        to = Evaluator(message.to)
        self.message = LocalizedEvaluator(message.message)
        self.isWaitedFor = isWaitedFor
    }
}

package struct CompiledCallStep: Sendable {
    package enum Source: Sendable {
        case text(TemplateEvaluator)
        case formula(Evaluator)
    }

    package let model: CheckedCallStep
    package let with: [(name: String, source: Source)]

    init(_ model: CheckedCallStep) {
        self.model = model
        with = model.with.map { input in
            switch input.source {
            case .text(let template): (name: input.name, source: .text(TemplateEvaluator(template)))
            case .formula(let formula): (name: input.name, source: .formula(Evaluator(formula)))
            }
        }
    }
}
