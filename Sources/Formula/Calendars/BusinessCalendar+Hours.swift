/// Working time between instants, by the clock on the wall of a zone.
extension BusinessCalendar {
    /// How much of the time between two instants is working time; negative if the second is the earlier one.
    package func workingTime(from start: Instant, to end: Instant, in zone: Zone) -> TimeSpan {
        guard start <= end else { return TimeSpan(microseconds: -workingTime(from: end, to: start, in: zone).microseconds) }
        let from = zone.wallClock(start), to = zone.wallClock(end)
        let whole = days(from: from.day, before: to.day) * perDay
        return TimeSpan(microseconds: whole + elapsed(at: to) - elapsed(at: from))
    }

    /// The instant by which so much working time has passed since `start`; for none, the next instant that is working time.
    ///
    /// - Returns: Nil outside the years 1…9999, or if there are no working hours at all; `span` is not negative.
    package func instant(_ span: TimeSpan, workingTimeAfter start: Instant, in zone: Zone) -> Instant? {
        guard perDay > 0, span.microseconds >= 0 else { return nil }
        let from = zone.wallClock(start)
        // As if counted from the beginning of the first working day.
        let total = elapsed(at: from) + span.microseconds
        let beginning = isWorked(from.day) ? from.day : day(1, workingDaysAfter: from.day)
        guard let beginning else { return nil }
        let base = isWorked(from.day) ? total : span.microseconds
        var wholeDays = base / perDay
        var rest = base % perDay
        // The end of a day is reached on that day, not on the next morning.
        if rest == 0, wholeDays > 0, span.microseconds > 0 {
            wholeDays -= 1
            rest = perDay
        }
        guard let day = day(Int(wholeDays), workingDaysAfter: beginning) else { return nil }
        for window in hours {
            let length = window.upperBound - window.lowerBound
            if rest < length || (rest == length && span.microseconds > 0) {
                return zone.instant(WallClock(day: day, microseconds: window.lowerBound + rest))
            }
            rest -= length
        }
        return nil
    }

    /// The same time on the day so many working days after that of `start`.
    ///
    /// - Returns: Nil outside the years 1…9999.
    package func instant(_ count: Int, workingDaysAfter start: Instant, in zone: Zone) -> Instant? {
        var wall = zone.wallClock(start)
        guard let day = day(count, workingDaysAfter: wall.day) else { return nil }
        wall.day = day
        return zone.instant(wall)
    }

    /// The working time of one day.
    private var perDay: Int64 { hours.reduce(0) { $0 + $1.upperBound - $1.lowerBound } }

    private func days(from start: Day, before end: Day) -> Int64 {
        Int64(workingDays(from: start, through: end)) - (isWorked(end) ? 1 : 0)
    }

    /// The working time of that day so far.
    private func elapsed(at wall: WallClock) -> Int64 {
        guard isWorked(wall.day) else { return 0 }
        return hours.reduce(0) { $0 + min(max(wall.microseconds, $1.lowerBound), $1.upperBound) - $1.lowerBound }
    }
}
