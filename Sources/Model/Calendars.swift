import Definition
package import Formula
package import SourceText

extension AppChecker {
    /// Works out the app's own calendars, those they are like first.
    func checkCalendars() {
        var search = CalendarSearch(definitions: definition.calendars)
        calendars = definition.calendars.indices.compactMap { search.resolved($0, &report) }
    }

    func checkedCalendar(_ name: Located<String>) -> BusinessCalendar? {
        if let known = calendars.first(where: { $0.name == name.value }) ?? BusinessCalendar.named(name.value) { return known }
        // One that could not be read is not unknown.
        if !definition.calendars.contains(where: { $0.name.value == name.value }) {
            report.report(.unknownCalendar(name, known: definition.calendars.map(\.name.value) + BusinessCalendar.standard.map(\.name)))
        }
        return nil
    }

    var calendarsByName: [String: BusinessCalendar] { calendars.byName }
}

extension [BusinessCalendar] {
    fileprivate var byName: [String: BusinessCalendar] { Dictionary(map { ($0.name, $0) }) { first, _ in first } }
}

extension CheckedApp {
    /// Where and when the app's formulas are evaluated, at that instant.
    package func moment(at now: Instant, language: Language = .zh) -> Moment {
        Moment(now: now, zone: zone, language: language, calendar: calendar, calendars: calendars.isEmpty ? [:] : calendars.byName)
    }

    /// A warning that the calendar knows no holidays of the year it is, or of the one that has all but begun; nil if it does, or if no
    /// calendar was chosen.
    package func calendarWarning(at now: Instant) -> Diagnostic? {
        guard let span = calendarSpan else { return nil }
        let today = zone.day(of: now).components
        // The notice for a year is out before its first month.
        let years = today.month == 12 ? [today.year, today.year + 1] : [today.year]
        guard let missing = years.first(where: { !calendar.knows(year: $0) }) else { return nil }
        let isOwn = calendars.contains { $0.name == calendar.name }
        return ModelIssue.calendarWithoutData(Located(calendar.name, at: span), year: missing, isOwn: isOwn).diagnostic
    }
}

/// Looks up what calendars are like, those they are like first.
private struct CalendarSearch {
    let definitions: [CalendarDefinition]
    /// Nil for one that could not be read.
    private var done: [Int: BusinessCalendar?] = [:]
    private var way: [Int] = []

    init(definitions: [CalendarDefinition]) {
        self.definitions = definitions
    }

    mutating func resolved(_ index: Int, _ report: inout Diagnostics) -> BusinessCalendar? {
        if let known = done[index] { return known }
        let definition = definitions[index]
        var base: BusinessCalendar?
        var isRight = true
        if let like = definition.like {
            base = self.base(like, of: index, &report)
            isRight = base != nil
            // What it says itself is read all the same.
            base = base ?? .plain
        }
        if BusinessCalendar.named(definition.name.value) != nil {
            report.report(CalendarIssue.calendarTaken(definition.name))
            isRight = false
        }
        let plan = CalendarReading(definition, base: base?.plan, &report).plan
        let calendar = isRight ? plan.map { BusinessCalendar(name: definition.name.value, plan: $0) } : nil
        done[index] = .some(calendar)
        return calendar
    }

    private mutating func base(_ like: Located<String>, of index: Int, _ report: inout Diagnostics) -> BusinessCalendar? {
        if let standard = BusinessCalendar.named(like.value) { return standard }
        guard let other = definitions.firstIndex(where: { $0.name.value == like.value }) else {
            report.report(.unknownCalendar(like, known: definitions.map(\.name.value) + BusinessCalendar.standard.map(\.name)))
            return nil
        }
        if let start = way.firstIndex(of: other) ?? (other == index ? way.count : nil) {
            report.report(CalendarIssue.calendarCycle(through: like, then: (way[start...] + [index]).dropFirst().map { definitions[$0].name.value }))
            return nil
        }
        way.append(index)
        defer { way.removeLast() }
        return resolved(other, &report)
    }
}
