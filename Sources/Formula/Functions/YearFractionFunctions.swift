import SourceText

/// Parts of years, as interest is counted.
enum YearFractionFunctions {
    static let all: [FunctionDefinition] = [yearfrac, days360]

    static let yearfrac = FunctionDefinition(
        "yearfrac", aliases: ["年数"], [.init([.date("start"), .date("end"), .number("basis", .optional)], gives: .number)], blank: .blank,
        summary: Words(
            zh: "两个日期相距多少年。计息基准：0（默认）美国 30/360，1 实际/实际，2 实际/360，3 实际/365，4 欧洲 30/360。",
            en: "The years between two dates. Basis: 0 (the default) US 30/360, 1 actual/actual, 2 actual/360, 3 actual/365, 4 European 30/360."),
        examples: [
            .init("yearfrac(date(2026, 1, 1), date(2026, 7, 1))", "0.5"), .init("yearfrac(date(2026, 1, 1), date(2026, 3, 15), 3)", "0.2"),
            .init("yearfrac(date(2024, 1, 1), date(2025, 1, 1), 1)", "1"),
        ],
        body: { (arguments) throws(FormulaFailure) in
            let first = try arguments.day(0), second = try arguments.day(1)
            let start = min(first, second), end = max(first, second)
            let days = Int(end.daysSinceEpoch) - Int(start.daysSinceEpoch)
            func ratio(_ days: Int, _ year: Int) throws(FormulaFailure) -> Value {
                .number(try ExactDecimal(days).divided(by: ExactDecimal(year)))
            }
            switch try arguments.whole(2) {
            case 0: return try ratio(american(start, end), 360)
            case 1: return .number(try actual(start, end, days: days))
            case 2: return try ratio(days, 360)
            case 3: return try ratio(days, 365)
            case 4: return try ratio(european(start, end), 360)
            default: throw FormulaFailure(.domain)
            }
        })

    static let days360 = FunctionDefinition(
        "days360", aliases: ["天数360"], [.init([.date("start"), .date("end"), .init("european", .bool, .optional)], gives: .number)], blank: .blank,
        summary: Words(
            zh: "按每月 30 天、每年 360 天计的天数；默认美国规则，也可用欧洲规则。",
            en: "Days between two dates in a year of twelve months of 30 days, by the US rule or, if so said, the European one."),
        examples: [
            .init("days360(date(2026, 1, 30), date(2026, 2, 1))", "1"), .init("days360(date(2026, 1, 1), date(2026, 12, 31))", "360"),
            .init("days360(date(2026, 1, 1), date(2026, 12, 31), true)", "359"),
        ],
        body: { (arguments) throws(FormulaFailure) in
            let start = try arguments.day(0), end = try arguments.day(1)
            if arguments.count > 2, try arguments.bool(2) { return .whole(european(start, end)) }
            // Excel's own rule: an end on the 31st goes to the next month unless the start is at a month's end.
            var from = start.components.day
            let to = end.components
            if start == start.lastOfMonth { from = 30 }
            if to.day == 31 {
                guard from < 30 else { return .whole(days(start, from, to.year, to.month, 30)) }
                return .whole(days(start, from, to.year, to.month + 1, 1))
            }
            return .whole(days(start, from, to.year, to.month, to.day))
        })

    /// Days from the day `from` of the month of `start`, in months of 30 days.
    private static func days(_ start: Day, _ from: Int, _ year: Int, _ month: Int, _ day: Int) -> Int {
        let first = start.components
        return (year - first.year) * 360 + (month - first.month) * 30 + day - from
    }

    private static func european(_ start: Day, _ end: Day) -> Int {
        let to = end.components
        return days(start, min(start.components.day, 30), to.year, to.month, min(to.day, 30))
    }

    /// The rule of the NASD, with its care for the end of February.
    private static func american(_ start: Day, _ end: Day) -> Int {
        var from = start.components.day
        let last = end.components
        var to = last.day
        if isFebruaryEnd(start) {
            if isFebruaryEnd(end) { to = 30 }
            from = 30
        }
        if to == 31, from >= 30 { to = 30 }
        if from == 31 { from = 30 }
        return days(start, from, last.year, last.month, to)
    }

    private static func isFebruaryEnd(_ day: Day) -> Bool {
        day.components.month == 2 && day == day.lastOfMonth
    }

    /// Days over the length of the year that they lie in, or over the mean length where they lie in several.
    private static func actual(_ start: Day, _ end: Day, days: Int) throws(FormulaFailure) -> ExactDecimal {
        let from = start.components, to = end.components
        let isWithinYear = from.year == to.year || (from.year + 1 == to.year && (from.month, from.day) >= (to.month, to.day))
        guard isWithinYear else {
            let years = to.year - from.year + 1
            let length = Day.number(year: to.year + 1, month: 1, day: 1) - Day.number(year: from.year, month: 1, day: 1)
            return try ExactDecimal(days).multiplied(by: ExactDecimal(years)).divided(by: ExactDecimal(length))
        }
        let hasLeapDay: Bool
        if from.year == to.year {
            hasLeapDay = Day.isLeap(year: from.year)
        } else {
            hasLeapDay =
                (Day.isLeap(year: from.year) && (from.month, from.day) <= (2, 29))
                || (Day.isLeap(year: to.year) && (to.month, to.day) >= (2, 29))
        }
        return try ExactDecimal(days).divided(by: ExactDecimal(hasLeapDay ? 366 : 365))
    }
}
