/// A calendar day without any zone, as days since 1970-01-01. Years 1…9999.
package struct Day: Sendable, Hashable, Comparable {
    package let daysSinceEpoch: Int32

    package init(daysSinceEpoch: Int32) {
        self.daysSinceEpoch = daysSinceEpoch
    }

    package static func < (left: Day, right: Day) -> Bool { left.daysSinceEpoch < right.daysSinceEpoch }
}

/// A point in time, as UTC microseconds since 1970-01-01T00:00:00Z.
package struct Instant: Sendable, Hashable, Comparable {
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    package static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }
}

/// An exact length of time, in microseconds; may be negative.
package struct TimeSpan: Sendable, Hashable, Comparable {
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    package static func < (left: TimeSpan, right: TimeSpan) -> Bool { left.microseconds < right.microseconds }

    package static let zero = TimeSpan(microseconds: 0)
}

/// How many microseconds a unit of time has.
package enum Microseconds {
    package static let perSecond: Int64 = 1_000_000
    package static let perMinute: Int64 = 60_000_000
    package static let perHour: Int64 = 3_600_000_000
    package static let perDay: Int64 = 86_400_000_000
    package static let perWeek: Int64 = 604_800_000_000
}
