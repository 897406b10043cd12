import Foundation
import SourceText

/// What a thing loses in worth.
enum DepreciationFunctions {
    static let all: [FunctionDefinition] = [sln, syd, db, ddb]

    static let sln = FunctionDefinition(
        "sln", aliases: ["直线折旧"], [.init([.number("cost"), .number("salvage"), .number("life")], gives: .moneyOfAny)],
        summary: Words(zh: "直线法每期折旧：原值、残值、期数。", en: "Straight-line depreciation per period: cost, salvage value, periods."),
        examples: [.init("sln(30000, 7500, 10)", "2250")],
        body: { (arguments) throws(FormulaFailure) in
            .number(try arguments.number(0).subtracting(try arguments.number(1)).divided(by: try arguments.number(2)))
        })

    static let syd = FunctionDefinition(
        "syd", aliases: ["年数总和折旧"],
        [.init([.number("cost"), .number("salvage"), .number("life"), .number("period")], gives: .moneyOfAny)],
        summary: Words(
            zh: "年数总和法第几期的折旧：原值、残值、期数、第几期。", en: "Sum-of-years' digits depreciation of a period: cost, salvage value, periods, which period."),
        examples: [.init("round(syd(30000, 7500, 10, 1), 2)", "4090.91")],
        body: { (arguments) throws(FormulaFailure) in
            let life = try arguments.number(2), period = try arguments.number(3)
            guard life.signum > 0, period.signum > 0, period <= life else { throw FormulaFailure(.domain) }
            let left = try life.subtracting(period).adding(.one).multiplied(by: ExactDecimal(2))
            return .number(
                try arguments.number(0).subtracting(try arguments.number(1)).multiplied(by: left)
                    .divided(by: try life.multiplied(by: try life.adding(.one))))
        })

    static let db = FunctionDefinition(
        "db", aliases: ["固定余额折旧"],
        [
            .init(
                [.number("cost"), .number("salvage"), .number("life"), .number("period"), .number("months", .optional)], gives: .moneyOfAny)
        ],
        summary: Words(
            zh: "固定余额递减法第几期的折旧：原值、残值、期数、第几期；可加第一年的月数。",
            en: "Fixed-declining balance depreciation of a period: cost, salvage value, periods, which period; then the months of the first year."),
        examples: [.init("round(db(1000000, 100000, 6, 1, 7), 2)", "186083.33")],
        body: { (arguments) throws(FormulaFailure) in
            let cost = try arguments.double(0), salvage = try arguments.double(1), life = try arguments.double(2)
            let period = try arguments.whole(3)
            let months = arguments.count > 4 ? Double(try arguments.whole(4)) : 12
            guard cost >= 0, salvage >= 0, life > 0, period >= 1, months >= 1, months <= 12, life <= mostPeriods,
                Double(period) <= life + (months < 12 ? 1 : 0)
            else { throw FormulaFailure(.domain) }
            if cost == 0 { return .number(.zero) }
            let rate = ((1 - pow(salvage / cost, 1 / life)) * 1000).rounded() / 1000
            var total = 0.0
            var loss = 0.0
            for year in 1...period {
                if year == 1 {
                    loss = cost * rate * months / 12
                } else if Double(year) > life {
                    loss = (cost - total) * rate * (12 - months) / 12
                } else {
                    loss = (cost - total) * rate
                }
                total += loss
            }
            return .number(try ExactDecimal(approximating: loss))
        })

    static let ddb = FunctionDefinition(
        "ddb", aliases: ["双倍余额折旧"],
        [
            .init(
                [.number("cost"), .number("salvage"), .number("life"), .number("period"), .number("factor", .optional)], gives: .moneyOfAny)
        ],
        summary: Words(
            zh: "双倍（或指定倍数）余额递减法第几期的折旧：原值、残值、期数、第几期；可加倍数。",
            en: "Double-declining balance depreciation of a period: cost, salvage value, periods, which period; then another factor."),
        examples: [.init("ddb(2400, 300, 10, 1)", "480"), .init("round(ddb(2400, 300, 10, 10), 2)", "22.12")],
        body: { (arguments) throws(FormulaFailure) in
            let cost = try arguments.double(0), salvage = try arguments.double(1), life = try arguments.double(2)
            let period = try arguments.double(3)
            let factor = arguments.count > 4 ? try arguments.double(4) : 2
            guard cost >= 0, salvage >= 0, life > 0, period > 0, period <= life, factor > 0 else { throw FormulaFailure(.domain) }
            let rate = min(factor / life, 1)
            let before = rate == 1 ? (period <= 1 ? cost : 0) : cost * pow(1 - rate, period - 1)
            let after = rate == 1 ? 0 : cost * pow(1 - rate, period)
            return .number(try ExactDecimal(approximating: max(0, before - max(after, salvage))))
        })

    /// More than any ledger has.
    private static let mostPeriods = 10_000.0
}
