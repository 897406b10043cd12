import Foundation
import SourceText

/// Rates of interest into each other. Computed in binary, and given in 15 significant digits.
enum InterestFunctions {
    static let all: [FunctionDefinition] = [effect, nominal, rri, pduration]

    static let effect = FunctionDefinition(
        "effect", aliases: ["实际利率"], [.init([.number("nominal"), .number("periods")], gives: .type(.percent))],
        summary: Words(zh: "实际年利率：名义年利率、每年计息次数。", en: "The effective rate per year: nominal rate, periods a year."),
        examples: [.init("round(effect(5.25%, 4), 6)", "0.053543")],
        body: { (arguments) throws(FormulaFailure) in
            let rate = try arguments.double(0), periods = Double(try arguments.whole(1))
            guard rate > 0, periods >= 1 else { throw FormulaFailure(.domain) }
            return .number(try ExactDecimal(approximating: expm1(periods * log1p(rate / periods))))
        })

    static let nominal = FunctionDefinition(
        "nominal", aliases: ["名义利率"], [.init([.number("effective"), .number("periods")], gives: .type(.percent))],
        summary: Words(zh: "名义年利率：实际年利率、每年计息次数。", en: "The nominal rate per year: effective rate, periods a year."),
        examples: [.init("round(nominal(5.3543%, 4), 6)", "0.0525")],
        body: { (arguments) throws(FormulaFailure) in
            let rate = try arguments.double(0), periods = Double(try arguments.whole(1))
            guard rate > 0, periods >= 1 else { throw FormulaFailure(.domain) }
            return .number(try ExactDecimal(approximating: periods * expm1(log1p(rate) / periods)))
        })

    static let rri = FunctionDefinition(
        "rri", aliases: ["增长率"], [.init([.number("periods"), .number("present"), .number("future")], gives: .type(.percent))],
        summary: Words(zh: "若干期内从现值增长到终值的每期增长率。", en: "The rate of growth per period from a present to a future value."),
        examples: [.init("round(rri(96, 10000, 11000), 6)", "0.000993")],
        body: { (arguments) throws(FormulaFailure) in
            let periods = try arguments.double(0), present = try arguments.double(1), future = try arguments.double(2)
            guard periods > 0, present != 0, future / present >= 0 else { throw FormulaFailure(.domain) }
            return .number(try ExactDecimal(approximating: pow(future / present, 1 / periods) - 1))
        })

    static let pduration = FunctionDefinition(
        "pduration", aliases: ["增长期数"], [.init([.number("rate"), .number("present"), .number("future")], gives: .number)],
        summary: Words(zh: "按每期利率从现值增长到终值所需的期数。", en: "The periods that it takes to grow from a present to a future value at a rate."),
        examples: [.init("round(pduration(2.5%, 2000, 2200), 2)", "3.86")],
        body: { (arguments) throws(FormulaFailure) in
            let rate = try arguments.double(0), present = try arguments.double(1), future = try arguments.double(2)
            guard rate > 0, present > 0, future > 0 else { throw FormulaFailure(.domain) }
            return .number(try ExactDecimal(approximating: log(future / present) / log1p(rate)))
        })
}
