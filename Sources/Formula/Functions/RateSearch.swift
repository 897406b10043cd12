import Foundation

/// Looks for the rate of interest at which something is worth nothing.
enum RateSearch {
    /// A zero of `value` at a rate above −100 %: the one that Newton's method finds from `guess`, else the one nearest to it.
    ///
    /// - Throws: `.noConvergence` if none is found.
    static func root(near guess: Double, of value: (Double) -> Double) throws(FormulaFailure) -> Double {
        guard guess > -1 else { throw FormulaFailure(.domain) }
        // What is left of a rate so small is rounding.
        if let root = newton(from: guess, value) ?? nearest(to: guess, value) { return abs(root) < 1e-14 ? 0 : root }
        throw FormulaFailure(.noConvergence)
    }

    private static let newtonSteps = 60

    private static func newton(from guess: Double, _ value: (Double) -> Double) -> Double? {
        var rate = guess
        var previous = Double.infinity
        for _ in 0..<newtonSteps {
            let here = value(rate)
            if here == 0 { return rate }
            let width = max(abs(rate), 1e-3) * 1e-6
            let slope = (value(rate + width) - value(rate - width)) / (2 * width)
            let step = here / slope
            guard step.isFinite else { return nil }
            let next = rate - step
            guard next > -1, next.isFinite else { return nil }
            // No nearer any more: what is left is rounding.
            if abs(step) <= 1e-14 * max(abs(next), 1e-4) || (abs(step) <= 1e-11 * max(abs(next), 1e-4) && abs(step) >= previous) {
                return isChange(of: value, at: next) ? refined(next, value) : nil
            }
            previous = abs(step)
            rate = next
        }
        return nil
    }

    /// Whether the sign changes around the rate, so that it is a zero and not merely near one.
    private static func isChange(of value: (Double) -> Double, at rate: Double) -> Bool {
        let width = max(abs(rate), 1e-3) * 1e-8
        let low = value(rate - width), high = value(rate + width)
        return low == 0 || high == 0 || (low < 0) != (high < 0)
    }

    private static func refined(_ rate: Double, _ value: (Double) -> Double) -> Double {
        let width = max(abs(rate), 1e-3) * 1e-8
        return bisected(rate - width, rate + width, value) ?? rate
    }

    /// Over 1 + rate from e^−14 to e^20, in steps so narrow that two zeros of a real plan do not lie in one.
    private static func nearest(to guess: Double, _ value: (Double) -> Double) -> Double? {
        let centre = log1p(guess)
        var best: (low: Double, high: Double)?
        var distance = Double.infinity
        var last = (rate: expm1(-14.0), value: value(expm1(-14.0)))
        for position in 1...1700 {
            let logarithm = -14 + Double(position) * 0.02
            let rate = expm1(logarithm)
            let here = value(rate)
            if last.value.isFinite, here.isFinite, (last.value < 0) != (here < 0) || here == 0 {
                let away = abs(logarithm - 0.01 - centre)
                if away < distance { (best, distance) = ((last.rate, rate), away) }
            }
            last = (rate, here)
        }
        return best.flatMap { bisected($0.low, $0.high, value) }
    }

    /// Halves until no number lies between; nil if the sign does not change from one end to the other.
    private static func bisected(_ low: Double, _ high: Double, _ value: (Double) -> Double) -> Double? {
        var low = low, high = high
        let lowValue = value(low)
        if lowValue == 0 { return low }
        let highValue = value(high)
        if highValue == 0 { return high }
        guard (lowValue < 0) != (highValue < 0) else { return nil }
        for _ in 0..<200 {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { break }
            let here = value(middle)
            if here == 0 { return middle }
            if (here < 0) == (lowValue < 0) { low = middle } else { high = middle }
        }
        return abs(value(low)) <= abs(value(high)) ? low : high
    }
}
