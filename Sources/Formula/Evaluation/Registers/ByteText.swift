/// A text written out in a formula, as bytes that stay where they are.
struct ByteText {
    let start: UnsafePointer<UInt8>
    let count: Int

    @inline(__always)
    func isAll(of text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.count == count && lies(at: 0, in: text)
    }

    @inline(__always)
    func begins(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.count >= count && lies(at: 0, in: text)
    }

    /// Every text holds the empty one.
    @inline(__always)
    func isHeld(by text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count > 0 else { return true }
        guard text.count >= count else { return false }
        let first = start[0]
        for place in 0...(text.count - count) where text[place] == first && lies(at: place, in: text) { return true }
        return false
    }

    /// There are enough bytes behind `place`.
    @inline(__always)
    private func lies(at place: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = text.baseAddress else { return count == 0 }
        let theirs = UnsafeRawPointer(base) + place, mine = UnsafeRawPointer(start)
        var index = 0
        while index &+ 8 <= count {
            if theirs.loadUnaligned(fromByteOffset: index, as: UInt64.self) != mine.loadUnaligned(fromByteOffset: index, as: UInt64.self) {
                return false
            }
            index &+= 8
        }
        while index < count {
            if theirs.load(fromByteOffset: index, as: UInt8.self) != mine.load(fromByteOffset: index, as: UInt8.self) { return false }
            index &+= 1
        }
        return true
    }
}

extension String {
    /// What `body` makes of the bytes; nil where they do not lie in one piece, as those of texts of other systems may.
    @inline(__always)
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result? {
        utf8.withContiguousStorageIfAvailable(body)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Unicode scalars: bytes that begin one.
    var scalarCount: Int {
        guard let baseAddress else { return 0 }
        let bytes = UnsafeRawPointer(baseAddress)
        var following = 0
        var index = 0
        while index &+ 8 <= count {
            // The bytes that go on begin with the bits 10.
            let eight = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            following &+= (eight & ~(eight << 1) & 0x8080_8080_8080_8080).nonzeroBitCount
            index &+= 8
        }
        while index < count {
            if bytes.load(fromByteOffset: index, as: UInt8.self) & 0xC0 == 0x80 { following &+= 1 }
            index &+= 1
        }
        return count &- following
    }
}
