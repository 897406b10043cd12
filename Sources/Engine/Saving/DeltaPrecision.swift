import Formula
import Model
import Program

/// Whether a rollup may be kept up to date by adding and subtracting the contribution of a child.
///
/// It may if contributions are read off the child alone, and if none can have more decimals than the rollup: then rounding the sum
/// and summing what is rounded are the same.
enum DeltaPrecision {
    static func isExact(_ dependent: Dependent, in app: CompiledApp) -> Bool {
        guard let delta = dependent.delta, dependent.wayBack.count == 1, case .parent? = dependent.wayBack.first else { return false }
        if let condition = delta.condition, !readsOnlyItself(condition.expression) { return false }
        switch delta.kind {
        case .count:
            return true
        case .sum:
            guard let value = delta.value, readsOnlyItself(value.expression), let decimals = app.model[dependent.field].decimals,
                let scale = scale(of: value.expression.root, in: app)
            else { return false }
            return scale <= decimals
        case .average:
            // What it is made of is kept as exact as it is.
            guard let value = delta.value else { return false }
            return readsOnlyItself(value.expression) && app.model[dependent.field].decimals != nil
        }
    }

    private static func readsOnlyItself(_ expression: CheckedExpression) -> Bool {
        let reads = expression.reads
        return reads.related.isEmpty && !reads.clock && !reads.user && !reads.change && reads.wholeObjects.isEmpty
    }

    /// The most decimals a number can have; nil if that is not known.
    private static func scale(of node: ExpressionNode, in app: CompiledApp) -> Int? {
        switch node.form {
        case .literal(.number(let number)): return Int(number.scale)
        case .literal(.blank): return 0
        case .field(let field, of: .this), .field(let field, of: .row): return app.model[field].decimals
        case .negate(let inner), .convert(.blankAsZero, let inner): return scale(of: inner, in: app)
        case .convert(.round(let decimals), _): return max(0, decimals)
        case .arithmetic(.add, let left, let right), .arithmetic(.subtract, let left, let right):
            guard let left = scale(of: left, in: app), let right = scale(of: right, in: app) else { return nil }
            return max(left, right)
        case .arithmetic(.multiply, let left, let right):
            guard let left = scale(of: left, in: app), let right = scale(of: right, in: app), left + right <= 20 else { return nil }
            return left + right
        case .conditional(let branches, let otherwise):
            var most = 0
            for value in branches.map(\.value) + [otherwise] {
                guard let one = scale(of: value, in: app) else { return nil }
                most = max(most, one)
            }
            return most
        case .literal, .field, .record, .follow, .variable, .bind, .arithmetic, .timeArithmetic, .concatenate, .compare, .and, .or, .not,
            .isBlank, .isValid, .oneOf, .member, .isObject, .contains, .coalesce, .ifError, .isError, .call, .aggregate, .convert:
            return nil
        }
    }
}
