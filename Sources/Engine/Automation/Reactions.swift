import Formula
import Model
import Program
import SourceText
import Storage

/// What set a change off, where a run did.
package struct RunCause: Sendable, Hashable {
    package let run: Int64
    package let process: String
    /// The first run of the chain.
    package let root: Int64
    /// How many runs stand before the next.
    package let depth: Int

    package init(run: Int64, process: String, root: Int64, depth: Int) {
        self.run = run
        self.process = process
        self.root = root
        self.depth = depth
    }

    /// A chain of runs that set each other off is cut off behind so many.
    package static let mostDepth = 16
}

// Steps 10 and 11 of saving: watches follow what changed, and automations are set off.
extension Saving {
    func react(to changes: [Propagation.Change]) throws {
        let automations = engine.app.automations
        if !automations.approvals.isEmpty { try ApprovalKeeping(engine, transaction).follow(changes) }
        let hasEarlier = try engine.pinned.hasEarlier(in: transaction)
        guard !automations.isEmpty || hasEarlier else { return }
        if automations.asksPeople || hasEarlier { try QuestionKeeping(engine: engine, transaction: transaction).follow(changes) }
        try WatchKeeping(context: context, transaction: transaction, batch: command.batch).follow(changes)
        // What stands before the first step sets nothing off.
        let setsOff = command.door != .trusted
        try SequenceKeeping(
            context: context, transaction: transaction, cause: command.cause, by: command.principal.user ?? command.onBehalfOf, batch: command.batch, setsOff: setsOff
        ).follow(changes)
        guard setsOff else { return }
        try dispatch(after: changes)
        for change in changes {
            for index in automations.ofObject[change.id.object.index] { try match(automations.automations[index], change) }
            if automations.waitsForRecords || hasEarlier { try wake(change.id) }
        }
    }

    private func match(_ automation: CompiledAutomation, _ change: Propagation.Change) throws {
        guard !automation.process.steps.instructions.isEmpty, fires(automation.model, change) else { return }
        guard let row = change.new ?? change.old else { return }
        if let condition = automation.condition {
            guard try condition.holds(in: frame(row, before: change.new == nil ? nil : change.old)) else { return }
            if automation.model.firesOnBecoming, let old = change.old, try condition.holds(in: frame(old, before: nil)) { return }
        }
        let run = AutomationRun(
            of: automation.process, in: engine, record: change.id, before: before(change), cause: command.cause,
            by: command.principal.user ?? command.onBehalfOf, at: moment.now, batch: command.batch)
        _ = try transaction.add(run)
    }

    private func fires(_ automation: CheckedAutomation, _ change: Propagation.Change) -> Bool {
        automation.triggers.contains { fires($0, of: automation, change) }
    }

    private func fires(_ trigger: CheckedAutomation.Trigger, of automation: CheckedAutomation, _ change: Propagation.Change) -> Bool {
        switch trigger {
        case .created: return change.old == nil && change.new != nil
        case .deleted: return change.new == nil
        case .changed:
            guard let new = change.new else { return false }
            // Creation counts where a condition may become true by it.
            guard change.old != nil else { return automation.firesOnBecoming }
            return change.changed.contains { $0.object == new.id.object && $0.index >= SystemField.allCases.count }
        case .fieldChanges(let field):
            guard let new = change.new, let old = change.old else { return false }
            return new[field] != old[field]
        case .becomes(let field, let value):
            guard let new = change.new else { return false }
            return new[field] == value && change.old?[field] != value
        case .enters(let stage):
            guard let new = change.new, let field = engine.plans[new.id.object.index].stage else { return false }
            return new[field] == .option(stage) && change.old?[field] != .option(stage)
        case .leaves(let stage):
            guard let old = change.old, let field = engine.plans[old.id.object.index].stage else { return false }
            return old[field] == .option(stage) && change.new?[field] != .option(stage)
        case .inbound(let name): return command.inbound == name && change.old == nil && change.new?.id.object == automation.object
        case .schedule, .approval, .message, .sequence: return false
        }
    }

    /// For conditions: everything as it stands, and this image of the record.
    private func frame(_ row: Row, before old: Row?) throws -> Frame {
        let live = LiveRows(rows, moment: moment, me: me, needs: engine.app.automations.conditionNeeds)
        return Frame(this: try live.image(row), old: old, me: me, moment: moment, source: live)
    }

    /// What the run remembers of how the record was: the fields that changed; all of one that is gone.
    private func before(_ change: Propagation.Change) -> String? {
        guard let old = change.old else { return nil }
        let fields = change.new == nil ? Set(old.values.indices.map { FieldID(object: old.id.object, index: $0) }) : change.changed
        return RunText.text(of: fields, from: old, in: engine.app)
    }

    /// Runs that wait for something about the record look again.
    private func wake(_ record: RecordID) throws {
        for var run in try transaction.waitingRuns(of: record) where run.state == .waiting {
            guard let process = try engine.definition(of: run, in: transaction).process, process.steps.instructions.indices.contains(run.position),
                case .waitFor = process.steps.instructions[run.position].operation
            else { continue }
            run.state = .ready
            run.changed = moment.now
            try transaction.update(run)
        }
    }

    /// Step 4, behind the object's own formulas: what automations fill in while the record is being saved; each once.
    func applyBefore(to proposal: inout Proposal) throws {
        guard command.door != .trusted else { return }
        var isTouched = false
        for index in engine.app.automations.ofObject[proposal.plan.object.id.index] {
            let automation = engine.app.automations.automations[index]
            guard !automation.before.isEmpty else { continue }
            let change = Propagation.Change(old: proposal.old, new: proposal.new, changed: proposal.changedFields())
            guard fires(automation.model, change) else { continue }
            let frame = try context.liveFrame(proposal.new, before: proposal.old)
            if let condition = automation.condition {
                guard try condition.holds(in: frame) else { continue }
                if automation.model.firesOnBecoming, let old = proposal.old, try condition.holds(in: self.frame(old, before: nil)) { continue }
            }
            engine.coverage?.reach(.before(automation.model.name))
            for setting in automation.before {
                let field = proposal.plan.object.fields[setting.field.index]
                switch ValueFit.fit(try setting.value(in: frame), to: field) {
                case .fits(let value):
                    guard proposal.new[field.id] != value else { continue }
                    proposal.new[field.id] = value
                    isTouched = true
                case .not(let violation): proposal.report(violation)
                }
            }
        }
        if isTouched { try context.compute(&proposal) }
    }
}

extension CompiledSetting {
    /// What the field is to be given; a failure stays one.
    func value(in frame: Frame) throws -> Value {
        switch source {
        case .value(let value): value
        case .formula(let evaluator): try evaluator.value(in: frame)
        }
    }
}
