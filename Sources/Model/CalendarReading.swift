import Definition
import Formula
import SourceText

/// Reads the days and hours of one calendar on top of the one that it is like.
struct CalendarReading {
    /// Nil, and reported, if something in it could not be read.
    private(set) var plan: BusinessCalendar.Plan?

    /// More days than anybody writes one by one: a hundred years of holidays.
    private static let maximumDays = 5_000
    private static let closed: Set<String> = ["off", "休", "no", "false"]

    init(_ definition: CalendarDefinition, base: BusinessCalendar.Plan?, _ report: inout Diagnostics) {
        var plan = base ?? BusinessCalendar.Plan(week: Array(repeating: [], count: 7))
        var found = Diagnostics()
        var told: Set<Int> = []
        for entry in definition.week {
            guard let days = Self.weekdays(entry.days, &found), let windows = Self.windows(entry, &found) else { continue }
            for day in days where !told.insert(day).inserted {
                found.report(CalendarIssue.weekdayTwice(entry.days, CalendarDefinition.weekdays[day][0]))
                break
            }
            for day in days { plan.week[day] = windows }
        }
        var seen: Set<Day> = []
        func days(_ texts: [Located<String>]) -> [Day] {
            texts.flatMap { text -> [Day] in
                guard let run = Self.days(text, &found) else { return [] }
                if let twice = run.first(where: { !seen.insert($0).inserted }) { found.report(CalendarIssue.calendarDayTwice(text, twice.description)) }
                return run
            }
        }
        let holidays = days(definition.holidays)
        let workdays = days(definition.workdays)
        var exceptions: [Day: [Range<Int64>]] = [:]
        for entry in definition.exceptions {
            let run = days([entry.days])
            guard let windows = Self.windows(entry, &found) else { continue }
            for day in run { exceptions[day] = windows }
        }
        // What is said here of a day stands in place of what the other calendar says of it.
        for day in holidays + workdays + Array(exceptions.keys) {
            plan.holidays.remove(day)
            plan.makeUpDays.remove(day)
            plan.exceptions[day] = nil
        }
        plan.holidays.formUnion(holidays)
        plan.makeUpDays.formUnion(workdays)
        plan.exceptions.merge(exceptions) { $1 }
        if let years = definition.years {
            plan.knownYears = Self.years(years, &found) ?? plan.knownYears
        } else if base == nil, let first = holidays.min(), let last = holidays.max() {
            plan.knownYears = first.year...last.year
        }
        if !found.hasErrors, plan.week.allSatisfy(\.isEmpty) { found.report(CalendarIssue.neverWorked(definition.name)) }
        self.plan = found.hasErrors ? nil : plan
        for diagnostic in found.found { report.report(diagnostic) }
    }

    /// `mon`, `mon-fri`, `周一至周五`; by position, Monday first. A range may lead over the end of the week.
    private static func weekdays(_ text: Located<String>, _ report: inout Diagnostics) -> [Int]? {
        let parts = halves(text.value, ["-", "–", "至"])
        var ends: [Int] = []
        for part in parts {
            guard let day = CalendarDefinition.weekdays.firstIndex(where: { $0.contains(part.lowercased()) }) else {
                report.report(CalendarIssue.unknownWeekday(text, part))
                return nil
            }
            ends.append(day)
        }
        guard let first = ends.first, let last = ends.last else { return nil }
        return first <= last ? Array(first...last) : Array(first...6) + Array(0...last)
    }

    /// Windows in order and apart; none for `off`.
    private static func windows(_ entry: CalendarDefinition.Hours, _ report: inout Diagnostics) -> [Range<Int64>]? {
        if entry.windows.count == 1, closed.contains(entry.windows[0].value.lowercased()) { return [] }
        var windows: [Range<Int64>] = []
        for text in entry.windows {
            let ends = halves(text.value, ["-", "–", "至"]).map(time)
            guard ends.count == 2, let start = ends[0], let end = ends[1] else {
                report.report(CalendarIssue.badHours(text, .unreadable))
                return nil
            }
            guard start < end else {
                report.report(CalendarIssue.badHours(text, .backwards))
                return nil
            }
            guard start >= windows.last?.upperBound ?? 0 else {
                report.report(CalendarIssue.badHours(text, .overlapping))
                return nil
            }
            windows.append(start..<end)
        }
        return windows
    }

    /// `9:00` to `24:00`, in microseconds since midnight.
    private static func time(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hours = Int64(parts[0]), let minutes = Int64(parts[1]), minutes < 60, hours * 60 + minutes <= 24 * 60
        else { return nil }
        return hours * Microseconds.perHour + minutes * Microseconds.perMinute
    }

    /// `2026-10-01`, or `2026-10-01..2026-10-07`.
    private static func days(_ text: Located<String>, _ report: inout Diagnostics) -> [Day]? {
        let ends = halves(text.value, [".."]).map { Day($0) }
        guard let first = ends[0], let last = ends[ends.count - 1], first <= last, last.daysSinceEpoch - first.daysSinceEpoch < maximumDays else {
            report.report(CalendarIssue.badCalendarDay(text))
            return nil
        }
        return (first.daysSinceEpoch...last.daysSinceEpoch).map(Day.init(daysSinceEpoch:))
    }

    /// `2026`, or `2025-2027`.
    private static func years(_ text: Located<String>, _ report: inout Diagnostics) -> ClosedRange<Int>? {
        let ends = halves(text.value, ["-", "..", "–"]).map { $0.count == 4 ? Int($0) : nil }
        guard let first = ends[0], let last = ends[ends.count - 1], first <= last, first > 0 else {
            report.report(CalendarIssue.badYears(text))
            return nil
        }
        return first...last
    }

    /// What stands before and behind the separator, or all of it; trimmed.
    private static func halves(_ text: String, _ separators: [String]) -> [String] {
        let found = separators.compactMap { text.firstRange(of: $0) }.first
        let parts = found.map { [text[..<$0.lowerBound], text[$0.upperBound...]] } ?? [text[...]]
        return parts.map { part in
            var rest = part.drop { $0 == " " }
            while rest.last == " " { rest.removeLast() }
            return String(rest)
        }
    }
}
