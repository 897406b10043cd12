import Formula
import Model
import Program
import SQLText
import Storage
import Synchronization

/// The statements that compute a stored formula field, made when they are first asked for.
final class ComputedStatements: Sendable {
    private let known = Mutex<[FieldID: FormulaLowering.StoredColumns?]>([:])

    /// Nil where SQLite has no form for the formula, or where its value does not lie in one column.
    func columns(of field: FieldID, in layout: Layout) -> FormulaLowering.StoredColumns? {
        if let known = known.withLock({ $0[field] }) { return known }
        let made = Self.make(field, layout)
        known.withLock { $0[field] = .some(made) }
        return made
    }

    private static func make(_ field: FieldID, _ layout: Layout) -> FormulaLowering.StoredColumns? {
        let app = layout.app.model
        guard let column = layout[field], column.sideTable == nil, column.objectColumn == nil, let computation = app[field].computed else { return nil }
        let decimals: Int? = if case .number(let decimals) = column.coding { decimals } else { nil }
        // A stored formula does not read the clock.
        let lowering = FormulaLowering(
            schema: layout.sqlSchema, object: field.object, moment: app.moment(at: Instant(microseconds: 0)), users: layout.userObject)
        return try? lowering.stored(computation.expressions, decimals: decimals)
    }
}

extension SQLiteTransaction {
    func computed(_ field: FieldID, of record: RecordID) throws -> Value? {
        guard let columns = layout.computedStatements.columns(of: field, in: layout), let column = layout[field] else { return nil }
        let table = table(field.object)
        let select: SQLFragment =
            "SELECT \(columns.value), \(columns.fails ?? "FALSE") FROM \(table.name) WHERE id = \(bound: .integer(record.number)) AND deleted_at IS NULL"
        let rendered = select.rendered(for: .sqlite)
        let statement = try connection.statement(rendered.text)
        defer { statement.reset() }
        statement.bind(rendered.arguments)
        guard try statement.step(), statement.int64(1) == 0 else { return nil }
        return statement.value(at: 0, coding: column.coding, in: layout)
    }
}
