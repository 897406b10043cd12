import CZlib
import SourceText
import Storage

/// All files of a version in a few bytes: each as its path, a zero, its length in eight bytes and its text; all of it deflated, behind the
/// length of the whole.
struct PackedSources {
    let bytes: [UInt8]

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    init(_ sources: SourceSet) throws(StoreError) {
        var plain: [UInt8] = []
        for file in sources.files {
            plain += file.path.utf8
            plain.append(0)
            plain += Self.eight(file.bytes.count)
            plain += file.bytes
        }
        var length = compressBound(uLong(plain.count))
        var packed = [UInt8](repeating: 0, count: Int(length))
        guard compress2(&packed, &length, plain, uLong(plain.count), Self.level) == Z_OK else { throw .other("the texts of the app cannot be deflated") }
        bytes = Self.eight(plain.count) + packed.prefix(Int(length))
    }

    /// Quick: versions are kept whenever an author saves.
    private static let level: Int32 = 3
    /// More text than any app has.
    private static let longest = 1 << 28

    /// - Throws: `StoreError.notADatabase` if they are damaged.
    func sources() throws(StoreError) -> SourceSet {
        guard bytes.count > 8, let count = Self.number(bytes[..<8]), count <= Self.longest else { throw Self.damaged }
        var plain = [UInt8](repeating: 0, count: count)
        var length = uLong(count)
        let packed = Array(bytes[8...])
        guard uncompress(&plain, &length, packed, uLong(packed.count)) == Z_OK, Int(length) == count else { throw Self.damaged }
        var sources = SourceSet()
        var rest = plain[...]
        while !rest.isEmpty {
            guard let end = rest.firstIndex(of: 0), rest.endIndex - end > 8, let length = Self.number(rest[(end + 1)...].prefix(8)),
                length <= rest.endIndex - end - 9
            else { throw Self.damaged }
            let start = end + 9
            sources.add(path: String(decoding: rest[..<end], as: UTF8.self), bytes: Array(rest[start..<(start + length)]))
            rest = rest[(start + length)...]
        }
        return sources
    }

    private static var damaged: StoreError { .notADatabase("the texts of a version cannot be read") }

    private static func eight(_ count: Int) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count == 8, bytes.last == 0 else { return nil }
        return bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
