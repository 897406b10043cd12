package import Formula
package import Model
package import SQLText
package import SourceText

extension CheckedApp {
    /// What lists of the app cannot be filtered and sorted by on a database, though it looks like any other field.
    ///
    /// Values that lie in a column always can. Those that are computed when they are read must be put to the database as their formulas.
    ///
    /// - Parameters:
    ///   - dialect: SQLite: what no database can be asked. PostgreSQL: what SQLite can be asked, and it cannot.
    ///   - volatile: The fields computed when they are read.
    package func lacks(on dialect: Dialect, volatile: Set<FieldID>) -> [Diagnostic] {
        guard !volatile.isEmpty, let user = objects.first(where: { $0.builtIn == .user }) else { return [] }
        let schema = SQLSchema(self, volatile: volatile)
        var found: [Diagnostic] = []
        for object in objects {
            // Any moment and any reader will do: what can be asked does not hang on them.
            func refusal(of expression: CheckedExpression, on dialect: Dialect) -> NotLowerable? {
                let lowering = FormulaLowering(
                    schema: schema, object: object.id, dialect: dialect, moment: moment(at: Instant(microseconds: 0)),
                    me: RecordID(object: user.id, number: 1), users: user.id)
                do throws(NotLowerable) {
                    _ = try lowering.columns(expression)
                    return nil
                } catch {
                    return error
                }
            }
            for field in object.fields where volatile.contains(field.id) {
                for expression in field.computed?.expressions ?? [] {
                    let onSQLite = refusal(of: expression, on: .sqlite)
                    switch dialect {
                    case .sqlite:
                        guard let refusal = onSQLite else { continue }
                        let span = expression.source.span(of: refusal.range)
                        found.append(LoweringIssue.notFilterable(field: field.name, because: refusal.reason, at: span).diagnostic)
                    case .postgres:
                        guard onSQLite == nil, let refusal = refusal(of: expression, on: .postgres) else { continue }
                        let span = expression.source.span(of: refusal.range)
                        found.append(LoweringIssue.sqliteOnly(field: field.name, because: refusal.reason, at: span).diagnostic)
                    }
                }
            }
        }
        return found
    }
}
