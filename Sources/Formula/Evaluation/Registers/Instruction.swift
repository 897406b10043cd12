/// One step of a register program. Each operation says what `a`, `b` and `c` are: registers, fields of the record, constants, texts, steps,
/// or the place to go on at.
struct Instruction {
    let operation: Operation
    /// Of a comparison: when to jump. Of a test: `.all` to jump where it holds, none to jump where it does not.
    let outcomes: Outcomes
    var a: Int32
    var b: Int32
    var c: Int32

    init(_ operation: Operation, _ a: Int32 = 0, _ b: Int32 = 0, _ c: Int32 = 0, when outcomes: Outcomes = .all) {
        self.operation = operation
        self.outcomes = outcomes
        self.a = a
        self.b = b
        self.c = c
    }

    enum Operation: UInt8 {
        // a ← field b; `…OrZero` takes a blank as 0
        case loadNumber, loadNumberOrZero, loadDay, loadInstant, loadDuration
        // a ← how many characters text field b has
        case loadLength
        // a ← constant b; blank; register b
        case loadConstant, loadBlank, copy
        // a ← number field b × constant c; a ← day field b − day field c
        case loadProduct, loadDaysBetween
        // a ← a with register b, constant b, number field b
        case add, addConstant, addField
        case subtract, subtractConstant, subtractField
        case multiply, multiplyConstant, multiplyField
        // a ← a + number field b × constant c
        case addProduct
        case divide
        // a ← a to b decimals; −a; a, or 0 for a blank; function b of a
        case round, negate, orZero, call
        // a ← the year, month, quarter or day of the month of a; blank in, blank out
        case year, month, quarter, dayOfMonth
        // a ← register b with register c, days and microseconds; blank in, blank out
        case minus, plusDays, minusDays, plusTime, minusTime
        // a ← what step b gives
        case stepNumber, stepTime
        // on at a
        case jump
        // on at a if register b compares so with register c, with constant c; number field b, day field b with constant c
        case jumpComparing, jumpComparingConstant, jumpComparingNumber, jumpComparingDay
        // on at a if field b is true; is blank; register b is blank
        case jumpTruth, jumpBlankField, jumpBlank
        // on at a if field b is text c; begins with it; holds it
        case jumpText, jumpBeginning, jumpHolding
        // on at a if step b holds
        case jumpStep
        // the formula's value is register a
        case giveNumber, giveDay, giveInstant, giveDuration
        // the formula's value is field a; what step a gives; literal a
        case giveField, giveStep, giveLiteral
    }
}
