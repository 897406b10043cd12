import Formula
import Model

/// Which fields some formulas need: of those that are computed on read the others need not be computed to answer them, of the stored ones not read.
struct VolatileNeeds {
    private let model: CheckedApp
    private let volatile: Set<FieldID>

    init(_ model: CheckedApp, _ volatile: Set<FieldID>) {
        self.model = model
        self.volatile = volatile
    }

    /// Those of steps, and of the messages in which they tell people something.
    func ofSteps(_ steps: [CheckedStep], _ assignments: [CheckedAssignment]) -> Set<FieldID> {
        closure(of: steps.flatMap { $0.expressions(assignments) } + model.channels.flatMap(\.expressions))
    }

    /// Those that they read, those that these read, and so on; the names of records included.
    func closure(of expressions: [CheckedExpression]) -> Set<FieldID> {
        volatile.isEmpty ? [] : reads(of: expressions).intersection(volatile)
    }

    /// Every field that they read, stored ones too, and that the fields computed on read among them read.
    func reads(of expressions: [CheckedExpression]) -> Set<FieldID> {
        var found: Set<FieldID> = []
        var named: Set<ObjectID> = []
        var open = expressions
        while let expression = open.popLast() {
            for field in expression.fieldsMentioned where found.insert(field).inserted && volatile.contains(field) {
                open += model[field].computed?.expressions ?? []
            }
            for object in expression.titlesMentioned where named.insert(object).inserted { open += model[object].shows.expressions }
        }
        return found
    }
}
