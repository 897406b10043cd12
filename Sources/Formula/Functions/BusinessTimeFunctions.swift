import SourceText

/// Working days and working hours, by the app's calendar or by one that is named.
enum BusinessTimeFunctions {
    static let all: [FunctionDefinition] = [networkdays, workday, isworkday, workhours]

    private static let calendarName = FunctionDefinition.Parameter("calendar", .calendar)

    static let networkdays = FunctionDefinition(
        "networkdays", aliases: ["工作日天数", "工作日数"],
        [
            .init([.date("start"), .date("end")], gives: .number),
            .init([.date("start"), .date("end"), calendarName], gives: .number),
            .init([.date("start"), .date("end"), .dates("holidays", .repeated)], gives: .number),
        ], blank: .passed, readsCalendar: true,
        summary: Words(
            zh: "两个日期之间的工作日数，首尾都算；按应用的日历（含调休），也可指定日历，或另给节假日。",
            en: "The working days from one date to another, both included, by the app's calendar; another calendar may be named, or further holidays given."),
        examples: [
            .init("networkdays(date(2026, 2, 9), date(2026, 2, 28))", "15"),
            .init("networkdays(date(2026, 2, 9), date(2026, 2, 28), 'china')", "11"),
            .init("networkdays(date(2026, 2, 9), date(2026, 2, 13), date(2026, 2, 10))", "4"),
        ],
        body: { (arguments) throws(FormulaFailure) in
            if arguments.values[0].isBlank || arguments.values[1].isBlank { return .blank }
            let start = try arguments.day(0), end = try arguments.day(1)
            return .whole(
                try arguments.calendar(2).workingDays(from: start, through: end, without: try arguments.holidays(from: 2)))
        })

    static let workday = FunctionDefinition(
        "workday", aliases: ["工作日"],
        [
            .init([.date("start"), .number("days")], gives: .date),
            .init([.date("start"), .number("days"), calendarName], gives: .date),
            .init([.date("start"), .number("days"), .dates("holidays", .repeated)], gives: .date),
        ], blank: .passed, readsCalendar: true,
        summary: Words(
            zh: "若干个工作日之后（或之前）的那一天，起始日不算；按应用的日历（含调休），也可指定日历，或另给节假日。",
            en: "The day so many working days later or earlier, the start not counted, by the app's calendar; another calendar may be named, or further holidays given."),
        examples: [
            .init("workday(date(2026, 2, 12), 3)", "2026-02-17"), .init("workday(date(2026, 2, 12), 3, 'china')", "2026-02-24"),
            .init("workday(date(2026, 2, 16), -1)", "2026-02-13"),
        ],
        body: { (arguments) throws(FormulaFailure) in
            if arguments.values[0].isBlank { return .blank }
            let start = try arguments.day(0), count = try arguments.whole(1)
            return try .date(
                orFailure: try arguments.calendar(2).day(count, workingDaysAfter: start, without: try arguments.holidays(from: 2)))
        })

    static let isworkday = FunctionDefinition(
        "isworkday", aliases: ["是否工作日"],
        [
            .init([.date("date")], gives: .bool),
            .init([.date("date"), calendarName], gives: .bool),
        ], blank: .passed, readsCalendar: true,
        summary: Words(zh: "是否工作日，按应用的日历或指定的日历；空则否。", en: "Whether a date is a working day, by the app's calendar or one that is named; a blank is none."),
        examples: [.init("isworkday(date(2026, 2, 14))", "否"), .init("isworkday(date(2026, 2, 14), 'china')", "是")],
        body: { (arguments) throws(FormulaFailure) in
            if arguments.values[0].isBlank { return .bool(false) }
            return .bool(try arguments.calendar(1).isWorked(try arguments.day(0)))
        })

    static let workhours = FunctionDefinition(
        "workhours", aliases: ["工作小时数", "工时"],
        [
            .init([.datetime("start"), .datetime("end")], gives: .number),
            .init([.datetime("start"), .datetime("end"), calendarName], gives: .number),
        ], blank: .passed, readsCalendar: true,
        summary: Words(
            zh: "两个时刻之间的工作小时数：只算日历的上班时间，不另写的日历是工作日的 09:00 至 18:00。",
            en: "The hours between two instants inside the calendar's working hours, which are 09:00 to 18:00 of working days unless it says otherwise."),
        examples: [
            .init("workhours(datetime(date(2026, 2, 12), 17), datetime(date(2026, 2, 13), 10, 30))", "2.5"),
            .init("workhours(datetime(date(2026, 2, 13), 17), datetime(date(2026, 2, 24), 10), 'china')", "11"),
        ],
        body: { (arguments) throws(FormulaFailure) in
            if arguments.values[0].isBlank || arguments.values[1].isBlank { return .blank }
            guard case .instant(let start) = arguments.values[0], case .instant(let end) = arguments.values[1] else {
                throw FormulaFailure(.domain)
            }
            let span = try arguments.calendar(2).workingTime(from: start, to: end, in: arguments.moment.zone)
            return .number(try ExactDecimal(span.microseconds).divided(by: ExactDecimal(Microseconds.perHour)))
        })
}

extension Arguments {
    /// The calendar that is named there, else the app's.
    fileprivate func calendar(_ position: Int) throws(FormulaFailure) -> BusinessCalendar {
        guard position < values.count, case .text(let name) = values[position] else { return moment.calendar }
        // Statements carry all of a calendar in place of its name.
        guard let calendar = moment.calendar(named: name) ?? BusinessCalendar.spelled(name) else { throw FormulaFailure(.domain) }
        return calendar
    }

    /// The days given from there on; none if a calendar is named there.
    fileprivate func holidays(from position: Int) throws(FormulaFailure) -> Set<Day> {
        var days: Set<Day> = []
        for index in values.indices.dropFirst(position) {
            for case .date(let day) in try list(index) { days.insert(day) }
        }
        return days
    }
}
