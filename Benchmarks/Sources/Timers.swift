import Engine
import Formula
import Foundation
import Model
import Program
import Storage
import StorageSQLite
import Synchronization

/// Very many timers that are due at once, while people go on saving.
enum Timers {
    static func run(_ count: Int) async throws -> [Line] {
        try await withFolder { folder in
            let clock = BenchClock()
            let world = BenchWorld.make(clock)
            let engine = try await Acting.open(folder, world)
            // Each 200 are a second apart, in no order: what fires first must have been due first.
            let batches = (count + 199) / 200
            try await Acting.fill(engine, deals: count, open: true) { batch in
                clock.stand(at: Int64((batch * 7_919) % batches) * Microseconds.perSecond)
            }
            let automator = Automator(engine)
            try await automator.setUp()
            clock.go(on: Int64(batches) * Microseconds.perSecond + Microseconds.perHour + Microseconds.perMinute)
            let saving = Saving(engine)
            let start = wallSeconds(), before = cpuMicroseconds()
            var fired: Double?
            var cpu = 0.0
            while try await automator.doBatch() > 0 {
                guard fired == nil, try await engine.store.read({ try $0.nextDue() }) == nil else { continue }
                fired = wallSeconds() - start
                cpu = (cpuMicroseconds() - before) / Double(count)
            }
            let done = wallSeconds() - start
            let waits = await saving.finish()
            try await check(engine, count)
            await engine.store.close()
            guard let fired, !waits.isEmpty else { throw Failed("nothing was fired") }
            return [
                Line("\(count) timers due at once: fired", perSecond: Double(count) / fired, atLeast: 30_000),
                Line("\(count) timers due at once: CPU for each, with the saves beside them", cpu, "µs", decimals: 1, aim: 33),
                Line("\(count) timers due at once: and what they set off done", Double(count) / done, "/s", decimals: 0),
                Line("a save beside them, 99 of 100", waits[waits.count * 99 / 100], "ms", decimals: 1, aim: 25),
            ]
        }
    }

    /// Each fired once, in the order in which they were due, and did what it was to do.
    private static func check(_ engine: Engine, _ count: Int) async throws {
        var seen: Set<RecordID> = []
        var before: Int64?
        var last: Instant?
        while true {
            let runs = try await engine.store.read { [before] in try $0.runs(of: nil, process: nil, states: [], limit: 1_000, before: before) }
            for run in runs where run.scheduled != nil {
                guard let record = run.record, seen.insert(record).inserted else { throw Failed("a timer fired twice") }
                guard run.state == .done else { throw Failed("a run is \(run.state): \(String(describing: run.note))") }
                if let last, let due = run.scheduled, due > last { throw Failed("a timer fired before one that was due earlier") }
                last = run.scheduled
            }
            guard let end = runs.last else { break }
            before = end.id
        }
        guard seen.count == count else { throw Failed("\(seen.count) timers of \(count) fired") }
    }

    /// A hundred saves a second.
    private final class Saving: Sendable {
        private let task: Task<[Double], any Error>

        init(_ engine: Engine) {
            task = Task {
                var waits: [Double] = []
                var number = 0
                while !Task.isCancelled {
                    number += 1
                    let start = wallSeconds()
                    // Below the rule's limit: nothing else is set off.
                    let deal = RecordID(object: Acting.object("deal").id, number: Int64(1 + number % Acting.deals))
                    let outcome = try await engine.save(
                        SaveCommand(.edit(deal, [FieldInput(Acting.field("deal", "amount"), .number(ExactDecimal(Int64(number))))]), by: .system))
                    guard case .saved = outcome else { throw Failed("a deal is not saved: \(outcome)") }
                    waits.append((wallSeconds() - start) * 1_000)
                    try? await Task.sleep(for: .milliseconds(10))
                }
                return waits.sorted()
            }
        }

        func finish() async -> [Double] {
            task.cancel()
            return (try? await task.value) ?? []
        }
    }
}

/// Stands still where it is put, until it goes on with the computer's.
final class BenchClock: WorldClock {
    private enum Mode {
        case standing(Instant)
        case ahead(Int64)
    }

    private let start = BenchWorld.Clock().now()
    private let mode = Mutex<Mode>(.ahead(0))

    func stand(at microseconds: Int64) {
        mode.withLock { $0 = .standing(Instant(microseconds: start.microseconds + microseconds)) }
    }

    func go(on microseconds: Int64) {
        mode.withLock { $0 = .ahead(microseconds) }
    }

    func now() -> Instant {
        switch mode.withLock({ $0 }) {
        case .standing(let instant): instant
        case .ahead(let microseconds): Instant(microseconds: BenchWorld.Clock().now().microseconds + microseconds)
        }
    }
}
