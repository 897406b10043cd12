import CSQLite
import GRDB
import Storage

extension StoreError {
    /// What SQLite's result code means to whoever asked for something.
    init(sqlite code: Int32, message: String) {
        switch code & 0xFF {
        case SQLITE_FULL: self = .diskFull
        case SQLITE_READONLY: self = .readOnly
        case SQLITE_IOERR: self = .diskFails("SQLite \(code): \(message)")
        // The last is what SQLite says of locks that stay taken while a log is opened.
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: self = .locked(path: message)
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .notADatabase(message)
        default: self = .other("SQLite \(code): \(message)")
        }
    }

    /// With the message of the connection's last error.
    init(sqlite code: Int32, on handle: OpaquePointer?) {
        self.init(sqlite: code, message: handle.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? "no connection")
    }

    /// The library's error, as far as it is one of a database; others come through as they are.
    static func mapped(_ error: any Error) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        return StoreError(sqlite: error.extendedResultCode.rawValue, message: error.message ?? "")
    }
}
