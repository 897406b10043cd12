#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Bytes that come one after the other.
protocol ByteSource: AnyObject {
    /// Fills as much of the buffer as it can; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableTrouble) -> Int
}

/// Bytes that are read where one likes: a file's, or some that stand in memory.
final class FileBytes: Sendable {
    let size: Int64
    /// -1 for bytes in memory.
    private let descriptor: Int32
    private let memory: [UInt8]

    init(path: String) throws(TableTrouble) {
        memory = []
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            size = 0
            throw .unreadableFile(String(cString: strerror(errno)))
        }
        var facts = stat()
        let isFile = fstat(descriptor, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
        size = Int64(facts.st_size)
        guard isFile else { throw .unreadableFile("not a regular file") }
    }

    init(_ bytes: [UInt8]) {
        memory = bytes
        descriptor = -1
        size = Int64(bytes.count)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// - Returns: How many bytes; fewer than asked for only at the end.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(TableTrouble) -> Int {
        guard descriptor >= 0 else {
            let start = Int(min(max(0, offset), size)), count = min(buffer.count, memory.count - start)
            buffer.copyBytes(from: memory[start..<(start + count)])
            return count
        }
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset) + off_t(done))
            if count < 0 {
                if errno == EINTR { continue }
                throw .unreadableFile(String(cString: strerror(errno)))
            }
            if count == 0 { break }
            done += count
        }
        return done
    }

    func bytes(at offset: Int64, count: Int) throws(TableTrouble) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, min(count, Int(max(0, size - offset)))))
        var trouble: TableTrouble?
        var done = 0
        bytes.withUnsafeMutableBytes { buffer in
            do throws(TableTrouble) { done = try read(at: offset, into: buffer) } catch { trouble = error }
        }
        if let trouble { throw trouble }
        bytes.removeLast(bytes.count - done)
        return bytes
    }
}

/// A stretch of a file from its beginning to its end.
final class FileSource: ByteSource {
    private let file: FileBytes
    private(set) var offset: Int64
    private let end: Int64

    init(_ file: FileBytes, from start: Int64 = 0, to end: Int64? = nil) {
        self.file = file
        offset = start
        self.end = min(end ?? file.size, file.size)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableTrouble) -> Int {
        let count = Int(min(Int64(buffer.count), end - offset))
        guard count > 0 else { return 0 }
        let done = try file.read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
        offset += Int64(done)
        return done
    }
}

/// A buffer before a source, from which single bytes are taken quickly.
final class BufferedBytes {
    private let source: any ByteSource
    private let buffer: UnsafeMutableRawBufferPointer
    private var position = 0
    private var limit = 0

    static let size = 128 << 10

    init(_ source: any ByteSource) {
        self.source = source
        buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.size, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// The next byte without taking it; -1 at the end.
    @inline(__always)
    func peek() throws(TableTrouble) -> Int {
        if position == limit { try fill() }
        return position == limit ? -1 : Int(buffer[position])
    }

    /// -1 at the end.
    @inline(__always)
    func next() throws(TableTrouble) -> Int {
        if position == limit {
            try fill()
            if position == limit { return -1 }
        }
        let byte = buffer[position]
        position += 1
        return Int(byte)
    }

    /// Appends the bytes up to the first that stops, which stays; only as far as the buffer reaches.
    @inline(__always)
    func take(into bytes: inout [UInt8], until stops: UnsafePointer<Bool>) throws(TableTrouble) {
        if position == limit { try fill() }
        let start = position
        while position < limit, !stops[Int(buffer[position])] { position += 1 }
        bytes.append(contentsOf: buffer[start..<position])
    }

    private func fill() throws(TableTrouble) {
        position = 0
        limit = try source.read(into: buffer)
    }
}

/// For each byte whether it stops a run.
final class StopBytes: Sendable {
    nonisolated(unsafe) let flags: UnsafeMutablePointer<Bool>

    init(_ stops: [UInt8]) {
        flags = .allocate(capacity: 256)
        flags.initialize(repeating: false, count: 256)
        for byte in stops { flags[Int(byte)] = true }
    }

    deinit { flags.deallocate() }
}
