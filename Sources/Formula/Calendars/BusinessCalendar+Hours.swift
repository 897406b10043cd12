/// Working time between instants, by the clock on the wall of a zone.
extension BusinessCalendar {
    /// How much of the time between two instants is working time; negative if the second is the earlier one.
    package func workingTime(from start: Instant, to end: Instant, in zone: Zone) -> TimeSpan {
        guard start <= end else { return TimeSpan(microseconds: -workingTime(from: end, to: start, in: zone).microseconds) }
        return TimeSpan(microseconds: elapsed(at: zone.wallClock(end)) - elapsed(at: zone.wallClock(start)))
    }

    /// Whether work is going on at that instant: the beginning of working hours is within them, their end is not.
    package func isWorking(at instant: Instant, in zone: Zone) -> Bool {
        let wall = zone.wallClock(instant)
        return table.windows(of: wall.day).contains { $0.contains(wall.microseconds) }
    }

    /// The instant itself if work is going on then, else the next beginning of working hours.
    ///
    /// - Returns: Nil if there is none up to the year 9999.
    package func nextWorkingMoment(after start: Instant, in zone: Zone) -> Instant? {
        if isWorking(at: start, in: zone) { return start }
        return nextOpening(zone.wallClock(start)).map(zone.instant)
    }

    /// What a deadline in working days or hours comes to.
    package struct Due: Sendable, Hashable {
        package let instant: Instant
        /// Some year between start and deadline has no published holidays: the deadline moves when they are known.
        package let isProvisional: Bool
    }

    /// The deadline so many working days after an instant.
    ///
    /// The start is moved to the next working moment; its day is day 0. The deadline is at the same local time on the working day so many
    /// days after it, moved into the hours of that day: to their beginning, to their end, or behind a break.
    ///
    /// - Parameter businessDays: Negative ones lead to earlier days.
    /// - Returns: Nil outside the years 1…9999, or if the calendar has no working time.
    package func due(after start: Instant, businessDays: Int, zone: Zone) -> Due? {
        guard let begin = nextWorkingMoment(after: start, in: zone) else { return nil }
        return instant(businessDays, workingDaysAfter: begin, in: zone).map { due(from: start, at: $0, zone) }
    }

    /// The same local time on the working day so many days after that of `start`, moved into the hours of that day; for 0 `start` itself.
    ///
    /// - Returns: Nil outside the years 1…9999, or if the calendar has no working time.
    package func instant(_ count: Int, workingDaysAfter start: Instant, in zone: Zone) -> Instant? {
        guard count != 0 else { return start }
        let wall = zone.wallClock(start)
        guard let day = day(count, workingDaysAfter: wall.day) else { return nil }
        return zone.instant(WallClock(day: day, microseconds: clamped(wall.microseconds, on: day)))
    }

    /// The deadline so much working time after an instant: only time inside working hours counts. For none, the next working moment.
    ///
    /// The end of working hours is reached on that day, not on the next morning.
    ///
    /// - Returns: Nil outside the years 1…9999, if the calendar has no working time, or if the span is negative.
    package func due(after start: Instant, businessHours: TimeSpan, zone: Zone) -> Due? {
        guard businessHours.microseconds >= 0 else { return nil }
        guard businessHours.microseconds > 0 else { return nextWorkingMoment(after: start, in: zone).flatMap { due(from: start, at: $0, zone) } }
        let wall = zone.wallClock(start)
        let (target, overflow) = elapsed(at: wall).addingReportingOverflow(businessHours.microseconds)
        guard !overflow, let day = table.time.day(reaching: target, notBefore: Int(wall.day.daysSinceEpoch)) else { return nil }
        var rest = target - table.time.before(Int(day.daysSinceEpoch))
        for window in table.windows(of: day) {
            let length = window.upperBound - window.lowerBound
            if rest <= length {
                return due(from: start, at: zone.instant(WallClock(day: day, microseconds: window.lowerBound + rest)), zone)
            }
            rest -= length
        }
        return nil
    }

    private func due(from start: Instant, at instant: Instant, _ zone: Zone) -> Due {
        let years = [start, instant].map { zone.day(of: $0).year }
        let isKnown = publishedYears.map { $0.contains(min(years[0], years[1])) && $0.contains(max(years[0], years[1])) } ?? true
        return Due(instant: instant, isProvisional: !isKnown)
    }

    /// The next beginning of working hours after a moment that is outside of them.
    private func nextOpening(_ wall: WallClock) -> WallClock? {
        if let window = table.windows(of: wall.day).first(where: { $0.lowerBound > wall.microseconds }) {
            return WallClock(day: wall.day, microseconds: window.lowerBound)
        }
        guard let day = day(1, workingDaysAfter: wall.day), let window = table.windows(of: day).first else { return nil }
        return WallClock(day: day, microseconds: window.lowerBound)
    }

    /// A time of day moved into the hours of a day that is worked.
    private func clamped(_ time: Int64, on day: Day) -> Int64 {
        let windows = table.windows(of: day)
        guard let window = windows.first(where: { time < $0.upperBound }) else { return windows.last?.upperBound ?? time }
        return max(time, window.lowerBound)
    }

    /// The working time before that moment, counted from some Monday long ago.
    private func elapsed(at wall: WallClock) -> Int64 {
        table.time.before(Int(wall.day.daysSinceEpoch))
            + table.windows(of: wall.day).reduce(0) { $0 + min(max(wall.microseconds, $1.lowerBound), $1.upperBound) - $1.lowerBound }
    }
}
