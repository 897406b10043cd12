/// Calls that count working days.
extension ExpressionChecker {
    /// Notes that the formula depends on the calendar, and warns of a date that is written out and lies in a year of which the calendar
    /// knows no holidays.
    mutating func noteCalendar(_ arguments: [ExpressionNode]) {
        reads.calendar = true
        var calendar = schema.calendar
        for case .literal(.text(let name)) in arguments.map(\.form) { calendar = self.calendar(named: name) ?? calendar }
        for argument in arguments {
            guard let day = constantDay(argument), !calendar.knows(year: day.year) else { continue }
            warnings.append(FormulaMistake(.yearWithoutData(day.year, calendar: calendar.name), at: argument.range))
        }
    }

    /// The calendars that a formula may name.
    var calendarNames: [String] { (schema.calendars + BusinessCalendar.standard).map(\.name) }

    private func calendar(named name: String) -> BusinessCalendar? {
        schema.calendars.first { $0.name == name } ?? BusinessCalendar.named(name)
    }

    private func constantDay(_ node: ExpressionNode) -> Day? {
        switch node.form {
        case .literal(.date(let day)): return day
        case .call(let id, let arguments) where id == FunctionCatalogue.find("date"):
            var numbers: [Int] = []
            for case .literal(.number(let number)) in arguments.map(\.form) { numbers.append(number.truncatedInt ?? 0) }
            guard numbers.count == 3 else { return nil }
            return Day(year: numbers[0], month: numbers[1], day: numbers[2])
        default: return nil
        }
    }
}
