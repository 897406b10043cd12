import Engine
import Formula
import Model
import Program
import Storage
import Testing

/// The clock that goes wrong, the clock that people change, and times at which nobody was there.
@Suite struct ClockTests {
    private static func app(_ more: String, zone: String = "Asia/Shanghai", head: String = "") -> String {
        """
        app: { name: desk, timezone: \(zone)\(head) }
        objects:
          deal:
            shows: "{name}"
            fields:
              name: { type: text, required: yes }
              open: { type: bool, default: yes }
              hits: { type: number, decimals: 0, default: 0 }
          tick:
            fields: { name: text }
        \(more)

        """
    }

    private static let watch = """
        automations:
          daily: { when: every day at 10:00, do: { create: tick } }
          rest:
            when: deal is created
            do: [ { wait: 2h }, { set: { hits: =hits + 1 } } ]
        watches:
          slow: { while: deal where open, after: { 1h: { create: tick, with: { name: one } }, 2h: { create: tick, with: { name: two } } } }
        """

    @Test("T07: the clock back, forth, to and fro and asleep: nothing early, nothing twice", arguments: [
        [-3_600, 7_200, 7_200], [3_600, 3_600, 3_600], [40, -40, 40, -40, 10_800], [28_800], [7_200, -7_200, 7_200, 3_600],
    ])
    func clockJumps(jumps: [Int]) async throws {
        let rig = try await Rig(Self.app(Self.watch))
        let deal = try await rig.make("deal", #"{"name":"a"}"#)
        let begin = rig.now
        try await rig.settle()
        for jump in jumps {
            rig.jump(Int64(jump))
            try await rig.settle()
            if rig.now.microseconds - begin.microseconds < 3_600 * Microseconds.perSecond, try await rig.runs("watch/slow/1h").isEmpty {
                #expect(try await rig.value(deal, "hits") == .number(.zero))
            }
        }
        #expect(try await rig.runs("watch/slow/1h").count == 1)
        #expect(try await rig.runs("watch/slow/2h").count == 1)
        #expect(try await rig.value(deal, "hits") == .number(ExactDecimal(1)))
        #expect(try await rig.runs("automation/daily").count == 1)
        try await rig.expectSound()
    }

    @Test("T07: time that stood still while the clock went back is no time")
    func aPauseThatEndsBeforeItBegan() async throws {
        let rig = try await Rig(Self.app("watches:\n  slow: { while: deal, pause while: not open, after: { 1h: { create: tick } } }"))
        let deal = try await rig.make("deal", #"{"name":"a"}"#)
        try await rig.pass(1_800)
        try await rig.edit(deal, #"{"open":false}"#)
        rig.jump(-600)
        try await rig.edit(deal, #"{"open":true}"#)
        try await rig.pass(2_399)
        #expect(try await rig.count("tick") == 0)
        try await rig.pass(1)
        #expect(try await rig.count("tick") == 1)
    }

    @Test("T08: a time that the clocks skip or show twice comes once a day", arguments: [
        ("Europe/Berlin", "2026-03-28 12:00", ["2026-03-29 03:00", "2026-03-30 02:30"]), ("Europe/Berlin", "2026-10-24 12:00", ["2026-10-25 02:30", "2026-10-26 02:30"]),
        ("America/New_York", "2026-03-07 12:00", ["2026-03-08 03:00", "2026-03-09 02:30"]), ("America/New_York", "2026-10-31 12:00", ["2026-11-01 02:30", "2026-11-02 02:30"]),
    ])
    func savingOfDaylight(zone: String, start: String, times: [String]) async throws {
        let rig = try await Rig(Self.app("automations:\n  daily: { when: every day at 02:30, do: { create: tick } }\nwatches:\n  slow: { while: deal, after: { 1 day: { set: { hits: 1 } }, 24h: { set: { open: no } } } }", zone: zone), at: start)
        let begin = rig.now
        let deal = try await rig.make("deal", #"{"name":"a"}"#)
        try await rig.pass(to: times[1])
        let runs = try await rig.runs("automation/daily")
        #expect(runs.map { rig.local($0.scheduled) } == times)
        #expect(runs.allSatisfy { $0.started == $0.scheduled })
        // A day is the same time on the wall, 24 hours are not.
        let day = try await rig.runs("watch/slow/1 day").first?.scheduled, hours = try await rig.runs("watch/slow/24h").first?.scheduled
        #expect(rig.local(day).hasSuffix("12:00"))
        #expect(hours.map { $0.microseconds - begin.microseconds } == Microseconds.perDay)
        #expect(day != hours)
        #expect(try await rig.value(deal, "open") == .bool(false))
        try await rig.expectSound()
    }

    private static func working(_ days: String) -> String {
        app(
            """
            calendars: { ours: { week: { mon-fri: 09:00-18:00 }\(days) } }
            automations:
              morning: { when: every workday at 08:30, do: { create: tick } }
            watches:
              slow: { while: deal where open, after: { 5 business days: { set: { hits: 5 } }, 10 business hours: { set: { hits: 1 } } } }
            """, head: ", calendar: ours")
    }

    @Test("T09: what is armed follows a calendar that is changed, as if it had been so from the beginning", arguments: [
        ("", ", holidays: [2026-10-01..2026-10-07], workdays: [2026-10-10]"), (", holidays: [2026-10-01..2026-10-07], workdays: [2026-10-10]", ""),
        (", holidays: [2026-09-29]", ", holidays: [2026-09-30]"), ("", ", exceptions: { 2026-09-28: 09:00-12:00 }"),
    ])
    func calendarIsEdited(before: String, after: String) async throws {
        func due(_ rig: Rig, _ deal: RecordID) async throws -> [String] {
            try await rig.engine.store.read { try $0.watchStates(of: deal).map(\.due) + $0.schedules().map(\.next) }.map { rig.local($0) }
        }
        let rig = try await Rig(Self.working(before), at: "2026-09-28 08:00"), fresh = try await Rig(Self.working(after), at: "2026-09-28 08:00")
        let deal = try await rig.make("deal", #"{"name":"a"}"#), other = try await fresh.make("deal", #"{"name":"a"}"#)
        for rig in [rig, fresh] { try await rig.pass(to: "2026-09-28 10:00") }
        try await rig.renew(Self.working(after))
        #expect(try await due(rig, deal) == due(fresh, other))
        for rig in [rig, fresh] { try await rig.pass(to: "2026-10-20 10:00") }
        for process in ["watch/slow/5 business days", "watch/slow/10 business hours", "automation/morning"] {
            let times = try await rig.runs(process).map { rig.local($0.scheduled) }
            #expect(try await fresh.runs(process).map { fresh.local($0.scheduled) } == times)
            #expect(!times.isEmpty)
        }
        try await rig.expectSound()
    }

    @Test("T12: three days away: what was missed is made up for as the author says")
    func threeDaysAway() async throws {
        let policies = ["once", "all", "skip"]
        let sentences = ["every day at 10:00", "every 15 min", "every 1 min", "every monday at 08:00", "every hour", "every workday at 09:05", "every month on day 4 at 00:00"]
        var lines = ["automations:"]
        var names: [(name: String, policy: String, sentence: String)] = []
        for number in 0..<40 {
            // More than a thousand are made up for once only, which is enough.
            let name = "s\(number)", sentence = sentences[number % sentences.count], policy = number > 20 && sentence == "every 1 min" ? "skip" : policies[number % 3]
            lines.append("  \(name): { when: \(sentence), missed: \(policy), do: { stop: no } }")
            names.append((name, policy, sentence))
        }
        lines += ["watches:"] + ["once", "highest", "skip"].map { policy in
            "  \(policy): { while: deal where open, missed: \(policy), after: { 1h: { create: tick }, 24h: { create: tick }, 48h: { create: tick }, 71h: { create: tick }, 80h: { create: tick } } }"
        }
        let rig = try await Rig(Self.app(lines.joined(separator: "\n")), at: "2026-03-02 09:00")
        for number in 0..<50 { _ = try await rig.make("deal", #"{"name":"d\#(number)"}"#) }
        rig.jump(3 * 86_400)
        try await rig.settle()
        let now = rig.now
        let minutes = try Self.minutes(rig, until: now)
        for (name, policy, sentence) in names {
            let times = try await rig.runs("automation/\(name)").compactMap(\.scheduled)
            let all = Self.times(sentence, minutes)
            let expected: [Instant] = switch policy {
            case "all": Array(all.prefix(1_000))
            case "once": Array(all.suffix(1))
            default: Array(all.suffix(1).filter { now.microseconds - $0.microseconds <= 10 * Microseconds.perMinute })
            }
            #expect(times == expected, "\(name): \(sentence), \(policy)")
        }
        for (policy, rungs) in [("once", ["1h", "24h", "48h", "71h"]), ("highest", ["71h"]), ("skip", [])] {
            for rung in ["1h", "24h", "48h", "71h", "80h"] {
                let count = try await rig.runs("watch/\(policy)/\(rung)").count
                #expect(count == (rungs.contains(rung) ? 50 : 0), "\(policy) \(rung)")
            }
        }
        try await rig.expectSound()
        // It goes on as if nothing had been.
        try await rig.pass(8 * 3_600)
        for policy in ["once", "highest", "skip"] { #expect(try await rig.runs("watch/\(policy)/80h").count == 50) }
    }

    private typealias Minute = (instant: Instant, clock: String, day: Day)

    private static func minutes(_ rig: Rig, until end: Instant) throws -> [Minute] {
        let zone = rig.engine.app.model.zone
        let start = try rig.instant("2026-03-02 09:00")
        return stride(from: start.microseconds + Microseconds.perMinute, through: end.microseconds, by: Int64.Stride(Microseconds.perMinute)).map {
            let wall = zone.wallClock(Instant(microseconds: $0))
            return (Instant(microseconds: $0), wall.time(withSeconds: false), wall.day)
        }
    }

    /// By going through every minute.
    private static func times(_ sentence: String, _ minutes: [Minute]) -> [Instant] {
        minutes.filter { _, clock, day in
            switch sentence {
            case "every day at 10:00": clock == "10:00"
            case "every 15 min": ["00", "15", "30", "45"].contains(clock.suffix(2))
            case "every 1 min": true
            case "every monday at 08:00": clock == "08:00" && day.weekdayFromMonday == 0
            case "every hour": clock.hasSuffix("00")
            case "every workday at 09:05": clock == "09:05" && day.weekdayFromMonday < 5
            default: clock == "00:00" && day.components.day == 4
            }
        }.map(\.instant)
    }
}
