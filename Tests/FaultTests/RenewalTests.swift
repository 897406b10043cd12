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

    @Test("T21: renewed between the save and the first step, or while runs wait", arguments: Moment.allCases, [
        (waits, "done", "done"), ("[ { set: { note: begun } }, { wait: 1h }, { set: { note: other } } ]", "other", "other"),
        ("[ { set: { note: new } } ]", "new", "begun"), ("[ { set: { note: begun } }, { wait: 1h }, { set: { note: more } }, { set: { lines: 1 } } ]", "more", "begun"),
    ])
    func renewed(at moment: Moment, to next: (steps: String, early: String, late: String)) async throws {
        let rig = try await Rig(Self.app(steps: Self.waits))
        var deals: [RecordID] = []
        for number in 0..<(moment == .waiting ? 50 : 5) { deals.append(try await rig.make("deal", #"{"name":"d\#(number)"}"#)) }
        if moment == .waiting { try await rig.settle() }
        try await rig.renew(Self.app(steps: next.steps))
        try await rig.pass(3_600)
        let expected = moment == .setOff ? next.early : next.late
        for deal in deals { #expect(try await rig.value(deal, "note") == .text(expected)) }
        // Steps that were laid out anew are refused, and it is said.
        let isRefused = moment == .waiting && next.late == "begun"
        let runs = try await rig.runs()
        #expect(runs.allSatisfy { $0.state == (isRefused ? .failed : .done) })
        #expect(runs.allSatisfy { !isRefused || ($0.note?.en.contains("rewritten") ?? false) })
        try await rig.expectSound()
    }

    @Test("T21: rolled back before anything was done, runs go on as they began")
    func rolledBack() async throws {
        let rig = try await Rig(Self.app(steps: Self.waits))
        let deal = try await rig.make("deal", #"{"name":"a"}"#)
        try await rig.settle()
        try await rig.renew(Self.app(steps: "[ { set: { note: new } } ]"))
        try await rig.renew(Self.app(steps: Self.waits))
        try await rig.pass(3_600)
        #expect(try await rig.value(deal, "note") == .text("done"))
        try await rig.expectSound()
    }

    @Test("T21: what is gone from the app ends what it had begun", arguments: Moment.allCases)
    func anAutomationIsTakenOut(at moment: Moment) async throws {
        let rig = try await Rig(Self.app(steps: Self.waits))
        _ = try await rig.make("deal", #"{"name":"a"}"#)
        if moment == .waiting { try await rig.settle() }
        try await rig.renew(Self.app(steps: Self.waits).replacing("follow:", with: "other:"))
        try await rig.pass(3_600)
        #expect(try await rig.runs("automation/follow").map(\.state) == [.failed])
        #expect(try await rig.runs("automation/other").isEmpty)
    }

    @Test("T22: a field goes, or takes another name, while runs wait on it", arguments: ["memo: text", "memo: text\n      other: text"])
    func aFieldGoes(fields: String) async throws {
        let rig = try await Rig(Self.app(steps: "[ { set: { note: \"{name}\" } }, { wait: 1h }, { set: { lines: 1 } } ]"))
        let deal = try await rig.make("deal", #"{"name":"a","note":"x"}"#)
        try await rig.edit(deal, #"{"note":"y"}"#)
        try await rig.settle()
        try await rig.renew(Self.app(fields: fields, steps: "[ { set: { memo: \"{name}\" } }, { wait: 1h }, { set: { lines: 2 } } ]"))
        try await rig.pass(3_600)
        #expect(try await rig.value(deal, "lines") == .number(ExactDecimal(2)))
        #expect(try await rig.value(deal, "memo") == .blank)
        #expect(try await rig.runs().map(\.state) == [.done])
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
