extension RegisterCompiler {
    /// Code that goes to the label if the condition is as said, and on if not; a blank is false.
    mutating func jump(_ node: ExpressionNode, when wanted: Bool, to label: inout RegisterCode.Label) {
        switch node.form {
        case .literal(.bool(let truth)): if truth == wanted { code.jump(.jump, to: &label) }
        case .convert(.blankAsFalse, let operand): jump(operand, when: wanted, to: &label)
        case .field(let field, of: .this) where node.type == .bool: test(.jumpTruth, field, when: wanted, to: &label)
        case .not(let operand): jump(operand, when: !wanted, to: &label)
        case .and(let operands): jump(all: operands, hold: true, when: wanted, to: &label)
        case .or(let operands): jump(all: operands, hold: false, when: !wanted, to: &label)
        case .isBlank(let operand):
            if case .field(let field, of: .this) = operand.form { return test(.jumpBlankField, field, when: wanted, to: &label) }
            guard operand.type.isNumeric || operand.type.isTime else { return jumpStep(node, when: wanted, to: &label) }
            let value = take()
            if operand.type.isNumeric { number(operand, into: value) } else { time(operand, into: value) }
            code.jump(.jumpBlank, to: &label, value, when: wanted ? .all : [])
            free(value)
        case .compare(let operation, let left, let right): compare(operation, left, right, node, when: wanted, to: &label)
        case .oneOf(let needle, let others):
            guard case .field(let field, of: .this) = needle.form, let texts = others.literalTexts else {
                return jumpStep(node, when: wanted, to: &label)
            }
            var found = RegisterCode.Label()
            for (position, text) in texts.enumerated() {
                if wanted {
                    test(.jumpText, field, text, when: true, to: &label)
                } else if position < texts.count - 1 {
                    test(.jumpText, field, text, when: true, to: &found)
                } else {
                    test(.jumpText, field, text, when: false, to: &label)
                }
            }
            code.land(found)
        case .contains(let whole, let part):
            guard case .field(let field, of: .this) = whole.form, case .text = whole.type, let texts = [part].literalTexts else {
                return jumpStep(node, when: wanted, to: &label)
            }
            test(.jumpHolding, field, texts[0], when: wanted, to: &label)
        case .call(let id, let arguments) where id == KnownFunctions.beginning:
            guard case .field(let field, of: .this) = arguments[0].form, case .text = arguments[0].type, let texts = [arguments[1]].literalTexts else {
                return jumpStep(node, when: wanted, to: &label)
            }
            test(.jumpBeginning, field, texts[0], when: wanted, to: &label)
        case .conditional(let branches, let otherwise):
            var end = RegisterCode.Label()
            for branch in branches {
                var over = RegisterCode.Label()
                jump(branch.condition, when: false, to: &over)
                jump(branch.value, when: wanted, to: &label)
                code.jump(.jump, to: &end)
                code.land(over)
            }
            jump(otherwise, when: wanted, to: &label)
            code.land(end)
        case .literal, .field, .record, .follow, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .isValid, .isObject, .member,
            .coalesce, .ifError, .isError, .call, .aggregate, .convert:
            jumpStep(node, when: wanted, to: &label)
        }
    }

    /// To the label if all of the operands are `hold` and that is wanted, or if one of them is not and that is.
    private mutating func jump(all operands: [ExpressionNode], hold: Bool, when wanted: Bool, to label: inout RegisterCode.Label) {
        guard wanted else {
            for operand in operands { jump(operand, when: !hold, to: &label) }
            return
        }
        var over = RegisterCode.Label()
        for operand in operands.dropLast() { jump(operand, when: !hold, to: &over) }
        if let last = operands.last { jump(last, when: hold, to: &label) } else { code.jump(.jump, to: &label) }
        code.land(over)
    }

    private mutating func jumpStep(_ node: ExpressionNode, when wanted: Bool, to label: inout RegisterCode.Label) {
        let step = step(node) { $0.condition($1) }
        code.jump(.jumpStep, to: &label, code.step(step), when: wanted ? .all : [])
    }

    private mutating func test(
        _ operation: Instruction.Operation, _ field: FieldID, _ text: String? = nil, when wanted: Bool, to label: inout RegisterCode.Label
    ) {
        native += 1
        code.jump(operation, to: &label, code.field(field), text.map { code.text($0) } ?? 0, when: wanted ? .all : [])
    }

    // MARK: Comparing

    private mutating func compare(
        _ operation: ComparisonOperator, _ left: ExpressionNode, _ right: ExpressionNode, _ node: ExpressionNode, when wanted: Bool,
        to label: inout RegisterCode.Label
    ) {
        if left.type.isNumeric && right.type.isNumeric || left.type == right.type && left.type.isTime {
            return compareRegisters(operation, left, right, when: wanted, to: &label)
        }
        guard operation == .equal || operation == .notEqual, let text = [right].literalTexts?.first else {
            return jumpStep(node, when: wanted, to: &label)
        }
        let wanted = wanted == (operation == .equal)
        if case .field(let field, of: .this) = left.form {
            test(.jumpText, field, text, when: wanted, to: &label)
        } else if let field = left.beginning(asLongAs: text) {
            test(.jumpBeginning, field, text, when: wanted, to: &label)
        } else {
            jumpStep(node, when: operation == .equal ? wanted : !wanted, to: &label)
        }
    }

    private mutating func compareRegisters(
        _ operation: ComparisonOperator, _ left: ExpressionNode, _ right: ExpressionNode, when wanted: Bool, to label: inout RegisterCode.Label
    ) {
        native += 1
        let holds = Outcomes(operation)
        let outcomes = wanted ? holds : Outcomes.all.subtracting(holds)
        if let constant = right.constantNumber ?? right.constantTime {
            let constant = code.constant(constant)
            if case .field(let field, of: .this) = left.form {
                if left.type.isNumeric { return code.jump(.jumpComparingNumber, to: &label, code.field(field), constant, when: outcomes) }
                if left.type == .date { return code.jump(.jumpComparingDay, to: &label, code.field(field), constant, when: outcomes) }
            }
            let mine = take()
            value(left, into: mine)
            code.jump(.jumpComparingConstant, to: &label, mine, constant, when: outcomes)
            return free(mine)
        }
        let mine = take()
        value(left, into: mine)
        let theirs = take()
        value(right, into: theirs)
        code.jump(.jumpComparing, to: &label, mine, theirs, when: outcomes)
        free(mine)
    }

    private mutating func value(_ node: ExpressionNode, into result: Int32) {
        if node.type.isNumeric { number(node, into: result) } else { time(node, into: result) }
    }
}
