import Engine
import Formula
import Model
import Program
import SourceText
import Storage
import Testing

/// What comes in over channels.
@Suite struct ReceivingTests {
    private static func app(_ automations: String) -> String {
        """
        app: { name: desk }
        objects:
          order: { shows: "{name}", fields: { name: text, phone: text, owner: link to user, note: text } }
          note:  { fields: { text: text, order: link to order, user: link to user } }
        connectors:
          gate: { kind: http, base: https://gate.example.com, calls: { text: { post: /texts, send: { to: "{to}", text: "{text}" } } } }
        channels:
          sms:
            connector: gate
            with: { to: "{phone}", text: "{message}" }
            receives: { verify: { bearer: $SMS }, once: body.id, from: body.mobile, text: body.content }
          urgent: { try: [sms, in_app, desktop], until: acknowledged, each: 60s }
        automations:
          tell:  { when: order is created, do: { send: sms, to: phone, message: "{name}" } }
          press: { when: order.note becomes press, do: { notify: owner, via: urgent, message: "{name}" } }
        \(automations)
        """
    }

    private static let heard = """
          heard: { when: message in sms, do: { create: note, with: { text: "{message.from} {message.text} {message.about}", user: =message.user } } }
          about: { when: message in sms about order, if: "message.text <> 'no'", do: [ { set: { note: "{message.text}" } }, { create: note, with: { text: about, order: =this, user: =me } } ] }
        """

    private func receive(_ engine: Engine, _ body: String) async throws -> MessageOutcome {
        let (channel, receives) = try #require(engine.app.model.receivingChannel(named: "sms"))
        return try await engine.receive(Array(body.utf8), over: channel.name, receives, contentType: "application/json", digest: body)
    }

    private func settle(_ bench: Bench) async throws {
        repeat { try await Automator(bench.engine).settle() } while try await Courier(bench.engine).deliverDue(over: Takes())
    }

    private struct Takes: DeliverySender {
        func send(_ delivery: Delivery) async -> DeliveryOutcome { .ok(receipt: nil) }
        func tellsTogether(_ connector: String) -> Bool { false }
        func sendTogether(_ deliveries: [Delivery]) async -> [DeliveryOutcome] { deliveries.map { _ in .ok(receipt: nil) } }
    }

    private func notes(_ bench: Bench) async throws -> [[Value]] {
        let note = try bench.object("note"), fields = try ["text", "order", "user"].map { try bench.field("note", $0).id }
        return try await bench.engine.store.read { try $0.rows(of: note.id) }.map { row in fields.map { row[$0] } }
    }

    @Test("T13: ten at once are kept once and act once") func tenAtOnce() async throws {
        let bench = try Bench(Self.app(Self.heard))
        let outcomes = try await withThrowingTaskGroup(of: MessageOutcome.self) { tasks in
            for _ in 0..<10 { tasks.addTask { try await self.receive(bench.engine, #"{"id":1,"mobile":"1","content":"a"}"#) } }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { if case .taken(_, isRepeated: false) = $0 { true } else { false } } == 1)
        #expect(outcomes.count { if case .taken(_, isRepeated: true) = $0 { true } else { false } } == 9)
        try await settle(bench)
        #expect(try await notes(bench) == [[.text("1 a "), .blank, .blank]])
        guard case .differs = try await receive(bench.engine, #"{"id":1,"mobile":"1","content":"b"}"#) else {
            Issue.record("other content of the same number was taken")
            return
        }
        #expect(try await bench.engine.messages(limit: 10).messages.map(\.text) == ["a"])
    }

    @Test(arguments: ["{", #"{"mobile":"1","content":"a"}"#, #"{"id":1,"content":"a"}"#]) func whatSaysTooLittleIsNotTaken(body: String) async throws {
        let bench = try Bench(Self.app(Self.heard))
        guard case .unreadable = try await receive(bench.engine, body) else {
            Issue.record("it was taken")
            return
        }
        #expect(try await bench.engine.messages(limit: 10).messages.isEmpty)
    }

    @Test func anAnswerIsAboutTheLastThatWasSent() async throws {
        let bench = try Bench(Self.app(Self.heard))
        let first = try await bench.make("order", #"{"name":"A","phone":"138 1234 5678"}"#)
        let second = try await bench.make("order", #"{"name":"B","phone":"13812345678"}"#)
        try await settle(bench)
        _ = try await receive(bench.engine, #"{"id":1,"mobile":"+86 138-1234-5678","content":"yes"}"#)
        _ = try await receive(bench.engine, #"{"id":2,"mobile":"13812345678","content":"no"}"#)
        try await settle(bench)
        #expect(try await notes(bench) == [
            [.text("+86 138-1234-5678 yes B"), .blank, .blank], [.text("about"), .link(second), .blank], [.text("13812345678 no B"), .blank, .blank],
        ])
        let note = try bench.field("order", "note").id
        #expect(try await bench.engine.record(second, as: .system)?.rows.first?[note] == .text("yes"))
        #expect(try await bench.engine.record(first, as: .system)?.rows.first?[note] == .blank)
    }

    @Test func thePersonIsKnownByTheAddress() async throws {
        let bench = try Bench(Self.app(Self.heard))
        let owner = try await bench.make("user", #"{"name":"O","login":"o","phone":"13900001111"}"#)
        _ = try await bench.make("user", #"{"name":"P","login":"p","phone":"13900002222"}"#)
        _ = try await bench.make("user", #"{"name":"Q","login":"q","phone":"13900002222"}"#)
        _ = try await receive(bench.engine, #"{"id":1,"mobile":"13900001111","content":"a"}"#)
        // Two have it, and nothing was sent to either.
        _ = try await receive(bench.engine, #"{"id":2,"mobile":"13900002222","content":"b"}"#)
        try await settle(bench)
        #expect(try await notes(bench).map { $0[2] } == [.link(owner), .blank])
    }

    @Test("T17: whoever answers a rung knows") func whoeverAnswersARungKnows() async throws {
        let bench = try Bench(Self.app(Self.heard))
        let owner = try await bench.make("user", #"{"name":"O","login":"o","phone":"13900001111"}"#)
        let order = try await bench.make("order", #"{"name":"A","phone":"1","owner":"user/\#(owner.number)"}"#)
        try await settle(bench)
        try await bench.edit(order, #"{"note":"press"}"#)
        try await settle(bench)
        _ = try await receive(bench.engine, #"{"id":1,"mobile":"13900001111","content":"收到"}"#)
        bench.clock.advance(seconds: 61)
        try await settle(bench)
        let effects = try await bench.engine.store.read { try $0.effects(after: 0, limit: 100) }
        #expect(effects.map(\.target) == ["sms", "sms"])
        #expect(effects.allSatisfy { $0.state == .done })
        #expect(try await bench.engine.unreadNotices(of: owner) == 0)
        #expect(try await notes(bench).last == [.text("about"), .link(order), .link(owner)])
    }

    @Test("T19: two programs that answer each other are cut off") func twoProgramsAnswerEachOther() async throws {
        let bench = try Bench(Self.app("  reply: { when: message in sms, do: { send: sms, to: message.from, message: hello } }"))
        for number in 0..<40 {
            _ = try await receive(bench.engine, #"{"id":\#(number),"mobile":"1","content":"hello"}"#)
            try await settle(bench)
            bench.clock.advance(seconds: 2)
        }
        let runs = try await bench.engine.runs(RunQuery(limit: 100)).runs
        #expect(runs.contains { $0.state == .looped })
        // What was cut off sends nothing; once a minute has gone by, people are answered again.
        bench.clock.advance(seconds: 120)
        _ = try await receive(bench.engine, #"{"id":99,"mobile":"1","content":"hello"}"#)
        try await settle(bench)
        #expect(try await bench.engine.runs(RunQuery(limit: 1)).runs.first?.state == .done)
    }
}
