/// What a register program is made of, while it grows.
struct RegisterCode {
    private(set) var code: [Instruction] = []
    private(set) var constants: [Register] = []
    private(set) var texts: [String] = []
    private(set) var literals: [Value] = []
    private(set) var numbers: [Step<ExactDecimal?>] = []
    private(set) var conditions: [Step<Bool>] = []
    private(set) var values: [Step<Value>] = []
    private(set) var functions: [@Sendable (ExactDecimal) throws(FormulaFailure) -> ExactDecimal] = []
    /// How many values a record must have.
    private(set) var fieldCount = 0

    mutating func emit(_ operation: Instruction.Operation, _ a: Int32 = 0, _ b: Int32 = 0, _ c: Int32 = 0, when outcomes: Outcomes = .all) {
        code.append(Instruction(operation, a, b, c, when: outcomes))
    }

    // MARK: Jumps

    /// Where jumps lead whose place is not known yet.
    struct Label {
        fileprivate var jumps: [Int] = []
    }

    mutating func jump(_ operation: Instruction.Operation, to label: inout Label, _ b: Int32 = 0, _ c: Int32 = 0, when outcomes: Outcomes = .all) {
        label.jumps.append(code.count)
        emit(operation, 0, b, c, when: outcomes)
    }

    /// What comes next is where the label is.
    mutating func land(_ label: Label) {
        for jump in label.jumps { code[jump].a = Int32(code.count) }
    }

    // MARK: What instructions name

    mutating func field(_ field: FieldID) -> Int32 {
        fieldCount = max(fieldCount, field.index + 1)
        return Int32(field.index)
    }

    mutating func constant(_ number: ExactDecimal) -> Int32 {
        constants.append(Register(number))
        return Int32(constants.count - 1)
    }

    mutating func text(_ text: String) -> Int32 {
        texts.append(text)
        return Int32(texts.count - 1)
    }

    mutating func literal(_ value: Value) -> Int32 {
        literals.append(value)
        return Int32(literals.count - 1)
    }

    mutating func step(_ step: @escaping Step<ExactDecimal?>) -> Int32 {
        numbers.append(step)
        return Int32(numbers.count - 1)
    }

    mutating func step(_ step: @escaping Step<Bool>) -> Int32 {
        conditions.append(step)
        return Int32(conditions.count - 1)
    }

    mutating func step(_ step: @escaping Step<Value>) -> Int32 {
        values.append(step)
        return Int32(values.count - 1)
    }

    mutating func function(_ function: @escaping @Sendable (ExactDecimal) throws(FormulaFailure) -> ExactDecimal) -> Int32 {
        functions.append(function)
        return Int32(functions.count - 1)
    }
}
