import SourceText

/// Dates further on, and the time between dates.
enum DateArithmeticFunctions {
    static let all: [FunctionDefinition] = [edate, eomonth, dateadd, datedif, datetrunc]

    private static let dateAndMonths = [FunctionDefinition.Overload([.date("date"), .number("months")], gives: .date)]

    static let edate = FunctionDefinition(
        "edate", aliases: ["加月"], dateAndMonths, blank: .blank,
        summary: Words(zh: "若干个月之后（或之前）的同一天，月末为限。", en: "The same day so many months later or earlier, at most the month's end."),
        examples: [.init("edate(date(2026, 1, 31), 1)", "2026-02-28"), .init("edate(date(2026, 3, 15), -1)", "2026-02-15")],
        body: { (arguments) throws(FormulaFailure) in
            try .date(orFailure: try arguments.day(0).adding(months: try arguments.whole(1)))
        })

    static let eomonth = FunctionDefinition(
        "eomonth", aliases: ["月末"], dateAndMonths, blank: .blank,
        summary: Words(zh: "若干个月之后（或之前）那个月的最后一天。", en: "The last day of the month so many months later or earlier."),
        examples: [.init("eomonth(date(2028, 1, 15), 1)", "2028-02-29"), .init("eomonth(date(2026, 2, 12), 0)", "2026-02-28")],
        body: { (arguments) throws(FormulaFailure) in
            try .date(orFailure: try arguments.day(0).firstOfMonth.adding(months: try arguments.whole(1))?.lastOfMonth)
        })

    static let dateadd = FunctionDefinition(
        "dateadd", aliases: ["日期加"],
        [
            .init([.date("date"), .number("count"), .init("unit", .constantText(oneOf: Unit.spellings(from: .day)))], gives: .date),
            .init([.datetime("datetime"), .number("count"), .init("unit", .constantText(oneOf: Unit.spellings(from: .second)))], gives: .datetime),
        ], blank: .blank,
        summary: Words(
            zh: "加上若干年、季度、月、周、天、小时、分钟或秒；按天及以上保持钟点不变。",
            en: "So many years, quarters, months, weeks, days, hours, minutes or seconds later; from days on the wall clock stays."),
        examples: [
            .init("dateadd(date(2026, 1, 31), 1, 'month')", "2026-02-28"), .init("dateadd(date(2026, 2, 12), -2, 'weeks')", "2026-01-29"),
            .init("dateadd(datetime(date(2026, 2, 12), 9), 90, 'minutes')", "2026-02-12 10:30"),
        ],
        body: { (arguments) throws(FormulaFailure) in
            guard let unit = Unit(spelling: try arguments.text(2)) else { throw FormulaFailure(.domain) }
            if let span = unit.span {
                guard case .instant(let instant) = arguments.values[0], let span = TimeSpan(try arguments.number(1), span),
                    let sum = instant.adding(span)
                else { throw FormulaFailure(.badDate) }
                return .instant(sum)
            }
            var wall = try arguments.wallClock(0)
            guard let day = unit.add(try arguments.whole(1), to: wall.day) else { throw FormulaFailure(.badDate) }
            wall.day = day
            if case .date = arguments.values[0] { return .date(day) }
            return try .instant(checked: arguments.moment.zone.instant(wall))
        })

    static let datedif = FunctionDefinition(
        "datedif", aliases: ["日期差"],
        [
            .init(
                [.date("start"), .date("end"), .init("unit", .constantText(oneOf: ["Y", "M", "D", "YM", "YD", "y", "m", "d", "ym", "yd"]))],
                gives: .number)
        ], blank: .blank,
        summary: Words(
            zh: "两个日期之间的整年（Y）、整月（M）、天数（D），或不足一年的月数（YM）、天数（YD）。",
            en: "Whole years (Y), whole months (M), days (D), or months (YM) or days (YD) beyond whole years between two dates."),
        examples: [
            .init("datedif(date(2024, 2, 29), date(2026, 2, 28), 'Y')", "1"), .init("datedif(date(2026, 1, 31), date(2026, 3, 1), 'M')", "1"),
            .init("datedif(date(2026, 2, 1), date(2026, 2, 12), 'D')", "11"),
        ],
        body: { (arguments) throws(FormulaFailure) in
            let start = try arguments.day(0), end = try arguments.day(1)
            guard start <= end else { throw FormulaFailure(.domain) }
            let from = start.components, to = end.components
            let months = (to.year - from.year) * 12 + to.month - from.month - (to.day < from.day ? 1 : 0)
            switch try arguments.text(2).uppercased() {
            case "Y": return .whole(months / 12)
            case "M": return .whole(months)
            case "YM": return .whole(months % 12)
            case "YD":
                guard let anniversary = start.adding(months: months / 12 * 12) else { throw FormulaFailure(.badDate) }
                return .whole(Int(end.daysSinceEpoch) - Int(anniversary.daysSinceEpoch))
            case "D": return .whole(Int(end.daysSinceEpoch) - Int(start.daysSinceEpoch))
            default: throw FormulaFailure(.domain)
            }
        })

    static let datetrunc = FunctionDefinition(
        "datetrunc", aliases: ["截至"],
        [
            .init([.date("date"), .init("unit", .constantText(oneOf: Unit.spellings(from: .day)))], gives: .date),
            .init([.datetime("datetime"), .init("unit", .constantText(oneOf: Unit.spellings(from: .second)))], gives: .datetime),
        ], blank: .blank,
        summary: Words(
            zh: "所在年、季度、月、周（周一起）、天、小时、分钟或秒的开始。",
            en: "The start of the year, quarter, month, week (from Monday), day, hour, minute or second it is in."),
        examples: [.init("datetrunc(date(2026, 2, 12), 'month')", "2026-02-01"), .init("datetrunc(date(2026, 2, 12), 'week')", "2026-02-09")],
        body: { (arguments) throws(FormulaFailure) in
            guard let unit = Unit(spelling: try arguments.text(1)) else { throw FormulaFailure(.domain) }
            if let span = unit.span {
                guard case .instant(let instant) = arguments.values[0] else { throw FormulaFailure(.domain) }
                // Shifted by the offset, so that zones that are half an hour off have their own hours.
                let offset = Int64(arguments.moment.zone.offsetSeconds(at: instant)) * Microseconds.perSecond
                let local = instant.microseconds + offset
                return .instant(Instant(microseconds: floorDivide(local, span.microseconds) * span.microseconds - offset))
            }
            let day = try arguments.day(0)
            guard let start = unit.start(of: day) else { throw FormulaFailure(.badDate) }
            if case .date = arguments.values[0] { return .date(start) }
            return try .instant(checked: arguments.moment.zone.startOfDay(start))
        })

    /// Units of the calendar and the clock, as `dateadd` and `datetrunc` know them.
    private enum Unit: CaseIterable {
        case second, minute, hour, day, week, month, quarter, year

        var spellings: [String] {
            switch self {
            case .second: ["second", "seconds", "秒"]
            case .minute: ["minute", "minutes", "分钟"]
            case .hour: ["hour", "hours", "小时"]
            case .day: ["day", "days", "天", "日"]
            case .week: ["week", "weeks", "周"]
            case .month: ["month", "months", "月"]
            case .quarter: ["quarter", "quarters", "季度"]
            case .year: ["year", "years", "年"]
            }
        }

        init?(spelling: String) {
            guard let unit = Unit.allCases.first(where: { $0.spellings.contains(spelling) }) else { return nil }
            self = unit
        }

        static func spellings(from first: Unit) -> [String] {
            allCases.drop { $0 != first }.flatMap(\.spellings)
        }

        /// The unit as an exact length of time; nil for those of the calendar.
        var span: TimeSpan.Unit? {
            switch self {
            case .second: .second
            case .minute: .minute
            case .hour: .hour
            case .day, .week, .month, .quarter, .year: nil
            }
        }

        func add(_ count: Int, to day: Day) -> Day? {
            // Beyond this nothing is in the calendar, and nothing overflows below it.
            guard count.magnitude <= 10_000_000 else { return nil }
            return switch self {
            case .second, .minute, .hour: nil
            case .day: day.adding(days: count)
            case .week: day.adding(days: count * 7)
            case .month: day.adding(months: count)
            case .quarter: day.adding(months: count * 3)
            case .year: day.adding(months: count * 12)
            }
        }

        func start(of day: Day) -> Day? {
            let parts = day.components
            return switch self {
            case .second, .minute, .hour, .day: day
            case .week: day.adding(days: -day.weekdayFromMonday)
            case .month: day.firstOfMonth
            case .quarter: Day(year: parts.year, month: (parts.month - 1) / 3 * 3 + 1, day: 1)
            case .year: Day(year: parts.year, month: 1, day: 1)
            }
        }
    }
}
