import Formula
import Model
import Program
import Storage

extension Saving {
    /// Step 4: a new record gets what nobody said: the default of each field that was not given, the first stage, its numbers.
    ///
    /// Default formulas see the record as it is filled so far, in the order of the fields; one that fails leaves its field blank.
    func applyDefaults(to proposal: inout Proposal) throws {
        let plan = proposal.plan
        if let stage = plan.stage, let stages = plan.stages, proposal.new[stage].isBlank {
            proposal.new[stage] = .option(stages.initial.key)
        }
        for number in plan.autonumbers {
            let count = try transaction.nextAutonumber(of: number.field)
            proposal.new[number.field] = .text(number.text(of: count))
        }
        for entry in plan.compiled.defaults where proposal.new[entry.field].isBlank && !proposal.isGiven[entry.field.index] {
            var value: Value
            switch entry.source {
            case .value(let constant):
                value = constant
            case .formula(let evaluator):
                value = try evaluator.value(in: context.liveFrame(proposal.new, before: proposal.old))
                if case .failure = value { value = .blank }
            }
            switch ValueFit.fit(value, to: plan.object.fields[entry.field.index]) {
            case .fits(let value): proposal.new[entry.field] = value
            case .not(let violation): proposal.report(violation)
            }
        }
    }
}

extension ObjectPlan.Autonumber {
    func text(of count: Int64) -> String {
        let number = String(count)
        return prefix + String(repeating: "0", count: max(0, digits - number.count)) + number + suffix
    }
}
