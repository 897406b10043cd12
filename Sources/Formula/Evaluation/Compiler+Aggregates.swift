extension Compiler {
    /// A value over the rows of a set. Blanks are skipped; rows that fail are left out and counted.
    mutating func aggregate(_ aggregate: Aggregate, type: FormulaType) -> Step<Value> {
        useRow(aggregate.row)
        let itemType = itemType(of: aggregate)
        let needsOrder: Bool
        switch aggregate.kind {
        case .first, .last, .join, .sequence, .list: needsOrder = true
        case .sum, .count, .countBlank, .countDistinct, .average, .minimum, .maximum, .median, .product, .deviation, .populationDeviation,
            .variance, .populationVariance, .any, .all, .exists:
            needsOrder = false
        }
        let order = needsOrder ? aggregate.order : nil
        let keyOrder = order.map { ValueOrder($0.key.type) }
        let items = self.items(of: aggregate, key: order?.key)
        if aggregate.kind == .sequence { return sequence(aggregate, items, itemOrder: ValueOrder(itemType), keyOrder: keyOrder) }
        let separator = aggregate.arguments.first.map { value($0) }
        let kind = aggregate.kind
        let itemOrder = ValueOrder(itemType)
        return { frame, machine throws(Interruption) in
            var collector = Collector(
                kind: kind, itemType: itemType, itemOrder: itemOrder, keyOrder: keyOrder, descending: order?.descending ?? false)
            try items(frame, &machine, &collector)
            let text = try separator?(frame, &machine) ?? .text("、")
            if case .join = kind {
                return try collector.joined(by: ValueOrder.text(text), frame: frame)
            }
            return try Interruption.failing { () throws(FormulaFailure) in try collector.result() }
        }
    }

    private mutating func sequence(_ aggregate: Aggregate, _ items: @escaping Feed, itemOrder: ValueOrder, keyOrder: ValueOrder?) -> Step<Value> {
        let arguments = aggregate.arguments.map { value($0) }
        let itemType = itemType(of: aggregate)
        let descending = aggregate.order?.descending ?? false
        return { frame, machine throws(Interruption) in
            var within: Int64 = 0
            var steps: [String] = []
            for (position, argument) in arguments.enumerated() {
                let value = try argument(frame, &machine)
                if position > 0 { steps.append(ValueOrder.text(value)) } else if case .duration(let span) = value { within = span.microseconds }
            }
            var collector = Collector(kind: .sequence, itemType: itemType, itemOrder: itemOrder, keyOrder: keyOrder, descending: descending)
            try items(frame, &machine, &collector)
            return .bool(collector.holds(EventSequence(steps: steps, within: within)))
        }
    }

    private func itemType(of aggregate: Aggregate) -> FormulaType {
        if let value = aggregate.value { return value.type }
        switch aggregate.set {
        case .children(_, let link): return .link([link.object])
        case .all(let object): return .link([object])
        case .linked(let several): if case .links(let objects) = several.type { return .link(objects) } else { return .link([]) }
        case .users: return .link([])
        case .list(let list): return list.type.leaf
        case .scalars(let nodes): return (nodes.first { $0.type != .blank }?.type ?? .number).leaf
        }
    }

    private typealias Feed = @Sendable (Frame, inout Machine, inout Collector) throws(Interruption) -> Void

    private mutating func items(of aggregate: Aggregate, key: ExpressionNode?) -> Feed {
        switch aggregate.set {
        case .children(let parent, let link):
            let parent = value(parent)
            return rows(aggregate, key) { frame, machine throws(Interruption) in
                guard case .link(let id) = try parent(frame, &machine) else { return [] }
                return try Interruption.reading { try frame.source.rows(linking: link, to: id) }
            }
        case .linked(let several):
            let several = value(several)
            return rows(aggregate, key) { frame, machine throws(Interruption) in
                guard case .links(let records) = try several(frame, &machine) else { return [] }
                return try Interruption.reading { try records.sorted().compactMap { try frame.source.row($0) } }
            }
        case .all(let object):
            guard let (link, target) = aggregate.narrowing else {
                return rows(aggregate, key) { frame, _ throws(Interruption) in
                    try Interruption.reading { try frame.source.rows(of: object) }
                }
            }
            // Only rows that link to the same record can meet the condition, which is still asked. Without a record to link to, rows
            // without a link meet it: then all are looked at.
            let step = value(target)
            return rows(aggregate, key) { frame, machine throws(Interruption) in
                var record: RecordID?
                do throws(Interruption) {
                    if case .link(let id) = try step(frame, &machine) { record = id }
                } catch {
                    guard case .failure = error else { throw error }
                }
                if let record { return try Interruption.reading { try frame.source.rows(linking: link, to: record) } }
                return try Interruption.reading { try frame.source.rows(of: object) }
            }
        case .users(let role):
            return rows(aggregate, key) { frame, _ throws(Interruption) in
                try Interruption.reading { try frame.source.users(in: role) }
            }
        case .list(let list):
            return values([list])
        case .scalars(let nodes):
            return values(nodes)
        }
    }

    /// Plain values, and lists of them. What fails makes the whole fail: these are arguments and not rows.
    private mutating func values(_ nodes: [ExpressionNode]) -> Feed {
        let steps = nodes.map { value($0) }
        return { frame, machine, collector throws(Interruption) in
            for step in steps {
                let value = try step(frame, &machine)
                guard case .list(let list) = value else {
                    try Interruption.failing { () throws(FormulaFailure) in try collector.take(value, key: nil) }
                    continue
                }
                guard list.count <= EvaluationLimits.rows else { throw .failure(FormulaFailure(.limit)) }
                try machine.charge(list.count)
                for item in Value.list(list).leaves {
                    if case .failure(let failure) = item { throw .failure(failure) }
                    try Interruption.failing { () throws(FormulaFailure) in try collector.take(item, key: nil) }
                    if collector.isDone { return }
                }
            }
        }
    }

    private mutating func rows(_ aggregate: Aggregate, _ key: ExpressionNode?, from source: @escaping Step<[Row]>) -> Feed {
        let index = aggregate.row
        let condition = aggregate.condition.map { self.condition($0) }
        let item = aggregate.value.map { value($0) }
        let key = key.map { value($0) }
        let cost = 1 + (aggregate.condition?.size ?? 0) + (aggregate.value?.size ?? 0)
        return { frame, machine, collector throws(Interruption) in
            let rows = try source(frame, &machine)
            guard rows.count <= EvaluationLimits.rows else { throw .failure(FormulaFailure(.limit)) }
            let outer = machine.rows[index]
            defer { machine.rows[index] = outer }
            for row in rows {
                try machine.charge(cost)
                machine.rows[index] = row
                let value: Value
                let sortKey: Value?
                do throws(Interruption) {
                    if let condition, try !condition(frame, &machine) { continue }
                    value = try item?(frame, &machine) ?? .link(row.id)
                    sortKey = try key?(frame, &machine)
                } catch {
                    guard case .failure = error else { throw error }
                    machine.rowsLeftOut += 1
                    continue
                }
                try Interruption.failing { () throws(FormulaFailure) in try collector.take(value, key: sortKey) }
                if collector.isDone { return }
            }
        }
    }
}

extension Aggregate {
    /// The link that the condition holds equal to a record known outside the rows, alone or among others joined by `and`:
    /// `count(lead where owner = this and status = 'new')`.
    fileprivate var narrowing: (link: FieldID, target: ExpressionNode)? {
        guard let condition else { return nil }
        let parts = if case .and(let parts) = condition.form { parts } else { [condition] }
        for part in parts {
            guard case .compare(.equal, let left, let right) = part.form else { continue }
            for (side, other) in [(left, right), (right, left)] {
                guard case .field(let link, of: .row(row)) = side.form, case .link = side.type else { continue }
                switch other.form {
                case .record(let reference) where reference != .row(row), .field(_, of: let reference) where reference != .row(row): return (link, other)
                default: continue
                }
            }
        }
        return nil
    }
}

extension ExpressionNode {
    /// How many nodes it has, roughly: sets inside count once.
    var size: Int {
        switch form {
        case .literal, .field, .record, .variable: 1
        case .follow(let node, _), .negate(let node), .not(let node), .isBlank(let node), .isValid(let node, _), .isObject(let node, _), .isError(let node),
            .convert(_, let node):
            1 + node.size
        case .bind(_, let left, let right), .arithmetic(_, let left, let right), .timeArithmetic(_, let left, let right),
            .compare(_, let left, let right), .member(let left, let right), .contains(let left, let right), .ifError(let left, let right):
            1 + left.size + right.size
        case .concatenate(let nodes), .and(let nodes), .or(let nodes), .coalesce(let nodes), .call(_, let nodes):
            nodes.reduce(1) { $0 + $1.size }
        case .oneOf(let node, let nodes): nodes.reduce(1 + node.size) { $0 + $1.size }
        case .conditional(let branches, let otherwise): branches.reduce(1 + otherwise.size) { $0 + $1.condition.size + $1.value.size }
        case .aggregate: 1
        }
    }
}
