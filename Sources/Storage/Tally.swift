package import Formula

/// What the average over the children of a record is made of, so that one child can be put in or taken out without looking at the others.
///
/// A store keeps it beside the record, from the first change on that needs it. Whoever changes what is counted keeps it true or drops it.
package struct Tally: Sendable, Hashable {
    package var total: ExactDecimal
    /// How many values; 0 or more.
    package var count: Int

    package init(total: ExactDecimal, count: Int) {
        self.total = total
        self.count = count
    }

    /// Nil beyond 38 digits.
    package func adding(_ other: Tally) -> Tally? {
        guard let total = try? total.adding(other.total) else { return nil }
        return Tally(total: total, count: count + other.count)
    }

    /// The average; blank of nothing.
    package var average: Value {
        guard count > 0 else { return .blank }
        do {
            return .number(try total.divided(by: ExactDecimal(count)))
        } catch {
            return .failure(error)
        }
    }
}
