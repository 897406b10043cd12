/// Which days are worked, and from when to when.
///
/// A week that repeats, holidays on top of it, days that are worked instead of others, and days with hours of their own. Whether a day is
/// worked, and how many days or hours are worked between two, is answered in constant time; where so many lead to, by halving.
/// Immutable and shared.
package struct BusinessCalendar: Sendable {
    package let name: String
    let table: BusinessCalendarTable

    /// What the calendar was made from.
    package var plan: Plan { table.plan }

    /// What is written of a calendar.
    package struct Plan: Sendable, Hashable {
        /// When Monday, Tuesday … are worked: seven lists of windows in order and apart, as microseconds since midnight; none: not worked.
        package var week: [[Range<Int64>]]
        /// Days that are not worked; those that would not be anyway do no harm.
        package var holidays: Set<Day>
        /// Days that are worked all the same, at the hours of the first worked day of the week. They win over `holidays`.
        package var makeUpDays: Set<Day>
        /// Days with hours of their own, none if they are not worked. They win over all else.
        package var exceptions: [Day: [Range<Int64>]]
        /// The years for which holidays are known; nil where none are needed.
        package var knownYears: ClosedRange<Int>?

        package init(
            week: [[Range<Int64>]], holidays: Set<Day> = [], makeUpDays: Set<Day> = [], exceptions: [Day: [Range<Int64>]] = [:],
            knownYears: ClosedRange<Int>? = nil
        ) {
            precondition(week.count == 7, "a week has seven days")
            self.week = week
            self.holidays = holidays
            self.makeUpDays = makeUpDays
            self.exceptions = exceptions
            self.knownYears = knownYears
        }
    }

    package init(name: String, plan: Plan) {
        self.name = name
        table = BusinessCalendarTable(plan)
    }

    /// A calendar whose days all have the same hours.
    ///
    /// - Parameters:
    ///   - week: Whether Monday, Tuesday … are worked; seven.
    ///   - hours: Of every working day, as microseconds since midnight.
    package init(
        name: String, week: [Bool], holidays: [Day] = [], makeUpDays: [Day] = [], hours: [Range<Int64>] = BusinessCalendar.usualHours,
        publishedYears: ClosedRange<Int>? = nil
    ) {
        self.init(
            name: name,
            plan: Plan(
                week: week.map { $0 ? hours : [] }, holidays: Set(holidays), makeUpDays: Set(makeUpDays), knownYears: publishedYears))
    }

    /// 09:00 to 18:00.
    package static let usualHours: [Range<Int64>] = [9 * Microseconds.perHour..<18 * Microseconds.perHour]

    /// Monday to Friday, without holidays, from 09:00 to 18:00.
    package static let plain = BusinessCalendar(name: "plain", week: [true, true, true, true, true, false, false])

    /// Those that everybody has; nil if there is none of this name.
    package static func named(_ name: String) -> BusinessCalendar? { standard.first { $0.name == name } }

    package static let standard: [BusinessCalendar] = [.china, .plain]

    /// The years for which holidays are known; nil where none are needed.
    package var publishedYears: ClosedRange<Int>? { plan.knownYears }

    /// Whether it is known which days of this year are worked; where it is not, every week is like any other.
    package func knows(year: Int) -> Bool { publishedYears?.contains(year) ?? true }

    package func isWorked(_ day: Day) -> Bool { table.days.amount(of: day) > 0 }

    /// The working days from one day to another, both included; negative if the second is the earlier one.
    package func workingDays(from start: Day, through end: Day) -> Int {
        start <= end ? Int(table.days.total(from: start, through: end)) : -Int(table.days.total(from: end, through: start))
    }

    /// The working day that many after `day`, or before it if negative; `day` itself does not count, and is the answer for 0.
    ///
    /// - Returns: Nil outside the years 1…9999.
    package func day(_ count: Int, workingDaysAfter day: Day) -> Day? {
        guard count != 0 else { return day }
        // No more days are in the years 1…9999.
        guard count.magnitude <= 4_000_000 else { return nil }
        let start = Int(day.daysSinceEpoch)
        if count > 0 { return table.days.day(reaching: table.days.before(start + 1) + Int64(count), notBefore: start + 1) }
        return table.days.day(leaving: table.days.before(start) + Int64(count), notAfter: start - 1)
    }

    /// As `workingDays`, where further days are no working days.
    package func workingDays(from start: Day, through end: Day, without holidays: Set<Day>) -> Int {
        let low = min(start, end), high = max(start, end)
        let taken = holidays.count { $0 >= low && $0 <= high && isWorked($0) }
        let count = workingDays(from: low, through: high) - taken
        return start <= end ? count : -count
    }

    /// As `day(_:workingDaysAfter:)`, where further days are no working days.
    package func day(_ count: Int, workingDaysAfter start: Day, without holidays: Set<Day>) -> Day? {
        guard !holidays.isEmpty, count != 0 else { return day(count, workingDaysAfter: start) }
        let step = count > 0 ? 1 : -1
        guard var reached = day(count, workingDaysAfter: start) else { return nil }
        // The holidays passed on the way are made up for behind, where there may be more of them.
        var passed = 0
        while true {
            let low = min(start, reached), high = max(start, reached)
            let taken = holidays.count { $0 >= low && $0 <= high && $0 != start && isWorked($0) }
            guard taken > passed else { return reached }
            guard let further = day(step * (taken - passed), workingDaysAfter: reached) else { return nil }
            passed = taken
            reached = further
        }
    }
}

extension BusinessCalendar: Hashable {
    package static func == (left: BusinessCalendar, right: BusinessCalendar) -> Bool {
        left.name == right.name && (left.table === right.table || left.plan == right.plan)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// What follows from a plan, worked out once.
final class BusinessCalendarTable: Sendable {
    let plan: BusinessCalendar.Plan
    /// One for every day that is worked.
    let days: DayTally
    /// The working time of every day, in microseconds.
    let time: DayTally
    /// As statements carry it.
    let spelled: String
    /// The days whose hours are not those of their weekday.
    private let special: [Day: [Range<Int64>]]

    init(_ plan: BusinessCalendar.Plan) {
        self.plan = plan
        let usual = plan.week.first { !$0.isEmpty } ?? BusinessCalendar.usualHours
        var special: [Day: [Range<Int64>]] = [:]
        for day in plan.holidays { special[day] = [] }
        for day in plan.makeUpDays { special[day] = usual }
        for (day, windows) in plan.exceptions { special[day] = windows }
        self.special = special
        spelled = plan.spelled
        days = DayTally(week: plan.week.map { $0.isEmpty ? 0 : 1 }, days: special.mapValues { $0.isEmpty ? 0 : 1 })
        time = DayTally(week: plan.week.map(Self.length), days: special.mapValues(Self.length))
    }

    /// When the day is worked; none if it is not.
    func windows(of day: Day) -> [Range<Int64>] { special[day] ?? plan.week[day.weekdayFromMonday] }

    private static func length(_ windows: [Range<Int64>]) -> Int64 {
        windows.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
    }
}
