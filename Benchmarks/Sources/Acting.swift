import BenchmarkFloor
import Engine
import Formula
import Foundation
import Model
import Program
import SourceText
import Storage
import StorageSQLite
import Synchronization

/// A rule of three steps: a record changes, a condition is asked, and then a record is changed and somebody is told.
enum Acting {
    static let text = """
        app: { name: acting }
        roles: { sales: {} }
        objects:
          deal:
            shows: "{name}"
            fields:
              name: { type: text, required: yes }
              owner: link to user
              amount: money
              open: bool
              big: bool
              beats: { type: number, decimals: 0 }
        automations:
          big_deals:
            when: deal.amount changes
            if: amount > 100万
            do:
              - set: { big: yes, beats: =beats + 1 }
              - notify: owner
                message: "{name}: {amount}"
        watches:
          left_alone:
            while: deal where open
            after:
              1h: { notify: owner, message: "{name}" }

        """

    static let app: CompiledApp = {
        var sources = SourceSet()
        sources.add(path: "app.yaml", text: text)
        let (app, diagnostics) = compile(sources)
        guard let app else { preconditionFailure(DiagnosticText(sources: sources, language: .en).render(diagnostics)) }
        return app
    }()

    static func object(_ name: String) -> CheckedObject {
        guard let object = app.model.object(named: name) else { preconditionFailure("the app has no object \(name)") }
        return object
    }

    static func field(_ object: String, _ name: String) -> FieldID {
        guard let field = self.object(object).field(named: name) else { preconditionFailure("the app has no field \(name)") }
        return field.id
    }

    static let deals = 1_000

    static func open(_ folder: String, _ world: World) async throws -> Engine {
        Engine(app: app, store: try await StorageSQLite.open(folder: folder, app: app, world: world), world: world)
    }

    /// One person, and deals of theirs.
    static func fill(_ engine: Engine, deals: Int, open: Bool, before batch: (Int) -> Void = { _ in }) async throws {
        let user = object("user").id, deal = object("deal").id
        _ = try await engine.save(SaveCommand(.create(user, [FieldInput(field("user", "name"), .text("小王"))]), by: .system, door: .trusted))
        let owner = Value.link(RecordID(object: user, number: 1))
        for start in stride(from: 0, to: deals, by: 200) {
            batch(start / 200)
            let commands = (start..<min(deals, start + 200)).map { number in
                SaveCommand(
                    .create(
                        deal,
                        [
                            FieldInput(field("deal", "name"), .text("商机 \(number + 1)")), FieldInput(field("deal", "owner"), owner),
                            FieldInput(field("deal", "open"), .bool(open)),
                        ]), by: .system, door: .trusted)
            }
            for outcome in try await engine.save(commands) {
                guard case .saved = outcome else { throw Failed("a deal is not saved: \(outcome)") }
            }
        }
    }

    static func raise(_ deal: Int, to number: Int) -> SaveCommand {
        SaveCommand(
            .edit(
                RecordID(object: object("deal").id, number: Int64(1 + deal % deals)),
                [FieldInput(field("deal", "amount"), .number(ExactDecimal(Int64(2_000_000 + number))))]), by: .system)
    }

    private static func notices(_ engine: Engine) async throws -> Int {
        try await engine.store.read { transaction in
            var last: Int64 = 0, count = 0
            while case let page = try transaction.notices(after: last, limit: 1_000), let end = page.last {
                count += page.count
                last = end.id
            }
            return count
        }
    }

    static func run(_ times: Int) async throws -> [Line] {
        let floor = try await commits(times), alone = try await oneByOne(times), together = try await together(times), waits = try await starts(times)
        // What a shared commit saves is a sync: where the machine's disk only promises one, there is little to be saved.
        let code = slow_disk_begin(slowSync)
        guard code == 0 else { throw Failed("a slow disk cannot be had: SQLite's code \(code)") }
        defer { slow_disk_end() }
        let slowFloor = try await commits(times / 4), slowTogether = try await self.together(times / 4)
        return [
            Line("a rule of three steps, one client, until it is done", perSecond: alone, floor: floor, atLeast: 0.10),
            Line("a rule of three steps, 16 clients, until it is done", perSecond: together, floor: floor, atLeast: 3),
            Line("the same where a sync takes \(slowSync / 1_000) ms longer", perSecond: slowTogether, floor: slowFloor, atLeast: 3),
            Line("from a change's commit to its run's first step, median", waits[waits.count / 2], "ms", decimals: 2, aim: 1),
            Line("from a change's commit to its run's first step, 99 of 100", waits[waits.count * 99 / 100], "ms", decimals: 2, aim: 10),
        ]
    }

    private static let clients = 16
    /// Microseconds: of a solid-state disk without a battery of its own.
    private static let slowSync: Int64 = 2_000

    /// Commits of one row a second, in plain C.
    private static func commits(_ times: Int) async throws -> Double {
        try await withFolder { folder in
            let start = wallSeconds()
            let code = floor_commits(folder + "/raw.sqlite", Int64(times))
            guard code == 0 else { throw Failed("the floor fails with SQLite's code \(code)") }
            return Double(times) / (wallSeconds() - start)
        }
    }

    /// Rules a second that one client sets off, each after the one before is done.
    private static func oneByOne(_ times: Int) async throws -> Double {
        try await withFolder { folder in
            let engine = try await open(folder, BenchWorld.make())
            try await fill(engine, deals: deals, open: false)
            let automator = Automator(engine)
            let start = wallSeconds()
            for number in 1...times {
                guard case .saved = try await engine.save(raise(number, to: number)) else { throw Failed("a deal is not saved") }
                try await automator.settle()
            }
            let rate = Double(times) / (wallSeconds() - start)
            let told = try await notices(engine)
            guard told == times else { throw Failed("\(told) notices of \(times)") }
            await engine.store.close()
            return rate
        }
    }

    /// Rules a second that all clients set off, until the last is done.
    private static func together(_ times: Int) async throws -> Double {
        try await withFolder { folder in
            let engine = try await open(folder, BenchWorld.make())
            try await fill(engine, deals: deals, open: false)
            let driver = Driver(engine)
            let start = wallSeconds()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<clients {
                    group.addTask {
                        for number in 1...times {
                            let outcome = try await engine.save(raise(number * clients + client, to: number))
                            guard case .saved = outcome else { throw Failed("a deal is not saved: \(outcome)") }
                        }
                    }
                }
                try await group.waitForAll()
            }
            await driver.finish()
            let rate = Double(times * clients) / (wallSeconds() - start)
            let told = try await notices(engine)
            guard told == times * clients else { throw Failed("\(told) notices of \(times * clients)") }
            await engine.store.close()
            return rate
        }
    }

    /// Milliseconds from the commit of a change until the first step of the run that it sets off is done, sorted.
    private static func starts(_ times: Int) async throws -> [Double] {
        try await withFolder { folder in
            let watch = StartWatch()
            let engine = try await open(folder, BenchWorld.make(BenchWorld.Clock(), commitPoints: CommitPoints { watch.reached($0) }))
            try await fill(engine, deals: deals, open: false)
            watch.begin()
            let driver = Driver(engine)
            for number in 1...times {
                guard case .saved = try await engine.save(raise(number, to: number)) else { throw Failed("a deal is not saved") }
                try await Task.sleep(for: .milliseconds(2))
            }
            await driver.finish()
            await engine.store.close()
            let waits = watch.waits.sorted()
            guard waits.count > times / 2 else { throw Failed("only \(waits.count) runs of \(times) were seen to begin") }
            return waits
        }
    }
}

/// Takes the time from each commit to the end of the first step of a run after it.
private final class StartWatch: Sendable {
    private struct State {
        var isOn = false
        var committed: Double?
        var waits: [Double] = []
    }

    private let state = Mutex(State())

    func begin() { state.withLock { $0.isOn = true } }
    var waits: [Double] { state.withLock(\.waits) }

    func reached(_ point: CommitPoint) {
        guard point == .afterCommit || point == .runStepDone else { return }
        let now = wallSeconds()
        state.withLock { state in
            guard state.isOn else { return }
            if point == .afterCommit {
                state.committed = now
            } else if let committed = state.committed {
                state.committed = nil
                state.waits.append((now - committed) * 1_000)
            }
        }
    }
}

/// Lets the app act as it does when it is served: after every change.
final class Driver: Sendable {
    private let task: Task<Void, any Error>
    private let signal: AsyncStream<Bool>.Continuation

    init(_ engine: Engine) {
        let (signals, signal) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingNewest(1))
        self.signal = signal
        let changes = engine.store.changes.subscribe()
        task = Task {
            let listener = Task { for await _ in changes { signal.yield(true) } }
            defer { listener.cancel() }
            let automator = Automator(engine)
            for await goesOn in signals {
                try await automator.settle()
                if !goesOn { break }
            }
        }
    }

    /// Returns when everything is done that can be.
    func finish() async {
        signal.yield(false)
        signal.finish()
        _ = await task.result
    }
}
