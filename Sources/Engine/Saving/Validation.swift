import Formula
import Model
import Program
import SourceText
import Storage

extension Saving {
    /// Step 5 up to the author's rules: shapes, lengths and ranges, links, required, unique.
    ///
    /// Through the trusted door `required` and the rules are not asked; types, links and unique hold everywhere. One mistake is said
    /// once: nothing more about a field that is at fault, and no rule that reads one.
    func checkFields(_ proposal: inout Proposal) throws {
        try checkLinks(&proposal)
        if command.door != .trusted {
            for id in proposal.plan.required where proposal.new[id].isBlank {
                proposal.report(Violation(.required, field: id, .required(proposal.plan.object.fields[id.index])))
            }
        }
        try checkUnique(&proposal)
        try checkProtection(&proposal)
    }

    /// Brings every given value into the form in which it is stored. The end of step 2, so that formulas read what will be there.
    func fit(_ proposal: inout Proposal) {
        for field in proposal.plan.object.fields where proposal.isGiven[field.id.index] && !proposal.isAtFault[field.id.index] {
            switch ValueFit.fit(proposal.new[field.id], to: field) {
            case .fits(let value):
                proposal.new[field.id] = value
            case .not(let violation):
                proposal.report(violation)
                proposal.new[field.id] = proposal.old?[field.id] ?? .blank
            }
        }
    }

    private func checkLinks(_ proposal: inout Proposal) throws {
        for (index, isLink) in proposal.plan.isLink.enumerated() where isLink && !proposal.isAtFault[index] {
            let field = proposal.plan.object.fields[index]
            guard field.computed == nil, !field.isSystem else { continue }
            if let old = proposal.old, old.values[index] == proposal.new.values[index] { continue }
            for target in proposal.new.values[index].linkedRecords {
                if proposal.old?.values[index].leads(to: target) == true { continue }
                guard field.leads(to: target.object, in: engine.app.model), target == proposal.new.id ? proposal.old != nil : try rows.row(target) != nil
                else {
                    proposal.report(Violation(.unknownRecord, field: field.id, .noSuchRecord(engine.app.text(of: target), for: field)))
                    break
                }
            }
        }
    }

    func checkUnique(_ proposal: inout Proposal) throws {
        for id in proposal.plan.unique where !proposal.isAtFault[id.index] {
            let value = proposal.new[id]
            if value.isBlank || value == proposal.old?[id] { continue }
            if case .failure = value { continue }
            guard let holder = try transaction.holder(of: value, in: id), holder != proposal.new.id else { continue }
            var violation = Violation(.notUnique, field: id, .notUnique(proposal.plan.object.fields[id.index], holder: engine.app.text(of: holder)))
            violation.holder = holder
            proposal.report(violation)
        }
    }

    /// The author's rules, over the record as it would stand.
    func checkRules(_ proposal: inout Proposal, on row: Row) throws {
        guard command.door != .trusted, !proposal.plan.compiled.rules.isEmpty else { return }
        let frame = try context.liveFrame(row, before: proposal.old)
        for rule in proposal.plan.compiled.rules {
            let readsFault = rule.must.expression.reads.own.contains { $0.object == proposal.plan.object.id && proposal.isAtFault[$0.index] }
            guard !readsFault else { continue }
            let decision = try rule.decide(in: frame)
            if let coverage = engine.coverage, !decision.isIdle { coverage.reach(.rule(object: proposal.plan.object.name, name: rule.rule.name)) }
            switch decision {
            case .met, .idle: continue
            case .unmet(let say): proposal.reportRule(Violation(.rule, field: rule.onlyField, rule: rule.rule.name, say))
            }
        }
    }
}

extension CompiledRule {
    enum Decision {
        case met
        /// Its `if` does not hold.
        case idle
        /// What is to be said; a formula that failed says so too.
        case unmet(Words)

        var isIdle: Bool { if case .idle = self { true } else { false } }
    }

    /// Whether the rule holds for the rows of `frame`. One that cannot be evaluated does not hold.
    func decide(in frame: Frame) throws -> Decision {
        if let condition {
            switch try condition.value(in: frame) {
            case .bool(true): break
            case .failure(let failure): return .unmet(.cannotBeDecided(try say(in: frame), because: failure))
            case .blank, .bool, .number, .text, .date, .instant, .duration, .option, .options, .location, .link, .links, .list: return .idle
            }
        }
        switch try must.value(in: frame) {
        case .bool(true): return .met
        case .failure(let failure): return .unmet(.cannotBeDecided(try say(in: frame), because: failure))
        case .blank, .bool, .number, .text, .date, .instant, .duration, .option, .options, .location, .link, .links, .list: return .unmet(try say(in: frame))
        }
    }

    /// The author's words; the rule's name where there are none.
    func say(in frame: Frame) throws -> Words {
        let zh = try sayZh.text(in: frame), en = try sayEn.text(in: frame)
        return Words(zh: zh.isEmpty ? rule.name : zh, en: en.isEmpty ? rule.name : en)
    }

    /// The field to show it at, where the rule reads just one of the record.
    var onlyField: FieldID? {
        let own = must.expression.reads.own
        return own.count == 1 ? own.first : nil
    }
}
