import Formula
import PostgresClient

@testable import SQLText

/// The tables of `Orders` on a PostgreSQL server, in a transaction that ends with the connection.
final class PostgresOrders {
    let connection: PostgresConnection

    init(_ rows: OrdersRows, on server: PostgresServer) throws {
        connection = try PostgresConnection(server.address)
        try connection.beginTrial()
        for (index, fields) in Orders.fields.enumerated() {
            let columns = fields.flatMap(columns)
            try connection.execute("CREATE TABLE \(Orders.names[index])_\(index) (\(columns.joined(separator: ", ")), deleted_at bigint)")
        }
        try connection.execute("CREATE TABLE words_values (record bigint, value text)")
        try connection.execute("CREATE TABLE helpers_values (record bigint, value bigint)")
        for (index, rows) in [rows.users, rows.orders, rows.lines].enumerated() {
            for row in rows { try insert(row, index, isDeleted: index == 0 && row.id.number == 3) }
        }
    }

    func run(_ fragment: SQLFragment) throws -> [[SQLArgument]] { try connection.rows(fragment.rendered(for: .postgres)) }

    private func columns(of field: Orders.Field) -> [String] {
        if field.isComputed { return [] }
        let type: String
        switch field.storage {
        case .options, .links: return []
        case .linkAny(let object): return ["\"\(field.name)\" bigint", "\"\(object.name)\" bigint"]
        case .number: type = "numeric"
        case .bool: type = "boolean"
        case .date: type = "date"
        case .datetime: type = "timestamptz"
        case .duration, .link: type = "bigint"
        case .text, .option: type = "text"
        }
        return ["\"\(field.name)\" \(type)"] + (field.hasError ? ["\"\(field.name)_error\" text"] : [])
    }

    private func insert(_ row: Row, _ table: Int, isDeleted: Bool) throws {
        guard let lowering = Orders.lowering(.postgres) else { return }
        var values: [SQLFragment] = []
        for (field, value) in zip(Orders.fields[table], row.values) where !field.isComputed {
            var stored = value
            switch field.storage {
            case .options:
                guard case .options(let keys) = value else { continue }
                for key in keys {
                    _ = try run("INSERT INTO words_values VALUES (\(bound: .integer(row.id.number)), \(bound: .text(key)))")
                }
                continue
            case .links:
                guard case .links(let records) = value else { continue }
                for record in records {
                    _ = try run("INSERT INTO helpers_values VALUES (\(bound: .integer(row.id.number)), \(bound: .integer(record.number)))")
                }
                continue
            case .number(let decimals):
                // As a column of SQLite has it: scaled into 64 bits.
                if case .number(let number) = value {
                    stored = number.scaled(decimals: decimals).map { .number(ExactDecimal(scaled: $0, decimals: decimals)) } ?? .blank
                }
            case .bool, .date, .datetime, .duration, .text, .option, .link, .linkAny: break
            }
            if case .failure = stored { stored = .blank }
            values.append(lowering.literal(stored, field.type)?.value ?? "NULL")
            if case .linkAny = field.storage {
                if case .link(let record) = value { values.append("\(bound: .integer(Int64(record.object.index + 1)))") } else { values.append("NULL::bigint") }
            }
            if field.hasError {
                if case .failure(let failure) = value { values.append("\(bound: .text(failure.code.rawValue))") } else { values.append("NULL::text") }
            }
        }
        values.append(isDeleted ? "1" : "NULL::bigint")
        _ = try run("INSERT INTO \(Identifier("\(Orders.names[table])_\(table)")) VALUES (\(SQLFragment.joined(values, by: ", ")))")
    }
}
