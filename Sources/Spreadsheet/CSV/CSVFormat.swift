/// How a text file spells its table.
package struct CSVFormat: Sendable, Hashable {
    package enum Encoding: String, Sendable, Hashable, CaseIterable { case utf8 = "UTF-8", utf8BOM = "UTF-8 (BOM)", gb18030 = "GB18030" }

    package enum Separator: String, Sendable, Hashable, CaseIterable {
        case comma, semicolon, tab

        package var byte: UInt8 {
            switch self {
            case .comma: UInt8(ascii: ",")
            case .semicolon: UInt8(ascii: ";")
            case .tab: UInt8(ascii: "\t")
            }
        }
    }

    package let encoding: Encoding
    package let separator: Separator

    package init(encoding: Encoding, separator: Separator) {
        self.encoding = encoding
        self.separator = separator
    }

    /// UTF-8 where every byte of the file is that, else GB18030, in which Chinese spreadsheets save CSV. The separator is the one that stands
    /// most often in the first line, outside quotes; a comma if none does.
    init(guessedFrom file: FileBytes, encoding: Encoding?, separator: Separator?) throws(TableTrouble) {
        let start = try file.bytes(at: 0, count: 3)
        guard !start.starts(with: [0xFF, 0xFE]), !start.starts(with: [0xFE, 0xFF]) else {
            throw TableTrouble(zh: "文件是 UTF-16 编码，请另存为 UTF-8 的 CSV", en: "the file is in UTF-16; save it as CSV in UTF-8")
        }
        let hasMark = start == [0xEF, 0xBB, 0xBF]
        if let encoding, encoding == .gb18030 {
            self.encoding = .gb18030
        } else if try Self.isUTF8(file) {
            self.encoding = hasMark ? .utf8BOM : .utf8
        } else {
            guard !hasMark, encoding == nil, try Self.isGB18030(file) else { throw Self.noText }
            self.encoding = .gb18030
        }
        let text = BufferedBytes(try Self.text(of: file, self.encoding))
        if let separator { self.separator = separator } else { self.separator = try Self.guessSeparator(text) }
    }

    static let noText = TableTrouble(zh: "文件既不是 UTF-8 也不是 GB18030 编码的文本", en: "the file is text neither in UTF-8 nor in GB18030")
    private static let binary = TableTrouble(zh: "这不是文本文件", en: "this is not a text file")

    /// The file's text in UTF-8, without a byte order mark.
    static func text(of file: FileBytes, _ encoding: Encoding) throws(TableTrouble) -> any ByteSource {
        switch encoding {
        case .utf8: FileSource(file)
        case .utf8BOM: FileSource(file, from: 3)
        case .gb18030: try GB18030Source(FileSource(file))
        }
    }

    private static func isUTF8(_ file: FileBytes) throws(TableTrouble) -> Bool {
        let source = FileSource(file)
        var isValid = true
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: BufferedBytes.size, alignment: 16)
        defer { buffer.deallocate() }
        var kept = 0
        while isValid {
            let read = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[kept...]))
            let count = kept + read
            if count == 0 { break }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            if read > 0, memchrZero(bytes) { throw binary }
            // A character may be cut at the end of the buffer.
            let whole = read == 0 ? count : count - tail(of: bytes)
            isValid = String(validating: bytes[..<whole], as: UTF8.self) != nil
            if read == 0 { break }
            kept = count - whole
            for index in 0..<kept { buffer[index] = buffer[whole + index] }
        }
        return isValid
    }

    private static func memchrZero(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.contains(0) }

    /// How many bytes at the end begin a character without ending it.
    private static func tail(of bytes: UnsafeRawBufferPointer) -> Int {
        for back in 1...3 where back <= bytes.count {
            let byte = bytes[bytes.count - back]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > back ? back : 0
        }
        return 0
    }

    private static func isGB18030(_ file: FileBytes) throws(TableTrouble) -> Bool {
        let source = try GB18030Source(FileSource(file))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: BufferedBytes.size, alignment: 16)
        defer { buffer.deallocate() }
        do throws(TableTrouble) {
            while try source.read(into: buffer) > 0 {}
            return true
        } catch {
            guard error == noText else { throw error }
            return false
        }
    }

    private static func guessSeparator(_ text: BufferedBytes) throws(TableTrouble) -> Separator {
        var counts: [Separator: Int] = [:]
        var isQuoted = false
        for _ in 0..<TableLimits.mostCellBytes {
            let byte = try text.next()
            if byte == 0x22 { isQuoted.toggle() }
            if byte < 0 || !isQuoted && (byte == 0x0A || byte == 0x0D) { break }
            if !isQuoted, let separator = Separator.allCases.first(where: { Int($0.byte) == byte }) { counts[separator, default: 0] += 1 }
        }
        var best = Separator.comma
        for separator in Separator.allCases where counts[separator, default: 0] > counts[best, default: 0] { best = separator }
        return best
    }
}
