import Engine
import Formula
import Model
import Program
import SourceText
import Storage
import Synchronization
import TestKit
import Testing

/// Many things at once, things that go in circles, and things that cannot be done.
@Suite struct LoadTests {
    private static func app(_ more: String) -> String {
        """
        app: { name: desk, timezone: Asia/Shanghai }
        objects:
          deal:
            shows: "{name}"
            fields:
              name: { type: text, required: yes }
              due:  datetime
              n:    { type: number, decimals: 0, default: 0 }
              note: text
          tick:
            fields: { name: text, deal: { type: link, to: deal, as: ticks } }
        connectors:
          erp: { kind: webhook, url: "https://erp.example.com/in", secret: $ERP }
        \(more)

        """
    }

    @Test("T10: a thousand timers due at one instant, and savers between them: each once, in order, nobody starves")
    func manyAtOneInstant() async throws {
        let rig = try await Rig(Self.app("watches:\n  late: { while: deal where n = 0, after: { 1h: { create: tick, with: { name: \"{name}\", deal: =this } } } }"))
        var deals: [RecordID] = []
        // Two to each second.
        for number in 0..<1_000 {
            deals.append(try await rig.make("deal", #"{"name":"d\#(number)"}"#))
            if number % 2 == 1 { rig.jump(1) }
        }
        rig.jump(3_600)
        let engine = rig.engine
        let automator = Automator(engine)
        var batches = 0, saved = 0
        while try await automator.doBatch() > 0 {
            batches += 1
            // Between two batches somebody saves, and a late one solves what was not set off yet.
            guard case .saved = try await rig.edit(deals[batches], #"{"note":"\#(batches)"}"#) else { continue }
            saved += 1
            if batches == 1 { try await rig.edit(deals[999], #"{"n":1}"#) }
        }
        #expect(batches >= 5 && saved == batches, "a batch is no more than 200")
        let runs = try await rig.runs("watch/late/1h")
        #expect(runs.count == 999)
        #expect(zip(runs, runs.dropFirst()).allSatisfy { $0.scheduled.map { $0.microseconds } ?? 0 <= $1.scheduled.map { $0.microseconds } ?? 0 })
        #expect(Set(runs.compactMap(\.record)).count == 999)
        #expect(try await rig.count("tick") == 999)
        try await rig.expectSound()
    }

    @Test("T11: while timers come due all the time, what people cancel is cancelled at once")
    func timersWithoutEnd() async throws {
        let rig = try await Rig(Self.app(
            """
            automations:
              chain:
                when: deal is created
                do: [ { wait: 10min }, { set: { n: =n + 1 } }, { wait: 10min }, { set: { n: =n + 1 } }, { wait: 10min }, { set: { n: =n + 1 } } ]
            """))
        var deals: [RecordID] = []
        for number in 0..<300 {
            deals.append(try await rig.make("deal", #"{"name":"d\#(number)"}"#))
            rig.jump(1)
        }
        let automator = Automator(rig.engine)
        for round in 0..<40 {
            _ = try await automator.doBatch()
            rig.jump(60)
            if round < 20 { try await rig.delete(deals[round * 10]) }
        }
        try await rig.pass(3_600)
        for (number, deal) in deals.enumerated() where number % 10 != 0 || number >= 200 { #expect(try await rig.value(deal, "n") == .number(ExactDecimal(3))) }
        let runs = try await rig.runs()
        #expect(runs.count == 300)
        #expect(runs.count { $0.state == .canceled } == 20 && runs.count { $0.state == .done } == 280)
        try await rig.expectSound()
    }

    @Test("T18: what cannot be done stops alone, is seen, and is kept")
    func poisonStopsAlone() async throws {
        let rig = try await Rig(Self.app(
            """
            automations:
              poison:
                when: deal is created
                do:
                  - set: { n: =1 / n }
                  - create: tick
              many:
                when: deal is created
                if: name = 'many'
                do: { update: deal where name <> 'nobody', with: { note: x } }
              good: { when: deal is created, do: { set: { note: good } } }
            """))
        // An old row that nobody can read any more.
        let now = rig.now
        try await rig.engine.store.write { transaction in
            _ = try transaction.add(AutomationRun(process: "automation/good", fingerprint: "1", version: nil, record: nil, variables: "{no list", by: nil, started: now, changed: now))
            _ = try transaction.add(AutomationRun(process: "nonsense", fingerprint: "", version: nil, record: nil, by: nil, started: now, changed: now))
        }
        var deals: [RecordID] = []
        for name in ["a", "many", "b"] { deals.append(try await rig.make("deal", #"{"name":"\#(name)"}"#)) }
        try await rig.settle()
        let runs = try await rig.runs()
        #expect(runs.filter { $0.process == "automation/poison" }.map(\.state) == [.failed, .failed, .failed])
        #expect(runs.filter { $0.process == "automation/poison" }.allSatisfy { $0.note != nil })
        #expect(runs.filter { $0.process == "automation/good" && $0.record != nil }.map(\.state) == [.done, .done, .done])
        #expect(runs.filter { $0.record == nil }.allSatisfy { $0.state == .failed })
        #expect(try await rig.count("tick") == 0)
        try await rig.expectSound()
    }

    @Test("T19: things that set each other off are named, and stop behind sixteen", arguments: [
        // A and B.
        "a: { when: deal.n changes, CONDITIONdo: { set: { note: \"{n}\" } } }\n  b: { when: deal.note changes, do: { set: { n: =n + 1 } } }",
        // Over a link and back.
        "a: { when: deal.n changes, CONDITIONdo: { create: tick, with: { deal: =this } } }\n  b: { when: tick is created, do: { update: deal, with: { n: =deal.n + 1 } } }",
        // Three that go round.
        "a: { when: deal.n changes, CONDITIONdo: { create: tick, with: { name: x, deal: =this } } }\n  b: { when: tick is created, do: { update: deal, with: { note: \"{deal.n}\" } } }\n  c: { when: deal.note changes, do: { set: { n: =n + 1 } } }",
    ])
    func circles(automations: String) async throws {
        var sources = SourceSet()
        sources.add(path: "app.yaml", text: Self.app("automations:\n  " + automations.replacing("CONDITION", with: "")))
        #expect(compile(sources).diagnostics.found.contains { $0.code == "endless-loop" || $0.code == "possible-loop" })
        // With a condition that may end it, it may run.
        let rig = try await Rig(Self.app("automations:\n  " + automations.replacing("CONDITION", with: "if: name <> 'z', ")))
        let deal = try await rig.make("deal", #"{"name":"a"}"#)
        let quiet = try await rig.make("deal", #"{"name":"quiet"}"#)
        try await rig.edit(deal, #"{"n":1}"#)
        try await rig.settle()
        let runs = try await rig.runs()
        #expect(runs.contains { $0.state == .looped })
        #expect(runs.filter { $0.state == .looped }.allSatisfy { $0.note?.en.contains("`") ?? false })
        #expect(runs.allSatisfy { $0.depth <= RunCause.mostDepth })
        guard case .saved = try await rig.edit(quiet, #"{"note":"free"}"#) else { throw Surprise("held up") }
        try await rig.settle()
        try await rig.expectSound()
    }

    @Test("T19: a circle that goes by way of time is held up by time") func aCircleInTime() async throws {
        let rig = try await Rig(Self.app(
            "watches:\n  again: { while: deal where due < now(), restart on: due, after: { 1min: { set: { due: =now(), n: =n + 1 } } } }"))
        let deal = try await rig.make("deal", #"{"name":"a","due":"2026-03-02T00:00:00Z"}"#)
        try await rig.pass(3_600)
        let count = try await rig.value(deal, "n")
        #expect(count == .number(ExactDecimal(59)) || count == .number(ExactDecimal(60)), "\(count)")
        try await rig.expectSound()
    }

    @Test("T34: what was given up is sent again, interrupted twice: each once, under its own key") func deadLettersAgain() async throws {
        let isUp = Mutex(false)
        let outside = Outside { _ in isUp.withLock { $0 } ? .ok(receipt: nil) : .rejected(DeliveryTrouble(.status, Words(same: "no"))) }
        let text = Self.app("automations:\n  tell: { when: deal is created, do: [ { call: erp, with: { name: \"{name}\" } }, { set: { n: =n + 1 } } ] }")
        try await TestFiles.withFolder { folder in
            let rig = try await Rig(text, in: folder, outside: outside)
            var deals: [RecordID] = []
            for number in 0..<60 { deals.append(try await rig.make("deal", #"{"name":"d\#(number)"}"#)) }
            try await rig.settle()
            let dead = try await rig.engine.effects(in: [.failed], limit: 100)
            #expect(dead.count == 60)
            isUp.withLock { $0 = true }
            for (number, effect) in dead.enumerated() {
                _ = try await rig.engine.retry(effect: effect.id)
                // The process ends: once with all of it before it, once with something taken and not settled.
                if number == 20 { try await rig.restart(in: folder, text) }
                if number == 40 {
                    try await Automator(rig.engine).settle()
                    _ = try await Courier(rig.engine).take([:], outside)
                    try await rig.restart(in: folder, text)
                }
            }
            // Twice is once.
            for effect in dead { _ = try await rig.engine.retry(effect: effect.id) }
            try await rig.settle()
            for deal in deals { #expect(try await rig.value(deal, "n") == .number(ExactDecimal(1))) }
            #expect(try await rig.effects().map(\.state) == Array(repeating: .done, count: 60))
            #expect(Set(outside.deliveries.map(\.key)).count == 60)
            try await rig.expectSound()
            await rig.close()
        }
    }

    @Test("T35: many rows come in with many rules, one of them bad near the end: a result for each") func manyRows() async throws {
        let rules = (0..<20).map { "  r\($0): { when: deal is created, if: n = \($0), do: { set: { note: \"r\($0)\" } } }" }
        let rig = try await Rig(Self.app("automations:\n" + rules.joined(separator: "\n")))
        let count = 1_000
        let object = try #require(rig.engine.app.model.object(named: "deal")).id
        var commands: [SaveCommand] = []
        for row in 0..<count {
            let action = try await rig.command(SaveCommand.Action.create, "deal", row == count - 1 ? #"{"name":null,"n":1}"# : #"{"name":"d\#(row)","n":\#(row % 40)}"#)
            commands.append(SaveCommand(action, by: .system, door: .import))
        }
        for start in stride(from: 0, to: count, by: 200) {
            let outcomes = try await rig.engine.save(Array(commands[start..<(start + 200)]))
            for (offset, outcome) in outcomes.enumerated() {
                switch outcome {
                case .saved: #expect(start + offset < count - 1)
                case .refused(let violations): #expect(start + offset == count - 1 && violations.map(\.code) == [.required])
                case let other: Issue.record("\(other)")
                }
            }
        }
        try await rig.settle()
        let runs = try await rig.runs()
        #expect(runs.count == (0..<(count - 1)).count { $0 % 40 < 20 })
        #expect(runs.allSatisfy { $0.state == .done })
        #expect(try await rig.engine.store.read { try $0.count(object, where: nil) } == count - 1)
        try await rig.expectSound()
    }
}
