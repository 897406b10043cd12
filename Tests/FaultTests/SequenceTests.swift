import Engine
import Formula
import Foundation
import Model
import Program
import Storage
import TestKit
import Testing

/// Events in any order, late, corrected, deleted: the sequences that are found are those that somebody finds who tries all.
@Suite struct SequenceTests {
    private static let seeds = max(1, ProcessInfo.processInfo.environment["WEIR_SEEDS"].flatMap { Int($0) } ?? 40)
    private static let app = """
        app: { name: desk, timezone: Asia/Shanghai }
        objects:
          account: { shows: "{name}", fields: { name: { type: text, required: yes } } }
          event:
            fields:
              account: { type: link, to: account, as: events }
              kind:    { type: choice, options: [a, b, c, end, other] }
              at:      datetime
              counts:  { type: bool, default: yes }
          hit:
            fields: { account: link to account, event: link to event }
        sequences:
          abc:
            of: event where counts
            by: account
            steps: [a, b, c]
            within: 1h
            unless: end
            late: 30min
            do: { create: hit, with: { account: =this, event: =event } }

        """

    /// What a person with a list of all events would say.
    private struct Plain {
        struct Event {
            var owner: RecordID
            var at: Int64
            let number: Int64
            var kind: String
            let recorded: Int64
            var counts = true

            func isBefore(_ other: Event) -> Bool { (at, number) < (other.at, other.number) }
        }

        var events: [Event] = []
        private var through: [RecordID: Event] = [:]
        private(set) var hits: [String] = []

        private static let minute = Microseconds.perMinute

        /// All triples are tried.
        mutating func look() {
            for owner in Set(events.map(\.owner)) {
                while let last = completion(of: owner) {
                    hits.append("\(owner.number) \(last.number)")
                    through[owner] = last
                }
            }
        }

        private func completion(of owner: RecordID) -> Event? {
            let counted = events.filter { event in
                event.owner == owner && event.counts && event.recorded - event.at <= 30 * Self.minute && (through[owner].map { $0.isBefore(event) } ?? true)
            }.sorted { $0.isBefore($1) }
            var found: Event?
            for first in counted where first.kind == "a" {
                for second in counted where second.kind == "b" && first.isBefore(second) {
                    for third in counted where third.kind == "c" && second.isBefore(third) {
                        guard third.at - first.at <= 60 * Self.minute, found.map({ third.isBefore($0) }) ?? true else { continue }
                        if !counted.contains(where: { $0.kind == "end" && first.isBefore($0) && $0.isBefore(third) }) { found = third }
                    }
                }
            }
            return found
        }
    }

    /// - Parameter known: By hit, what was found before; its event may be gone by now.
    private func hits(_ rig: Rig, _ known: inout [Int64: String]) async throws -> [String] {
        for (number, hit) in try await hits(of: rig) where known[number] == nil { known[number] = hit }
        return known.sorted { $0.key < $1.key }.map(\.value)
    }

    private func hits(_ rig: Rig) async throws -> [String] { try await hits(of: rig).map(\.hit) }

    private func hits(of rig: Rig) async throws -> [(number: Int64, hit: String)] {
        let object = try #require(rig.engine.app.model.object(named: "hit"))
        let account = try #require(object.field(named: "account")).id, event = try #require(object.field(named: "event")).id
        return try await rig.engine.store.read { transaction in
            try transaction.rows(of: object.id).map { row in
                guard case .link(let owner) = row[account], case .link(let last) = row[event] else { return (row.id.number, "?") }
                return (row.id.number, "\(owner.number) \(last.number)")
            }
        }
    }

    @Test("T27: sequences are those that trying all would find, whatever comes late, twice, corrected or not at all", arguments: 0..<seeds)
    func sequencesAreAllThatThereAre(seed: Int) async throws {
        let rig = try await Rig(Self.app)
        var random = RepeatableRandom(seed: UInt64(seed))
        let owners = [try await rig.make("account", #"{"name":"甲"}"#), try await rig.make("account", #"{"name":"乙"}"#)]
        var plain = Plain()
        var known: [Int64: String] = [:]
        func time(_ microseconds: Int64) -> String { Instant(microseconds: microseconds).description }
        for step in 0..<60 {
            try await rig.pass(Int64.random(in: 0...600, using: &random))
            let now = rig.now.microseconds
            let kind = ["a", "b", "c", "a", "b", "c", "end", "other"].randomElement(using: &random) ?? "a"
            // Sometimes from a clock that is before ours, sometimes later than counts.
            let at = now - Int64.random(in: -2...(step.isMultiple(of: 3) ? 40 : 0), using: &random) * Microseconds.perMinute
            switch Int.random(in: 0..<10, using: &random) {
            case 0 where !plain.events.isEmpty:
                let index = Int.random(in: plain.events.indices, using: &random)
                let event = try #require(rig.engine.app.recordID(from: "event/\(plain.events[index].number)"))
                plain.events.remove(at: index)
                try await rig.delete(event)
            case 1 where !plain.events.isEmpty, 2 where !plain.events.isEmpty:
                let index = Int.random(in: plain.events.indices, using: &random)
                let event = try #require(rig.engine.app.recordID(from: "event/\(plain.events[index].number)"))
                switch Int.random(in: 0..<4, using: &random) {
                case 0:
                    plain.events[index].kind = kind
                    try await rig.edit(event, #"{"kind":"\#(kind)"}"#)
                case 1:
                    plain.events[index].at = at
                    try await rig.edit(event, #"{"at":"\#(time(at))"}"#)
                case 2:
                    plain.events[index].counts.toggle()
                    try await rig.edit(event, #"{"counts":\#(plain.events[index].counts)}"#)
                default:
                    let owner = try #require(owners.randomElement(using: &random))
                    plain.events[index].owner = owner
                    try await rig.edit(event, #"{"account":"\#(rig.text(owner))"}"#)
                }
            default:
                let owner = try #require(owners.randomElement(using: &random))
                let event = try await rig.make("event", #"{"account":"\#(rig.text(owner))","kind":"\#(kind)","at":"\#(time(at))"}"#)
                plain.events.append(Plain.Event(owner: owner, at: at, number: event.number, kind: kind, recorded: now))
                // Told twice: the same again is no event.
                try await rig.edit(event, #"{"kind":"\#(kind)"}"#)
            }
            plain.look()
            try await rig.settle()
            let found = try await hits(rig, &known)
            try #require(found.sorted() == plain.hits.sorted(), "seed \(seed), step \(step)")
        }
        try await rig.expectSound()
    }

    @Test("T27: among thousands of events of one record, one that comes late finds its place")
    func manyEventsOfOneRecord() async throws {
        let rig = try await Rig(Self.app)
        _ = try await rig.make("account", #"{"name":"甲"}"#)
        func event(_ kind: String, ago seconds: Int64 = 0) async throws {
            let at = Instant(microseconds: rig.now.microseconds - seconds * Microseconds.perSecond)
            _ = try await rig.make("event", #"{"account":"account/1","kind":"\#(kind)","at":"\#(at.description)"}"#)
        }
        for index in 0..<2_000 {
            rig.jump(1)
            try await event(index == 1_000 ? "a" : index == 1_500 ? "c" : "other")
        }
        rig.jump(1)
        try await event("b", ago: 800)
        try await rig.settle()
        // Complete with the `c` that came before it.
        #expect(try await hits(rig) == ["1 1501"])
        try await rig.expectSound()
    }

    @Test("T27: what was complete before the app knew the sequence is past; what goes on counts")
    func aNewSequence() async throws {
        let without = Self.app.prefix(upTo: try #require(Self.app.range(of: "sequences:")).lowerBound)
        let rig = try await Rig(String(without))
        _ = try await rig.make("account", #"{"name":"甲"}"#)
        func event(_ kind: String) async throws {
            rig.jump(60)
            _ = try await rig.make("event", #"{"account":"account/1","kind":"\#(kind)","at":"\#(rig.now.description)"}"#)
        }
        for kind in ["a", "b", "c", "a", "b"] { try await event(kind) }
        try await rig.renew(Self.app)
        try await rig.settle()
        #expect(try await hits(rig).isEmpty)
        try await event("c")
        try await rig.settle()
        #expect(try await hits(rig) == ["1 6"])
        // Another definition counts anew, and what was found stays found.
        try await rig.renew(Self.app.replacing("within: 1h", with: "within: 2h"))
        for kind in ["a", "b", "c"] { try await event(kind) }
        try await rig.settle()
        #expect(try await hits(rig) == ["1 6", "1 9"])
        try await rig.expectSound()
    }
}
