import Engine
import Formula
import Model
import Program
import SourceText
import Storage
import Testing

/// What is seen of runs, and what is done about them.
@Suite struct RunTests {
    private static let app = """
        app: { name: desk, timezone: Asia/Shanghai }
        roles: { sales: {}, chief: { includes: sales, administers: yes } }
        objects:
          order:  { shows: "{title}", fields: { title: { type: text, required: yes } } }
          deal:
            shows: "{name}"
            fields:
              name:   { type: text, required: yes }
              wanted: text
              amount: number
              note:   text
              owner:  { type: link, to: user, as: deals }
              stage:
                type: stage
                stages: { open: {}, planned: { keep: yes, enter: { amount: { must: amount > 0 } } }, won: { end: won } }
        approvals:
          ok: { on: deal, levels: { boss: { by: users in role chief } } }
        assignments:
          routing: { on: deal, sets: owner, among: "user where role = 'sales' and active", prefer: { free: 10 }, nobody: { queue: later } }
        automations:
          route: { when: deal is created, if: owner is blank, do: [ { assign: routing } ] }
          order:
            when: deal.wanted changes
            do:
              - if: amount > 100
                then: { set: { note: big } }
                else: { set: { note: small } }
              - create: order
                name: made
                with: { title: "{note}{if(wanted = 'x', '', wanted)}" }
              - wait: 2 days
              - set: { note: =made.title }
          odd:
            when: deal.amount becomes 7
            do:
              - create: order
                with: { title: =wanted }
              - set: { note: went on }
          ask:
            when: deal.amount becomes 13
            do: [ { approve: ok }, { set: { note: approved } } ]
          divided:
            when: deal.amount becomes 0
            do:
              - if: 1 / amount > 2
                then: { set: { note: never } }
        watches:
          slow: { while: deal where owner is not blank and note is blank, after: { 1h: { notify: owner, message: slow }, 2h: { notify: owner, message: slower } } }
        """

    private struct Desk {
        let bench: Bench
        let chief: RecordID
        let clerk: RecordID
        var engine: Engine { bench.engine }

        init() async throws {
            bench = try Bench(RunTests.app)
            chief = try await bench.make("user", #"{"name":"Zhou","role":"chief","active":true}"#, door: .trusted)
            clerk = try await bench.make("user", #"{"name":"Wang","role":"sales","active":true}"#, door: .trusted)
        }

        func principal(_ person: RecordID) -> Principal {
            let role = bench.model.roles.first { $0.name == (person == chief ? "chief" : "sales") }
            return Principal(user: person, name: "", roles: Set([role?.id].compactMap { $0 }))
        }

        func deal(_ json: String) async throws -> RecordID {
            let deal = try await bench.make("deal", json)
            try await settle()
            return deal
        }

        func edit(_ deal: RecordID, _ json: String) async throws {
            try await bench.edit(deal, json)
            try await settle()
        }

        func settle() async throws { try await Automator(engine).settle() }

        func pass(seconds: Int64) async throws {
            bench.clock.advance(seconds: seconds)
            try await settle()
        }

        func run(_ name: String) async throws -> RunView {
            var query = RunQuery(limit: 1)
            query.process = "automation/\(name)"
            return try #require(try await engine.runViews(query).first)
        }

        func give(_ command: RunCommand, _ run: RunView, by person: RecordID? = nil) async throws -> RunOutcome {
            let outcome = try await engine.command(command, run: run.run.id, by: principal(person ?? chief))
            try await settle()
            return outcome
        }
    }

    private func isDone(_ outcome: RunOutcome) -> Bool { if case .done = outcome { true } else { false } }
    private func refusal(_ outcome: RunOutcome) -> String? { if case .refused(let words) = outcome { words.en } else { nil } }

    @Test func aRunTellsWhatItDidWhatItWaitsForAndWhatItPassedBy() async throws {
        let desk = try await Desk()
        let deal = try await desk.deal(#"{"name":"A","amount":5}"#)
        try await desk.edit(deal, #"{"wanted":"chairs"}"#)
        let run = try await desk.run("order")
        #expect(run.run.state == .waiting)
        #expect(run.parts.map(\.step) == ["1", "1.then.1", "1.else.1", "2", "3", "4"])
        #expect(run.parts.map(\.state) == [.no, .skipped, .done, .done, .current, .ahead])
        #expect(run.parts[0].entries.first?.words.en == "it does not hold: amount > 100 (amount = 5)")
        #expect(run.parts[1].reason?.en == "the condition did not hold" && run.parts[1].depth == 1)
        #expect(run.parts[2].entries.first?.words.en == "changed A: note = small")
        #expect(run.parts[3].entries.first?.words.zh == "新建了 smallchairs：title＝smallchairs")
        #expect(run.waits?.en.contains("waits 2 days; goes on at 2026-03-04") == true)
        #expect(run.variables.map(\.name) == ["made"] && run.variables.first?.value.linkedRecords.first.flatMap { run.titles[$0] } == "smallchairs")
        #expect(run.before.map { desk.bench.model[$0.field].name } == ["wanted"])
        #expect(run.commands == [.cancel])
        try await desk.pass(seconds: 2 * 86_400)
        let done = try await desk.run("order")
        #expect(done.run.state == .done && done.parts.map(\.state) == [.no, .skipped, .done, .done, .done, .done] && done.commands.isEmpty)
    }

    @Test func aFailedStepIsTakenUpAgainAndNothingBeforeItIsDoneTwice() async throws {
        let desk = try await Desk()
        let deal = try await desk.deal(#"{"name":"A","amount":7}"#)
        #expect(try await desk.engine.failedRuns() == 1)
        let failed = try await desk.run("odd")
        #expect(failed.run.state == .failed && failed.parts.map(\.state) == [.refused, .skipped] && failed.commands == [.resume, .skip, .cancel])
        #expect(failed.parts[1].reason?.en == "a step before it failed")
        guard case .denied = try await desk.give(.resume, failed, by: desk.clerk) else { return fail("somebody else may not") }
        #expect(isDone(try await desk.give(.resume, failed)))
        #expect(try await desk.run("odd").run.state == .failed, "nothing has changed, so it fails again")
        try await desk.edit(deal, #"{"wanted":"tables"}"#)
        #expect(isDone(try await desk.give(.resume, failed)))
        let done = try await desk.run("odd")
        #expect(done.run.state == .done && done.parts[0].entries.map(\.isDone) == [false, true, false, true, true])
        #expect(done.parts[0].entries[1].words.en == "Zhou let it go on at this step")
        #expect(try await desk.bench.read(deal, "note") == ["\"went on\""])
        #expect(try await desk.engine.failedRuns() == 0)
        let audit = try await desk.engine.store.read { try $0.audit(limit: 50, before: nil) }.filter { $0.action == "run_resume" }
        #expect(audit.count == 2 && audit.allSatisfy { $0.by == desk.chief && $0.record == deal && $0.detail == "automation/odd run \(failed.run.id)" })
        #expect(refusal(try await desk.give(.resume, done)) == "this run is over")
        guard case .missing = try await desk.engine.command(.resume, run: 999, by: desk.principal(desk.chief)) else { return fail("there is none") }
    }

    @Test func aStepThatOnlyDoesSomethingCanBeSkippedAndOneThatDecidesCannot() async throws {
        let desk = try await Desk()
        let deal = try await desk.deal(#"{"name":"A","amount":7}"#)
        #expect(isDone(try await desk.give(.skip, try await desk.run("odd"))))
        let done = try await desk.run("odd")
        #expect(done.run.state == .done && done.parts.map(\.state) == [.done, .done])
        #expect(try await desk.bench.read(deal, "note") == ["\"went on\""])
        try await desk.edit(deal, #"{"amount":0}"#)
        let divided = try await desk.run("divided")
        #expect(divided.run.state == .failed && divided.commands == [.resume, .cancel])
        #expect(refusal(try await desk.give(.skip, divided)) == "what comes next depends on this step, so it cannot be skipped")
    }

    @Test func whatIsCanceledDoesNoMore() async throws {
        let desk = try await Desk()
        let deal = try await desk.deal(#"{"name":"A","amount":5}"#)
        try await desk.edit(deal, #"{"wanted":"chairs"}"#)
        let waiting = try await desk.run("order")
        #expect(refusal(try await desk.give(.resume, waiting)) == "this run has not failed: it goes on by itself")
        #expect(isDone(try await desk.give(.cancel, waiting)))
        try await desk.pass(seconds: 3 * 86_400)
        let canceled = try await desk.run("order")
        #expect(canceled.run.state == .canceled && canceled.run.note?.en == "canceled by Zhou")
        #expect(canceled.parts.last?.state == .skipped && canceled.parts.last?.reason?.en == "the run was canceled")
        #expect(try await desk.bench.read(deal, "note") == ["\"small\""])
        #expect(refusal(try await desk.give(.cancel, canceled)) == "this run is over")
    }

    @Test func whoeverIsAskedForACanceledRunIsAskedNoMore() async throws {
        let desk = try await Desk()
        let deal = try await desk.deal(#"{"name":"A","amount":13}"#)
        let asking = try await desk.run("ask")
        #expect(asking.run.state == .deciding && asking.waits?.en == "waits for approval: ok")
        #expect(try await desk.engine.approvalsWaiting(for: desk.chief) == 1)
        #expect(isDone(try await desk.give(.cancel, asking)))
        let after = try await desk.run("ask")
        #expect(after.run.state == .canceled && after.approvals.map(\.state) == [.void])
        #expect(try await desk.engine.approvalsWaiting(for: desk.chief) == 0)
        #expect(try await desk.bench.read(deal, "note") == ["null"])
    }

    @Test func runsAreFoundByStateRuleObjectAndTime() async throws {
        let desk = try await Desk()
        _ = try await desk.deal(#"{"name":"A","amount":7}"#)
        try await desk.pass(seconds: 60)
        let later = desk.bench.clock.now()
        _ = try await desk.deal(#"{"name":"B","amount":7,"wanted":"x"}"#)
        func found(_ change: (inout RunQuery) -> Void) async throws -> [String] {
            var query = RunQuery(limit: 20)
            change(&query)
            return try await desk.engine.runs(query).runs.map { "\($0.process.dropFirst(11)) \($0.state)" }
        }
        #expect(try await found { $0.states = AutomationRun.State.broken } == ["odd failed"])
        #expect(try await found { $0.process = "automation/odd" } == ["odd done", "odd failed"])
        #expect(try await found { $0.process = "automation/odd"; $0.until = later } == ["odd failed"])
        #expect(try await found { $0.process = "automation/odd"; $0.from = later } == ["odd done"])
        let order = try desk.bench.object("order").id
        #expect(try await found { $0.object = order }.isEmpty)
        let first = try await desk.engine.runs(RunQuery(limit: 1)).runs[0]
        #expect(try await found { $0.before = first.id }.count + 1 == found { _ in }.count)
    }

    // MARK: What is mine

    @Test func theTimesOverMyRecordsComeLateOnesFirst() async throws {
        let desk = try await Desk()
        let clerk = "user/\(desk.clerk.number)"
        let early = try await desk.deal("{\"name\":\"A\",\"owner\":\"\(clerk)\"}")
        try await desk.pass(seconds: 3_000)
        let late = try await desk.deal("{\"name\":\"B\",\"owner\":\"\(clerk)\"}")
        _ = try await desk.deal("{\"name\":\"C\",\"owner\":\"user/\(desk.chief.number)\"}")
        let before = try await desk.engine.timers(ofAllOf: desk.clerk, limit: 10)
        #expect(before.timers.map(\.record) == [early, late] && before.titles[early] == "A" && !before.timers[0].isLate)
        #expect(before.timers[0].next?.name == "1h" && before.timers[0].rungs.map(\.hasFired) == [false, false])
        try await desk.pass(seconds: 700)
        let timer = try #require(try await desk.engine.timers(of: early).first)
        #expect(timer.isLate && timer.next?.name == "2h" && timer.next?.due == Instant(microseconds: timer.since.microseconds + 7_200_000_000))
        try await desk.pass(seconds: 7_200)
        #expect(try await desk.engine.timers(ofAllOf: desk.clerk, limit: 10).timers.map { $0.next?.name } == [nil, nil], "all have passed; they are late all the same")
        try await desk.edit(early, #"{"note":"done"}"#)
        #expect(try await desk.engine.timers(ofAllOf: desk.clerk, limit: 10).timers.map(\.record) == [late])
        #expect(try await desk.engine.timers(of: early).isEmpty)
    }

    @Test func whatWasGivenToMeComesWithItsReason() async throws {
        let desk = try await Desk()
        let deal = try await desk.deal(#"{"name":"A"}"#)
        let given = try #require(try await desk.engine.assignments(to: desk.clerk, limit: 5).first)
        #expect(given.assignment.record == deal && given.candidates.first?.candidate == desk.clerk && given.candidates.first?.points == "10")
        #expect(given.candidates.first?.parts.map { "\($0.name) \($0.points)" } == ["free 10"])
        #expect(given.out.map(\.candidate) == [desk.chief] && given.out.first?.demand == "role = 'sales'")
        try await desk.bench.edit(deal, "{\"owner\":\"user/\(desk.chief.number)\"}")
        #expect(try await desk.engine.assignments(to: desk.clerk, limit: 5).isEmpty, "it is somebody else's now")
        try await desk.bench.edit(desk.clerk, #"{"active":false}"#)
        let waiting = try await desk.deal(#"{"name":"B"}"#)
        #expect(try await desk.engine.waitingInQueues(limit: 5).map(\.assignment.record) == [waiting])
    }

    @Test func myHollowRecordsSayWhatDoesNotHold() async throws {
        let desk = try await Desk()
        let deal = try await desk.deal("{\"name\":\"A\",\"amount\":3,\"owner\":\"user/\(desk.clerk.number)\"}")
        try await desk.bench.move(deal, to: "planned")
        #expect(try await desk.engine.hollow(deal) == nil)
        #expect(try await desk.engine.hollowRecords(of: desk.clerk, limit: 5).isEmpty)
        try await desk.edit(deal, #"{"amount":-1}"#)
        let hollow = try #require(try await desk.engine.hollowRecords(of: desk.clerk, limit: 5).first)
        #expect(hollow.object.name == "deal" && hollow.entries.map(\.record) == [deal] && !hollow.isMore)
        #expect(hollow.entries.first?.stage.en == "planned" && hollow.entries.first?.missing.count == 1)
        #expect(try await desk.engine.hollowRecords(of: desk.chief, limit: 5).isEmpty)
    }

    private func fail(_ text: String, _ location: SourceLocation = #_sourceLocation) { Issue.record("\(text)", sourceLocation: location) }

    @Test func allFailedRunsOfAFilterAreDoneOneByOne() async throws {
        let bench = try Bench(Self.app)
        let chief = try await bench.make("user", #"{"name": "chief", "role": "chief"}"#, door: .trusted)
        let principal = Principal(user: chief, name: "chief", roles: Set(bench.model.roles.map(\.id)))
        var deals: [RecordID] = []
        for name in ["a", "b", "c"] { deals.append(try await bench.make("deal", "{\"name\": \"\(name)\", \"owner\": \"user/1\", \"note\": \"x\"}")) }
        // Without what is wanted no order can be made.
        for deal in deals { try await bench.edit(deal, "{\"amount\": 7}") }
        try await Automator(bench.engine).settle()
        var query = RunQuery(limit: 1)
        query.process = "automation/odd"
        let seen = try await bench.engine.failedRuns(query)
        #expect(seen.count == 3 && !seen.isMore)
        // One is put right, one more fails after somebody looked.
        try await bench.edit(deals[0], "{\"wanted\": \"chair\"}")
        let late = try await bench.make("deal", "{\"name\": \"d\", \"owner\": \"user/1\", \"note\": \"x\"}")
        try await bench.edit(late, "{\"amount\": 7}")
        try await Automator(bench.engine).settle()
        let resumed = try await bench.engine.command(.resume, all: query, through: seen.last, by: principal)
        #expect(resumed.map(\.run.record) == deals)
        try await Automator(bench.engine).settle()
        #expect(try await bench.engine.failedRuns(query).count == 3)
        #expect(try await bench.read(deals[0], "note") == ["\"went on\""])
        #expect(try await bench.engine.command(.cancel, all: query, through: .max, by: Principal(user: chief, name: "", roles: [])).isEmpty)
        let canceled = try await bench.engine.command(.cancel, all: query, through: .max, by: principal)
        #expect(canceled.count == 3 && canceled.allSatisfy { if case .done(let run) = $0.outcome { run.state == .canceled } else { false } })
        let audit = try await bench.engine.store.read { try $0.audit(limit: 100, before: nil) }
        #expect(audit.count { $0.action == "run_resume" } == 3 && audit.count { $0.action == "run_cancel" } == 3)
    }
}
