extension Compiler {
    /// Whether the node is a number that is never blank, so that `number` compiles it without wrapping.
    func isPlainNumber(_ node: ExpressionNode) -> Bool {
        guard node.type.isNumeric else { return false }
        switch node.form {
        case .arithmetic: return true
        case .negate: return true
        case .literal(.number): return true
        case .convert(.blankAsZero, _): return true
        case .convert(.round, let operand): return !operand.mayBeBlank
        case .call(let id, _): return FunctionCatalogue[id].numeric != nil
        case .conditional, .bind: return !node.mayBeBlank
        case .literal, .field, .record, .follow, .variable, .timeArithmetic, .concatenate, .compare, .and, .or, .not, .isBlank, .isValid, .oneOf,
            .member, .isObject, .contains, .coalesce, .ifError, .isError, .aggregate, .convert:
            return false
        }
    }

    /// A number; a blank counts as 0.
    mutating func number(_ node: ExpressionNode) -> Step<ExactDecimal> {
        switch node.form {
        case .literal(.number(let number)):
            return { _, _ throws(Interruption) in number }
        case .arithmetic:
            return arithmetic(node)
        case .negate(let operand) where node.type.isNumeric:
            let step = number(operand)
            return { frame, machine throws(Interruption) in try step(frame, &machine).negated }
        case .convert(.blankAsZero, let operand) where node.type.isNumeric:
            return number(operand)
        case .convert(.round(let decimals), let operand):
            let step = number(operand)
            return { frame, machine throws(Interruption) in
                let number = try step(frame, &machine)
                return try Interruption.failing { () throws(FormulaFailure) in try number.rounded(decimals: decimals) }
            }
        case .call(let id, let arguments):
            guard let numeric = FunctionCatalogue[id].numeric else { return unwrapped(node) }
            return call(numeric, arguments)
        case .conditional(let branches, let otherwise) where !node.mayBeBlank:
            let otherwise = number(otherwise)
            let steps = branches.map { (condition($0.condition), number($0.value)) }
            if steps.count == 1 {
                let (condition, then) = steps[0]
                return { frame, machine throws(Interruption) in
                    try condition(frame, &machine) ? try then(frame, &machine) : try otherwise(frame, &machine)
                }
            }
            return { frame, machine throws(Interruption) in
                for (condition, then) in steps where try condition(frame, &machine) { return try then(frame, &machine) }
                return try otherwise(frame, &machine)
            }
        case .bind(let slot, let bound, let body) where !node.mayBeBlank:
            let bound = orFailure(bound)
            let body = number(body)
            return { frame, machine throws(Interruption) in
                let value = try bound(frame, &machine)
                if slot < machine.variables.count { machine.variables[slot] = value }
                return try body(frame, &machine)
            }
        case .literal, .field, .record, .follow, .variable, .bind, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not, .isBlank,
            .isValid, .oneOf, .member, .isObject, .contains, .conditional, .coalesce, .ifError, .isError, .aggregate, .convert:
            return unwrapped(node)
        }
    }

    /// A number or nil for blank.
    mutating func optionalNumber(_ node: ExpressionNode) -> Step<ExactDecimal?> {
        if isPlainNumber(node) {
            let step = number(node)
            return { frame, machine throws(Interruption) in try step(frame, &machine) }
        }
        if case .field(let field, .this) = node.form {
            let index = field.index
            return { frame, _ throws(Interruption) in
                guard let row = frame.this, index < row.values.count else { return nil }
                switch row.values[index] {
                case .number(let number): return number
                case .failure(let failure): throw .failure(failure)
                case .blank, .bool, .text, .date, .instant, .duration, .option, .options, .location, .link, .links, .list: return nil
                }
            }
        }
        let step = value(node)
        return { frame, machine throws(Interruption) in
            guard case .number(let number) = try step(frame, &machine) else { return nil }
            return number
        }
    }

    private mutating func unwrapped(_ node: ExpressionNode) -> Step<ExactDecimal> {
        let step = optionalNumber(node)
        return { frame, machine throws(Interruption) in try step(frame, &machine) ?? .zero }
    }

    private mutating func call(_ numeric: FunctionDefinition.Numeric, _ arguments: [ExpressionNode]) -> Step<ExactDecimal> {
        switch numeric {
        case .one(let function):
            let step = number(arguments[0])
            return { frame, machine throws(Interruption) in
                let number = try step(frame, &machine)
                return try Interruption.failing { () throws(FormulaFailure) in try function(number) }
            }
        case .two(let function, let standard):
            let left = number(arguments[0])
            guard arguments.count > 1 else {
                let standard = standard ?? .zero
                return { frame, machine throws(Interruption) in
                    let left = try left(frame, &machine)
                    return try Interruption.failing { () throws(FormulaFailure) in try function(left, standard) }
                }
            }
            let right = number(arguments[1])
            return { frame, machine throws(Interruption) in
                let left = try left(frame, &machine)
                let right = try right(frame, &machine)
                return try Interruption.failing { () throws(FormulaFailure) in try function(left, right) }
            }
        }
    }

    /// A chain `a + b - c …` is a loop and not a nest, so that long ones need no deep stack.
    private mutating func arithmetic(_ node: ExpressionNode) -> Step<ExactDecimal> {
        var operands: [(ArithmeticOperator, ExpressionNode)] = []
        var first = node
        while case .arithmetic(let operation, let left, let right) = first.form {
            operands.append((operation, right))
            first = left
        }
        let start = number(first)
        let steps = operands.reversed().map { ($0.0, number($0.1)) }
        if steps.count == 1 {
            let (operation, right) = steps[0]
            switch operation {
            case .add:
                return { frame, machine throws(Interruption) in
                    let left = try start(frame, &machine), right = try right(frame, &machine)
                    return try Interruption.failing { () throws(FormulaFailure) in try left.adding(right) }
                }
            case .multiply:
                return { frame, machine throws(Interruption) in
                    let left = try start(frame, &machine), right = try right(frame, &machine)
                    return try Interruption.failing { () throws(FormulaFailure) in try left.multiplied(by: right) }
                }
            case .subtract, .divide, .power:
                return { frame, machine throws(Interruption) in
                    let left = try start(frame, &machine), right = try right(frame, &machine)
                    return try Interruption.failing { () throws(FormulaFailure) in try operation.apply(left, right) }
                }
            }
        }
        return { frame, machine throws(Interruption) in
            var result = try start(frame, &machine)
            for (operation, right) in steps {
                let right = try right(frame, &machine)
                result = try Interruption.failing { () throws(FormulaFailure) in try operation.apply(result, right) }
            }
            return result
        }
    }
}

extension ArithmeticOperator {
    /// The result of two numbers; exact for `+ - *`.
    ///
    /// - Throws: `.overflow`, `.divisionByZero`; `.domain` with powers.
    package func apply(_ left: ExactDecimal, _ right: ExactDecimal) throws(FormulaFailure) -> ExactDecimal {
        switch self {
        case .add: try left.adding(right)
        case .subtract: try left.subtracting(right)
        case .multiply: try left.multiplied(by: right)
        case .divide: try left.divided(by: right)
        case .power: try PowerFunctions.raise(left, to: right)
        }
    }
}
