extension Day {
    /// 0001-01-01.
    package static let first = Day(daysSinceEpoch: -719_162)
    /// 9999-12-31.
    package static let last = Day(daysSinceEpoch: 2_932_896)

    /// The day that many days after 1970-01-01; nil outside the years 1…9999.
    package init?(exactly days: Int64) {
        guard days >= Int64(Day.first.daysSinceEpoch), days <= Int64(Day.last.daysSinceEpoch) else { return nil }
        self.init(daysSinceEpoch: Int32(days))
    }

    /// The day of the proleptic Gregorian calendar; nil if the calendar has none such, or outside the years 1…9999.
    package init?(year: Int, month: Int, day: Int) {
        guard year >= 1, year <= 9999, month >= 1, month <= 12, day >= 1, day <= Day.length(ofMonth: month, year: year) else { return nil }
        self.init(daysSinceEpoch: Int32(Day.number(year: year, month: month, day: day)))
    }

    /// Days since 1970-01-01 of a day in any year. Counted in years that begin in March, so that the leap day is the last.
    static func number(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    package struct Components: Sendable, Hashable {
        package let year: Int
        /// 1…12.
        package let month: Int
        /// 1…31.
        package let day: Int
    }

    package var components: Components {
        let days = Int(daysSinceEpoch) + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return Components(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month, day: dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    package var year: Int { components.year }

    /// Monday 0 … Sunday 6.
    package var weekdayFromMonday: Int {
        // 1970-01-01 was a Thursday.
        let rest = (Int(daysSinceEpoch) + 3) % 7
        return rest < 0 ? rest + 7 : rest
    }

    package static func isLeap(year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// `month` is 1…12.
    package static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year: year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Nil outside the years 1…9999.
    package func adding(days: Int) -> Day? {
        let (sum, overflow) = Int(daysSinceEpoch).addingReportingOverflow(days)
        return overflow ? nil : Day(exactly: Int64(sum))
    }

    /// The same day that many months later; clamped to the month's end. Nil outside the years 1…9999.
    package func adding(months: Int) -> Day? {
        let parts = components
        let (total, overflow) = (parts.year * 12 + parts.month - 1).addingReportingOverflow(months)
        guard !overflow, total >= 12, total < 120_000 else { return nil }
        let year = total / 12, month = total % 12 + 1
        return Day(year: year, month: month, day: min(parts.day, Day.length(ofMonth: month, year: year)))
    }

    package var firstOfMonth: Day { adding(days: 1 - components.day) ?? self }

    package var lastOfMonth: Day {
        let parts = components
        return adding(days: Day.length(ofMonth: parts.month, year: parts.year) - parts.day) ?? self
    }
}

extension Day: CustomStringConvertible {
    /// Reads `2026-02-12`, exactly so.
    package init?(_ text: some StringProtocol) {
        var reader = TimeReader(text)
        guard let day = reader.day(), reader.isAtEnd else { return nil }
        self = day
    }

    /// ISO 8601: `2026-02-12`.
    package var description: String {
        let parts = components
        return "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
    }
}

/// Decimal digits with leading zeros; `number` is not negative.
func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return digits.utf8.count >= width ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
}
