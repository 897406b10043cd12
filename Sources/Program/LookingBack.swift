import Formula
import Model

/// Which rules and gates of an object read values that saving its record changes on other records, or that come back to it from them.
///
/// Such values are known only once formulas over links have followed, so these are asked behind that.
package struct LookingBack: Sendable, Hashable {
    package let rules: Bool
    /// Keys of the stages whose conditions do.
    package let gates: Set<String>

    /// Of an object whose rules look at nothing but the record and what it leads to.
    package static let none = LookingBack(rules: false, gates: [])

    private init(rules: Bool, gates: Set<String>) {
        self.rules = rules
        self.gates = gates
    }

    init(_ object: CheckedObject, _ reads: AppReads, dependents: [Dependent]) {
        let moved = reads.following(dependents.map(\.field))
        func looksBack(_ rules: [CheckedRule]) -> Bool {
            rules.contains { rule in
                let read = reads.reads(of: rule.expressions)
                return !moved.isDisjoint(with: read.own) || read.others.contains { moved.contains($0.field) }
                    || rule.expressions.contains(where: \.reads.user) && moved.contains { $0.object == reads.model.schema.users }
            }
        }
        rules = !moved.isEmpty && looksBack(object.rules)
        var gates: Set<String> = []
        if !moved.isEmpty, let stage = object.stage, case .stage(let stages) = object.fields[stage.index].kind {
            for stage in stages.stages where looksBack(stage.conditions) { gates.insert(stage.key) }
        }
        self.gates = gates
    }
}

extension CheckedRule {
    /// Its formulas and those in its words.
    fileprivate var expressions: [CheckedExpression] {
        [must] + (condition.map { [$0] } ?? []) + say.zh.expressions + say.en.expressions
    }
}
