import CShims
import CSQLite
import SQLText
import Storage

/// A prepared statement of one connection. Parameters and columns go by position: nothing is looked up by name while records are read.
///
/// Belongs to the thread that its connection runs on.
final class Statement {
    let raw: OpaquePointer

    /// - Throws: `StoreError.other` with SQLite's message; a statement of ours that does not compile is our mistake.
    init(_ sql: String, on handle: OpaquePointer) throws(StoreError) {
        var statement: OpaquePointer?
        let code = sql.withCString { sqlite3_prepare_v3(handle, $0, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil) }
        guard code == SQLITE_OK, let statement else { throw StoreError(sqlite: code, on: handle) }
        raw = statement
    }

    deinit {
        sqlite3_finalize(raw)
    }

    // MARK: Parameters, from 1

    @inline(__always)
    func bind(_ value: Int64, at index: Int32) {
        sqlite3_bind_int64(raw, index, value)
    }

    func bind(_ value: Int64?, at index: Int32) {
        if let value { sqlite3_bind_int64(raw, index, value) } else { sqlite3_bind_null(raw, index) }
    }

    func bindNull(at index: Int32) {
        sqlite3_bind_null(raw, index)
    }

    func bind(_ value: String, at index: Int32) {
        var value = value
        value.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { _ = weir_sqlite_bind_text(raw, index, $0.baseAddress, Int32($0.count)) }
        }
    }

    func bind(_ value: String?, at index: Int32) {
        if let value { bind(value, at: index) } else { bindNull(at: index) }
    }

    func bind(text bytes: [UInt8], at index: Int32) {
        bytes.withUnsafeBytes { _ = weir_sqlite_bind_text(raw, index, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count)) }
    }

    func bind(blob bytes: [UInt8], at index: Int32) {
        bytes.withUnsafeBytes { _ = weir_sqlite_bind_blob(raw, index, $0.baseAddress, Int32($0.count)) }
    }

    func bind(_ arguments: [SQLArgument]) {
        for (position, argument) in arguments.enumerated() {
            let index = Int32(position) + 1
            switch argument {
            case .null: bindNull(at: index)
            case .integer(let number): bind(number, at: index)
            case .real(let number): sqlite3_bind_double(raw, index, number)
            case .text(let text): bind(text, at: index)
            }
        }
    }

    // MARK: Running

    /// Whether there is a row.
    func step() throws(StoreError) -> Bool {
        switch sqlite3_step(raw) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let error = StoreError(sqlite: code, on: sqlite3_db_handle(raw))
            sqlite3_reset(raw)
            throw error
        }
    }

    /// Ready for other parameters; a statement that is not reset holds its snapshot.
    @inline(__always)
    func reset() {
        sqlite3_reset(raw)
    }

    /// Runs a statement that gives no rows.
    func run() throws(StoreError) {
        defer { reset() }
        while try step() {}
    }

    // MARK: Columns of the current row, from 0

    @inline(__always)
    func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(raw, column) == SQLITE_NULL
    }

    @inline(__always)
    func int64(_ column: Int32) -> Int64 {
        sqlite3_column_int64(raw, column)
    }

    func optionalInt64(_ column: Int32) -> Int64? {
        isNull(column) ? nil : int64(column)
    }

    /// Empty for NULL.
    func text(_ column: Int32) -> String {
        guard let bytes = sqlite3_column_text(raw, column) else { return "" }
        return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(raw, column))), as: UTF8.self)
    }

    func optionalText(_ column: Int32) -> String? {
        isNull(column) ? nil : text(column)
    }

    func blob(_ column: Int32) -> [UInt8] {
        guard let bytes = sqlite3_column_blob(raw, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(raw, column))))
    }
}
