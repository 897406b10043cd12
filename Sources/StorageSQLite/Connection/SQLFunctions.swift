import CShims
import CSQLite
import SQLText
import Storage

/// Functions of ours that statements call.
enum SQLFunctions {
    static func register(on handle: OpaquePointer) throws(StoreError) {
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
        // `weir_find(needle, text, …)`: whether any of the texts holds the needle, which is in lower case; case-blind.
        let code = sqlite3_create_function_v2(
            handle, "weir_find", -1, flags, nil,
            { context, count, arguments in
                guard count > 0, let arguments, let needle = arguments[0].flatMap(utf8) else { return sqlite3_result_int(context, 0) }
                for index in 1..<max(1, Int(count)) {
                    if let text = arguments[index].flatMap(utf8), CaseBlindSearch.contains(needle, in: text) {
                        return sqlite3_result_int(context, 1)
                    }
                }
                sqlite3_result_int(context, 0)
            }, nil, nil, nil)
        guard code == SQLITE_OK else { throw StoreError(sqlite: code, on: handle) }
        let hit = SearchFunction.register(on: handle)
        guard hit == SQLITE_OK else { throw StoreError(sqlite: hit, on: handle) }
        for function in SQLiteFunctions.all { try register(function, on: handle) }
    }

    /// The functions of formulas: what they do is known elsewhere, here they are only passed their arguments.
    private static func register(_ function: SQLFunction, on handle: OpaquePointer) throws(StoreError) {
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
        let context = Unmanaged.passRetained(RegisteredFunction(function)).toOpaque()
        let release: @convention(c) (UnsafeMutableRawPointer?) -> Void = { pointer in
            if let pointer { Unmanaged<RegisteredFunction>.fromOpaque(pointer).release() }
        }
        let code =
            switch function.body {
            case .scalar:
                sqlite3_create_function_v2(
                    handle, function.name, Int32(function.argumentCount), flags, context,
                    { context, count, arguments in
                        guard let function = RegisteredFunction.of(context), case .scalar(let body) = function.function.body else { return }
                        give(body(read(count, arguments)), to: context)
                    }, nil, nil, release)
            case .aggregate:
                sqlite3_create_function_v2(
                    handle, function.name, Int32(function.argumentCount), flags, context, nil,
                    { context, count, arguments in accumulator(of: context, makes: true)?.value.step(read(count, arguments)) },
                    { context in
                        guard let function = RegisteredFunction.of(context), case .aggregate(let make) = function.function.body else { return }
                        let accumulator = accumulator(of: context, makes: false)
                        give(accumulator?.value.result() ?? make().result(), to: context)
                        if let accumulator { Unmanaged.passUnretained(accumulator).release() }
                    }, release)
            }
        guard code == SQLITE_OK else { throw StoreError(sqlite: code, on: handle) }
    }
}

/// What a connection keeps of a function.
private final class RegisteredFunction {
    let function: SQLFunction

    init(_ function: SQLFunction) {
        self.function = function
    }

    static func of(_ context: OpaquePointer?) -> RegisteredFunction? {
        sqlite3_user_data(context).map { Unmanaged<RegisteredFunction>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// The accumulator of one group of rows.
private final class Accumulator {
    var value: any SQLAccumulator

    init(_ value: any SQLAccumulator) {
        self.value = value
    }
}

/// The accumulator of the group that is under way. SQLite keeps a pointer to it, zero before the first row.
private func accumulator(of context: OpaquePointer?, makes: Bool) -> Accumulator? {
    let size = makes ? Int32(MemoryLayout<UnsafeMutableRawPointer?>.size) : 0
    guard let slot = sqlite3_aggregate_context(context, size)?.assumingMemoryBound(to: UnsafeMutableRawPointer?.self) else { return nil }
    if let known = slot.pointee { return Unmanaged<Accumulator>.fromOpaque(known).takeUnretainedValue() }
    guard makes, let function = RegisteredFunction.of(context), case .aggregate(let make) = function.function.body else { return nil }
    let new = Accumulator(make())
    slot.pointee = Unmanaged.passRetained(new).toOpaque()
    return new
}

private func read(_ count: Int32, _ arguments: UnsafeMutablePointer<OpaquePointer?>?) -> [SQLArgument] {
    (0..<Int(count)).map { index in
        guard let value = arguments?[index] else { return .null }
        switch sqlite3_value_type(value) {
        case SQLITE_INTEGER: return .integer(sqlite3_value_int64(value))
        case SQLITE_FLOAT: return .real(sqlite3_value_double(value))
        case SQLITE_TEXT: return utf8(value).map { .text(String(decoding: $0, as: UTF8.self)) } ?? .null
        default: return .null
        }
    }
}

private func give(_ result: SQLArgument, to context: OpaquePointer?) {
    switch result {
    case .null: sqlite3_result_null(context)
    case .integer(let number): sqlite3_result_int64(context, number)
    case .real(let number): sqlite3_result_double(context, number)
    case .text(var text):
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { weir_sqlite_result_text(context, $0.baseAddress, Int32($0.count)) }
        }
    }
}

/// The bytes of a text argument; nil for NULL. They live until the function returns.
private func utf8(_ value: OpaquePointer) -> UnsafeBufferPointer<UInt8>? {
    guard let bytes = sqlite3_value_text(value) else { return nil }
    return UnsafeBufferPointer(start: bytes, count: Int(sqlite3_value_bytes(value)))
}

/// Finds text whatever its case.
enum CaseBlindSearch {
    /// The form in which a needle is compared.
    static func folded(_ needle: String) -> String { needle.lowercased() }

    static func contains(_ needle: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        if isFoldedByASCII(text) { return containsFoldingASCII(needle, in: text) }
        var lower = String(decoding: text, as: UTF8.self).lowercased()
        return lower.withUTF8 { containsFoldingASCII(needle, in: $0) }
    }

    /// Whether only ASCII letters of the text have a case: beside them it holds CJK, whose lead bytes are E3 to E9 (U+3000…U+9FFF).
    private static func isFoldedByASCII(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.allSatisfy { $0 < 0xC0 || (0xE3...0xE9).contains($0) }
    }

    private static func containsFoldingASCII(_ needle: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = needle.first else { return true }
        guard needle.count <= text.count else { return false }
        for start in 0...(text.count - needle.count) where lower(text[start]) == first {
            var offset = 1
            while offset < needle.count, lower(text[start + offset]) == needle[offset] { offset += 1 }
            if offset == needle.count { return true }
        }
        return false
    }

    @inline(__always)
    private static func lower(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
}
