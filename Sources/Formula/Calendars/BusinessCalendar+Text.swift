import Synchronization

/// Calendars as statements carry them: a database knows nothing of an app, so what it is asked must hold all of it.
extension BusinessCalendar {
    /// The name of a calendar that everybody has, else all that counts of it in one text.
    package var spelled: String {
        if let known = Self.named(name), known == self { return name }
        return table.spelled
    }

    /// The calendar that `spelled` describes; nil if it is none.
    ///
    /// It is asked for with every row, so those that were read last are kept.
    package static func spelled(_ text: String) -> BusinessCalendar? {
        if let known = named(text) { return known }
        return recent.withLock { recent in
            if let known = recent[text] { return known }
            guard let plan = Plan(spelled: text) else { return nil }
            if recent.count >= keptCalendars { recent.removeAll() }
            let calendar = BusinessCalendar(name: "", plan: plan)
            recent[text] = calendar
            return calendar
        }
    }

    /// More than the apps of one process have between them.
    private static let keptCalendars = 64
    private static let recent = Mutex<[String: BusinessCalendar]>([:])
}

extension BusinessCalendar.Plan {
    /// All but the known years: seven days, holidays, days worked instead, and days with hours of their own, each behind a `;`.
    package var spelled: String {
        var parts = week.map(Self.text)
        parts.append(holidays.sorted().map { String($0.daysSinceEpoch) }.joined(separator: " "))
        parts.append(makeUpDays.sorted().map { String($0.daysSinceEpoch) }.joined(separator: " "))
        parts.append(exceptions.sorted { $0.key < $1.key }.map { "\($0.key.daysSinceEpoch):\(Self.text($0.value))" }.joined(separator: " "))
        return parts.joined(separator: ";")
    }

    init?(spelled text: String) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        guard parts.count == 10 else { return nil }
        var week: [[Range<Int64>]] = []
        for part in parts[..<7] {
            guard let windows = Self.windows(part) else { return nil }
            week.append(windows)
        }
        self.init(week: week)
        for number in parts[7].split(separator: " ") {
            guard let day = Int64(number).flatMap(Day.init(exactly:)) else { return nil }
            holidays.insert(day)
        }
        for number in parts[8].split(separator: " ") {
            guard let day = Int64(number).flatMap(Day.init(exactly:)) else { return nil }
            makeUpDays.insert(day)
        }
        for exception in parts[9].split(separator: " ") {
            let halves = exception.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, let day = Int64(halves[0]).flatMap(Day.init(exactly:)), let windows = Self.windows(halves[1]) else { return nil }
            exceptions[day] = windows
        }
    }

    private static func text(_ windows: [Range<Int64>]) -> String {
        windows.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }

    private static func windows(_ text: Substring) -> [Range<Int64>]? {
        var windows: [Range<Int64>] = []
        for part in text.split(separator: ",") {
            let ends = part.split(separator: "-").compactMap { Int64($0) }
            guard ends.count == 2, ends[0] < ends[1], ends[0] >= windows.last?.upperBound ?? 0, ends[1] <= Microseconds.perDay else { return nil }
            windows.append(ends[0]..<ends[1])
        }
        return windows
    }
}
