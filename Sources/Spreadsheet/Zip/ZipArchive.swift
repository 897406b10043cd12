/// The parts of a zip file (PKWARE APPNOTE 6.3.9), found by the directory at its end.
///
/// Nothing is unpacked to a disk: a part is read as a stream, bounded in length and in how much it swells.
struct ZipArchive {
    struct Entry {
        let name: String
        let isDeflated: Bool
        let packed: Int64
        let headerOffset: Int64
    }

    /// More parts than any workbook has.
    private static let mostEntries = 10_000
    private static let mostDirectoryBytes: Int64 = 16 << 20

    private let file: FileBytes
    private let entries: [String: Entry]

    static let damaged = TableTrouble(zh: "工作簿文件已损坏", en: "the workbook is damaged")

    init(_ file: FileBytes) throws(TableTrouble) {
        self.file = file
        // The end record is 22 bytes and a comment of 65,535 at most.
        let tailStart = max(0, file.size - 65_557)
        let tail = try file.bytes(at: tailStart, count: Int(file.size - tailStart))
        guard let end = tail.indices.dropLast(21).last(where: { tail[$0] == 0x50 && tail.little32(at: $0) == 0x0605_4B50 }) else { throw Self.damaged }
        var count = Int64(tail.little16(at: end + 10))
        var size = Int64(tail.little32(at: end + 12))
        var offset = Int64(tail.little32(at: end + 16))
        if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF, end >= 20, tail.little32(at: end - 20) == 0x0706_4B50 {
            let record = try file.bytes(at: try Self.plausible(tail.little64(at: end - 12), in: file), count: 56)
            guard record.count == 56, record.little32(at: 0) == 0x0606_4B50 else { throw Self.damaged }
            count = try Self.plausible(record.little64(at: 32), in: file)
            size = try Self.plausible(record.little64(at: 40), in: file)
            offset = try Self.plausible(record.little64(at: 48), in: file)
        }
        guard count <= Self.mostEntries, size <= Self.mostDirectoryBytes else {
            throw TableTrouble(zh: "工作簿里的部件太多", en: "the workbook has too many parts")
        }
        guard offset + size <= file.size else { throw Self.damaged }
        entries = try Self.entries(in: try file.bytes(at: offset, count: Int(size)), count: Int(count))
    }

    private static func plausible(_ number: UInt64, in file: FileBytes) throws(TableTrouble) -> Int64 {
        guard number <= UInt64(file.size) else { throw damaged }
        return Int64(number)
    }

    private static func entries(in directory: [UInt8], count: Int) throws(TableTrouble) -> [String: Entry] {
        var entries: [String: Entry] = [:]
        var at = 0
        for _ in 0..<count {
            guard at + 46 <= directory.count, directory.little32(at: at) == 0x0201_4B50 else { throw damaged }
            let flags = directory.little16(at: at + 8), method = directory.little16(at: at + 10)
            var packed = UInt64(directory.little32(at: at + 20))
            let unpacked = directory.little32(at: at + 24)
            let nameLength = Int(directory.little16(at: at + 28)), extraLength = Int(directory.little16(at: at + 30))
            let commentLength = Int(directory.little16(at: at + 32))
            var header = UInt64(directory.little32(at: at + 42))
            let end = at + 46 + nameLength + extraLength + commentLength
            guard end <= directory.count else { throw damaged }
            let name = String(decoding: directory[(at + 46)..<(at + 46 + nameLength)], as: UTF8.self)
            if packed == 0xFFFF_FFFF || unpacked == 0xFFFF_FFFF || header == 0xFFFF_FFFF {
                // The numbers that did not fit stand in an extra field, in this order (4.5.3).
                var extra = at + 46 + nameLength
                let extraEnd = extra + extraLength
                while extra + 4 <= extraEnd {
                    let length = Int(directory.little16(at: extra + 2))
                    guard extra + 4 + length <= extraEnd else { throw damaged }
                    if directory.little16(at: extra) == 1 {
                        var value = extra + 4
                        if unpacked == 0xFFFF_FFFF { value += 8 }
                        for isHeader in [false, true] where (isHeader ? header : packed) == 0xFFFF_FFFF {
                            guard value + 8 <= extra + 4 + length else { throw damaged }
                            if isHeader { header = directory.little64(at: value) } else { packed = directory.little64(at: value) }
                            value += 8
                        }
                    }
                    extra += 4 + length
                }
            }
            guard flags & 1 == 0 else { throw TableTrouble(zh: "工作簿有密码，请去掉密码后再导入", en: "the workbook has a password; save it without one") }
            if method == 0 || method == 8, packed < UInt64(Int64.max), header < UInt64(Int64.max) {
                // The first of a name counts; an archive with two is a trick.
                guard entries[name] == nil else { throw damaged }
                entries[name] = Entry(name: name, isDeflated: method == 8, packed: Int64(packed), headerOffset: Int64(header))
            }
            at = end
        }
        return entries
    }

    func has(_ name: String) -> Bool { entries[name] != nil }

    /// The part's content as a stream; nil if there is none of this name.
    func open(_ name: String, mostBytes: Int64) throws(TableTrouble) -> ZipPart? {
        guard let entry = entries[name] else { return nil }
        let header = try file.bytes(at: entry.headerOffset, count: 30)
        guard header.count == 30, header.little32(at: 0) == 0x0403_4B50 else { throw Self.damaged }
        let start = entry.headerOffset + 30 + Int64(header.little16(at: 26)) + Int64(header.little16(at: 28))
        guard start + entry.packed <= file.size else { throw Self.damaged }
        return try ZipPart(FileSource(file, from: start, to: start + entry.packed), entry, mostBytes: mostBytes)
    }
}

extension [UInt8] {
    func little16(at index: Int) -> UInt16 { UInt16(self[index]) | UInt16(self[index + 1]) << 8 }
    func little32(at index: Int) -> UInt32 { UInt32(little16(at: index)) | UInt32(little16(at: index + 2)) << 16 }
    func little64(at index: Int) -> UInt64 { UInt64(little32(at: index)) | UInt64(little32(at: index + 4)) << 32 }
}
