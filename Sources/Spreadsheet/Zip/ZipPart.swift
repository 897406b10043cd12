import CZlib

/// The content of one part of a zip file, unpacked as it is read.
final class ZipPart: ByteSource {
    /// Deflate swells a byte to 1,032 at most; tables with many equal cells come to some hundred.
    private static let mostSwelling: Int64 = 300
    /// Below this, a part may swell as it likes.
    private static let harmless: Int64 = 64 << 20

    private let source: FileSource
    private let packed: Int64
    private let mostBytes: Int64
    private let stream: UnsafeMutablePointer<z_stream>?
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    private var isDone = false
    private var given: Int64 = 0
    private var taken: Int64 = 0

    init(_ source: FileSource, _ entry: ZipArchive.Entry, mostBytes: Int64) throws(TableTrouble) {
        self.source = source
        packed = entry.packed
        self.mostBytes = mostBytes
        guard entry.isDeflated else {
            stream = nil
            return
        }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        self.stream = stream
        // zlib manual, inflateInit2: a negative window is raw deflate.
        guard inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { throw ZipArchive.damaged }
    }

    deinit {
        if let stream {
            inflateEnd(stream)
            stream.deallocate()
        }
        input.deallocate()
    }

    /// In thousandths.
    var progress: Int { packed == 0 ? 1000 : Int(min(1000, taken * 1000 / packed)) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableTrouble) -> Int {
        let count: Int
        if let stream { count = try inflate(stream, into: buffer) } else { count = try stored(into: buffer) }
        given += Int64(count)
        let most = min(mostBytes, max(Self.harmless, packed * Self.mostSwelling))
        guard given <= most else {
            throw TableTrouble(zh: "工作簿解压后大得不正常，没有读取", en: "the workbook swells beyond all measure when it is unpacked; it was not read")
        }
        return count
    }

    private func stored(into buffer: UnsafeMutableRawBufferPointer) throws(TableTrouble) -> Int {
        let count = try source.read(into: buffer)
        taken += Int64(count)
        return count
    }

    private func inflate(_ stream: UnsafeMutablePointer<z_stream>, into buffer: UnsafeMutableRawBufferPointer) throws(TableTrouble) -> Int {
        guard !isDone, !buffer.isEmpty else { return 0 }
        stream.pointee.next_out = buffer.bindMemory(to: Bytef.self).baseAddress
        stream.pointee.avail_out = UInt32(buffer.count)
        while true {
            if stream.pointee.avail_in == 0 {
                let count = try source.read(into: input)
                taken += Int64(count)
                stream.pointee.next_in = input.bindMemory(to: Bytef.self).baseAddress
                stream.pointee.avail_in = UInt32(count)
            }
            let result = CZlib.inflate(stream, Z_NO_FLUSH)
            let written = buffer.count - Int(stream.pointee.avail_out)
            switch result {
            case Z_STREAM_END:
                isDone = true
                return written
            case Z_OK:
                if written > 0 { return written }
            default:
                // Z_BUF_ERROR with nothing left to read: the part is cut off.
                throw ZipArchive.damaged
            }
        }
    }
}
