import Engine
import Formula
import JSON
import Model
import Program
import SourceText
import Storage
import TestKit
import Testing

/// What many runs of one batch tell.
@Suite struct FoldingTests {
    private static let app = """
        app: { name: desk, timezone: Asia/Shanghai }
        objects:
          lead:
            shows: "{name}"
            fields: { name: { type: text, required: yes }, phone: phone, n: { type: number, decimals: 0, default: 0 }, state: { type: text, default: new } }
        connectors:
          robot: { kind: wecom_robot, url: $ROBOT }
          gate:  { kind: http, base: https://gate.example.com, calls: { text: { post: /texts, send: { to: "{to}", text: "{text}" } } } }
        channels:
          group: { connector: robot }
          sms:   { connector: gate, with: { to: "{phone}", text: "{message}" } }
        automations:
          told:
            when: [lead is created, lead.n changes]
            do:
              - notify: user where name = 'boss'
                via: [in_app, sms, group]
                message: "线索「{name}」"
          quiet: { when: lead is created, do: { notify: user where name = 'aide', via: sms, message: "{name}" } }
          wrote: { when: lead is created, if: n < 20, do: { send: sms, to: phone, message: "{name}" } }
          chain: { when: lead is created, do: [ { set: { state: seen } } ] }
          after: { when: lead.state becomes seen, do: { notify: user where name = 'boss', message: "seen {name}" } }
        watches:
          slow: { while: lead where n < 5000, after: { 1h: { notify: user where name = 'boss', message: "slow {name}" } } }

        """

    private static func rig(in folder: String? = nil) async throws -> (rig: Rig, boss: RecordID, aide: RecordID) {
        let rig = try await Rig(app, in: folder)
        let boss = try await rig.make("user", #"{"name":"boss","login":"boss","phone":"13900001111"}"#)
        let aide = try await rig.make("user", #"{"name":"aide","login":"aide","phone":"13900002222"}"#)
        return (rig, boss, aide)
    }

    private static func table(_ rows: Range<Int>) -> [UInt8] {
        Array(("name,phone,n\n" + rows.map { "d\($0),138\(10_000_000 + $0),\($0)" }.joined(separator: "\n")).utf8)
    }

    private static func notices(_ rig: Rig, of person: RecordID) async throws -> [Notice] {
        try await rig.engine.store.read { try $0.notices(of: person, unreadOnly: false, limit: 10_000, before: nil) }.reversed()
    }

    @Test("T35: two thousand rows, five rules: a few notices and messages, the rest as one; customers are written to one by one") func twoThousandRows() async throws {
        let (rig, boss, aide) = try await Self.rig()
        let lead = try #require(rig.engine.app.model.object(named: "lead")).id
        let count = 2_000
        let report = try await rig.engine.importTable(try rig.engine.readTable(Self.table(0..<count)), into: lead, dryRun: false, as: .system)
        #expect(report.created == count)
        try await rig.settle()

        let told = try await Self.notices(rig, of: boss)
        let byTitle = Dictionary(grouping: told, by: \.title.en).mapValues { $0.map(\.message.zh) }
        #expect(byTitle["told"] == ["线索「d0」", "线索「d1」", "线索「d2」", "线索「d3」", "线索「d4」", "另有 1995 条：线索「d5」 等"])
        #expect(byTitle["after"] == ["seen d0", "seen d1", "seen d2", "seen d3", "seen d4", "另有 1995 条：seen d5 等"])
        #expect(told.filter { $0.folded != nil }.map(\.folded) == [1_995, 1_995])
        // Whoever is told over a channel that leads out finds the list inside.
        let ofAide = try await Self.notices(rig, of: aide)
        #expect(ofAide.map(\.message.en) == ["1995 more, such as: d5"])

        let digest = try #require(told.first { $0.folded != nil && $0.title.en == "told" })
        let view = try #require(try await rig.engine.folded(digest, from: 0, limit: 100))
        #expect(view.count == 1_995 && view.next == 100 && view.records.prefix(2).map(\.title) == ["d5", "d6"])
        let last = try #require(try await rig.engine.folded(digest, from: 1_900, limit: 100))
        #expect(last.next == nil && last.records.count == 95 && last.records.last?.title == "d1999")

        // Nothing of the rest has left yet; a minute after the last it does.
        func sent() throws -> [String: Int] { Dictionary(grouping: rig.outside.deliveries, by: \.connector).mapValues(\.count) }
        #expect(try sent() == ["gate": 5 + 5 + 20, "robot": 5])
        try await rig.pass(120)
        #expect(try sent() == ["gate": 6 + 6 + 20, "robot": 6])
        let texts = rig.outside.deliveries.suffix(3).map { $0.payload["text"]?.asString }
        #expect(Set(texts) == ["另有 1995 条：线索「d5」 等", "另有 1995 条：d5 等"])
        #expect(Set(rig.outside.deliveries.map(\.key)).count == rig.outside.deliveries.count)

        // The watches that the import armed belong to it.
        try await rig.pass(3_600)
        let slow = try await Self.notices(rig, of: boss).filter { $0.title.en == "slow" }.map(\.message.zh)
        #expect(slow == ["slow d0", "slow d1", "slow d2", "slow d3", "slow d4", "另有 1995 条：slow d5 等"])

        // What is done by itself is told by itself.
        _ = try await rig.make("lead", #"{"name":"x"}"#)
        try await rig.settle()
        #expect(try await Self.notices(rig, of: boss).filter { $0.title.en == "told" }.last?.message.zh == "线索「x」")
        try await rig.expectSound()
    }

    @Test("T35: what comes after the message was sent makes another; the notice goes on, is unread again, and survives an end of the process")
    func severalRounds() async throws {
        try await TestFiles.withFolder { folder in
            let (rig, boss, _) = try await Self.rig(in: folder)
            var leads: [RecordID] = []
            for number in 0..<9 { leads.append(try await rig.make("lead", #"{"name":"d\#(number)","n":100}"#)) }
            try await rig.settle()
            let before = rig.outside.deliveries.count, noticesBefore = try await Self.notices(rig, of: boss).count
            let field = try #require(rig.engine.app.model.object(named: "lead")?.field(named: "n")).id
            func change(_ leads: some Sequence<RecordID>, to number: Int64) async throws {
                for lead in leads {
                    var command = SaveCommand(.edit(lead, [FieldInput(field, .number(ExactDecimal(number)))]), by: .system)
                    command.batch = "one"
                    _ = try await rig.engine.save(command)
                }
                try await rig.settle()
            }
            try await change(leads.prefix(7), to: 101)
            #expect(rig.outside.deliveries.count - before == 10)
            try await rig.restart(in: folder, Self.app)
            try await rig.pass(30)
            try await change(leads[7...7], to: 101)
            try await rig.pass(59)
            #expect(rig.outside.deliveries.count - before == 10)
            try await rig.pass(2)
            #expect(rig.outside.deliveries.dropFirst(before + 10).map { $0.payload["text"]?.asString } == Array(repeating: "另有 3 条：线索「d5」 等", count: 2))

            let digest = try #require(try await Self.notices(rig, of: boss).dropFirst(noticesBefore).last)
            #expect(digest.folded == 3)
            try await rig.engine.markRead(digest.id, of: boss)
            try await change(leads.suffix(1), to: 101)
            let again = try #require(try await rig.engine.notice(digest.id, of: boss))
            #expect(again.folded == 4 && again.read == nil && again.message.en == "4 more, such as: 线索「d5」")
            try await rig.pass(61)
            #expect(rig.outside.deliveries.dropFirst(before + 12).map { $0.payload["text"]?.asString } == Array(repeating: "另有 1 条：线索「d5」", count: 2))
            #expect(Set(rig.outside.deliveries.map(\.key)).count == rig.outside.deliveries.count)
            #expect(try await Self.notices(rig, of: boss).count == noticesBefore + 6)
            try await rig.expectSound()
            await rig.close()
        }
    }

    @Test("T35: a stream without a pause is told every ten minutes") func withoutAPause() async throws {
        let (rig, _, aide) = try await Self.rig()
        for number in 0..<60 {
            let action = try await rig.command(SaveCommand.Action.create, "lead", #"{"name":"d\#(number)"}"#)
            var command = SaveCommand(action, by: .system)
            command.batch = "stream"
            _ = try await rig.engine.save(command)
            try await rig.pass(30)
        }
        try await rig.pass(120)
        let texts = rig.outside.deliveries.filter { $0.payload["to"]?.asString == "13900002222" }.map { $0.payload["text"]?.asString ?? "" }
        #expect(texts.prefix(5) == ["d0", "d1", "d2", "d3", "d4"])
        let rounds = texts.dropFirst(5).compactMap { Int($0.split(separator: " ")[1]) }
        #expect(rounds.count == 3 && rounds.reduce(0, +) == 55, "\(rounds)")
        #expect(try await Self.notices(rig, of: aide).map(\.folded) == [55])
        try await rig.expectSound()
    }
}
