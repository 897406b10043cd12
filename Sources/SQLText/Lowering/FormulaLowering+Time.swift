import Formula
import SourceText

extension FormulaLowering {
    mutating func time(_ operation: TimeOperator, _ left: ExpressionNode, _ right: ExpressionNode, _ type: FormulaType) throws(NotLowerable)
        -> Lowered
    {
        let left = try value(left), right = try value(right)
        let fails = anyFails(left.fails, right.fails)
        let depth = max(left.depth, right.depth) + 2
        switch operation {
        case .dateDifference:
            // Days of four-digit years: nothing overflows.
            return Lowered(
                "(\(left.value) - \(right.value))", .scaled(decimals: 0), fails: fails, digits: .init(whole: 7, decimals: 0), depth: depth)
        case .datetimeDifference:
            let value: SQLFragment =
                dialect == .postgres ? "fx_datetime_difference(\(left.value), \(right.value))" : "(\(left.value) - \(right.value))"
            return Lowered(value, .duration, fails: fails, depth: depth)
        case .dateAddDays, .dateSubtractDays, .datetimeAddDuration, .datetimeSubtractDuration, .datetimeAddDays, .datetimeSubtractDays, .durationAdd,
            .durationSubtract, .durationMultiply, .durationDivide, .durationRatio:
            var arguments = [decimal(left), decimal(right)]
            if operation.usesZone { arguments.append(zone) }
            let name = SQLiteFunctions.name(operation, rightIsDuration: right.form == .duration)
            return Lowered(
                .call(SQLFragment(stringLiteral: name), arguments), form(of: type),
                fails: anyFails(fails, failure(of: name, arguments, blanks: [left.value, right.value])), depth: depth)
        }
    }
}

extension TimeOperator {
    var usesZone: Bool {
        switch self {
        case .datetimeAddDays, .datetimeSubtractDays: true
        case .dateAddDays, .dateSubtractDays, .dateDifference, .datetimeAddDuration, .datetimeSubtractDuration, .datetimeDifference, .durationAdd,
            .durationSubtract, .durationMultiply, .durationDivide, .durationRatio:
            false
        }
    }
}
