import Formula
import Model
import Program
import Storage

/// Step 9: formulas over links follow what changed, record by record, until nothing changes any more.
///
/// A work list of changed records, each with its own old and new image. For each, the program says which stored formulas elsewhere read
/// it and the way back to the records that own them. They are computed level by level (`CompiledComputation.level`), so that each is
/// computed once, when all that it reads is known; only where formulas read each other around a circle can it be more often. `sum`,
/// `count` and `average` over children take the difference where that is exact; all else is computed anew. Only values that differ are
/// written; they change neither the version nor who changed the record and when.
struct Propagation {
    struct Change {
        /// Nil: it was made. Its fields are then all in `changed`.
        let old: Row?
        /// Nil: it was deleted.
        let new: Row?
        let changed: Set<FieldID>
        var id: RecordID { new?.id ?? old?.id ?? RecordID(object: ObjectID(index: 0), number: 0) }
    }

    /// More than this many records in one save is a formula that reads whole tables for each record: better refused than slow for all.
    static let mostRecords = 20_000

    let engine: Engine
    let transaction: any WriteTransaction
    let rows: TransactionRows
    let moment: Moment
    let by: RecordID?

    /// Every record that changed, in order, with its images.
    private(set) var work: [Change] = []
    private var next = 0
    /// By level.
    private var due: [Int: Due] = [:]
    /// Values that were computed anew in this save: children that are still on the list are counted in them already.
    private var computedAnew: Set<Cell> = []
    private var written = 0

    private struct Cell: Hashable {
        let record: RecordID
        let field: FieldID
    }

    /// What one changed record means for the owner of a formula.
    private struct Task {
        let field: FieldID
        /// Nil: compute anew.
        var difference: Tally?
        /// Whether the field is an average, whose tally is kept.
        var isAverage = false
    }

    init(engine: Engine, transaction: any WriteTransaction, rows: TransactionRows, moment: Moment, by: RecordID?) {
        self.engine = engine
        self.transaction = transaction
        self.rows = rows
        self.moment = moment
        self.by = by
    }

    mutating func add(_ change: Change) {
        work.append(change)
    }

    /// What is to be computed at one level.
    private struct Due {
        /// In the order in which they are met, so that history is the same every time.
        var owners: [RecordID] = []
        var tasks: [RecordID: [Task]] = [:]

        mutating func add(_ task: Task, of owner: RecordID) {
            if tasks[owner] == nil { owners.append(owner) }
            tasks[owner, default: []].append(task)
        }
    }

    /// - Throws: `Refusal` if it goes too far.
    mutating func run() throws {
        while true {
            while next < work.count {
                try follow(work[next])
                next += 1
            }
            guard let level = due.keys.min(), let now = due.removeValue(forKey: level) else { return }
            for owner in now.owners { try refresh(owner, now.tasks[owner] ?? [], at: level) }
        }
    }

    private mutating func tell(_ owner: RecordID, _ task: Task) {
        due[engine.plans[task.field.object.index].levels[task.field.index], default: Due()].add(task, of: owner)
    }

    private mutating func follow(_ change: Change) throws {
        let plan = engine.plans[change.id.object.index]
        for (index, dependent) in plan.compiled.dependents.enumerated() where Self.concerns(change, dependent) {
            if plan.deltaIsExact[index], let delta = dependent.delta, case .parent(let link)? = dependent.wayBack.first {
                try differences(of: change, link: link, delta: delta, field: dependent.field)
                continue
            }
            for owner in try Self.owners(of: dependent.field.object, by: dependent.wayBack, change, rows) {
                tell(owner, Task(field: dependent.field, difference: nil))
            }
        }
    }

    /// Whether the change can matter to the formula at all.
    static func concerns(_ change: Change, _ dependent: Dependent) -> Bool {
        if change.old == nil || change.new == nil { return true }
        if case .parent(let link)? = dependent.wayBack.first, change.changed.contains(link) { return true }
        return !dependent.reads.isDisjoint(with: change.changed)
    }

    // MARK: The way back

    /// The records of an object to which the way leads from the record that changed, each once.
    static func owners(of object: ObjectID, by wayBack: [Dependent.Step], _ change: Change, _ rows: TransactionRows) throws -> [RecordID] {
        var found: [RecordID] = [change.id]
        for (position, step) in wayBack.enumerated() {
            var further: [RecordID] = []
            var seen: Set<RecordID> = []
            func reach(_ id: RecordID) { if seen.insert(id).inserted { further.append(id) } }
            switch step {
            case .everyone:
                for row in try rows.rows(of: object) { reach(row.id) }
            case .linkedBy(let link):
                for id in found {
                    for row in try rows.rows(linking: link, to: id) { reach(row.id) }
                }
            case .parent(let link):
                for id in found {
                    // Of the record that changed, both the parent it had and the one it has.
                    let images = position == 0 ? [change.old, change.new] : [try rows.row(id)]
                    for image in images {
                        for parent in image?[link].linkedRecords ?? [] { reach(parent) }
                    }
                }
            }
            found = further
        }
        return found.filter { $0.object == object }
    }

    // MARK: Differences

    private mutating func differences(of change: Change, link: FieldID, delta: Dependent.Delta, field: FieldID) throws {
        let isAverage = delta.kind == .average
        let before = try change.old.map { try contribution($0, link: link, delta: delta) } ?? nil
        let after = try change.new.map { try contribution($0, link: link, delta: delta) } ?? nil
        if let before, let after, before.parent == after.parent {
            guard let old = before.amount, let new = after.amount, let difference = new.adding(old.negated) else {
                tell(before.parent, Task(field: field, difference: nil, isAverage: isAverage))
                return
            }
            if !difference.isNothing { tell(before.parent, Task(field: field, difference: difference, isAverage: isAverage)) }
            return
        }
        if let before { tell(before.parent, Task(field: field, difference: before.amount?.negated, isAverage: isAverage)) }
        if let after { tell(after.parent, Task(field: field, difference: after.amount, isAverage: isAverage)) }
    }

    /// What a child adds to its parent's value: nil without a parent in whose object the formula stands; an amount of nil if it failed.
    private func contribution(_ child: Row, link: FieldID, delta: Dependent.Delta) throws -> (parent: RecordID, amount: Tally?)? {
        guard case .link(let parent) = child[link] else { return nil }
        let frame = Frame(this: child, moment: moment, source: rows)
        if let condition = delta.condition {
            switch try condition.value(in: frame) {
            case .bool(true): break
            case .failure: return (parent, nil)
            case .blank, .bool, .number, .text, .date, .instant, .duration, .option, .options, .location, .link, .links, .list: return (parent, .nothing)
            }
        }
        switch delta.kind {
        case .count:
            // `count(set.field)` counts the rows in which the field is filled.
            guard let value = delta.value else { return (parent, Tally(total: .one, count: 1)) }
            switch try value.value(in: frame) {
            case .blank: return (parent, .nothing)
            case .failure: return (parent, nil)
            case .bool, .number, .text, .date, .instant, .duration, .option, .options, .location, .link, .links, .list: return (parent, Tally(total: .one, count: 1))
            }
        case .sum, .average:
            switch try delta.value?.value(in: frame) {
            case .number(let number): return (parent, Tally(total: number, count: 1))
            case .failure: return (parent, nil)
            case nil, .blank, .bool, .text, .date, .instant, .duration, .option, .options, .location, .link, .links, .list: return (parent, .nothing)
            }
        }
    }

    // MARK: Refreshing an owner

    private mutating func refresh(_ owner: RecordID, _ tasks: [Task], at level: Int) throws {
        guard let old = try rows.row(owner) else { return }
        let plan = engine.plans[owner.object.index]
        var new = old
        var changed: Set<FieldID> = []
        for computation in plan.compiled.computedOrder {
            let field = computation.field
            let mine = tasks.filter { $0.field == field }
            guard !mine.isEmpty || !computation.ownReads.isDisjoint(with: changed) else { continue }
            if computation.level > level {
                tell(owner, Task(field: field, difference: nil))
                continue
            }
            let value: Value
            // A formula that also reads what has just changed on its own record is computed anew.
            if !mine.isEmpty, computation.ownReads.isDisjoint(with: changed),
                let kept = try keepUp(new[field], by: mine, cell: Cell(record: owner, field: field), decimals: computation.decimals)
            {
                value = kept
            } else if computation.looksAtMany, !mine.isEmpty, computation.ownReads.isDisjoint(with: changed),
                let counted = try transaction.computed(field, of: owner)
            {
                // Every record that it looks at is written already: the database goes over them by their index.
                value = counted
                computedAnew.insert(Cell(record: owner, field: field))
            } else {
                rows.propose(new)
                value = try computation.value(in: Frame(this: new, moment: moment, source: rows))
                if !mine.isEmpty { computedAnew.insert(Cell(record: owner, field: field)) }
            }
            guard value != new[field] else { continue }
            new[field] = value
            changed.insert(field)
        }
        try write(old: old, new: new, changed: changed)
    }

    /// The value with the differences added; nil if it must be computed anew.
    private mutating func keepUp(_ value: Value, by tasks: [Task], cell: Cell, decimals: Int?) throws -> Value? {
        if tasks.contains(where: \.isAverage) { return try keepUpAverage(by: tasks, cell: cell, decimals: decimals) }
        guard !computedAnew.contains(cell), case .number(var total) = value else { return nil }
        for task in tasks {
            guard let difference = task.difference?.total, let sum = try? total.adding(difference) else { return nil }
            total = sum
        }
        guard let decimals else { return .number(total) }
        return total.stored(decimals: decimals)
    }

    private mutating func keepUpAverage(by tasks: [Task], cell: Cell, decimals: Int?) throws -> Value? {
        var tally = computedAnew.contains(cell) ? nil : try transaction.tally(of: cell.field, record: cell.record)
        for task in tasks { tally = task.difference.flatMap { tally?.adding($0) } }
        if tally == nil {
            // Every child is written already, those that are still on the list too.
            tally = try transaction.computedTally(of: cell.field, record: cell.record)
            computedAnew.insert(cell)
        }
        try transaction.keep(tally, of: cell.field, record: cell.record)
        guard let average = tally?.average else { return nil }
        guard let decimals, case .number(let number) = average else { return average }
        return number.stored(decimals: decimals)
    }

    /// Writes what became of an owner and puts it on the list itself.
    mutating func write(old: Row, new: Row, changed: Set<FieldID>) throws {
        guard !changed.isEmpty else {
            rows.withdraw(new.id)
            return
        }
        written += 1
        guard written <= Self.mostRecords else {
            throw Refusal(.refused([Violation(.limit, .changesTooMuch(limit: Self.mostRecords))]))
        }
        try transaction.update(new, changed: changed)
        rows.wrote(new, of: new.id)
        try transaction.append(HistoryEntry(
            record: new.id, kind: .propagated, version: new.version, at: moment.now, by: by, changes: HistoryEntry.changes(old, new, changed)))
        add(Change(old: old, new: new, changed: changed))
    }
}

extension Tally {
    fileprivate static var nothing: Tally { Tally(total: .zero, count: 0) }
    fileprivate var isNothing: Bool { total.isZero && count == 0 }
    fileprivate var negated: Tally { Tally(total: total.negated, count: -count) }
}

extension Row {
    /// The record's version; 0 for one that never was saved.
    package var version: Int64 {
        guard case .number(let number) = self[.version] else { return 0 }
        return Int64(number.truncatedInt ?? 0)
    }
}

extension HistoryEntry {
    /// What differs, in the order of the fields; system fields are told by the entry itself.
    static func changes(_ old: Row?, _ new: Row?, _ changed: Set<FieldID>) -> [Change] {
        changed.filter { $0.index >= SystemField.allCases.count }.sorted { $0.index < $1.index }
            .map { Change(field: $0, old: old?[$0] ?? .blank, new: new?[$0] ?? .blank) }
    }
}
