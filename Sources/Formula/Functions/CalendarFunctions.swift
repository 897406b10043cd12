import SourceText

/// Parts of dates and times, by the wall clock of the app's zone.
enum CalendarFunctions {
    static let all: [FunctionDefinition] = [
        date, year, month, day, quarter, weekday, isoweeknum, weeknum, hour, minute, second, dateOf, datetime, isleapyear,
    ]

    private static let dateOrDatetime: [FunctionDefinition.Overload] = [
        .init([.date("date")], gives: .number), .init([.datetime("datetime")], gives: .number),
    ]
    private static let oneDatetime: [FunctionDefinition.Overload] = [.init([.datetime("datetime")], gives: .number)]

    static let date = FunctionDefinition(
        "date", aliases: ["日期"], [.init([.number("year"), .number("month"), .number("day")], gives: .date)], blank: .blank,
        summary: Words(
            zh: "由年、月、日得到日期；超出的月、日自动顺延。年份 1 至 9999。",
            en: "A date from year, month and day; months and days beyond the end roll over. Years 1 to 9999."),
        examples: [.init("date(2026, 2, 12)", "2026-02-12"), .init("date(2026, 14, 1)", "2027-02-01"), .init("date(2026, 3, 0)", "2026-02-28")],
        body: { (arguments) throws(FormulaFailure) in
            let year = try arguments.whole(0), month = try arguments.whole(1), day = try arguments.whole(2)
            // Far beyond any calendar, and below where adding up could overflow.
            guard year >= 1, year <= 9999, month.magnitude <= 200_000, day.magnitude <= 5_000_000,
                let first = Day(year: year, month: 1, day: 1)
            else { throw FormulaFailure(.badDate) }
            // Months before the first may lie before the year 1 and come back by the days.
            let months = year * 12 + month - 1
            let number = Day.number(
                year: Int(floorDivide(Int64(months), 12)), month: months - Int(floorDivide(Int64(months), 12)) * 12 + 1, day: 1)
            return try .date(orFailure: first.adding(days: number - Int(first.daysSinceEpoch) + day - 1))
        })

    static let year = part("year", ["年份"], Words(zh: "年份。", en: "The year."), "2026") { $0.components.year }
    static let month = part("month", ["月份"], Words(zh: "月份，1 至 12。", en: "The month, 1 to 12."), "2") { $0.components.month }
    static let day = part("day", ["日"], Words(zh: "几号，1 至 31。", en: "The day of the month, 1 to 31."), "12") { $0.components.day }
    static let quarter = part("quarter", ["季度"], Words(zh: "季度，1 至 4。", en: "The quarter, 1 to 4."), "1") { ($0.components.month + 2) / 3 }

    private static func part(
        _ name: String, _ aliases: [String], _ summary: Words, _ example: String, _ part: @escaping @Sendable (Day) -> Int
    ) -> FunctionDefinition {
        FunctionDefinition(
            name, aliases: aliases, dateOrDatetime, blank: .blank, neverFails: true, summary: summary,
            examples: [.init("\(name)(date(2026, 2, 12))", example)],
            body: { (arguments) throws(FormulaFailure) in .whole(part(try arguments.day(0))) })
    }

    static let weekday = FunctionDefinition(
        "weekday", aliases: ["星期"],
        [
            .init([.date("date"), .number("kind", .optional)], gives: .number),
            .init([.datetime("datetime"), .number("kind", .optional)], gives: .number),
        ], blank: .blank,
        summary: Words(
            zh: "星期几：默认（1）周日为 1；2 则周一为 1；3 则周一为 0；11 至 17 则周一至周日为 1。",
            en: "The day of the week: Sunday is 1 (kind 1, the default); Monday is 1 (kind 2) or 0 (kind 3); 11 to 17 begin with Monday to Sunday."),
        examples: [.init("weekday(date(2026, 2, 12))", "5"), .init("weekday(date(2026, 2, 12), 2)", "4")],
        body: { (arguments) throws(FormulaFailure) in
            let fromMonday = try arguments.day(0).weekdayFromMonday
            switch try arguments.whole(1, else: 1) {
            case 1, 17: return .whole((fromMonday + 1) % 7 + 1)
            case 2: return .whole(fromMonday + 1)
            case 3: return .whole(fromMonday)
            case let kind where (11...16).contains(kind): return .whole((fromMonday - (kind - 11) + 7) % 7 + 1)
            default: throw FormulaFailure(.domain)
            }
        })

    static let isoweeknum = FunctionDefinition(
        "isoweeknum", aliases: ["周数"], dateOrDatetime, blank: .blank, neverFails: true,
        summary: Words(zh: "ISO 周数：周一起算，含当年首个周四的一周为第 1 周。", en: "The week of the year by ISO 8601."),
        examples: [.init("isoweeknum(date(2026, 2, 12))", "7"), .init("isoweeknum(date(2027, 1, 1))", "53")],
        body: { (arguments) throws(FormulaFailure) in
            let day = try arguments.day(0)
            // The year of a week is the one of its Thursday.
            let thursday = Int(day.daysSinceEpoch) + 3 - day.weekdayFromMonday
            let year = Day(exactly: Int64(thursday))?.year ?? 10_000
            return .whole((thursday - Day.number(year: year, month: 1, day: 1)) / 7 + 1)
        })

    static let weeknum = FunctionDefinition(
        "weeknum", aliases: ["年周数"],
        [
            .init([.date("date"), .number("kind", .optional)], gives: .number),
            .init([.datetime("datetime"), .number("kind", .optional)], gives: .number),
        ], blank: .blank,
        summary: Words(
            zh: "第几周，含 1 月 1 日的一周为第 1 周：默认（1）周日起算，2 周一起算，11 至 17 自周一至周日起算，21 为 ISO 周数。",
            en: "The week of the year, the first being that of January 1: weeks begin on Sunday (1, the default), Monday (2), Monday to Sunday (11 to 17); 21 is by ISO 8601."),
        examples: [.init("weeknum(date(2026, 2, 12))", "7"), .init("weeknum(date(2026, 1, 4))", "2"), .init("weeknum(date(2026, 1, 4), 2)", "1")],
        body: { (arguments) throws(FormulaFailure) in
            let day = try arguments.day(0)
            let start: Int
            switch try arguments.whole(1, else: 1) {
            case 1, 17: start = 6
            case 2: start = 0
            case let kind where (11...16).contains(kind): start = kind - 11
            case 21: return isoweeknum.evaluate([.date(day)], arguments.moment)
            default: throw FormulaFailure(.domain)
            }
            let first = Day.number(year: day.year, month: 1, day: 1)
            let firstWeekday = (Day(exactly: Int64(first))?.weekdayFromMonday ?? 0) - start
            return .whole((Int(day.daysSinceEpoch) - first + (firstWeekday + 7) % 7) / 7 + 1)
        })

    static let hour = timePart("hour", ["小时"], Words(zh: "几点，0 至 23。", en: "The hour, 0 to 23."), "14") { $0.hour }
    static let minute = timePart("minute", ["分钟"], Words(zh: "几分，0 至 59。", en: "The minute, 0 to 59."), "30") { $0.minute }
    static let second = timePart("second", ["秒"], Words(zh: "几秒，0 至 59。", en: "The second, 0 to 59."), "5") { $0.second }

    private static func timePart(
        _ name: String, _ aliases: [String], _ summary: Words, _ example: String, _ part: @escaping @Sendable (WallClock) -> Int
    ) -> FunctionDefinition {
        FunctionDefinition(
            name, aliases: aliases, oneDatetime, blank: .blank, neverFails: true, summary: summary,
            examples: [.init("\(name)(datetime(date(2026, 2, 12), 14, 30, 5))", example)],
            body: { (arguments) throws(FormulaFailure) in .whole(part(try arguments.wallClock(0))) })
    }

    static let dateOf = FunctionDefinition(
        "date_of", aliases: ["日期部分"], [.init([.datetime("datetime")], gives: .date)], blank: .blank, neverFails: true,
        summary: Words(zh: "日期时间在应用时区里的那一天。", en: "The day of a datetime in the app's time zone."),
        examples: [.init("date_of(now())", "2026-02-12")],
        body: { (arguments) throws(FormulaFailure) in .date(try arguments.day(0)) })

    static let datetime = FunctionDefinition(
        "datetime", aliases: ["日期时间"],
        [.init([.date("date"), .number("hour", .optional), .number("minute", .optional), .number("second", .optional)], gives: .datetime)],
        blank: .blank,
        summary: Words(
            zh: "由日期和时、分、秒得到日期时间，按应用的时区；超出的时、分、秒自动顺延。",
            en: "A datetime from a date, hour, minute and second in the app's time zone; what is beyond the end rolls over."),
        examples: [.init("datetime(date(2026, 2, 12), 14, 30)", "2026-02-12 14:30"), .init("datetime(date(2026, 2, 12))", "2026-02-12 00:00")],
        body: { (arguments) throws(FormulaFailure) in
            let day = try arguments.day(0)
            let hours = try arguments.whole(1), minutes = try arguments.whole(2)
            guard hours.magnitude <= 1_000_000, minutes.magnitude <= 60_000_000,
                let micro = try arguments.number(3).scaled(decimals: 6), micro.magnitude <= 4_000_000_000_000_000
            else { throw FormulaFailure(.badDate) }
            let total = Int64(hours) * Microseconds.perHour + Int64(minutes) * Microseconds.perMinute + micro
            let days = floorDivide(total, Microseconds.perDay)
            guard let day = day.adding(days: Int(days)) else { throw FormulaFailure(.badDate) }
            return try .instant(checked: arguments.moment.zone.instant(WallClock(day: day, microseconds: total - days * Microseconds.perDay)))
        })

    static let isleapyear = FunctionDefinition(
        "isleapyear", aliases: ["闰年"], [.init([.number("year")], gives: .bool), .init([.date("date")], gives: .bool)], blank: .blank,
        summary: Words(zh: "是否闰年。", en: "Whether a year, or the year of a date, has a February 29."),
        examples: [.init("isleapyear(2028)", "是"), .init("isleapyear(date(2026, 2, 12))", "否")],
        body: { (arguments) throws(FormulaFailure) in
            if case .date(let day) = arguments.values[0] { return .bool(Day.isLeap(year: day.year)) }
            let year = try arguments.whole(0)
            guard year >= 1, year <= 9999 else { throw FormulaFailure(.badDate) }
            return .bool(Day.isLeap(year: year))
        })
}
