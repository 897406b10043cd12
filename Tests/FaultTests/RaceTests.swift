import Engine
import Formula
import Model
import Program
import Storage
import TestKit
import Testing

/// Several things at one instant: whichever comes first, each order is right, and no other.
@Suite struct RaceTests {
    private static let app = """
        app: { name: desk, timezone: Asia/Shanghai }
        objects:
          deal:
            shows: "{name}"
            fields:
              name:  { type: text, required: yes }
              note:  text
              stage:
                type: stage
                stages:
                  open:   {}
                  quoted:
                    enter: { proven: { must: exists(proofs where good) } }
                    keep: yes
                    demote: { after: 48h, unless: exists(talks where effective) }
                  won:    { end: won }
                moves: { skip: yes, back: yes }
          proof:
            fields: { deal: { type: link, to: deal, as: proofs }, good: { type: bool, default: yes } }
          talk:
            fields: { deal: { type: link, to: deal, as: talks }, effective: bool, at: datetime }
          tick:
            fields: { name: text, deal: link to deal }
        automations:
          hope:
            when: deal is created
            if: name = 'hope'
            do:
              - wait for: note = 'come'
                within: 1h
                else: { create: tick, with: { name: late } }
              - create: tick
                with: { name: on }
        watches:
          dwell: { while: deal where stage = 'open', after: { 48h: { create: tick, with: { name: dwell, deal: =this } } } }
          early: { while: deal where stage = 'quoted', after: { 48h: { create: tick, with: { name: early, deal: =this } } } }

        """

    private func names(_ rig: Rig) async throws -> [String] {
        let field = try #require(rig.engine.app.model.object(named: "tick")?.field(named: "name"))
        return try await rig.engine.store.read { try $0.rows(of: field.id.object).map { "\($0[field.id])" } }
    }

    /// Everything in every order.
    private static func orders<Element>(_ things: [Element]) -> [[Element]] {
        guard things.count > 1 else { return [things] }
        return things.indices.flatMap { index -> [[Element]] in
            var rest = things
            let thing = rest.remove(at: index)
            return orders(rest).map { [thing] + $0 }
        }
    }

    enum Act: CaseIterable, Sendable { case tick, move, edit }

    @Test("T24: a move, a rung and a demotion at one instant", arguments: orders(Act.allCases))
    func moveRungAndDemotionAtOnce(order: [Act]) async throws {
        let rig = try await Rig(Self.app)
        let deal = try await rig.make("deal", #"{"name":"a"}"#)
        let proof = try await rig.make("proof", #"{"deal":"deal/1"}"#)
        try await rig.move(deal, to: "quoted")
        try await rig.delete(proof)
        rig.jump(48 * 3_600)
        for act in order {
            switch act {
            case .tick: try await rig.settle()
            case .move: try await rig.move(deal, to: "won")
            case .edit: try await rig.edit(deal, #"{"note":"\#(order)"}"#)
            }
        }
        try await rig.settle()
        let stages = try await rig.engine.store.read { try $0.visits(of: deal).map(\.stage) }
        let isLate = order.firstIndex(of: .tick).map { tick in order.firstIndex(of: .move).map { $0 < tick } ?? false } ?? false
        #expect(stages == (isLate ? ["open", "quoted", "won"] : ["open", "quoted", "open", "won"]))
        if isLate { #expect(try await rig.runs("watch/early/48h").isEmpty) }
        #expect(try await rig.runs().filter { $0.process.contains("dwell") }.isEmpty)
        try await rig.expectSound()
    }

    @Test("T24: what is solved between being set off and being begun is not begun")
    func whatIsSolvedIsNotBegun() async throws {
        let rig = try await Rig(Self.app)
        let deal = try await rig.make("deal", #"{"name":"a"}"#)
        rig.jump(48 * 3_600)
        // As far as a batch comes whose time is up: the rung is set off, and somebody saves before it is begun.
        let state = try #require(try await rig.engine.store.read { try $0.watchState("dwell", of: deal) })
        let layout = try #require(rig.engine.app.automations.processes["watch/dwell/48h"]?.layout)
        let now = rig.now
        try await rig.engine.store.write { transaction in
            var fired = state
            fired.fired = 1
            fired.due = nil
            try transaction.set(fired)
            _ = try transaction.add(AutomationRun(process: "watch/dwell/48h", fingerprint: layout, version: nil, record: deal, by: nil, started: now, changed: now, scheduled: state.due))
        }
        _ = try await rig.make("proof", #"{"deal":"deal/1"}"#)
        try await rig.move(deal, to: "won")
        try await rig.settle()
        #expect(try await rig.runs("watch/dwell/48h").map(\.state) == [.canceled])
        #expect(try await names(rig).isEmpty)
        try await rig.expectSound()
    }

    @Test("T25: evidence that is deleted while the record moves: held, or entered and then hollow", arguments: 0..<8)
    func evidenceIsDeletedMeanwhile(_: Int) async throws {
        let rig = try await Rig(Self.app)
        let deal = try await rig.make("deal", #"{"name":"a"}"#)
        let proof = try await rig.make("proof", #"{"deal":"deal/1"}"#)
        let engine = rig.engine
        async let deleted = engine.save(SaveCommand(.delete(proof), by: .system))
        async let moved = engine.save(SaveCommand(.move(deal, to: "quoted"), by: .system))
        let (_, outcome) = try await (deleted, moved)
        try await rig.settle()
        switch outcome {
        case .saved:
            #expect(try await rig.value(deal, "stage") == .option("quoted"))
            #expect(try await rig.value(deal, "hollow") == .bool(true))
            // The move was written before the deletion.
            let changes = try await engine.store.read { try $0.changes(after: 0, limit: 100) }
            let move = changes.first { $0.record == deal && $0.kind == .moved }?.sequence, deletion = changes.first { $0.record == proof && $0.kind == .deleted }?.sequence
            #expect(try #require(move) < #require(deletion))
        case .held: #expect(try await rig.value(deal, "stage") == .option("open"))
        case let other: Issue.record("\(other)")
        }
        try await rig.expectSound()
    }

    @Test("T26: an effective action at the instant of a demotion: never demoted after it", arguments: [true, false], [-1, 0, 1])
    func actionAndDemotion(actsFirst: Bool, second: Int) async throws {
        let rig = try await Rig(Self.app)
        let deal = try await rig.make("deal", #"{"name":"a"}"#)
        let proof = try await rig.make("proof", #"{"deal":"deal/1"}"#)
        try await rig.move(deal, to: "quoted")
        try await rig.delete(proof)
        rig.jump(48 * 3_600 + Int64(second))
        func act() async throws { _ = try await rig.make("talk", #"{"deal":"deal/1","effective":true}"#) }
        if actsFirst { try await act() }
        try await rig.settle()
        let isDemoted = try await rig.value(deal, "stage") == .option("open")
        #expect(isDemoted == (!actsFirst && second >= 0))
        if !actsFirst { try await act() }
        try await rig.settle()
        #expect(try await (rig.value(deal, "stage") == .option("open")) == isDemoted)
        try await rig.expectSound()
    }

    @Test("T29: what is waited for comes before, at, and after the waiting, and over a restart", arguments: ["before", "at once", "later", "at the last instant", "too late", "over a restart"])
    func noWakeUpIsLost(when: String) async throws {
        try await TestFiles.withFolder { folder in
            let rig = try await Rig(Self.app, in: folder)
            let deal = try await rig.make("deal", when == "before" ? #"{"name":"hope","note":"come"}"# : #"{"name":"hope"}"#)
            func come() async throws { try await rig.edit(deal, #"{"note":"come"}"#) }
            if when == "at once" { try await come() }
            try await rig.settle()
            switch when {
            case "later": try await come()
            case "at the last instant":
                rig.jump(3_600)
                try await come()
            case "too late":
                try await rig.pass(3_600)
                try await come()
            case "over a restart":
                // Written, and nobody has told the run of it yet.
                try await come()
                try await rig.restart(in: folder, Self.app)
            default: break
            }
            try await rig.settle()
            #expect(try await names(rig) == (when == "too late" ? [#"text("late")"#, #"text("on")"#] : [#"text("on")"#]))
            #expect(try await rig.runs("automation/hope").map(\.state) == [.done])
            try await rig.expectSound()
            await rig.close()
        }
    }

    private static let ladder = """
        app: { name: desk }
        objects:
          deal: { fields: { owner: link to user } }
        connectors:
          gate: { kind: http, base: "https://gate.example.com", calls: { ring: { post: /ring, send: { text: "{text}" } } } }
        channels:
          voice:  { connector: gate, call: ring, with: { text: "{message}" } }
          urgent: { try: [in_app, voice], until: acknowledged, each: 60s }
        automations:
          reach: { when: deal is created, do: { notify: owner, via: urgent, message: x } }

        """

    @Test("T17: who says that they know at the very instant at which the next rung is due", arguments: [true, false])
    func acknowledgedAtTheInstant(isFirst: Bool) async throws {
        let rig = try await Rig(Self.ladder)
        let person = try await rig.make("user", #"{"name":"u"}"#, door: .trusted)
        _ = try await rig.make("deal", #"{"owner":"user/1"}"#)
        try await rig.settle()
        let notice = try #require(try await rig.notices().first)
        rig.jump(60)
        // Before what is due is looked at, or after it.
        if !isFirst { try await rig.settle() }
        let now = rig.now
        try await rig.engine.store.write { try $0.markRead(notice.id, of: person, at: now) }
        try await rig.settle()
        try await rig.pass(600)
        #expect(rig.outside.deliveries.count == (isFirst ? 0 : 1))
        #expect(try await rig.effects().allSatisfy { $0.state == .done || $0.state == .failed })
        try await rig.expectSound()
    }
}
