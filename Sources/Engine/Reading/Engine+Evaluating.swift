package import Formula
import Storage

extension Engine {
    /// The value of a formula on a record as it stands, with the fields that are computed on read.
    ///
    /// - Parameter record: `this`; nil for a formula of no record. One that is gone reads as blank.
    package func value(of formula: CheckedExpression, on record: RecordID?, as principal: Principal) async throws -> Value {
        try await store.read { [self] transaction in
            let context = try RecordContext(engine: self, principal: principal, transaction: transaction)
            let row = try record.flatMap { try context.live.row($0) }
            return try Evaluator(formula).value(in: Frame(this: row, me: context.me, moment: context.moment, source: context.live))
        }
    }
}
