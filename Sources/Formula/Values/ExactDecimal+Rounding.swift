extension ExactDecimal {
    package enum Rounding: Sendable, Hashable {
        case halfAwayFromZero, towardZero, awayFromZero, down, up
    }

    /// To so many decimals; negative ones round to tens, hundreds and so on.
    ///
    /// - Throws: `.overflow` if rounding up leads beyond 38 digits.
    package func rounded(_ rounding: Rounding = .halfAwayFromZero, decimals: Int = 0) throws(FormulaFailure) -> ExactDecimal {
        let drop = Int(scale).subtractingReportingOverflow(decimals)
        guard !drop.overflow else { return decimals < 0 ? try roundedToNothing(rounding, decimals: decimals) : self }
        guard drop.partialValue > 0 else { return self }
        guard drop.partialValue <= 38 else { return try roundedToNothing(rounding, decimals: decimals) }
        let quotient: Int128
        let remainder: Int128
        let divisor = Int128(PowersOfTen.wide[drop.partialValue])
        if drop.partialValue <= 18, let small = mantissa.small {
            let parts = small.quotientAndRemainder(dividingBy: Int64(truncatingIfNeeded: divisor))
            (quotient, remainder) = (Int128(parts.quotient), Int128(parts.remainder))
        } else {
            (quotient, remainder) = mantissa.quotientAndRemainder(dividingBy: divisor)
        }
        guard remainder != 0 else { return try Self.placed(quotient, decimals: decimals) }
        let grows: Bool
        switch rounding {
        case .halfAwayFromZero: grows = remainder.magnitude >= divisor.magnitude - remainder.magnitude
        case .towardZero: grows = false
        case .awayFromZero: grows = true
        case .down: grows = isNegative
        case .up: grows = !isNegative
        }
        return try Self.placed(grows ? quotient + (isNegative ? -1 : 1) : quotient, decimals: decimals)
    }

    /// Where every digit is dropped.
    private func roundedToNothing(_ rounding: Rounding, decimals: Int) throws(FormulaFailure) -> ExactDecimal {
        guard !isZero else { return .zero }
        let grows: Bool
        switch rounding {
        case .halfAwayFromZero, .towardZero: grows = false
        case .awayFromZero: grows = true
        case .down: grows = isNegative
        case .up: grows = !isNegative
        }
        return grows ? try Self.placed(isNegative ? -1 : 1, decimals: decimals) : .zero
    }

    /// `mantissa / 10^decimals`; negative decimals multiply.
    private static func placed(_ mantissa: Int128, decimals: Int) throws(FormulaFailure) -> ExactDecimal {
        if decimals >= 0 { return normalized(mantissa, scale: decimals) }
        if mantissa == 0 { return .zero }
        guard decimals >= -38 else { throw FormulaFailure(.overflow) }
        return try ExactDecimal(
            isNegative: mantissa < 0, magnitude: WideMagnitude(product: mantissa.magnitude, PowersOfTen.wide[-decimals]), scale: 0)
    }

    /// The greatest whole number that is not above.
    package var floor: ExactDecimal { whole(.down) }
    /// The smallest whole number that is not below.
    package var ceiling: ExactDecimal { whole(.up) }
    /// Without decimals.
    package var truncated: ExactDecimal { whole(.towardZero) }

    private func whole(_ rounding: Rounding) -> ExactDecimal {
        // Whole parts of numbers with decimals have at most 37 digits, so there is room for one more.
        (try? rounded(rounding, decimals: 0)) ?? self
    }
}
