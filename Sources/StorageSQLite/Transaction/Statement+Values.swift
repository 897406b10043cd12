import Formula
import SchemaPlan
import Storage

extension Statement {
    /// The record in the current row of a statement that selects `table.selection` first.
    func record(of table: TableLayout, in layout: Layout) -> Row {
        var values: [Value] = []
        values.reserveCapacity(table.columns.count)
        appendSystemValues(to: &values, in: layout)
        for column in table.columns.dropFirst(SystemField.allCases.count) {
            values.append(column.map { value(of: $0, in: layout) } ?? .blank)
        }
        return Row(id: RecordID(object: table.id, number: int64(0)), values: values)
    }

    /// The same of a statement that selects `table.fields(only: fields)`; the other fields are blank.
    func record(of table: TableLayout, only fields: [Int], in layout: Layout) -> Row {
        var values: [Value] = []
        values.reserveCapacity(table.columns.count)
        appendSystemValues(to: &values, in: layout)
        values.append(contentsOf: repeatElement(.blank, count: table.columns.count - values.count))
        for field in fields {
            if let column = table.columns[field] { values[field] = value(of: column, in: layout) }
        }
        return Row(id: RecordID(object: table.id, number: int64(0)), values: values)
    }

    private func appendSystemValues(to values: inout [Value], in layout: Layout) {
        values.append(.number(ExactDecimal(int64(0))))
        values.append(.number(ExactDecimal(int64(1))))
        values.append(.instant(Instant(microseconds: int64(2))))
        values.append(isNull(3) ? .blank : .link(RecordID(object: layout.userObject, number: int64(3))))
        values.append(.instant(Instant(microseconds: int64(4))))
        values.append(isNull(5) ? .blank : .link(RecordID(object: layout.userObject, number: int64(5))))
    }

    private func value(of column: ColumnLayout, in layout: Layout) -> Value {
        let at = column.valueColumn
        if isNull(at) {
            if column.errorColumn != nil, let code = optionalText(at + 1) { return .failure(FormulaFailure(stored: code)) }
            return .blank
        }
        return value(at: at, coding: column.coding, in: layout)
    }

    /// The value in this column of the current row.
    func value(at: Int32, coding: ValueCoding, in layout: Layout) -> Value {
        if isNull(at) { return .blank }
        switch coding {
        case .number(let decimals): return .number(ExactDecimal(scaled: int64(at), decimals: decimals))
        case .bool: return .bool(int64(at) != 0)
        case .date: return .date(Day(daysSinceEpoch: Int32(truncatingIfNeeded: int64(at))))
        case .datetime: return .instant(Instant(microseconds: int64(at)))
        case .duration: return .duration(TimeSpan(microseconds: int64(at)))
        case .text: return .text(text(at))
        case .option: return .option(text(at))
        case .options: return .options(ValueList.split(text(at)))
        case .link(let object): return .link(RecordID(object: object, number: int64(at)))
        case .links(let object):
            let records = text(at).split(separator: ",").compactMap { Int64($0) }.map { RecordID(object: object, number: $0) }
            return records.isEmpty ? .blank : .links(records)
        case .location: return Location(text(at)).map(Value.location) ?? .blank
        case .linkAny:
            // A link to a record of a retired object reads as blank, like one to a deleted record.
            guard let object = layout.objectsByNumber[int64(at - 1)] else { return .blank }
            return .link(RecordID(object: object, number: int64(at)))
        }
    }

    /// Binds the field's columns from `index` on.
    ///
    /// - Throws: `StoreError.other` for a value of another type or beyond the column's range, which the engine has to keep away.
    func bind(_ value: Value, of column: ColumnLayout, in layout: Layout, from index: Int32) throws(StoreError) {
        let at = column.objectColumn == nil ? index : index + 1
        if column.errorColumn != nil {
            if case .failure(let failure) = value {
                bindNull(at: at)
                bind(failure.stored, at: at + 1)
                return
            }
            bindNull(at: at + 1)
        }
        switch (column.coding, value) {
        case (_, .blank):
            if column.objectColumn != nil { bindNull(at: index) }
            bindNull(at: at)
        case (.number(let decimals), .number(let number)):
            guard let scaled = number.scaled(decimals: decimals) else {
                // A computed number that does not fit is a failure like any other overflow.
                guard column.errorColumn != nil else { throw .other("\(number) does not fit in \(column.column)") }
                bindNull(at: at)
                bind(FormulaFailure(.overflow).stored, at: at + 1)
                return
            }
            bind(scaled, at: at)
        case (.bool, .bool(let flag)): bind(flag ? 1 : 0, at: at)
        case (.date, .date(let day)): bind(Int64(day.daysSinceEpoch), at: at)
        case (.datetime, .instant(let instant)): bind(instant.microseconds, at: at)
        case (.duration, .duration(let span)): bind(span.microseconds, at: at)
        case (.text, .text(let text)): bind(text, at: at)
        case (.option, .option(let key)): bind(key, at: at)
        case (.options, .options(let keys)): bind(ValueList.joined(keys), at: at)
        case (.link(let object), .link(let record)):
            guard record.object == object else { throw .other("\(column.column) leads to another object") }
            bind(record.number, at: at)
        case (.links(let object), .links(let records)):
            guard records.allSatisfy({ $0.object == object }) else { throw .other("\(column.column) leads to another object") }
            bind(records.map { String($0.number) }.joined(separator: ","), at: at)
        case (.location, .location(let location)): bind(location.description, at: at)
        case (.linkAny, .link(let record)):
            bind(layout[record.object].number, at: index)
            bind(record.number, at: at)
        case (.number, _), (.bool, _), (.date, _), (.datetime, _), (.duration, _), (.text, _), (.option, _), (.options, _), (.link, _),
            (.linkAny, _), (.links, _), (.location, _):
            throw .other("\(column.column) cannot hold a value of this type")
        }
    }
}

extension FormulaFailure {
    /// As it stands beside its field: the code, and after a colon the author's words, if any.
    var stored: String {
        text.map { "\(code.rawValue):\($0)" } ?? code.rawValue
    }

    init(stored: String) {
        let parts = stored.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let code = parts.first.flatMap { Code(rawValue: String($0)) } ?? .custom
        self.init(code, text: parts.count == 2 ? String(parts[1]) : nil)
    }
}
