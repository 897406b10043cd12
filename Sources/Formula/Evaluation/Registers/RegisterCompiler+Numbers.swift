extension RegisterCompiler {
    /// Code for a number, which stays blank where it is blank.
    mutating func number(_ node: ExpressionNode, into result: Int32) {
        if let number = node.constantNumber { return code.emit(.loadConstant, result, code.constant(number)) }
        switch node.form {
        case .literal(.blank): code.emit(.loadBlank, result)
        case .field(let field, of: .this):
            code.emit(.loadNumber, result, code.field(field))
        case .variable(let slot):
            guard let name = names[slot] else { return numberStep(node, into: result) }
            code.emit(.copy, result, name)
        case .convert(.blankAsZero, let operand): plainNumber(operand, into: result)
        case .convert(.round(let decimals), let operand) where (0...ExactDecimal.maximumScale).contains(decimals):
            if operand.mayBeBlank { number(operand, into: result) } else { plainNumber(operand, into: result) }
            code.emit(.round, result, Int32(decimals))
            native += 1
        case .negate(let operand):
            plainNumber(operand, into: result)
            code.emit(.negate, result)
        case .arithmetic: chain(node, into: result)
        case .timeArithmetic(.dateDifference, let left, let right):
            native += 1
            if case .field(let end, of: .this) = left.form, case .field(let start, of: .this) = right.form {
                return code.emit(.loadDaysBetween, result, code.field(end), code.field(start))
            }
            minus(left, right, into: result)
        case .conditional(let branches, let otherwise):
            choose(branches, otherwise) { compiler, value in
                if node.mayBeBlank { compiler.number(value, into: result) } else { compiler.plainNumber(value, into: result) }
            }
        case .coalesce(let nodes): coalesce(nodes, into: result)
        case .bind(let slot, let bound, let body):
            guard bind(slot, bound), let name = names[slot] else { return numberStep(node, into: result) }
            if node.mayBeBlank { number(body, into: result) } else { plainNumber(body, into: result) }
            names[slot] = nil
            free(name)
        case .call(let id, let arguments): call(id, arguments, node, into: result)
        case .literal, .field, .record, .follow, .timeArithmetic, .concatenate, .compare, .and, .or, .not, .isBlank, .isValid, .isObject, .oneOf, .member,
            .contains, .ifError, .isError, .aggregate, .convert:
            numberStep(node, into: result)
        }
    }

    /// Code for a number where a blank counts as 0.
    private mutating func plainNumber(_ node: ExpressionNode, into result: Int32) {
        switch node.form {
        case .field(let field, of: .this):
            code.emit(.loadNumberOrZero, result, code.field(field))
        case .convert(.blankAsZero, let operand): plainNumber(operand, into: result)
        case .literal, .field, .record, .follow, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not,
            .isBlank, .isValid, .isObject, .oneOf, .member, .contains, .conditional, .coalesce, .ifError, .isError, .call, .aggregate, .convert:
            number(node, into: result)
            if !steps.isPlainNumber(node) { code.emit(.orZero, result) }
        }
    }

    private mutating func numberStep(_ node: ExpressionNode, into result: Int32) {
        code.emit(.stepNumber, result, code.step(step(node) { $0.optionalNumber($1) }))
    }

    // MARK: Arithmetic

    /// A chain is a loop and not a nest, so that long ones need no deep stack.
    private mutating func chain(_ node: ExpressionNode, into result: Int32) {
        var operands: [(ArithmeticOperator, ExpressionNode)] = []
        var first = node
        while case .arithmetic(let operation, let left, let right) = first.form {
            guard operation != .power else { break }
            operands.append((operation, right))
            first = left
        }
        guard let (operation, second) = operands.last else { return numberStep(node, into: result) }
        native += operands.count
        if operation == .multiply, let field = first.plainField, let factor = second.constantNumber {
            operands.removeLast()
            code.emit(.loadProduct, result, code.field(field), code.constant(factor))
        } else if case .arithmetic = first.form {
            numberStep(first, into: result)
        } else {
            plainNumber(first, into: result)
        }
        for (operation, right) in operands.reversed() { apply(operation, right, to: result) }
    }

    /// `result ← result operation right`.
    private mutating func apply(_ operation: ArithmeticOperator, _ right: ExpressionNode, to result: Int32) {
        if let constant = right.constantNumber {
            if constant.isZero, operation == .add || operation == .subtract { return }
            if operation != .divide { return code.emit(operation.withConstant, result, code.constant(constant)) }
        } else if let field = right.plainField, operation != .divide {
            return code.emit(operation.withField, result, code.field(field))
        } else if operation == .add, case .arithmetic(.multiply, let left, let factor) = right.form, let field = left.plainField,
            let factor = factor.constantNumber
        {
            native += 1
            return code.emit(.addProduct, result, code.field(field), code.constant(factor))
        } else if case .conditional(let branches, let otherwise) = right.form, !right.mayBeBlank {
            // Each branch is worked in by itself, so that what is chosen need not be put anywhere.
            return choose(branches, otherwise) { $0.apply(operation, $1, to: result) }
        }
        let other = take()
        plainNumber(right, into: other)
        code.emit(operation.withRegister, result, other)
        free(other)
    }

    // MARK: Choosing

    /// Code that works on the first value whose condition holds.
    private mutating func choose(_ branches: [Form.Branch], _ otherwise: ExpressionNode, _ use: (inout RegisterCompiler, ExpressionNode) -> Void) {
        var end = RegisterCode.Label()
        for branch in branches {
            var over = RegisterCode.Label()
            jump(branch.condition, when: false, to: &over)
            use(&self, branch.value)
            code.jump(.jump, to: &end)
            code.land(over)
        }
        use(&self, otherwise)
        code.land(end)
        native += branches.count
    }

    /// Code for the first number that is not blank.
    private mutating func coalesce(_ nodes: [ExpressionNode], into result: Int32) {
        var end = RegisterCode.Label()
        for (position, node) in nodes.enumerated() {
            number(node, into: result)
            if position < nodes.count - 1 { code.jump(.jumpBlank, to: &end, result, when: []) }
        }
        code.land(end)
        native += 1
    }

    // MARK: Functions

    private mutating func call(_ id: FunctionID, _ arguments: [ExpressionNode], _ node: ExpressionNode, into result: Int32) {
        let function = FunctionCatalogue[id]
        switch function.numeric {
        case nil:
            if id == KnownFunctions.length, case .field(let field, of: .this) = arguments[0].form, case .text = arguments[0].type {
                native += 1
                return code.emit(.loadLength, result, code.field(field))
            }
            if let part = KnownFunctions.partOfDay(id), arguments[0].type == .date {
                native += 1
                time(arguments[0], into: result)
                return code.emit(part, result)
            }
            numberStep(node, into: result)
        case .one(let function):
            plainNumber(arguments[0], into: result)
            code.emit(.call, result, code.function(function))
            native += 1
        case .two(let body, let standard):
            // The second argument is mostly written out: `round(x, 2)`.
            guard let second = arguments.count < 2 ? standard ?? .zero : arguments[1].constantNumber else { return numberStep(node, into: result) }
            plainNumber(arguments[0], into: result)
            if id == KnownFunctions.round, let decimals = second.truncatedInt, (0...ExactDecimal.maximumScale).contains(decimals) {
                native += 1
                return code.emit(.round, result, Int32(decimals))
            }
            let function = code.function { (number) throws(FormulaFailure) in try body(number, second) }
            code.emit(.call, result, function)
            native += 1
        }
    }
}

extension ArithmeticOperator {
    fileprivate var withRegister: Instruction.Operation {
        switch self {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .power: preconditionFailure("powers are steps")
        }
    }

    fileprivate var withConstant: Instruction.Operation {
        switch self {
        case .add: .addConstant
        case .subtract: .subtractConstant
        case .multiply: .multiplyConstant
        case .divide, .power: preconditionFailure("only + - * take constants")
        }
    }

    fileprivate var withField: Instruction.Operation {
        switch self {
        case .add: .addField
        case .subtract: .subtractField
        case .multiply: .multiplyField
        case .divide, .power: preconditionFailure("only + - * take fields")
        }
    }
}
