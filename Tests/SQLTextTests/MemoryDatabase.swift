import CSQLite
import Formula

@testable import SQLText

/// An SQLite database in memory with the tables of `Orders`, for asking whether SQL means what the evaluator means.
final class MemoryDatabase {
    private let handle: OpaquePointer

    struct Trouble: Error, CustomStringConvertible {
        let description: String
    }

    init(_ rows: OrdersRows) throws {
        var handle: OpaquePointer?
        guard sqlite3_open(":memory:", &handle) == SQLITE_OK, let handle else { throw Trouble(description: "no database") }
        self.handle = handle
        for function in SQLiteFunctions.all { try register(function) }
        for (index, fields) in Orders.fields.enumerated() {
            let columns = fields.flatMap(columns)
            try run("CREATE TABLE \(Orders.names[index])_\(index) (\(columns.map { "\"\($0)\"" }.joined(separator: ", ")), deleted_at)", [])
        }
        try run("CREATE TABLE words_values (record, value)", [])
        try run("CREATE TABLE helpers_values (record, value)", [])
        for (index, rows) in [rows.users, rows.orders, rows.lines].enumerated() {
            for row in rows { try insert(row, index, isDeleted: index == 0 && rows.count == 4 && row.id.number == 3) }
        }
    }

    deinit { sqlite3_close(handle) }

    private func columns(of field: Orders.Field) -> [String] {
        if field.isComputed { return [] }
        switch field.storage {
        case .options, .links: return []
        case .linkAny(let object): return [field.name, object.name]
        case .number, .bool, .date, .datetime, .duration, .text, .option, .link:
            return field.hasError ? [field.name, field.name + "_error"] : [field.name]
        }
    }

    private func insert(_ row: Row, _ table: Int, isDeleted: Bool) throws {
        var arguments: [SQLArgument] = []
        for (field, value) in zip(Orders.fields[table], row.values) where !field.isComputed {
            switch field.storage {
            case .options:
                guard case .options(let keys) = value else { continue }
                for key in keys { try run("INSERT INTO words_values VALUES (?, ?)", [.integer(row.id.number), .text(key)]) }
                continue
            case .links:
                for record in value.linkedRecords { try run("INSERT INTO helpers_values VALUES (?, ?)", [.integer(row.id.number), .integer(record.number)]) }
                continue
            case .number(let decimals):
                if case .number(let number) = value { arguments.append(number.scaled(decimals: decimals).map { .integer($0) } ?? .null) } else { arguments.append(.null) }
            case .bool, .date, .datetime, .duration, .text, .option, .link, .linkAny:
                arguments.append(SQLiteFunctions.argument(value))
            }
            if case .linkAny = field.storage {
                if case .link(let record) = value { arguments.append(.integer(Int64(record.object.index + 1))) } else { arguments.append(.null) }
            }
            if field.hasError {
                if case .failure(let failure) = value { arguments.append(.text(failure.code.rawValue)) } else { arguments.append(.null) }
            }
        }
        arguments.append(isDeleted ? .integer(1) : .null)
        try run(
            "INSERT INTO \(Orders.names[table])_\(table) VALUES (\(arguments.map { _ in "?" }.joined(separator: ", ")))", arguments)
    }

    /// The rows of a statement.
    @discardableResult
    func run(_ sql: String, _ arguments: [SQLArgument]) throws -> [[SQLArgument]] {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else { throw trouble(sql) }
        defer { sqlite3_finalize(statement) }
        for (position, argument) in arguments.enumerated() {
            let index = Int32(position + 1)
            switch argument {
            case .null: sqlite3_bind_null(statement, index)
            case .integer(let number): sqlite3_bind_int64(statement, index, number)
            case .real(let number): sqlite3_bind_double(statement, index, number)
            case .text(let text): sqlite3_bind_text(statement, index, text, Int32(text.utf8.count), copies)
            }
        }
        var rows: [[SQLArgument]] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: rows.append((0..<sqlite3_column_count(statement)).map { argument(sqlite3_column_value(statement, $0)) })
            case SQLITE_DONE: return rows
            default: throw trouble(sql)
            }
        }
    }

    private func trouble(_ sql: String) -> Trouble {
        Trouble(description: "\(String(cString: sqlite3_errmsg(handle))) in \(sql)")
    }

    private func register(_ function: SQLFunction) throws {
        let box = Unmanaged.passRetained(FunctionBox(function)).toOpaque()
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC
        let code: Int32
        switch function.body {
        case .scalar:
            code = sqlite3_create_function_v2(
                handle, function.name, Int32(function.argumentCount), flags, box,
                { context, count, values in
                    guard let box = FunctionBox.of(context), case .scalar(let body) = box.function.body else { return }
                    answer(context, body(arguments(count, values)))
                }, nil, nil, { Unmanaged<FunctionBox>.fromOpaque($0!).release() })
        case .aggregate:
            code = sqlite3_create_function_v2(
                handle, function.name, Int32(function.argumentCount), flags, box, nil,
                { context, count, values in AccumulatorBox.of(context)?.accumulator.step(arguments(count, values)) },
                { context in
                    answer(context, AccumulatorBox.of(context)?.accumulator.result() ?? .null)
                    AccumulatorBox.end(context)
                }, { Unmanaged<FunctionBox>.fromOpaque($0!).release() })
        }
        guard code == SQLITE_OK else { throw trouble(function.name) }
    }
}

private let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

private func argument(_ value: OpaquePointer?) -> SQLArgument {
    switch sqlite3_value_type(value) {
    case SQLITE_INTEGER: .integer(sqlite3_value_int64(value))
    case SQLITE_FLOAT: .real(sqlite3_value_double(value))
    case SQLITE_TEXT:
        sqlite3_value_text(value).map { bytes in
            .text(String(decoding: UnsafeBufferPointer(start: bytes, count: Int(sqlite3_value_bytes(value))), as: UTF8.self))
        } ?? .null
    default: .null
    }
}

private func arguments(_ count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?) -> [SQLArgument] {
    (0..<Int(count)).map { argument(values?[$0]) }
}

private func answer(_ context: OpaquePointer?, _ argument: SQLArgument) {
    switch argument {
    case .null: sqlite3_result_null(context)
    case .integer(let number): sqlite3_result_int64(context, number)
    case .real(let number): sqlite3_result_double(context, number)
    case .text(let text): sqlite3_result_text(context, text, Int32(text.utf8.count), copies)
    }
}

private final class FunctionBox {
    let function: SQLFunction

    init(_ function: SQLFunction) { self.function = function }

    static func of(_ context: OpaquePointer?) -> FunctionBox? {
        sqlite3_user_data(context).map { Unmanaged<FunctionBox>.fromOpaque($0).takeUnretainedValue() }
    }
}

private final class AccumulatorBox {
    var accumulator: any SQLAccumulator

    init(_ accumulator: any SQLAccumulator) { self.accumulator = accumulator }

    /// The group's own, made at its first row; a place that SQLite keeps zeroed holds it.
    static func of(_ context: OpaquePointer?) -> AccumulatorBox? {
        guard let place = sqlite3_aggregate_context(context, Int32(MemoryLayout<UnsafeMutableRawPointer?>.size)) else { return nil }
        let slot = place.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
        if let box = slot.pointee { return Unmanaged<AccumulatorBox>.fromOpaque(box).takeUnretainedValue() }
        guard let function = FunctionBox.of(context), case .aggregate(let make) = function.function.body else { return nil }
        let box = AccumulatorBox(make())
        slot.pointee = Unmanaged.passRetained(box).toOpaque()
        return box
    }

    static func end(_ context: OpaquePointer?) {
        guard let place = sqlite3_aggregate_context(context, 0) else { return }
        let slot = place.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
        if let box = slot.pointee { Unmanaged<AccumulatorBox>.fromOpaque(box).release() }
        slot.pointee = nil
    }
}
