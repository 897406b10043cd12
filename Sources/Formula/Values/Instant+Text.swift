extension Instant: CustomStringConvertible {
    /// The first instant of the year 1 and the last of 9999, in UTC; what lies outside is refused as an input.
    package static let first = Instant(microseconds: Int64(Day.first.daysSinceEpoch) * Microseconds.perDay)
    package static let last = Instant(microseconds: (Int64(Day.last.daysSinceEpoch) + 1) * Microseconds.perDay - 1)

    /// Reads RFC 3339: `2026-02-12T09:00:00Z`, `2026-02-12T17:00:00.25+08:00`.
    package init?(_ text: some StringProtocol) {
        var reader = TimeReader(text)
        guard let day = reader.day(), reader.take("T") || reader.take("t") || reader.take(" "),
            let time = reader.timeOfDay(), let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        let local = Int64(day.daysSinceEpoch) * Microseconds.perDay + time
        self.init(microseconds: local - Int64(offset) * Microseconds.perSecond)
        guard self >= .first, self <= .last else { return nil }
    }

    /// Reads a wall clock of the zone: `2026-11-02 14:30`, with or without seconds, with a blank or a `T`; a day alone is its midnight.
    package init?(local text: some StringProtocol, in zone: Zone) {
        var reader = TimeReader(text)
        guard let day = reader.day() else { return nil }
        if reader.isAtEnd {
            self = zone.startOfDay(day)
            return
        }
        guard reader.take(" ") || reader.take("T"), let time = reader.timeOfDay(), reader.isAtEnd else { return nil }
        self = zone.instant(WallClock(day: day, microseconds: time))
    }

    /// RFC 3339 in UTC: `2026-02-12T09:00:00Z`; decimals of the second only where there are any.
    package var description: String {
        let wall = WallClock(microsecondsSinceEpoch: microseconds)
        return "\(wall.day)T\(wall.time(withSeconds: true))Z"
    }

    /// Nil if it leaves the years 1…9999.
    package func adding(_ span: TimeSpan) -> Instant? {
        let (sum, overflow) = microseconds.addingReportingOverflow(span.microseconds)
        guard !overflow else { return nil }
        let result = Instant(microseconds: sum)
        return result >= .first && result <= .last ? result : nil
    }
}

/// What a calendar and a clock on a wall show somewhere.
package struct WallClock: Sendable, Hashable {
    package var day: Day
    /// Since midnight, below 24 hours.
    package var microseconds: Int64

    package init(day: Day, microseconds: Int64) {
        self.day = day
        self.microseconds = microseconds
    }

    /// The wall clock that many microseconds after 1970-01-01 00:00 on that wall; clamped to the years 1…9999.
    init(microsecondsSinceEpoch total: Int64) {
        var days = total / Microseconds.perDay
        var rest = total % Microseconds.perDay
        if rest < 0 {
            rest += Microseconds.perDay
            days -= 1
        }
        day = Day(exactly: days) ?? (total < 0 ? .first : .last)
        microseconds = rest
    }

    var microsecondsSinceEpoch: Int64 {
        Int64(day.daysSinceEpoch) * Microseconds.perDay + microseconds
    }

    package var hour: Int { Int(microseconds / Microseconds.perHour) }
    package var minute: Int { Int(microseconds / Microseconds.perMinute % 60) }
    package var second: Int { Int(microseconds / Microseconds.perSecond % 60) }

    /// `14:30`, or `14:30:05` with decimals only where there are any.
    package func time(withSeconds: Bool) -> String {
        let short = "\(padded(hour, 2)):\(padded(minute, 2))"
        guard withSeconds else { return short }
        let rest = Int(microseconds % Microseconds.perSecond)
        guard rest > 0 else { return "\(short):\(padded(second, 2))" }
        var decimals = padded(rest, 6)
        while decimals.utf8.last == UInt8(ascii: "0") { decimals.removeLast() }
        return "\(short):\(padded(second, 2)).\(decimals)"
    }
}
