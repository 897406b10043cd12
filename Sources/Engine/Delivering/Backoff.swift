package import Formula

/// How long to wait before something is tried again: `min(15 min, 2 s · 2ⁿ)`, of which a random part ("full jitter"), so that those who failed
/// together do not come back together.
package enum Backoff {
    /// How often anything is tried in all.
    package static let attempts = 8
    package static let longest = TimeSpan(microseconds: 15 * Microseconds.perMinute)
    package static let first = TimeSpan(microseconds: 2 * Microseconds.perSecond)
    /// The most that another side may ask us to wait.
    package static let longestAsked = TimeSpan(microseconds: Microseconds.perDay)

    /// The wait after a failed attempt; nil if that was the last.
    ///
    /// - Parameters:
    ///   - attempt: The number of the attempt that failed, from 1.
    ///   - retryAfter: What the other side asked for; it wins, up to a day.
    ///   - random: Eight bytes of the world's entropy.
    package static func wait(after attempt: Int, retryAfter: TimeSpan? = nil, random: [UInt8]) -> TimeSpan? {
        guard attempt < attempts else { return nil }
        if let retryAfter { return min(max(retryAfter, .zero), longestAsked) }
        let doubled = first.microseconds << Int64(max(0, min(attempt - 1, 20)))
        let bound = min(longest.microseconds, doubled)
        let number = random.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return TimeSpan(microseconds: Int64(number % UInt64(bound + 1)))
    }
}
