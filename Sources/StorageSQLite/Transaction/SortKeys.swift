import Formula
import Model
import Program
import SQLText
import SchemaPlan
import SourceText
import Storage

/// The order of a list, as SQL: blanks first, descending last; the record's number is the last key and goes the way of the key before it.
struct SortKeys {
    struct Key {
        let field: FieldID
        let expression: SQLFragment
        let descending: Bool
        let coding: ValueCoding
        /// By key of an option: its place in the declared order.
        let places: [String: Int64]
        let mayBeBlank: Bool
    }

    let keys: [Key]
    let idDescending: Bool
    private let layout: Layout

    /// - Throws: `.notLowerable` for a field that has no order in the database.
    init(_ sort: [RecordQuery.Sort], on transaction: SQLiteTransaction) throws {
        layout = transaction.layout
        var keys: [Key] = []
        for entry in sort {
            // Records have different numbers: nothing behind the id could still decide.
            if entry.field.index == SystemField.id.rawValue {
                self.keys = keys
                idDescending = entry.descending
                return
            }
            keys.append(try Self.key(entry, on: transaction))
        }
        self.keys = keys
        idDescending = keys.last?.descending ?? false
    }

    private static func key(_ entry: RecordQuery.Sort, on transaction: SQLiteTransaction) throws -> Key {
        let field = transaction.layout.app.model[entry.field]
        if let system = SystemField(rawValue: entry.field.index) {
            let coding: ValueCoding =
                switch system {
                case .id, .version: .number(decimals: 0)
                case .created, .changed: .datetime
                case .createdBy, .changedBy: .link(transaction.layout.userObject)
                }
            return Key(
                field: entry.field, expression: SQLFragment(Identifier(SQLiteStatements.systemColumns[system.rawValue])), descending: entry.descending,
                coding: coding, places: [:], mayBeBlank: system == .createdBy || system == .changedBy)
        }
        let column = try transaction.column(entry.field)
        switch column.coding {
        case .number, .bool, .date, .datetime, .duration, .text, .link:
            return Key(
                field: entry.field, expression: SQLFragment(column.name), descending: entry.descending, coding: column.coding, places: [:],
                mayBeBlank: true)
        case .option:
            let keys: [String] =
                switch field.kind {
                case .choice(let list): list.options.map(\.key)
                case .stage(let stages): stages.options.options.map(\.key)
                case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choices, .tags, .email, .url, .phone, .address, .uscc, .cnID, .location,
                    .link, .links, .file, .files, .autonumber:
                    []
                }
            guard !keys.isEmpty else { return try unsortable(field) }
            let whens = keys.enumerated().map { place, key -> SQLFragment in
                "WHEN \(bound: .text(key)) THEN \(bound: .integer(Int64(place)))"
            }
            return Key(
                field: entry.field, expression: "CASE \(column.name) \(SQLFragment.joined(whens, by: " ")) END", descending: entry.descending,
                coding: column.coding, places: Dictionary(keys.enumerated().map { ($1, Int64($0)) }, uniquingKeysWith: { first, _ in first }), mayBeBlank: true)
        case .options, .linkAny, .links, .location: return try unsortable(field)
        }
    }

    private static func unsortable(_ field: CheckedField) throws -> Key {
        throw StoreError.notLowerable(
            Words(zh: "不能按字段 `\(field.name)` 排序：它没有先后", en: "records cannot be sorted by `\(field.name)`: it has no order"))
    }

    var orderBy: SQLFragment {
        let order = keys.map { key -> SQLFragment in key.descending ? "\(key.expression) DESC" : key.expression }
        return SQLFragment.joined(order + [idDescending ? "id DESC" : "id"], by: ", ")
    }

    /// Conditions for the rows after `cursor`, each to be asked in turn until the page is full. They are cut so that an index on the
    /// first key leads straight to the place.
    func phases(after cursor: RecordQuery.Cursor) throws -> [SQLFragment] {
        guard cursor.keys.count == keys.count else { throw Self.misfit }
        let marks = try zip(keys, cursor.keys).map { try argument(for: $1, of: $0) }
        guard let first = keys.first, let mark = marks.first else { return [beyondID(cursor.number)] }
        let rest = beyond(marks, from: 1, cursor.number)
        let k = first.expression
        switch (first.descending, mark) {
        case (false, .null): return ["(\(k) IS NULL AND \(rest))", "\(k) IS NOT NULL"]
        case (true, .null): return ["(\(k) IS NULL AND \(rest))"]
        case (false, _): return ["(\(k) >= \(bound: mark) AND (\(k) > \(bound: mark) OR \(rest)))"]
        case (true, _):
            let upTo: SQLFragment = "(\(k) <= \(bound: mark) AND (\(k) < \(bound: mark) OR \(rest)))"
            return first.mayBeBlank ? [upTo, "\(k) IS NULL"] : [upTo]
        }
    }

    private func beyondID(_ number: Int64) -> SQLFragment {
        idDescending ? "id < \(bound: .integer(number))" : "id > \(bound: .integer(number))"
    }

    /// Whether a row lies behind the marks, seeing only the keys from `index` on.
    private func beyond(_ marks: [SQLArgument], from index: Int, _ number: Int64) -> SQLFragment {
        guard index < keys.count else { return beyondID(number) }
        let k = keys[index].expression
        let mark = marks[index]
        let rest = beyond(marks, from: index + 1, number)
        return switch (keys[index].descending, mark) {
        case (false, .null): "(\(k) IS NOT NULL OR \(rest))"
        case (true, .null): "(\(k) IS NULL AND \(rest))"
        case (false, _): "(\(k) > \(bound: mark) OR (\(k) = \(bound: mark) AND \(rest)))"
        case (true, _): "(\(k) < \(bound: mark) OR \(k) IS NULL OR (\(k) = \(bound: mark) AND \(rest)))"
        }
    }

    /// The key of a row as its column holds it. A failure stands where blanks stand.
    private func argument(for value: Value, of key: Key) throws -> SQLArgument {
        switch (key.coding, value) {
        case (_, .blank), (_, .failure): return .null
        case (.number(let decimals), .number(let number)):
            guard let scaled = number.scaled(decimals: decimals) else { throw Self.misfit }
            return .integer(scaled)
        case (.bool, .bool(let flag)): return .integer(flag ? 1 : 0)
        case (.date, .date(let day)): return .integer(Int64(day.daysSinceEpoch))
        case (.datetime, .instant(let instant)): return .integer(instant.microseconds)
        case (.duration, .duration(let span)): return .integer(span.microseconds)
        case (.text, .text(let text)): return .text(text)
        case (.option, .option(let option)): return key.places[option].map { .integer($0) } ?? .null
        case (.link, .link(let record)): return .integer(record.number)
        case (.number, _), (.bool, _), (.date, _), (.datetime, _), (.duration, _), (.text, _), (.option, _), (.options, _), (.link, _),
            (.linkAny, _), (.links, _), (.location, _):
            throw Self.misfit
        }
    }

    private static var misfit: StoreError {
        .notLowerable(Words(zh: "翻页位置与排序不符，请回到第一页", en: "the place in the list does not fit its order; go back to the first page"))
    }
}
