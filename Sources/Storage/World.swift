package import Formula

/// Where time, ids and randomness come from. The real one is made in `weir`; tests make one that they control.
package struct World: Sendable {
    package let clock: any WorldClock
    package let entropy: any Entropy
    package let commitPoints: CommitPoints

    package init(clock: any WorldClock, entropy: any Entropy, commitPoints: CommitPoints = CommitPoints()) {
        self.clock = clock
        self.entropy = entropy
        self.commitPoints = commitPoints
    }
}

/// The one clock. Two stand: the computer's, in `weir`, and the virtual one, in `Scenarios` and tests.
package protocol WorldClock: Sendable {
    func now() -> Instant
}

/// The one source of randomness and of unguessable ids.
package protocol Entropy: Sendable {
    /// So many bytes, unpredictable in production and repeatable in tests.
    func bytes(_ count: Int) -> [UInt8]
}

/// The numbered points of every write at which a crash must leave a whole state behind. A test hooks in here and stops the process.
package final class CommitPoints: Sendable {
    private let hook: (@Sendable (CommitPoint) -> Void)?

    package init(hook: (@Sendable (CommitPoint) -> Void)? = nil) {
        self.hook = hook
    }

    @inline(__always)
    package func reached(_ point: CommitPoint) {
        hook?(point)
    }
}

/// The numbers are stable; new points get new ones.
package enum CommitPoint: Int, Sendable, CaseIterable {
    case transactionBegun = 1
    case rowWritten = 2
    case sideTablesWritten = 3
    case historyWritten = 4
    case auditWritten = 5
    case propagated = 6
    case visitWritten = 7
    case effectWritten = 8
    case requestRemembered = 9
    case savepointReleased = 10
    case beforeCommit = 11
    case afterCommit = 12
    case beforeReply = 13
    case fileWritten = 20
    case fileSynced = 21
    case fileRenamed = 22
    case schemaBegun = 30
    case schemaStepDone = 31
    case schemaBeforeCommit = 32
    case schemaAfterCommit = 33
    case importBatchCommitted = 40
    case runWritten = 50
    case watchWritten = 51
    case noticeWritten = 52
    case runStepDone = 53
    case timerFired = 54
    case effectSettled = 55
    case messageWritten = 56
}
