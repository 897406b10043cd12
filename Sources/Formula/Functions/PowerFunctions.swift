import Foundation
import SourceText

/// Powers, roots and logarithms. Whole powers are exact as far as 20 decimals hold them; all else is computed in binary and given in 15
/// significant digits.
enum PowerFunctions {
    static let all: [FunctionDefinition] = [power, sqrt, exp, ln, log, log10, pi]

    private static let oneNumber = [FunctionDefinition.Overload([.number("number")], gives: .number)]

    static let power = FunctionDefinition(
        "power", aliases: ["乘方", "pow"], [.init([.number("number"), .number("exponent")], gives: .number)],
        summary: Words(zh: "乘方，与 ^ 相同。", en: "The number to a power, as `^`."),
        examples: [.init("power(2, 10)", "1024"), .init("power(1.05, 2)", "1.1025"), .init("power(2, -1)", "0.5")],
        numeric: .two({ (number, exponent) throws(FormulaFailure) in try raise(number, to: exponent) }, second: nil))

    static let sqrt = FunctionDefinition(
        "sqrt", aliases: ["平方根"], oneNumber,
        summary: Words(zh: "平方根。", en: "The square root."),
        examples: [.init("sqrt(16)", "4"), .init("sqrt(2)", "1.4142135623731")],
        numeric: .one { (number) throws(FormulaFailure) in
            guard !number.isNegative else { throw FormulaFailure(.domain) }
            return try ExactDecimal(approximating: number.doubleValue.squareRoot())
        })

    static let exp = FunctionDefinition(
        "exp", aliases: ["指数"], oneNumber,
        summary: Words(zh: "e 的乘方。", en: "e to a power."),
        examples: [.init("exp(0)", "1"), .init("exp(1)", "2.71828182845905")],
        numeric: .one { (number) throws(FormulaFailure) in try ExactDecimal(approximating: Foundation.exp(number.doubleValue)) })

    static let ln = FunctionDefinition(
        "ln", aliases: ["自然对数"], oneNumber,
        summary: Words(zh: "自然对数。", en: "The natural logarithm."),
        examples: [.init("ln(1)", "0"), .init("round(ln(10), 6)", "2.302585")],
        numeric: .one { (number) throws(FormulaFailure) in
            try ExactDecimal(approximating: Foundation.log(try positive(number)))
        })

    static let log = FunctionDefinition(
        "log", aliases: ["对数"], [.init([.number("number"), .number("base", .optional)], gives: .number)],
        summary: Words(zh: "以指定数（默认 10）为底的对数。", en: "The logarithm to a base, which is 10 if left out."),
        examples: [.init("log(1000)", "3"), .init("log(8, 2)", "3")],
        numeric: .two({ (number, base) throws(FormulaFailure) in
            let value = try positive(number)
            let root = try positive(base)
            if base == .one { throw FormulaFailure(.divisionByZero) }
            if base == ExactDecimal(10) { return try ExactDecimal(approximating: Foundation.log10(value)) }
            if base == ExactDecimal(2) { return try ExactDecimal(approximating: Foundation.log2(value)) }
            return try ExactDecimal(approximating: Foundation.log(value) / Foundation.log(root))
        }, second: ExactDecimal(10)))

    static let log10 = FunctionDefinition(
        "log10", aliases: ["常用对数"], oneNumber,
        summary: Words(zh: "以 10 为底的对数。", en: "The logarithm to the base 10."),
        examples: [.init("log10(100)", "2")],
        numeric: .one { (number) throws(FormulaFailure) in
            try ExactDecimal(approximating: Foundation.log10(try positive(number)))
        })

    static let pi = FunctionDefinition(
        "pi", aliases: ["圆周率"], [.init([], gives: .number)], neverFails: true,
        summary: Words(zh: "圆周率，20 位小数。", en: "The ratio of a circle's circumference to its diameter, to 20 decimals."),
        examples: [.init("round(pi(), 4)", "3.1416")],
        body: { _ in .number(ExactDecimal(normalMantissa: 314_159_265_358_979_323_846, scale: 20)) })

    /// `number ^ exponent`, as Excel: 0 to the power of 0 has no value.
    static func raise(_ number: ExactDecimal, to exponent: ExactDecimal) throws(FormulaFailure) -> ExactDecimal {
        if number.isZero {
            if exponent.isZero { throw FormulaFailure(.domain) }
            if exponent.isNegative { throw FormulaFailure(.divisionByZero) }
            return .zero
        }
        if exponent.isWhole, let whole = exponent.truncatedInt, whole.magnitude <= 1000 {
            if whole >= 0 {
                if let exact = try number.raised(toWhole: whole) { return exact }
            } else if let exact = try? number.raised(toWhole: -whole) {
                return try ExactDecimal.one.divided(by: exact)
            }
        }
        if number.isNegative, !exponent.isWhole { throw FormulaFailure(.domain) }
        return try ExactDecimal(approximating: Foundation.pow(number.doubleValue, exponent.doubleValue))
    }

    private static func positive(_ number: ExactDecimal) throws(FormulaFailure) -> Double {
        guard number.signum > 0 else { throw FormulaFailure(.domain) }
        return number.doubleValue
    }
}
