package import Formula
package import Model

package struct CompiledSequence: Sendable {
    package let model: CheckedSequence
    package let condition: Evaluator?
    /// What is done once the events have come.
    package let process: Process

    /// Nil if no automation of the app is set off by it.
    init?(_ model: CheckedSequence, _ automations: [CompiledAutomation]) {
        let own = automations.first { $0.model.triggers.contains(.sequence(model.name, of: model.events.rows)) }
        guard let own else { return nil }
        self.model = model
        condition = model.events.condition.map { Evaluator($0) }
        process = own.process
    }

    /// Changes with every byte of its definition: what is known of events by another one is counted anew.
    package var fingerprint: String { process.fingerprint }
}

package struct CompiledFading: Sendable {
    package let model: CheckedFading
    package let condition: Evaluator?

    init(_ model: CheckedFading) {
        self.model = model
        condition = model.decay.events.condition.map { Evaluator($0) }
    }
}
