/// Looks for events one after another, with others between them or not: the first step, later the second, and so on, all within some time
/// from the first to the last, both included.
///
/// Of several ways to match a beginning the latest counts, since it leaves the most time; so a sequence is found if there is any.
package struct EventSequence: Sendable {
    private let steps: [String]
    private let within: Int64
    /// When the latest match of the first step, of the first two … began; nil if there is none.
    private var begins: [Int64?]
    /// Whether all steps have been seen.
    package private(set) var isComplete = false

    /// - Parameter within: In the unit of the times.
    package init(steps: [String], within: Int64) {
        self.steps = steps
        self.within = within
        begins = Array(repeating: nil, count: steps.count)
    }

    /// The next event, in order of time.
    package mutating func take(_ event: String, at time: Int64) {
        for index in steps.indices.reversed() where ExactText.areEqual(steps[index], event) {
            if index == 0 {
                begins[0] = time
            } else if let begin = begins[index - 1] {
                // The order may be that of a `by … desc`.
                let (passed, overflow) = time.subtractingReportingOverflow(begin)
                if !overflow, passed.magnitude <= within.magnitude { begins[index] = begin }
            }
            if index == steps.count - 1, begins[index] != nil { isComplete = true }
        }
    }
}
