import Engine
import Formula
import Model
import Program
import Storage
import Testing

/// T23 and what belongs to it: people who decide at once, twice, too late, or about something else.
struct ApprovalTests {
    static let app = """
        app: { name: desk, timezone: Asia/Shanghai }
        roles: { sales: {}, finance: {} }
        objects:
          deal:
            shows: "{name}"
            fields:
              name:     { type: text, required: yes }
              discount: percent
              note:     text
              owner:    link to user
              lines:    number
              deep:     { formula: discount * lines }
              stage:
                type: stage
                stages:
                  open:   {}
                  quoted: { approval: ok, enter: { named: { must: note is not blank } } }
                  won:    { approval: strict }
                  lost:   { end: lost }
                moves: { skip: yes }
        approvals:
          ok:
            on: deal
            if: discount > 10%
            freeze: [discount, deep]
            changed: CHANGED
            reject: REJECT
            levels:
              team:    { by: owner.manager }
              finance: { by: users in role finance, need: 2 }
          strict:
            on: deal
            levels:
              all: { by: users in role finance, need: all, within: 1 day, late: approve }
        """

    struct Desk {
        let bench: Bench
        let seller, boss, other, first, second, third, deal: RecordID
        let request: Int64

        func decide(_ decision: ApprovalDecision, by person: RecordID, seen: Int64? = nil) async throws -> ApprovalOutcome {
            try await bench.engine.decide(request, decision, by: principal(person), seen: seen)
        }

        func principal(_ person: RecordID) -> Principal { Principal(user: person, name: "", roles: []) }
        func view() async throws -> ApprovalView { try #require(try await bench.engine.approval(request)) }
        func state() async throws -> ApprovalRequest.State { try await view().request.state }
    }

    func desk(changed: String = "refuse", reject: String = "stop", to stage: String = "quoted") async throws -> Desk {
        let bench = try Bench(Self.app.replacing("CHANGED", with: changed).replacing("REJECT", with: reject))
        func person(_ name: String, _ more: String = "") async throws -> RecordID { try await bench.make("user", "{\"name\": \"\(name)\"\(more)}", door: .trusted) }
        let boss = try await person("boss")
        let seller = try await person("seller", ", \"role\": \"sales\", \"manager\": \"\(bench.engine.app.text(of: boss))\"")
        let other = try await person("other")
        let first = try await person("first", ", \"role\": \"finance\""), second = try await person("second", ", \"role\": \"finance\"")
        let third = try await person("third", ", \"role\": \"finance\"")
        let deal = try await bench.make(
            "deal", "{\"name\": \"a\", \"note\": \"x\", \"discount\": 0.2, \"lines\": 2, \"owner\": \"\(bench.engine.app.text(of: seller))\"}")
        let outcome = try await bench.move(deal, to: stage, by: Principal(user: seller, name: "", roles: []))
        guard case .held(let verdict) = outcome, let request = verdict.approval else { throw Surprise(outcome: "\(outcome)") }
        return Desk(bench: bench, seller: seller, boss: boss, other: other, first: first, second: second, third: third, deal: deal, request: request)
    }

    private func fail(_ text: String, _ location: SourceLocation = #_sourceLocation) {
        Issue.record(Comment(rawValue: text), sourceLocation: location)
    }

    private func expectDone(_ outcome: ApprovalOutcome, _ location: SourceLocation = #_sourceLocation) {
        guard case .done = outcome else { return fail("\(outcome)", location) }
    }

    @Test func movingAgainAsksOnce() async throws {
        let desk = try await desk()
        let again = try await desk.bench.move(desk.deal, to: "quoted", by: desk.principal(desk.seller))
        guard case .held(let verdict) = again else { return fail("\(again)") }
        #expect(verdict.approval == desk.request)
        #expect(try await desk.bench.read(desk.deal, "stage") == ["\"open\""])
        #expect(try await desk.bench.engine.approvals(of: desk.deal).count == 1)
    }

    @Test("T23: two at once count once each") func twoAtOnceCountOnceEach() async throws {
        let desk = try await desk()
        expectDone(try await desk.decide(.approve, by: desk.boss))
        async let one = desk.decide(.approve, by: desk.first)
        async let same = desk.decide(.approve, by: desk.first)
        async let two = desk.decide(.approve, by: desk.second)
        async let three = desk.decide(.approve, by: desk.third)
        let outcomes = try await [one, same, two, three]
        let done = outcomes.count { if case .done = $0 { true } else { false } }
        #expect(done == 2)
        #expect(try await desk.state() == .approved)
        #expect(try await desk.view().seats.count { $0.state == .approved } == 3)
        #expect(try await desk.bench.read(desk.deal, "stage") == ["\"quoted\""])
        #expect(try await desk.bench.engine.store.read { try $0.visits(of: desk.deal).count { $0.stage == "quoted" } } == 1)
    }

    @Test("T23: the same decision again changes nothing") func theSameDecisionAgainChangesNothing() async throws {
        let desk = try await desk()
        expectDone(try await desk.decide(.approve, by: desk.boss))
        guard case .unchanged = try await desk.decide(.approve, by: desk.boss) else { return fail("counted twice") }
        guard case .refused = try await desk.decide(.reject(to: nil), by: desk.boss) else { return fail("decided twice") }
        guard case .denied = try await desk.decide(.approve, by: desk.other) else { return fail("not theirs") }
        guard case .denied = try await desk.decide(.approve, by: desk.seller) else { return fail("their own") }
    }

    @Test("T23: withdrawing and approving have one end") func withdrawingAndApprovingHaveOneEnd() async throws {
        let desk = try await desk()
        async let withdrawn = desk.decide(.withdraw, by: desk.seller)
        async let approved = desk.decide(.approve, by: desk.boss)
        _ = try await (withdrawn, approved)
        #expect(try await desk.state() == .withdrawn)
        guard case .refused = try await desk.decide(.reject(to: nil), by: desk.boss) else { return fail("it was over") }
        #expect(try await desk.bench.read(desk.deal, "stage") == ["\"open\""])
    }

    @Test("T23: what is decided on is frozen") func whatIsDecidedOnIsFrozen() async throws {
        let desk = try await desk()
        for change in ["{\"discount\": 0.1}", "{\"lines\": 5}"] {
            guard case .refused(let violations) = try await desk.bench.edit(desk.deal, change) else { return fail("was changed") }
            #expect(violations.map(\.code) == [.frozen])
        }
        guard case .saved = try await desk.bench.edit(desk.deal, "{\"name\": \"b\"}") else { return fail("the rest is free") }
    }

    @Test("T23: a change begins anew and a decision on the old is refused") func aChangeBeginsAnewAndADecisionOnTheOldIsRefused() async throws {
        let desk = try await desk(changed: "restart")
        let seen = try await desk.view().request.revision
        expectDone(try await desk.decide(.approve, by: desk.boss, seen: seen))
        guard case .saved = try await desk.bench.edit(desk.deal, "{\"discount\": 0.3}") else { return fail("was refused") }
        #expect(try await desk.view().waiting == [desk.boss])
        guard case .conflict(let now) = try await desk.decide(.approve, by: desk.boss, seen: seen) else { return fail("decided on the old") }
        expectDone(try await desk.decide(.approve, by: desk.boss, seen: now.revision))
    }

    @Test("T23: a change makes it void") func aChangeMakesItVoid() async throws {
        let desk = try await desk(changed: "invalidate")
        try await desk.bench.edit(desk.deal, "{\"discount\": 0.3}")
        #expect(try await desk.state() == .void)
    }

    @Test func leavingTheStageOrGoingMakesItVoid() async throws {
        let moved = try await desk()
        try await moved.bench.move(moved.deal, to: "lost", by: moved.principal(moved.seller))
        #expect(try await moved.state() == .void)
        let deleted = try await desk()
        try await deleted.bench.delete(deleted.deal)
        #expect(try await deleted.state() == .void)
    }

    @Test func whereTheGateIsClosedByThenTheApprovalStands() async throws {
        let desk = try await desk()
        try await desk.bench.edit(desk.deal, "{\"note\": null}")
        for person in [desk.boss, desk.first, desk.second] { expectDone(try await desk.decide(.approve, by: person)) }
        #expect(try await desk.state() == .approved)
        #expect(try await desk.bench.read(desk.deal, "stage") == ["\"open\""])
        try await desk.bench.edit(desk.deal, "{\"note\": \"y\"}")
        guard case .saved = try await desk.bench.move(desk.deal, to: "quoted", by: desk.principal(desk.seller)) else { return fail("asked again") }
        // It is used up.
        try await desk.bench.move(desk.deal, to: "open", by: desk.principal(desk.seller))
        guard case .held = try await desk.bench.move(desk.deal, to: "quoted", by: desk.principal(desk.seller)) else { return fail("used twice") }
    }

    @Test func aNumberIsRejectedOnlyWhenItCannotBeReached() async throws {
        let desk = try await desk()
        expectDone(try await desk.decide(.approve, by: desk.boss))
        expectDone(try await desk.decide(.reject(to: nil), by: desk.first))
        #expect(try await desk.state() == .pending)
        expectDone(try await desk.decide(.reject(to: nil), by: desk.second))
        #expect(try await desk.state() == .rejected)
    }

    @Test func rejectingGoesWhereTheAuthorSays() async throws {
        let back = try await desk(reject: "back to start")
        expectDone(try await back.decide(.reject(to: nil), by: back.boss))
        #expect(try await back.state() == .returned)
        expectDone(try await back.decide(.resubmit, by: back.seller))
        #expect(try await back.view().waiting == [back.boss])
        let choice = try await desk(reject: "back to choice")
        expectDone(try await choice.decide(.approve, by: choice.boss))
        guard case .refused = try await choice.decide(.reject(to: nil), by: choice.first) else { return fail("where to?") }
        guard case .refused = try await choice.decide(.reject(to: "finance"), by: choice.first) else { return fail("not back") }
    }

    @Test("T23: handing on goes in no circle") func handingOnGoesInNoCircle() async throws {
        let desk = try await desk()
        expectDone(try await desk.decide(.delegate(to: desk.other), by: desk.boss))
        guard case .refused = try await desk.decide(.delegate(to: desk.boss), by: desk.other) else { return fail("in a circle") }
        guard case .refused = try await desk.decide(.delegate(to: desk.seller), by: desk.other) else { return fail("to whoever asked") }
        guard case .refused = try await desk.decide(.approve, by: desk.boss) else { return fail("handed on") }
        expectDone(try await desk.decide(.approve, by: desk.other))
        #expect(Set(try await desk.view().waiting) == [desk.first, desk.second, desk.third])
    }

    @Test func sendingBackAsksAgain() async throws {
        let desk = try await desk()
        expectDone(try await desk.decide(.approve, by: desk.boss))
        expectDone(try await desk.decide(.sendBack(to: "team"), by: desk.first))
        #expect(try await desk.view().waiting == [desk.boss])
        expectDone(try await desk.decide(.approve, by: desk.boss))
        // Whoever sent it back decides again.
        expectDone(try await desk.decide(.approve, by: desk.first))
        expectDone(try await desk.decide(.approve, by: desk.second))
        #expect(try await desk.state() == .approved)
    }

    @Test("T23: somebody who leaves is not asked and cannot decide") func somebodyWhoLeavesIsNotAskedAndCannotDecide() async throws {
        let desk = try await desk()
        try await desk.bench.edit(desk.boss, "{\"active\": false}")
        guard case .denied = try await desk.decide(.approve, by: desk.boss) else { return fail("decided") }
    }

    @Test func timeDecides() async throws {
        let desk = try await desk(to: "won")
        expectDone(try await desk.decide(.approve, by: desk.first))
        desk.bench.clock.advance(seconds: 86_399)
        try await Automator(desk.bench.engine).settle()
        #expect(try await desk.state() == .pending)
        desk.bench.clock.advance(seconds: 1)
        try await Automator(desk.bench.engine).settle()
        #expect(try await desk.state() == .approved)
        #expect(try await desk.bench.read(desk.deal, "stage") == ["\"won\""])
        #expect(try await desk.bench.engine.store.read { try $0.audit(limit: 100, before: nil).contains { $0.action == "approve" } })
    }

    @Test func theInboxHoldsWhatWaits() async throws {
        let desk = try await desk()
        let engine = desk.bench.engine
        #expect(try await engine.approvals(.mine, of: desk.boss, limit: 10).map(\.request.id) == [desk.request])
        #expect(try await engine.approvalsWaiting(for: desk.boss) == 1)
        #expect(try await engine.approvals(.asked, of: desk.seller, limit: 10).count == 1)
        expectDone(try await desk.decide(.approve, by: desk.boss))
        #expect(try await engine.approvalsWaiting(for: desk.boss) == 0)
        #expect(try await engine.approvals(.decided, of: desk.boss, limit: 10).count == 1)
        #expect(try await engine.approvals(.mine, of: desk.third, limit: 10).count == 1)
    }
}
