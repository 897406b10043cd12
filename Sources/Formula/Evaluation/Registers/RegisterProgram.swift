/// A formula as instructions over registers: the quick way for numbers, conditions, days and times read off one record.
///
/// It has an answer only where nothing unusual happens. At a failure, at more than 38 digits, at anything it does not know, it gives up, and
/// the steps of `Compiler`, which know everything, begin anew: a formula changes nothing, so evaluating it twice is harmless.
///
/// `@unchecked Sendable`: written once, before anybody else sees it; the memory behind the pointers is its own until its end.
final class RegisterProgram: @unchecked Sendable {
    private let code: UnsafePointer<Instruction>
    private let constants: UnsafePointer<Register>
    private let texts: UnsafePointer<ByteText>
    private let bytes: UnsafePointer<UInt8>
    private let arithmetic = RegisterArithmetic()
    /// A record with fewer values is none that it was made for.
    private let fieldCount: Int
    private let literals: [Value]
    private let numbers: [Step<ExactDecimal?>]
    private let conditions: [Step<Bool>]
    private let values: [Step<Value>]
    private let functions: [@Sendable (ExactDecimal) throws(FormulaFailure) -> ExactDecimal]
    /// Whether it needs a machine.
    let hasSteps: Bool

    /// A kilobyte of registers lies on the stack.
    static let mostRegisters = 32

    init(_ parts: RegisterCode) {
        code = Self.kept(parts.code)
        constants = Self.kept(parts.constants)
        var places: [ByteText] = []
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, parts.texts.reduce(0) { $0 + $1.utf8.count }))
        var end = bytes
        for text in parts.texts {
            places.append(ByteText(start: end, count: text.utf8.count))
            for byte in text.utf8 {
                end.initialize(to: byte)
                end += 1
            }
        }
        self.bytes = UnsafePointer(bytes)
        texts = Self.kept(places)
        fieldCount = parts.fieldCount
        literals = parts.literals
        numbers = parts.numbers
        conditions = parts.conditions
        values = parts.values
        functions = parts.functions
        hasSteps = !numbers.isEmpty || !conditions.isEmpty || !values.isEmpty
    }

    deinit {
        code.deallocate()
        constants.deallocate()
        texts.deallocate()
        bytes.deallocate()
        arithmetic.deallocate()
    }

    private static func kept<Part: BitwiseCopyable>(_ parts: [Part]) -> UnsafePointer<Part> {
        let memory = UnsafeMutablePointer<Part>.allocate(capacity: max(1, parts.count))
        memory.initialize(from: parts, count: parts.count)
        return UnsafePointer(memory)
    }

    /// The formula's value; nil where it gives up. Only if it has no steps.
    @inline(__always)
    func value(of frame: Frame) -> Value? {
        guard let count = frame.this?.values.count, count >= fieldCount else { return nil }
        return frame.this?.values.withUnsafeBufferPointer { fields in fields.baseAddress.flatMap { run($0) } }
    }

    /// The formula's value for a record of these values; nil where it gives up. Only if it has no steps.
    func value(of values: UnsafeBufferPointer<Value>) -> Value? {
        guard values.count >= fieldCount else { return nil }
        return values.baseAddress.flatMap { run($0) }
    }

    /// The formula's value; nil where it gives up.
    @inline(__always)
    func value(of frame: Frame, _ machine: inout Machine) -> Value? {
        guard let count = frame.this?.values.count, count >= fieldCount else { return nil }
        return frame.this?.values.withUnsafeBufferPointer { fields in fields.baseAddress.flatMap { run($0, frame, &machine) } }
    }

    /// The values of the records from a place on, as many as it has an answer for. Only if it has no steps.
    ///
    /// The pointers leave the closures that give them: `rows` holds the values of every record in place until this is over, so nobody
    /// needs to be counted for each.
    ///
    /// - Returns: How many values now stand at `values`.
    func values(of rows: [Row], from start: Int, into values: UnsafeMutablePointer<Value>) -> Int {
        withExtendedLifetime(rows) {
            withUnsafeTemporaryAllocation(of: Register.self, capacity: Self.mostRegisters) { memory in
                guard let registers = memory.baseAddress else { return 0 }
                var index = start
                while index < rows.count {
                    guard rows[index].values.count >= fieldCount, let fields = rows[index].values.withUnsafeBufferPointer({ $0.baseAddress }),
                        let value = run(fields, registers)
                    else { break }
                    (values + (index - start)).initialize(to: value)
                    index += 1
                }
                return index - start
            }
        }
    }

    private func run(_ fields: UnsafePointer<Value>) -> Value? {
        withUnsafeTemporaryAllocation(of: Register.self, capacity: Self.mostRegisters) { memory in
            guard let registers = memory.baseAddress else { return nil }
            return run(fields, registers)
        }
    }

    @inline(never)
    private func run(_ fields: UnsafePointer<Value>, _ registers: UnsafeMutablePointer<Register>) -> Value? {
        run(fields, registers, number: { _ in nil }, time: { _ in nil }, condition: { _ in nil }, step: { _ in nil })
    }

    @inline(never)
    private func run(_ fields: UnsafePointer<Value>, _ frame: Frame, _ machine: inout Machine) -> Value? {
        withUnsafeTemporaryAllocation(of: Register.self, capacity: Self.mostRegisters) { memory in
            guard let registers = memory.baseAddress else { return nil }
            return run(
                fields, registers,
                number: { step in
                    do throws(Interruption) {
                        return try numbers[step](frame, &machine).map { Register($0) } ?? .blank
                    } catch {
                        return nil
                    }
                },
                time: { step in (try? values[step](frame, &machine)).flatMap(Self.time) },
                condition: { step in try? conditions[step](frame, &machine) },
                step: { step in try? values[step](frame, &machine) })
        }
    }

    /// The closures give what a step gives; nil where it fails.
    @inline(__always)
    private func run(
        _ fields: UnsafePointer<Value>, _ registers: UnsafeMutablePointer<Register>, number: (Int) -> Register?, time: (Int) -> Register?,
        condition: (Int) -> Bool?, step: (Int) -> Value?
    ) -> Value? {
        let constants = constants, texts = texts, arithmetic = arithmetic
        var next = code
        while true {
            let now = next.pointee
            next += 1
            let a = Int(now.a), b = Int(now.b), c = Int(now.c)
            switch now.operation {
            case .loadNumber:
                guard let number = fields.number(b) else { return nil }
                registers[a] = number
            case .loadNumberOrZero:
                guard let number = fields.numberOrZero(b) else { return nil }
                registers[a] = number
            case .loadDay:
                guard let day = fields.day(b) else { return nil }
                registers[a] = day
            case .loadInstant:
                guard let instant = fields.instant(b) else { return nil }
                registers[a] = instant
            case .loadDuration:
                guard let span = fields.duration(b) else { return nil }
                registers[a] = span
            case .loadLength:
                guard let count = fields.text(b, { $0.scalarCount }, blank: 0) else { return nil }
                registers[a] = Register(Int64(count))
            case .loadConstant: registers[a] = constants[b]
            case .loadBlank: registers[a] = .blank
            case .copy: registers[a] = registers[b]
            case .loadProduct:
                guard let number = fields.numberOrZero(b), let product = arithmetic.product(number, constants[c]) else { return nil }
                registers[a] = product
            case .loadDaysBetween:
                guard let end = fields.day(b), let start = fields.day(c) else { return nil }
                registers[a] = end.isBlank || start.isBlank ? .blank : Register(end.mantissa &- start.mantissa)
            case .add:
                guard let sum = arithmetic.sum(registers[a], registers[b]) else { return nil }
                registers[a] = sum
            case .addConstant:
                guard let sum = arithmetic.sum(registers[a], constants[b]) else { return nil }
                registers[a] = sum
            case .addField:
                guard let number = fields.numberOrZero(b), let sum = arithmetic.sum(registers[a], number) else { return nil }
                registers[a] = sum
            case .addProduct:
                guard let number = fields.numberOrZero(b), let product = arithmetic.product(number, constants[c]),
                    let sum = arithmetic.sum(registers[a], product)
                else { return nil }
                registers[a] = sum
            case .subtract:
                guard let difference = arithmetic.difference(registers[a], registers[b]) else { return nil }
                registers[a] = difference
            case .subtractConstant:
                guard let difference = arithmetic.difference(registers[a], constants[b]) else { return nil }
                registers[a] = difference
            case .subtractField:
                guard let number = fields.numberOrZero(b), let difference = arithmetic.difference(registers[a], number) else { return nil }
                registers[a] = difference
            case .multiply:
                guard let product = arithmetic.product(registers[a], registers[b]) else { return nil }
                registers[a] = product
            case .multiplyConstant:
                guard let product = arithmetic.product(registers[a], constants[b]) else { return nil }
                registers[a] = product
            case .multiplyField:
                guard let number = fields.numberOrZero(b), let product = arithmetic.product(registers[a], number) else { return nil }
                registers[a] = product
            case .divide:
                guard let quotient = arithmetic.quotient(registers[a], registers[b]) else { return nil }
                registers[a] = quotient
            case .round:
                guard let rounded = arithmetic.rounded(registers[a], decimals: b) else { return nil }
                registers[a] = rounded
            case .negate: registers[a].mantissa = -registers[a].mantissa
            case .orZero: if registers[a].isBlank { registers[a] = .zero }
            case .call:
                guard let number = try? functions[b](registers[a].decimal) else { return nil }
                registers[a] = Register(number)
            case .year: if let parts = Self.parts(registers[a]) { registers[a] = Register(Int64(parts.year)) }
            case .month: if let parts = Self.parts(registers[a]) { registers[a] = Register(Int64(parts.month)) }
            case .quarter: if let parts = Self.parts(registers[a]) { registers[a] = Register(Int64((parts.month + 2) / 3)) }
            case .dayOfMonth: if let parts = Self.parts(registers[a]) { registers[a] = Register(Int64(parts.day)) }
            case .minus:
                let left = registers[b], right = registers[c]
                registers[a] = left.isBlank || right.isBlank ? .blank : Register(left.mantissa &- right.mantissa)
            case .plusDays, .minusDays:
                guard let moved = Self.day(registers[b], moved: registers[c], back: now.operation == .minusDays) else { return nil }
                registers[a] = moved
            case .plusTime, .minusTime:
                guard let moved = Self.instant(registers[b], moved: registers[c], back: now.operation == .minusTime) else { return nil }
                registers[a] = moved
            case .stepNumber:
                guard let number = number(b) else { return nil }
                registers[a] = number
            case .stepTime:
                guard let time = time(b) else { return nil }
                registers[a] = time
            case .jump: next = code + a
            case .jumpComparing:
                if !arithmetic.compare(registers[b], registers[c]).isDisjoint(with: now.outcomes) { next = code + a }
            case .jumpComparingConstant:
                if !arithmetic.compare(registers[b], constants[c]).isDisjoint(with: now.outcomes) { next = code + a }
            case .jumpComparingNumber:
                guard let number = fields.number(b) else { return nil }
                if !arithmetic.compare(number, constants[c]).isDisjoint(with: now.outcomes) { next = code + a }
            case .jumpComparingDay:
                guard let day = fields.day(b) else { return nil }
                if !arithmetic.compare(day, constants[c]).isDisjoint(with: now.outcomes) { next = code + a }
            case .jumpTruth:
                guard let truth = fields.truth(b) else { return nil }
                if truth == (now.outcomes == .all) { next = code + a }
            case .jumpBlankField:
                guard let isBlank = fields.isBlank(b) else { return nil }
                if isBlank == (now.outcomes == .all) { next = code + a }
            case .jumpBlank: if registers[b].isBlank == (now.outcomes == .all) { next = code + a }
            case .jumpText:
                let text = texts[c]
                guard let holds = fields.textOrOption(b, { text.isAll(of: $0) }, blank: false) else { return nil }
                if holds == (now.outcomes == .all) { next = code + a }
            case .jumpBeginning:
                let text = texts[c]
                guard let holds = fields.text(b, { text.begins($0) }, blank: false) else { return nil }
                if holds == (now.outcomes == .all) { next = code + a }
            case .jumpHolding:
                let text = texts[c]
                guard let holds = fields.text(b, { text.isHeld(by: $0) }, blank: false) else { return nil }
                if holds == (now.outcomes == .all) { next = code + a }
            case .jumpStep:
                guard let holds = condition(b) else { return nil }
                if holds == (now.outcomes == .all) { next = code + a }
            case .giveNumber: return registers[a].isBlank ? .blank : .number(registers[a].decimal)
            case .giveDay: return registers[a].isBlank ? .blank : .date(Day(daysSinceEpoch: Int32(truncatingIfNeeded: registers[a].mantissa)))
            case .giveInstant: return registers[a].isBlank ? .blank : .instant(Instant(microseconds: Int64(truncatingIfNeeded: registers[a].mantissa)))
            case .giveDuration:
                if registers[a].isBlank { return .blank }
                guard let microseconds = registers[a].mantissa.small else { return nil }
                return .duration(TimeSpan(microseconds: microseconds))
            case .giveField:
                if case .failure = fields[a] { return nil }
                return fields[a]
            case .giveStep: return step(a)
            case .giveLiteral: return literals[a]
            }
        }
    }

    // MARK: Days and times

    private static func day(_ day: Register, moved count: Register, back: Bool) -> Register? {
        if day.isBlank || count.isBlank { return .blank }
        guard let days = count.decimal.truncatedInt, days.magnitude <= 10_000_000 else { return nil }
        let moved = day.mantissa + Int128(back ? -days : days)
        guard moved >= Int128(Day.first.daysSinceEpoch), moved <= Int128(Day.last.daysSinceEpoch) else { return nil }
        return Register(moved)
    }

    /// Nil for a blank.
    @inline(never)
    private static func parts(_ day: Register) -> Day.Components? {
        day.isBlank ? nil : Day(daysSinceEpoch: Int32(truncatingIfNeeded: day.mantissa)).components
    }

    private static func instant(_ instant: Register, moved span: Register, back: Bool) -> Register? {
        if instant.isBlank || span.isBlank { return .blank }
        let moved = back ? instant.mantissa &- span.mantissa : instant.mantissa &+ span.mantissa
        guard moved >= Int128(Instant.first.microseconds), moved <= Int128(Instant.last.microseconds) else { return nil }
        return Register(moved)
    }

    private static func time(_ value: Value) -> Register? {
        switch value {
        case .blank: .blank
        case .date(let day): Register(Int64(day.daysSinceEpoch))
        case .instant(let instant): Register(instant.microseconds)
        case .duration(let span): Register(span.microseconds)
        case .bool, .number, .text, .option, .options, .link, .links, .location, .list, .failure: nil
        }
    }
}
