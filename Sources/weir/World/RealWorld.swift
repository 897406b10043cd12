import Foundation
import Formula
import Storage
import Synchronization

/// The computer's clock: the one place where the real time is read.
struct SystemClock: WorldClock {
    func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}

/// The operating system's randomness: the one place where it is drawn.
struct SystemEntropy: Entropy {
    func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}

extension World {
    /// The world as it is. For tests of what a crash leaves behind, `WEIR_CRASH_AT=POINT:COUNT` kills the process (SIGKILL) when the
    /// numbered commit point is reached for the COUNTth time.
    static func real() -> World {
        World(clock: SystemClock(), entropy: SystemEntropy(), commitPoints: crashPoint())
    }

    private static func crashPoint() -> CommitPoints {
        guard let text = ProcessInfo.processInfo.environment["WEIR_CRASH_AT"] else { return CommitPoints() }
        let parts = text.split(separator: ":").compactMap { Int($0) }
        guard parts.count == 2, let point = CommitPoint(rawValue: parts[0]) else { return CommitPoints() }
        let countdown = Countdown(parts[1])
        return CommitPoints { reached in
            if reached == point, countdown.isOver() { kill(getpid(), SIGKILL) }
        }
    }
}

private final class Countdown: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) {
        left = Mutex(count)
    }

    func isOver() -> Bool {
        left.withLock {
            $0 -= 1
            return $0 == 0
        }
    }
}
