/// A 256-bit unsigned number: the room that exact products and quotients of 38-digit numbers need in between.
struct WideMagnitude: Equatable, Comparable {
    var high: UInt128
    var low: UInt128

    init(high: UInt128, low: UInt128) {
        self.high = high
        self.low = low
    }

    init(product left: UInt128, _ right: UInt128) {
        (high, low) = left.multipliedFullWidth(by: right)
    }

    static func < (left: WideMagnitude, right: WideMagnitude) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }

    /// The sum; both sides are far below 2^255.
    static func + (left: WideMagnitude, right: WideMagnitude) -> WideMagnitude {
        let (low, carry) = left.low.addingReportingOverflow(right.low)
        return WideMagnitude(high: left.high &+ right.high &+ (carry ? 1 : 0), low: low)
    }

    /// The difference; the left side is not the smaller one.
    static func - (left: WideMagnitude, right: WideMagnitude) -> WideMagnitude {
        let (low, borrow) = left.low.subtractingReportingOverflow(right.low)
        return WideMagnitude(high: left.high &- right.high &- (borrow ? 1 : 0), low: low)
    }

    /// `divisor` is not 0.
    func quotientAndRemainder(dividingBy divisor: UInt128) -> (quotient: WideMagnitude, remainder: UInt128) {
        if high == 0 {
            let (quotient, remainder) = low.quotientAndRemainder(dividingBy: divisor)
            return (WideMagnitude(high: 0, low: quotient), remainder)
        }
        let (top, rest) = high.quotientAndRemainder(dividingBy: divisor)
        let (bottom, remainder) = divisor.dividingFullWidth((rest, low))
        return (WideMagnitude(high: top, low: bottom), remainder)
    }
}

extension ExactDecimal {
    /// Rounds to 20 decimals half away from zero, drops trailing zeros, and checks the number of digits. `scale` is 0…40.
    init(isNegative: Bool, magnitude: WideMagnitude, scale: Int) throws(FormulaFailure) {
        var magnitude = magnitude
        var scale = scale
        if scale > Self.maximumScale {
            let divisor = PowersOfTen.wide[scale - Self.maximumScale]
            let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: divisor)
            magnitude = quotient
            if remainder >= divisor - remainder { magnitude = magnitude + WideMagnitude(high: 0, low: 1) }
            scale = Self.maximumScale
        }
        let limit = WideMagnitude(high: 0, low: Self.limit.magnitude)
        while scale > 0, !(magnitude < limit) {
            let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: 10)
            guard remainder == 0 else { throw FormulaFailure(.overflow) }
            magnitude = quotient
            scale -= 1
        }
        guard magnitude < limit else { throw FormulaFailure(.overflow) }
        let mantissa = Int128(magnitude.low)
        self = Self.normalized(isNegative ? -mantissa : mantissa, scale: scale)
    }
}
