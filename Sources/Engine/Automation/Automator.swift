package import Formula
import Model
import Program
import SourceText
import Storage

/// Does what is due: rungs of watches, schedules, and the steps of runs. One batch is one transaction, so that savers have their turn
/// in between.
package struct Automator: Sendable {
    private let engine: Engine

    package init(_ engine: Engine) {
        self.engine = engine
    }

    /// Runs that go on in one transaction.
    private static let batch = 200
    /// Timers that fire in one transaction. They come before runs: what is due is looked at as near to its time as can be, in its order.
    private static let timerBatch = 500
    /// No batch holds up savers for longer, by the clock of the world; in virtual time only the number counts.
    private static let longest: Int64 = 8_000

    private var automations: CompiledAutomations { engine.app.automations }
    /// Whether the app does anything by itself, or did in an earlier version.
    private func acts() async throws -> Bool {
        if !automations.isEmpty || !automations.approvals.isEmpty { return true }
        return try await engine.store.readBriefly { [engine] in try engine.pinned.hasEarlier(in: $0) }
    }

    /// Does everything that can be done now, however long that takes.
    ///
    /// - Returns: How many things were done.
    /// - Throws: `StoreError`; what was done before stands.
    @discardableResult
    package func settle() async throws -> Int {
        var total = 0
        // Where nothing is to be done, to look at it as a writer is no dearer than as a reader.
        guard try await acts() else { return 0 }
        while true {
            let (done, goesOn) = try await engine.store.write { [engine] transaction in
                let done = try Self.doBatch(engine, transaction)
                return (done, try done > 0 && Self.hasWork(engine, transaction))
            }
            total += done
            guard goesOn else { return total }
        }
    }

    private static func hasWork(_ engine: Engine, _ transaction: any ReadTransaction) throws -> Bool {
        if !(try transaction.readyRuns(limit: 1)).isEmpty { return true }
        return try transaction.nextDue().map { $0 <= engine.world.clock.now() } ?? false
    }

    /// One batch of what can be done now.
    ///
    /// - Returns: How many things were done; 0 if there is nothing left.
    /// - Throws: `StoreError`; then nothing of the batch is written.
    package func doBatch() async throws -> Int {
        try await engine.store.write { [engine] transaction in try Self.doBatch(engine, transaction) }
    }

    private static func doBatch(_ engine: Engine, _ transaction: any WriteTransaction) throws -> Int {
        let begun = engine.world.clock.now()
        func hasTime() -> Bool { engine.world.clock.now().microseconds - begun.microseconds < longest }
        var done = try fireDue(engine, transaction, hasTime)
        for run in try transaction.readyRuns(limit: batch) {
            guard done == 0 || hasTime() else { break }
            try goOn(run, engine, transaction)
            done += 1
        }
        return done
    }

    /// Batches of what can be done on a virtual clock, in one transaction: where nothing is left to do, the clock is set to what is due next,
    /// unless that is beyond `end` or something waits to be sent by then.
    ///
    /// - Parameter set: Sets the clock.
    /// - Returns: How many things were done; 0 if nothing is left to do up to `end`, or before something is sent.
    /// - Throws: `StoreError`; then nothing of it is written, and the clock has gone on.
    package func doBatches(to end: Instant, setting set: @escaping @Sendable (Instant) -> Void) async throws -> Int {
        guard try await acts() else { return 0 }
        return try await engine.store.write { [engine] transaction in
            var total = 0
            while total < Self.mostTogether {
                let done = try Self.doBatch(engine, transaction)
                total += done
                guard done == 0 else { continue }
                guard let due = try transaction.nextDue(), due <= end, due > engine.world.clock.now() else { break }
                if let sending = try transaction.nextEffect(), sending <= due { break }
                set(due)
            }
            return total
        }
    }

    /// Nobody else waits where time is virtual; what is written together stays within memory.
    private static let mostTogether = 2_000

    /// When the next thing is due; nil if nothing is. In the past if something is due now.
    package func nextDue() async throws -> Instant? {
        try await engine.store.read { try $0.nextDue() }
    }

    // MARK: Time

    private static func fireDue(_ engine: Engine, _ transaction: any WriteTransaction, _ hasTime: () -> Bool) throws -> Int {
        let now = engine.world.clock.now()
        guard let due = try transaction.nextDue(), due <= now else { return 0 }
        var done = 0
        let watches = try transaction.dueWatches(until: now, limit: timerBatch)
        if !watches.isEmpty {
            let keeping = try keeping(engine, transaction)
            for state in watches {
                guard done == 0 || hasTime() else { return done }
                _ = try keeping.fire(state)
                engine.world.commitPoints.reached(.timerFired)
                done += 1
            }
        }
        for var run in try transaction.sleepingRuns(until: now, limit: timerBatch) {
            guard done == 0 || hasTime() else { return done }
            guard run.state == .waiting else {
                // What is not asleep needs no waking.
                if run.state.isOver {
                    run.wake = nil
                    try transaction.update(run)
                }
                continue
            }
            run.state = .ready
            run.changed = now
            try transaction.update(run)
            done += 1
        }
        for request in try transaction.dueApprovals(until: now, limit: batch) {
            guard done == 0 || hasTime() else { return done }
            try ApprovalKeeping(engine, transaction).fire(request)
            done += 1
        }
        for question in try transaction.dueQuestions(until: now, limit: batch) {
            guard done == 0 || hasTime() else { return done }
            try QuestionKeeping(engine: engine, transaction: transaction).fire(question)
            done += 1
        }
        for absence in try transaction.dueAbsences(until: now, limit: batch) {
            guard done == 0 || hasTime() else { return done }
            try ApprovalKeeping(engine, transaction).fire(absence)
            done += 1
        }
        for schedule in try transaction.schedules() where schedule.next <= now {
            try fire(schedule.process, at: schedule.next, schedule.fingerprint, engine, transaction)
            done += 1
        }
        return done
    }

    /// A time beyond which a schedule counts as missed.
    private static let late = 10 * Microseconds.perMinute

    private static func fire(_ process: String, at first: Instant, _ fingerprint: String, _ engine: Engine, _ transaction: any WriteTransaction) throws {
        let now = engine.world.clock.now()
        let model = engine.app.model
        guard let automation = engine.app.automations.automations.first(where: { $0.process.key == process }) else {
            return try transaction.removeSchedule(process)
        }
        func next(after instant: Instant) -> Instant? {
            automation.schedules.compactMap { $0.next(after: instant, in: model.zone, by: model.calendar) }.min()
        }
        /// From this time on, until now.
        func times(from first: Instant?, most: Int) -> [Instant] {
            var times: [Instant] = []
            var time = first
            while let current = time, current <= now, times.count < most {
                times.append(current)
                time = next(after: current)
            }
            return times
        }
        var missed: [Instant]
        switch automation.model.missed {
        case .all: missed = times(from: first, most: mostMissed)
        case .once, .highest, .skip:
            // Only the last counts: it is looked for from now back, however many there were.
            var span = late
            repeat {
                let start = now.microseconds - span - 1
                missed = times(from: start < first.microseconds ? first : next(after: Instant(microseconds: start)), most: .max).suffix(1)
                span *= 4
            } while missed.isEmpty
            if automation.model.missed == .skip { missed.removeAll { now.microseconds - $0.microseconds > late } }
        }
        for time in missed {
            _ = try transaction.add(AutomationRun(of: automation.process, in: engine, record: nil, by: nil, at: now, scheduled: time))
        }
        if let time = next(after: now) {
            try transaction.setSchedule(process, next: time, fingerprint: fingerprint)
        } else {
            try transaction.removeSchedule(process)
        }
    }

    /// Times of one schedule that are made up for after a long rest.
    private static let mostMissed = 1_000

    // MARK: Runs

    private static func goOn(_ run: AutomationRun, _ engine: Engine, _ transaction: any WriteTransaction) throws {
        var run = run
        let definition = try engine.definition(of: run, in: transaction)
        var isOfToday = definition.isPresent
        var found = definition.process
        // Of what has not begun the steps may as well be those of today, where its own do not fit any more.
        if found == nil, run.position == 0, try transaction.runSteps(of: run.id).isEmpty {
            found = engine.app.automations.processes[run.process]
            isOfToday = true
        }
        guard let process = found else {
            run.state = .failed
            run.note = definition.trouble
            run.wake = nil
            return try transaction.update(run)
        }
        if run.position == 0 {
            guard try !isSolved(run, of: process, transaction) else {
                run.state = .canceled
                run.note = .solvedBefore
                run.wake = nil
                return try transaction.update(run)
            }
            run.fingerprint = process.layout
            if isOfToday { run.version = engine.store.version }
        }
        // A place among other steps would be another step; of a run whose version is not kept any more, only today's are known.
        guard run.fingerprint == process.layout else {
            run.state = .failed
            run.note = .stepsHaveChanged
            return try transaction.update(run)
        }
        do {
            try transaction.savepoint { [run] in
                var execution = try RunExecution(engine: engine, transaction: transaction, process: process, run: run)
                try execution.goOn()
            }
        } catch let error as StoreError {
            switch error {
            // The world's trouble, not the run's.
            case .diskFull, .readOnly, .diskFails, .locked, .notADatabase, .incompatible, .definitionChanged: throw error
            case .notLowerable, .other:
                run.state = .failed
                run.note = Words(zh: "无法执行：\(error)", en: "it cannot be done: \(error)")
                try transaction.update(run)
            }
        }
    }

    /// Whether a rung that has not begun is over: what it watched turned false since it was set off.
    private static func isSolved(_ run: AutomationRun, of process: Process, _ transaction: any WriteTransaction) throws -> Bool {
        guard let watch = process.watch, let record = run.record, let due = run.scheduled, try transaction.runSteps(of: run.id).isEmpty else { return false }
        guard let since = try transaction.watchState(watch, of: record)?.since else { return true }
        return since >= due
    }

    /// So often a run may end the process before it is given up.
    private static let mostClaims = 3
    /// Runs that are looked at one by one after a start.
    private static let mostCareful = 1_000

    /// Goes on with what stood ready when the process before ended, one run at a time, each counted before it is begun: one that ends the
    /// process again and again stops alone. To be called before `settle`, where nobody else acts.
    ///
    /// - Throws: `StoreError`; what was done before stands.
    package func recover() async throws {
        let now = engine.world.clock.now()
        let isNothing = try await engine.store.read { transaction in
            try transaction.readyRuns(limit: 1).isEmpty && transaction.sleepingRuns(until: now, limit: 1).isEmpty
        }
        guard !isNothing else { return }
        let ready = try await engine.store.write { transaction in
            for var run in try transaction.sleepingRuns(until: now, limit: Self.mostCareful) where run.state == .waiting {
                run.state = .ready
                run.changed = now
                try transaction.update(run)
            }
            return try transaction.readyRuns(limit: Self.mostCareful).map(\.id)
        }
        for id in ready {
            let isClaimed = try await engine.store.write { transaction in
                guard var run = try transaction.run(id), run.state == .ready else { return false }
                run.attempts += 1
                if run.attempts > Self.mostClaims {
                    run.state = .failed
                    run.note = .endsTheProcess
                }
                try transaction.update(run)
                return run.state == .ready
            }
            guard isClaimed else { continue }
            try await engine.store.write { [engine] transaction in
                if let run = try transaction.run(id), run.state == .ready { try Self.goOn(run, engine, transaction) }
            }
        }
    }

    // MARK: Setting up

    /// Brings what is kept of schedules and watches in line with the app. Called when an app is opened, and when it is renewed.
    ///
    /// A watch that is new, or written anew, is armed over the records for which it already holds.
    package func setUp() async throws {
        try await engine.preparePinned()
        let all = (automations.processes.values.map { "\($0.key) \($0.fingerprint)" }.sorted() + [automations.timetable]).joined(separator: "\n")
        guard try await engine.store.read({ try $0.setting(setUpSetting) ?? "" }) != all else { return }
        try await engine.store.write { [engine] transaction in try Self.setUpSchedules(engine, transaction) }
        for index in automations.watches.indices {
            while try await engine.store.write({ [engine] transaction in try Self.setUpWatch(index, engine, transaction) }) {}
        }
        // Where other days are worked, what is armed is worked out anew.
        let timetable = try await engine.store.read { try $0.setting(timetableSetting) ?? "" }
        if !timetable.isEmpty, timetable != automations.timetable {
            for index in automations.watches.indices {
                var after: RecordQuery.Cursor?
                repeat {
                    after = try await engine.store.write { [engine, after] transaction in
                        let keeping = try Self.keeping(engine, transaction)
                        return try Self.eachWatched(by: index, after: after, engine, transaction) { try keeping.look(at: index, of: $0, restarts: false) }
                    }
                } while after != nil
            }
        }
        let names = automations.watches.map(\.model.name)
        try await engine.store.write { [engine] transaction in
            for gone in (try transaction.setting(watchesSetting) ?? "").split(separator: "\n").map(String.init) where !names.contains(gone) {
                try transaction.removeWatchStates(of: gone)
                try transaction.set("", forSetting: watchSetting(gone))
            }
            try transaction.set(names.joined(separator: "\n"), forSetting: watchesSetting)
            try transaction.set(engine.app.automations.timetable, forSetting: timetableSetting)
            try transaction.set(all, forSetting: setUpSetting)
        }
    }

    private static func setUpSchedules(_ engine: Engine, _ transaction: any WriteTransaction) throws {
        let model = engine.app.model
        let now = engine.world.clock.now()
        var wanted: [String: CompiledAutomation] = [:]
        for automation in engine.app.automations.automations where !automation.schedules.isEmpty { wanted[automation.process.key] = automation }
        for schedule in try transaction.schedules() {
            if let automation = wanted[schedule.process], fingerprint(automation, engine) == schedule.fingerprint {
                wanted[schedule.process] = nil
            } else if wanted[schedule.process] == nil {
                try transaction.removeSchedule(schedule.process)
            }
        }
        for (process, automation) in wanted.sorted(by: { $0.key < $1.key }) {
            guard let next = automation.schedules.compactMap({ $0.next(after: now, in: model.zone, by: model.calendar) }).min() else { continue }
            try transaction.setSchedule(process, next: next, fingerprint: fingerprint(automation, engine))
        }
    }

    /// Its times change with its sentence, and with the days that are worked.
    private static func fingerprint(_ automation: CompiledAutomation, _ engine: Engine) -> String {
        "\(automation.process.fingerprint) \(engine.app.automations.timetable)"
    }

    private static func keeping(_ engine: Engine, _ transaction: any WriteTransaction) throws -> WatchKeeping {
        let context = try RecordContext(engine: engine, principal: .system, transaction: transaction, needs: engine.app.automations.watchNeeds)
        return WatchKeeping(context: context, transaction: transaction)
    }

    /// One batch of the records that a watch is over.
    ///
    /// - Returns: Where the next begins; nil behind the last.
    private static func eachWatched(
        by index: Int, after: RecordQuery.Cursor?, _ engine: Engine, _ transaction: any WriteTransaction, _ work: (RecordID) throws -> Void
    ) throws -> RecordQuery.Cursor? {
        let page = try transaction.page(RecordQuery(object: engine.app.automations.watches[index].model.object, after: after, limit: batch))
        for row in page.rows { try work(row.id) }
        return page.next
    }

    /// One batch of the records that a new watch is over.
    ///
    /// - Returns: Whether there are more.
    private static func setUpWatch(_ index: Int, _ engine: Engine, _ transaction: any WriteTransaction) throws -> Bool {
        let watch = engine.app.automations.watches[index]
        let setting = watchSetting(watch.model.name)
        let known = try transaction.setting(setting) ?? ""
        guard known != watch.fingerprint else { return false }
        // `fingerprint@number`: everything up to that record has been looked at.
        let parts = known.split(separator: "@").map(String.init)
        let after = parts.count == 2 && parts[0] == watch.fingerprint ? Int64(parts[1]) : nil
        let keeping = try keeping(engine, transaction)
        let next = try eachWatched(by: index, after: after.map { RecordQuery.Cursor(keys: [], number: $0) }, engine, transaction) {
            try keeping.takeOver(index, $0)
        }
        try transaction.set(next.map { "\(watch.fingerprint)@\($0.number)" } ?? watch.fingerprint, forSetting: setting)
        return next != nil
    }
}

private let watchesSetting = "watches"
private let timetableSetting = "timetable"
/// What has been set up, whole.
private let setUpSetting = "automations"

private func watchSetting(_ name: String) -> String { "watch \(name)" }
