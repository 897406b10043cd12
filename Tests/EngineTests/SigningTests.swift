import Engine
import Formula
import Model
import Program
import SourceText
import Storage
import TestKit
import Testing

/// People who are asked beside those whom a level asks, and people who decide for others who are away.
struct SigningTests {
    private static let app = """
        app: { name: desk, timezone: Asia/Shanghai }
        roles: { legal: {}, board: {} }
        objects:
          deal:
            shows: "{name}"
            fields: { name: { type: text, required: yes }, state: { type: choice, options: { new: 新建, ok: 同意, no: 驳回 }, default: new } }
        approvals:
          review:
            on: deal
            allow: [delegate, add signer before, add signer after]
            levels:
              LEVELS
        automations:
          ask: { when: deal is created, do: [ { approve: review, then: { set: { state: ok } }, else: { set: { state: "no" } } } ] }
        """

    private struct Desk {
        let bench: Bench
        let a, b, c, d, asker, deal: RecordID
        let request: Int64

        func decide(_ decision: ApprovalDecision, by person: RecordID) async throws -> ApprovalOutcome {
            try await bench.engine.decide(request, decision, by: Principal(user: person, name: "", roles: []), seen: nil)
        }

        func view() async throws -> ApprovalView { try #require(try await bench.engine.approval(request)) }
        func waiting() async throws -> Set<RecordID> { Set(try await view().waiting) }

        func go(_ person: RecordID, to deputy: RecordID, days: Int64, after: Int64 = 0) async throws -> AbsenceOutcome {
            let now = bench.clock.now().microseconds
            return try await bench.engine.announceAbsence(
                of: Principal(user: person, name: "", roles: []), deputy: deputy, from: after == 0 ? nil : Instant(microseconds: now + after * Microseconds.perDay),
                until: Instant(microseconds: now + (after + days) * Microseconds.perDay))
        }

        func pass(days: Int64) async throws {
            bench.clock.advance(seconds: days * 86_400)
            try await settle()
        }

        func settle() async throws {
            try await Automator(bench.engine).settle()
            #expect(try await Invariants.broken(in: bench.engine) == [])
        }
    }

    private func desk(_ levels: String) async throws -> Desk {
        let bench = try Bench(Self.app.replacing("LEVELS", with: levels))
        func person(_ name: String, _ role: String? = nil) async throws -> RecordID {
            try await bench.make("user", "{\"name\": \"\(name)\"\(role.map { ", \"role\": \"\($0)\"" } ?? "")}", door: .trusted)
        }
        let a = try await person("a", "legal"), b = try await person("b", "legal"), c = try await person("c", "legal"), d = try await person("d")
        let asker = try await person("asker")
        let deal = try await bench.make("deal", "{\"name\": \"x\"}", by: Principal(user: asker, name: "", roles: []))
        try await Automator(bench.engine).settle()
        let request = try #require(try await bench.engine.approvals(of: deal).first?.request.id)
        return Desk(bench: bench, a: a, b: b, c: c, d: d, asker: asker, deal: deal, request: request)
    }

    private func expectDone(_ outcome: ApprovalOutcome, _ location: SourceLocation = #_sourceLocation) {
        guard case .done = outcome else {
            Issue.record("\(String(describing: outcome))", sourceLocation: location)
            return
        }
    }

    private func expectRefused(_ outcome: ApprovalOutcome, _ location: SourceLocation = #_sourceLocation) {
        guard case .refused = outcome else {
            Issue.record("\(String(describing: outcome))", sourceLocation: location)
            return
        }
    }

    @Test func whoWasAddedDoesNotCountTowardsTheNumber() async throws {
        let desk = try await desk("legal: { by: users in role legal, need: 2 }")
        expectDone(try await desk.decide(.addSigner(desk.d, .after), by: desk.a))
        expectDone(try await desk.decide(.approve, by: desk.a))
        expectDone(try await desk.decide(.approve, by: desk.b))
        // Both have agreed, but not the one whom the first wanted to be asked.
        #expect(try await desk.view().request.state == .pending)
        #expect(try await desk.waiting() == [desk.c, desk.d])
        expectDone(try await desk.decide(.approve, by: desk.d))
        try await desk.settle()
        #expect(try await desk.view().request.state == .approved)
        #expect(try await desk.bench.read(desk.deal, "state") == ["\"ok\""])
    }

    @Test func aRejectionByOneWhoWasAddedTakesThePlaceOfWhoeverAddedThem() async throws {
        let desk = try await desk("legal: { by: users in role legal, need: 2 }")
        expectDone(try await desk.decide(.addSigner(desk.d, .before), by: desk.a))
        expectDone(try await desk.decide(.reject(to: nil), by: desk.d))
        #expect(try await desk.view().request.state == .pending)
        #expect(try await desk.waiting() == [desk.b, desk.c])
        expectDone(try await desk.decide(.reject(to: nil), by: desk.b))
        #expect(try await desk.view().request.state == .rejected)
    }

    @Test func inOrderTheyComeInBetween() async throws {
        let desk = try await desk("legal: { by: users in role legal, need: in order }")
        #expect(try await desk.waiting() == [desk.a])
        expectDone(try await desk.decide(.addSigner(desk.d, .after), by: desk.a))
        expectDone(try await desk.decide(.approve, by: desk.a))
        #expect(try await desk.waiting() == [desk.d])
        // Whoever asked is not asked.
        expectRefused(try await desk.decide(.addSigner(desk.asker, .before), by: desk.d))
        expectDone(try await desk.decide(.approve, by: desk.d))
        #expect(try await desk.waiting() == [desk.b])
        try await desk.settle()
    }

    @Test func whatHangsOnAPlaceGoesWithIt() async throws {
        let desk = try await desk("legal: { by: users in role legal, need: all }")
        expectDone(try await desk.decide(.addSigner(desk.d, .after), by: desk.a))
        let e = try await desk.bench.make("user", "{\"name\": \"e\"}", door: .trusted)
        expectDone(try await desk.decide(.delegate(to: e), by: desk.a))
        for person in [desk.b, desk.c, e] { expectDone(try await desk.decide(.approve, by: person)) }
        #expect(try await desk.waiting() == [desk.d])
        expectDone(try await desk.decide(.approve, by: desk.d))
        #expect(try await desk.view().request.state == .approved)
        try await desk.settle()
    }

    @Test func onlyWhereTheAuthorWantsIt() async throws {
        let desk = try await ApprovalTests().desk()
        expectRefused(try await desk.decide(.addSigner(desk.other, .before), by: desk.boss))
        #expect(!(try await desk.view().choices(of: desk.boss).contains(.addSignerBefore)))
    }

    // MARK: Absences

    @Test func whatWaitsGoesAndComesBack() async throws {
        let desk = try await desk("legal: { by: users in role legal, need: all }")
        guard case .done = try await desk.go(desk.a, to: desk.d, days: 3) else {
            Issue.record("refused")
            return
        }
        #expect(try await desk.waiting() == [desk.b, desk.c, desk.d])
        expectRefused(try await desk.decide(.approve, by: desk.a))
        try await desk.pass(days: 3)
        #expect(try await desk.waiting() == [desk.a, desk.b, desk.c])
        expectRefused(try await desk.decide(.approve, by: desk.d))
        expectDone(try await desk.decide(.approve, by: desk.a))
        try await desk.settle()
    }

    @Test func itIsSaidForWhomSomebodyDecided() async throws {
        let desk = try await desk("legal: { by: users in role legal }")
        _ = try await desk.go(desk.a, to: desk.d, days: 3)
        expectDone(try await desk.decide(.approve, by: desk.d))
        #expect(try await desk.view().steps.contains { $0.by == desk.d && $0.words.en == "agreed (for a)" })
        let audit = try await desk.bench.engine.store.read { try $0.audit(limit: 100, before: nil) }
        #expect(audit.contains { $0.action == "approve" && $0.detail?.hasSuffix("for \(desk.bench.engine.app.text(of: desk.a))") == true })
        #expect(audit.contains { $0.action == "announce_absence" })
        try await desk.pass(days: 3)
        #expect(try await desk.view().request.state == .approved)
    }

    @Test func circlesAndOverlapsAreRefused() async throws {
        let desk = try await desk("legal: { by: users in role legal }")
        guard case .done = try await desk.go(desk.a, to: desk.b, days: 3), case .done = try await desk.go(desk.b, to: desk.c, days: 3) else {
            Issue.record("refused")
            return
        }
        guard case .refused = try await desk.go(desk.c, to: desk.a, days: 1) else {
            Issue.record("in a circle")
            return
        }
        guard case .refused = try await desk.go(desk.a, to: desk.d, days: 1, after: 2) else {
            Issue.record("twice at once")
            return
        }
        guard case .refused = try await desk.go(desk.d, to: desk.d, days: 1) else {
            Issue.record("for themselves")
            return
        }
        // Once the others are back it leads nowhere.
        guard case .done = try await desk.go(desk.c, to: desk.a, days: 1, after: 4) else {
            Issue.record("refused")
            return
        }
    }

    @Test func aChainIsFollowedAndUnwound() async throws {
        let desk = try await desk("legal: { by: first(users in role legal by id) }")
        #expect(try await desk.waiting() == [desk.a])
        _ = try await desk.go(desk.d, to: desk.b, days: 2)
        _ = try await desk.go(desk.a, to: desk.d, days: 1)
        #expect(try await desk.waiting() == [desk.b])
        // The first is back before the second.
        try await desk.pass(days: 1)
        #expect(try await desk.waiting() == [desk.a])
        try await desk.pass(days: 1)
        #expect(try await desk.waiting() == [desk.a])
    }

    @Test func oneDecisionForTwoIsEnough() async throws {
        let desk = try await desk("legal: { by: users in role legal, need: all }")
        _ = try await desk.go(desk.a, to: desk.b, days: 3)
        #expect(try await desk.waiting() == [desk.b, desk.c])
        expectDone(try await desk.decide(.approve, by: desk.b))
        expectDone(try await desk.decide(.approve, by: desk.c))
        #expect(try await desk.view().request.state == .approved)
        // Where people are counted everybody keeps their own.
        let counted = try await self.desk("legal: { by: users in role legal, need: 3 }")
        _ = try await counted.go(counted.a, to: counted.b, days: 3)
        #expect(try await counted.waiting() == [counted.a, counted.b, counted.c])
    }

    @Test func oneWhoStandsInForTwoKeepsTheSecond() async throws {
        let desk = try await desk("legal: { by: users in role legal, need: all }")
        _ = try await desk.go(desk.a, to: desk.d, days: 1)
        _ = try await desk.go(desk.b, to: desk.d, days: 3)
        #expect(try await desk.waiting() == [desk.c, desk.d])
        try await desk.pass(days: 1)
        #expect(try await desk.waiting() == [desk.a, desk.c, desk.d])
        try await desk.pass(days: 2)
        #expect(try await desk.waiting() == [desk.a, desk.b, desk.c])
    }

    @Test func itEndsWhenThePersonSaysSo() async throws {
        let desk = try await desk("legal: { by: users in role legal }")
        guard case .done(let absence) = try await desk.go(desk.a, to: desk.d, days: 3) else {
            Issue.record("refused")
            return
        }
        guard case .missing = try await desk.bench.engine.endAbsence(absence.id, by: Principal(user: desk.d, name: "", roles: [])) else {
            Issue.record("somebody else's")
            return
        }
        guard case .done = try await desk.bench.engine.endAbsence(absence.id, by: Principal(user: desk.a, name: "", roles: [])) else {
            Issue.record("refused")
            return
        }
        #expect(try await desk.waiting() == [desk.a, desk.b, desk.c])
        #expect(try await desk.bench.engine.absences(with: desk.d, limit: 10).map(\.absence.state) == [.over])
        try await desk.settle()
    }
}
