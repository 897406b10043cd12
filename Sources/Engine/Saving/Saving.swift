import Formula
import Model
import Program
import SourceText
import Storage

/// One command on its way through the list of `spec/saving.md`, inside its transaction.
struct Saving {
    let engine: Engine
    let command: SaveCommand
    let transaction: any WriteTransaction
    let context: RecordContext

    init(engine: Engine, command: SaveCommand, transaction: any WriteTransaction) throws {
        self.engine = engine
        self.command = command
        self.transaction = transaction
        context = try RecordContext(engine: engine, principal: command.principal, transaction: transaction)
    }

    var rows: TransactionRows { context.rows }
    var live: LiveRows { context.live }
    var moment: Moment { context.moment }
    var me: Row? { context.me }

    /// - Throws: `Refusal` for every outcome that must leave nothing written; `StoreError`.
    func outcome() throws -> SaveOutcome {
        if let answer = try rememberedAnswer() { return answer }
        if let denial = denial() { throw Refusal(.denied(denial)) }
        switch command.action {
        case .create(let object, let inputs): return try create(object, inputs)
        case .edit(let id, let inputs): return try edit(id, inputs)
        case .move(let id, let stage): return try moveOrAsk(id, to: stage)
        case .delete(let id): return try delete(id)
        case .restore(let id): return try restore(id)
        case .purge(let id): return try purge(id)
        case .undo(let id, let version): return try undo(id, version: version)
        }
    }

    private func create(_ object: ObjectID, _ inputs: [FieldInput]) throws -> SaveOutcome {
        let plan = engine.plans[object.index]
        let id = RecordID(object: object, number: try transaction.nextNumber(of: object))
        var proposal = Proposal(plan, old: nil, new: stamped(Row(id: id, values: Array(repeating: .blank, count: plan.object.fields.count)), after: nil))
        take(inputs, into: &proposal)
        clean(&proposal)
        fit(&proposal)
        try applyDefaults(to: &proposal)
        try context.compute(&proposal)
        try applyBefore(to: &proposal)
        return try settle(&proposal)
    }

    private func edit(_ id: RecordID, _ inputs: [FieldInput]) throws -> SaveOutcome {
        guard let old = try rows.row(id) else { throw Refusal(.missing) }
        var inputs = inputs
        switch command.expectation {
        case .any: break
        case .exactly:
            try refuseConflict(old, touching: Set(inputs.map(\.field)))
        case .openedOn(let version):
            guard version != old.version else { break }
            switch try merge(old, since: version).decide(inputs, current: old) {
            case .goOn(let meant): inputs = meant
            case .conflict(let fields): throw Refusal(.conflict(current: try live.live(old), fields: fields))
            }
        }
        var proposal = Proposal(engine.plans[id.object.index], old: old, new: stamped(old, after: old))
        take(inputs, into: &proposal)
        clean(&proposal)
        fit(&proposal)
        guard proposal.differs || !proposal.violations.isEmpty || !command.strays.isEmpty else { return .unchanged(try live.live(old)) }
        try context.compute(&proposal)
        try applyBefore(to: &proposal)
        return try settle(&proposal)
    }

    func move(_ id: RecordID, to key: String) throws -> SaveOutcome {
        guard let old = try rows.row(id) else { throw Refusal(.missing) }
        let plan = engine.plans[id.object.index]
        try refuseConflict(old, touching: plan.stage.map { [$0] } ?? [])
        guard let stage = plan.stage, plan.stages?.stage(key) != nil else {
            throw Refusal(.refused([Violation(.stageMove, field: plan.stage, .noSuchStage(key, on: plan.object))]))
        }
        guard old[stage] != .option(key) else { return .unchanged(try live.live(old)) }
        var proposal = Proposal(plan, old: old, new: stamped(old, after: old))
        proposal.new[stage] = .option(key)
        try context.compute(&proposal)
        return try settle(&proposal)
    }

    /// From step 5 on: everything that stands against it, the gate, and then the writing.
    ///
    /// Rules and gates that look back at what this save changes elsewhere are asked behind step 9, when it stands there: a refusal
    /// undoes all of it.
    func settle(_ proposal: inout Proposal) throws -> SaveOutcome {
        for stray in command.strays { proposal.report(stray) }
        try checkFields(&proposal)
        try checkFrozen(&proposal)
        if let old = proposal.old, !proposal.differs, proposal.violations.isEmpty { return .unchanged(try live.live(old)) }
        let looksBack = command.door != .trusted && looksBack(proposal)
        if looksBack, proposal.violations.isEmpty {
            let changes = try write(proposal)
            try decide(&proposal, on: try rows.row(proposal.new.id) ?? proposal.new)
            return try finish(proposal, changes)
        }
        try decide(&proposal, on: proposal.new)
        return try finish(proposal, try write(proposal))
    }

    private func looksBack(_ proposal: Proposal) -> Bool {
        let looking = proposal.plan.compiled.lookingBack
        if case .move(_, let key) = command.action, looking.gates.contains(key) { return true }
        return looking.rules
    }

    /// The author's rules, then the gate.
    private func decide(_ proposal: inout Proposal, on row: Row) throws {
        try checkRules(&proposal, on: row)
        let violations = proposal.violations
        guard violations.isEmpty else { throw Refusal(.refused(violations)) }
        guard case .move(_, let key) = command.action, command.door != .trusted, command.door != .demotion else { return }
        let verdict = try context.verdict(on: proposal, entering: key, as: row)
        if let coverage = engine.coverage, verdict.moveRefusal == nil {
            for item in verdict.items { coverage.reach(.gate(object: proposal.plan.object.name, stage: key, name: item.name)) }
        }
        if let refusal = verdict.moveRefusal {
            throw Refusal(.refused([Violation(.stageMove, field: proposal.plan.stage, refusal)]))
        }
        guard verdict.isOpen else { throw Refusal(.held(verdict)) }
        try checkApproval(proposal, entering: key)
    }

    /// What the gate would say if the record were moved now, everything that follows from the move included.
    ///
    /// - Throws: always: the verdict, so that nothing stays written; `StoreError`. A record that cannot be moved for other reasons
    ///   is judged as it would stand.
    func tryGate(of old: Row, entering key: String, at stage: FieldID) throws -> Never {
        var proposal = Proposal(engine.plans[old.id.object.index], old: old, new: stamped(old, after: old))
        proposal.new[stage] = .option(key)
        try context.compute(&proposal)
        if proposal.differs { _ = try write(proposal) }
        throw Refusal(.held(try context.verdict(on: proposal, entering: key, as: try rows.row(old.id) ?? proposal.new)))
    }

    // MARK: Steps 1 and 3

    private func rememberedAnswer() throws -> SaveOutcome? {
        guard let request = command.request,
            let remembered = try transaction.response(to: RequestKey(key: request.key, user: command.principal.user))
        else { return nil }
        guard remembered.requestDigest == request.digest, let record = remembered.record else { return .requestKeyReused }
        return .repeated(record, version: remembered.version)
    }

    /// While an app has no policies, every active person may read and change everything.
    private func denial() -> Words? {
        guard command.principal.user != nil, let active = engine.activeField else { return nil }
        guard let me, me[active] != .bool(false) else { return .inactive }
        return nil
    }

    /// Refuses if somebody saved in between: any save does where exactly the version seen was asked for, else one that changed one of
    /// these fields since.
    func refuseConflict(_ current: Row, touching fields: Set<FieldID>) throws {
        switch command.expectation {
        case .any:
            return
        case .exactly(let version):
            guard version != current.version else { return }
            let changed = try merge(current, since: version).changedSince
            throw Refusal(.conflict(current: try live.live(current), fields: fields.intersection(changed)))
        case .openedOn(let version):
            guard version != current.version else { return }
            let conflicting = try merge(current, since: version).changedSince.intersection(fields)
            guard conflicting.isEmpty else { throw Refusal(.conflict(current: try live.live(current), fields: conflicting)) }
        }
    }

    /// Puts the inputs into the row. A field that nobody may write is no violation if it is sent as it stands.
    private func take(_ inputs: [FieldInput], into proposal: inout Proposal) {
        for input in inputs {
            let field = proposal.plan.object.fields[input.field.index]
            switch input.entry {
            case .unreadable(let violation):
                proposal.report(violation)
            case .value(let value):
                guard proposal.plan.isWritable[input.field.index] || maySetStage(field, value, proposal) else {
                    if value == proposal.old?[input.field] ?? .blank { continue }
                    if case .stage(let stages) = field.kind {
                        if proposal.old == nil, value == .option(stages.initial.key) { continue }
                        proposal.report(Violation(.readOnly, field: input.field, .stageByMoveOnly(field)))
                    } else {
                        proposal.report(Violation(.readOnly, field: input.field, .readOnly(field)))
                    }
                    continue
                }
                proposal.new[input.field] = value
            }
            proposal.isGiven[input.field.index] = true
        }
    }

    private func maySetStage(_ field: CheckedField, _ value: Value, _ proposal: Proposal) -> Bool {
        guard case .stage = field.kind else { return false }
        return command.door == .trusted && !value.isBlank
    }

    // MARK: Steps 8 to 12

    /// Steps 8 and 9.
    ///
    /// - Returns: The record's own change, then those that followed from it.
    private func write(_ proposal: Proposal) throws -> [Propagation.Change] {
        let new = proposal.new
        let changed = proposal.changedFields()
        if proposal.old == nil {
            try transaction.insert(new)
        } else {
            try transaction.update(new, changed: changed)
        }
        rows.wrote(new, of: new.id)
        if let file = command.attachment { try transaction.attach(file, to: new.id) }
        try transaction.append(HistoryEntry(
            record: new.id, kind: historyKind(proposal), version: new.version, at: moment.now, by: command.principal.user,
            changes: HistoryEntry.changes(proposal.old, new, changed)))
        try audit(auditAction(proposal), of: new.id)

        var propagation = propagation()
        propagation.add(Propagation.Change(old: proposal.old, new: new, changed: changed))
        try propagation.run()
        engine.world.commitPoints.reached(.propagated)
        return propagation.work
    }

    private func finish(_ proposal: Proposal, _ changes: [Propagation.Change]) throws -> SaveOutcome {
        let new = proposal.new, plan = proposal.plan
        if let stage = plan.stage, case .option(let key) = new[stage], proposal.old?[stage] != new[stage] {
            if case .undo = command.action, try transaction.visits(of: new.id).dropLast().last?.stage == key {
                try transaction.takeBackVisit(of: new.id)
            } else {
                try transaction.open(StageVisit(record: new.id, stage: key, entered: moment.now, by: command.principal.user, left: nil))
            }
        }
        try react(to: changes)
        try remember(new.id, version: new.version)
        // Propagation may have come back to the record itself.
        let final = try rows.row(new.id) ?? new
        let ownChanges = (changes.first?.changed ?? []).filter { $0.index >= SystemField.allCases.count }
        return .saved(try live.live(final), changed: ownChanges)
    }

    func propagation() -> Propagation {
        Propagation(engine: engine, transaction: transaction, rows: rows, moment: moment, by: command.principal.user)
    }

    func audit(_ action: String, of id: RecordID) throws {
        let principal = command.principal
        try transaction.append(AuditEntry(
            at: moment.now, by: principal.user, address: principal.address, device: principal.device, action: action, record: id,
            detail: command.cause.map { "\($0.process) run \($0.run)" } ?? command.request.map { "request \($0.key)" }))
    }

    func remember(_ id: RecordID, version: Int64) throws {
        guard let request = command.request else { return }
        try transaction.remember(
            RememberedResponse(requestDigest: request.digest, record: id, version: version, at: moment.now),
            for: RequestKey(key: request.key, user: command.principal.user))
    }

    private func historyKind(_ proposal: Proposal) -> HistoryEntry.Kind {
        if command.door == .import { return .imported }
        if case .move = command.action { return .moved }
        if case .undo = command.action, let stage = proposal.plan.stage, proposal.old?[stage] != proposal.new[stage] { return .moved }
        return proposal.old == nil ? .created : .edited
    }

    private func auditAction(_ proposal: Proposal) -> String {
        if command.door == .import { return "import" }
        if case .move = command.action { return "move" }
        if case .undo = command.action { return "undo" }
        return proposal.old == nil ? "create" : "edit"
    }

    /// The system fields as this save sets them.
    func stamped(_ row: Row, after old: Row?) -> Row {
        var row = row
        let person: Value = command.principal.user.map(Value.link) ?? .blank
        row[.id] = .number(ExactDecimal(row.id.number))
        row[.version] = .number(ExactDecimal((old?.version ?? 0) + 1))
        if old == nil {
            row[.created] = .instant(moment.now)
            row[.createdBy] = person
        }
        row[.changed] = .instant(moment.now)
        row[.changedBy] = person
        return row
    }
}
