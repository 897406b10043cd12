/// Turns the typed form into a register program, as far as that is worth while; what it does not know becomes a step of `Compiler`.
struct RegisterCompiler {
    private var program = RegisterProgram()
    private var steps: Compiler
    /// Registers that hold names, by slot.
    private var names: [Int: Int32] = [:]
    private var next: Int32 = 0
    /// The most that were in use at once.
    private var most: Int32 = 0
    /// Instructions that do work themselves.
    private var native = 0
    private var isImpossible = false
    /// By mantissa and scale: where a constant lies.
    private var constants: [ExactDecimal: Int32] = [:]

    /// Nil where steps alone are as good.
    static func program(for expression: CheckedExpression, _ steps: inout Compiler) -> RegisterProgram? {
        var compiler = RegisterCompiler(steps: steps)
        // Constants lie in front, so they must be known before the first register is given away.
        compiler.collect(expression.root)
        compiler.give(expression.root)
        guard !compiler.isImpossible, compiler.native > 0, compiler.most <= Int32(RegisterProgram.mostRegisters) else { return nil }
        compiler.program.registerCount = Int(compiler.most)
        steps = compiler.steps
        return compiler.program
    }

    private init(steps: Compiler) {
        self.steps = steps
    }

    // MARK: Constants

    private mutating func constant(_ number: ExactDecimal) -> Int32 {
        if let known = constants[number] { return known }
        guard !isSealed else {
            isImpossible = true
            return 0
        }
        let place = register()
        constants[number] = place
        program.constants.append(.init(number.mantissa, scale: Int(number.scale)))
        return place
    }

    private var isSealed = false

    private mutating func collect(_ node: ExpressionNode) {
        for part in node.allLiterals() {
            switch part {
            case .number(let number): _ = constant(number)
            case .date(let day): _ = constant(ExactDecimal(Int(day.daysSinceEpoch)))
            case .instant(let instant): _ = constant(ExactDecimal(instant.microseconds))
            case .duration(let span): _ = constant(ExactDecimal(span.microseconds))
            case .bool(let truth): _ = constant(truth ? .one : .zero)
            case .blank, .text, .option, .options, .link, .links, .location, .list, .failure: continue
            }
        }
        isSealed = true
    }

    // MARK: Code

    private mutating func register() -> Int32 {
        next += 1
        most = max(most, next)
        return next - 1
    }

    /// The register of a result whose operands, which lie from `mark` on, are needed no more once it is there.
    private mutating func register(over mark: Int32) -> Int32 {
        next = mark
        return register()
    }

    private mutating func addText(_ text: String) {
        program.texts.append(text)
        program.bytes.append(Array(text.utf8))
    }

    private mutating func emit(_ operation: RegisterProgram.Operation, _ a: Int32 = 0, _ b: Int32 = 0, _ c: Int32 = 0) {
        program.code.append(.init(operation: operation, a: a, b: b, c: c))
    }

    /// Code whose aim is said later.
    private mutating func jump(_ operation: RegisterProgram.Operation, _ a: Int32 = 0) -> Int {
        emit(operation, a)
        return program.code.count - 1
    }

    private mutating func land(_ jumps: [Int]) {
        for jump in jumps { program.code[jump].b = Int32(program.code.count) }
    }

    /// Code that gives the formula's value.
    private mutating func give(_ node: ExpressionNode) {
        switch node.form {
        case .conditional(let branches, let otherwise):
            let mark = next
            for branch in branches {
                let holds = truth(branch.condition)
                native += 1
                let over = jump(.jumpIfFalse, holds)
                next = mark
                give(branch.value)
                land([over])
                next = mark
            }
            give(otherwise)
        case .literal(let value):
            if case .failure = value { isImpossible = true }
            program.literals.append(value)
            emit(.giveLiteral, 0, Int32(program.literals.count - 1))
        case .bind(let slot, let bound, let body):
            guard bindsNatively(slot, bound) else {
                giveStep(node)
                return
            }
            give(body)
        case .field, .record, .follow, .variable, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not, .isBlank,
            .isValid, .isObject, .oneOf, .member, .contains, .coalesce, .ifError, .isError, .call, .aggregate, .convert:
            switch node.type {
            case .number, .money, .percent:
                if let place = number(node) { emit(.giveNumber, place) } else { giveStep(node) }
            case .bool where node.isTwoValued: emit(.giveTruth, truth(node))
            case .date:
                if let place = time(node) { emit(.giveDay, place) } else { giveStep(node) }
            case .datetime:
                if let place = time(node) { emit(.giveInstant, place) } else { giveStep(node) }
            case .duration:
                if let place = time(node) { emit(.giveDuration, place) } else { giveStep(node) }
            case .bool, .text, .choice, .choices, .tags, .location, .link, .links, .list, .blank, .error: giveStep(node)
            }
        }
    }

    private mutating func giveStep(_ node: ExpressionNode) {
        if node.readsNames(names.keys) { isImpossible = true }
        program.values.append(steps.value(node))
        emit(.giveStep, 0, Int32(program.values.count - 1))
    }

    /// Puts what a name stands for into a register.
    private mutating func bindsNatively(_ slot: Int, _ bound: ExpressionNode) -> Bool {
        switch bound.type {
        case .number, .money, .percent: names[slot] = number(bound)
        case .date, .datetime, .duration: names[slot] = time(bound)
        case .bool, .text, .choice, .choices, .tags, .location, .link, .links, .list, .blank, .error: break
        }
        return names[slot] != nil
    }

    // MARK: Numbers

    /// The register of a number, which may be blank; nil if steps must do it.
    private mutating func number(_ node: ExpressionNode) -> Int32? {
        switch node.form {
        case .literal(.number(let number)): return constant(number)
        case .field(let field, of: .this):
            let place = register()
            emit(.number, place, Int32(field.index))
            native += 1
            return place
        case .variable(let slot): return names[slot]
        case .convert(.blankAsZero, let operand):
            if case .field(let field, of: .this) = operand.form {
                let place = register()
                emit(.numberOrZero, place, Int32(field.index))
                native += 1
                return place
            }
            let mark = next
            guard let inner = number(operand) else { return plainStep(node) }
            guard operand.mayBeBlank else { return inner }
            let place = register(over: mark)
            emit(.orZero, place, inner)
            return place
        case .convert(.round(let decimals), let operand):
            let mark = next
            guard decimals <= 20, decimals >= 0, let inner = number(operand) else { return plainStep(node) }
            let place = register(over: mark)
            emit(.round, place, inner, Int32(decimals))
            return place
        case .negate(let operand):
            let mark = next
            guard let inner = number(operand) else { return plainStep(node) }
            let place = register(over: mark)
            emit(.negate, place, inner)
            return place
        case .arithmetic: return arithmetic(node)
        case .timeArithmetic(.dateDifference, let left, let right):
            let mark = next
            guard let mine = time(left), let theirs = time(right) else { return nil }
            let place = register(over: mark)
            emit(.minus, place, mine, theirs)
            native += 1
            return place
        case .conditional(let branches, let otherwise) where !node.mayBeBlank:
            let result = register()
            let mark = next
            var ends: [Int] = []
            for branch in branches {
                let over = jump(.jumpIfFalse, truth(branch.condition))
                next = mark
                guard let value = number(branch.value) else { return fail() }
                emit(.copy, result, value)
                ends.append(jump(.jump))
                land([over])
                next = mark
            }
            guard let value = number(otherwise) else { return fail() }
            emit(.copy, result, value)
            land(ends)
            next = mark
            native += 1
            return result
        case .bind(let slot, let bound, let body):
            guard bindsNatively(slot, bound) else { return plainStep(node) }
            return number(body)
        case .call(let id, let arguments):
            if FunctionCatalogue[id].name == "len", case .field(let field, of: .this) = arguments[0].form, case .text = arguments[0].type {
                let place = register()
                emit(.length, place, Int32(field.index))
                native += 1
                return place
            }
            guard let numeric = FunctionCatalogue[id].numeric else { return node.mayBeBlank ? nil : plainStep(node) }
            return call(numeric, id, arguments, node)
        case .literal, .field, .record, .follow, .timeArithmetic, .concatenate, .compare, .and, .or, .not, .isBlank, .isValid, .isObject, .oneOf, .member,
            .contains, .conditional, .coalesce, .ifError, .isError, .aggregate, .convert:
            return node.mayBeBlank ? nil : plainStep(node)
        }
    }

    /// A chain is a loop and not a nest, so that long ones need no deep stack.
    private mutating func arithmetic(_ node: ExpressionNode) -> Int32? {
        var operands: [(RegisterProgram.Operation, ExpressionNode)] = []
        var first = node
        while case .arithmetic(let operation, let left, let right) = first.form {
            switch operation {
            case .add: operands.append((.add, right))
            case .subtract: operands.append((.subtract, right))
            case .multiply: operands.append((.multiply, right))
            case .divide: operands.append((.divide, right))
            case .power: return plainStep(node)
            }
            first = left
        }
        let mark = next
        guard var result = number(first) else { return plainStep(node) }
        for (operation, right) in operands.reversed() {
            guard let other = number(right) else { return plainStep(node) }
            let place = register(over: mark)
            emit(operation, place, result, other)
            result = place
        }
        native += operands.count
        return result
    }

    private mutating func fail() -> Int32? {
        isImpossible = true
        return nil
    }

    private mutating func call(
        _ numeric: FunctionDefinition.Numeric, _ id: FunctionID, _ arguments: [ExpressionNode], _ node: ExpressionNode
    ) -> Int32? {
        switch numeric {
        case .one(let function):
            let mark = next
            guard let inner = number(arguments[0]) else { return plainStep(node) }
            let place = register(over: mark)
            program.functions.append(function)
            emit(.call, place, inner, Int32(program.functions.count - 1))
            return place
        case .two(let function, let standard):
            // The second argument is mostly written out: `round(x, 2)`.
            let second: ExactDecimal
            if arguments.count < 2 {
                second = standard ?? .zero
            } else if case .literal(.number(let number)) = arguments[1].form {
                second = number
            } else {
                return plainStep(node)
            }
            let mark = next
            guard let inner = number(arguments[0]) else { return plainStep(node) }
            let place = register(over: mark)
            if FunctionCatalogue[id].name == "round", let decimals = second.truncatedInt, (0...20).contains(decimals) {
                emit(.round, place, inner, Int32(decimals))
                return place
            }
            let partial: @Sendable (ExactDecimal) throws(FormulaFailure) -> ExactDecimal = { (number) throws(FormulaFailure) in
                try function(number, second)
            }
            program.functions.append(partial)
            emit(.call, place, inner, Int32(program.functions.count - 1))
            return place
        }
    }

    /// A step for a number that is never blank.
    private mutating func plainStep(_ node: ExpressionNode) -> Int32? {
        guard !node.mayBeBlank || steps.isPlainNumber(node) else { return nil }
        if node.readsNames(names.keys) { isImpossible = true }
        program.numbers.append(steps.optionalNumber(node))
        let place = register()
        emit(.stepNumber, place, Int32(program.numbers.count - 1))
        return place
    }

    // MARK: Days, instants, lengths of time

    private mutating func time(_ node: ExpressionNode) -> Int32? {
        switch node.form {
        case .literal(.date(let day)): return constant(ExactDecimal(Int(day.daysSinceEpoch)))
        case .literal(.instant(let instant)): return constant(ExactDecimal(instant.microseconds))
        case .literal(.duration(let span)): return constant(ExactDecimal(span.microseconds))
        case .variable(let slot): return names[slot]
        case .field(let field, of: .this):
            let operation: RegisterProgram.Operation
            switch node.type {
            case .date: operation = .day
            case .datetime: operation = .instant
            case .duration: operation = .duration
            case .number, .money, .percent, .text, .bool, .choice, .choices, .tags, .location, .link, .links, .list, .blank, .error: return nil
            }
            let place = register()
            emit(operation, place, Int32(field.index))
            native += 1
            return place
        case .timeArithmetic(let operation, let left, let right):
            let code: RegisterProgram.Operation
            let count: Int32?
            let mark = next
            switch operation {
            case .dateAddDays where right.type.isNumeric: (code, count) = (.plusDays, number(right))
            case .dateSubtractDays where right.type.isNumeric: (code, count) = (.minusDays, number(right))
            case .datetimeAddDuration: (code, count) = (.plusTime, time(right))
            case .datetimeSubtractDuration: (code, count) = (.minusTime, time(right))
            case .datetimeDifference: (code, count) = (.minus, time(right))
            case .dateAddDays, .dateSubtractDays, .dateDifference, .datetimeAddDays, .datetimeSubtractDays, .durationAdd, .durationSubtract,
                .durationMultiply, .durationDivide, .durationRatio:
                return nil
            }
            guard let count, let start = time(left) else { return nil }
            let place = register(over: mark)
            emit(code, place, start, count)
            native += 1
            return place
        case .literal, .field, .record, .follow, .bind, .arithmetic, .negate, .concatenate, .compare, .and, .or, .not, .isBlank, .isValid, .isObject, .oneOf,
            .member, .contains, .conditional, .coalesce, .ifError, .isError, .call, .aggregate, .convert:
            return nil
        }
    }

    // MARK: Truths

    /// The register of a condition; a blank is false.
    private mutating func truth(_ node: ExpressionNode) -> Int32 {
        switch node.form {
        case .literal(.bool(let truth)): return constant(truth ? .one : .zero)
        case .convert(.blankAsFalse, let operand): return truth(operand)
        case .field(let field, of: .this) where node.type == .bool:
            let place = register()
            emit(.truth, place, Int32(field.index))
            native += 1
            return place
        case .not(let operand):
            let mark = next
            let inner = truth(operand)
            let place = register(over: mark)
            emit(.not, place, inner)
            return place
        case .and(let operands), .or(let operands):
            let isAnd = if case .and = node.form { true } else { false }
            let result = register()
            var ends: [Int] = []
            let mark = next
            for (position, operand) in operands.enumerated() {
                emit(.copy, result, truth(operand))
                next = mark
                if position < operands.count - 1 { ends.append(jump(isAnd ? .jumpIfFalse : .jumpIfTrue, result)) }
            }
            land(ends)
            return result
        case .isBlank(let operand):
            if case .field(let field, of: .this) = operand.form {
                let place = register()
                emit(.isBlankField, place, Int32(field.index))
                native += 1
                return place
            }
            return truthStep(node)
        case .compare(let operation, let left, let right): return comparison(operation, left, right, node)
        case .oneOf(let needle, let others):
            guard case .field(let field, of: .this) = needle.form, let texts = others.literalTexts else { return truthStep(node) }
            let result = register()
            var ends: [Int] = []
            for text in texts {
                addText(text)
                emit(.isText, result, Int32(field.index), Int32(program.texts.count - 1))
                ends.append(jump(.jumpIfTrue, result))
            }
            land(ends)
            native += 1
            return result
        case .contains(let whole, let part):
            guard case .field(let field, of: .this) = whole.form, case .text = whole.type, let texts = [part].literalTexts else { return truthStep(node) }
            return textTest(.holds, field, texts[0])
        case .call(let id, let arguments) where FunctionCatalogue[id].name == "startswith":
            guard case .field(let field, of: .this) = arguments[0].form, case .text = arguments[0].type, let texts = [arguments[1]].literalTexts else {
                return truthStep(node)
            }
            return textTest(.beginsWith, field, texts[0])
        case .literal, .field, .record, .follow, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .isValid, .isObject, .member,
            .conditional, .coalesce, .ifError, .isError, .call, .aggregate, .convert:
            return truthStep(node)
        }
    }

    private mutating func textTest(_ operation: RegisterProgram.Operation, _ field: FieldID, _ text: String) -> Int32 {
        let place = register()
        addText(text)
        emit(operation, place, Int32(field.index), Int32(program.texts.count - 1))
        native += 1
        return place
    }

    /// The field and the text of `left(field, 3) = 'abc'`, which asks how the field begins.
    private func beginning(_ left: ExpressionNode, _ right: ExpressionNode) -> (field: FieldID, text: String)? {
        guard case .call(let id, let arguments) = left.form, FunctionCatalogue[id].name == "left", arguments.count == 2,
            case .field(let field, of: .this) = arguments[0].form, case .text = arguments[0].type,
            case .literal(.number(let count)) = arguments[1].form, let texts = [right].literalTexts,
            count == ExactDecimal(texts[0].unicodeScalars.count)
        else { return nil }
        return (field, texts[0])
    }

    private mutating func comparison(
        _ operation: ComparisonOperator, _ left: ExpressionNode, _ right: ExpressionNode, _ node: ExpressionNode
    ) -> Int32 {
        let before = (program, next, native)
        let sides: (Int32, Int32)?
        if left.type.isNumeric, right.type.isNumeric {
            sides = number(left).flatMap { mine in number(right).map { (mine, $0) } }
        } else if left.type == right.type, left.type == .date || left.type == .datetime || left.type == .duration {
            sides = time(left).flatMap { mine in time(right).map { (mine, $0) } }
        } else if operation == .equal, let beginning = beginning(left, right) {
            return textTest(.beginsWith, beginning.field, beginning.text)
        } else if case .field(let field, of: .this) = left.form, let texts = [right].literalTexts, operation == .equal || operation == .notEqual {
            let place = register()
            addText(texts[0])
            emit(operation == .equal ? .isText : .isNotText, place, Int32(field.index), Int32(program.texts.count - 1))
            native += 1
            return place
        } else {
            sides = nil
        }
        guard let (mine, theirs) = sides else {
            (program, next, native) = before
            return truthStep(node)
        }
        let code: RegisterProgram.Operation
        switch operation {
        case .equal: code = .equal
        case .notEqual: code = .notEqual
        case .less: code = .less
        case .lessOrEqual: code = .lessOrEqual
        case .greater: code = .greater
        case .greaterOrEqual: code = .greaterOrEqual
        }
        let place = register(over: before.1)
        emit(code, place, mine, theirs)
        native += 1
        return place
    }

    private mutating func truthStep(_ node: ExpressionNode) -> Int32 {
        if node.readsNames(names.keys) { isImpossible = true }
        program.truths.append(steps.condition(node))
        let place = register()
        emit(.stepTruth, place, Int32(program.truths.count - 1))
        return place
    }
}

extension [ExpressionNode] {
    /// What they say, if all are texts or options that are written out, none of them empty.
    fileprivate var literalTexts: [String]? {
        var texts: [String] = []
        for node in self {
            switch node.form {
            case .literal(.text(let text)), .literal(.option(let text)): texts.append(text)
            default: return nil
            }
        }
        return texts
    }
}

extension ExpressionNode {
    /// Whether it is a truth that is never blank.
    fileprivate var isTwoValued: Bool {
        switch form {
        case .compare, .and, .or, .not, .isBlank, .isValid, .isObject, .oneOf, .member, .contains, .isError, .convert(.blankAsFalse, _): true
        case .literal, .field, .record, .follow, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .conditional, .coalesce,
            .ifError, .call, .aggregate, .convert:
            false
        }
    }

    /// The nodes directly below, those inside the rows of sets too.
    fileprivate var below: [ExpressionNode] {
        switch form {
        case .literal, .field, .record, .variable: return []
        case .follow(let node, _), .negate(let node), .not(let node), .isBlank(let node), .isValid(let node, _), .isObject(let node, _),
            .isError(let node), .convert(_, let node):
            return [node]
        case .bind(_, let left, let right), .arithmetic(_, let left, let right), .timeArithmetic(_, let left, let right),
            .compare(_, let left, let right), .member(let left, let right), .contains(let left, let right), .ifError(let left, let right):
            return [left, right]
        case .concatenate(let nodes), .and(let nodes), .or(let nodes), .coalesce(let nodes), .call(_, let nodes): return nodes
        case .oneOf(let node, let nodes): return [node] + nodes
        case .conditional(let branches, let otherwise): return branches.flatMap { [$0.condition, $0.value] } + [otherwise]
        case .aggregate(let aggregate):
            let set: [ExpressionNode]
            switch aggregate.set {
            case .children(let node, _): set = [node]
            case .list(let node), .linked(let node): set = [node]
            case .scalars(let nodes): set = nodes
            case .all, .users: set = []
            }
            return set + [aggregate.value, aggregate.condition, aggregate.order?.key].compactMap { $0 } + aggregate.arguments
        }
    }

    /// The values written out anywhere in it.
    fileprivate func allLiterals() -> [Value] {
        var found: [Value] = []
        var open = [self]
        while let node = open.popLast() {
            if case .literal(let value) = node.form { found.append(value) } else { open += node.below }
        }
        return found
    }

    fileprivate func readsNames(_ slots: some Collection<Int>) -> Bool {
        guard !slots.isEmpty else { return false }
        var open = [self]
        while let node = open.popLast() {
            if case .variable(let slot) = node.form, slots.contains(slot) { return true }
            open += node.below
        }
        return false
    }
}
