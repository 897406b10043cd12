package import Formula

/// Times that come again, as a sentence gives them: `every workday at 08:30`, `每周五 15:00`.
package struct Schedule: Sendable, Hashable {
    package enum Days: Sendable, Hashable {
        case everyDay
        /// By the app's calendar.
        case workdays
        /// Monday is 0.
        case weekdays(Set<Int>)
        /// Of a month, 1…31; a month without the day is passed over.
        case monthDay(Int)
        case lastOfMonth
        case firstWorkdayOfMonth
        case lastWorkdayOfMonth
        case yearDay(month: Int, day: Int)
    }

    package enum Times: Sendable, Hashable {
        /// Microseconds since midnight, in order.
        case at([Int64])
        /// Again and again since midnight, a part of a day.
        case every(TimeSpan)
    }

    package let days: Days
    package let times: Times

    package init(days: Days, times: Times) {
        self.days = days
        self.times = times
    }

    /// The first time after `instant`; nil if there is none within eight years.
    ///
    /// A time that the clocks skip comes at the first instant after the gap; one that they show twice comes once, at its first pass.
    package func next(after instant: Instant, in zone: Zone, by calendar: BusinessCalendar) -> Instant? {
        let wall = zone.wallClock(instant)
        var day = wall.day
        for _ in 0..<2_922 {
            if falls(on: day, by: calendar) {
                // Nowhere are clocks moved by more: what is earlier in the day has passed.
                for time in timesOfDay where day != wall.day || time > wall.microseconds - 3 * Microseconds.perHour {
                    let candidate = zone.instant(WallClock(day: day, microseconds: time))
                    if candidate > instant { return candidate }
                }
            }
            guard let next = day.adding(days: 1) else { return nil }
            day = next
        }
        return nil
    }

    private var timesOfDay: [Int64] {
        switch times {
        case .at(let times): times
        case .every(let span): Array(stride(from: Int64(0), to: Microseconds.perDay, by: Int64.Stride(span.microseconds)))
        }
    }

    private func falls(on day: Day, by calendar: BusinessCalendar) -> Bool {
        switch days {
        case .everyDay: true
        case .workdays: calendar.isWorked(day)
        case .weekdays(let weekdays): weekdays.contains(day.weekdayFromMonday)
        case .monthDay(let number): day.components.day == number
        case .lastOfMonth: day == day.lastOfMonth
        case .firstWorkdayOfMonth:
            calendar.isWorked(day) && calendar.workingDays(from: day.firstOfMonth, through: day) == 1
        case .lastWorkdayOfMonth:
            calendar.isWorked(day) && calendar.workingDays(from: day, through: day.lastOfMonth) == 1
        case .yearDay(let month, let number): day.components.month == month && day.components.day == number
        }
    }
}
