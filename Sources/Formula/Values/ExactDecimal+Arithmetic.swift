extension ExactDecimal {
    /// Exact.
    ///
    /// - Throws: `.overflow` beyond 38 digits.
    @inline(__always)
    package func adding(_ other: ExactDecimal) throws(FormulaFailure) -> ExactDecimal {
        if scale == other.scale {
            let (sum, overflow) = mantissa.addingReportingOverflow(other.mantissa)
            if !overflow, sum < Self.limit, sum > -Self.limit { return Self.normalized(sum, scale: Int(scale)) }
        }
        return try addingUnlike(other)
    }

    /// Exact.
    ///
    /// - Throws: `.overflow` beyond 38 digits.
    @inline(__always)
    package func subtracting(_ other: ExactDecimal) throws(FormulaFailure) -> ExactDecimal {
        try adding(other.negated)
    }

    private func addingUnlike(_ other: ExactDecimal) throws(FormulaFailure) -> ExactDecimal {
        if mantissa == 0 { return other }
        if other.mantissa == 0 { return self }
        let common = max(scale, other.scale)
        let mineUp = Int(common - scale), theirsUp = Int(common - other.scale)
        if mineUp <= 18, theirsUp <= 18, mantissa.small != nil, other.mantissa.small != nil {
            // 2^63 × 10^18 + 2^63 is below 10^38, and the side with more decimals ends in a digit other than 0.
            let sum = mantissa &* Int128(PowersOfTen.wide[mineUp]) &+ other.mantissa &* Int128(PowersOfTen.wide[theirsUp])
            return Self.normalized(sum, scale: Int(common))
        }
        let left = WideMagnitude(product: mantissa.magnitude, PowersOfTen.wide[mineUp])
        let right = WideMagnitude(product: other.mantissa.magnitude, PowersOfTen.wide[theirsUp])
        if isNegative == other.isNegative {
            return try ExactDecimal(isNegative: isNegative, magnitude: left + right, scale: Int(common))
        }
        return right < left
            ? try ExactDecimal(isNegative: isNegative, magnitude: left - right, scale: Int(common))
            : try ExactDecimal(isNegative: other.isNegative, magnitude: right - left, scale: Int(common))
    }

    /// Rounded half away from zero at 20 decimals.
    ///
    /// - Throws: `.overflow` beyond 38 digits.
    @inline(__always)
    package func multiplied(by other: ExactDecimal) throws(FormulaFailure) -> ExactDecimal {
        let decimals = Int(scale) + Int(other.scale)
        if decimals <= Self.maximumScale, let left = mantissa.small, let right = other.mantissa.small {
            return Self.normalized(Int128(left) &* Int128(right), scale: decimals)
        }
        return try ExactDecimal(
            isNegative: isNegative != other.isNegative, magnitude: WideMagnitude(product: mantissa.magnitude, other.mantissa.magnitude),
            scale: decimals)
    }

    /// Rounded half away from zero at 20 decimals.
    ///
    /// - Throws: `.divisionByZero`; `.overflow` beyond 38 digits.
    package func divided(by other: ExactDecimal) throws(FormulaFailure) -> ExactDecimal {
        guard !other.isZero else { throw FormulaFailure(.divisionByZero) }
        let divisor = other.mantissa.magnitude
        let isNegative = isNegative != other.isNegative
        let shift = Int(other.scale) - Int(scale)
        if shift <= 0 {
            // 10^38 × 10^20 at most; the quotient has 20 decimals.
            let dividend = WideMagnitude(product: mantissa.magnitude, PowersOfTen.wide[Self.maximumScale + shift])
            var (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
            if remainder >= divisor - remainder { quotient = quotient + WideMagnitude(high: 0, low: 1) }
            return try ExactDecimal(isNegative: isNegative, magnitude: quotient, scale: Self.maximumScale)
        }
        // The whole part first, its decimals after, so that nothing passes 2^256.
        let dividend = WideMagnitude(product: mantissa.magnitude, PowersOfTen.wide[shift])
        let (whole, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
        guard whole < WideMagnitude(high: 0, low: Self.limit.magnitude) else { throw FormulaFailure(.overflow) }
        var (decimals, remainder) = WideMagnitude(product: rest, PowersOfTen.wide[Self.maximumScale])
            .quotientAndRemainder(dividingBy: divisor)
        if remainder >= divisor - remainder { decimals = decimals + WideMagnitude(high: 0, low: 1) }
        return try ExactDecimal(
            isNegative: isNegative, magnitude: WideMagnitude(product: whole.low, PowersOfTen.wide[Self.maximumScale]) + decimals,
            scale: Self.maximumScale)
    }

    /// The whole quotient, cut off towards zero, and what is left, which has the sign of the dividend; both exact.
    ///
    /// - Throws: `.divisionByZero`; `.overflow` if the quotient has more than 38 digits.
    package func quotientAndRemainder(
        dividingBy other: ExactDecimal
    ) throws(FormulaFailure) -> (quotient: ExactDecimal, remainder: ExactDecimal) {
        guard !other.isZero else { throw FormulaFailure(.divisionByZero) }
        let common = max(scale, other.scale)
        let divisor = WideMagnitude(product: other.mantissa.magnitude, PowersOfTen.wide[Int(common - other.scale)])
        let dividend = WideMagnitude(product: mantissa.magnitude, PowersOfTen.wide[Int(common - scale)])
        // A divisor that was scaled up beyond 128 bits is greater than a dividend that was not scaled.
        guard divisor.high == 0, !(dividend < divisor) else { return (.zero, self) }
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor.low)
        return (
            try ExactDecimal(isNegative: isNegative != other.isNegative, magnitude: quotient, scale: 0),
            try ExactDecimal(isNegative: isNegative, magnitude: WideMagnitude(high: 0, low: remainder), scale: Int(common))
        )
    }

    /// `self - divisor × floor(self / divisor)`: the sign of the divisor, as Excel's MOD.
    ///
    /// - Throws: `.divisionByZero`; `.overflow`.
    package func modulo(_ divisor: ExactDecimal) throws(FormulaFailure) -> ExactDecimal {
        guard !divisor.isZero else { throw FormulaFailure(.divisionByZero) }
        let common = max(scale, divisor.scale)
        let wideDivisor = WideMagnitude(product: divisor.mantissa.magnitude, PowersOfTen.wide[Int(common - divisor.scale)])
        let dividend = WideMagnitude(product: mantissa.magnitude, PowersOfTen.wide[Int(common - scale)])
        var rest = self
        if wideDivisor.high == 0 {
            let remainder = dividend.quotientAndRemainder(dividingBy: wideDivisor.low).remainder
            rest = try ExactDecimal(isNegative: isNegative, magnitude: WideMagnitude(high: 0, low: remainder), scale: Int(common))
        }
        return rest.isZero || rest.isNegative == divisor.isNegative ? rest : try rest.adding(divisor)
    }

    /// To the power of a whole number from 0 on, exactly; nil where that has more than 20 decimals.
    ///
    /// - Throws: `.overflow` beyond 38 digits.
    package func raised(toWhole exponent: Int) throws(FormulaFailure) -> ExactDecimal? {
        guard exponent >= 0 else { return nil }
        var result = ExactDecimal.one
        var base = self
        var left = exponent
        while left > 0 {
            if left & 1 == 1 {
                guard Int(result.scale) + Int(base.scale) <= Self.maximumScale else { return nil }
                result = try result.multiplied(by: base)
            }
            left >>= 1
            if left > 0 {
                guard Int(base.scale) * 2 <= Self.maximumScale else { return nil }
                base = try base.multiplied(by: base)
            }
        }
        return result
    }
}
