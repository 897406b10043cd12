extension RegisterCompiler {
    /// Code for a day, an instant or a length of time; blank in, blank out.
    mutating func time(_ node: ExpressionNode, into result: Int32) {
        if let time = node.constantTime { return code.emit(.loadConstant, result, code.constant(time)) }
        switch node.form {
        case .literal(.blank): code.emit(.loadBlank, result)
        case .variable(let slot):
            guard let name = names[slot] else { return timeStep(node, into: result) }
            code.emit(.copy, result, name)
        case .field(let field, of: .this):
            guard let load = node.type.load else { return timeStep(node, into: result) }
            code.emit(load, result, code.field(field))
        case .timeArithmetic(let operation, let left, let right): timeArithmetic(operation, left, right, node, into: result)
        case .literal, .field, .record, .follow, .bind, .arithmetic, .negate, .concatenate, .compare, .and, .or, .not, .isBlank, .isValid, .isObject, .oneOf,
            .member, .contains, .conditional, .coalesce, .ifError, .isError, .call, .aggregate, .convert:
            timeStep(node, into: result)
        }
    }

    private mutating func timeArithmetic(
        _ operation: TimeOperator, _ left: ExpressionNode, _ right: ExpressionNode, _ node: ExpressionNode, into result: Int32
    ) {
        switch operation {
        case .dateAddDays where right.type.isNumeric: moved(left, by: right, .plusDays, into: result)
        case .dateSubtractDays where right.type.isNumeric: moved(left, by: right, .minusDays, into: result)
        case .datetimeAddDuration: moved(left, by: right, .plusTime, into: result)
        case .datetimeSubtractDuration: moved(left, by: right, .minusTime, into: result)
        case .datetimeDifference: minus(left, right, into: result)
        case .dateAddDays, .dateSubtractDays, .dateDifference, .datetimeAddDays, .datetimeSubtractDays, .durationAdd, .durationSubtract,
            .durationMultiply, .durationDivide, .durationRatio:
            return timeStep(node, into: result)
        }
        native += 1
    }

    private mutating func moved(_ left: ExpressionNode, by right: ExpressionNode, _ operation: Instruction.Operation, into result: Int32) {
        time(left, into: result)
        let by = take()
        if right.type.isNumeric { number(right, into: by) } else { time(right, into: by) }
        code.emit(operation, result, result, by)
        free(by)
    }

    mutating func minus(_ left: ExpressionNode, _ right: ExpressionNode, into result: Int32) {
        time(left, into: result)
        let other = take()
        time(right, into: other)
        code.emit(.minus, result, result, other)
        free(other)
    }

    private mutating func timeStep(_ node: ExpressionNode, into result: Int32) {
        code.emit(.stepTime, result, code.step(step(node) { $0.value($1) }))
    }
}

extension FormulaType {
    /// How a field of this type comes into a register; nil for what does not.
    fileprivate var load: Instruction.Operation? {
        switch self {
        case .number, .money, .percent: .loadNumber
        case .date: .loadDay
        case .datetime: .loadInstant
        case .duration: .loadDuration
        case .text, .bool, .choice, .choices, .tags, .location, .link, .links, .list, .blank, .error: nil
        }
    }

    /// Whether it is a day, an instant or a length of time.
    var isTime: Bool {
        switch self {
        case .date, .datetime, .duration: true
        case .number, .money, .percent, .text, .bool, .choice, .choices, .tags, .location, .link, .links, .list, .blank, .error: false
        }
    }
}
