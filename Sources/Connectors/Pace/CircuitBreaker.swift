import Formula

/// Stops sending to a side that does not answer: opens after 5 failures in a row, or when half of at least 20 attempts within a minute failed.
/// While it is open nothing is sent; then one attempt at a time shows whether the other side is back, and the first messages go slowly.
struct CircuitBreaker: Sendable {
    static let failuresInARow = 5
    static let fewest = 20
    static let window = Microseconds.perMinute
    static let firstPause = 10 * Microseconds.perSecond
    static let longestPause = 5 * Microseconds.perMinute

    enum Admission: Sendable, Hashable {
        case go
        /// The one attempt that shows whether the other side is back.
        case probe
        case wait(until: Instant)
    }

    private enum State {
        case closed
        case open(until: Instant)
        case probing(since: Instant)
        /// Since when it is closed again; 1, 2, 4, … messages a second.
        case ramping(since: Instant, second: Int64, sent: Int64)
    }

    private var state = State.closed
    private var pause = CircuitBreaker.firstPause
    private var inARow = 0
    private var recent: [(at: Instant, failed: Bool)] = []
    /// A probe that nobody reported back is given up after so long.
    private let probeTimeout: Int64

    init(timeout: TimeSpan) {
        probeTimeout = timeout.microseconds + Microseconds.perSecond
    }

    var isOpen: Bool {
        switch state {
        case .open, .probing: true
        case .closed, .ramping: false
        }
    }

    mutating func admit(at now: Instant) -> Admission {
        switch state {
        case .closed: return .go
        case .open(let until):
            guard now >= until else { return .wait(until: until) }
            state = .probing(since: now)
            return .probe
        case .probing(let since):
            let end = Instant(microseconds: since.microseconds + probeTimeout)
            guard now >= end else { return .wait(until: Instant(microseconds: min(end.microseconds, now.microseconds + Microseconds.perSecond))) }
            state = .probing(since: now)
            return .probe
        case .ramping(let since, let second, let sent):
            let elapsed = max(0, now.microseconds - since.microseconds) / Microseconds.perSecond
            guard elapsed < 7 else {
                state = .closed
                return .go
            }
            let used = elapsed == second ? sent : 0
            guard used < 1 << elapsed else {
                return .wait(until: Instant(microseconds: since.microseconds + (elapsed + 1) * Microseconds.perSecond))
            }
            state = .ramping(since: since, second: elapsed, sent: used + 1)
            return .go
        }
    }

    /// Takes note of how an admitted attempt ended. `failed` only if the other side was not to be reached or not able to answer.
    mutating func record(failed: Bool, at now: Instant) {
        if case .probing = state {
            if failed {
                pause = min(Self.longestPause, pause * 2)
                state = .open(until: Instant(microseconds: now.microseconds + pause))
            } else {
                pause = Self.firstPause
                inARow = 0
                recent = []
                state = .ramping(since: now, second: 0, sent: 0)
            }
            return
        }
        recent.removeAll { $0.at.microseconds <= now.microseconds - Self.window }
        recent.append((at: now, failed: failed))
        inARow = failed ? inARow + 1 : 0
        let failures = recent.count { $0.failed }
        guard failed, inARow >= Self.failuresInARow || (recent.count >= Self.fewest && failures * 2 >= recent.count) else { return }
        if case .open = state { return }
        state = .open(until: Instant(microseconds: now.microseconds + pause))
    }

    /// An admitted attempt was not made after all.
    mutating func forget(at now: Instant) {
        if case .probing = state { state = .open(until: now) }
    }
}
