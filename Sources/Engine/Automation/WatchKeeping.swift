import Formula
import Model
import Program
import Storage

/// Arms and disarms watches as records change, and says which rungs are due.
struct WatchKeeping {
    let context: RecordContext
    let transaction: any WriteTransaction
    private let live: LiveRows
    /// With the numbers that time wears down.
    let worn: LiveRows
    /// What the changes were made together with.
    let batch: String?

    init(context: RecordContext, transaction: any WriteTransaction, batch: String? = nil) {
        self.batch = batch
        self.context = context
        self.transaction = transaction
        live = LiveRows(context.rows, moment: context.moment, me: nil, needs: context.engine.app.automations.watchNeeds)
        worn = LiveRows(context.rows, moment: context.moment, me: nil, needs: context.engine.app.automations.fadingNeeds)
    }

    private var app: CompiledApp { context.engine.app }
    var moment: Moment { context.moment }

    /// Looks at every watch that the changes concern, each once a record.
    func follow(_ changes: [Propagation.Change]) throws {
        let automations = app.automations
        guard !automations.watches.isEmpty else { return }
        var looked: Set<Place> = []
        for change in changes {
            for watch in automations.watchesOfObject[change.id.object.index] {
                let restarts = change.old != nil && !automations.watches[watch].model.restarts.isDisjoint(with: change.changed)
                guard change.old == nil || change.new == nil || restarts || !automations.ownReads[watch].isDisjoint(with: change.changed) else { continue }
                if looked.insert(Place(watch: watch, record: change.id)).inserted || restarts { try look(at: watch, of: change.id, restarts: restarts) }
            }
            for follower in automations.followers[change.id.object.index] {
                guard change.old == nil || change.new == nil || !follower.reads.isDisjoint(with: change.changed) else { continue }
                let object = automations.watches[follower.watch].model.object
                for owner in try Propagation.owners(of: object, by: follower.wayBack, change, context.rows)
                where looked.insert(Place(watch: follower.watch, record: owner)).inserted {
                    try look(at: follower.watch, of: owner, restarts: false)
                }
            }
        }
    }

    private struct Place: Hashable {
        let watch: Int
        let record: RecordID
    }

    /// Whether the watch's condition holds for the record now, and what is to be done about it when.
    func look(at index: Int, of id: RecordID, restarts: Bool) throws {
        let watch = app.automations.watches[index]
        let known = try transaction.watchState(watch.model.name, of: id)
        guard let row = try live.row(id) else {
            if known != nil { try transaction.removeWatchState(watch.model.name, of: id) }
            return
        }
        let state = try state(of: watch, row, known: restarts ? nil : known)
        guard state.since != nil || state.due != nil else {
            if known != nil { try transaction.removeWatchState(watch.model.name, of: id) }
            return
        }
        if state != known { try transaction.set(state) }
    }

    private func state(of watch: CompiledWatch, _ row: Row, known: WatchState?) throws -> WatchState {
        if let fading = watch.fading { return try fadingState(of: watch, fading, row, known: known) }
        let frame = Frame(this: row, moment: moment, source: live)
        var state = WatchState(watch: watch.model.name, record: row.id, since: nil)
        if try watch.condition?.holds(in: frame) ?? true {
            if let known, known.since != nil {
                state = known
            } else {
                state.since = moment.now
                state.batch = batch
            }
            if case .instant(let latest)? = try watch.extends?.value(in: frame), let since = state.since, latest > since { state.since = latest }
            if try watch.pause?.holds(in: frame) ?? false {
                if state.paused == nil { state.paused = moment.now }
            } else if let from = state.paused {
                state.pauses.append(WatchState.Pause(from: from, to: moment.now))
                state.paused = nil
            }
        }
        state.due = try [nextRung(of: watch, state), nextLook(watch, frame)].compactMap { $0 }.min()
        return state
    }

    private func rungs(of watch: CompiledWatch, _ state: WatchState) -> [(index: Int, due: Instant)] { watch.rungs(of: state, at: moment) }

    private func nextRung(of watch: CompiledWatch, _ state: WatchState) -> Instant? {
        rungs(of: watch, state).first?.due
    }

    /// The next instant at which the clock may turn the condition.
    private func nextLook(_ watch: CompiledWatch, _ frame: Frame) throws -> Instant? {
        var next: Instant?
        for (atom, value) in watch.clock {
            for turn in atom.turns(at: try value.value(in: frame), in: moment.zone) where turn > moment.now {
                next = min(next ?? turn, turn)
            }
        }
        return next
    }

    /// As `look`, under a definition of the watch that is new: the time runs on, and rungs that are past by then are not fired again.
    func takeOver(_ index: Int, _ id: RecordID) throws {
        try look(at: index, of: id, restarts: false)
        let watch = app.automations.watches[index]
        guard watch.fading == nil, var state = try transaction.watchState(watch.model.name, of: id), let since = state.since, since < moment.now else { return }
        state.fired = 0
        for rung in rungs(of: watch, state) where rung.due <= moment.now { state.fired |= 1 << UInt64(rung.index) }
        state.due = [nextRung(of: watch, state), state.due.flatMap { $0 > moment.now ? $0 : nil }].compactMap { $0 }.min()
        try transaction.set(state)
    }

    // MARK: Firing

    /// A rung is missed if it comes so late.
    private static let late = 10 * Microseconds.perMinute

    /// What is due of a watch: its rungs are set off, in their order.
    ///
    /// - Returns: The runs that were made.
    func fire(_ due: WatchState) throws -> Int {
        guard let index = app.automations.watches.firstIndex(where: { $0.model.name == due.watch && $0.model.object == due.record.object }) else {
            try transaction.removeWatchState(due.watch, of: due.record)
            return 0
        }
        let watch = app.automations.watches[index]
        guard let row = try live.row(due.record) else {
            try transaction.removeWatchState(due.watch, of: due.record)
            return 0
        }
        if let fading = watch.fading { return try fire(watch, fading, row, due) }
        var state = try state(of: watch, row, known: due)
        var made = 0
        var ready = rungs(of: watch, state).filter { $0.due <= moment.now }
        for rung in ready { state.fired |= 1 << UInt64(rung.index) }
        switch watch.model.missed {
        case .once, .all: break
        case .skip: ready.removeAll { moment.now.microseconds - $0.due.microseconds > Self.late }
        case .highest: ready = ready.suffix(1)
        }
        for rung in ready {
            _ = try transaction.add(
                AutomationRun(of: watch.processes[rung.index], in: context.engine, record: row.id, by: nil, at: moment.now, scheduled: rung.due, batch: state.batch))
            made += 1
        }
        let frame = Frame(this: row, moment: moment, source: live)
        state.due = try [nextRung(of: watch, state), nextLook(watch, frame)].compactMap { $0 }.min()
        if state.since == nil && state.due == nil {
            try transaction.removeWatchState(due.watch, of: due.record)
        } else if state != due {
            try transaction.set(state)
        }
        return made
    }
}

extension CompiledWatch {
    /// When each rung that has not fired is due, first things first; none while the time stands still.
    func rungs(of state: WatchState, at moment: Moment) -> [(index: Int, due: Instant)] {
        guard let since = state.since, state.paused == nil else { return [] }
        // Its one rung comes when the number falls.
        if fading != nil { return state.due.map { [(0, $0)] } ?? [] }
        var rungs: [(index: Int, due: Instant)] = []
        for (index, rung) in model.rungs.enumerated() where state.fired & (1 << UInt64(index)) == 0 {
            var due = rung.after.due(after: since, in: moment.zone, by: moment.calendar)
            for pause in state.pauses {
                due = due.flatMap { rung.after.due($0, pausedFrom: max(pause.from, since), to: pause.to, in: moment.zone, by: moment.calendar) }
            }
            if let due { rungs.append((index, due)) }
        }
        return rungs.sorted { ($0.due, $0.index) < ($1.due, $1.index) }
    }
}
