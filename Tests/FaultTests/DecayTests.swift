import Engine
import Formula
import Foundation
import Model
import Program
import Storage
import TestKit
import Testing

/// A number that events raise and time wears down, against one that is worked out second by second.
@Suite struct DecayTests {
    private static let seeds = max(1, ProcessInfo.processInfo.environment["WEIR_SEEDS"].flatMap { Int($0) }.map { $0 / 4 } ?? 8)
    private static let app = """
        app: { name: desk, timezone: Asia/Shanghai }
        objects:
          account: { shows: "{name}", fields: { name: { type: text, required: yes } } }
          event:
            fields:
              account: { type: link, to: account, as: events }
              kind:    { type: choice, options: [demo, quote, other] }
              at:      datetime
          hit:
            fields: { account: link to account, limit: number, at: datetime }
        decays:
          heat:
            of: event
            by: account
            add: { demo: 30, quote: 10 }
            curve: { 0h: 100%, 1h: 100%, 3h: 30%, 6h: 0% }
            below:
              40: { create: hit, with: { account: =this, limit: 40, at: =now() } }
              15: { create: hit, with: { account: =this, limit: 15, at: =now() } }

        """

    private struct Plain {
        var events: [Int64: (at: Int64, worth: Double)] = [:]
        var isAbove: [Double: Bool] = [40: false, 15: false]
        var falls: [(second: Int64, limit: Double)] = []

        func value(at second: Int64) -> Double {
            events.values.reduce(0) { sum, event in
                let hours = Double(second - event.at) / 3_600
                let rest: Double = hours < 0 ? 0 : hours <= 1 ? 1 : hours <= 3 ? 1 - 0.7 * (hours - 1) / 2 : hours <= 6 ? 0.3 - 0.3 * (hours - 3) / 3 : 0
                return sum + event.worth * rest
            }
        }

        mutating func look(at second: Int64) {
            let value = (value(at: second) * 100).rounded() / 100
            for limit in [40.0, 15] {
                if isAbove[limit] == true, value < limit { falls.append((second, limit)) }
                isAbove[limit] = value >= limit
            }
        }
    }

    @Test("T28: a number falls below its limits when counting by the second says so", arguments: 0..<seeds)
    func fallsWhenItDoes(seed: Int) async throws {
        let rig = try await Rig(Self.app)
        var random = RepeatableRandom(seed: UInt64(seed))
        let account = try await rig.make("account", #"{"name":"甲"}"#)
        var plain = Plain()
        func second() -> Int64 { rig.now.microseconds / Microseconds.perSecond }
        let start = second()
        for _ in 0..<24 {
            let kind = ["demo", "quote", "other"].randomElement(using: &random) ?? "demo"
            switch Int.random(in: 0..<6, using: &random) {
            case 0 where !plain.events.isEmpty:
                let number = try #require(plain.events.keys.sorted().randomElement(using: &random))
                plain.events[number] = nil
                try await rig.delete(try #require(rig.engine.app.recordID(from: "event/\(number)")))
            default:
                // Also what is recorded late, or is still to come.
                let at = second() + Int64.random(in: -3_600...1_200, using: &random)
                let event = try await rig.make(
                    "event", #"{"account":"account/1","kind":"\#(kind)","at":"\#(Instant(microseconds: at * Microseconds.perSecond).description)"}"#)
                plain.events[event.number] = (at, kind == "demo" ? 30 : kind == "quote" ? 10 : 0)
            }
            plain.look(at: second())
            try await rig.settle()
            let end = second() + Int64.random(in: 60...5_400, using: &random)
            for moment in second() + 1...end { plain.look(at: moment) }
            try await rig.pass(end - second())
            guard case .number(let heat) = try await rig.value(account, "heat") else { throw Surprise("no number") }
            #expect(abs(heat.doubleValue - plain.value(at: second())) < 0.005_01)
        }
        let found = try await hits(rig)
        try #require(found.count == plain.falls.count, "seed \(seed), from \(start): \(found), not \(plain.falls), \(plain.events)")
        for (fall, hit) in zip(plain.falls.sorted { ($0.second, $0.limit) < ($1.second, $1.limit) }, found.sorted { ($0.second, $0.limit) < ($1.second, $1.limit) }) {
            #expect(abs(fall.second - hit.second) <= 1 && fall.limit == hit.limit, "seed \(seed): \(hit), not \(fall)")
        }
        try await rig.expectSound()
    }

    private func hits(_ rig: Rig) async throws -> [(second: Int64, limit: Double)] {
        let object = try #require(rig.engine.app.model.object(named: "hit"))
        let limit = try #require(object.field(named: "limit")).id, at = try #require(object.field(named: "at")).id
        return try await rig.engine.store.read { transaction in
            try transaction.rows(of: object.id).compactMap { row in
                guard case .number(let limit) = row[limit], case .instant(let at) = row[at] else { return nil }
                return (at.microseconds / Microseconds.perSecond, limit.doubleValue)
            }
        }
    }

    @Test("T28: a limit that is new counts from now on, and one that stands twice over fires once")
    func aNewLimit() async throws {
        let without = Self.app.replacing("      15: { create", with: "      5: { create")
        let rig = try await Rig(without)
        _ = try await rig.make("account", #"{"name":"甲"}"#)
        _ = try await rig.make("event", #"{"account":"account/1","kind":"demo","at":"\#(rig.now.description)"}"#)
        try await rig.pass(2 * 3_600)
        // 19.5 by now: it may fall below 15, and does not fall below 40.
        try await rig.renew(Self.app)
        try await rig.renew(Self.app)
        try await rig.pass(8 * 3_600)
        let found = try await hits(rig)
        #expect(found.map(\.limit) == [15])
        try await rig.expectSound()
    }
}
