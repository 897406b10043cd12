import Formula
import Model
import Program
import SourceText
import Storage

extension Saving {
    /// Out of the recycle bin: the record as it was, formulas computed anew, links to it as they were unless they lead elsewhere by now.
    ///
    /// Refused, with words, where it cannot stand: a unique value that somebody else has by now, or a required link whose record is deleted.
    func restore(_ id: RecordID) throws -> SaveOutcome {
        guard let deleted = try transaction.deleted(id) else { throw Refusal(.missing) }
        let plan = engine.plans[id.object.index]
        let old = deleted.row
        var proposal = Proposal(plan, old: nil, new: stamped(old, after: old))
        proposal.new[.created] = old[.created]
        proposal.new[.createdBy] = old[.createdBy]
        try context.compute(&proposal)
        try checkLostLinks(&proposal)
        try checkUnique(&proposal)
        let violations = proposal.violations
        guard violations.isEmpty else { throw Refusal(.refused(violations)) }

        let new = proposal.new
        let losses = try transaction.restore(id)
        let changed = Set(new.values.indices.filter { new.values[$0] != old.values[$0] }.map { FieldID(object: id.object, index: $0) })
        try transaction.update(new, changed: changed)
        rows.wrote(new, of: id)
        try transaction.append(HistoryEntry(
            record: id, kind: .restored, version: new.version, at: moment.now, by: command.principal.user,
            changes: HistoryEntry.changes(old, new, changed)))
        try audit("restore", of: id)

        var propagation = propagation()
        propagation.add(Propagation.Change(old: nil, new: new, changed: Set(new.values.indices.map { FieldID(object: id.object, index: $0) })))
        try propagation.run()
        // Each record once, with all its links that come back.
        var fields: [RecordID: [FieldID]] = [:]
        var order: [RecordID] = []
        for loss in losses {
            if fields[loss.record] == nil { order.append(loss.record) }
            fields[loss.record, default: []].append(loss.field)
        }
        for record in order {
            guard let before = try rows.row(record) else { continue }
            var after = before
            var relinked: Set<FieldID> = []
            for field in fields[record] ?? [] {
                if engine.app.model[field].kind.isSeveralLinks {
                    // Into its list again, behind the others.
                    guard !before[field].leads(to: id) else { continue }
                    after[field] = .links(before[field].linkedRecords + [id])
                } else {
                    guard before[field].isBlank else { continue }
                    after[field] = .link(id)
                }
                relinked.insert(field)
            }
            guard !relinked.isEmpty else { continue }
            try recompute(&after, changed: &relinked)
            try propagation.write(old: before, new: after, changed: relinked)
            try propagation.run()
        }
        engine.world.commitPoints.reached(.propagated)
        try react(to: propagation.work)
        try remember(id, version: new.version)
        let final = try rows.row(id) ?? new
        return .saved(try live.live(final), changed: changed)
    }

    /// A required link that is blank now led to a record that was deleted: that one comes first.
    private func checkLostLinks(_ proposal: inout Proposal) throws {
        for id in proposal.plan.required where proposal.plan.isLink[id.index] && proposal.new[id].isBlank {
            let field = proposal.plan.object.fields[id.index]
            guard let target = try transaction.lostTarget(of: LostLink(field: id, record: proposal.new.id)) else {
                proposal.report(Violation(.required, field: id, .required(field)))
                continue
            }
            proposal.report(Violation(.unknownRecord, field: id, .restoreFirst(engine.app.text(of: target), for: field)))
        }
    }

    /// Empties a deleted record for good. Only for those whose role administers the app, and for the system.
    func purge(_ id: RecordID) throws -> SaveOutcome {
        let principal = command.principal
        guard principal.user == nil || engine.app.model.roles.contains(where: { $0.administers && principal.roles.contains($0.id) }) else {
            throw Refusal(.denied(.onlyAdministrators))
        }
        guard let deleted = try transaction.deleted(id) else { throw Refusal(.missing) }
        try transaction.purge(id)
        try audit("purge", of: id)
        try remember(id, version: deleted.row.version)
        return .saved(deleted.row, changed: [])
    }

    /// Takes back the change that made `version`, for the one who made it, while the record is still as it left it.
    ///
    /// Types, rules, links and uniqueness hold as for any save. No gate is asked on the way back: the record came from there.
    func undo(_ id: RecordID, version: Int64) throws -> SaveOutcome {
        guard let old = try rows.row(id) else { throw Refusal(.missing) }
        guard old.version == version else {
            throw Refusal(.conflict(current: try live.live(old), fields: try merge(old, since: version).changedSince))
        }
        let entry = try transaction.history(of: id, limit: Undo.mostEntries, before: nil)
            .first { $0.version == version && ($0.kind == .edited || $0.kind == .moved) }
        guard let entry, entry.by == command.principal.user, moment.now.microseconds - entry.at.microseconds <= Undo.windowMicroseconds else {
            throw Refusal(.refused([Violation(.limit, .cannotBeUndone)]))
        }
        let plan = engine.plans[id.object.index]
        var proposal = Proposal(plan, old: old, new: stamped(old, after: old))
        for change in entry.changes where plan.object.fields[change.field.index].computed == nil {
            proposal.new[change.field] = change.old
            proposal.isGiven[change.field.index] = true
        }
        try context.compute(&proposal)
        return try settle(&proposal)
    }
}

/// Bounds of taking a change back.
package enum Undo {
    /// A day: long enough for a batch that is looked at next morning, too short for a way around the gates.
    static let windowMicroseconds: Int64 = 24 * 3_600_000_000
    /// Behind the change itself only what formulas did.
    static let mostEntries = 50
}
