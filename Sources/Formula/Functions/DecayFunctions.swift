import SourceText

/// Weights that shrink with time.
enum DecayFunctions {
    static let all: [FunctionDefinition] = [decay]

    static let decay = FunctionDefinition(
        "decay", aliases: ["时间衰减", "衰减"],
        [
            .init(
                [.datetime("at"), .init("full_until", .duration), .number("rest"), .init("rest_from", .duration), .init("as_of", .datetime, .clock)],
                gives: .type(.percent)),
            .init(
                [.date("at"), .init("full_until", .duration), .number("rest"), .init("rest_from", .duration), .init("as_of", .date, .clock)],
                gives: .type(.percent)),
        ], blank: .blank,
        summary: Words(
            zh: "按时间衰减的权重：经过 full_until 之前是 100%，经过 rest_from 之后是 rest，中间按直线下降；as_of 不写就是现在。",
            en: "A weight that shrinks with time: 100% until `full_until` has passed, `rest` once `rest_from` has, and along a straight line between; `as_of` is now if left out."),
        examples: [
            .init("decay(date(2025, 12, 1), 90 days, 30%, 180 days)", "1"),
            .init("text(decay(date(2025, 10, 1), 90 days, 30%, 180 days), '0.00%')", "65.78%"),
            .init("decay(date(2025, 7, 1), 90 days, 30%, 180 days)", "0.3"),
            .init("decay(date(2026, 1, 1), 10 days, 0%, 20 days, date(2026, 1, 16))", "0.5"),
        ],
        body: { (arguments) throws(FormulaFailure) in
            let age: Int64
            switch (arguments.values[0], arguments.values[4]) {
            case (.instant(let at), .instant(let now)):
                // Years 1…9999 are far from the ends of 64 bits.
                age = now.microseconds - at.microseconds
            case (.date(let at), .date(let now)):
                age = Int64(now.daysSinceEpoch - at.daysSinceEpoch) * Microseconds.perDay
            default: throw FormulaFailure(.domain)
            }
            let full = try arguments.duration(1).microseconds, end = try arguments.duration(3).microseconds
            let rest = try arguments.number(2)
            if age <= full { return .number(.one) }
            if age >= end { return .number(rest) }
            // How much of the way down is behind; between 0 and 1, since `full` < age < `end`.
            let passed = try ExactDecimal(age).subtracting(ExactDecimal(full)), whole = try ExactDecimal(end).subtracting(ExactDecimal(full))
            let lost = try ExactDecimal.one.subtracting(rest).multiplied(by: passed).divided(by: whole)
            return .number(try ExactDecimal.one.subtracting(lost))
        })
}
