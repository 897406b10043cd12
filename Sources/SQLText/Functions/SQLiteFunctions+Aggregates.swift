import Formula

extension SQLiteFunctions {
    /// `fx_sum(value, decimals)` and its like: a value is an INTEGER that stands for `value / 10^decimals`, or a number as TEXT.
    static let aggregates: [SQLFunction] =
        aggregate("fx_sum", 2) { Total(gives: .sum) } + aggregate("fx_average", 2) { Total(gives: .average) }
        + aggregate("fx_sum_duration", 1) { Total(gives: .sum, ofDurations: true) }
        + aggregate("fx_average_duration", 1) { Total(gives: .average, ofDurations: true) }
        + [
            SQLFunction(name: "fx_min", argumentCount: 1, body: .aggregate { Extreme(isMinimum: true) }),
            SQLFunction(name: "fx_max", argumentCount: 1, body: .aggregate { Extreme(isMinimum: false) }),
            SQLFunction(name: "fx_median", argumentCount: 2, body: .aggregate { Median() }),
        ]

    private static func aggregate(_ name: String, _ count: Int, _ make: @escaping @Sendable () -> Total) -> [SQLFunction] {
        [
            SQLFunction(name: name, argumentCount: count, body: .aggregate { make() }),
            SQLFunction(name: "\(name)_fails", argumentCount: count, body: .aggregate { FailureOf(total: make()) }),
        ]
    }

    static func decimal(_ arguments: [SQLArgument]) -> ExactDecimal? {
        guard arguments.count > 1, case .integer(let decimals) = arguments[1], decimals > 0, decimals <= 20, case .integer(let scaled) = arguments[0]
        else { return arguments.first.flatMap(decimal) }
        return ExactDecimal(scaled: scaled, decimals: Int(decimals))
    }
}

/// A sum or an average. Integers of one scale are added up in 128 bits; only what does not fit there, or is a text, takes the long way.
private struct Total: SQLAccumulator {
    enum Kind { case sum, average }

    private let kind: Kind
    private let ofDurations: Bool
    private var count = 0
    private var scaled: Int128 = 0
    private var decimals: Int64 = 0
    private var rest: ExactDecimal? = .zero

    init(gives kind: Kind, ofDurations: Bool = false) {
        self.kind = kind
        self.ofDurations = ofDurations
    }

    mutating func step(_ arguments: [SQLArgument]) {
        if case .integer(let number) = arguments[0] {
            if arguments.count > 1, case .integer(let places) = arguments[1] { decimals = places }
            count += 1
            // 2^63 rows of 2^63 each stay below 2^127.
            scaled &+= Int128(number)
            return
        }
        guard let number = SQLiteFunctions.decimal(arguments[0]) else { return }
        count += 1
        rest = rest.flatMap { try? $0.adding(number) }
    }

    /// Nil beyond 38 digits, or for a duration beyond 64 bits.
    func value() -> Value? {
        guard count > 0 else { return kind == .average ? .blank : ofDurations ? .duration(.zero) : .number(.zero) }
        guard let rest, (0...20).contains(decimals), var total = ExactDecimal(String(scaled)) else { return nil }
        do throws(FormulaFailure) {
            if decimals > 0 { total = try total.divided(by: ExactDecimal(1).shifted(Int(decimals))) }
            total = try total.adding(rest)
            if kind == .average { total = try total.divided(by: ExactDecimal(count)) }
        } catch {
            return nil
        }
        guard ofDurations else { return .number(total) }
        return total.scaled(decimals: 0).map { .duration(TimeSpan(microseconds: $0)) }
    }

    func result() -> SQLArgument { value().map(SQLiteFunctions.argument) ?? .null }
}

/// Whether a total has no value.
private struct FailureOf: SQLAccumulator {
    var total: Total

    mutating func step(_ arguments: [SQLArgument]) { total.step(arguments) }
    func result() -> SQLArgument { .integer(total.value() == nil ? 1 : 0) }
}

/// The least or the greatest number; NULL of none.
private struct Extreme: SQLAccumulator {
    let isMinimum: Bool
    private var best: ExactDecimal?

    init(isMinimum: Bool) {
        self.isMinimum = isMinimum
    }

    mutating func step(_ arguments: [SQLArgument]) {
        guard let number = SQLiteFunctions.decimal(arguments[0]) else { return }
        guard let best else {
            self.best = number
            return
        }
        if isMinimum ? number < best : best < number { self.best = number }
    }

    func result() -> SQLArgument { best.map(SQLiteFunctions.argument) ?? .null }
}

/// The number in the middle, or the mean of the two there; NULL of none.
private struct Median: SQLAccumulator {
    private var numbers: [ExactDecimal] = []

    mutating func step(_ arguments: [SQLArgument]) {
        if let number = SQLiteFunctions.decimal(arguments) { numbers.append(number) }
    }

    func result() -> SQLArgument {
        guard !numbers.isEmpty else { return .null }
        let sorted = numbers.sorted()
        let middle = sorted[(sorted.count - 1) / 2]
        guard let sum = try? middle.adding(sorted[sorted.count / 2]), let half = try? sum.divided(by: ExactDecimal(2)) else { return .null }
        return SQLiteFunctions.argument(half)
    }
}
