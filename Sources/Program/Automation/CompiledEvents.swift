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
    /// By option: what an event is worth when it is new.
    package let worth: [String: Double]
    package let limit: Double
    package let curve: Curve

    init(_ model: CheckedFading) {
        self.model = model
        condition = model.decay.events.condition.map { Evaluator($0) }
        worth = model.decay.worth.mapValues(\.doubleValue)
        limit = model.limit.doubleValue
        curve = Curve(model.decay.curve)
    }

    /// How much of an event is left by its age: to find instants by, not to be shown.
    package struct Curve: Sendable {
        /// By age in microseconds.
        private let points: [(age: Int64, rest: Double)]

        init(_ curve: DecayCurve) {
            points = curve.points.map { ($0.age.microseconds, $0.rest.doubleValue) }
        }

        /// In microseconds: from here on the curve is level.
        package var end: Int64 { points.last?.age ?? 0 }

        /// - Parameter age: In microseconds; not below zero.
        /// - Returns: 0…1
        package func rest(atAge age: Int64) -> Double {
            guard var from = points.first else { return 0 }
            guard age > from.age else { return from.rest }
            for to in points.dropFirst() {
                if age < to.age { return from.rest + (to.rest - from.rest) * (Double(age - from.age) / Double(to.age - from.age)) }
                from = to
            }
            return from.rest
        }
    }
}
