#if canImport(Darwin)
import Dispatch
import Foundation

/// Changes as the kernel queues of macOS tell them: a source per folder and per YAML file.
final class KernelQueue {
    private let folder: String
    private let signal = DispatchSemaphore(value: 0)
    private let queue = DispatchQueue(label: "weir.watch")
    private var sources: [any DispatchSourceFileSystemObject] = []

    /// Nil if the folder cannot be watched.
    init?(folder: String) {
        self.folder = folder
        watchAll()
        guard !sources.isEmpty else { return nil }
    }

    private func watchAll() {
        for source in sources { source.cancel() }
        sources = (SourceWatch.folders(below: folder) + SourceWatch.state(of: folder).keys).compactMap(source)
    }

    private func source(on path: String) -> (any DispatchSourceFileSystemObject)? {
        let descriptor = open(path, O_EVTONLY)
        guard descriptor >= 0 else { return nil }
        let source = DispatchSource.makeFileSystemObjectSource(
            fileDescriptor: descriptor, eventMask: [.write, .extend, .rename, .delete], queue: queue)
        source.setEventHandler { [signal] in signal.signal() }
        source.setCancelHandler { close(descriptor) }
        source.resume()
        return source
    }

    /// Does not return.
    func run(_ tell: () -> Void) {
        while true {
            signal.wait()
            let began = ContinuousClock.now
            while ContinuousClock.now - began < .milliseconds(SourceWatch.longestMilliseconds),
                signal.wait(timeout: .now() + .milliseconds(Int(SourceWatch.quietMilliseconds))) == .success
            {}
            // A file that was replaced is another file under the same name.
            watchAll()
            tell()
        }
    }
}
#endif
