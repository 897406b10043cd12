import Storage
import Synchronization

/// Counts the reads that are under way, so that closing can wait for them and lets no new one in.
final class ReadGate: Sendable {
    private struct State {
        var inside = 0
        var isClosed = false
        var whenEmpty: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Every entry is followed by `leave`.
    ///
    /// - Returns: How many were inside before.
    @discardableResult
    func enter() throws(StoreError) -> Int {
        let inside = state.withLock { state -> Int? in
            guard !state.isClosed else { return nil }
            state.inside += 1
            return state.inside - 1
        }
        guard let inside else { throw .other("the store is closed") }
        return inside
    }

    /// How many are inside.
    var count: Int { state.withLock(\.inside) }

    func leave() {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.inside -= 1
            guard state.inside == 0 else { return [] }
            defer { state.whenEmpty = [] }
            return state.whenEmpty
        }
        for continuation in waiting { continuation.resume() }
    }

    /// - Returns: False if it was closed before.
    func close() async -> Bool {
        let wasOpen = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if state.inside > 0 { state.whenEmpty.append(continuation) }
                return state.inside == 0
            }
            if isEmpty { continuation.resume() }
        }
        return wasOpen
    }
}
