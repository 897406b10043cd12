/// A formula as instructions over registers: the quick way for numbers, truths, days and times read off one record.
///
/// It has an answer only where nothing unusual happens. At a failure, at more than 38 digits, at anything it does not know, it gives up, and
/// the steps of `Compiler`, which know everything, begin anew: a formula changes nothing, so evaluating it twice is harmless.
struct RegisterProgram: Sendable {
    /// A number, a day, an instant or a length of time in microseconds, or a truth as 0 or 1.
    struct Register {
        /// Not in normal form: zeros may end it.
        var mantissa: Int128
        /// −1 for a blank.
        var scale: Int

        @inline(__always)
        init(_ mantissa: Int128, scale: Int = 0) {
            self.mantissa = mantissa
            self.scale = scale
        }

        @inline(__always)
        init(_ truth: Bool) {
            self.init(truth ? 1 : 0)
        }

        static var blank: Register { Register(0, scale: -1) }
        @inline(__always) var isBlank: Bool { scale < 0 }
    }

    /// `a` is where the result goes, `b` and `c` are registers, fields, steps, texts or places to go on at, as each operation says.
    struct Instruction {
        var operation: Operation
        var a: Int32 = 0
        var b: Int32 = 0
        var c: Int32 = 0
    }

    enum Operation: UInt8 {
        // a ← field b of the record
        case number, numberOrZero, day, instant, duration, truth
        // a ← b with c
        case add, subtract, multiply, divide
        // a ← b to c decimals; a ← −b; a ← b, or 0 for a blank
        case round, negate, orZero, copy
        // a ← function c of number b
        case call
        // a ← b compared with c
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
        // a ← field b is text c; a ← field b is filled in
        case isText, isNotText, isBlankField, isBlank, not
        // a ← text field b begins with text c, holds it; a ← how many characters it has
        case beginsWith, holds, length
        // days and microseconds, blank in, blank out
        case minus, plusDays, minusDays, plusTime, minusTime
        // a ← what step b gives
        case stepNumber, stepTruth
        // go on at b; at b if a is true or false
        case jump, jumpIfTrue, jumpIfFalse
        // the formula's value is register a, or what step b gives, or a literal
        case giveNumber, giveTruth, giveDay, giveInstant, giveDuration, giveStep, giveLiteral
    }

    var code: [Instruction] = []
    /// What the first registers hold at the beginning.
    var constants: [Register] = []
    var registerCount = 0
    var texts: [String] = []
    /// The same in UTF-8.
    var bytes: [[UInt8]] = []
    var literals: [Value] = []
    var numbers: [Step<ExactDecimal?>] = []
    var truths: [Step<Bool>] = []
    var values: [Step<Value>] = []
    var functions: [@Sendable (ExactDecimal) throws(FormulaFailure) -> ExactDecimal] = []

    /// A kilobyte of registers lies on the stack; more would be allocated anew for every record.
    static let mostRegisters = 32

    /// The formula's value; nil where it gives up.
    func run(_ frame: Frame, _ machine: inout Machine) -> Value? {
        guard let row = frame.this else { return nil }
        return row.values.withUnsafeBufferPointer { fields in
            withUnsafeTemporaryAllocation(of: Register.self, capacity: registerCount) { registers in
                guard let base = registers.baseAddress else { return nil }
                constants.withUnsafeBufferPointer { if let first = $0.baseAddress { base.update(from: first, count: $0.count) } }
                return code.withUnsafeBufferPointer { code in
                    code.baseAddress.flatMap { run($0, base, fields, frame, &machine) }
                }
            }
        }
    }

    @inline(__always)
    private func run(
        _ code: UnsafePointer<Instruction>, _ registers: UnsafeMutablePointer<Register>, _ fields: UnsafeBufferPointer<Value>, _ frame: Frame,
        _ machine: inout Machine
    ) -> Value? {
        var position = 0
        while true {
            let now = code[position]
            position += 1
            let a = Int(now.a), b = Int(now.b), c = Int(now.c)
            switch now.operation {
            case .number, .numberOrZero:
                guard b < fields.count else { return nil }
                switch fields[b] {
                case .number(let number): registers[a] = Register(number.mantissa, scale: Int(number.scale))
                case .blank: registers[a] = now.operation == .number ? .blank : Register(0)
                case .bool, .text, .date, .instant, .duration, .option, .options, .link, .links, .location, .list, .failure: return nil
                }
            case .day:
                guard b < fields.count else { return nil }
                switch fields[b] {
                case .date(let day): registers[a] = Register(Int128(day.daysSinceEpoch))
                case .blank: registers[a] = .blank
                case .bool, .text, .number, .instant, .duration, .option, .options, .link, .links, .location, .list, .failure: return nil
                }
            case .instant:
                guard b < fields.count else { return nil }
                switch fields[b] {
                case .instant(let instant): registers[a] = Register(Int128(instant.microseconds))
                case .blank: registers[a] = .blank
                case .bool, .text, .number, .date, .duration, .option, .options, .link, .links, .location, .list, .failure: return nil
                }
            case .duration:
                guard b < fields.count else { return nil }
                switch fields[b] {
                case .duration(let span): registers[a] = Register(Int128(span.microseconds))
                case .blank: registers[a] = .blank
                case .bool, .text, .number, .date, .instant, .option, .options, .link, .links, .location, .list, .failure: return nil
                }
            case .truth:
                guard b < fields.count else { return nil }
                switch fields[b] {
                case .bool(let truth): registers[a] = Register(truth)
                case .blank: registers[a] = Register(false)
                case .number, .text, .date, .instant, .duration, .option, .options, .link, .links, .location, .list, .failure: return nil
                }
            case .add, .subtract:
                guard let sum = Self.sum(registers[b], registers[c], subtracts: now.operation == .subtract) else { return nil }
                registers[a] = sum
            case .multiply:
                guard let product = Self.product(registers[b], registers[c]) else { return nil }
                registers[a] = product
            case .divide:
                let left = registers[b], right = registers[c]
                guard let quotient = try? left.decimal.divided(by: right.decimal) else { return nil }
                registers[a] = Register(quotient.mantissa, scale: Int(quotient.scale))
            case .round:
                guard let rounded = Self.rounded(registers[b], decimals: c) else { return nil }
                registers[a] = rounded
            case .negate: registers[a] = Register(-registers[b].mantissa, scale: registers[b].scale)
            case .orZero: registers[a] = registers[b].isBlank ? Register(0) : registers[b]
            case .copy: registers[a] = registers[b]
            case .call:
                guard let number = try? functions[c](registers[b].decimal) else { return nil }
                registers[a] = Register(number.mantissa, scale: Int(number.scale))
            case .equal: registers[a] = Register(Self.compare(registers[b], registers[c], bothBlank: 0, oneBlank: 1) == 0)
            case .notEqual: registers[a] = Register(Self.compare(registers[b], registers[c], bothBlank: 0, oneBlank: 1) != 0)
            case .less: registers[a] = Register(Self.compare(registers[b], registers[c], bothBlank: 0, oneBlank: 0) < 0)
            case .lessOrEqual: registers[a] = Register(Self.compare(registers[b], registers[c], bothBlank: 1, oneBlank: 1) <= 0)
            case .greater: registers[a] = Register(Self.compare(registers[b], registers[c], bothBlank: 0, oneBlank: 0) > 0)
            case .greaterOrEqual: registers[a] = Register(Self.compare(registers[b], registers[c], bothBlank: -1, oneBlank: -1) >= 0)
            case .isText, .isNotText:
                guard b < fields.count else { return nil }
                let isSame: Bool
                switch fields[b] {
                case .text(let text), .option(let text): isSame = text == texts[c] && ExactText.areEqual(text, texts[c])
                case .blank: isSame = false
                case .bool, .number, .date, .instant, .duration, .options, .link, .links, .location, .list, .failure: return nil
                }
                registers[a] = Register(isSame == (now.operation == .isText))
            case .beginsWith, .holds:
                guard b < fields.count else { return nil }
                switch fields[b] {
                case .text(var text):
                    registers[a] = Register(
                        text.withUTF8 { now.operation == .beginsWith ? Self.begins($0, with: bytes[c]) : Self.holds($0, bytes[c]) })
                case .blank: registers[a] = Register(false)
                case .bool, .number, .date, .instant, .duration, .option, .options, .link, .links, .location, .list, .failure: return nil
                }
            case .length:
                guard b < fields.count else { return nil }
                switch fields[b] {
                case .text(var text): registers[a] = Register(Int128(text.withUTF8(Self.characters)))
                case .blank: registers[a] = Register(0)
                case .bool, .number, .date, .instant, .duration, .option, .options, .link, .links, .location, .list, .failure: return nil
                }
            case .isBlankField:
                guard b < fields.count else { return nil }
                switch fields[b] {
                case .blank: registers[a] = Register(true)
                case .failure: return nil
                case .bool, .text, .number, .date, .instant, .duration, .option, .options, .link, .links, .location, .list: registers[a] = Register(false)
                }
            case .isBlank: registers[a] = Register(registers[b].isBlank)
            case .not: registers[a] = Register(registers[b].mantissa == 0)
            case .minus:
                registers[a] = registers[b].isBlank || registers[c].isBlank ? .blank : Register(registers[b].mantissa - registers[c].mantissa)
            case .plusDays, .minusDays:
                let day = registers[b], count = registers[c]
                guard !day.isBlank, !count.isBlank else {
                    registers[a] = .blank
                    continue
                }
                guard let days = count.decimal.truncatedInt, days.magnitude <= 10_000_000 else { return nil }
                let sum = day.mantissa + Int128(now.operation == .plusDays ? days : -days)
                guard sum >= Int128(Day.first.daysSinceEpoch), sum <= Int128(Day.last.daysSinceEpoch) else { return nil }
                registers[a] = Register(sum)
            case .plusTime, .minusTime:
                let instant = registers[b], span = registers[c]
                guard !instant.isBlank, !span.isBlank else {
                    registers[a] = .blank
                    continue
                }
                let sum = now.operation == .plusTime ? instant.mantissa + span.mantissa : instant.mantissa - span.mantissa
                guard sum >= Int128(Instant.first.microseconds), sum <= Int128(Instant.last.microseconds) else { return nil }
                registers[a] = Register(sum)
            case .stepNumber:
                guard let number = try? numbers[b](frame, &machine) else { return nil }
                registers[a] = Register(number.mantissa, scale: Int(number.scale))
            case .stepTruth:
                guard let truth = try? truths[b](frame, &machine) else { return nil }
                registers[a] = Register(truth)
            case .jump: position = b
            case .jumpIfTrue: if registers[a].mantissa != 0 { position = b }
            case .jumpIfFalse: if registers[a].mantissa == 0 { position = b }
            case .giveNumber: return registers[a].isBlank ? .blank : .number(registers[a].decimal)
            case .giveTruth: return .bool(registers[a].mantissa != 0)
            case .giveDay: return registers[a].isBlank ? .blank : .date(Day(daysSinceEpoch: Int32(truncatingIfNeeded: registers[a].mantissa)))
            case .giveInstant: return registers[a].isBlank ? .blank : .instant(Instant(microseconds: Int64(truncatingIfNeeded: registers[a].mantissa)))
            case .giveDuration:
                guard !registers[a].isBlank else { return .blank }
                guard let microseconds = registers[a].mantissa.small else { return nil }
                return .duration(TimeSpan(microseconds: microseconds))
            case .giveStep: return try? values[b](frame, &machine)
            case .giveLiteral: return literals[b]
            }
        }
    }

    // MARK: Texts, by their bytes

    private static func begins(_ text: UnsafeBufferPointer<UInt8>, with part: [UInt8]) -> Bool {
        guard text.count >= part.count else { return false }
        for index in part.indices where text[index] != part[index] { return false }
        return true
    }

    private static func holds(_ text: UnsafeBufferPointer<UInt8>, _ part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        guard text.count >= part.count else { return false }
        for start in 0...(text.count - part.count) where text[start] == first {
            if begins(UnsafeBufferPointer(rebasing: text[start...]), with: part) { return true }
        }
        return false
    }

    /// Unicode scalars: bytes that begin one.
    private static func characters(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        for byte in text where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }

    // MARK: Arithmetic; neither side is blank

    @inline(__always)
    private static func sum(_ left: Register, _ right: Register, subtracts: Bool) -> Register? {
        var mine = left.mantissa, theirs = subtracts ? -right.mantissa : right.mantissa
        var scale = left.scale
        if left.scale != right.scale {
            // 2^63 × 10^18 is below 10^38.
            guard let small = mine.small, let other = theirs.small else { return nil }
            if left.scale < right.scale {
                guard right.scale - left.scale <= 18 else { return nil }
                mine = Int128(small) &* SmallPowers.wide(right.scale - left.scale)
                scale = right.scale
            } else {
                guard left.scale - right.scale <= 18 else { return nil }
                theirs = Int128(other) &* SmallPowers.wide(left.scale - right.scale)
            }
        }
        let (sum, overflow) = mine.addingReportingOverflow(theirs)
        guard !overflow, sum < ExactDecimal.limit, sum > -ExactDecimal.limit else { return nil }
        return Register(sum, scale: scale)
    }

    @inline(__always)
    private static func product(_ left: Register, _ right: Register) -> Register? {
        let scale = left.scale + right.scale
        guard scale <= ExactDecimal.maximumScale, let mine = left.mantissa.small, let theirs = right.mantissa.small else {
            guard let product = try? left.decimal.multiplied(by: right.decimal) else { return nil }
            return Register(product.mantissa, scale: Int(product.scale))
        }
        let product = Int128(mine) &* Int128(theirs)
        guard product < ExactDecimal.limit, product > -ExactDecimal.limit else { return nil }
        return Register(product, scale: scale)
    }

    @inline(__always)
    private static func rounded(_ number: Register, decimals: Int) -> Register? {
        if number.isBlank || number.scale <= decimals { return number }
        guard decimals >= 0, let small = number.mantissa.small, number.scale - decimals <= 18 else {
            guard let rounded = try? number.decimal.rounded(decimals: decimals) else { return nil }
            return Register(rounded.mantissa, scale: Int(rounded.scale))
        }
        let divisor = SmallPowers.narrow(number.scale - decimals)
        let (quotient, remainder) = small.quotientAndRemainder(dividingBy: divisor)
        let grows = remainder.magnitude >= divisor.magnitude - remainder.magnitude
        return Register(Int128(grows ? quotient + (small < 0 ? -1 : 1) : quotient), scale: decimals)
    }

    /// Negative, 0 or positive; with blanks what is said.
    @inline(__always)
    private static func compare(_ left: Register, _ right: Register, bothBlank: Int, oneBlank: Int) -> Int {
        if left.scale == right.scale {
            if left.isBlank { return bothBlank }
            return left.mantissa == right.mantissa ? 0 : left.mantissa < right.mantissa ? -1 : 1
        }
        if left.isBlank || right.isBlank { return oneBlank }
        return left.decimal.compared(to: right.decimal)
    }
}

/// Held by one reference: a program by value would have each of its tables counted at every evaluation.
final class SharedProgram: Sendable {
    let program: RegisterProgram

    init(_ program: RegisterProgram) {
        self.program = program
    }
}

extension RegisterProgram.Register {
    /// In normal form.
    @inline(__always)
    var decimal: ExactDecimal { ExactDecimal.normalized(mantissa, scale: Swift.max(0, scale)) }
}

/// 10^0 … 10^18, at hand.
private enum SmallPowers {
    @inline(__always)
    static func narrow(_ exponent: Int) -> Int64 { table.withUnsafeBufferPointer { $0[exponent] } }
    @inline(__always)
    static func wide(_ exponent: Int) -> Int128 { Int128(narrow(exponent)) }

    private static let table: [Int64] = [
        1, 10, 100, 1000, 10000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000, 1_000_000_000_000,
        10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
        1_000_000_000_000_000_000,
    ]
}
