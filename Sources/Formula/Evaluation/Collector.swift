/// Takes the items of a set in, one by one, and gives the aggregate's value.
struct Collector {
    private let kind: Aggregate.Kind
    private let itemType: FormulaType
    private let itemOrder: ValueOrder
    private let keyOrder: ValueOrder?
    private let descending: Bool

    private var count = 0
    private var total = ExactDecimal.zero
    private var factors = ExactDecimal.one
    private var best: Value = .blank
    private var bestKey: Value = .blank
    private var items: [Value] = []
    private var keys: [Value] = []
    private var distinct: Set<DistinctValue> = []
    private var truth: Bool
    /// Whether no further item can change the result.
    private(set) var isDone = false

    init(kind: Aggregate.Kind, itemType: FormulaType, itemOrder: ValueOrder, keyOrder: ValueOrder?, descending: Bool) {
        self.kind = kind
        self.itemType = itemType
        self.itemOrder = itemOrder
        self.keyOrder = keyOrder
        self.descending = descending
        truth = kind == .all
    }

    /// - Throws: `.overflow` of a sum.
    mutating func take(_ item: Value, key: Value?) throws(FormulaFailure) {
        switch kind {
        case .any:
            if item == .bool(true) { decide(true) }
            return
        case .all:
            if item != .bool(true) { decide(false) }
            return
        case .exists:
            if !item.isBlank, item != .bool(false) { decide(true) }
            return
        case .countBlank:
            if item.isBlank { count += 1 }
            return
        case .sequence:
            guard !item.isBlank, let key, !key.isBlank else { return }
        case .list: break
        case .sum, .count, .countDistinct, .average, .minimum, .maximum, .median, .product, .deviation, .populationDeviation, .variance,
            .populationVariance, .first, .last, .join:
            guard !item.isBlank else { return }
        }
        count += 1
        switch kind {
        case .sum, .average: total = try total.adding(try amount(item))
        case .count: break
        case .countDistinct: distinct.insert(DistinctValue(item))
        case .minimum: if count == 1 || (itemOrder.compare(item, best) ?? 0) < 0 { best = item }
        case .maximum: if count == 1 || (itemOrder.compare(item, best) ?? 0) > 0 { best = item }
        case .median, .deviation, .populationDeviation, .variance, .populationVariance: items.append(item)
        case .product: factors = try factors.multiplied(by: try amount(item))
        case .first:
            guard let keyOrder, let key else {
                decide(true)
                best = item
                return
            }
            if count == 1 || directed(keyOrder.sortingCompare(key, bestKey)) < 0 { (best, bestKey) = (item, key) }
        case .last:
            if let keyOrder, let key, count > 1, directed(keyOrder.sortingCompare(key, bestKey)) < 0 { return }
            (best, bestKey) = (item, key ?? .blank)
        case .join, .sequence, .list:
            items.append(item)
            if let key { keys.append(key) }
        case .any, .all, .exists, .countBlank: break
        }
    }

    private mutating func decide(_ truth: Bool) {
        self.truth = truth
        isDone = true
    }

    private func directed(_ comparison: Int) -> Int { descending ? -comparison : comparison }

    private func amount(_ item: Value) throws(FormulaFailure) -> ExactDecimal {
        switch item {
        case .number(let number): number
        case .duration(let span): ExactDecimal(span.microseconds)
        case .blank, .bool, .text, .date, .instant, .option, .options, .location, .link, .links, .list, .failure: throw FormulaFailure(.domain)
        }
    }

    /// Back into the type of the items.
    private func value(_ amount: ExactDecimal) throws(FormulaFailure) -> Value {
        guard itemType == .duration else { return .number(amount) }
        guard let microseconds = amount.scaled(decimals: 0) else { throw FormulaFailure(.overflow) }
        return .duration(TimeSpan(microseconds: microseconds))
    }

    func result() throws(FormulaFailure) -> Value {
        switch kind {
        case .sum: return try value(total)
        case .count, .countBlank: return .number(ExactDecimal(count))
        case .countDistinct: return .number(ExactDecimal(distinct.count))
        case .average: return count == 0 ? .blank : try value(try total.divided(by: ExactDecimal(count)))
        case .minimum, .maximum, .first, .last: return best
        case .median: return try median()
        case .product: return count == 0 ? .blank : .number(factors)
        case .deviation: return try deviation(try variance().ofSample)
        case .populationDeviation: return try deviation(try variance().ofAll)
        case .variance: return try variance().ofSample.map(Value.number) ?? .blank
        case .populationVariance: return try variance().ofAll.map(Value.number) ?? .blank
        case .list: return .list(inOrder)
        case .any, .all, .exists: return .bool(truth)
        case .join, .sequence: return .blank
        }
    }

    private func variance() throws(FormulaFailure) -> Variance {
        var numbers: [ExactDecimal] = []
        for item in items { numbers.append(try amount(item)) }
        return Variance(numbers)
    }

    /// The square root of a variance, in the type of the items; blank for none.
    private func deviation(_ variance: ExactDecimal?) throws(FormulaFailure) -> Value {
        guard let variance else { return .blank }
        let root = try ExactDecimal(approximating: variance.doubleValue.squareRoot())
        return try value(itemType == .duration ? try root.rounded(decimals: 0) : root)
    }

    private func median() throws(FormulaFailure) -> Value {
        guard !items.isEmpty else { return .blank }
        let sorted = items.sorted { (itemOrder.compare($0, $1) ?? 0) < 0 }
        let middle = sorted[(sorted.count - 1) / 2]
        let other = sorted[sorted.count / 2]
        switch middle {
        case .number, .duration:
            return try value(amount(middle).adding(amount(other)).divided(by: ExactDecimal(2)))
        case .blank, .bool, .text, .date, .instant, .option, .options, .location, .link, .links, .list, .failure:
            // Between two days or options there is no middle; the earlier one stands for it.
            return middle
        }
    }

    /// Whether the items are the events of a sequence, at the times that are their keys.
    func holds(_ sequence: EventSequence) -> Bool {
        var sequence = sequence
        for position in positions {
            switch keys[position] {
            case .instant(let instant): sequence.take(ValueOrder.text(items[position]), at: instant.microseconds)
            case .date(let day): sequence.take(ValueOrder.text(items[position]), at: Int64(day.daysSinceEpoch) * Microseconds.perDay)
            case .blank, .bool, .number, .text, .duration, .option, .options, .location, .link, .links, .list, .failure: break
            }
            if sequence.isComplete { return true }
        }
        return false
    }

    /// The items by their keys.
    private var inOrder: [Value] { positions.map { items[$0] } }

    /// Where the items stand, by their keys.
    private var positions: [Int] {
        guard let keyOrder, keys.count == items.count else { return Array(items.indices) }
        // Sorting by position as well keeps rows of one key by id.
        return items.indices.sorted { left, right in
            let comparison = directed(keyOrder.sortingCompare(keys[left], keys[right]))
            return comparison == 0 ? left < right : comparison < 0
        }
    }

    /// The texts of the items, in order.
    func joined(by separator: String, frame: Frame) throws(Interruption) -> Value {
        var result = ""
        for (position, item) in inOrder.enumerated() {
            if position > 0 { result += separator }
            result += try Interruption.reading { try item.text(of: itemType, at: frame.moment) { try frame.source.title(of: $0) } }
            guard result.utf8.count <= TextLimit.bytes else { throw .failure(FormulaFailure(.limit)) }
        }
        return Value(text: result)
    }
}
