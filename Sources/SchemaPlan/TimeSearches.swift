import Formula
import Model

extension CheckedApp {
    /// Fields that say when something was, and by which reports find their records: `from: lead where first_seen >= now() - 7 days`.
    ///
    /// With an index a report reads what it shows; without one it reads everything that ever was, every morning.
    var fieldsSearchedByTime: Set<FieldID> {
        var fields: Set<FieldID> = []
        for report in reports {
            guard let condition = report.condition else { continue }
            for compared in condition.root.mustHold {
                guard case .compare(let comparison, let left, let right) = compared.form, comparison != .notEqual else { continue }
                for (side, other) in [(left, right), (right, left)] where !other.readsRecords {
                    if case .field(let field, of: .this) = side.form, side.type == .date || side.type == .datetime { fields.insert(field) }
                }
            }
        }
        return fields
    }
}

extension ExpressionNode {
    /// The conditions of which none may fail to hold for the whole to hold.
    fileprivate var mustHold: [ExpressionNode] {
        if case .and(let conditions) = form { conditions.flatMap(\.mustHold) } else { [self] }
    }
}
