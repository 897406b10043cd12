/// Turns the typed form into a register program, as far as that is worth while; what it does not know becomes a step of `Compiler`.
///
/// Every part is told the register in which its result is wanted and takes others above it for what it needs meanwhile. Conditions are no
/// values but jumps.
struct RegisterCompiler {
    var code = RegisterCode()
    var steps: Compiler
    /// Registers that hold names, by slot.
    var names: [Int: Int32] = [:]
    /// Instructions that do work themselves.
    var native = 0
    /// The first register that is free.
    private var next: Int32 = 0
    /// The most that were in use at once.
    private var most: Int32 = 0
    var isImpossible = false

    /// Nil where steps alone are as good.
    static func program(for expression: CheckedExpression, _ steps: inout Compiler) -> RegisterProgram? {
        var compiler = RegisterCompiler(steps: steps)
        compiler.give(expression.root)
        guard !compiler.isImpossible, compiler.native > 0, compiler.most <= Int32(RegisterProgram.mostRegisters) else { return nil }
        steps = compiler.steps
        return RegisterProgram(compiler.code)
    }

    private init(steps: Compiler) {
        self.steps = steps
    }

    // MARK: Registers

    /// A register that stays taken until `free`.
    mutating func take() -> Int32 {
        next += 1
        most = max(most, next)
        return next - 1
    }

    /// The register, and all that were taken after it, are needed no more.
    mutating func free(_ register: Int32) {
        next = register
    }

    // MARK: The formula's value

    /// Code that ends the program with the value of the node.
    private mutating func give(_ node: ExpressionNode) {
        switch node.form {
        case .conditional(let branches, let otherwise):
            for branch in branches {
                var over = RegisterCode.Label()
                jump(branch.condition, when: false, to: &over)
                give(branch.value)
                code.land(over)
            }
            native += branches.count
            give(otherwise)
        case .literal(let value):
            if case .failure = value { isImpossible = true }
            code.emit(.giveLiteral, code.literal(value))
        case .bind(let slot, let bound, let body):
            guard bind(slot, bound) else { return giveStep(node) }
            give(body)
        case .field(let field, of: .this):
            code.emit(.giveField, code.field(field))
        case .field, .record, .follow, .variable, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not, .isBlank,
            .isValid, .isObject, .oneOf, .member, .contains, .coalesce, .ifError, .isError, .call, .aggregate, .convert:
            giveComputed(node)
        }
    }

    private mutating func giveComputed(_ node: ExpressionNode) {
        let ending: Instruction.Operation
        switch node.type {
        case .number, .money, .percent: ending = .giveNumber
        case .date: ending = .giveDay
        case .datetime: ending = .giveInstant
        case .duration: ending = .giveDuration
        case .bool where steps.isPlainCondition(node):
            var isFalse = RegisterCode.Label()
            jump(node, when: false, to: &isFalse)
            code.emit(.giveLiteral, code.literal(.bool(true)))
            code.land(isFalse)
            code.emit(.giveLiteral, code.literal(.bool(false)))
            return
        case .bool, .text, .choice, .choices, .tags, .location, .link, .links, .list, .blank, .error:
            return giveStep(node)
        }
        let result = take()
        if node.type.isNumeric { number(node, into: result) } else { time(node, into: result) }
        code.emit(ending, result)
        free(result)
    }

    private mutating func giveStep(_ node: ExpressionNode) {
        code.emit(.giveStep, code.step(step(node) { $0.value($1) }))
    }

    /// Puts what a name stands for into a register; false if it is nothing that registers hold.
    mutating func bind(_ slot: Int, _ bound: ExpressionNode) -> Bool {
        switch bound.type {
        case .number, .money, .percent:
            let register = take()
            number(bound, into: register)
            names[slot] = register
        case .date, .datetime, .duration:
            let register = take()
            time(bound, into: register)
            names[slot] = register
        case .bool, .text, .choice, .choices, .tags, .location, .link, .links, .list, .blank, .error:
            return false
        }
        return true
    }

    // MARK: Steps

    /// What steps make of the node. They do not see registers, so it must not read a name that lies in one.
    mutating func step<Result>(_ node: ExpressionNode, _ compile: (inout Compiler, ExpressionNode) -> Step<Result>) -> Step<Result> {
        if node.readsNames(names.keys) { isImpossible = true }
        return compile(&steps, node)
    }
}
