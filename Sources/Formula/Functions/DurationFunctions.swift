import SourceText

/// Durations as numbers, and numbers as durations.
enum DurationFunctions {
    static let all: [FunctionDefinition] = [days, hours, minutes, seconds, duration]

    static let days = FunctionDefinition(
        "days", aliases: ["天数"],
        [
            .init([.date("end"), .date("start")], gives: .number),
            .init([.init("duration", .duration)], gives: .number),
        ], blank: .blank, neverFails: true,
        summary: Words(zh: "两个日期相差的天数，或时长折合的天数。", en: "The days between two dates, or a duration in days of 24 hours."),
        examples: [.init("days(date(2026, 3, 1), date(2026, 2, 12))", "17"), .init("days(36h)", "1.5")],
        body: { (arguments) throws(FormulaFailure) in
            if arguments.count == 1 { return .number(try count(of: .day, in: try arguments.duration(0))) }
            return .whole(Int(try arguments.day(0).daysSinceEpoch) - Int(try arguments.day(1).daysSinceEpoch))
        })

    static let hours = amount("hours", "小时数", .hour, Words(zh: "时长折合的小时数。", en: "A duration in hours."), .init("hours(90min)", "1.5"))
    static let minutes = amount(
        "minutes", "分钟数", .minute, Words(zh: "时长折合的分钟数。", en: "A duration in minutes."), .init("minutes(2h)", "120"))
    static let seconds = amount(
        "seconds", "秒数", .second, Words(zh: "时长折合的秒数。", en: "A duration in seconds."), .init("seconds(2min)", "120"))

    static let duration = FunctionDefinition(
        "duration", aliases: ["时长"],
        [
            .init(
                [.number("count"), .init("unit", .constantText(oneOf: TimeSpan.Unit.allCases.flatMap(\.spellings)))], gives: .duration)
        ], blank: .blank,
        summary: Words(zh: "由数字和单位得到时长。", en: "A duration from a number and a unit."),
        examples: [.init("duration(1.5, 'h')", "1h30min")],
        body: { (arguments) throws(FormulaFailure) in
            guard let unit = TimeSpan.Unit(spelling: try arguments.text(1)), let span = TimeSpan(try arguments.number(0), unit) else {
                throw FormulaFailure(.overflow)
            }
            return .duration(span)
        })

    private static func amount(
        _ name: String, _ alias: String, _ unit: TimeSpan.Unit, _ summary: Words, _ example: FunctionDefinition.Example
    ) -> FunctionDefinition {
        FunctionDefinition(
            name, aliases: [alias], [.init([.init("duration", .duration)], gives: .number)], blank: .blank, neverFails: true,
            summary: summary, examples: [example],
            body: { (arguments) throws(FormulaFailure) in .number(try count(of: unit, in: try arguments.duration(0))) })
    }

    private static func count(of unit: TimeSpan.Unit, in span: TimeSpan) throws(FormulaFailure) -> ExactDecimal {
        try ExactDecimal(span.microseconds).divided(by: ExactDecimal(unit.microseconds))
    }
}
