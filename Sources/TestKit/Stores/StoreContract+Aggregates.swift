import Formula
import Model
import Program
import SourceText
import Storage

/// Figures of groups, held against adding up in memory.
extension StoreContract {
    static let aggregates = [
        Promise(description: "figures are what adding up the records gives") { try await $0.figuresAddUp() },
    ]

    func figuresAddUp() async throws {
        try await store { store in
            var random = RepeatableRandom(seed: 23)
            let rows = (1...200).map { SampleRows.deal($0, &random) }
            try await store.write { transaction in
                for row in rows { try transaction.insert(row) }
                try transaction.insert(SampleApp.row(SampleApp.deal, 500, ["amount": .number(ExactDecimal(1_000_000))]))
                try transaction.delete(RecordID(object: SampleApp.deal, number: 500), at: Instant(microseconds: 3))
            }
            let moment = SampleApp.app.model.moment(at: Instant(microseconds: 1_767_600_000_000_000))
            let level = SampleApp.field(SampleApp.deal, "level")
            let query = AggregateQuery(
                object: SampleApp.deal, moment: moment, keys: [try Self.formula("level")],
                measures: [
                    .count, .of(.sum, try Self.formula("amount")), .of(.minimum, try Self.formula("amount")), .of(.maximum, try Self.formula("due")),
                    .of(.average, try Self.formula("count")), .of(.sum, try Self.formula("watched")), .of(.sum, try Self.formula("1 / count")),
                ],
                limit: 100)
            let groups = try await store.read { try $0.aggregate(query) }
            try requireEqual(groups.map { $0.keys[0] }, [.blank, .option("low"), .option("high"), .option("top")], "groups")
            for group in groups {
                let members = rows.filter { $0[level] == group.keys[0] }
                func numbers(_ name: String) -> [ExactDecimal] {
                    members.compactMap { if case .number(let number) = $0[SampleApp.field(SampleApp.deal, name)] { number } else { nil } }
                }
                let amounts = numbers("amount"), counts = numbers("count")
                try requireEqual(group.values[0], .number(ExactDecimal(members.count)), "count")
                try requireEqual(group.values[1], .number(try amounts.reduce(ExactDecimal.zero) { try $0.adding($1) }), "sum")
                try requireEqual(group.values[2], amounts.min().map(Value.number) ?? .blank, "least")
                let days = members.compactMap { if case .date(let day) = $0[SampleApp.field(SampleApp.deal, "due")] { day } else { nil } }
                try requireEqual(group.values[3], days.max().map(Value.date) ?? .blank, "latest")
                let total = try counts.reduce(ExactDecimal.zero) { try $0.adding($1) }
                try requireEqual(group.values[4], counts.isEmpty ? .blank : .number(try total.divided(by: ExactDecimal(counts.count))), "mean")
                let spans = members.compactMap { if case .duration(let span) = $0[SampleApp.field(SampleApp.deal, "watched")] { span.microseconds } else { nil } }
                try requireEqual(group.values[5], .duration(TimeSpan(microseconds: spans.reduce(0, +))), "time")
                // A blank divisor counts as 0 in arithmetic, and fails like it.
                try requireEqual(group.failed[6], members.count - counts.count { $0 != .zero }, "records without a quotient")
            }
            let all = AggregateQuery(object: SampleApp.deal, moment: moment, keys: [], measures: [.count], limit: 1)
            try requireEqual(try await store.read { try $0.aggregate(all) }.map { $0.values[0] }, [.number(ExactDecimal(200))], "all")
        }
    }

    private static func formula(_ text: String) throws -> CheckedExpression {
        var report = Diagnostics()
        let formula = EmbeddedText(text: text, span: Span(file: SourceFileID(index: 0), start: 0, end: 0), segments: [])
        guard let checked = FormulaChecker(schema: SampleApp.app.model.schema).check(formula, in: FormulaScope(this: SampleApp.deal), report: &report) else {
            throw ContractBroken("`\(text)` is not right: \(report.found.map(\.message.en))")
        }
        return checked
    }
}
