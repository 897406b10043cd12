import Synchronization

/// Which imports are being worked at in this process, so that none is worked at twice and each can be stopped.
final class ImportRuns: Sendable {
    private enum Wish { case goOn, stop }

    private let known = Mutex<[Int64: Wish]>([:])

    /// False if somebody is at it.
    func begin(_ id: Int64) -> Bool {
        known.withLock { known in
            guard known[id] == nil else { return false }
            known[id] = .goOn
            return true
        }
    }

    func end(_ id: Int64) { known.withLock { _ = $0.removeValue(forKey: id) } }

    /// False if nobody is at it.
    func stop(_ id: Int64) -> Bool {
        known.withLock { known in
            guard known[id] != nil else { return false }
            known[id] = .stop
            return true
        }
    }

    func isWorking(_ id: Int64) -> Bool { known.withLock { $0[id] != nil } }

    func shallStop(_ id: Int64) -> Bool { known.withLock { $0[id] == .stop } }
}
