import CShims
import CSQLite
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
