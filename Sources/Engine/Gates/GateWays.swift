import Formula
import Model
import Program

/// How a condition can be met, read off its formula: a field of the record to fill in, or a record to add to a child set. Pure.
///
/// `exists(files where kind = 'minutes' and format = 'pdf')` → add a file with these two given. `size(pain_points) >= 3` → fill in
/// `pain_points`. A formula field is looked through: `talks >= 2` with `talks: count(activities where is_talk)` → add an activity.
enum GateWays {
    /// Formula fields looked through one behind the other; deeper chains are seldom something to be filled in on the spot.
    private static let mostHops = 4

    static func ways(to condition: CheckedExpression, in model: CheckedApp) -> [GateWay] {
        var found: [GateWay] = []
        collect(condition.root, in: model, hops: 0, into: &found)
        return found
    }

    /// How what stands against a save can be mended: the field it is about, else what its rule reads.
    static func ways(toMend violation: Violation, of object: CompiledObject, in model: CheckedApp) -> [GateWay] {
        if let name = violation.rule, let rule = object.rules.first(where: { $0.rule.name == name }) { return ways(to: rule.rule.must, in: model) }
        guard let field = violation.field, model[field].isWritable else { return [] }
        if case .stage = model[field].kind { return [] }
        return [.fill(field)]
    }

    private static func collect(_ node: ExpressionNode, in model: CheckedApp, hops: Int, into found: inout [GateWay]) {
        if case .aggregate(let aggregate) = node.form {
            if let way = adding(to: aggregate, in: model) {
                if !found.contains(way) { found.append(way) }
                return
            }
        }
        if case .field(let id, of: .this) = node.form {
            let field = model[id]
            if field.isWritable {
                if case .stage = field.kind { return }
                if !found.contains(.fill(id)) { found.append(.fill(id)) }
            } else if let computed = field.computed, hops < mostHops {
                for expression in computed.expressions { collect(expression.root, in: model, hops: hops + 1, into: &found) }
            }
            return
        }
        // Along a link only the link itself is the record's own to fill in.
        if case .follow(let link, _) = node.form {
            collect(link, in: model, hops: hops, into: &found)
            return
        }
        for child in node.children { collect(child, in: model, hops: hops, into: &found) }
    }

    private static func adding(to aggregate: Aggregate, in model: CheckedApp) -> GateWay? {
        guard case .children(let owner, let link) = aggregate.set, case .record(.this) = owner.form else { return nil }
        var preset: [FieldID: Value] = [:]
        if let condition = aggregate.condition { read(condition, row: .row(aggregate.row), hops: 0, in: model, into: &preset) }
        return .add(object: link.object, link: link, preset: preset)
    }

    /// The values that a new child must have for the condition to hold: from `and`, all; from `or`, those of the first side.
    private static func read(_ node: ExpressionNode, row: RowReference, hops: Int, in model: CheckedApp, into preset: inout [FieldID: Value]) {
        switch node.form {
        case .and(let parts):
            for part in parts { read(part, row: row, hops: hops, in: model, into: &preset) }
        case .or(let parts):
            if let first = parts.first { read(first, row: row, hops: hops, in: model, into: &preset) }
        case .convert(.blankAsFalse, let inner):
            read(inner, row: row, hops: hops, in: model, into: &preset)
        case .compare(.equal, let left, let right):
            if let (field, value) = equality(left, right, row) ?? equality(right, left, row) { give(value, to: field, in: model, &preset) }
        case .oneOf(let subject, let options):
            if let first = options.first, let (field, value) = equality(subject, first, row) { give(value, to: field, in: model, &preset) }
        case .field(let id, of: let reference) where reference == row && model[id].kind == .bool:
            if model[id].isWritable {
                give(.bool(true), to: id, in: model, &preset)
            } else if case .formula(let formula)? = model[id].computed, hops < mostHops {
                read(formula.root, row: .this, hops: hops + 1, in: model, into: &preset)
            }
        case .literal, .field, .record, .follow, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .not, .isBlank,
            .isValid, .member, .isObject, .contains, .conditional, .coalesce, .ifError, .isError, .call, .aggregate, .convert:
            break
        }
    }

    private static func equality(_ left: ExpressionNode, _ right: ExpressionNode, _ row: RowReference) -> (FieldID, Value)? {
        guard case .field(let id, of: let reference) = left.form, reference == row, case .literal(let value) = right.form else { return nil }
        return (id, value)
    }

    private static func give(_ value: Value, to field: FieldID, in model: CheckedApp, _ preset: inout [FieldID: Value]) {
        guard model[field].isWritable, preset[field] == nil else { return }
        preset[field] = value
    }
}
