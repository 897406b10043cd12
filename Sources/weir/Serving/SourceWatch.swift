import Foundation

/// Tells when something below a folder has changed, once per burst of changes.
///
/// The system tells at once where it can: inotify on Linux, kernel queues on macOS. Where it cannot (another system, or its watches are
/// used up) the folder is looked at several times a second.
final class SourceWatch: Sendable {
    /// An element after each burst.
    let changes: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    /// A burst is over when nothing came for so long; editors write a file in several steps.
    static let quietMilliseconds: Int32 = 15
    /// A burst that does not end is told after so long.
    static let longestMilliseconds = 200
    private static let pollingSeconds = 0.3

    init(folder: String) {
        (changes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        let continuation = continuation
        // A thread of its own, which waits in the kernel; it ends with the process.
        let thread = Thread {
            #if os(Linux)
            if let watch = Inotify(folder: folder) {
                watch.run { continuation.yield() }
                return
            }
            #elseif canImport(Darwin)
            if let watch = KernelQueue(folder: folder) {
                watch.run { continuation.yield() }
                return
            }
            #endif
            Self.poll(folder) { continuation.yield() }
        }
        thread.name = "weir.watch"
        thread.start()
    }

    func end() {
        continuation.finish()
    }

    /// Every folder below, itself included, without those whose name begins with a dot.
    static func folders(below folder: String) -> [String] {
        var found = [folder]
        var next = 0
        while next < found.count, found.count < mostFolders {
            let parent = found[next]
            next += 1
            for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where !name.hasPrefix(".") {
                var isFolder: ObjCBool = false
                let path = parent + "/" + name
                if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue { found.append(path) }
            }
        }
        return found
    }

    private static let mostFolders = 2_000

    // MARK: Polling

    static func poll(_ folder: String, _ tell: () -> Void) {
        var known = state(of: folder)
        while true {
            Thread.sleep(forTimeInterval: pollingSeconds)
            let now = state(of: folder)
            if now != known { tell() }
            known = now
        }
    }

    /// When each file was changed, and its size.
    static func state(of folder: String) -> [String: [Int64]] {
        var state: [String: [Int64]] = [:]
        for parent in folders(below: folder) {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
                var facts = stat()
                guard stat(parent + "/" + name, &facts) == 0 else { continue }
                #if canImport(Darwin)
                let time = facts.st_mtimespec
                #else
                let time = facts.st_mtim
                #endif
                state[parent + "/" + name] = [Int64(time.tv_sec), Int64(time.tv_nsec), Int64(facts.st_size)]
            }
        }
        return state
    }
}
