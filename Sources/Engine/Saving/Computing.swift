import Formula
import Model
import Program
import Storage

/// What deciding on a record needs to see: records, time, and who acts. Serves saving as well as a look ahead at a gate.
struct RecordContext {
    let engine: Engine
    let transaction: any ReadTransaction
    let rows: TransactionRows
    let live: LiveRows
    let moment: Moment
    /// The person's own record; nil for the system.
    let me: Row?

    /// - Parameter needs: Fields computed on read that are read; nil: any may be.
    init(engine: Engine, principal: Principal, transaction: any ReadTransaction, needs: Set<FieldID>? = nil) throws {
        let rows = TransactionRows(transaction, app: engine.app)
        self.engine = engine
        self.transaction = transaction
        self.rows = rows
        moment = engine.app.model.moment(at: engine.world.clock.now())
        me = try principal.user.flatMap { try rows.row($0) }
        live = LiveRows(rows, moment: moment, me: me, needs: needs)
    }

    /// Fills the stored formula fields: all of a new record, else those that read something that changed.
    ///
    /// A formula over other records is looked at again whenever a link of the record changed; changes of those records come by propagation.
    func compute(_ proposal: inout Proposal) throws {
        guard !proposal.plan.compiled.computedOrder.isEmpty else { return }
        rows.propose(proposal.new)
        var changed = proposal.changedFields()
        for computation in proposal.plan.compiled.computedOrder {
            if let old = proposal.old {
                let isTouched = !computation.ownReads.isDisjoint(with: changed)
                    || (computation.readsOthers && changed.contains { proposal.plan.isLink[$0.index] })
                if !isTouched {
                    proposal.new[computation.field] = old[computation.field]
                    continue
                }
            }
            let value = try computation.value(in: frame(proposal))
            if proposal.new[computation.field] != value {
                proposal.new[computation.field] = value
                rows.propose(proposal.new)
            }
            if value != proposal.old?[computation.field] ?? .blank { changed.insert(computation.field) }
        }
    }

    /// For stored formulas and defaults.
    func frame(_ proposal: Proposal) -> Frame {
        Frame(this: proposal.new, old: proposal.old, me: me, moment: moment, source: rows)
    }

    /// For rules and gates, which may also read what is computed on read.
    func liveFrame(_ row: Row, before old: Row?) throws -> Frame {
        rows.propose(row)
        // What this save changed on the person's own record counts too.
        return Frame(this: try live.live(row), old: old, me: try me.flatMap { try live.row($0.id) } ?? me, moment: moment, source: live)
    }
}
