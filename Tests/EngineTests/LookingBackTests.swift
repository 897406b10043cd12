import Engine
import Formula
import Model
import Program
import SourceText
import Storage
import Testing

/// Rules and gates that read what the save they judge changes on other records.
@Suite struct LookingBackTests {
    private static let app = """
        app: { name: stock, version: 1.0.0 }
        objects:
          part:
            shows: "{name}"
            fields:
              name: text
              stock: { formula: sum(movements.amount) }
              short: { formula: stock < 0 }
          movement:
            fields:
              part: { type: link, to: part, as: movements }
              amount: number
              note: text
              left: { formula: part.stock }
            rules:
              enough: { must: part is blank or not part.short, say: "{part.stock}" }
              left_over: { must: left is blank or left <= 100, say: "{left}" }
          desk:
            fields:
              name: text
              open: { formula: count(tickets where state = 'working') }
          ticket:
            fields:
              desk: { type: link, to: desk, as: tickets }
              state:
                type: stage
                stages:
                  new:
                  working:
                    enter:
                      room: { must: desk.open <= 1, say: "{desk.open}" }
        """

    @Test func aRuleSeesTheRollupWithTheRecordInIt() async throws {
        let bench = try Bench(Self.app)
        let part = try await bench.make("part", #"{"name":"bolt"}"#)
        try await bench.make("movement", #"{"part":"part/1","amount":5}"#)
        let refused = try await bench.create("movement", #"{"part":"part/1","amount":-6}"#)
        #expect(refused.brief(bench.model) == "refused rule:enough")
        let content = try await bench.content()
        #expect(try await bench.read(part, "stock", "short") == ["5", "false"])
        // What was refused behind the writing has left nothing: no row, no history, no number.
        _ = try await bench.create("movement", #"{"part":"part/1","amount":-7}"#)
        #expect(try await bench.content() == content)
        let taken = try await bench.make("movement", #"{"part":"part/1","amount":-5}"#)
        #expect(taken.number == 2)
        #expect(try await bench.read(taken, "left") == ["0"])
    }

    @Test func aRuleSeesItsOwnFormulaAsItComesBack() async throws {
        let bench = try Bench(Self.app)
        try await bench.make("part", #"{"name":"bolt"}"#)
        #expect(try await bench.create("movement", #"{"part":"part/1","amount":101}"#).brief(bench.model) == "refused rule:left_over")
        let movement = try await bench.make("movement", #"{"part":"part/1","amount":100}"#)
        #expect(try await bench.edit(movement, #"{"amount":100.5}"#).brief(bench.model) == "refused rule:left_over")
        #expect(try await bench.read(movement, "amount", "left") == ["100", "100"])
    }

    @Test func aGateSeesTheRecordInItsNewStage() async throws {
        let bench = try Bench(Self.app)
        try await bench.make("desk", #"{"name":"one"}"#)
        let first = try await bench.make("ticket", #"{"desk":"desk/1"}"#), second = try await bench.make("ticket", #"{"desk":"desk/1"}"#)
        let open = try #require(try await bench.engine.gate(of: first, to: "working", as: .system))
        #expect(open.isOpen)
        #expect(try await bench.read(first, "state", "version") == [#""new""#, "1"])
        guard case .saved = try await bench.move(first, to: "working") else { Issue.record("was not moved"); return }
        let content = try await bench.content()
        let held = try #require(try await bench.engine.gate(of: second, to: "working", as: .system))
        #expect(!held.isOpen)
        #expect(held.items.map(\.say.en) == ["2"])
        guard case .held = try await bench.move(second, to: "working") else { Issue.record("was moved"); return }
        #expect(try await bench.content() == content)
    }
}
