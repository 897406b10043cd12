import SourceText

/// Whole quotients and what is left.
enum DivisionFunctions {
    static let all: [FunctionDefinition] = [mod, quotient]

    static let mod = FunctionDefinition(
        "mod", aliases: ["余数", "取余"], [.init([.number("number"), .number("divisor")], gives: .sameAs(0))],
        summary: Words(zh: "余数，符号与除数相同。", en: "What a division leaves, with the sign of the divisor."),
        examples: [.init("mod(7, 3)", "1"), .init("mod(7, -3)", "-2"), .init("mod(-7, 3)", "2")],
        numeric: .two({ (number, divisor) throws(FormulaFailure) in try number.modulo(divisor) }, second: nil))

    static let quotient = FunctionDefinition(
        "quotient", aliases: ["整商"], [.init([.number("number"), .number("divisor")], gives: .number)],
        summary: Words(zh: "商的整数部分。", en: "The whole part of a division."),
        examples: [.init("quotient(7, 2)", "3"), .init("quotient(-7, 2)", "-3")],
        numeric: .two({ (number, divisor) throws(FormulaFailure) in
            try number.quotientAndRemainder(dividingBy: divisor).quotient
        }, second: nil))
}
