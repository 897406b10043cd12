import Formula
import Model
import Program
import SQLText
import Storage
import Synchronization

/// The statements that compute a stored formula field, made when they are first asked for.
final class ComputedStatements: Sendable {
    private let known = Mutex<[FieldID: FormulaLowering.StoredColumns?]>([:])
    private let selects = Mutex<[FieldID: Select?]>([:])
    private let tallies = Mutex<[FieldID: Select?]>([:])

    /// The statement that computes a field for one record, whose number is the last argument.
    struct Select: Sendable {
        let text: String
        let arguments: [SQLArgument]
    }

    /// Nil where SQLite has no form for the formula, or where its value does not lie in one column.
    func columns(of field: FieldID, in layout: Layout) -> FormulaLowering.StoredColumns? {
        if let known = known.withLock({ $0[field] }) { return known }
        let made = Self.make(field, layout)
        known.withLock { $0[field] = .some(made) }
        return made
    }

    /// Nil as for `columns`.
    func select(_ field: FieldID, in layout: Layout) -> Select? {
        if let known = selects.withLock({ $0[field] }) { return known }
        let made = columns(of: field, in: layout).map { columns in
            let select: SQLFragment =
                "SELECT \(columns.value), \(columns.fails ?? "FALSE") FROM \(layout[field.object].name) WHERE deleted_at IS NULL AND id = \(bound: .integer(0))"
            let rendered = select.rendered(for: .sqlite)
            return Select(text: rendered.text, arguments: rendered.arguments)
        }
        selects.withLock { $0[field] = .some(made) }
        return made
    }

    /// The sum and the count of what a formula takes the average of, and whether they fail; nil for other formulas.
    func tally(_ field: FieldID, in layout: Layout) -> Select? {
        if let known = tallies.withLock({ $0[field] }) { return known }
        let made = Self.makeTally(field, layout)
        tallies.withLock { $0[field] = .some(made) }
        return made
    }

    private static func makeTally(_ field: FieldID, _ layout: Layout) -> Select? {
        let app = layout.app.model
        guard case .formula(let formula)? = app[field].computed else { return nil }
        var root = formula.root
        while case .convert(.blankAsZero, let inner) = root.form { root = inner }
        guard case .aggregate(let aggregate) = root.form, aggregate.kind == .average else { return nil }
        let lowering = FormulaLowering(
            schema: layout.sqlSchema, object: field.object, moment: app.moment(at: Instant(microseconds: 0)), users: layout.userObject)
        func columns(_ kind: Aggregate.Kind) -> FormulaLowering.ValueColumns? {
            let node = ExpressionNode(.aggregate(aggregate.measured(by: kind)), type: .number, mayBeBlank: false, range: root.range)
            return try? lowering.columns(
                CheckedExpression(root: node, source: formula.source, reads: formula.reads, variableCount: formula.variableCount))
        }
        guard let total = columns(.sum), let count = columns(.count) else { return nil }
        let select: SQLFragment = """
            SELECT \(total.value), \(count.value), \(total.fails ?? "FALSE") OR \(count.fails ?? "FALSE") FROM \(layout[field.object].name) \
            WHERE deleted_at IS NULL AND id = \(bound: .integer(0))
            """
        let rendered = select.rendered(for: .sqlite)
        return Select(text: rendered.text, arguments: rendered.arguments)
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
        guard let select = layout.computedStatements.select(field, in: layout), let column = layout[field] else { return nil }
        let statement = try connection.statement(.computed(field)) { select.text }
        defer { statement.reset() }
        statement.bind(select.arguments)
        statement.bind(record.number, at: Int32(select.arguments.count))
        guard try statement.step(), statement.int64(1) == 0 else { return nil }
        return statement.value(at: 0, coding: column.coding, in: layout)
    }
}
