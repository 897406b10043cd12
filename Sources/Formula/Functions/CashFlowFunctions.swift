import Foundation
import SourceText

/// Payments of any size: what they are worth today, and the rate at which that is nothing. Computed in binary, and given in 15
/// significant digits.
enum CashFlowFunctions {
    static let all: [FunctionDefinition] = [npv, irr, mirr, xnpv, xirr]

    static let npv = FunctionDefinition(
        "npv", aliases: ["净现值"], [.init([.number("rate"), .numbers("values", .repeated)], gives: .moneyOfAny)],
        summary: Words(
            zh: "一系列期末收支的净现值：每期利率，然后是各期金额（值、列表或记录集）。空值跳过。",
            en: "The net present value of payments at the ends of periods: the rate per period, then values, lists or sets. Blanks are skipped."),
        examples: [.init("round(npv(10%, -10000, 3000, 4200, 6800), 2)", "1188.44"), .init("npv(0, 1, 2)", "3")],
        body: { (arguments) throws(FormulaFailure) in
            let rate = try arguments.double(0)
            guard rate != -1 else { throw FormulaFailure(.divisionByZero) }
            let values = try arguments.numbers(from: 1).map(\.doubleValue)
            return .number(try ExactDecimal(approximating: worth(of: values, at: rate) / (1 + rate)))
        })

    static let irr = FunctionDefinition(
        "irr", aliases: ["内部收益率"], [.init([.numbers("values"), .number("guess", .optional)], gives: .type(.percent))],
        summary: Words(
            zh: "内部收益率：净现值为零的每期利率。收支（列表或记录集）要有正有负；可给估计值，默认 10%。",
            en: "The internal rate of return: the rate per period at which a list or set of payments is worth nothing. Some must be paid and some received; a guess may follow, 10% if left out."),
        examples: [.init("iserror(irr(100))", "是")],
        body: { (arguments) throws(FormulaFailure) in
            let values = try arguments.numbers(at: 0).map(\.doubleValue)
            guard values.contains(where: { $0 > 0 }), values.contains(where: { $0 < 0 }) else { throw FormulaFailure(.domain) }
            let root = try RateSearch.root(near: arguments.count > 1 ? try arguments.double(1) : 0.1) { worth(of: values, at: $0) }
            return .number(try ExactDecimal(approximating: root))
        })

    static let mirr = FunctionDefinition(
        "mirr", aliases: ["修正内部收益率"],
        [.init([.numbers("values"), .number("finance_rate"), .number("reinvest_rate")], gives: .type(.percent))],
        summary: Words(
            zh: "修正的内部收益率：收支（列表或记录集）、借款利率、再投资利率。",
            en: "The modified internal rate of return: a list or set of payments, the rate paid for money and the rate received for it."),
        examples: [.init("iserror(mirr(100, 10%, 12%))", "是")],
        body: { (arguments) throws(FormulaFailure) in
            let values = try arguments.numbers(at: 0).map(\.doubleValue)
            let finance = try arguments.double(1), reinvest = try arguments.double(2)
            guard values.contains(where: { $0 > 0 }), values.contains(where: { $0 < 0 }) else { throw FormulaFailure(.divisionByZero) }
            let periods = Double(values.count - 1)
            // Each payment by itself: what is 0 does not meet a rate that has no power.
            var received = 0.0, paid = 0.0
            for (index, value) in values.enumerated() {
                if value > 0 { received += value * pow(1 + reinvest, periods - Double(index)) }
                if value < 0 { paid += value / pow(1 + finance, Double(index)) }
            }
            return .number(try ExactDecimal(approximating: pow(-received / paid, 1 / periods) - 1))
        })

    static let xnpv = FunctionDefinition(
        "xnpv", aliases: ["不定期净现值"], [.init([.number("rate"), .numbers("values"), .dates("dates")], gives: .moneyOfAny)],
        summary: Words(
            zh: "不定期收支在首个日期的净现值：年利率，金额和日期两个等长的列表或记录集。",
            en: "The net present value of dated payments on the first date: the rate per year, and two lists or sets of the same length, values and dates."),
        examples: [.init("xnpv(10%, 100, date(2026, 1, 1))", "100")],
        body: { (arguments) throws(FormulaFailure) in
            let rate = try arguments.double(0)
            guard rate > -1 else { throw FormulaFailure(.domain) }
            let payments = try DatedPayments(arguments, values: 1, dates: 2)
            return .number(try ExactDecimal(approximating: payments.worth(at: rate)))
        })

    static let xirr = FunctionDefinition(
        "xirr", aliases: ["不定期内部收益率"],
        [.init([.numbers("values"), .dates("dates"), .number("guess", .optional)], gives: .type(.percent))],
        summary: Words(
            zh: "不定期收支的内部收益率（年）：金额和日期两个等长的列表或记录集；可给估计值，默认 10%。",
            en: "The internal rate of return per year of dated payments: two lists or sets of the same length, values and dates; a guess may follow, 10% if left out."),
        examples: [.init("iserror(xirr(100, date(2026, 1, 1)))", "是")],
        body: { (arguments) throws(FormulaFailure) in
            let payments = try DatedPayments(arguments, values: 0, dates: 1)
            guard payments.amounts.contains(where: { $0 > 0 }), payments.amounts.contains(where: { $0 < 0 }) else { throw FormulaFailure(.domain) }
            let root = try RateSearch.root(near: arguments.count > 2 ? try arguments.double(2) : 0.1) { payments.worth(at: $0) }
            return .number(try ExactDecimal(approximating: root))
        })

    /// At the time of the first value.
    private static func worth(of values: [Double], at rate: Double) -> Double {
        let factor = 1 / (1 + rate)
        var worth = 0.0
        // From the last one inwards, which loses least.
        for value in values.reversed() { worth = worth * factor + value }
        return worth
    }
}

/// Payments with the years since the first of them.
private struct DatedPayments {
    let amounts: [Double]
    let years: [Double]

    /// - Throws: `.domain` unless there are as many dates as values, and none before the first.
    init(_ arguments: Arguments, values: Int, dates: Int) throws(FormulaFailure) {
        let values = try arguments.list(values), dates = try arguments.list(dates)
        guard values.count == dates.count else { throw FormulaFailure(.domain) }
        var amounts: [Double] = []
        var days: [Int] = []
        for (value, date) in zip(values, dates) {
            switch (value, date) {
            case (.number(let number), .date(let day)):
                amounts.append(number.doubleValue)
                days.append(Int(day.daysSinceEpoch))
            case (.blank, _), (_, .blank): continue
            default: throw FormulaFailure(.domain)
            }
        }
        guard let first = days.first, days.allSatisfy({ $0 >= first }) else { throw FormulaFailure(.domain) }
        self.amounts = amounts
        years = days.map { Double($0 - first) / 365 }
    }

    func worth(at rate: Double) -> Double {
        let logarithm = log1p(rate)
        return zip(amounts, years).reduce(0) { $0 + $1.0 * Foundation.exp(-logarithm * $1.1) }
    }
}
