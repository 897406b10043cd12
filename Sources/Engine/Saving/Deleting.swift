import Formula
import Model
import Program
import Storage

extension Saving {
    /// Into the recycle bin, unless records stand in the way that must have their link to it. Links that may be blank become blank.
    func delete(_ id: RecordID) throws -> SaveOutcome {
        guard let old = try transaction.row(id) else { throw Refusal(.missing) }
        let plan = engine.plans[id.object.index]
        // Whoever deletes means the record as it was seen: any change since counts, except by formulas.
        try refuseConflict(old, touching: Set(plan.object.fields.filter { $0.computed == nil && !$0.isSystem }.map(\.id)))
        var violations: [Violation] = []
        // Read before the link is taken from them: each once, in the order in which they are met.
        var linking: [Row] = []
        var seen: Set<RecordID> = []
        for incoming in plan.incoming {
            let found = try rows.rows(linking: incoming.field, to: id).filter { $0.id != id }
            guard !found.isEmpty else { continue }
            // A list that must not be empty may lose one of several.
            let held = incoming.holdsFast ? found.filter { $0[incoming.field].linkedRecords.count == 1 } : []
            if !held.isEmpty {
                let model = engine.app.model
                violations.append(Violation(.inUse, .inUse(held.count, of: model[incoming.field.object], by: model[incoming.field])))
            } else {
                linking += found.filter { seen.insert($0.id).inserted }
            }
        }
        guard violations.isEmpty else { throw Refusal(.refused(violations)) }

        try transaction.delete(id, at: moment.now)
        rows.wrote(nil, of: id)
        let filled = Set(old.values.indices.filter { !old.values[$0].isBlank }.map { FieldID(object: id.object, index: $0) })
        try transaction.append(HistoryEntry(
            record: id, kind: .deleted, version: old.version, at: moment.now, by: command.principal.user,
            changes: HistoryEntry.changes(old, nil, filled)))
        try audit("delete", of: id)

        var propagation = propagation()
        // Those that linked here lose the link, and with it what their own formulas made of it.
        for before in linking {
            var after = before
            var changed: Set<FieldID> = []
            for incoming in plan.incoming where incoming.field.object == before.id.object && before[incoming.field].leads(to: id) {
                let rest = before[incoming.field].linkedRecords.filter { $0 != id }
                after[incoming.field] = rest.isEmpty ? .blank : .links(rest)
                changed.insert(incoming.field)
            }
            try recompute(&after, changed: &changed)
            try propagation.write(old: before, new: after, changed: changed)
        }
        propagation.add(Propagation.Change(old: old, new: nil, changed: filled))
        try propagation.run()
        engine.world.commitPoints.reached(.propagated)
        try react(to: propagation.work)
        try remember(id, version: old.version)
        return .saved(old, changed: filled)
    }

    /// The stored formulas of a record, after fields of it changed.
    func recompute(_ row: inout Row, changed: inout Set<FieldID>) throws {
        let plan = engine.plans[row.id.object.index]
        for computation in plan.compiled.computedOrder {
            let readsChanged = !computation.ownReads.isDisjoint(with: changed)
                || (computation.readsOthers && changed.contains { plan.isLink[$0.index] })
            guard readsChanged else { continue }
            rows.propose(row)
            let value = try computation.value(in: Frame(this: row, moment: moment, source: rows))
            guard value != row[computation.field] else { continue }
            row[computation.field] = value
            changed.insert(computation.field)
        }
    }
}
