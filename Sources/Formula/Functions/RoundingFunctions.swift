import SourceText

/// Signs and roundings. Halves go away from zero, as in Excel.
enum RoundingFunctions {
    static let all: [FunctionDefinition] = [abs, sign, int, trunc, round, roundup, rounddown, ceiling, floor, ceilingmath, floormath, mround]

    private static let oneNumber = [FunctionDefinition.Overload([.number("number")], gives: .sameAs(0))]
    private static let numberAndDigits = [
        FunctionDefinition.Overload([.number("number"), .number("digits", .optional)], gives: .sameAs(0))
    ]
    private static let numberAndStep = [
        FunctionDefinition.Overload([.number("number"), .number("step", .optional)], gives: .sameAs(0))
    ]

    static let abs = FunctionDefinition(
        "abs", aliases: ["绝对值"], oneNumber, neverFails: true,
        summary: Words(zh: "绝对值：去掉负号。", en: "The number without its sign."),
        examples: [.init("abs(-3.5)", "3.5"), .init("abs(2)", "2")],
        numeric: .one { number in number.magnitude })

    static let sign = FunctionDefinition(
        "sign", aliases: ["符号"], [.init([.number("number")], gives: .number)], neverFails: true,
        summary: Words(zh: "正数得 1，零得 0，负数得 -1。", en: "1 for a positive number, 0 for zero, -1 for a negative one."),
        examples: [.init("sign(-12)", "-1"), .init("sign(0)", "0")],
        numeric: .one { number in ExactDecimal(number.signum) })

    static let int = FunctionDefinition(
        "int", aliases: ["取整"], oneNumber, neverFails: true,
        summary: Words(zh: "不大于它的最大整数。", en: "The greatest whole number that is not above it."),
        examples: [.init("int(8.9)", "8"), .init("int(-8.9)", "-9")],
        numeric: .one { number in number.floor })

    static let trunc = FunctionDefinition(
        "trunc", aliases: ["截断"], numberAndDigits,
        summary: Words(zh: "截去多余的小数位，不进位。", en: "Cuts decimals off beyond so many digits, without rounding."),
        examples: [.init("trunc(-8.9)", "-8"), .init("trunc(3.1459, 2)", "3.14"), .init("trunc(1299, -2)", "1200")],
        numeric: rounding(.towardZero))

    static let round = FunctionDefinition(
        "round", aliases: ["四舍五入"], numberAndDigits,
        summary: Words(
            zh: "四舍五入到指定小数位；位数为负则舍入到十、百、千。",
            en: "Rounds to so many decimals, halves away from zero; negative digits round to tens, hundreds and so on."),
        examples: [.init("round(2.675, 2)", "2.68"), .init("round(-1.475, 2)", "-1.48"), .init("round(1234.5, -2)", "1200")],
        numeric: rounding(.halfAwayFromZero))

    static let roundup = FunctionDefinition(
        "roundup", aliases: ["向上舍入"], numberAndDigits,
        summary: Words(zh: "向远离零的方向舍入到指定小数位。", en: "Rounds away from zero to so many decimals."),
        examples: [.init("roundup(3.2, 0)", "4"), .init("roundup(-3.14159, 1)", "-3.2")],
        numeric: rounding(.awayFromZero))

    static let rounddown = FunctionDefinition(
        "rounddown", aliases: ["向下舍入"], numberAndDigits,
        summary: Words(zh: "向零的方向舍入到指定小数位。", en: "Rounds towards zero to so many decimals."),
        examples: [.init("rounddown(3.79, 1)", "3.7"), .init("rounddown(-3.79, 0)", "-3")],
        numeric: rounding(.towardZero))

    static let ceiling = FunctionDefinition(
        "ceiling", aliases: ["向上取整"], numberAndStep,
        summary: Words(zh: "向上取到步长（默认 1）的倍数。", en: "Up to the next multiple of the step, which is 1 if left out."),
        examples: [.init("ceiling(2.341, 0.05)", "2.35"), .init("ceiling(-4.1, 2)", "-4"), .init("ceiling(7.2)", "8")],
        numeric: .two({ (number, step) throws(FormulaFailure) in
            if step.isZero { return .zero }
            return try multiple(of: step, for: number) { (quotient, hasRest) in hasRest && !quotient.isNegative }
        }, second: .one))

    static let floor = FunctionDefinition(
        "floor", aliases: ["向下取整"], numberAndStep,
        summary: Words(zh: "向下取到步长（默认 1）的倍数。", en: "Down to the next multiple of the step, which is 1 if left out."),
        examples: [.init("floor(7.7, 0.24)", "7.68"), .init("floor(-2.5, 2)", "-4"), .init("floor(7.9)", "7")],
        numeric: .two({ (number, step) throws(FormulaFailure) in
            if step.isZero, number.isZero { return .zero }
            return try multiple(of: step, for: number) { (quotient, hasRest) in hasRest && quotient.isNegative }
        }, second: .one))

    static let ceilingmath = FunctionDefinition(
        "ceilingmath", aliases: ["ceiling.math", "ceiling.precise", "iso.ceiling"], numberStepAndMode,
        summary: Words(
            zh: "向上取到步长的倍数，不看步长的符号；第三个参数不为 0 时负数向远离零的方向取。",
            en: "Up to the next multiple of the step, whatever its sign; negative numbers away from zero if the third argument is not 0."),
        examples: [.init("ceilingmath(-8.1, 2)", "-8"), .init("ceilingmath(-5.5, 2, -1)", "-6")],
        body: { (arguments) throws(FormulaFailure) in
            try multiple(arguments) { isNegative, mode in !isNegative || mode }
        })

    static let floormath = FunctionDefinition(
        "floormath", aliases: ["floor.math", "floor.precise"], numberStepAndMode,
        summary: Words(
            zh: "向下取到步长的倍数，不看步长的符号；第三个参数不为 0 时负数向零的方向取。",
            en: "Down to the next multiple of the step, whatever its sign; negative numbers towards zero if the third argument is not 0."),
        examples: [.init("floormath(-8.1, 2)", "-10"), .init("floormath(-5.5, 2, -1)", "-4")],
        body: { (arguments) throws(FormulaFailure) in
            try multiple(arguments) { isNegative, mode in isNegative && !mode }
        })

    private static let numberStepAndMode = [
        FunctionDefinition.Overload([.number("number"), .number("step", .optional), .number("mode", .optional)], gives: .sameAs(0))
    ]

    /// A multiple of the step, one further from zero where `grows` says so of a number that lies between two.
    private static func multiple(
        _ arguments: Arguments, grows: (_ isNegative: Bool, _ mode: Bool) -> Bool
    ) throws(FormulaFailure) -> Value {
        let number = try arguments.number(0), step = try arguments.number(1, else: .one).magnitude
        if step.isZero || number.isZero { return .number(.zero) }
        let (quotient, rest) = try number.magnitude.quotientAndRemainder(dividingBy: step)
        let mode = try arguments.number(2)
        let further = !rest.isZero && grows(number.isNegative, !mode.isZero)
        let result = try (further ? try quotient.adding(.one) : quotient).multiplied(by: step)
        return .number(number.isNegative ? result.negated : result)
    }

    static let mround = FunctionDefinition(
        "mround", aliases: ["按倍数舍入"], [.init([.number("number"), .number("multiple")], gives: .sameAs(0))],
        summary: Words(zh: "舍入到最接近的倍数；两数须同号。", en: "To the nearest multiple; both must have the same sign."),
        examples: [.init("mround(11, 3)", "12"), .init("mround(-7.5, -5)", "-10")],
        numeric: .two({ (number, multiple) throws(FormulaFailure) in
            if multiple.isZero || number.isZero { return .zero }
            guard number.isNegative == multiple.isNegative else { throw FormulaFailure(.domain) }
            let (quotient, rest) = try number.quotientAndRemainder(dividingBy: multiple)
            let isHalf = try rest.adding(rest).magnitude >= multiple.magnitude
            return try (isHalf ? try quotient.adding(.one) : quotient).multiplied(by: multiple)
        }, second: nil))

    private static func rounding(_ rounding: ExactDecimal.Rounding) -> FunctionDefinition.Numeric {
        .two({ (number, digits) throws(FormulaFailure) in
            guard let decimals = digits.truncatedInt else { throw FormulaFailure(.domain) }
            return try number.rounded(rounding, decimals: decimals)
        }, second: .zero)
    }

    /// The quotient cut off towards zero, one further in the direction of its sign where `grows` says so, times the step. `grows` is
    /// asked with the sign of the exact quotient.
    private static func multiple(
        of step: ExactDecimal, for number: ExactDecimal, grows: (_ quotient: ExactDecimal, _ hasRest: Bool) -> Bool
    ) throws(FormulaFailure) -> ExactDecimal {
        if number.signum > 0, step.isNegative { throw FormulaFailure(.domain) }
        let (quotient, rest) = try number.quotientAndRemainder(dividingBy: step)
        let isNegative = number.isNegative != step.isNegative
        let unit = ExactDecimal(isNegative ? -1 : 1)
        guard grows(unit, !rest.isZero) else { return try quotient.multiplied(by: step) }
        return try quotient.adding(unit).multiplied(by: step)
    }
}
