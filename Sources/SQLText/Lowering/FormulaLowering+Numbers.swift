import Formula
import SourceText

extension FormulaLowering {
    /// A number as `fx_` functions take it; other values as they are.
    func decimal(_ lowered: Lowered) -> SQLFragment {
        if dialect == .postgres {
            if case .scaled = lowered.form { return "(\(lowered.value))::numeric" }
            return lowered.value
        }
        guard case .scaled(let decimals) = lowered.form, decimals > 0 else { return lowered.value }
        return "fx_unscale(\(lowered.value), \(bound: .integer(Int64(decimals))))"
    }

    /// Exact arithmetic through registered functions: an overflow must not become a binary number, as with SQLite's own `+`.
    mutating func arithmetic(_ node: ExpressionNode) throws(NotLowerable) -> Lowered {
        if case .negate(let operand) = node.form {
            let lowered = try value(operand)
            if lowered.form == .duration {
                // The range of durations has one more negative number.
                let fails = failure(of: "fx_duration_negate", [lowered.value], blanks: [lowered.value])
                return Lowered("fx_duration_negate(\(lowered.value))", .duration, fails: anyFails(lowered.fails, fails), depth: lowered.depth + 2)
            }
            return Lowered(
                dialect == .postgres ? "(- \(decimal(lowered)))" : "fx_negate(\(decimal(lowered)))", .decimal, fails: lowered.fails, digits: lowered.digits, depth: lowered.depth + 2)
        }
        var operands: [(ArithmeticOperator, ExpressionNode)] = []
        var first = node
        while case .arithmetic(let operation, let left, let right) = first.form {
            operands.append((operation, right))
            first = left
        }
        var result = try value(first)
        for (operation, right) in operands.reversed() {
            let right = try value(right)
            let left = decimal(result), other = decimal(right)
            let arguments = [left, other]
            let digits = self.digits(operation, result, right)
            let fits = digits.map(\.fits) == true
            let fails: SQLFragment? = fits ? nil : failure(of: SQLiteFunctions.name(operation), arguments)
            let call: SQLFragment = .call(SQLFragment(stringLiteral: SQLiteFunctions.name(operation)), arguments)
            result = try checked(
                Lowered(
                    fits ? native(operation, result, right) ?? call : call, .decimal, fails: anyFails(result.fails, right.fails, fails),
                    digits: digits, depth: max(result.depth, right.depth) + 2), node.range)
        }
        return result
    }

    /// The database's own operator, where it is exact.
    private func native(_ operation: ArithmeticOperator, _ left: Lowered, _ right: Lowered) -> SQLFragment? {
        guard dialect == .postgres else { return nil }
        switch operation {
        case .add: return "(\(decimal(left)) + \(decimal(right)))"
        case .subtract: return "(\(decimal(left)) - \(decimal(right)))"
        case .multiply:
            guard let mine = left.digits, let theirs = right.digits, mine.decimals + theirs.decimals <= ExactDecimal.maximumScale else { return nil }
            return "(\(decimal(left)) * \(decimal(right)))"
        case .divide, .power: return nil
        }
    }

    /// How many digits a result can have; nil where it can fail in another way or this is not known.
    private func digits(_ operation: ArithmeticOperator, _ left: Lowered, _ right: Lowered) -> Lowered.Digits? {
        guard let mine = left.digits, let theirs = right.digits else { return nil }
        switch operation {
        case .add, .subtract:
            return Lowered.Digits(whole: max(mine.whole, theirs.whole) + 1, decimals: max(mine.decimals, theirs.decimals))
        case .multiply:
            // Rounding at 20 decimals may carry.
            return Lowered.Digits(whole: mine.whole + theirs.whole + 1, decimals: min(mine.decimals + theirs.decimals, ExactDecimal.maximumScale))
        case .divide:
            guard case .number(let divisor) = right.constant, !divisor.isZero else { return nil }
            return Lowered.Digits(whole: mine.whole + Int(divisor.scale) + 1, decimals: ExactDecimal.maximumScale)
        case .power:
            return nil
        }
    }

    // MARK: Comparing

    /// `decimals` is of the column on the left, whose index a plain comparison uses.
    func compareScaled(
        _ operation: ComparisonOperator, _ column: Lowered, decimals: Int, with number: ExactDecimal
    ) -> LoweredCondition {
        let depth = column.depth + 1
        guard let shifted = try? number.multiplied(by: ExactDecimal(scaled: 1, decimals: 0).shifted(decimals)) else {
            return beyond(operation, column, isAbove: !number.isNegative)
        }
        let floor = shifted.floor
        guard let bound = floor.scaled(decimals: 0), floor.isWhole else {
            return beyond(operation, column, isAbove: !number.isNegative)
        }
        let mark = SQLFragment(bound: .integer(bound))
        let value = column.value
        guard shifted.isWhole else {
            // Between two values of the column.
            switch operation {
            case .equal: return failing(.constant(false), column)
            case .notEqual: return failing(.constant(true), column)
            case .less, .lessOrEqual: return LoweredCondition("\(value) <= \(mark)", isTwoValued: false, fails: column.fails, depth: depth)
            case .greater, .greaterOrEqual: return LoweredCondition("\(value) > \(mark)", isTwoValued: false, fails: column.fails, depth: depth)
            }
        }
        switch operation {
        case .equal: return LoweredCondition("\(value) = \(mark)", isTwoValued: false, fails: column.fails, depth: depth)
        case .notEqual: return LoweredCondition("\(value) \(different) \(mark)", isTwoValued: true, fails: column.fails, depth: depth)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            return LoweredCondition("\(value) \(operation.symbol) \(mark)", isTwoValued: false, fails: column.fails, depth: depth)
        }
    }

    /// Against a number that no column can hold.
    private func beyond(_ operation: ComparisonOperator, _ column: Lowered, isAbove: Bool) -> LoweredCondition {
        let holds: Bool
        switch operation {
        case .equal: return failing(.constant(false), column)
        case .notEqual: return failing(.constant(true), column)
        case .less, .lessOrEqual: holds = isAbove
        case .greater, .greaterOrEqual: holds = !isAbove
        }
        guard holds else { return failing(.constant(false), column) }
        return LoweredCondition("\(column.value) IS NOT NULL", isTwoValued: true, fails: column.fails, depth: column.depth + 1)
    }

    private func failing(_ condition: LoweredCondition, _ column: Lowered) -> LoweredCondition {
        LoweredCondition(condition.holds, isTwoValued: condition.isTwoValued, fails: column.fails, depth: condition.depth)
    }

    func compareNumbers(_ operation: ComparisonOperator, _ left: Lowered, _ right: Lowered, leftMayBeBlank: Bool, rightMayBeBlank: Bool)
        -> LoweredCondition
    {
        if dialect == .postgres {
            return plain(
                operation, left, right, fails: anyFails(left.fails, right.fails), bothMayBeBlank: leftMayBeBlank && rightMayBeBlank)
        }
        if case .scaled(let decimals) = left.form, case .number(let number) = right.constant {
            return compareScaled(operation, left, decimals: decimals, with: number)
        }
        if case .scaled(let decimals) = right.form, case .number(let number) = left.constant {
            return compareScaled(operation.turned, right, decimals: decimals, with: number)
        }
        let fails = anyFails(left.fails, right.fails)
        let depth = max(left.depth, right.depth) + 2
        if case .scaled(let mine) = left.form, case .scaled(let theirs) = right.form, mine == theirs {
            return plain(operation, left, right, fails: fails, bothMayBeBlank: leftMayBeBlank && rightMayBeBlank)
        }
        switch operation {
        case .equal: return LoweredCondition("fx_same(\(decimal(left)), \(decimal(right)))", isTwoValued: true, fails: fails, depth: depth)
        case .notEqual: return LoweredCondition("NOT fx_same(\(decimal(left)), \(decimal(right)))", isTwoValued: true, fails: fails, depth: depth)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            return LoweredCondition(
                "fx_compare(\(decimal(left)), \(decimal(right))) \(operation.symbol) 0", isTwoValued: false, fails: fails, depth: depth)
        }
    }

    /// Where the database's own operators mean the same.
    func plain(
        _ operation: ComparisonOperator, _ left: Lowered, _ right: Lowered, fails: SQLFragment?, bothMayBeBlank: Bool
    ) -> LoweredCondition {
        let depth = max(left.depth, right.depth) + 1
        switch operation {
        case .equal:
            return bothMayBeBlank
                ? LoweredCondition("\(left.value) \(same) \(right.value)", isTwoValued: true, fails: fails, depth: depth)
                : LoweredCondition("\(left.value) = \(right.value)", isTwoValued: false, fails: fails, depth: depth)
        case .notEqual:
            return LoweredCondition("\(left.value) \(different) \(right.value)", isTwoValued: true, fails: fails, depth: depth)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            // The order of code points, whatever the database's own is.
            let order: SQLFragment = dialect == .postgres && left.form == .text ? " COLLATE \(Identifier("C"))" : ""
            return LoweredCondition("\(left.value)\(order) \(operation.symbol) \(right.value)", isTwoValued: false, fails: fails, depth: depth)
        }
    }
}

extension ComparisonOperator {
    var symbol: SQLFragment {
        switch self {
        case .equal: "="
        case .notEqual: "<>"
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        }
    }

    /// The same comparison with the sides exchanged.
    var turned: ComparisonOperator {
        switch self {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}

extension ExactDecimal {
    /// Ten to the power of `places` times this; `places` is 0…20.
    func shifted(_ places: Int) -> ExactDecimal {
        var result = self
        for _ in 0..<places { result = (try? result.multiplied(by: ExactDecimal(10))) ?? result }
        return result
    }
}
