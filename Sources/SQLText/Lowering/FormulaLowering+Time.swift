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
            return Lowered("(\(left.value) - \(right.value))", .duration, fails: fails, depth: depth)
        case .dateAddDays, .dateSubtractDays, .datetimeAddDuration, .datetimeSubtractDuration, .datetimeAddDays, .datetimeSubtractDays, .durationAdd,
            .durationSubtract, .durationMultiply, .durationDivide, .durationRatio:
            var arguments = [decimal(left), decimal(right)]
            if operation.usesZone { arguments.append(zone) }
            return Lowered(
                .call(SQLiteFunctions.name(operation, rightIsDuration: right.form == .duration), arguments), form(of: type),
                fails: anyFails(fails, .call(SQLiteFunctions.failingName(operation, rightIsDuration: right.form == .duration), arguments)),
                depth: depth)
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
