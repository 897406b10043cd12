import Foundation
extension ExactDecimal: CustomStringConvertible {
    /// The number that is written, digit by digit: `12`, `-0.5`, `.5`, `1.5e-3`. More than 20 decimals are rounded half away
    /// from zero. Nil if it is no number, or has more than 38 digits.
    package init?(_ text: some StringProtocol) {
        guard let number = try? Self(parsing: text) else { return nil }
        self = number
    }

    /// As `init?`, telling why not.
    ///
    /// - Throws: `.badNumber`; `.overflow` beyond 38 digits.
    package init(parsing text: some StringProtocol) throws(FormulaFailure) {
        var reader = DecimalReader()
        for byte in text.utf8 {
            guard reader.take(byte) else { throw FormulaFailure(.badNumber) }
        }
        self = try reader.number()
    }

    /// The shortest plain spelling, without exponent: `1200000`, `-0.05`.
    package var description: String {
        if scale == 0 {
            if let small = mantissa.small { return String(small) }
            return String(mantissa)
        }
        var digits: [UInt8] = []
        digits.reserveCapacity(42)
        var rest = mantissa.magnitude
        while rest > UInt128(UInt64.max) {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            digits.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
            rest = quotient
            if digits.count == Int(scale) { digits.append(UInt8(ascii: ".")) }
        }
        var small = UInt64(truncatingIfNeeded: rest)
        while small > 0 || digits.count <= Int(scale) + 1 {
            digits.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: small % 10))
            small /= 10
            if digits.count == Int(scale) { digits.append(UInt8(ascii: ".")) }
        }
        if isNegative { digits.append(UInt8(ascii: "-")) }
        digits.reverse()
        return String(decoding: digits, as: UTF8.self)
    }

    /// The nearest binary number, for transcendental functions only.
    package var doubleValue: Double {
        // Both are exact in binary then, and dividing them rounds once.
        if mantissa.magnitude <= 1 << 53 { return Double(mantissa) / Double(PowersOfTen.wide[Int(scale)]) }
        return Double(description) ?? Double(mantissa) / Double(PowersOfTen.wide[Int(scale)])
    }

    /// The number in 15 significant digits, as transcendental functions give it.
    ///
    /// - Throws: `.domain` for what is no number; `.overflow` beyond 38 digits.
    package init(approximating double: Double) throws(FormulaFailure) {
        guard !double.isNaN else { throw FormulaFailure(.domain) }
        guard double.isFinite else { throw FormulaFailure(.overflow) }
        if let whole = Int64(exactly: double), whole.magnitude < 1_000_000_000_000_000 {
            self.init(whole)
            return
        }
        var text = double.description
        // The shortest text of a number lies on the same side of half a digit as the number itself, unless it is that half. Below a
        // millionth 20 decimals are fewer than 15 digits.
        if double.magnitude >= 1e-6, Self.endsInHalf(text) { text = String(format: "%.14e", double) }
        var reader = DecimalReader(significantDigits: 15)
        for byte in text.utf8 {
            guard reader.take(byte) else { throw FormulaFailure(.badNumber) }
        }
        self = try reader.number()
    }

    /// Whether it has sixteen significant digits, of which the last is a 5.
    private static func endsInHalf(_ text: String) -> Bool {
        var digits = 0
        var last: UInt8 = 0
        for byte in text.utf8 {
            guard byte != UInt8(ascii: "e") else { break }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { continue }
            if digits > 0 || byte != UInt8(ascii: "0") { digits += 1 }
            last = byte
        }
        return digits == 16 && last == UInt8(ascii: "5")
    }
}

/// Takes a number in byte by byte: sign, digits with a point, exponent.
private struct DecimalReader {
    private var isNegative = false
    private var mantissa: UInt128 = 0
    private var digits = 0
    private var decimals = 0
    /// Digits beyond what is kept, before the point.
    private var dropped = 0
    private var roundsUp: Bool?
    private var exponent = 0
    private var exponentIsNegative = false
    private var exponentDigits = 0
    private var sawDigit = false
    private var state = State.start
    private let kept: Int

    private enum State { case start, whole, fraction, exponentStart, exponentSign, exponent }

    /// `significantDigits`: how many are kept, at most 38; the next one decides about rounding up.
    init(significantDigits: Int = 38) {
        kept = significantDigits
    }

    mutating func take(_ byte: UInt8) -> Bool {
        switch (state, byte) {
        case (.start, UInt8(ascii: "-")):
            isNegative = true
            state = .whole
        case (.start, UInt8(ascii: "+")):
            state = .whole
        case (.start, UInt8(ascii: "0")...UInt8(ascii: "9")), (.whole, UInt8(ascii: "0")...UInt8(ascii: "9")):
            state = .whole
            sawDigit = true
            take(digit: byte - UInt8(ascii: "0"), isDecimal: false)
        case (.start, UInt8(ascii: ".")), (.whole, UInt8(ascii: ".")):
            state = .fraction
        case (.fraction, UInt8(ascii: "0")...UInt8(ascii: "9")):
            sawDigit = true
            take(digit: byte - UInt8(ascii: "0"), isDecimal: true)
        case (.whole, UInt8(ascii: "e")), (.whole, UInt8(ascii: "E")), (.fraction, UInt8(ascii: "e")), (.fraction, UInt8(ascii: "E")):
            guard sawDigit else { return false }
            state = .exponentStart
        case (.exponentStart, UInt8(ascii: "-")):
            exponentIsNegative = true
            state = .exponentSign
        case (.exponentStart, UInt8(ascii: "+")):
            state = .exponentSign
        case (.exponentStart, UInt8(ascii: "0")...UInt8(ascii: "9")), (.exponentSign, UInt8(ascii: "0")...UInt8(ascii: "9")),
            (.exponent, UInt8(ascii: "0")...UInt8(ascii: "9")):
            state = .exponent
            exponentDigits += 1
            // Beyond this every number is nothing or too great.
            if exponent < 100_000 { exponent = exponent * 10 + Int(byte - UInt8(ascii: "0")) }
        default:
            return false
        }
        return true
    }

    private mutating func take(digit: UInt8, isDecimal: Bool) {
        if digits == 0, digit == 0 {
            if isDecimal { decimals += 1 }
            return
        }
        if digits < kept {
            mantissa = mantissa * 10 + UInt128(digit)
            digits += 1
            if isDecimal { decimals += 1 }
        } else {
            if roundsUp == nil { roundsUp = digit >= 5 }
            if digit != 0 { lost = true }
            if !isDecimal { dropped += 1 }
        }
    }

    /// Whether a digit other than 0 was not kept.
    private var lost = false

    func number() throws(FormulaFailure) -> ExactDecimal {
        guard sawDigit, state != .exponentStart, state != .exponentSign else { throw FormulaFailure(.badNumber) }
        guard mantissa != 0 else { return .zero }
        // The value is mantissa × 10^power, and a little more if something was lost.
        let power = (exponentIsNegative ? -exponent : exponent) - decimals + dropped
        if power >= 0 {
            // More digits than are kept cannot be whole and exact.
            guard power <= 38, !(lost && kept == 38) else { throw FormulaFailure(.overflow) }
            let magnitude = WideMagnitude(product: mantissa + (roundsUp == true ? 1 : 0), PowersOfTen.wide[power])
            return try ExactDecimal(isNegative: isNegative, magnitude: magnitude, scale: 0)
        }
        let places = -power
        if places <= ExactDecimal.maximumScale {
            guard !(lost && kept == 38) else { throw FormulaFailure(.overflow) }
            let magnitude = WideMagnitude(high: 0, low: mantissa + (roundsUp == true ? 1 : 0))
            return try ExactDecimal(isNegative: isNegative, magnitude: magnitude, scale: places)
        }
        if places > 40 + 38 { return .zero }
        // The digits that were not kept lie behind the 20th decimal too, and cannot change which half it is.
        let drop = places - ExactDecimal.maximumScale
        guard drop <= 38 else { return .zero }
        let divisor = PowersOfTen.wide[drop]
        var (quotient, remainder) = mantissa.quotientAndRemainder(dividingBy: divisor)
        if remainder >= divisor - remainder { quotient += 1 }
        return try ExactDecimal(isNegative: isNegative, magnitude: WideMagnitude(high: 0, low: quotient), scale: ExactDecimal.maximumScale)
    }
}
