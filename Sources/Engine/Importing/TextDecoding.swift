#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Bytes of a file as text: UTF-8 where they are that, else GB18030, the encoding in which Chinese spreadsheets save CSV.
enum TextDecoding {
    static func decode(_ bytes: [UInt8]) -> (text: [UInt8], encoding: ImportTable.Encoding)? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            let rest = Array(bytes.dropFirst(3))
            return isUTF8(rest) ? (rest, .utf8BOM) : nil
        }
        if isUTF8(bytes) { return (bytes, .utf8) }
        return gb18030(bytes).map { ($0, .gb18030) }
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            var decoder = UTF8()
            var iterator = buffer.makeIterator()
            while true {
                switch decoder.decode(&iterator) {
                case .scalarValue: continue
                case .emptyInput: return true
                case .error: return false
                }
            }
        }
    }

    /// Nil if a sequence means nothing in GB18030.
    private static func gb18030(_ bytes: [UInt8]) -> [UInt8]? {
        guard let converter = iconv_open("UTF-8", "GB18030"), converter != iconv_t(bitPattern: -1) else { return nil }
        defer { iconv_close(converter) }
        // Two bytes become three at most, four become four.
        var output = [UInt8](repeating: 0, count: bytes.count * 2 + 16)
        let written: Int? = bytes.withUnsafeBytes { input in
            output.withUnsafeMutableBytes { output in
                var from = UnsafeMutablePointer<CChar>(mutating: input.bindMemory(to: CChar.self).baseAddress)
                var into = output.bindMemory(to: CChar.self).baseAddress
                var left = input.count, room = output.count
                guard iconv(converter, &from, &left, &into, &room) != -1, left == 0 else { return nil }
                return output.count - room
            }
        }
        guard let written else { return nil }
        return Array(output.prefix(written))
    }
}
