#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Text in GB18030 as UTF-8, by the C library's iconv.
final class GB18030Source: ByteSource {
    private let source: any ByteSource
    private let converter: iconv_t
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: BufferedBytes.size, alignment: 16)
    /// Bytes that wait, from the buffer's beginning.
    private var waiting = 0
    private var isAtEnd = false

    init(_ source: any ByteSource) throws(TableTrouble) {
        guard let converter = iconv_open("UTF-8", "GB18030"), converter != iconv_t(bitPattern: -1) else {
            input.deallocate()
            throw TableTrouble(zh: "本机不能转换 GB18030 编码", en: "this machine cannot convert GB18030")
        }
        self.source = source
        self.converter = converter
    }

    deinit {
        iconv_close(converter)
        input.deallocate()
    }

    /// - Throws: `CSVFormat.noText` for bytes that mean nothing.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableTrouble) -> Int {
        while true {
            if !isAtEnd, waiting < 16 {
                let read = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: input[waiting...]))
                isAtEnd = read == 0
                waiting += read
            }
            guard waiting > 0 else { return 0 }
            var from = input.bindMemory(to: CChar.self).baseAddress
            var into = buffer.bindMemory(to: CChar.self).baseAddress
            var left = waiting, room = buffer.count
            let result = iconv(converter, &from, &left, &into, &room)
            let reason = result == -1 ? errno : 0
            let consumed = waiting - left
            // What is left is a few bytes of a cut character, or all that found no room.
            if left > 0, let base = input.baseAddress { memmove(base, base + consumed, left) }
            waiting = left
            let written = buffer.count - room
            if reason == EILSEQ, written == 0 { throw CSVFormat.noText }
            if written > 0 { return written }
            if isAtEnd, left > 0 { throw CSVFormat.noText }
        }
    }
}
