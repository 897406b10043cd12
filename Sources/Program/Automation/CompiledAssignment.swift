package import Formula
package import Model
import SourceText

/// An assignment with its formulas made ready.
package struct CompiledAssignment: Sendable {
    package let model: CheckedAssignment
    package let among: Evaluator
    package let demands: [(text: String, meeting: Evaluator)]
    package let preferences: [(name: String, points: Evaluator)]
    package let notice: CompiledNotice?
    /// Gives what waits in its queue to those who have become free; nil without a queue.
    package let dispatch: Process?

    init(_ model: CheckedAssignment, at index: Int, _ needs: VolatileNeeds, fingerprint: String) {
        self.model = model
        among = Evaluator(model.among)
        demands = model.demands.map { ($0.text, Evaluator($0.meeting)) }
        preferences = model.preferences.map { ($0.name, Evaluator($0.points)) }
        notice = model.nobody?.notice.map { CompiledNotice($0) }
        dispatch = model.nobody?.queue.map { _ in
            Process(
                key: "assignment/\(model.name)", label: model.label, object: nil, steps: CompiledSteps(.dispatch(index), at: model.declaredAt),
                fingerprint: fingerprint, declaredAt: model.declaredAt, isOfDeletion: false, needs: needs.closure(of: model.expressions))
        }
    }
}
