package import Formula

extension ExpressionNode {
    /// Calls `visit` for the node and every node below it, outer ones first.
    package func forEach(_ visit: (ExpressionNode) -> Void) {
        visit(self)
        for child in children { child.forEach(visit) }
    }

    /// Whether it reads anything of a record, whichever that is; the clock, the reader and inputs are none.
    package var readsRecords: Bool {
        var reads = false
        forEach { node in
            switch node.form {
            case .field, .record, .follow, .aggregate: reads = true
            case .literal, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not, .isBlank, .isValid, .oneOf,
                .member, .isObject, .contains, .conditional, .coalesce, .ifError, .isError, .call, .convert:
                break
            }
        }
        return reads
    }

    /// The nodes directly below.
    package var children: [ExpressionNode] {
        switch form {
        case .literal, .field, .record, .variable: []
        case .follow(let node, _), .negate(let node), .not(let node), .isBlank(let node), .isValid(let node, _), .isObject(let node, _), .isError(let node),
            .convert(_, let node):
            [node]
        case .bind(_, let value, let body): [value, body]
        case .arithmetic(_, let left, let right), .timeArithmetic(_, let left, let right), .compare(_, let left, let right),
            .member(let left, let right), .contains(let left, let right), .ifError(let left, let right):
            [left, right]
        case .concatenate(let nodes), .and(let nodes), .or(let nodes), .coalesce(let nodes), .call(_, let nodes): nodes
        case .oneOf(let node, let nodes): [node] + nodes
        case .conditional(let branches, let otherwise): branches.flatMap { [$0.condition, $0.value] } + [otherwise]
        case .aggregate(let aggregate): aggregate.children
        }
    }
}

extension Aggregate {
    fileprivate var children: [ExpressionNode] {
        let own = [value, condition, order?.key].compactMap { $0 } + arguments
        switch set {
        case .children(let parent, _): return [parent] + own
        case .list(let list), .linked(let list): return [list] + own
        case .scalars(let scalars): return scalars + own
        case .all, .users: return own
        }
    }
}
