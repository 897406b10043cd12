package import Formula

/// Deals of the sample app with random values, many of them blank or equal, so that ties and blanks occur everywhere.
package enum SampleRows {
    package static func deal(_ number: Int, _ random: inout RepeatableRandom) -> Row {
        var values: [String: Value] = [:]
        func maybe(_ name: String, _ value: Value) { if Int.random(in: 0..<4, using: &random) > 0 { values[name] = value } }
        maybe("name", .text(names[Int.random(in: 0..<names.count, using: &random)]))
        values["code"] = .text("c\(number)")
        maybe("amount", .number(ExactDecimal(scaled: Int64.random(in: -9...9, using: &random) * 25, decimals: 2)))
        maybe("count", .number(ExactDecimal(Int.random(in: -3...3, using: &random))))
        maybe("rate", .number(ExactDecimal(scaled: Int64.random(in: 0...10_000, using: &random), decimals: 4)))
        maybe("urgent", .bool(Bool.random(using: &random)))
        maybe("due", .date(Day(daysSinceEpoch: Int32.random(in: -5...5, using: &random))))
        maybe("met", .instant(Instant(microseconds: Int64.random(in: -3...3, using: &random))))
        maybe("watched", .duration(TimeSpan(microseconds: Int64.random(in: -3...3, using: &random))))
        maybe("level", .option(["low", "high", "top"][Int.random(in: 0..<3, using: &random)]))
        let pains = ["cost", "speed", "risk"].filter { _ in Bool.random(using: &random) }
        if !pains.isEmpty { values["pains"] = .options(pains) }
        maybe("words", .options(["甲\(Int.random(in: 0..<3, using: &random))", "b"]))
        maybe("memo", .text("第\(Int.random(in: 0..<50, using: &random))次 Meeting Ünder"))
        maybe("owner", .link(RecordID(object: SampleApp.user, number: Int64.random(in: 1...4, using: &random))))
        maybe("stage", .option(["lead", "quoted", "won", "lost"][Int.random(in: 0..<4, using: &random)]))
        return SampleApp.row(SampleApp.deal, Int64(number), values, at: Int64.random(in: 1...5, using: &random))
    }

    private static let names = ["", "张三", "李四", "Ann", "ann", "Émile", "zz", "北京东方"].map { $0.isEmpty ? "0" : $0 }
}
