package import Formula
import Storage
import Synchronization

/// How fast a client may send: a bucket of requests that fills up again steadily, for each key, each session and, where nobody is signed in,
/// each address.
package final class RateLimits: Sendable {
    package enum Client: Hashable, Sendable {
        case key(Int64)
        case session([UInt8])
        case address(String)

        init(_ visitor: Visitor, address: String?) {
            switch visitor.signedIn?.way {
            case .key(let key): self = .key(key.id)
            case .session(let session): self = .session(session.tokenHash)
            case nil: self = .address(address ?? "")
            }
        }
    }

    /// Requests a second that a bucket gets back. Half of it for an address without anybody signed in.
    package static let usual = 100.0
    /// A full bucket lasts for so many seconds of the steady rate, so that a page with all its parts, or a short run of a program, passes.
    private static let burstSeconds = 10.0
    /// Clients remembered at once; beyond it all begin anew.
    private static let mostClients = 20_000

    private struct Bucket {
        var requests: Double
        var at: Instant
    }

    private let perSecond: Double
    private let buckets = Mutex<[Client: Bucket]>([:])

    /// - Parameter perSecond: Requests a second of a key or a session; 0 lets everybody send as fast as they like.
    package init(perSecond: Double = RateLimits.usual) {
        self.perSecond = perSecond
    }

    /// Counts a request. Nil if it may pass, else after how many seconds the next one will.
    package func wait(_ client: Client, now: Instant) -> Int? {
        guard perSecond > 0 else { return nil }
        var rate = perSecond
        if case .address = client { rate /= 2 }
        let full = rate * Self.burstSeconds
        return buckets.withLock { buckets in
            if buckets.count > Self.mostClients { buckets.removeAll() }
            var bucket = buckets[client] ?? Bucket(requests: full, at: now)
            let seconds = Double(max(0, now.microseconds - bucket.at.microseconds)) / 1e6
            bucket.requests = min(full, bucket.requests + seconds * rate)
            bucket.at = now
            let passes = bucket.requests >= 1
            if passes { bucket.requests -= 1 }
            buckets[client] = bucket
            return passes ? nil : max(1, Int(((1 - bucket.requests) / rate).rounded(.up)))
        }
    }
}
