package import Formula
package import SourceText

/// How long something is waited for, as an author writes it: `2min`, `3 days`, `5 business days`, `8个工作小时`.
package enum Delay: Sendable, Hashable {
    /// Elapsed time, whatever the clock on the wall does.
    case elapsed(TimeSpan)
    /// The same time of day so many days later.
    case days(Int)
    /// The same time of day on the so-manieth working day after.
    case businessDays(Int)
    /// So much time inside working hours.
    case businessTime(TimeSpan)

    /// Reads it; nil for anything else, also for none at all and for less than none.
    package init?(_ text: String) {
        let text = text.trimmedText
        let business = ["business", "个工作", "工作"]
        if let mark = business.lazy.compactMap({ text.firstRange(of: $0) }).first {
            let count = text[..<mark.lowerBound].filter { $0 != " " }
            let unit = text[mark.upperBound...].filter { $0 != " " }
            switch unit {
            case "day", "days", "日", "天":
                guard let days = Int(count), (1...3660).contains(days) else { return nil }
                self = .businessDays(days)
            case "hour", "hours", "小时", "min", "分钟":
                guard let count = ExactDecimal(String(count)), let span = TimeSpan(count, unit == "min" || unit == "分钟" ? .minute : .hour), span > .zero else { return nil }
                self = .businessTime(span)
            default: return nil
            }
            return
        }
        // `30d` is `30 days`.
        if text.hasSuffix("d"), let days = Int(text.dropLast()), (1...36_600).contains(days) {
            self = .days(days)
            return
        }
        guard let span = TimeSpan(text), span > .zero else { return nil }
        let words = ["day", "days", "天", "week", "weeks", "周"]
        let unit = text.drop { $0.isNumber || $0 == " " }
        let number = text.prefix { $0.isNumber }
        if words.contains(String(unit)), !number.isEmpty {
            let days = span.microseconds / Microseconds.perDay
            guard days <= 36_600 else { return nil }
            self = .days(Int(days))
        } else {
            self = .elapsed(span)
        }
    }

    /// When it has passed, counted from `start`.
    ///
    /// - Returns: Nil outside the years 1…9999, or if the calendar has no working hours.
    package func due(after start: Instant, in zone: Zone, by calendar: BusinessCalendar) -> Instant? {
        switch self {
        case .elapsed(let span):
            let (sum, overflow) = start.microseconds.addingReportingOverflow(span.microseconds)
            return overflow ? nil : Instant(microseconds: sum)
        case .days(let days):
            var wall = zone.wallClock(start)
            guard let day = wall.day.adding(days: days) else { return nil }
            wall.day = day
            return zone.instant(wall)
        case .businessDays(let days):
            // Outside working hours the count begins at the next working moment, and day 0 is that day.
            return calendar.due(after: start, businessDays: days, zone: zone)?.instant
        case .businessTime(let span):
            return calendar.due(after: start, businessHours: span, zone: zone)?.instant
        }
    }

    /// When it is due if it stood still from `pause` to `resume`, having been due at `due` before.
    package func due(_ due: Instant, pausedFrom pause: Instant, to resume: Instant, in zone: Zone, by calendar: BusinessCalendar) -> Instant? {
        guard pause < due, pause < resume else { return due }
        switch self {
        case .elapsed, .days:
            let (sum, overflow) = due.microseconds.addingReportingOverflow(resume.microseconds - pause.microseconds)
            return overflow ? nil : Instant(microseconds: sum)
        case .businessDays:
            let passed = calendar.workingDays(from: zone.day(of: pause), through: zone.day(of: resume)) - (calendar.isWorked(zone.day(of: pause)) ? 1 : 0)
            return calendar.instant(max(0, passed), workingDaysAfter: due, in: zone)
        case .businessTime:
            let rest = calendar.workingTime(from: pause, to: due, in: zone)
            return calendar.due(after: resume, businessHours: rest, zone: zone)?.instant
        }
    }

    /// For people: `2 min`, `5 business days`.
    package var words: Words {
        switch self {
        case .elapsed(let span): span.words
        case .days(let days): Words(zh: "\(days) 天", en: days == 1 ? "1 day" : "\(days) days")
        case .businessDays(let days): Words(zh: "\(days) 个工作日", en: days == 1 ? "1 business day" : "\(days) business days")
        case .businessTime(let span):
            Words(zh: "工作时间 \(span.words.zh)", en: "\(span.words.en) of business hours")
        }
    }
}
