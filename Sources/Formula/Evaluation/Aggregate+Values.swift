extension Aggregate.Kind {
    /// Of plain values, as a formula over a list has it; a failure among them or of the whole is a failure.
    ///
    /// - Parameter separator: What `join` puts between texts.
    package func value(of items: [Value], separator: String) -> Value {
        guard items.count <= EvaluationLimits.rows else { return .failure(FormulaFailure(.limit)) }
        let type: FormulaType = items.contains { if case .duration = $0 { true } else { false } } ? .duration : .number
        var collector = Collector(kind: self, itemType: type, itemOrder: ValueOrder(type), keyOrder: nil, descending: false)
        do throws(FormulaFailure) {
            for item in items {
                if case .failure(let failure) = item { return .failure(failure) }
                try collector.take(item, key: nil)
                if collector.isDone { break }
            }
            if self == .join { return try joined(items, separator) }
            return try collector.result()
        } catch {
            return .failure(error)
        }
    }

    private func joined(_ items: [Value], _ separator: String) throws(FormulaFailure) -> Value {
        let moment = Moment(now: Instant(microseconds: 0), zone: .utc)
        var result = ""
        var isFirst = true
        for item in items where !item.isBlank {
            if !isFirst { result += separator }
            isFirst = false
            result += item.text(of: .text(.plain), at: moment) { _ in "" }
            guard result.utf8.count <= TextLimit.bytes else { throw FormulaFailure(.limit) }
        }
        return Value(text: result)
    }
}
