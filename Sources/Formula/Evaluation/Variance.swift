/// How far numbers lie from their mean, squared and averaged.
struct Variance {
    private let numbers: [ExactDecimal]

    init(_ numbers: [ExactDecimal]) {
        self.numbers = numbers
    }

    /// Of numbers that are a sample; nil of fewer than two.
    var ofSample: ExactDecimal? {
        get throws(FormulaFailure) { numbers.count < 2 ? nil : try divided(by: numbers.count - 1) }
    }

    /// Of all numbers there are; nil of none.
    var ofAll: ExactDecimal? {
        get throws(FormulaFailure) { numbers.isEmpty ? nil : try divided(by: numbers.count) }
    }

    private func divided(by divisor: Int) throws(FormulaFailure) -> ExactDecimal {
        if let exact = try? exact(by: divisor) { return exact }
        let values = numbers.map(\.doubleValue)
        let mean = values.reduce(0, +) / Double(values.count)
        return try ExactDecimal(approximating: values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(divisor))
    }

    private struct Inexact: Error {}

    /// (n Σx² − (Σx)²) / (n × divisor), where squares keep all their decimals and nothing overflows.
    private func exact(by divisor: Int) throws -> ExactDecimal {
        guard numbers.allSatisfy({ Int($0.scale) * 2 <= ExactDecimal.maximumScale }) else { throw Inexact() }
        var sum = ExactDecimal.zero
        var squares = ExactDecimal.zero
        for number in numbers {
            sum = try sum.adding(number)
            squares = try squares.adding(try number.multiplied(by: number))
        }
        let count = ExactDecimal(numbers.count)
        return try squares.multiplied(by: count).subtracting(try sum.multiplied(by: sum)).divided(by: try count.multiplied(by: ExactDecimal(divisor)))
    }
}
