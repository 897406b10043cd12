import Engine
import Formula
import JSON
import Model
import SourceText
import Storage
import Testing

@Suite struct BatchTests {
    fileprivate static let app = """
        app: { name: t }
        objects:
          deal:
            fields:
              name: { type: text, required: yes, unique: yes }
              amount: money

        """

    fileprivate func commands(_ bench: Bench, _ names: [String?], request: String? = nil) async throws -> [SaveCommand] {
        var commands: [SaveCommand] = []
        for (index, name) in names.enumerated() {
            let read = try await bench.inputs("deal", name.map { "{\"name\":\"\($0)\"}" } ?? "{}")
            commands.append(SaveCommand(
                .create(try bench.object("deal").id, read.inputs), by: .system,
                request: request.map { SaveCommand.Request(key: "\($0)#\(index)", digest: "d") }))
        }
        return commands
    }

    @Test func whatIsRefusedLeavesTheOthersStanding() async throws {
        let bench = try Bench(Self.app)
        guard case .done(let answers) = try await bench.engine.saveBatch(commands(bench, ["a", nil, "a", "b"]), isAtomic: false) else {
            Issue.record("the batch is not done")
            return
        }
        #expect(answers.map(\.outcome.isDone) == [true, false, false, true])
        #expect(answers.map { $0.view?.rows.first?.id.number } == [1, nil, nil, 2])
        let figures = bench.engine.tally.figures
        #expect(figures.saved == 2 && figures.refused == 2)
    }

    @Test func allOrNothingWritesNothing() async throws {
        let bench = try Bench(Self.app)
        let before = try await bench.content()
        guard case .none(let outcomes) = try await bench.engine.saveBatch(commands(bench, ["a", nil]), isAtomic: true) else {
            Issue.record("the batch is done")
            return
        }
        #expect(outcomes.map(\.isDone) == [true, false])
        #expect(try await bench.content() == before)
    }

    @Test func aRepeatedBatchDoesWhatIsLeftOfIt() async throws {
        let bench = try Bench(Self.app)
        _ = try await bench.engine.saveBatch(commands(bench, ["a", "b"], request: "k"), isAtomic: true)
        let before = try await bench.content()
        guard case .done(let answers) = try await bench.engine.saveBatch(commands(bench, ["a", "b"], request: "k"), isAtomic: true) else {
            Issue.record("the repeated batch is not done")
            return
        }
        #expect(answers.map { $0.view?.rows.first?.id.number } == [1, 2])
        #expect(try await bench.content() == before)
    }
}

extension BatchTests {
    @Test func aKeyOfAnotherBatchWritesNothing() async throws {
        let bench = try Bench(Self.app)
        _ = try await bench.engine.saveBatch(commands(bench, ["a"], request: "k"), isAtomic: false)
        let before = try await bench.content()
        var others = try await commands(bench, ["x", "y"], request: "k")
        for index in others.indices { others[index].request = others[index].request.map { SaveCommand.Request(key: $0.key, digest: "another") } }
        guard case .none = try await bench.engine.saveBatch(others, isAtomic: false) else {
            Issue.record("the batch is done")
            return
        }
        #expect(try await bench.content() == before)
    }
}

@Suite struct FigureTests {
    fileprivate static let app = """
        app: { name: t, timezone: Asia/Shanghai }
        objects:
          account: { shows: "{name}", fields: { name: text } }
          deal:
            fields:
              account: { type: link, to: account }
              amount: money
              fee: { type: money, currency: USD }
              signed: datetime
              due: date
              days_left: { formula: due - today() }

        """

    private func bench() async throws -> Bench {
        let bench = try Bench(Self.app)
        _ = try await bench.make("account", "{\"name\":\"华芯\"}")
        _ = try await bench.make("deal", "{\"account\":\"account/1\",\"amount\":1.10,\"fee\":3,\"signed\":\"2025-12-31T16:30:00Z\",\"due\":\"2026-03-04\"}")
        _ = try await bench.make("deal", "{\"account\":\"account/1\",\"amount\":2.20,\"signed\":\"2026-03-31T15:59:59Z\",\"due\":\"2026-03-09\"}")
        _ = try await bench.make("deal", "{\"signed\":\"2026-03-31T16:00:00Z\"}")
        return bench
    }

    private func figures(_ bench: Bench, by: [String], _ values: [String], where condition: String? = nil) async throws -> [String] {
        let deal = try bench.object("deal").id
        let keys = try by.map { try ready(bench.engine.aggregateKey($0, on: deal)) }
        let measures = try values.map { try ready(bench.engine.aggregateMeasure($0, on: deal)) }
        var request = AggregateRequest(object: deal, keys: keys, measures: measures, limit: 50)
        if let condition, case .ready(let expression) = bench.engine.condition(condition, on: deal) { request.condition = expression }
        let report = try await bench.engine.aggregate(request, as: .system)
        let json = RecordJSON(app: bench.engine.app, language: .en)
        return report.groups.map { group in
            (group.keys + group.values).map { json.value($0, titles: report.titles).text() }.joined(separator: " ")
        }
    }

    private func ready<Ready>(_ figure: TypedFigure<Ready>) throws -> Ready {
        switch figure {
        case .ready(let ready): return ready
        case .wrong(let words, _): throw Surprise(outcome: words.en)
        }
    }

    @Test func recordsAreGroupedByPartsOfDatesInTheAppsZone() async throws {
        let bench = try await bench()
        #expect(try await figures(bench, by: ["signed.month"], ["count"]) == ["\"2026-01\" 1", "\"2026-03\" 1", "\"2026-04\" 1"])
        #expect(try await figures(bench, by: ["signed.quarter"], ["count"]) == ["\"2026-Q1\" 2", "\"2026-Q2\" 1"])
        #expect(try await figures(bench, by: ["signed.year"], ["sum(amount)"]) == ["\"2026\" 3.3"])
        #expect(try await figures(bench, by: ["signed.day"], ["count"], where: "amount > 2") == ["\"2026-03-31\" 1"])
    }

    @Test func recordsAreGroupedByLinksWithTheirTitles() async throws {
        let bench = try await bench()
        #expect(
            try await figures(bench, by: ["account"], ["count", "avg(amount)", "max(due)"])
                == ["null 1 null null", "{\"id\":\"account/1\",\"label\":\"华芯\"} 2 1.65 \"2026-03-09\""])
    }

    @Test func whatIsComputedOnReadCanBeAddedUpToo() async throws {
        let bench = try await bench()
        #expect(try await figures(bench, by: [], ["sum(days_left)", "min(days_left)"]) == ["9 2"])
    }

    @Test(arguments: ["amount", "sum()", "sum(amount + fee)", "sum(account)", "avg(due)", "total(amount)", "sum(nothing)"])
    func whatCannotBeAddedUpIsRefused(figure: String) async throws {
        let bench = try Bench(Self.app)
        guard case .wrong = bench.engine.aggregateMeasure(figure, on: try bench.object("deal").id) else {
            Issue.record("\(figure) is taken")
            return
        }
    }

    @Test func moneyNamesItsCurrency() async throws {
        let bench = try Bench(Self.app)
        let deal = try bench.object("deal").id
        #expect(try ready(bench.engine.aggregateMeasure("sum(fee)", on: deal)).currency == "USD")
        #expect(try ready(bench.engine.aggregateMeasure("sum(amount * 2)", on: deal)).currency == "CNY")
    }
}
