import Definition
package import Formula
package import SourceText

extension AppChecker {
    func checkedCalendar(_ name: Located<String>) -> BusinessCalendar? {
        guard let known = BusinessCalendar.named(name.value) else {
            report.report(.unknownCalendar(name, known: BusinessCalendar.standard.map(\.name)))
            return nil
        }
        return known
    }
}

extension CheckedApp {
    /// Where and when the app's formulas are evaluated, at that instant.
    package func moment(at now: Instant, language: Language = .zh) -> Moment {
        Moment(now: now, zone: zone, language: language, calendar: calendar)
    }

    /// A warning that the calendar knows no holidays of the year it is, or of the one that has all but begun; nil if it does, or if no
    /// calendar was chosen.
    package func calendarWarning(at now: Instant) -> Diagnostic? {
        guard let span = calendarSpan else { return nil }
        let today = zone.day(of: now).components
        // The notice for a year is out before its first month.
        let years = today.month == 12 ? [today.year, today.year + 1] : [today.year]
        guard let missing = years.first(where: { !calendar.knows(year: $0) }) else { return nil }
        return ModelIssue.calendarWithoutData(Located(calendar.name, at: span), year: missing).diagnostic
    }
}
