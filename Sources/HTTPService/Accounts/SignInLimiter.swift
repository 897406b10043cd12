package import Formula
import Synchronization

/// Bounds how often one address may try to sign in, whatever the login.
package final class SignInLimiter: Sendable {
    /// Tries per address in a window of so many seconds.
    static let tries = 30
    static let windowSeconds: Int64 = 300
    /// Addresses remembered at once; beyond it the window begins anew for all.
    static let mostAddresses = 10_000

    private struct Window {
        var began: Instant
        var count: Int
    }

    private let windows = Mutex<[String: Window]>([:])

    package init() {}

    package func allows(address: String, now: Instant) -> Bool { wait(address: address, now: now) == nil }

    /// Counts a try. Nil if it is allowed, else after how many seconds the next one will be.
    package func wait(address: String, now: Instant) -> Int? {
        windows.withLock { windows in
            if windows.count > Self.mostAddresses { windows.removeAll() }
            var window = windows[address] ?? Window(began: now, count: 0)
            if now.microseconds - window.began.microseconds > Self.windowSeconds * 1_000_000 { window = Window(began: now, count: 0) }
            window.count += 1
            windows[address] = window
            guard window.count > Self.tries else { return nil }
            return max(1, Int(Self.windowSeconds - (now.microseconds - window.began.microseconds) / 1_000_000))
        }
    }
}
