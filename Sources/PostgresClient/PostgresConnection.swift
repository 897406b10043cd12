// What comes into this room: the address of a PostgreSQL server and statements. What goes out: rows. libpq is loaded when the first
// connection is made, so that building and running without it stays possible. A connection belongs to one thread and blocks it.
import Foundation
package import SQLText

/// One connection to a PostgreSQL server. Statements run in a transaction that is never committed.
package final class PostgresConnection {
    private let library: PostgresLibrary
    private let handle: OpaquePointer

    /// - Parameter address: As libpq takes it: `postgresql://user@host:5432/database` or `host=/tmp dbname=postgres`.
    /// - Throws: Why there is no connection; libpq may be missing.
    package init(_ address: String) throws(PostgresTrouble) {
        guard let library = PostgresLibrary.shared else { throw PostgresTrouble("libpq is not installed") }
        self.library = library
        guard let handle = library.connect(address) else { throw PostgresTrouble("libpq is out of memory") }
        self.handle = handle
        guard library.status(handle) == 0 else {
            let message = library.message(handle)
            library.finish(handle)
            throw PostgresTrouble(message)
        }
        try execute("SET client_min_messages = error; SET client_encoding = 'UTF8'; SET TimeZone = 'UTC'; SET jit = off")
    }

    deinit {
        library.finish(handle)
    }

    /// Opens a transaction in a schema of its own with our functions in it; it ends with the connection and leaves nothing behind.
    package func beginTrial() throws(PostgresTrouble) {
        try execute("BEGIN; CREATE SCHEMA weir_trial; SET LOCAL search_path = weir_trial, pg_catalog")
        try execute(PostgresFunctions.script)
    }

    /// Statements that give no rows, one after the other.
    package func execute(_ script: String) throws(PostgresTrouble) {
        try library.run(handle, script)
    }

    /// The rows of a statement: integers as such, all else as text.
    package func rows(_ statement: RenderedSQL) throws(PostgresTrouble) -> [[SQLArgument]] {
        try library.rows(handle, statement)
    }
}

/// What the server or libpq said.
package struct PostgresTrouble: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// The functions of libpq that are called, found by name.
private final class PostgresLibrary: Sendable {
    private typealias Connect = @convention(c) (UnsafePointer<CChar>) -> OpaquePointer?
    private typealias OfConnection = @convention(c) (OpaquePointer) -> Int32
    private typealias Finish = @convention(c) (OpaquePointer) -> Void
    private typealias Message = @convention(c) (OpaquePointer) -> UnsafePointer<CChar>?
    private typealias Execute = @convention(c) (OpaquePointer, UnsafePointer<CChar>) -> OpaquePointer?
    private typealias ExecuteWith = @convention(c) (
        OpaquePointer, UnsafePointer<CChar>, Int32, UnsafePointer<UInt32>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?,
        UnsafePointer<Int32>?, Int32
    ) -> OpaquePointer?
    private typealias OfCell = @convention(c) (OpaquePointer, Int32, Int32) -> Int32
    private typealias CellText = @convention(c) (OpaquePointer, Int32, Int32) -> UnsafePointer<CChar>?
    private typealias OfColumn = @convention(c) (OpaquePointer, Int32) -> UInt32

    private let pqConnect: Connect
    private let pqStatus: OfConnection
    private let pqFinish: Finish
    private let pqMessage: Message
    private let pqExecute: Execute
    private let pqExecuteWith: ExecuteWith
    private let pqResultStatus: OfConnection
    private let pqResultMessage: Message
    private let pqClear: Finish
    private let pqRows: OfConnection
    private let pqColumns: OfConnection
    private let pqIsNull: OfCell
    private let pqValue: CellText
    private let pqLength: OfCell
    private let pqType: OfColumn

    static let shared: PostgresLibrary? = {
        for name in ["libpq.so.5", "libpq.5.dylib", "/opt/homebrew/opt/libpq/lib/libpq.5.dylib", "/usr/local/opt/libpq/lib/libpq.5.dylib"] {
            if let handle = dlopen(name, RTLD_NOW) { return PostgresLibrary(handle) }
        }
        return nil
    }()

    private init?(_ library: UnsafeMutableRawPointer) {
        guard let connect = dlsym(library, "PQconnectdb"), let status = dlsym(library, "PQstatus"), let finish = dlsym(library, "PQfinish"),
            let message = dlsym(library, "PQerrorMessage"), let execute = dlsym(library, "PQexec"),
            let executeWith = dlsym(library, "PQexecParams"), let resultStatus = dlsym(library, "PQresultStatus"),
            let resultMessage = dlsym(library, "PQresultErrorMessage"), let clear = dlsym(library, "PQclear"),
            let rows = dlsym(library, "PQntuples"), let columns = dlsym(library, "PQnfields"), let isNull = dlsym(library, "PQgetisnull"),
            let value = dlsym(library, "PQgetvalue"), let length = dlsym(library, "PQgetlength"), let type = dlsym(library, "PQftype")
        else { return nil }
        // The signatures are those of libpq-fe.h; an enum of C is an Int32.
        pqConnect = unsafeBitCast(connect, to: Connect.self)
        pqStatus = unsafeBitCast(status, to: OfConnection.self)
        pqFinish = unsafeBitCast(finish, to: Finish.self)
        pqMessage = unsafeBitCast(message, to: Message.self)
        pqExecute = unsafeBitCast(execute, to: Execute.self)
        pqExecuteWith = unsafeBitCast(executeWith, to: ExecuteWith.self)
        pqResultStatus = unsafeBitCast(resultStatus, to: OfConnection.self)
        pqResultMessage = unsafeBitCast(resultMessage, to: Message.self)
        pqClear = unsafeBitCast(clear, to: Finish.self)
        pqRows = unsafeBitCast(rows, to: OfConnection.self)
        pqColumns = unsafeBitCast(columns, to: OfConnection.self)
        pqIsNull = unsafeBitCast(isNull, to: OfCell.self)
        pqValue = unsafeBitCast(value, to: CellText.self)
        pqLength = unsafeBitCast(length, to: OfCell.self)
        pqType = unsafeBitCast(type, to: OfColumn.self)
    }

    func connect(_ address: String) -> OpaquePointer? { pqConnect(address) }
    func status(_ connection: OpaquePointer) -> Int32 { pqStatus(connection) }
    func finish(_ connection: OpaquePointer) { pqFinish(connection) }
    func message(_ connection: OpaquePointer) -> String { pqMessage(connection).map { String(cString: $0) } ?? "" }

    func run(_ connection: OpaquePointer, _ script: String) throws(PostgresTrouble) {
        guard let result = pqExecute(connection, script) else { throw PostgresTrouble(message(connection)) }
        defer { pqClear(result) }
        try check(result)
    }

    /// 1 is a command that was done, 2 are rows.
    private func check(_ result: OpaquePointer) throws(PostgresTrouble) {
        let status = pqResultStatus(result)
        guard status == 1 || status == 2 else {
            throw PostgresTrouble(pqResultMessage(result).map { String(cString: $0) } ?? "status \(status)")
        }
    }

    func rows(_ connection: OpaquePointer, _ statement: RenderedSQL) throws(PostgresTrouble) -> [[SQLArgument]] {
        // Texts of C, which end at a zero; libpq copies them.
        let texts: [UnsafeMutablePointer<CChar>?] = statement.arguments.map { argument in
            switch argument {
            case .null: nil
            case .integer(let number): strdup(String(number))
            case .real(let number): strdup(number.description)
            case .text(let text): strdup(text)
            }
        }
        defer { for text in texts { free(text) } }
        let values = texts.map { text -> UnsafePointer<CChar>? in text.map { UnsafePointer($0) } }
        guard let result = pqExecuteWith(connection, statement.text, Int32(values.count), nil, values, nil, nil, 0) else {
            throw PostgresTrouble(message(connection))
        }
        defer { pqClear(result) }
        try check(result)
        let columns = pqColumns(result)
        return (0..<pqRows(result)).map { row in (0..<columns).map { cell(result, row, $0) } }
    }

    private func cell(_ result: OpaquePointer, _ row: Int32, _ column: Int32) -> SQLArgument {
        guard pqIsNull(result, row, column) == 0, let bytes = pqValue(result, row, column) else { return .null }
        let length = Int(pqLength(result, row, column))
        let text = bytes.withMemoryRebound(to: UInt8.self, capacity: length) { String(decoding: UnsafeBufferPointer(start: $0, count: length), as: UTF8.self) }
        // int8, int2 and int4 by their numbers in pg_type.
        switch pqType(result, column) {
        case 20, 21, 23: return Int64(text).map { .integer($0) } ?? .text(text)
        default: return .text(text)
        }
    }
}
