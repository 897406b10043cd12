package import Formula
import Model
import Program
import SourceText
package import Storage

/// Does what is due: rungs of watches, schedules, and the steps of runs. One batch is one transaction, so that savers have their turn
/// in between.
package struct Automator: Sendable {
    private let engine: Engine

    package init(_ engine: Engine) {
        self.engine = engine
    }

    /// Things that are due, or runs that go on, in one transaction.
    private static let batch = 200
    /// No batch holds up savers for longer, by the clock of the world; in virtual time only the number counts.
    private static let longest: Int64 = 8_000

    private var automations: CompiledAutomations { engine.app.automations }

    /// Does everything that can be done now, however long that takes.
    ///
    /// - Returns: How many things were done.
    /// - Throws: `StoreError`; what was done before stands.
    @discardableResult
    package func settle() async throws -> Int {
        var total = 0
        while try await hasWork() {
            let done = try await doBatch()
            guard done > 0 else { return total }
            total += done
        }
        return total
    }

    /// Looked at beside writers: they are not held up where nothing is to be done.
    private func hasWork() async throws -> Bool {
        guard !automations.isEmpty || !automations.approvals.isEmpty else { return false }
        let now = engine.world.clock.now()
        return try await engine.store.readBriefly { transaction in
            if !(try transaction.readyRuns(limit: 1)).isEmpty { return true }
            return try transaction.nextDue().map { $0 <= now } ?? false
        }
    }

    /// One batch of what can be done now.
    ///
    /// - Returns: How many things were done; 0 if there is nothing left.
    /// - Throws: `StoreError`; then nothing of the batch is written.
    package func doBatch() async throws -> Int {
        try await engine.store.write { [engine] transaction in
            let begun = engine.world.clock.now()
            func hasTime() -> Bool { engine.world.clock.now().microseconds - begun.microseconds < Self.longest }
            var done = try Self.fireDue(engine, transaction, hasTime)
            for run in try transaction.readyRuns(limit: Self.batch) {
                guard done == 0 || hasTime() else { break }
                try Self.goOn(run, engine, transaction)
                done += 1
            }
            return done
        }
    }

    /// When the next thing is due; nil if nothing is. In the past if something is due now.
    package func nextDue() async throws -> Instant? {
        try await engine.store.read { try $0.nextDue() }
    }

    // MARK: Time

    private static func fireDue(_ engine: Engine, _ transaction: any WriteTransaction, _ hasTime: () -> Bool) throws -> Int {
        let now = engine.world.clock.now()
        guard let due = try transaction.nextDue(), due <= now else { return 0 }
        var done = 0
        let watches = try transaction.dueWatches(until: now, limit: batch)
        if !watches.isEmpty {
            let context = try RecordContext(engine: engine, principal: .system, transaction: transaction, needs: engine.app.automations.watchNeeds)
            let keeping = WatchKeeping(context: context, transaction: transaction)
            for state in watches {
                guard done == 0 || hasTime() else { return done }
                _ = try keeping.fire(state)
                engine.world.commitPoints.reached(.timerFired)
                done += 1
            }
        }
        for var run in try transaction.sleepingRuns(until: now, limit: batch) {
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
        var times: [Instant] = []
        var time: Instant? = first
        while let current = time, current <= now, times.count < mostMissed {
            times.append(current)
            time = next(after: current)
        }
        if times.count == mostMissed { time = next(after: now) }
        switch automation.model.missed {
        case .all: break
        case .once, .highest: times = Array(times.suffix(1))
        case .skip: times = times.filter { now.microseconds - $0.microseconds <= late }
        }
        for time in times {
            _ = try transaction.add(
                AutomationRun(
                    process: process, fingerprint: automation.process.layout, record: nil, by: nil, started: now, changed: now, scheduled: time))
        }
        if let time { try transaction.setSchedule(process, next: time, fingerprint: fingerprint) } else { try transaction.removeSchedule(process) }
    }

    /// Times of one schedule that are made up for after a long rest.
    private static let mostMissed = 1_000

    // MARK: Runs

    private static func goOn(_ run: AutomationRun, _ engine: Engine, _ transaction: any WriteTransaction) throws {
        guard let process = engine.app.automations.processes[run.process] else {
            var run = run
            run.state = .failed
            run.note = .definitionIsGone
            return try transaction.update(run)
        }
        // A place among other steps would be another step.
        guard run.position == 0 || run.fingerprint == process.layout else {
            var run = run
            run.state = .failed
            run.note = .stepsHaveChanged
            return try transaction.update(run)
        }
        var run = run
        run.fingerprint = process.layout
        do {
            try transaction.savepoint { [run] in
                var execution = try RunExecution(engine: engine, transaction: transaction, process: process, run: run)
                try execution.goOn()
            }
        } catch let error as StoreError {
            switch error {
            // The world's trouble, not the run's.
            case .diskFull, .readOnly, .locked, .notADatabase, .incompatible, .definitionChanged: throw error
            case .notLowerable, .other:
                run.state = .failed
                run.note = Words(zh: "无法执行：\(error)", en: "it cannot be done: \(error)")
                try transaction.update(run)
            }
        }
    }

    // MARK: Setting up

    /// Brings what is kept of schedules and watches in line with the app. Called when an app is opened, and when it is renewed.
    ///
    /// A watch that is new, or written anew, is armed over the records for which it already holds.
    package func setUp() async throws {
        let all = automations.processes.values.map { "\($0.key) \($0.fingerprint)" }.sorted().joined(separator: "\n")
        guard try await engine.store.read({ try $0.setting(setUpSetting) ?? "" }) != all else { return }
        try await engine.store.write { [engine] transaction in try Self.setUpSchedules(engine, transaction) }
        for index in automations.watches.indices {
            while try await engine.store.write({ [engine] transaction in try Self.setUpWatch(index, engine, transaction) }) {}
        }
        let names = automations.watches.map(\.model.name)
        try await engine.store.write { transaction in
            for gone in (try transaction.setting(watchesSetting) ?? "").split(separator: "\n").map(String.init) where !names.contains(gone) {
                try transaction.removeWatchStates(of: gone)
                try transaction.set("", forSetting: watchSetting(gone))
            }
            try transaction.set(names.joined(separator: "\n"), forSetting: watchesSetting)
            try transaction.set(all, forSetting: setUpSetting)
        }
    }

    private static func setUpSchedules(_ engine: Engine, _ transaction: any WriteTransaction) throws {
        let model = engine.app.model
        let now = engine.world.clock.now()
        var wanted: [String: CompiledAutomation] = [:]
        for automation in engine.app.automations.automations where !automation.schedules.isEmpty { wanted[automation.process.key] = automation }
        for schedule in try transaction.schedules() {
            if let automation = wanted[schedule.process], automation.process.fingerprint == schedule.fingerprint {
                wanted[schedule.process] = nil
            } else if wanted[schedule.process] == nil {
                try transaction.removeSchedule(schedule.process)
            }
        }
        for (process, automation) in wanted.sorted(by: { $0.key < $1.key }) {
            guard let next = automation.schedules.compactMap({ $0.next(after: now, in: model.zone, by: model.calendar) }).min() else { continue }
            try transaction.setSchedule(process, next: next, fingerprint: automation.process.fingerprint)
        }
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
        let page = try transaction.page(
            RecordQuery(object: watch.model.object, after: after.map { RecordQuery.Cursor(keys: [], number: $0) }, limit: 200))
        let context = try RecordContext(engine: engine, principal: .system, transaction: transaction, needs: engine.app.automations.watchNeeds)
        let keeping = WatchKeeping(context: context, transaction: transaction)
        for row in page.rows { try keeping.takeOver(index, row.id) }
        try transaction.set(page.next.map { "\(watch.fingerprint)@\($0.number)" } ?? watch.fingerprint, forSetting: setting)
        return page.next != nil
    }
}

private let watchesSetting = "watches"
/// What has been set up, whole.
private let setUpSetting = "automations"

private func watchSetting(_ name: String) -> String { "watch \(name)" }
