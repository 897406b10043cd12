import Engine
import Formula
import SourceText
import Storage
import Testing

@Suite struct NoticeTests {
    private static let app = """
        app: { name: desk }
        objects:
          lead: { shows: "{name}", fields: { name: text, owner: link to user } }
        automations:
          tell: { when: lead is created, do: [ { notify: owner, message: "call {name}" } ] }
        """

    private struct Desk {
        let bench: Bench
        let me: RecordID
        let other: RecordID

        init() async throws {
            bench = try Bench(NoticeTests.app)
            me = try await bench.make("user", #"{"name":"Wang"}"#, door: .trusted)
            other = try await bench.make("user", #"{"name":"Li"}"#, door: .trusted)
        }

        @discardableResult
        func lead(_ name: String, of owner: RecordID) async throws -> RecordID {
            let lead = try await bench.make("lead", "{\"name\":\"\(name)\",\"owner\":\"user/\(owner.number)\"}")
            try await Automator(bench.engine).settle()
            return lead
        }
    }

    @Test func aPersonSeesTheirOwnNewestFirstPageByPage() async throws {
        let desk = try await Desk()
        let engine = desk.bench.engine
        for name in ["A", "B", "C"] { try await desk.lead(name, of: desk.me) }
        let theirs = try await desk.lead("D", of: desk.other)
        let first = try await engine.notices(of: desk.me, limit: 2)
        #expect(first.notices.map(\.message.en) == ["call C", "call B"] && first.unread == 3)
        #expect(first.notices.first?.record.flatMap { first.titles[$0] } == "C")
        let second = try await engine.notices(of: desk.me, limit: 2, before: first.notices.last?.id)
        #expect(second.notices.map(\.message.en) == ["call A"])
        let other = try #require(try await engine.notices(of: desk.other, limit: 5).notices.first)
        #expect(other.record == theirs)
        #expect(try await engine.notice(other.id, of: desk.me) == nil, "somebody else's is nobody's business")
    }

    @Test func threeRecordsAtMostAreSuggestedAndNobodyIsToldOfNone() async throws {
        let bench = try Bench(
            """
            app: { name: desk }
            objects:
              card: { shows: "{title}", fields: { title: text, kind: text } }
              deal: { shows: "{name}", fields: { name: text, doubt: text, owner: link to user } }
            automations:
              help: { when: deal is created, do: { suggest: card where kind = this.doubt, to: owner, message: { zh: 应对, en: Answers } } }
            """)
        let me = try await bench.make("user", #"{"name":"Wang"}"#, door: .trusted)
        var cards: [RecordID] = []
        for (title, kind) in [("A", "price"), ("B", "time"), ("C", "price"), ("D", "price"), ("E", "price")] {
            cards.append(try await bench.make("card", "{\"title\":\"\(title)\",\"kind\":\"\(kind)\"}"))
        }
        for doubt in ["trust", "price"] {
            _ = try await bench.make("deal", "{\"name\":\"d\",\"doubt\":\"\(doubt)\",\"owner\":\"user/\(me.number)\"}")
            try await Automator(bench.engine).settle()
        }
        let found = try await bench.engine.notices(of: me, limit: 5)
        #expect(found.notices.map(\.message.en) == ["Answers: A, C, D"] && found.notices.map(\.message.zh) == ["应对：A、C、D"])
        #expect(found.notices.map(\.suggested) == [[cards[0], cards[2], cards[3]]])
        #expect(cards[2...3].map { found.titles[$0] } == ["C", "D"])
    }

    @Test func readingOneOrAllLeavesTheRestAsItIs() async throws {
        let desk = try await Desk()
        let engine = desk.bench.engine
        for name in ["A", "B", "C"] { try await desk.lead(name, of: desk.me) }
        try await desk.lead("D", of: desk.other)
        let all = try await engine.notices(of: desk.me, limit: 5).notices
        try await engine.markRead(all[1].id, of: desk.other)
        #expect(try await engine.unreadNotices(of: desk.me) == 3, "nobody reads for others")
        try await engine.markRead(all[1].id, of: desk.me)
        #expect(try await engine.notices(of: desk.me, unreadOnly: true, limit: 5).notices.map(\.message.en) == ["call C", "call A"])
        try await engine.markRead(through: all[2].id, of: desk.me)
        #expect(try await engine.unreadNotices(of: desk.me) == 1, "what came later stays unread")
        try await engine.markRead(through: all[0].id, of: desk.me)
        #expect(try await engine.unreadNotices(of: desk.me) == 0)
        #expect(try await engine.unreadNotices(of: desk.other) == 1)
    }

    @Test func whoeverListensHearsOfTheirOwnNewsAndOfWhatTheyRead() async throws {
        let desk = try await Desk()
        let changes = desk.bench.engine.store.changes
        var mine = changes.notices(of: desk.me).makeAsyncIterator()
        let theirs = changes.notices(of: desk.other)
        try await desk.lead("A", of: desk.me)
        #expect(await mine.next() != nil)
        let notice = try #require(try await desk.bench.engine.notices(of: desk.me, limit: 1).notices.first)
        try await desk.bench.engine.markRead(notice.id, of: desk.me)
        #expect(await mine.next() != nil)
        await desk.bench.engine.store.close()
        var heard = 0
        for await _ in theirs { heard += 1 }
        #expect(heard == 0 && desk.bench.engine.store.changes.subscriberCount == 0)
    }
}
