extension Compiler {
    /// Dates, datetimes and durations; blank in, blank out.
    mutating func time(_ operation: TimeOperator, _ left: ExpressionNode, _ right: ExpressionNode) -> Step<Value> {
        let left = value(left)
        let right = value(right)
        return { frame, machine throws(Interruption) in
            let left = try left(frame, &machine)
            let right = try right(frame, &machine)
            if left.isBlank || right.isBlank { return .blank }
            return try Interruption.failing { () throws(FormulaFailure) in try operation.apply(left, right, zone: frame.moment.zone) }
        }
    }

    /// `-duration`; a blank stays one.
    mutating func negatedDuration(_ operand: ExpressionNode) -> Step<Value> {
        let step = value(operand)
        return { frame, machine throws(Interruption) in
            switch try step(frame, &machine) {
            case .blank: return .blank
            case .number(let number): return .number(number.negated)
            case .duration(let span):
                let (negated, overflow) = (0 as Int64).subtractingReportingOverflow(span.microseconds)
                guard !overflow else { throw .failure(FormulaFailure(.overflow)) }
                return .duration(TimeSpan(microseconds: negated))
            case .bool, .text, .date, .instant, .option, .options, .location, .link, .links, .list, .failure: throw .failure(FormulaFailure(.domain))
            }
        }
    }
}

extension TimeOperator {
    /// Neither side is blank.
    ///
    /// - Throws: `.badDate` outside the years 1…9999; `.overflow` with durations; `.divisionByZero`.
    package func apply(_ left: Value, _ right: Value, zone: Zone) throws(FormulaFailure) -> Value {
        switch self {
        case .dateAddDays: return try .date(orFailure: Self.day(left, plus: try Self.days(right)))
        case .dateSubtractDays: return try .date(orFailure: Self.day(left, plus: -(try Self.days(right))))
        case .dateDifference:
            guard case .date(let left) = left, case .date(let right) = right else { throw FormulaFailure(.domain) }
            return .number(ExactDecimal(Int(left.daysSinceEpoch) - Int(right.daysSinceEpoch)))
        case .datetimeAddDuration: return try Self.shift(left, by: right, sign: 1)
        case .datetimeSubtractDuration: return try Self.shift(left, by: right, sign: -1)
        case .datetimeAddDays: return try Self.moveDays(left, by: try Self.days(right), in: zone)
        case .datetimeSubtractDays: return try Self.moveDays(left, by: -(try Self.days(right)), in: zone)
        case .datetimeDifference:
            guard case .instant(let left) = left, case .instant(let right) = right else { throw FormulaFailure(.domain) }
            return try Self.duration(left.microseconds.subtractingReportingOverflow(right.microseconds))
        case .durationAdd:
            return try Self.duration(try Self.span(left).addingReportingOverflow(try Self.span(right)))
        case .durationSubtract:
            return try Self.duration(try Self.span(left).subtractingReportingOverflow(try Self.span(right)))
        case .durationMultiply:
            guard case .number(let factor) = right else { throw FormulaFailure(.domain) }
            return try Self.duration(try ExactDecimal(try Self.span(left)).multiplied(by: factor))
        case .durationDivide:
            guard case .number(let divisor) = right else { throw FormulaFailure(.domain) }
            return try Self.duration(try ExactDecimal(try Self.span(left)).divided(by: divisor))
        case .durationRatio:
            return .number(try ExactDecimal(try Self.span(left)).divided(by: ExactDecimal(try Self.span(right))))
        }
    }

    private static func span(_ value: Value) throws(FormulaFailure) -> Int64 {
        guard case .duration(let span) = value else { throw FormulaFailure(.domain) }
        return span.microseconds
    }

    private static func duration(_ result: (partialValue: Int64, overflow: Bool)) throws(FormulaFailure) -> Value {
        guard !result.overflow else { throw FormulaFailure(.overflow) }
        return .duration(TimeSpan(microseconds: result.partialValue))
    }

    private static func duration(_ microseconds: ExactDecimal) throws(FormulaFailure) -> Value {
        guard let whole = microseconds.scaled(decimals: 0) else { throw FormulaFailure(.overflow) }
        return .duration(TimeSpan(microseconds: whole))
    }

    /// A number of days, decimals cut off, or a duration of whole days. Clamped to what leads out of any calendar.
    private static func days(_ value: Value) throws(FormulaFailure) -> Int {
        switch value {
        case .number(let number):
            guard let days = number.truncatedInt, days.magnitude <= 10_000_000 else { throw FormulaFailure(.badDate) }
            return days
        case .duration(let span):
            guard span.microseconds % Microseconds.perDay == 0 else { throw FormulaFailure(.domain) }
            return Int(span.microseconds / Microseconds.perDay)
        case .blank, .bool, .text, .date, .instant, .option, .options, .location, .link, .links, .list, .failure: throw FormulaFailure(.domain)
        }
    }

    private static func day(_ value: Value, plus days: Int) throws(FormulaFailure) -> Day? {
        guard case .date(let day) = value else { throw FormulaFailure(.domain) }
        return day.adding(days: days)
    }

    private static func shift(_ value: Value, by span: Value, sign: Int64) throws(FormulaFailure) -> Value {
        guard case .instant(let instant) = value, case .duration(let span) = span else { throw FormulaFailure(.domain) }
        let (signed, overflow) = span.microseconds.multipliedReportingOverflow(by: sign)
        guard !overflow, let sum = instant.adding(TimeSpan(microseconds: signed)) else { throw FormulaFailure(.badDate) }
        return .instant(sum)
    }

    private static func moveDays(_ value: Value, by days: Int, in zone: Zone) throws(FormulaFailure) -> Value {
        guard case .instant(let instant) = value else { throw FormulaFailure(.domain) }
        var wall = zone.wallClock(instant)
        guard let day = wall.day.adding(days: days) else { throw FormulaFailure(.badDate) }
        wall.day = day
        return try .instant(checked: zone.instant(wall))
    }
}
