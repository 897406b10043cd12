package import Program
import Synchronization

/// Tells those who hold a connection to one version of the app open that a newer one answers from now on, so that they let go and their
/// clients come back to it.
final class Retirement: Sendable {
    private struct State {
        var isOver = false
        var waiting: [Int: AsyncStream<Never>.Continuation] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// Returns when the version is retired, at once if it is already, or when the task is cancelled.
    func wait() async {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        let ticket = state.withLock { state -> Int? in
            guard !state.isOver else { return nil }
            state.next += 1
            state.waiting[state.next] = continuation
            return state.next
        }
        guard let ticket else { return }
        for await _ in stream {}
        state.withLock { _ = $0.waiting.removeValue(forKey: ticket) }
    }

    func declare() {
        let waiting = state.withLock { state in
            state.isOver = true
            let waiting = state.waiting.values
            state.waiting = [:]
            return Array(waiting)
        }
        for continuation in waiting { continuation.finish() }
    }
}

extension CompiledApp {
    /// Names this version of the app to clients: twelve characters of the digest of its sources.
    package var shortVersion: String { String(sourceHash.prefix(12)) }
}
