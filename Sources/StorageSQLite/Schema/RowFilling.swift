import CSQLite
import Formula
import Model
import Program
import SQLText
import SchemaPlan
import Storage

/// Fills formula fields that look at nothing but the fields of their own row, in statements of some thousand rows.
///
/// The formulas are evaluated as everywhere; a statement hands them the columns that they read and takes what they give. So no row is read
/// into a record, and none is looked up again to be written.
///
/// SQLite computes the values of a row in the order of the table's columns. So only the first of the filled columns is given what the
/// formulas read, and computes all of them; the others fetch theirs by the row's number. Should SQLite ever do otherwise, that is noticed,
/// and every column is given everything.
struct RowFilling {
    /// Columns that stand under the same name here and in the statement.
    private struct Given {
        var inputs: [RowFiller.Input] = []
        var columns: [String] = []
    }

    private static let name = "weir_fill"
    /// SQLite passes 127 at most.
    private static let mostArguments = 100
    /// SQLite keeps each page that a statement with a function changes as it was, until the statement ends
    /// (`usesStmtJournal`): with all rows in one, a copy of the table in memory.
    private static let rowsAtOnce: Int64 = 500

    private let table: TableLayout
    private let computations: [(computation: CompiledComputation, column: ColumnLayout)]
    private let given: Given
    private let blank: Row
    private let moment: Moment
    private let source: any RowSource

    /// Whether a formula can be filled so.
    static func canFill(_ field: FieldID, in layout: Layout) -> Bool {
        guard let column = layout[field], column.sideTable == nil, RowFiller.Coding(column.coding) != nil,
            let computation = layout.app[field.object].computedOrder.first(where: { $0.field == field }), !computation.readsOthers
        else { return false }
        return computation.ownReads.allSatisfy { read in
            guard read.object == field.object else { return false }
            switch SystemField(rawValue: read.index) {
            case .id, .version, .created, .changed: return true
            case .createdBy, .changedBy: return false
            case nil: break
            }
            return layout[read].map { RowFiller.Coding($0.coding) != nil } ?? false
        }
    }

    /// - Parameter fields: Of one object, those that are read by others of them first. `canFill` holds for each.
    init(_ fields: [FieldID], of object: ObjectID, in transaction: SQLiteTransaction, moment: Moment) {
        let layout = transaction.layout
        let table = layout[object]
        self.table = table
        self.moment = moment
        source = StoredRows(transaction: transaction, moment: moment)
        blank = Row(id: RecordID(object: object, number: 0), values: Array(repeating: .blank, count: layout.app.model[object].fields.count))
        computations = fields.compactMap { field in
            guard let computation = layout.app[object].computedOrder.first(where: { $0.field == field }), let column = layout[field] else { return nil }
            return (computation, column)
        }
        given = Self.given(Set(computations.flatMap(\.computation.ownReads)).subtracting(fields), in: layout)
    }

    private static func given(_ reads: Set<FieldID>, in layout: Layout) -> Given {
        var given = Given()
        for read in reads.sorted(by: { $0.index < $1.index }) {
            let position = given.columns.count
            if let system = SystemField(rawValue: read.index) {
                let coding: RowFiller.Coding
                switch system {
                case .id, .version: coding = .number(decimals: 0)
                case .created, .changed: coding = .datetime
                case .createdBy, .changedBy: continue
                }
                given.columns.append(SQLiteStatements.systemColumns[system.rawValue])
                given.inputs.append(RowFiller.Input(field: read.index, coding: coding, position: position, hasError: false))
            } else if let column = layout[read], let coding = RowFiller.Coding(column.coding) {
                given.columns.append(column.column)
                if let error = column.errorColumn { given.columns.append(error) }
                given.inputs.append(RowFiller.Input(field: read.index, coding: coding, position: position, hasError: column.errorColumn != nil))
            }
        }
        return given
    }

    var fits: Bool { given.columns.count + 2 <= Self.mostArguments }

    /// - Parameter reached: Told up to which number rows are filled, and the last number; nobody counts them first.
    /// - Throws: `StoreError`; what a formula throws.
    func run(on connection: Connection, reached: (Int64, _ of: Int64) -> Void) throws {
        let filler = RowFiller(
            inputs: given.inputs,
            outputs: computations.compactMap { computation, column in
                RowFiller.Coding(column.coding).map { RowFiller.Output(computation, coding: $0) }
            }, frame: Frame(this: blank, moment: moment, source: source), table: table.name.name)
        let order = try columnOrder(on: connection)
        let places = computations.indices.sorted { order[computations[$0].column.column, default: 0] < order[computations[$1].column.column, default: 0] }
        let everything = ", id" + given.columns.map { ", \($0)" }.joined()
        func values(_ isGivenEverything: (Int) -> Bool) -> [String] {
            places.enumerated().map { turn, place in
                "\(computations[place].column.column) = \(Self.name)(\(place)\(isGivenEverything(turn) ? everything : ", id"))"
            }
        }
        let cleared = computations.compactMap(\.column.errorColumn).map { "\($0) = NULL" }
        do {
            try update(values { $0 == 0 } + cleared, filler, on: connection, reached: reached)
        } catch where filler.isOutOfOrder {
            try update(values { _ in true } + cleared, filler, on: connection, reached: reached)
        }
        // Rare, and found by their blank values.
        for place in filler.failed.sorted() {
            let column = computations[place].column
            guard let error = column.errorColumn else { continue }
            try update(["\(error) = \(Self.name)(\(place + computations.count)\(everything))"], filler, on: connection, where: " AND \(column.column) IS NULL")
        }
    }

    private func lastNumber(on connection: Connection) throws -> Int64 {
        let statement = try connection.statement("SELECT max(id) FROM \(table.table)")
        defer { statement.reset() }
        return try statement.step() ? statement.int64(0) : 0
    }

    private func columnOrder(on connection: Connection) throws -> [String: Int64] {
        let statement = try connection.statement("SELECT cid, name FROM pragma_table_info(?)")
        statement.bind(table.name.name, at: 1)
        defer { statement.reset() }
        var order: [String: Int64] = [:]
        while try statement.step() { order[Identifier(statement.text(1)).quoted] = statement.int64(0) }
        return order
    }

    private func update(
        _ assignments: [String], _ filler: RowFiller, on connection: Connection, where condition: String = "", reached: (Int64, _ of: Int64) -> Void = { _, _ in }
    ) throws {
        filler.begin()
        let retained = Unmanaged.passRetained(filler).toOpaque()
        let code = sqlite3_create_function_v2(
            connection.handle, Self.name, -1, SQLITE_UTF8 | SQLITE_INNOCUOUS, retained,
            { context, count, arguments in
                guard let pointer = sqlite3_user_data(context), let arguments else { return sqlite3_result_null(context) }
                Unmanaged<RowFiller>.fromOpaque(pointer)._withUnsafeGuaranteedRef {
                    $0.give(context, UnsafeBufferPointer(start: arguments, count: Int(count)))
                }
            }, nil, nil, { pointer in if let pointer { Unmanaged<RowFiller>.fromOpaque(pointer).release() } })
        guard code == SQLITE_OK else { throw StoreError(sqlite: code, on: connection.handle) }
        defer { sqlite3_create_function_v2(connection.handle, Self.name, -1, SQLITE_UTF8, nil, nil, nil, nil, nil) }
        do {
            // Finalised before the function goes.
            let statement = try Statement(
                "UPDATE \(table.table) SET \(assignments.joined(separator: ", ")) WHERE id > ? AND id <= ? AND deleted_at IS NULL\(condition)",
                on: connection.handle)
            let last = try lastNumber(on: connection)
            var from: Int64 = 0, width = Self.rowsAtOnce
            while from < last {
                let end = min(last, from + width)
                statement.bind(from, at: 1)
                statement.bind(end, at: 2)
                try statement.run()
                reached(end, last)
                from = end
                // Numbers have gaps, of any size.
                width = sqlite3_changes64(connection.handle) * 2 < Self.rowsAtOnce ? min(width * 2, last) : Self.rowsAtOnce
            }
        } catch {
            throw filler.trouble ?? error
        }
    }
}
