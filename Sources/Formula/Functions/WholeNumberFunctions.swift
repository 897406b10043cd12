import SourceText

/// Even and odd, factors and combinations. Decimals are cut off first.
enum WholeNumberFunctions {
    static let all: [FunctionDefinition] = [even, odd, iseven, isodd, fact, combin, gcd, lcm]

    private static let oneNumber = [FunctionDefinition.Overload([.number("number")], gives: .number)]
    private static let oneQuestion = [FunctionDefinition.Overload([.number("number")], gives: .bool)]
    private static let two = ExactDecimal(2)

    static let even = FunctionDefinition(
        "even", aliases: ["偶数"], oneNumber,
        summary: Words(zh: "向远离零的方向取到偶数。", en: "Up, away from zero, to an even number."),
        examples: [.init("even(1.5)", "2"), .init("even(-1)", "-2"), .init("even(0)", "0")],
        numeric: .one { (number) throws(FormulaFailure) in
            let whole = try number.magnitude.rounded(.awayFromZero, decimals: 0)
            let result = try whole.modulo(two).isZero ? whole : try whole.adding(.one)
            return number.isNegative ? result.negated : result
        })

    static let odd = FunctionDefinition(
        "odd", aliases: ["奇数"], oneNumber,
        summary: Words(zh: "向远离零的方向取到奇数。", en: "Up, away from zero, to an odd number."),
        examples: [.init("odd(1.5)", "3"), .init("odd(-2)", "-3"), .init("odd(0)", "1")],
        numeric: .one { (number) throws(FormulaFailure) in
            let whole = try number.magnitude.rounded(.awayFromZero, decimals: 0)
            let result = try whole.modulo(two).isZero ? try whole.adding(.one) : whole
            return number.isNegative ? result.negated : result
        })

    static let iseven = FunctionDefinition(
        "iseven", aliases: ["是否偶数"], oneQuestion,
        summary: Words(zh: "整数部分是否偶数。", en: "Whether the whole part is even."), examples: [.init("iseven(4.9)", "是"), .init("iseven(-1)", "否")],
        body: { (arguments) throws(FormulaFailure) in .bool(try isEven(try arguments.number(0))) })

    static let isodd = FunctionDefinition(
        "isodd", aliases: ["是否奇数"], oneQuestion,
        summary: Words(zh: "整数部分是否奇数。", en: "Whether the whole part is odd."), examples: [.init("isodd(-3)", "是"), .init("isodd(4)", "否")],
        body: { (arguments) throws(FormulaFailure) in .bool(try !isEven(try arguments.number(0))) })

    static let fact = FunctionDefinition(
        "fact", aliases: ["阶乘"], oneNumber,
        summary: Words(zh: "阶乘，最多到 33。", en: "The factorial, of 33 at most."), examples: [.init("fact(5)", "120"), .init("fact(0)", "1")],
        numeric: .one { (number) throws(FormulaFailure) in
            guard let whole = number.truncatedInt, !number.isNegative else { throw FormulaFailure(.domain) }
            guard whole <= 33 else { throw FormulaFailure(.overflow) }
            var product = ExactDecimal.one
            for factor in 0..<whole { product = try product.multiplied(by: ExactDecimal(factor + 1)) }
            return product
        })

    static let combin = FunctionDefinition(
        "combin", aliases: ["组合数"], [.init([.number("number"), .number("chosen")], gives: .number)],
        summary: Words(zh: "从若干个中选出几个的组合数。", en: "In how many ways so many can be chosen out of a number."),
        examples: [.init("combin(8, 2)", "28")],
        numeric: .two({ (number, chosen) throws(FormulaFailure) in
            guard let count = number.truncatedInt, let chosen = chosen.truncatedInt, chosen >= 0, count >= chosen else {
                throw FormulaFailure(.domain)
            }
            var product = ExactDecimal.one
            // Ten thousand factors are far beyond 38 digits already.
            for step in 0..<min(chosen, count - chosen, 10_000) {
                product = try product.multiplied(by: ExactDecimal(count - step)).divided(by: ExactDecimal(step + 1))
            }
            return product
        }, second: nil))

    static let gcd = FunctionDefinition(
        "gcd", aliases: ["最大公约数"], [.init([.numbers("numbers", .repeated)], gives: .number)],
        summary: Words(zh: "最大公约数。", en: "The greatest number that divides all."), examples: [.init("gcd(24, 36)", "12")],
        body: { (arguments) throws(FormulaFailure) in
            var divisor = ExactDecimal.zero
            for number in try wholes(arguments) { divisor = try commonDivisor(divisor, number) }
            return .number(divisor)
        })

    static let lcm = FunctionDefinition(
        "lcm", aliases: ["最小公倍数"], [.init([.numbers("numbers", .repeated)], gives: .number)],
        summary: Words(zh: "最小公倍数。", en: "The least number that all divide."), examples: [.init("lcm(24, 36)", "72")],
        body: { (arguments) throws(FormulaFailure) in
            var multiple = ExactDecimal.one
            for number in try wholes(arguments) {
                if number.isZero { return .number(.zero) }
                multiple = try multiple.divided(by: try commonDivisor(multiple, number)).multiplied(by: number)
            }
            return .number(multiple)
        })

    private static func isEven(_ number: ExactDecimal) throws(FormulaFailure) -> Bool {
        try number.rounded(.towardZero, decimals: 0).modulo(two).isZero
    }

    private static func wholes(_ arguments: Arguments) throws(FormulaFailure) -> [ExactDecimal] {
        var wholes: [ExactDecimal] = []
        for number in try arguments.numbers(from: 0) {
            guard !number.isNegative else { throw FormulaFailure(.domain) }
            wholes.append(try number.rounded(.towardZero, decimals: 0))
        }
        return wholes
    }

    private static func commonDivisor(_ left: ExactDecimal, _ right: ExactDecimal) throws(FormulaFailure) -> ExactDecimal {
        var (left, right) = (left, right)
        while !right.isZero { (left, right) = (right, try left.modulo(right)) }
        return left
    }
}
