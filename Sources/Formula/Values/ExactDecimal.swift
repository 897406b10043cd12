/// An exact decimal number: `mantissa / 10^scale`, with at most 38 digits and a scale of 0…20.
///
/// Trailing zeros after the point are dropped, so equal numbers are equal in every bit. A result beyond 38 digits is the failure
/// OVERFLOW; a result with more than 20 decimals is rounded half away from zero at 20.
package struct ExactDecimal: Sendable, Hashable {
    package let mantissa: Int128
    package let scale: UInt8

    /// Decimals that any result is rounded to.
    package static let maximumScale = 20
    /// Every mantissa is below this: 38 digits.
    static let limit: Int128 = 100_000_000_000_000_000_000_000_000_000_000_000_000

    /// For numbers that are in normal form already.
    @inline(__always)
    init(normalMantissa mantissa: Int128, scale: UInt8) {
        self.mantissa = mantissa
        self.scale = scale
    }

    package static let zero = ExactDecimal(normalMantissa: 0, scale: 0)
    package static let one = ExactDecimal(normalMantissa: 1, scale: 0)

    package init(_ whole: Int) {
        self.init(normalMantissa: Int128(whole), scale: 0)
    }

    package init(_ whole: Int64) {
        self.init(normalMantissa: Int128(whole), scale: 0)
    }

    /// The number that a column holds as `scaled / 10^decimals`; `decimals` is 0…20.
    package init(scaled: Int64, decimals: Int) {
        precondition(decimals >= 0 && decimals <= Self.maximumScale, "a column has 0 to 20 decimals")
        self = Self.normalized(Int128(scaled), scale: decimals)
    }

    /// The number times `10^decimals`, rounded half away from zero, as a column holds it; nil if it does not fit.
    package func scaled(decimals: Int) -> Int64? {
        guard decimals >= 0 else { return nil }
        let shift = decimals - Int(scale)
        if shift >= 0 {
            guard shift <= 38 else { return mantissa == 0 ? 0 : nil }
            let (product, overflow) = mantissa.multipliedReportingOverflow(by: Int128(PowersOfTen.wide[shift]))
            return overflow ? nil : Int64(exactly: product)
        }
        return Int64(exactly: Self.divideHalfAway(mantissa, by: Int128(PowersOfTen.wide[-shift])))
    }

    package var isZero: Bool { mantissa == 0 }
    package var isNegative: Bool { mantissa < 0 }
    package var isWhole: Bool { scale == 0 }
    package var signum: Int { mantissa == 0 ? 0 : mantissa < 0 ? -1 : 1 }
    package var magnitude: ExactDecimal { mantissa < 0 ? negated : self }
    package var negated: ExactDecimal { ExactDecimal(normalMantissa: -mantissa, scale: scale) }

    /// Whole part as an Int, decimals cut off; nil if it does not fit.
    package var truncatedInt: Int? {
        if scale == 0 { return Int(exactly: mantissa) }
        return Int(exactly: mantissa / Int128(PowersOfTen.wide[Int(scale)]))
    }

    /// Drops trailing zeros after the point. `mantissa` is below the limit, `scale` is 0…20.
    @inline(__always)
    static func normalized(_ mantissa: Int128, scale: Int) -> ExactDecimal {
        // An odd mantissa is no multiple of ten.
        if scale == 0 || mantissa & 1 != 0 { return ExactDecimal(normalMantissa: mantissa, scale: UInt8(truncatingIfNeeded: scale)) }
        return dropZeros(mantissa, scale: scale)
    }

    private static func dropZeros(_ mantissa: Int128, scale: Int) -> ExactDecimal {
        if mantissa == 0 { return .zero }
        var scale = scale
        var wide = mantissa
        while scale > 0 {
            if var small = wide.small {
                while scale > 0, small % 10 == 0 {
                    small /= 10
                    scale -= 1
                }
                return ExactDecimal(normalMantissa: Int128(small), scale: UInt8(truncatingIfNeeded: scale))
            }
            let (quotient, remainder) = wide.quotientAndRemainder(dividingBy: 10)
            guard remainder == 0 else { break }
            wide = quotient
            scale -= 1
        }
        return ExactDecimal(normalMantissa: wide, scale: UInt8(truncatingIfNeeded: scale))
    }

    /// `divisor` is positive and at most 10^38.
    static func divideHalfAway(_ dividend: Int128, by divisor: Int128) -> Int128 {
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        // Twice the remainder may not fit, so the half is asked for the other way round.
        let rest = remainder.magnitude
        let up = rest >= divisor.magnitude - rest
        return up ? quotient + (dividend < 0 ? -1 : 1) : quotient
    }
}

extension ExactDecimal: Comparable {
    package static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        if left.scale == right.scale { return left.mantissa < right.mantissa }
        return left.compared(to: right) < 0
    }

    /// Negative, 0 or positive.
    package func compared(to other: ExactDecimal) -> Int {
        if scale == other.scale { return mantissa == other.mantissa ? 0 : mantissa < other.mantissa ? -1 : 1 }
        let mine = signum, theirs = other.signum
        if mine != theirs { return mine < theirs ? -1 : 1 }
        let common = max(scale, other.scale)
        let left = WideMagnitude(product: mantissa.magnitude, PowersOfTen.wide[Int(common - scale)])
        let right = WideMagnitude(product: other.mantissa.magnitude, PowersOfTen.wide[Int(common - other.scale)])
        if left == right { return 0 }
        return (left < right) == (mine > 0) ? -1 : 1
    }
}

/// 10^0 … 10^38.
enum PowersOfTen {
    static let wide: [UInt128] = {
        var powers: [UInt128] = [1]
        for _ in 1...38 { powers.append(powers[powers.count - 1] * 10) }
        return powers
    }()
}

extension Int128 {
    /// The same number in 64 bits, if it fits.
    @inline(__always)
    var small: Int64? {
        let low = Int64(truncatingIfNeeded: self)
        return Int128(low) == self ? low : nil
    }
}
