import Formula
import Model

/// Turns what fields read around: for each object, whom a change of its records concerns.
struct DependentMaking {
    /// By `ObjectID.index`.
    let byObject: [[Dependent]]

    private struct Key: Hashable {
        let object: ObjectID
        let field: FieldID
        let way: [FieldReads.Step]
    }

    init(_ model: CheckedApp, _ reads: AppReads, _ volatile: Set<FieldID>) {
        var order: [Key] = []
        var fieldsRead: [Key: Set<FieldID>] = [:]
        func add(_ read: FieldID, at way: [FieldReads.Step], by field: FieldID) {
            let key = Key(object: read.object, field: field, way: way)
            if fieldsRead[key] == nil { order.append(key) }
            fieldsRead[key, default: []].insert(read)
        }
        for object in model.objects {
            for field in object.fields {
                guard !volatile.contains(field.id), let read = reads.ofFields[field.id] else { continue }
                for other in read.others.sorted(by: Self.precedes) {
                    add(other.field, at: other.way, by: field.id)
                    for (link, way) in Self.links(on: other.way) { add(link, at: way, by: field.id) }
                }
            }
        }
        var byObject: [[Dependent]] = model.objects.map { _ in [] }
        for key in order {
            let way = Self.back(key.way)
            byObject[key.object.index].append(
                Dependent(field: key.field, reads: fieldsRead[key] ?? [], wayBack: way, delta: Self.delta(of: key.field, way, model)))
        }
        self.byObject = byObject
    }

    /// The link fields of other records on the way, each with the way to its record: to re-link those matters too.
    static func links(on way: [FieldReads.Step]) -> [(FieldID, [FieldReads.Step])] {
        way.indices.compactMap { index in
            switch way[index] {
            case .link(let link): index == 0 ? nil : (link, Array(way[..<index]))
            case .children(let link): (link, Array(way[...index]))
            case .everyone: nil
            }
        }
    }

    static func back(_ way: [FieldReads.Step]) -> [Dependent.Step] {
        // Behind "every record" it does not matter how the record was reached.
        if way.contains(where: { if case .everyone = $0 { true } else { false } }) { return [.everyone] }
        return way.reversed().compactMap { step in
            switch step {
            case .link(let link): .linkedBy(link)
            case .children(let link): .parent(link)
            case .everyone: nil
            }
        }
    }

    /// A fixed order, whatever the hash seed: history is the same every time.
    static func precedes(_ left: FieldReads.Other, _ right: FieldReads.Other) -> Bool {
        func numbers(_ other: FieldReads.Other) -> [Int] {
            other.way.flatMap { step -> [Int] in
                switch step {
                case .link(let field): [0, field.object.index, field.index]
                case .children(let field): [1, field.object.index, field.index]
                case .everyone(let object): [2, object.index, 0]
                }
            } + [-1, other.field.object.index, other.field.index]
        }
        return numbers(left).lexicographicallyPrecedes(numbers(right))
    }

    // MARK: Differences

    /// For a formula that is a `sum`, a `count` or an `average` straight over children, and reads of each child nothing but its own fields.
    private static func delta(of field: FieldID, _ way: [Dependent.Step], _ model: CheckedApp) -> Dependent.Delta? {
        // A child of several parents is added to each of them: those are computed anew.
        guard way.count == 1, case .parent(let link)? = way.first, !model[link].kind.isSeveralLinks, case .formula(let formula)? = model[field].computed else { return nil }
        var root = formula.root
        while case .convert(.blankAsZero, let inner) = root.form { root = inner }
        guard case .aggregate(let aggregate) = root.form else { return nil }
        let condition: ExpressionNode?
        switch aggregate.set {
        case .children(let parent, link):
            guard case .record(.this) = parent.form else { return nil }
            condition = aggregate.condition
        case .all, .users, .linked, .list, .scalars, .children:
            return nil
        }
        let kind: Dependent.Delta.Kind
        switch aggregate.kind {
        case .sum: kind = .sum
        case .count: kind = .count
        // Lengths of time are computed anew.
        case .average where aggregate.value?.type.isNumeric == true: kind = .average
        case .countBlank, .countDistinct, .average, .minimum, .maximum, .median, .product, .deviation, .populationDeviation, .variance,
            .populationVariance, .any, .all, .exists, .first, .last, .join, .sequence, .list:
            return nil
        }
        if kind != .count, aggregate.value == nil { return nil }
        let parts = [condition, aggregate.value].compactMap { $0 }
        guard parts.allSatisfy({ $0.readsOnly(row: aggregate.row) }) else { return nil }
        func evaluator(_ node: ExpressionNode?) -> Evaluator? {
            node.map { Evaluator($0.asFormula(of: aggregate.row, in: formula)) }
        }
        return Dependent.Delta(kind: kind, condition: evaluator(condition), value: evaluator(aggregate.value))
    }
}

extension ExpressionNode {
    /// Whether it reads fields of that row and nothing else.
    fileprivate func readsOnly(row: Int) -> Bool {
        var isSimple = true
        forEach { node in
            switch node.form {
            case .field(_, .row(row)): break
            case .field, .record, .follow, .aggregate: isSimple = false
            case .convert(.toText, let value):
                // The names of records are read from their fields.
                if !value.type.linkedObjects.isEmpty { isSimple = false }
            case .literal, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not, .isBlank, .isValid, .oneOf,
                .member, .isObject, .contains, .conditional, .coalesce, .ifError, .isError, .call, .convert:
                break
            }
        }
        return isSimple
    }

    /// The node as a formula of the row's own record: `row(n)` becomes `this`.
    fileprivate func asFormula(of row: Int, in formula: CheckedExpression) -> CheckedExpression {
        var reads = FormulaReads()
        forEach { if case .field(let field, .row(row)) = $0.form { reads.own.insert(field) } }
        return CheckedExpression(root: rerooted(row), source: formula.source, reads: reads, variableCount: formula.variableCount)
    }

    private func rerooted(_ row: Int) -> ExpressionNode {
        if case .field(let field, .row(row)) = form {
            return ExpressionNode(.field(field, of: .this), type: type, mayBeBlank: mayBeBlank, range: range)
        }
        return mapChildren { $0.rerooted(row) }
    }

    /// The node with each node directly below replaced.
    private func mapChildren(_ change: (ExpressionNode) -> ExpressionNode) -> ExpressionNode {
        let changed: Form =
            switch form {
            // Sets, and what reads other records, do not stand in what is re-rooted.
            case .literal, .field, .record, .variable, .aggregate: form
            case .follow(let node, let field): .follow(change(node), field)
            case .bind(let slot, let value, let body): .bind(slot: slot, change(value), body: change(body))
            case .arithmetic(let op, let left, let right): .arithmetic(op, change(left), change(right))
            case .negate(let node): .negate(change(node))
            case .timeArithmetic(let op, let left, let right): .timeArithmetic(op, change(left), change(right))
            case .concatenate(let nodes): .concatenate(nodes.map(change))
            case .compare(let op, let left, let right): .compare(op, change(left), change(right))
            case .and(let nodes): .and(nodes.map(change))
            case .or(let nodes): .or(nodes.map(change))
            case .not(let node): .not(change(node))
            case .isBlank(let node): .isBlank(change(node))
            case .isValid(let node, let kind): .isValid(change(node), kind)
            case .isObject(let node, let object): .isObject(change(node), object)
            case .oneOf(let node, let nodes): .oneOf(change(node), nodes.map(change))
            case .member(let node, let of): .member(change(node), of: change(of))
            case .contains(let node, let part): .contains(change(node), change(part))
            case .conditional(let branches, let otherwise):
                .conditional(
                    branches.map { Form.Branch(condition: change($0.condition), value: change($0.value)) }, otherwise: change(otherwise))
            case .coalesce(let nodes): .coalesce(nodes.map(change))
            case .ifError(let node, let other): .ifError(change(node), change(other))
            case .isError(let node): .isError(change(node))
            case .call(let function, let nodes): .call(function, nodes.map(change))
            case .convert(let conversion, let node): .convert(conversion, change(node))
            }
        return ExpressionNode(changed, type: type, mayBeBlank: mayBeBlank, range: range)
    }
}
