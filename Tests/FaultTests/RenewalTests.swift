import Engine
import Formula
import Model
import Program
import SourceText
import Storage
import TestKit
import Testing

/// An app that is renewed while things are on their way.
@Suite struct RenewalTests {
    private static func app(fields: String = "note: text", steps: String, approvals: String = "", stages: String = "open: {}, quoted: {}") -> String {
        """
        app: { name: desk, timezone: Asia/Shanghai }
        roles: { sales: {}, finance: {} }
        objects:
          deal:
            shows: "{name}"
            fields:
              name:     { type: text, required: yes }
              discount: percent
              lines:    number
              \(fields)
              stage: { type: stage, stages: { \(stages) }, moves: { skip: yes, back: yes } }
        \(approvals)
        automations:
          follow:
            when: deal is created
            do: \(steps)

        """
    }

    private static let waits = "[ { set: { note: begun } }, { wait: 1h }, { set: { note: done } } ]"

    /// How far a run is when the app is renewed.
    enum Moment: CaseIterable, Sendable { case setOff, waiting }

    /// Laid out as before, with fewer steps, with more.
    private static let later = [
        "[ { set: { note: begun } }, { wait: 1h }, { set: { note: other } } ]", "[ { set: { note: new } } ]",
        "[ { set: { note: begun } }, { wait: 1h }, { set: { note: more } }, { set: { lines: 1 } } ]", "[ { wait: 2h }, { set: { note: late } } ]",
    ]

    @Test("T21: renewed between the save and the first step, or while runs wait", arguments: Moment.allCases, later) func renewed(at moment: Moment, to next: String) async throws {
        let rig = try await Rig(Self.app(steps: Self.waits))
        var deals: [RecordID] = []
        for number in 0..<5 { deals.append(try await rig.make("deal", #"{"name":"d\#(number)"}"#)) }
        if moment == .waiting { try await rig.settle() }
        try await rig.renew(Self.app(steps: next))
        #expect(try await rig.engine.earlierRuns().map(\.words.en) == ["5 runs of `follow` are on their way; they finish on the version they began with"])
        let run = try #require(try await rig.engine.run(1))
        #expect(run.version?.isPresent == false && run.declaredAt == nil && run.parts.allSatisfy { $0.words != nil && $0.span == nil })
        try await rig.pass(3_600)
        for deal in deals { #expect(try await rig.value(deal, "note") == .text("done")) }
        #expect(try await rig.runs().allSatisfy { $0.state == .done && $0.version == 1 })
        #expect(try await rig.engine.earlierRuns().isEmpty)
        // What is set off from now on follows the new one.
        let last = try await rig.make("deal", #"{"name":"last"}"#)
        try await rig.pass(2 * 3_600)
        #expect(try await rig.value(last, "note") != .text("done"))
        #expect(try await rig.runs().last?.version == 2)
        try await rig.expectSound()
    }

    @Test("T21: a thousand runs wait, the app is renewed, begun anew, and rolled back: each finishes on the version it began with")
    func aThousandRunsWait() async throws {
        func version(_ number: Int) -> String { Self.app(steps: "[ { set: { note: begun } }, { wait: 1h }, { set: { note: \"v\(number)\" } }" + String(repeating: ", { set: { lines: \(number) } }", count: number) + " ]") }
        try await TestFiles.withFolder { folder in
            let rig = try await Rig(version(1), in: folder)
            var expected: [RecordID: Int] = [:]
            func make(_ count: Int, on number: Int) async throws {
                let deal = try #require(rig.engine.app.model.object(named: "deal")), name = try #require(deal.field(named: "name"))
                let engine = rig.engine
                let outcomes = try await withThrowingTaskGroup(of: SaveOutcome.self) { group in
                    for index in 0..<count {
                        group.addTask { try await engine.save(SaveCommand(.create(deal.id, [FieldInput(name.id, .text("d\(number) \(index)"))]), by: .system)) }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                for outcome in outcomes {
                    guard case .saved(let row, _) = outcome else { throw Surprise("\(outcome)") }
                    expected[row.id] = number
                }
            }
            try await make(990, on: 1)
            try await rig.settle()
            try await make(10, on: 1)
            try await rig.renew(version(2))
            try await make(20, on: 2)
            try await rig.settle()
            try await rig.restart(in: folder, version(3))
            try await make(20, on: 3)
            try await rig.settle()
            // Back to the one before.
            try await rig.renew(version(2))
            try await make(20, on: 2)
            #expect(try await rig.engine.earlierRuns().map(\.count) == [1_020])
            try await rig.pass(2 * 3_600)
            let note = try #require(rig.engine.app.model.object(named: "deal")?.field(named: "note")), lines = try #require(rig.engine.app.model.object(named: "deal")?.field(named: "lines"))
            let rows = try await rig.engine.store.read { try $0.rows(of: note.id.object) }
            #expect(rows.count == 1_060)
            for row in rows {
                let number = try #require(expected[row.id])
                #expect(row[note.id] == .text("v\(number)") && row[lines.id] == .number(ExactDecimal(Int64(number))))
            }
            let runs = try await rig.runs()
            #expect(runs.allSatisfy { $0.state == .done })
            for run in runs { #expect(run.version == run.record.flatMap { expected[$0] }.map(Int64.init)) }
            try await rig.expectSound()
            await rig.close()
        }
    }

    @Test("T21: what is gone from the app finishes what it had begun", arguments: Moment.allCases)
    func anAutomationIsTakenOut(at moment: Moment) async throws {
        let rig = try await Rig(Self.app(steps: Self.waits))
        let deal = try await rig.make("deal", #"{"name":"a"}"#)
        if moment == .waiting { try await rig.settle() }
        try await rig.renew(Self.app(steps: Self.waits).replacing("follow:", with: "other:"))
        try await rig.pass(3_600)
        #expect(try await rig.runs("automation/follow").map(\.state) == [.done])
        #expect(try await rig.runs("automation/other").isEmpty)
        #expect(try await rig.value(deal, "note") == .text("done"))
    }

    @Test("T21: where nothing acts any more, what waits for something about its record still hears of it") func nothingActsAnyMore() async throws {
        let rig = try await Rig(Self.app(steps: "[ { wait for: note = 'come' }, { set: { lines: 7 } } ]"))
        let deal = try await rig.make("deal", #"{"name":"a"}"#)
        try await rig.settle()
        let yaml = Self.app(steps: "{ stop: no }")
        try await rig.renew(String(yaml[..<(try #require(yaml.firstRange(of: "automations:")).lowerBound)]))
        try await rig.edit(deal, #"{"note":"come"}"#)
        try await rig.settle()
        #expect(try await rig.value(deal, "lines") == .number(ExactDecimal(7)))
        #expect(try await rig.runs().map(\.state) == [.done])
    }

    @Test("T21: what failed goes on with what was put right, where it is laid out alike") func whatFailedGoesOn() async throws {
        let rig = try await Rig(Self.app(steps: "[ { set: { note: begun } }, { wait: 1h }, { move: won } ]", stages: "open: {}, won: { enter: { never: { must: lines = 5 } } }"))
        let deal = try await rig.make("deal", #"{"name":"a"}"#)
        try await rig.pass(3_600)
        #expect(try await rig.runs().map(\.state) == [.failed])
        try await rig.renew(Self.app(steps: "[ { set: { note: begun } }, { wait: 1h }, { set: { note: mended } } ]", stages: "open: {}, won: { enter: { never: { must: lines = 5 } } }"))
        guard case .done = try await rig.engine.command(.resume, run: 1, by: .system) else { throw Surprise("refused") }
        try await rig.settle()
        #expect(try await rig.value(deal, "note") == .text("mended"))
        #expect(try await rig.runs().map(\.version) == [2])
    }

    @Test("T21: runs on seven versions go on by turns, and no writer reads an old text again") func manyVersionsByTurns() async throws {
        func text(_ version: Int) -> String {
            """
            app: { name: desk, timezone: Asia/Shanghai }
            objects: { deal: { fields: { name: text, n: { type: number, decimals: 0, default: 0 }, told: text } } }
            automations:
              count:
                when: deal is created
                do: [ { wait: 1h }, { set: { n: =n + 1 } }, { wait: 1h }, { set: { n: =n + 1 } }, { wait: 1h }, { set: { n: =n + 1, told: "v\(version)" } } ]

            """
        }
        // Nothing repeats here, so that nothing is wrong with it.
        let rig = try await Rig(try Rig.app(text(0)), at: "2026-03-02 09:00", fault: .repeatsSchedules)
        var deals: [RecordID] = []
        for version in 0..<7 {
            if version > 0 { try await rig.renew(text(version)) }
            for _ in 0..<3 {
                deals.append(try await rig.make("deal", #"{"name":"a"}"#))
                try await rig.settle()
                rig.jump(1)
            }
        }
        try await rig.renew(text(7))
        try await rig.pass(4 * 3_600)
        for (number, deal) in deals.enumerated() {
            #expect(try await rig.value(deal, "n") == .number(ExactDecimal(3)))
            #expect(try await rig.value(deal, "told") == .text("v\(number / 3)"))
        }
        #expect((rig.engine.store as? FaultyStore)?.memory.textsRead == 0)
        try await rig.expectSound()
    }

    @Test("T21: texts are kept as long as somebody needs them") func textsAreKept() async throws {
        let rig = try await Rig(Self.app(steps: "{ set: { lines: 0 } }"))
        _ = try await rig.make("deal", #"{"name":"done"}"#)
        try await rig.settle()
        try await rig.renew(Self.app(steps: Self.waits))
        let deal = try await rig.make("deal", #"{"name":"a"}"#)
        try await rig.settle()
        for number in 1...25 { try await rig.renew(Self.app(steps: "{ set: { lines: \(number) } }")) }
        func isKept(_ number: Int64) async throws -> Bool { try await rig.engine.store.read { try $0.sources(ofVersion: number) } != nil }
        #expect(try await !isKept(1), "nobody is on it")
        #expect(try await isKept(2), "a run is")
        #expect(try await isKept(27))
        // What it was called stays known.
        #expect(try await rig.engine.run(1)?.version != nil)
        try await rig.pass(3_600)
        #expect(try await rig.value(deal, "note") == .text("done"))
        for number in 30...51 { try await rig.renew(Self.app(steps: "{ set: { lines: \(number) } }")) }
        #expect(try await !isKept(2))
        #expect(try await rig.engine.run(2)?.version?.isPresent == false)
    }

    @Test("T22: a field goes, or takes another name, while runs wait on it", arguments: ["memo: text", "memo: text\n      other: text"])
    func aFieldGoes(fields: String) async throws {
        let rig = try await Rig(Self.app(steps: "[ { set: { note: \"{name}\" } }, { wait: 1h }, { set: { lines: 1 } } ]"))
        let deal = try await rig.make("deal", #"{"name":"a","note":"x"}"#)
        let other = try await rig.make("deal", #"{"name":"b"}"#)
        try await rig.edit(deal, #"{"note":"y"}"#)
        try await rig.settle()
        // One has not begun: it takes the steps of today.
        let late = try await rig.make("deal", #"{"name":"c"}"#)
        try await rig.renew(Self.app(fields: fields, steps: "[ { set: { memo: \"{name}\" } }, { wait: 1h }, { set: { lines: 2 } } ]"))
        let earlier = try await rig.engine.earlierRuns()
        #expect(earlier.map(\.count) == [3] && earlier.allSatisfy { $0.trouble?.en.contains("`note`") ?? false }, "\(earlier)")
        try await rig.pass(3_600)
        let runs = try await rig.runs()
        #expect(runs.map(\.state) == [.failed, .failed, .done])
        #expect(runs.prefix(2).allSatisfy { $0.note?.en.contains("`note`") ?? false && $0.note?.zh.contains("`note`") ?? false })
        #expect(try await rig.value(late, "lines") == .number(ExactDecimal(2)))
        // It may go on as it is laid out today, or be given up.
        guard case .done = try await rig.engine.command(.resume, run: 1, by: .system) else { throw Surprise("refused") }
        guard case .done = try await rig.engine.command(.cancel, run: 2, by: .system) else { throw Surprise("refused") }
        try await rig.settle()
        #expect(try await rig.value(deal, "lines") == .number(ExactDecimal(2)))
        #expect(try await rig.value(other, "lines") == .blank)
        #expect(try await rig.runs().map(\.state) == [.done, .canceled, .done])
    }

    @Test("T22: an option or an object goes while runs wait on it, and the steps are laid out anew", arguments: [true, false]) func anOptionGoes(isObject: Bool) async throws {
        func app(_ options: String, _ steps: String) -> String {
            Self.app(fields: "note: text\n      state: { type: choice, options: { \(options) } }", steps: steps)
        }
        let things = "  thing: { fields: { name: text } }\n"
        func with(_ yaml: String, _ more: String) -> String { yaml.replacing("objects:\n", with: "objects:\n" + more) }
        let before = with(app("a: A, b: B", "[ { set: { state: a } }, { wait: 1h }, { set: { state: b } }, { create: thing, with: { name: x } } ]"), things)
        let after = isObject ? app("a: A, b: B", "{ set: { state: a } }") : with(app("a: A", "{ set: { state: a } }"), things)
        let rig = try await Rig(before)
        _ = try await rig.make("deal", #"{"name":"x"}"#)
        try await rig.settle()
        try await rig.renew(after)
        try await rig.pass(3_600)
        let run = try #require(try await rig.engine.run(1))
        #expect(run.run.state == .failed)
        #expect(run.run.note?.en.contains(isObject ? "`thing`" : "`state`") ?? false, "\(run.run.note?.en ?? "nothing")")
        #expect(run.commands == [.cancel])
        #expect(run.refusals[.resume]?.en.contains("rewritten") ?? false)
        try await rig.expectSound()
    }

    // MARK: Approvals

    private static func approving(_ levels: String, freeze: String = "discount", changed: String = "restart") -> String {
        app(
            steps: "{ stop: no }",
            approvals: """
                approvals:
                  ok: { on: deal, freeze: [\(freeze)], changed: \(changed), levels: { \(levels) } }
                """, stages: "open: {}, quoted: { approval: ok }")
    }

    private static let team = "team: { by: users in role sales }", finance = "finance: { by: users in role finance, need: 2 }"

    @Test("T20: the levels are changed while people decide: nothing is closed by accident", arguments: [
        // The level at hand goes: it comes back to whoever asked, and goes on from the beginning.
        ("finance: { by: users in role finance, need: 2 }", ApprovalRequest.State.returned), 
        // A level is put in behind it, before it, and one to come goes.
        ("\(team), legal: { by: users in role finance, need: any }, \(finance)", .pending), ("legal: { by: users in role finance }, \(team), \(finance)", .pending), (team, .approved),
        // It needs more than before.
        ("team: { by: users in role sales, need: 2 }, \(finance)", .pending),
    ])
    func levelsAreChanged(levels: String, after: ApprovalRequest.State) async throws {
        let rig = try await Rig(Self.approving("\(Self.team), \(Self.finance)"))
        let asker = try await rig.make("user", #"{"name":"asker"}"#, door: .trusted)
        var people: [RecordID] = []
        for (name, role) in [("a", "sales"), ("b", "sales"), ("c", "finance"), ("d", "finance")] {
            people.append(try await rig.make("user", #"{"name":"\#(name)","role":"\#(role)"}"#, door: .trusted))
        }
        let deal = try await rig.make("deal", #"{"name":"x","discount":0.2}"#)
        guard case .held(let verdict) = try await rig.move(deal, to: "quoted", by: asker), let request = verdict.approval else { throw Surprise("not asked") }
        func view() async throws -> ApprovalView { try #require(try await rig.engine.approval(request)) }
        try await rig.renew(Self.approving(levels))
        try await rig.settle()
        try await rig.expectSound()
        _ = try await rig.engine.decide(request, .approve, by: rig.principal(people[0]), seen: nil)
        #expect(try await view().request.state == after)
        #expect(try await (rig.value(deal, "stage") == .option("quoted")) == (after == .approved))
        if after == .returned { _ = try await rig.engine.decide(request, .resubmit, by: rig.principal(asker), seen: nil) }
        // Whoever is asked says yes, until it is over.
        for _ in 0..<8 {
            guard let person = try await view().waiting.first else { break }
            _ = try await rig.engine.decide(request, .approve, by: rig.principal(person), seen: nil)
        }
        #expect(try await view().request.state == .approved)
        #expect(try await rig.value(deal, "stage") == .option("quoted"))
        try await rig.settle()
        try await rig.expectSound()
    }

    @Test("T20: what is frozen is changed while people decide") func whatIsFrozenIsChanged() async throws {
        let rig = try await Rig(Self.approving(Self.team))
        let asker = try await rig.make("user", #"{"name":"asker"}"#, door: .trusted)
        let boss = try await rig.make("user", #"{"name":"a","role":"sales"}"#, door: .trusted)
        let deal = try await rig.make("deal", #"{"name":"x","discount":0.2,"lines":1}"#)
        guard case .held(let verdict) = try await rig.move(deal, to: "quoted", by: asker), let request = verdict.approval else { throw Surprise("not asked") }
        try await rig.renew(Self.approving(Self.team, freeze: "lines", changed: "invalidate"))
        let view = try #require(try await rig.engine.approval(request))
        #expect(view.request.state == .pending && view.waiting == [boss])
        try await rig.edit(deal, #"{"lines":2}"#)
        #expect(try await rig.engine.approval(request)?.request.state == .void)
        try await rig.settle()
        try await rig.expectSound()
    }

    @Test("T20: the approval is taken out while people decide") func theApprovalIsTakenOut() async throws {
        let rig = try await Rig(Self.approving(Self.team))
        let asker = try await rig.make("user", #"{"name":"asker"}"#, door: .trusted)
        let boss = try await rig.make("user", #"{"name":"a","role":"sales"}"#, door: .trusted)
        let deal = try await rig.make("deal", #"{"name":"x","discount":0.2}"#)
        guard case .held(let verdict) = try await rig.move(deal, to: "quoted", by: asker), let request = verdict.approval else { throw Surprise("not asked") }
        try await rig.renew(Self.app(steps: "{ stop: no }"))
        guard case .refused = try await rig.engine.decide(request, .approve, by: rig.principal(boss), seen: nil) else { throw Surprise("decided") }
        guard case .saved = try await rig.move(deal, to: "quoted", by: asker) else { throw Surprise("still asked") }
    }

    @Test("T20: what an approval sets off goes on after it has waited") func whatAnApprovalSetsOffGoesOn() async throws {
        let rig = try await Rig(
            Self.approving(Self.team) + "  granted: { when: ok is approved, do: [ { set: { note: granted } }, { wait: 1h }, { set: { note: later } } ] }\n")
        let asker = try await rig.make("user", #"{"name":"asker"}"#, door: .trusted)
        let boss = try await rig.make("user", #"{"name":"a","role":"sales"}"#, door: .trusted)
        let deal = try await rig.make("deal", #"{"name":"x","discount":0.2}"#)
        guard case .held(let verdict) = try await rig.move(deal, to: "quoted", by: asker), let request = verdict.approval else { throw Surprise("not asked") }
        _ = try await rig.engine.decide(request, .approve, by: rig.principal(boss), seen: nil)
        try await rig.pass(3_600)
        #expect(try await rig.value(deal, "note") == .text("later"))
        try await rig.expectSound()
    }
}
