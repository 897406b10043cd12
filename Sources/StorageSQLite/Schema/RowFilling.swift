import CSQLite
import CShims
import Formula
import Model
import Program
import SQLText
import SchemaPlan
import Storage

/// Fills formula fields that look at nothing but the fields of their own row, for all rows in one statement.
///
/// The formulas are evaluated as everywhere; the statement hands them the columns that they read and takes what they give. So no row is read
/// into a record, and none is looked up again to be written.
final class RowFilling {
    /// A field that is read: where its value and its error stand among the arguments.
    private struct Input {
        let field: Int
        let coding: ValueCoding
        let position: Int
        let hasError: Bool
    }

    /// A field that is filled.
    private struct Output {
        let computation: CompiledComputation
        let coding: ValueCoding
    }

    private static let name = "weir_fill"
    /// SQLite passes 127 at most.
    private static let mostArguments = 100

    private let table: TableLayout
    private let userObject: ObjectID
    private let moment: Moment
    private let source: any RowSource
    private var inputs: [Input] = []
    private var outputs: [Output] = []
    private var columns: [String] = []
    private var row: Row
    private var results: [(value: SQLArgument, error: SQLArgument)] = []
    private var isFresh = false
    private var trouble: (any Error)?

    /// Whether a formula can be filled so.
    static func canFill(_ field: FieldID, in layout: Layout) -> Bool {
        guard let column = layout[field], column.sideTable == nil, !column.coding.isLink,
            let computation = layout.app[field.object].computedOrder.first(where: { $0.field == field }), !computation.readsOthers
        else { return false }
        return computation.ownReads.allSatisfy { read in
            guard read.object == field.object else { return false }
            switch SystemField(rawValue: read.index) {
            case .id, .version, .created, .changed: return true
            case .createdBy, .changedBy: return false
            case nil: break
            }
            return layout[read].map { !$0.coding.isLink } ?? false
        }
    }

    /// - Parameter fields: Of one object, those that are read by others of them first. `canFill` holds for each.
    init(_ fields: [FieldID], of object: ObjectID, in transaction: SQLiteTransaction, moment: Moment) {
        let layout = transaction.layout
        table = layout[object]
        userObject = layout.userObject
        self.moment = moment
        source = StoredRows(transaction: transaction, moment: moment)
        row = Row(id: RecordID(object: object, number: 0), values: Array(repeating: .blank, count: layout.app.model[object].fields.count))
        for field in fields {
            guard let computation = layout.app[object].computedOrder.first(where: { $0.field == field }), let column = layout[field] else { continue }
            outputs.append(Output(computation: computation, coding: column.coding))
        }
        let filled = Set(fields)
        for read in Set(outputs.flatMap(\.computation.ownReads)).sorted(by: { $0.index < $1.index }) where !filled.contains(read) {
            let position = columns.count
            if let system = SystemField(rawValue: read.index) {
                columns.append(SQLiteStatements.systemColumns[system.rawValue])
                let coding: ValueCoding =
                    switch system {
                    case .id, .version: .number(decimals: 0)
                    case .created, .changed: .datetime
                    case .createdBy, .changedBy: .link(userObject)
                    }
                inputs.append(Input(field: read.index, coding: coding, position: position, hasError: false))
            } else if let column = layout[read] {
                columns.append(column.column)
                if let error = column.errorColumn { columns.append(error) }
                inputs.append(Input(field: read.index, coding: column.coding, position: position, hasError: column.errorColumn != nil))
            }
        }
        results = outputs.map { _ in (.null, .null) }
    }

    var fits: Bool { columns.count + 2 <= Self.mostArguments }

    /// - Throws: `StoreError`; what a formula throws.
    func run(on connection: Connection, _ layout: Layout) throws {
        let retained = Unmanaged.passRetained(self).toOpaque()
        let code = sqlite3_create_function_v2(
            connection.handle, Self.name, -1, SQLITE_UTF8 | SQLITE_INNOCUOUS, retained,
            { context, count, arguments in
                guard let pointer = sqlite3_user_data(context), let arguments else { return sqlite3_result_null(context) }
                Unmanaged<RowFilling>.fromOpaque(pointer).takeUnretainedValue().give(context, UnsafeBufferPointer(start: arguments, count: Int(count)))
            }, nil, nil, { pointer in if let pointer { Unmanaged<RowFilling>.fromOpaque(pointer).release() } })
        guard code == SQLITE_OK else { throw StoreError(sqlite: code, on: connection.handle) }
        defer { sqlite3_create_function_v2(connection.handle, Self.name, -1, SQLITE_UTF8, nil, nil, nil, nil, nil) }
        let given = (["id"] + columns).joined(separator: ", ")
        var assignments: [String] = []
        for (index, output) in outputs.enumerated() {
            guard let column = layout[output.computation.field] else { continue }
            assignments.append("\(column.column) = \(Self.name)(\(index * 2), \(given))")
            if let error = column.errorColumn { assignments.append("\(error) = \(Self.name)(\(index * 2 + 1), \(given))") }
        }
        do {
            // Finalised before the function goes.
            let statement = try Statement("UPDATE \(table.table) SET \(assignments.joined(separator: ", ")) WHERE deleted_at IS NULL", on: connection.handle)
            try statement.run()
        } catch {
            throw trouble ?? error
        }
        if let trouble { throw trouble }
    }

    /// `index × 2` is the value of that field, one more its error. The first call for a row computes all of them.
    private func give(_ context: OpaquePointer?, _ arguments: UnsafeBufferPointer<OpaquePointer?>) {
        guard arguments.count >= 2, let which = arguments[0], let number = arguments[1] else { return sqlite3_result_null(context) }
        let id = sqlite3_value_int64(number)
        if !isFresh || row.id.number != id {
            guard trouble == nil else { return sqlite3_result_null(context) }
            do { try compute(id, UnsafeBufferPointer(rebasing: arguments[2...])) } catch {
                trouble = error
                sqlite3_result_error_code(context, SQLITE_ABORT)
                return
            }
        }
        let place = Int(sqlite3_value_int64(which))
        let result = results[place / 2]
        switch place % 2 == 0 ? result.value : result.error {
        case .null: sqlite3_result_null(context)
        case .integer(let number): sqlite3_result_int64(context, number)
        case .real(let number): sqlite3_result_double(context, number)
        case .text(var text):
            text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { weir_sqlite_result_text(context, $0.baseAddress, Int32($0.count)) }
            }
        }
    }

    private func compute(_ id: Int64, _ columns: UnsafeBufferPointer<OpaquePointer?>) throws {
        if row.id.number != id { row = Row(id: RecordID(object: table.id, number: id), values: row.values) }
        for input in inputs { row.values[input.field] = value(input, columns) }
        for (index, output) in outputs.enumerated() {
            let value = try output.computation.value(in: Frame(this: row, moment: moment, source: source))
            row[output.computation.field] = value
            results[index] = stored(value, as: output.coding)
        }
        isFresh = true
    }

    private func value(_ input: Input, _ columns: UnsafeBufferPointer<OpaquePointer?>) -> Value {
        guard let raw = columns[input.position] else { return .blank }
        guard sqlite3_value_type(raw) != SQLITE_NULL else {
            guard input.hasError, let error = columns[input.position + 1], sqlite3_value_type(error) != SQLITE_NULL else { return .blank }
            return .failure(FormulaFailure(stored: text(error)))
        }
        switch input.coding {
        case .number(let decimals): return .number(ExactDecimal(scaled: sqlite3_value_int64(raw), decimals: decimals))
        case .bool: return .bool(sqlite3_value_int64(raw) != 0)
        case .date: return .date(Day(daysSinceEpoch: Int32(truncatingIfNeeded: sqlite3_value_int64(raw))))
        case .datetime: return .instant(Instant(microseconds: sqlite3_value_int64(raw)))
        case .duration: return .duration(TimeSpan(microseconds: sqlite3_value_int64(raw)))
        case .text: return .text(text(raw))
        case .option: return .option(text(raw))
        case .options: return .options(ValueList.split(text(raw)))
        case .location: return Location(text(raw)).map(Value.location) ?? .blank
        case .link, .linkAny, .links: preconditionFailure("formulas that read links are not filled so")
        }
    }

    private func text(_ raw: OpaquePointer) -> String {
        guard let bytes = sqlite3_value_text(raw) else { return "" }
        return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(sqlite3_value_bytes(raw))), as: UTF8.self)
    }

    private func stored(_ value: Value, as coding: ValueCoding) -> (value: SQLArgument, error: SQLArgument) {
        switch (coding, value) {
        case (_, .blank): return (.null, .null)
        case (_, .failure(let failure)): return (.null, .text(failure.stored))
        case (.number(let decimals), .number(let number)):
            guard let scaled = number.scaled(decimals: decimals) else { return (.null, .text(FormulaFailure(.overflow).stored)) }
            return (.integer(scaled), .null)
        case (.bool, .bool(let flag)): return (.integer(flag ? 1 : 0), .null)
        case (.date, .date(let day)): return (.integer(Int64(day.daysSinceEpoch)), .null)
        case (.datetime, .instant(let instant)): return (.integer(instant.microseconds), .null)
        case (.duration, .duration(let span)): return (.integer(span.microseconds), .null)
        case (.text, .text(let text)): return (.text(text), .null)
        case (.option, .option(let key)): return (.text(key), .null)
        case (.location, .location(let location)): return (.text(location.description), .null)
        case (.number, _), (.bool, _), (.date, _), (.datetime, _), (.duration, _), (.text, _), (.option, _), (.options, _), (.location, _), (.link, _),
            (.linkAny, _), (.links, _):
            trouble = StoreError.other("\(table.name.name) cannot hold a value of this type")
            return (.null, .null)
        }
    }
}
