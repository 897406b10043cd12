import Engine
import Formula
import JSON
import Model
import Program
import SourceText
import Storage
import Synchronization
import Testing

/// What an app sends, on its way out.
@Suite struct CourierTests {
    /// Remembers what it was given, and answers as the test says.
    private final class Outside: DeliverySender {
        private let seen = Mutex<[Delivery]>([])
        private let answer: @Sendable (Delivery) -> DeliveryOutcome

        init(_ answer: @escaping @Sendable (Delivery) -> DeliveryOutcome = { _ in .ok(receipt: nil) }) {
            self.answer = answer
        }

        var deliveries: [Delivery] { seen.withLock { $0 } }
        var names: [String] { deliveries.map { $0.call.map { call in "\(call)" } ?? $0.connector } }

        func send(_ delivery: Delivery) async -> DeliveryOutcome {
            seen.withLock { $0.append(delivery) }
            return answer(delivery)
        }

        func tellsTogether(_ connector: String) -> Bool { connector == "robot" }

        func sendTogether(_ deliveries: [Delivery]) async -> [DeliveryOutcome] {
            seen.withLock { $0.append(contentsOf: deliveries) }
            return deliveries.map(answer)
        }
    }

    private static func trouble(_ code: DeliveryTrouble.Code = .network) -> DeliveryTrouble { DeliveryTrouble(code, Words(zh: "不通", en: "down")) }
    private static let down: @Sendable (Delivery) -> DeliveryOutcome = { _ in .failed(trouble(), retryAfter: nil) }

    private static func app(_ steps: String) -> String {
        """
        app: { name: desk }
        roles: { sales: {} }
        objects:
          lead:
            shows: "{name}"
            fields:
              name:   { type: text, required: yes }
              phone:  text
              owner:  link to user
              note:   text
        connectors:
          robot: { kind: wecom_robot, url: $ROBOT }
          mail:  { kind: smtp, host: smtp.example.com, from: crm@example.com }
          erp:   { kind: webhook, url: "https://erp.example.com/in", secret: $ERP }
          gate:
            kind: http
            base: https://gate.example.com
            limits: { at_once: 2 }
            calls:
              ring: { post: /ring, send: { to: "{to}", text: "{text}" }, receipt: body.id }
              text: { post: /text, send: { to: "{to}", text: "{text}" } }
        channels:
          group: { connector: robot }
          voice: { connector: gate, call: ring, with: { to: "{phone}", text: "{message}" } }
          sms:   { connector: gate, call: text, with: { to: "{phone}", text: "{message}" } }
          letter: { connector: mail, subject: "CRM: {subject}", message: "{name}: {message} {link}" }
          quick: { try: [voice, sms], until: delivered }
          urgent: { try: [in_app, voice, sms], until: acknowledged, each: 60s, merge: 10min }
        automations:
          reach:
            when: lead is created
            do:
        \(steps)
        """
    }

    private struct Desk {
        let bench: Bench
        let outside: Outside
        let owner: RecordID

        init(_ steps: String, _ answer: @escaping @Sendable (Delivery) -> DeliveryOutcome = { _ in .ok(receipt: nil) }) async throws {
            bench = try Bench(CourierTests.app(steps))
            outside = Outside(answer)
            owner = try await bench.make("user", #"{"name":"Wang","email":"wang@example.com","phone":"13800001234"}"#, door: .trusted)
        }

        func lead(_ name: String = "A") async throws -> RecordID {
            let lead = try await bench.make("lead", #"{"name":"\#(name)","phone":"139","owner":"user/\#(owner.number)"}"#)
            try await settle()
            return lead
        }

        func settle() async throws {
            try await Automator(bench.engine).settle()
            while try await Courier(bench.engine).deliverDue(over: outside) { try await Automator(bench.engine).settle() }
        }

        func pass(seconds: Int64) async throws {
            bench.clock.advance(seconds: seconds)
            try await settle()
        }

        func run() async throws -> AutomationRun {
            try #require(try await bench.engine.store.read { try $0.runs(of: nil, process: nil, states: Set(AutomationRun.State.allCases), limit: 1, before: nil) }.first)
        }

        func effects() async throws -> [Effect] { try await bench.engine.store.read { try $0.effects(after: 0, limit: 100) } }

        func note(_ lead: RecordID) async throws -> Value {
            let row = try #require(try await bench.engine.record(lead, as: .system)?.rows.first)
            return row[try bench.field("lead", "note").id]
        }
    }

    // MARK: Calls

    @Test func theAnswerOfACallIsThereForLaterSteps() async throws {
        let desk = try await Desk(
            """
                  - call: gate.ring
                    with: { to: =phone, text: "for {name}" }
                    name: ticket
                  - set: { note: "called: {ticket}" }
            """) { _ in .ok(receipt: "c-7") }
        let lead = try await desk.lead()
        #expect(try await desk.note(lead) == .text("called: c-7"))
        let delivery = try #require(desk.outside.deliveries.first)
        #expect(delivery.connector == "gate" && delivery.call == "ring" && delivery.attempt == 1)
        #expect(delivery.payload["to"]?.asString == "139")
        #expect(delivery.payload["text"]?.asString == "for A")
        #expect(try await desk.run().state == .done)
    }

    @Test func aRunWaitsWhileNobodyAnswers() async throws {
        let desk = try await Desk("      - call: erp\n        with: { name: \"{name}\" }\n      - set: { note: told }", Self.down)
        let lead = try await desk.lead()
        #expect(try await desk.run().state == .calling)
        #expect(try await desk.note(lead) == .blank)
    }

    @Test("T34: after eight attempts it is given up and can be sent again") func afterEightAttemptsItIsGivenUpAndCanBeSentAgain() async throws {
        let isUp = Mutex(false)
        let desk = try await Desk("      - call: erp\n      - set: { note: told }") { _ in
            isUp.withLock { $0 } ? .ok(receipt: nil) : .failed(Self.trouble(), retryAfter: nil)
        }
        let lead = try await desk.lead()
        for _ in 0..<20 { try await desk.pass(seconds: 15 * 60) }
        #expect(desk.outside.deliveries.map(\.attempt) == Array(1...8))
        #expect(try await desk.run().state == .failed)
        let dead = try await desk.bench.engine.effects(in: [.failed], limit: 10)
        #expect(dead.first?.trouble?.en == "down")
        isUp.withLock { $0 = true }
        #expect(try await desk.bench.engine.retry(effect: try #require(dead.first).id))
        try await desk.settle()
        #expect(try await desk.run().state == .done)
        #expect(try await desk.note(lead) == .text("told"))
        #expect(Set(desk.outside.deliveries.map(\.key)).count == 1, "the other side knows by the key what it has seen")
        #expect(try await desk.bench.engine.effects(in: [.failed], limit: 10).isEmpty)
    }

    @Test func aResumedRunSendsAgainWhatItsStepHadGivenUp() async throws {
        let isUp = Mutex(false)
        let desk = try await Desk("      - call: erp\n      - set: { note: told }") { _ in isUp.withLock { $0 } ? .ok(receipt: nil) : .rejected(Self.trouble(.status)) }
        let lead = try await desk.lead()
        let failed = try await desk.run()
        #expect(failed.state == .failed)
        let view = try #require(try await desk.bench.engine.run(failed.id))
        #expect(view.effects.map(\.state) == [.failed] && view.commands == [.resume, .skip, .cancel])
        isUp.withLock { $0 = true }
        guard case .done = try await desk.bench.engine.command(.resume, run: failed.id, by: .system) else {
            Issue.record("it can be resumed")
            return
        }
        try await desk.settle()
        #expect(try await desk.run().state == .done)
        #expect(try await desk.note(lead) == .text("told"))
        #expect(Set(desk.outside.deliveries.map(\.key)).count == 1 && desk.outside.deliveries.count == 2)
    }

    @Test func whatIsRefusedIsNotTriedAgain() async throws {
        let desk = try await Desk("      - call: erp\n        else: { set: { note: refused } }") { _ in .rejected(Self.trouble(.status)) }
        let lead = try await desk.lead()
        #expect(desk.outside.deliveries.count == 1)
        #expect(try await desk.note(lead) == .text("refused"))
        #expect(try await desk.run().state == .done)
    }

    @Test func eachRoundOfALoopHasItsOwnKey() async throws {
        let desk = try await Desk(
            """
                  - for each: lead where name <> 'none'
                    as: other
                    do: { call: erp, with: { name: "{other.name}" } }
            """)
        _ = try await desk.bench.make("lead", #"{"name":"before"}"#, door: .trusted)
        _ = try await desk.lead("B")
        #expect(desk.outside.deliveries.map { $0.payload["name"]?.asString } == ["before", "B"])
        #expect(Set(desk.outside.deliveries.map(\.key)).count == 2)
        #expect(try await desk.run().state == .done)
    }

    // MARK: Messages

    @Test func peopleAreToldOverTheChannelsOfAStep() async throws {
        let desk = try await Desk("      - notify: owner\n        via: [in_app, letter, group]\n        title: New\n        message: \"{name} is new\"")
        let lead = try await desk.lead()
        #expect(try await desk.effects().map(\.target) == ["letter", "group"])
        let mail = try #require(desk.outside.deliveries.first { $0.connector == "mail" })
        #expect(mail.payload["to"]?.asArray?.compactMap(\.asString) == ["wang@example.com"])
        #expect(mail.payload["subject"]?.asString == "CRM: New")
        #expect(mail.payload["text"]?.asString == "Wang: A is new /records/lead/\(lead.number)")
        #expect(try await desk.bench.engine.store.read { try $0.notices(after: 0, limit: 10) }.count == 1)
        // Nobody waits for them.
        #expect(try await desk.run().state == .done)
    }

    @Test func aGroupIsToldOnce() async throws {
        let desk = try await Desk("      - notify: user where name <> 'Nobody'\n        via: group\n        message: \"{name}\"")
        _ = try await desk.bench.make("user", #"{"name":"Li"}"#, door: .trusted)
        _ = try await desk.lead()
        #expect(desk.outside.deliveries.count == 1)
    }

    @Test func anAddressIsSentTo() async throws {
        let desk = try await Desk("      - send: sms\n        to: phone\n        message: \"Dear {name}\"")
        _ = try await desk.lead()
        #expect(desk.outside.deliveries.first?.payload["to"]?.asString == "139")
        #expect(desk.outside.deliveries.first?.payload["text"]?.asString == "Dear A")
    }

    @Test func elseIsDoneWhenNothingArrives() async throws {
        let desk = try await Desk("      - send: letter\n        to: owner\n        message: x\n        else: { send: sms, to: owner, message: y }") { delivery in
            delivery.connector == "mail" ? .rejected(Self.trouble(.status)) : .ok(receipt: nil)
        }
        _ = try await desk.lead()
        #expect(desk.outside.names == ["mail", "text"])
        #expect(try await desk.run().state == .done)
    }

    // MARK: Ladders

    @Test("T17: the next rung is taken at once when one fails") func theNextRungIsTakenAtOnceWhenOneFails() async throws {
        let desk = try await Desk("      - notify: owner\n        via: quick\n        message: x") { delivery in
            delivery.call == "ring" ? .failed(Self.trouble(), retryAfter: nil) : .ok(receipt: nil)
        }
        _ = try await desk.lead()
        #expect(desk.outside.names == ["ring", "text"])
        #expect(try await desk.effects().map(\.state) == [.failed, .done])
    }

    @Test("T17: a ladder is climbed until somebody knows") func aLadderIsClimbedUntilSomebodyKnows() async throws {
        let desk = try await Desk("      - notify: owner\n        via: urgent\n        message: x")
        _ = try await desk.lead()
        #expect(desk.outside.names.isEmpty, "the first rung stays inside")
        try await desk.pass(seconds: 60)
        #expect(desk.outside.names == ["ring"])
        let notice = try #require(try await desk.bench.engine.store.read { try $0.notices(after: 0, limit: 10) }.first)
        let owner = desk.owner
        let now = desk.bench.clock.now()
        try await desk.bench.engine.store.write { try $0.markRead(notice.id, of: owner, at: now) }
        try await desk.pass(seconds: 600)
        #expect(desk.outside.names == ["ring"], "whoever knows is not told again")
        #expect(try await desk.effects().map(\.state) == [.failed, .done])
    }

    @Test func aLadderThatNobodyAnswersIsADeadLetter() async throws {
        let desk = try await Desk("      - send: urgent\n        to: owner\n        message: x\n        else: { set: { note: silence } }")
        let lead = try await desk.lead()
        for _ in 0..<3 { try await desk.pass(seconds: 60) }
        #expect(desk.outside.names == ["ring", "text"])
        #expect(try await desk.note(lead) == .text("silence"))
    }

    @Test func equalMessagesAreMerged() async throws {
        let desk = try await Desk("      - notify: owner\n        via: urgent\n        message: same words")
        _ = try await desk.lead()
        _ = try await desk.lead("B")
        #expect(try await desk.effects().count == 1)
        try await desk.pass(seconds: 11 * 60)
        let before = try await desk.effects().count
        _ = try await desk.lead("C")
        #expect(try await desk.effects().count == before + 1)
    }

    // MARK: Crashes, and others who wait

    /// The process ends between taking and settling: it comes up again with the same key when the lease is over, and not before.
    @Test("T02: what was taken and never settled comes up again") func whatWasTakenAndNeverSettledComesUpAgain() async throws {
        let desk = try await Desk("      - call: erp")
        _ = try await desk.bench.make("lead", #"{"name":"A"}"#)
        try await Automator(desk.bench.engine).settle()
        let courier = Courier(desk.bench.engine)
        let lost = try await courier.take([:], desk.outside)
        #expect(lost.loads.count == 1)
        #expect(try await courier.take([:], desk.outside).loads.isEmpty)
        let next = try #require(try await courier.nextDue())
        try await desk.pass(seconds: (next.microseconds - desk.bench.clock.now().microseconds) / Microseconds.perSecond + 1)
        #expect(desk.outside.deliveries.map(\.attempt) == [2], "an attempt that ended the process counts")
        #expect(try await desk.run().state == .done)
    }

    @Test("T06: whoever starts anew sends at once what was under way") func whoeverStartsAnewSendsAtOnceWhatWasUnderWay() async throws {
        let desk = try await Desk("      - call: erp")
        _ = try await desk.bench.make("lead", #"{"name":"A"}"#)
        try await Automator(desk.bench.engine).settle()
        let courier = Courier(desk.bench.engine)
        let lost = try await courier.take([:], desk.outside)
        try await courier.recover()
        try await desk.settle()
        #expect(desk.outside.deliveries.map(\.attempt) == [2])
        // What comes in late from the life before changes nothing.
        try await courier.settle(try #require(lost.loads.first), [.rejected(Self.trouble())])
        #expect(try await desk.effects().map(\.state) == [.done])
    }

    @Test("T18: what always ends the process is given up") func whatAlwaysEndsTheProcessIsGivenUp() async throws {
        let desk = try await Desk("      - call: erp")
        _ = try await desk.bench.make("lead", #"{"name":"A"}"#)
        try await Automator(desk.bench.engine).settle()
        let courier = Courier(desk.bench.engine)
        for _ in 0..<9 {
            _ = try await courier.take([:], desk.outside)
            desk.bench.clock.advance(seconds: 3_600)
        }
        #expect(try await desk.effects().map(\.state) == [.failed])
    }

    @Test("T14: a connector without free places holds up only itself") func aConnectorWithoutFreePlacesHoldsUpOnlyItself() async throws {
        let desk = try await Desk("      - notify: owner\n        via: [sms, letter]\n        message: \"{name}\"")
        for name in ["A", "B", "C"] { _ = try await desk.bench.make("lead", #"{"name":"\#(name)","owner":"user/\#(desk.owner.number)"}"#) }
        try await Automator(desk.bench.engine).settle()
        let courier = Courier(desk.bench.engine)
        let first = try await courier.take(["gate": 1], desk.outside)
        #expect(first.loads.filter { $0.connector == "gate" }.count == 1, "it has two places, of which one is taken")
        #expect(first.loads.filter { $0.connector == "mail" }.count == 3)
        #expect(try await courier.take(["gate": 2], desk.outside).loads.isEmpty)
    }

    @Test func whatMustWaitIsNotCounted() async throws {
        let until = Mutex<Instant?>(nil)
        let desk = try await Desk("      - call: erp") { _ in
            until.withLock { $0 }.map { .deferred(Self.trouble(.busy), until: $0) } ?? .ok(receipt: nil)
        }
        let later = Instant(microseconds: desk.bench.clock.now().microseconds + 90 * Microseconds.perSecond)
        until.withLock { $0 = later }
        _ = try await desk.lead()
        #expect(try await desk.effects().map(\.attempts) == [0])
        #expect(try await desk.effects().first?.due == later)
        until.withLock { $0 = nil }
        try await desk.pass(seconds: 90)
        #expect(try await desk.effects().map(\.state) == [.done])
    }

    @Test("T16: what a robot could not take is told together") func whatARobotCouldNotTakeIsToldTogether() async throws {
        let until = Mutex<Instant?>(nil)
        let desk = try await Desk("      - notify: owner\n        via: group\n        message: \"{name}\"") { _ in
            until.withLock { $0 }.map { .deferred(Self.trouble(.busy), until: $0) } ?? .ok(receipt: nil)
        }
        let later = Instant(microseconds: desk.bench.clock.now().microseconds + 60 * Microseconds.perSecond)
        until.withLock { $0 = later }
        for name in ["A", "B", "C"] { _ = try await desk.lead(name) }
        until.withLock { $0 = nil }
        desk.bench.clock.advance(seconds: 61)
        let loads = try await Courier(desk.bench.engine).take([:], desk.outside).loads
        #expect(loads.count == 1)
        #expect(await Courier(desk.bench.engine).send(try #require(loads.first), over: desk.outside).count == 3)
    }

    @Test func messagesStandAsTheyWereWhenTheyWereCaused() async throws {
        let desk = try await Desk("      - notify: owner\n        via: sms\n        message: \"{name}\"", Self.down)
        let lead = try await desk.lead()
        let name = try desk.bench.field("lead", "name").id
        _ = try await desk.bench.engine.save(SaveCommand(.edit(lead, [FieldInput(name, .text("Z"))]), by: .system))
        try await desk.pass(seconds: 900)
        #expect(desk.outside.deliveries.count > 1)
        #expect(desk.outside.deliveries.allSatisfy { $0.payload["text"]?.asString == "A" })
    }
}
