import Engine
import Formula
import JSON
import Model
import Program
import SourceText
import Storage
import TestKit
import Testing

/// What runs ask people: one answer each, whatever happens meanwhile.
struct QuestionTests {
    private static let app = """
        app: { name: desk, timezone: Asia/Shanghai }
        roles: { chief: { administers: yes } }
        objects:
          deal:
            shows: "{name}"
            fields:
              name:   { type: text, required: yes }
              owner:  { type: link, to: user, as: deals }
              amount: money
              due:    date
              state:  { type: choice, options: { new: 新建, told: 已回答, silent: 没有回音 }, default: new }
              why:    text
        automations:
          ask:
            when: deal is created
            do:
              - ask: [owner, owner.manager]
                name: answer
                title: 询价
                message: { zh: "{name} 怎么样了？", en: "How is {name}?" }
                with:
                  amount: { type: money, label: { zh: 金额, en: Amount }, required: yes }
                  due:    date
                  why:    { type: choices, options: { price: 价格, time: 时间 } }
                within: 2 days
                then: { set: { state: told, amount: =answer.amount, due: =answer.due } }
                else: { set: { state: silent } }
              - set: { why: "{answer.by}{if(contains(answer.why, 'price'), '嫌贵', '')}" }
          round:
            when: deal.amount becomes 7
            do:
              - for each: user where role = 'chief'
                as: person
                do: [ { ask: person, message: "{person.name}？", name: heard }, { set: { why: "{why}{heard.by}" } } ]
        """

    private struct Desk {
        let bench: Bench
        let owner, boss, other, deal: RecordID
        let question: Int64

        func principal(_ person: RecordID) -> Principal { Principal(user: person, name: "", roles: []) }

        func answer(_ text: [String: String], by person: RecordID, id: Int64? = nil) async throws -> AnswerOutcome {
            try await bench.engine.answer(id ?? question, text.map { ($0.key, .text($0.value)) }, by: principal(person))
        }

        func settle() async throws {
            try await Automator(bench.engine).settle()
            #expect(try await Invariants.broken(in: bench.engine) == [])
        }

        func view() async throws -> QuestionView { try #require(try await bench.engine.question(question)) }
    }

    private func desk() async throws -> Desk {
        let bench = try Bench(Self.app)
        let boss = try await bench.make("user", #"{"name": "boss"}"#, door: .trusted)
        let owner = try await bench.make("user", "{\"name\": \"owner\", \"manager\": \"\(bench.engine.app.text(of: boss))\"}", door: .trusted)
        let other = try await bench.make("user", #"{"name": "other", "role": "chief"}"#, door: .trusted)
        let deal = try await bench.make("deal", "{\"name\": \"x\", \"owner\": \"\(bench.engine.app.text(of: owner))\"}")
        try await Automator(bench.engine).settle()
        let question = try #require(try await bench.engine.openQuestions(of: owner, limit: 10).first?.question.id)
        return Desk(bench: bench, owner: owner, boss: boss, other: other, deal: deal, question: question)
    }

    private func fail(_ what: String, _ location: SourceLocation = #_sourceLocation) { Issue.record(Comment(rawValue: what), sourceLocation: location) }

    @Test func valuesAreTypedAndGoOn() async throws {
        let desk = try await desk()
        #expect(try await desk.bench.engine.notices(of: desk.boss, limit: 10).notices.map(\.message.en) == ["How is x?"])
        guard case .done = try await desk.answer(["amount": "1.5万", "due": "2026-04-01", "why": "价格、time"], by: desk.owner) else { return fail("refused") }
        try await desk.settle()
        #expect(try await desk.bench.read(desk.deal, "state", "amount", "due", "why") == ["\"told\"", "15000", "\"2026-04-01\"", "\"owner嫌贵\""])
        let view = try await desk.view()
        #expect(view.question.note?.en.hasPrefix("Amount = ") == true && view.question.by == desk.owner)
        #expect(try await desk.bench.engine.openQuestions(of: desk.boss, limit: 10).isEmpty)
        let audit = try await desk.bench.engine.store.read { try $0.audit(limit: 100, before: nil) }
        #expect(audit.contains { $0.action == "answer" && $0.by == desk.owner })
    }

    @Test func programsAnswerToo() async throws {
        let desk = try await desk()
        let answer: [(name: String, entry: AnswerEntry)] = [("amount", .json(.number("99.5"))), ("why", .json(["time"]))]
        guard case .done = try await desk.bench.engine.answer(desk.question, answer, by: desk.principal(desk.boss)) else { return fail("refused") }
        try await desk.settle()
        #expect(try await desk.bench.read(desk.deal, "amount", "due", "why") == ["99.5", "null", "\"boss\""])
    }

    @Test func allThatIsWrongIsToldAtOnce() async throws {
        let desk = try await desk()
        guard case .refused(let troubles) = try await desk.answer(["due": "soon", "why": "weather", "size": "3"], by: desk.owner) else { return fail("taken") }
        #expect(Set(troubles.map(\.field)) == ["amount", "due", "why", "size"])
        #expect(try await desk.view().question.state == .open)
    }

    @Test func oneOfManyAnswersCounts() async throws {
        let desk = try await desk()
        let outcomes = try await withThrowingTaskGroup(of: AnswerOutcome.self) { tasks in
            for person in [desk.owner, desk.boss, desk.owner, desk.boss] {
                tasks.addTask { try await desk.answer(["amount": "5"], by: person) }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { if case .done = $0 { true } else { false } } == 1)
        for outcome in outcomes { if case .answered(let name, _) = outcome { #expect(["owner", "boss"].contains(name)) } }
        try await desk.settle()
        guard case .answered = try await desk.answer(["amount": "6"], by: desk.boss) else { return fail("answered twice") }
        #expect(try await desk.bench.read(desk.deal, "amount") == ["5"])
    }

    @Test func onlyThoseWhoAreAskedAnswer() async throws {
        let desk = try await desk()
        guard case .denied = try await desk.answer(["amount": "5"], by: desk.other) else { return fail("was not asked") }
        guard case .missing = try await desk.answer(["amount": "5"], by: desk.owner, id: 999) else { return fail("there is none") }
        try await desk.bench.edit(desk.owner, "{\"active\": false}")
        guard case .denied = try await desk.answer(["amount": "5"], by: desk.owner) else { return fail("has left") }
    }

    @Test func theTimeIsUp() async throws {
        let desk = try await desk()
        desk.bench.clock.advance(seconds: 2 * 86_400 - 1)
        try await desk.settle()
        #expect(try await desk.view().question.state == .open)
        #expect(try await desk.bench.engine.run(desk.view().question.run)?.waits?.en.contains("owner, boss") == true)
        desk.bench.clock.advance(seconds: 1)
        try await desk.settle()
        #expect(try await desk.bench.read(desk.deal, "state", "why") == ["\"silent\"", "null"])
        guard case .over = try await desk.answer(["amount": "5"], by: desk.owner) else { return fail("too late") }
    }

    /// Nobody has looked at the clock since, as after a night without the server.
    @Test func whoeverIsLateIsLateBeforeTheClockIsLookedAt() async throws {
        let desk = try await desk()
        desk.bench.clock.advance(seconds: 2 * 86_400 + 1)
        guard case .over = try await desk.answer(["amount": "5"], by: desk.owner) else { return fail("too late") }
        try await desk.settle()
        #expect(try await desk.bench.read(desk.deal, "state") == ["\"silent\""])
    }

    @Test func anotherProcessGoesOnWhereThisOneStood() async throws {
        let desk = try await desk()
        guard case .done = try await desk.answer(["amount": "5"], by: desk.owner) else { return fail("refused") }
        // The process ends before the run goes on: the next one finds all of it.
        let next = Engine(app: desk.bench.engine.app, store: desk.bench.engine.store, world: desk.bench.engine.world)
        try await Automator(next).recover()
        try await Automator(next).settle()
        #expect(try await desk.bench.read(desk.deal, "state") == ["\"told\""])
        #expect(try await next.run(desk.view().question.run)?.run.state == .done)
    }

    @Test func aQuestionGoesWithItsRecordAndItsRun() async throws {
        let desk = try await desk()
        try await desk.bench.delete(desk.deal)
        try await desk.settle()
        #expect(try await desk.view().question.state == .void)
        let canceled = try await self.desk()
        let chief = Principal(user: canceled.other, name: "", roles: Set(canceled.bench.model.roles.map(\.id)))
        guard case .done = try await canceled.bench.engine.command(.cancel, run: canceled.view().question.run, by: chief) else { return fail("refused") }
        #expect(try await canceled.view().question.state == .void)
        guard case .over = try await canceled.answer(["amount": "5"], by: canceled.owner) else { return fail("was canceled") }
        try await canceled.settle()
    }

    @Test func eachRoundOfALoopAsksForItself() async throws {
        let desk = try await desk()
        let second = try await desk.bench.make("user", #"{"name": "second", "role": "chief"}"#, door: .trusted)
        try await desk.bench.edit(desk.deal, "{\"amount\": 7}")
        try await desk.settle()
        for person in [desk.other, second] {
            let question = try #require(try await desk.bench.engine.openQuestions(of: person, limit: 10).first?.question)
            guard case .done = try await desk.answer([:], by: person, id: question.id) else { return fail("refused") }
            try await desk.settle()
        }
        #expect(try await desk.bench.read(desk.deal, "why") == ["\"othersecond\""])
    }

    @Test func nobodyThereIsNoAnswer() async throws {
        let desk = try await desk()
        let deal = try await desk.bench.make("deal", "{\"name\": \"y\"}")
        try await desk.settle()
        #expect(try await desk.bench.read(deal, "state") == ["\"silent\""])
    }
}
