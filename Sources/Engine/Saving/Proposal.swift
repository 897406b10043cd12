import Formula
import Model
import Program

/// A record on its way through the list: how it was, how it shall be, and what stands against that.
struct Proposal {
    let plan: ObjectPlan
    /// Nil for a new record.
    let old: Row?
    var new: Row
    /// By field index: what the command gave a value, readable or not.
    var isGiven: [Bool]
    /// By field index: has a violation already, so that nothing else is said about it.
    var isAtFault: [Bool]
    private(set) var fieldViolations: [Violation] = []
    private(set) var ruleViolations: [Violation] = []

    init(_ plan: ObjectPlan, old: Row?, new: Row) {
        self.plan = plan
        self.old = old
        self.new = new
        isGiven = Array(repeating: false, count: plan.object.fields.count)
        isAtFault = isGiven
    }

    /// Says it once per field.
    mutating func report(_ violation: Violation) {
        guard let field = violation.field else {
            fieldViolations.append(violation)
            return
        }
        guard !isAtFault[field.index] else { return }
        isAtFault[field.index] = true
        fieldViolations.append(violation)
    }

    mutating func reportRule(_ violation: Violation) {
        ruleViolations.append(violation)
    }

    /// In the order of the fields, then what belongs to none, then the rules.
    var violations: [Violation] {
        fieldViolations.sorted { ($0.field?.index ?? Int.max) < ($1.field?.index ?? Int.max) } + ruleViolations
    }

    /// Whether a value that people enter differs: computed fields alone make no new version.
    var differs: Bool {
        guard let old else { return true }
        for (index, field) in plan.object.fields.enumerated() where field.computed == nil && !field.isSystem {
            if new.values[index] != old.values[index] { return true }
        }
        return false
    }

    /// Every field whose value differs from how it was; of a new record those that are not blank. The system fields that every save
    /// sets are among them, since formulas may read them.
    func changedFields() -> Set<FieldID> {
        var changed: Set<FieldID> = []
        let object = plan.object.id
        for index in new.values.indices {
            let isChanged = old.map { $0.values[index] != new.values[index] } ?? !new.values[index].isBlank
            if isChanged { changed.insert(FieldID(object: object, index: index)) }
        }
        return changed
    }
}
