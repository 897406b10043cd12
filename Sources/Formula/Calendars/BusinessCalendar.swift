/// Which days are worked, and from when to when.
///
/// A weekend pattern, holidays on top of it, days that are worked instead of others, and the working hours. Whether a day is worked and
/// how many are between two is answered in constant time, where so many working days lead to by halving. Immutable and shared.
package struct BusinessCalendar: Sendable {
    private let days: WorkedDays
    package let name: String
    /// Of every working day, in order and apart, as microseconds since midnight.
    package let hours: [Range<Int64>]
    /// The years for which holidays are known; nil where none are needed.
    package let publishedYears: ClosedRange<Int>?

    /// - Parameters:
    ///   - week: Whether Monday, Tuesday … are worked; seven.
    ///   - holidays: Days that are not worked; those that would not be anyway do no harm.
    ///   - makeUpDays: Days that are worked all the same.
    ///   - hours: Of every working day, as microseconds since midnight.
    package init(
        name: String, week: [Bool], holidays: [Day] = [], makeUpDays: [Day] = [], hours: [Range<Int64>] = BusinessCalendar.usualHours,
        publishedYears: ClosedRange<Int>? = nil
    ) {
        precondition(week.count == 7, "a week has seven days")
        self.name = name
        self.hours = hours
        self.publishedYears = publishedYears
        days = WorkedDays(week: week, holidays: holidays, makeUpDays: makeUpDays)
    }

    /// 09:00 to 18:00.
    package static let usualHours: [Range<Int64>] = [9 * Microseconds.perHour..<18 * Microseconds.perHour]

    /// Monday to Friday, without holidays, from 09:00 to 18:00.
    package static let plain = BusinessCalendar(name: "plain", week: [true, true, true, true, true, false, false])

    /// Those that everybody has; nil if there is none of this name.
    package static func named(_ name: String) -> BusinessCalendar? { standard.first { $0.name == name } }

    package static let standard: [BusinessCalendar] = [.china, .plain]

    /// Whether it is known which days of this year are worked; where it is not, every week is like any other.
    package func knows(year: Int) -> Bool { publishedYears?.contains(year) ?? true }

    package func isWorked(_ day: Day) -> Bool { days.isWorked(day) }

    /// The working days from one day to another, both included; negative if the second is the earlier one.
    package func workingDays(from start: Day, through end: Day) -> Int {
        start <= end ? days.count(from: start, through: end) : -days.count(from: end, through: start)
    }

    /// The working day that many after `day`, or before it if negative; `day` itself does not count, and is the answer for 0.
    ///
    /// - Returns: Nil outside the years 1…9999.
    package func day(_ count: Int, workingDaysAfter day: Day) -> Day? { days.day(count, after: day) }

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
        left.name == right.name && left.hours == right.hours && left.publishedYears == right.publishedYears && left.days == right.days
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
