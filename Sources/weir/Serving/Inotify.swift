#if os(Linux)
import Foundation

/// Changes as the Linux kernel tells them (inotify(7)).
struct Inotify {
    private let descriptor: Int32
    private let folder: String
    private static let events = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF)

    /// Nil if the kernel gives no watch on the folder.
    init?(folder: String) {
        descriptor = inotify_init1(Int32(IN_CLOEXEC))
        self.folder = folder
        guard descriptor >= 0 else { return nil }
        guard watchAll() else {
            close(descriptor)
            return nil
        }
    }

    /// Watches every folder below; a watch on a folder that has one already is that watch.
    private func watchAll() -> Bool {
        SourceWatch.folders(below: folder).allSatisfy { inotify_add_watch(descriptor, $0, Self.events) >= 0 || errno == ENOENT }
    }

    /// Does not return.
    func run(_ tell: () -> Void) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 * 1024, alignment: 8)
        while true {
            guard take(buffer) else { continue }
            let began = ContinuousClock.now
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            while ContinuousClock.now - began < .milliseconds(SourceWatch.longestMilliseconds),
                poll(&waiting, 1, SourceWatch.quietMilliseconds) > 0
            {
                _ = take(buffer)
            }
            // New folders are watched before their files are looked at.
            _ = watchAll()
            tell()
        }
    }

    /// Waits for events and takes them; what they are does not matter, for the folder is read anew.
    private func take(_ buffer: UnsafeMutableRawBufferPointer) -> Bool {
        read(descriptor, buffer.baseAddress, buffer.count) > 0
    }
}
#endif
