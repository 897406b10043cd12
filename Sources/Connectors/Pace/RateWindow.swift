import Formula

/// So many messages in any minute: exact, by the instants of those that went out.
struct RateWindow: Sendable {
    private var sent: [Instant] = []
    private let most: Int

    init(perMinute: Int) {
        most = perMinute
    }

    /// Counts a message. Nil if it may go now, else the instant from which one may.
    mutating func take(at now: Instant) -> Instant? {
        let start = Instant(microseconds: now.microseconds - Microseconds.perMinute)
        // A clock that was set back must not hold everything up.
        sent.removeAll { $0 <= start || $0 > now }
        guard sent.count < most else {
            return Instant(microseconds: (sent.first ?? now).microseconds + Microseconds.perMinute)
        }
        sent.append(now)
        return nil
    }

    /// Takes back the last, which did not go out.
    mutating func giveBack() {
        _ = sent.popLast()
    }
}
