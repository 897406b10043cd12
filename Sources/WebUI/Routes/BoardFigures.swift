import Formula
import Model

/// What the head of a board's column says beside its count and sum, read off the author's own formulas.
enum BoardFigures {
    /// The field that weights the sum: an amount computed as the summed field times a percentage of the same record. Nil where no formula says so.
    static func weighting(of sum: CheckedField, among fields: [CheckedField]) -> CheckedField? {
        let byID = Dictionary(fields.map { ($0.id, $0) }) { first, _ in first }
        func isPercentage(_ node: ExpressionNode) -> Bool {
            guard let id = ownField(node), let field = byID[id], case .percent = field.kind else { return false }
            return true
        }
        return fields.first { field in
            guard case .formula(let expression)? = field.computed, case .arithmetic(.multiply, let left, let right) = plain(expression.root).form else {
                return false
            }
            return (ownField(left) == sum.id && isPercentage(right)) || (ownField(right) == sum.id && isPercentage(left))
        }
    }

    /// The yes/no formula that tells which records are late: the first that asks whether a date of the record lies before now, as in
    /// `is_open and due < today()`. Nil where the author wrote none.
    static func lateness(among fields: [CheckedField]) -> CheckedField? {
        let dates = Set(fields.filter { field in
            switch field.kind {
            case .date, .datetime: true
            case .text, .longText, .number, .money, .percent, .bool, .duration, .choice, .choices, .tags, .email, .url, .phone, .address, .uscc, .cnID,
                .location, .link, .links, .file, .files, .autonumber, .stage: false
            }
        }.map(\.id))
        return fields.first { field in
            guard !field.isSystem, case .bool = field.kind, case .formula(let expression)? = field.computed else { return false }
            return asksWhetherPast(expression.root, dates)
        }
    }

    private static func asksWhetherPast(_ node: ExpressionNode, _ dates: Set<FieldID>) -> Bool {
        func isDate(_ node: ExpressionNode) -> Bool { ownField(node).map(dates.contains) ?? false }
        let form = plain(node).form
        if case .and(let parts) = form { return parts.contains { asksWhetherPast($0, dates) } }
        guard case .compare(let sign, let left, let right) = form else { return false }
        return switch sign {
        case .less, .lessOrEqual: isDate(left) && isNow(right)
        case .greater, .greaterOrEqual: isNow(left) && isDate(right)
        case .equal, .notEqual: false
        }
    }

    private static func isNow(_ node: ExpressionNode) -> Bool {
        guard case .call(let function, let arguments) = plain(node).form else { return false }
        return arguments.isEmpty && FunctionCatalogue[function].readsClock
    }

    private static func ownField(_ node: ExpressionNode) -> FieldID? {
        guard case .field(let id, of: .this) = plain(node).form else { return nil }
        return id
    }

    /// Without the coercions and blank rules around it.
    private static func plain(_ node: ExpressionNode) -> ExpressionNode {
        guard case .convert(_, let inner) = node.form else { return node }
        return plain(inner)
    }
}
