import CSQLite
import Formula
import Model
import SQLText
import SourceText
import Storage

extension SQLiteTransaction {
    func aggregate(_ query: AggregateQuery) throws -> [AggregateGroup] {
        let table = table(query.object)
        let lowering = FormulaLowering(
            schema: layout.sqlSchema, object: query.object, moment: query.moment, me: query.me, users: layout.userObject)
        var columns: [SQLFragment] = []
        var order: [SQLFragment] = []
        var keys: [FormulaLowering.ValueColumns] = []
        for expression in query.keys {
            let key = try lowered { () throws(NotLowerable) in try lowering.columns(expression) }
            order.append("MIN(\(try lowered { () throws(NotLowerable) in try lowering.sortKey(expression) }))")
            columns.append(key.unlessFailed)
            keys.append(key)
        }
        var forms: [MeasureForm] = []
        for measure in query.measures {
            let form = try MeasureForm(measure, on: self, lowering)
            columns += form.columns
            forms.append(form)
        }
        let conditions = try conditions(of: query.object, query.condition, search: query.search)
        var select: SQLFragment =
            "SELECT \(SQLFragment.joined(columns, by: ", ")) FROM \(table.name) WHERE \(SQLFragment.joined(conditions, by: " AND "))"
        if !keys.isEmpty {
            let places = SQLFragment.joined(keys.indices.map { SQLFragment(stringLiteral: "\($0 + 1)") }, by: ", ")
            select.append(" GROUP BY \(places) ORDER BY \(SQLFragment.joined(order, by: ", ")), \(places)")
        }
        select.append(" LIMIT \(bound: .integer(Int64(query.limit)))")
        let statement = try statement(select)
        defer { statement.reset() }
        var groups: [AggregateGroup] = []
        while try statement.step() {
            var place: Int32 = 0
            let keyValues = keys.map { key in
                defer { place += 1 }
                return statement.value(at: place, key.form)
            }
            let read = forms.map { $0.read(statement, &place) }
            groups.append(AggregateGroup(keys: keyValues, values: read.map(\.value), failed: read.map(\.failed)))
        }
        return groups
    }

    fileprivate func lowered<Result>(_ work: () throws(NotLowerable) -> Result) throws -> Result {
        do {
            return try work()
        } catch {
            throw StoreError.notLowerable(error.reason)
        }
    }
}

/// How a measure stands among the columns of the statement: its value, whether it overflowed, how many records failed.
private struct MeasureForm {
    private enum Reading {
        case count
        /// What comes out is a whole number of so many decimals, such as a column holds it.
        case scaled(decimals: Int)
        case form(FormulaLowering.ValueColumns.Form)
    }

    private(set) var columns: [SQLFragment]
    private let reading: Reading
    private var canOverflow = false
    private var canFail = false

    init(_ measure: AggregateQuery.Measure, on transaction: SQLiteTransaction, _ lowering: FormulaLowering) throws {
        guard case .of(let function, let expression) = measure else {
            columns = ["COUNT(*)"]
            reading = .count
            return
        }
        let lowered = try transaction.lowered { () throws(NotLowerable) in try lowering.columns(expression) }
        // A stored number is added up as it lies.
        var stored: (column: Identifier, decimals: Int)?
        if case .field(let field, of: .this) = expression.root.form, let column = transaction.layout[field], case .number(let decimals) = column.coding {
            stored = (column.name, decimals)
        }
        let value = lowered.unlessFailed
        switch (function, lowered.form) {
        case (.sum, .duration):
            columns = ["fx_sum_duration(\(value))", "fx_sum_duration_fails(\(value))"]
            reading = .form(.duration)
            canOverflow = true
        case (.average, .duration):
            columns = ["fx_average_duration(\(value))", "fx_average_duration_fails(\(value))"]
            reading = .form(.duration)
            canOverflow = true
        case (.sum, _), (.average, _):
            let name: SQLFragment = function == .sum ? "fx_sum" : "fx_average"
            let argument: SQLFragment = stored.map { "\($0.column), \(bound: .integer(Int64($0.decimals)))" } ?? "\(value), 0"
            columns = ["\(name)(\(argument))", "\(name)_fails(\(argument))"]
            reading = .form(.number)
            canOverflow = true
        case (.minimum, .number), (.maximum, .number):
            let isMinimum = function == .minimum
            if let stored {
                columns = [isMinimum ? "MIN(\(stored.column))" : "MAX(\(stored.column))"]
                reading = .scaled(decimals: stored.decimals)
            } else {
                columns = [isMinimum ? "fx_min(\(value))" : "fx_max(\(value))"]
                reading = .form(.number)
            }
        case (.minimum, _), (.maximum, _):
            columns = [function == .minimum ? "MIN(\(value))" : "MAX(\(value))"]
            reading = .form(lowered.form)
        }
        if let fails = lowered.fails {
            columns.append("SUM(\(fails))")
            canFail = true
        }
    }

    /// Reads its columns, from `place` on.
    func read(_ statement: Statement, _ place: inout Int32) -> (value: Value, failed: Int) {
        let at = place
        place += Int32(columns.count)
        var value: Value
        switch reading {
        case .count: value = .number(ExactDecimal(statement.int64(at)))
        case .scaled(let decimals):
            value = statement.isNull(at) ? .blank : .number(ExactDecimal(scaled: statement.int64(at), decimals: decimals))
        case .form(let form): value = statement.value(at: at, form)
        }
        if canOverflow, statement.int64(at + 1) != 0 { value = .failure(FormulaFailure(.overflow)) }
        return (value, canFail ? Int(statement.int64(place - 1)) : 0)
    }
}

extension FormulaLowering.ValueColumns {
    /// NULL also where the formula fails.
    fileprivate var unlessFailed: SQLFragment {
        guard let fails else { return value }
        return "CASE WHEN \(fails) THEN NULL ELSE \(value) END"
    }
}

extension Statement {
    func value(at column: Int32, _ form: FormulaLowering.ValueColumns.Form) -> Value {
        if isNull(column) { return .blank }
        switch form {
        case .number:
            let argument: SQLArgument = sqlite3_column_type(raw, column) == SQLITE_INTEGER ? .integer(int64(column)) : .text(text(column))
            return SQLiteFunctions.decimal(argument).map(Value.number) ?? .blank
        case .bool: return .bool(int64(column) != 0)
        case .date: return .date(Day(daysSinceEpoch: Int32(truncatingIfNeeded: int64(column))))
        case .datetime: return .instant(Instant(microseconds: int64(column)))
        case .duration: return .duration(TimeSpan(microseconds: int64(column)))
        case .text: return .text(text(column))
        case .option: return .option(text(column))
        case .link(let object): return .link(RecordID(object: object, number: int64(column)))
        }
    }
}
