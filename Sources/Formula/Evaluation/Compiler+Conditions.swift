extension Compiler {
    /// Whether the node is a truth that is never blank, so that `condition` compiles it without wrapping.
    func isPlainCondition(_ node: ExpressionNode) -> Bool {
        switch node.form {
        case .compare, .and, .or, .not, .isBlank, .isValid, .oneOf, .member, .isObject, .contains, .isError, .literal(.bool): true
        case .convert(.blankAsFalse, _): true
        case .literal, .field, .record, .follow, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .conditional, .coalesce,
            .ifError, .call, .aggregate, .convert:
            false
        }
    }

    /// A condition; a blank counts as false.
    mutating func condition(_ node: ExpressionNode) -> Step<Bool> {
        switch node.form {
        case .literal(.bool(let bool)):
            return { _, _ throws(Interruption) in bool }
        case .convert(.blankAsFalse, let operand):
            return condition(operand)
        case .compare(let operation, let left, let right):
            return compare(operation, left, right)
        case .and(let operands):
            // From the left, and no further than needed: `x <> 0 and 1 / x > 2` is safe.
            let steps = operands.map { condition($0) }
            if steps.count == 2 {
                let (left, right) = (steps[0], steps[1])
                return { frame, machine throws(Interruption) in
                    guard try left(frame, &machine) else { return false }
                    return try right(frame, &machine)
                }
            }
            return { frame, machine throws(Interruption) in
                for step in steps where try !step(frame, &machine) { return false }
                return true
            }
        case .or(let operands):
            let steps = operands.map { condition($0) }
            return { frame, machine throws(Interruption) in
                for step in steps where try step(frame, &machine) { return true }
                return false
            }
        case .not(let operand):
            let step = condition(operand)
            return { frame, machine throws(Interruption) in try !step(frame, &machine) }
        case .isBlank(let operand):
            let step = value(operand)
            return { frame, machine throws(Interruption) in try step(frame, &machine).isBlank }
        case .isValid(let operand, let kind):
            let step = value(operand)
            return { frame, machine throws(Interruption) in
                guard case .text(let text) = try step(frame, &machine) else { return false }
                return TextValidity.isValid(text, as: kind)
            }
        case .isObject(let link, let object):
            let step = value(link)
            return { frame, machine throws(Interruption) in
                guard case .link(let id) = try step(frame, &machine) else { return false }
                return id.object == object
            }
        case .oneOf(let needle, let others):
            let needle = value(needle)
            let steps = others.map { value($0) }
            return { frame, machine throws(Interruption) in
                let needle = try needle(frame, &machine)
                for step in steps where ValueOrder.areEqual(needle, try step(frame, &machine)) { return true }
                return false
            }
        case .member(let needle, let set):
            let needle = value(needle)
            let set = value(set)
            return { frame, machine throws(Interruption) in
                ValueOrder.isMember(try needle(frame, &machine), of: try set(frame, &machine))
            }
        case .contains(let text, let part):
            let text = value(text)
            let part = value(part)
            return { frame, machine throws(Interruption) in
                ExactText.contains(ValueOrder.text(try text(frame, &machine)), ValueOrder.text(try part(frame, &machine)))
            }
        case .isError(let operand):
            let step = value(operand)
            return { frame, machine throws(Interruption) in
                do throws(Interruption) {
                    _ = try step(frame, &machine)
                    return false
                } catch {
                    guard case .failure = error else { throw error }
                    return true
                }
            }
        case .literal, .field, .record, .follow, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .conditional, .coalesce,
            .ifError, .call, .aggregate, .convert:
            let step = value(node)
            return { frame, machine throws(Interruption) in
                guard case .bool(let bool) = try step(frame, &machine) else { return false }
                return bool
            }
        }
    }

    private mutating func compare(_ operation: ComparisonOperator, _ left: ExpressionNode, _ right: ExpressionNode) -> Step<Bool> {
        if left.type.isNumeric, right.type.isNumeric {
            let left = optionalNumber(left)
            if case .literal(.number(let number)) = right.form {
                return { frame, machine throws(Interruption) in
                    guard let left = try left(frame, &machine) else { return operation == .notEqual }
                    return operation.holds(left.compared(to: number))
                }
            }
            let right = optionalNumber(right)
            return { frame, machine throws(Interruption) in
                let left = try left(frame, &machine)
                let right = try right(frame, &machine)
                guard let left, let right else { return operation.holdsForBlank(bothBlank: left == nil && right == nil) }
                return operation.holds(left.compared(to: right))
            }
        }
        let order = ValueOrder(left.type, right.type)
        let left = value(left)
        let right = value(right)
        switch operation {
        case .equal:
            return { frame, machine throws(Interruption) in
                let left = try left(frame, &machine)
                return ValueOrder.areEqual(left, try right(frame, &machine))
            }
        case .notEqual:
            return { frame, machine throws(Interruption) in
                let left = try left(frame, &machine)
                return !ValueOrder.areEqual(left, try right(frame, &machine))
            }
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            return { frame, machine throws(Interruption) in
                let left = try left(frame, &machine)
                let right = try right(frame, &machine)
                guard let comparison = order.compare(left, right) else { return false }
                return operation.holds(comparison)
            }
        }
    }
}

extension ComparisonOperator {
    /// Whether it holds for the sign of left minus right.
    @inline(__always)
    package func holds(_ comparison: Int) -> Bool {
        switch self {
        case .equal: comparison == 0
        case .notEqual: comparison != 0
        case .less: comparison < 0
        case .lessOrEqual: comparison <= 0
        case .greater: comparison > 0
        case .greaterOrEqual: comparison >= 0
        }
    }

    /// Rule 5 of blanks: only `=` and `<>` can hold.
    func holdsForBlank(bothBlank: Bool) -> Bool {
        switch self {
        case .equal: bothBlank
        case .notEqual: !bothBlank
        case .less, .lessOrEqual, .greater, .greaterOrEqual: false
        }
    }
}
