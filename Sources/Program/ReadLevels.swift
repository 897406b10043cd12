import Formula

/// How many times, at most, a change must pass from one record to another before it reaches a stored formula.
///
/// Followed level by level, every formula is computed when all that it reads has its final value, whatever the lengths of the ways to it.
/// Formulas that read each other around a circle of records, such as totals up a tree of departments, share a level: how far a change goes
/// there depends on the records.
struct ReadLevels {
    private(set) var ofFields: [FieldID: Int] = [:]

    private let reads: AppReads
    private let volatile: Set<FieldID>
    /// Tarjan's components: a component is complete before any that reads it.
    private var entered: [FieldID: Int] = [:]
    private var lowest: [FieldID: Int] = [:]
    private var open: [FieldID] = []

    /// - Parameter volatile: Fields that are not stored.
    init(_ reads: AppReads, _ volatile: Set<FieldID>) {
        self.reads = reads
        self.volatile = volatile
        for field in reads.ofFields.keys where entered[field] == nil && !volatile.contains(field) { visit(field) }
    }

    private mutating func visit(_ field: FieldID) {
        let number = entered.count
        entered[field] = number
        lowest[field] = number
        open.append(field)
        for (read, _) in steps(from: field) where isStored(read) {
            if entered[read] == nil {
                visit(read)
                lowest[field] = min(lowest[field] ?? number, lowest[read] ?? number)
            } else if ofFields[read] == nil {
                lowest[field] = min(lowest[field] ?? number, entered[read] ?? number)
            }
        }
        guard lowest[field] == number, let start = open.lastIndex(of: field) else { return }
        let component = open[start...]
        var level = 0
        for member in component {
            for (read, isElsewhere) in steps(from: member) where !component.contains(read) {
                level = max(level, (ofFields[read] ?? 0) + (isElsewhere ? 1 : 0))
            }
        }
        for member in component { ofFields[member] = level }
        open.removeSubrange(start...)
    }

    private func isStored(_ field: FieldID) -> Bool { reads.ofFields[field] != nil && !volatile.contains(field) }

    private func steps(from field: FieldID) -> [(read: FieldID, isElsewhere: Bool)] {
        guard let reads = reads.ofFields[field] else { return [] }
        return reads.own.map { ($0, false) } + reads.others.flatMap { other in
            [(other.field, true)] + DependentMaking.links(on: other.way).map { ($0.0, true) }
        }
    }
}
