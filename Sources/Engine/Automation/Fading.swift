import Formula
import Foundation
import Model
import Program
import Storage

/// When a number that time wears down falls below a limit.
struct Fading {
    /// What each event was worth when it happened.
    let events: [(at: Instant, worth: Double)]
    let curve: CompiledFading.Curve

    func value(at instant: Instant) -> Double {
        events.reduce(0) { sum, event in
            event.at > instant ? sum : sum + event.worth * curve.rest(atAge: instant.microseconds - event.at.microseconds)
        }
    }

    /// The next event that has not happened yet.
    func nextRise(after now: Instant) -> Instant? { events.lazy.map(\.at).filter { $0 > now }.min() }

    /// The first instant behind `now` at which the number is below the limit, to the millisecond; nil if it stays.
    ///
    /// Between two events it never rises, so halves are enough.
    func fall(below limit: Double, after now: Instant) -> Instant? {
        // What is rounded to the limit is not below it.
        let steps = pow(10, Double(CheckedDecay.decimals))
        let limit = ((limit * steps).rounded(.up) - 0.5) / steps
        func isBelow(_ instant: Instant) -> Bool { value(at: instant) < limit }
        var from = now
        for rise in Set(events.map(\.at)).filter({ $0 > now }).sorted() {
            let end = Instant(microseconds: rise.microseconds - 1)
            if isBelow(end) { return first(from, end, isBelow) }
            from = rise
        }
        guard let last = events.map(\.at).max() else { return nil }
        let (end, overflow) = max(last, now).microseconds.addingReportingOverflow(curve.end)
        guard !overflow, isBelow(Instant(microseconds: end)) else { return nil }
        return first(from, Instant(microseconds: end), isBelow)
    }

    private func first(_ low: Instant, _ high: Instant, _ isBelow: (Instant) -> Bool) -> Instant {
        var low = low.microseconds, high = high.microseconds
        while high - low > Microseconds.perSecond / 1_000 {
            let middle = low + (high - low) / 2
            if isBelow(Instant(microseconds: middle)) { high = middle } else { low = middle }
        }
        return Instant(microseconds: high)
    }
}

extension WatchKeeping {
    /// Armed while the number is not below the limit; due when it will be, or is.
    func fadingState(of watch: CompiledWatch, _ fading: CompiledFading, _ row: Row, known: WatchState?) throws -> WatchState {
        var state = WatchState(watch: watch.model.name, record: row.id, since: nil)
        let curve = try self.fading(fading, of: row)
        // The exact number is asked for only where it is close.
        let value = curve.value(at: moment.now)
        let isAbove = try abs(value - fading.limit) > 0.02
            ? value > fading.limit : worn.row(row.id).flatMap { try watch.condition?.holds(in: Frame(this: $0, moment: moment, source: worn)) } ?? false
        if isAbove || known?.since != nil {
            state.since = known?.since ?? moment.now
            state.batch = known?.since == nil ? batch : known?.batch
            state.due = isAbove ? curve.fall(below: fading.limit, after: moment.now).map { max($0, Instant(microseconds: moment.now.microseconds + 1)) } : moment.now
        } else {
            state.due = curve.nextRise(after: moment.now)
        }
        return state
    }

    /// - Returns: How many runs were made.
    func fire(_ watch: CompiledWatch, _ fading: CompiledFading, _ row: Row, _ due: WatchState) throws -> Int {
        var state = try fadingState(of: watch, fading, row, known: due)
        var made = 0
        if state.since != nil, let time = state.due, time <= moment.now {
            _ = try transaction.add(
                AutomationRun(of: watch.processes[0], in: context.engine, record: row.id, by: nil, at: moment.now, scheduled: due.due ?? moment.now, batch: state.batch))
            made = 1
            state = try fadingState(of: watch, fading, row, known: nil)
        }
        if state.since == nil && state.due == nil {
            try transaction.removeWatchState(due.watch, of: due.record)
        } else if state != due {
            try transaction.set(state)
        }
        return made
    }

    private func fading(_ fading: CompiledFading, of row: Row) throws -> Fading {
        let decay = fading.model.decay
        let events = try context.rows.rows(linking: decay.events.link, to: row.id).compactMap { event -> (at: Instant, worth: Double)? in
            guard case .option(let kind) = event[decay.events.kind], let worth = fading.worth[kind], case .instant(let at) = event[decay.events.at],
                try fading.condition?.holds(in: Frame(this: event, moment: moment, source: context.rows)) ?? true
            else { return nil }
            return (at, worth)
        }
        return Fading(events: events, curve: fading.curve)
    }
}
