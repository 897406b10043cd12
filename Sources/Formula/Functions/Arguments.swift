/// The arguments of a call, each by its position and kind. A blank number is 0, a blank text is empty.
struct Arguments {
    let values: [Value]
    let moment: Moment

    var count: Int { values.count }

    func number(_ position: Int, else standard: ExactDecimal = .zero) throws(FormulaFailure) -> ExactDecimal {
        guard position < values.count else { return standard }
        switch values[position] {
        case .number(let number): return number
        case .blank: return .zero
        default: throw FormulaFailure(.domain)
        }
    }

    /// A whole number, decimals cut off.
    func whole(_ position: Int, else standard: Int = 0) throws(FormulaFailure) -> Int {
        guard position < values.count else { return standard }
        guard let whole = try number(position).truncatedInt else { throw FormulaFailure(.domain) }
        return whole
    }

    func text(_ position: Int) throws(FormulaFailure) -> String {
        guard position < values.count else { return "" }
        switch values[position] {
        case .text(let text): return text
        case .option(let key): return key
        case .blank: return ""
        default: throw FormulaFailure(.domain)
        }
    }

    func bool(_ position: Int) throws(FormulaFailure) -> Bool {
        switch values[position] {
        case .bool(let bool): return bool
        case .blank: return false
        default: throw FormulaFailure(.domain)
        }
    }

    /// A date, or the day of a datetime in the app's zone.
    func day(_ position: Int) throws(FormulaFailure) -> Day {
        switch values[position] {
        case .date(let day): return day
        case .instant(let instant): return moment.zone.day(of: instant)
        default: throw FormulaFailure(.domain)
        }
    }

    /// A datetime's wall clock in the app's zone; a date's midnight.
    func wallClock(_ position: Int) throws(FormulaFailure) -> WallClock {
        switch values[position] {
        case .date(let day): return WallClock(day: day, microseconds: 0)
        case .instant(let instant): return moment.zone.wallClock(instant)
        default: throw FormulaFailure(.domain)
        }
    }

    /// What stands in a list, blanks included; a plain value is a list of one.
    ///
    /// - Throws: The failure of an item.
    func list(_ position: Int) throws(FormulaFailure) -> [Value] {
        guard position < values.count else { return [] }
        let items = values[position].leaves
        for case .failure(let failure) in items { throw failure }
        return items
    }

    /// The numbers of this argument and of those behind it; blanks are skipped.
    func numbers(from position: Int) throws(FormulaFailure) -> [ExactDecimal] {
        var numbers: [ExactDecimal] = []
        for index in values.indices.dropFirst(position) { numbers += try self.numbers(at: index) }
        return numbers
    }

    /// The numbers of a list; blanks are skipped.
    func numbers(at position: Int) throws(FormulaFailure) -> [ExactDecimal] {
        var numbers: [ExactDecimal] = []
        for item in try list(position) {
            switch item {
            case .number(let number): numbers.append(number)
            case .blank: continue
            default: throw FormulaFailure(.domain)
            }
        }
        return numbers
    }

    func location(_ position: Int) throws(FormulaFailure) -> Location {
        guard case .location(let location) = values[position] else { throw FormulaFailure(.domain) }
        return location
    }

    func duration(_ position: Int) throws(FormulaFailure) -> TimeSpan {
        guard case .duration(let span) = values[position] else { throw FormulaFailure(.domain) }
        return span
    }
}

extension FunctionDefinition.Parameter {
    static func number(_ name: String, _ presence: Presence = .required) -> Self { Self(name, .number, presence) }
    static func text(_ name: String, _ presence: Presence = .required) -> Self { Self(name, .text, presence) }
    static func date(_ name: String) -> Self { Self(name, .date) }
    static func datetime(_ name: String) -> Self { Self(name, .datetime) }
    static func bool(_ name: String) -> Self { Self(name, .bool) }
    static func location(_ name: String) -> Self { Self(name, .location) }
    static func numbers(_ name: String, _ presence: Presence = .required) -> Self { Self(name, .numbers, presence) }
    static func dates(_ name: String, _ presence: Presence = .required) -> Self { Self(name, .dates, presence) }
    static func texts(_ name: String, _ presence: Presence = .required) -> Self { Self(name, .texts, presence) }
}

extension FunctionDefinition.Result {
    static let number = FunctionDefinition.Result.type(.number)
    static let text = FunctionDefinition.Result.type(.text(.plain))
    static let bool = FunctionDefinition.Result.type(.bool)
    static let date = FunctionDefinition.Result.type(.date)
    static let datetime = FunctionDefinition.Result.type(.datetime)
    static let duration = FunctionDefinition.Result.type(.duration)
}

extension Value {
    static func whole(_ number: Int) -> Value { .number(ExactDecimal(number)) }

    /// - Throws: `.badDate` for nil.
    static func date(orFailure day: Day?) throws(FormulaFailure) -> Value {
        guard let day else { throw FormulaFailure(.badDate) }
        return .date(day)
    }

    /// - Throws: `.badDate` outside the years 1…9999.
    static func instant(checked instant: Instant) throws(FormulaFailure) -> Value {
        guard instant >= .first, instant <= .last else { throw FormulaFailure(.badDate) }
        return .instant(instant)
    }
}
