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
    /// numbered commit point is reached for the COUNTth time; with `POINT:COUNT:USR1` those count that are reached after that signal.
    static func real() -> World {
        World(clock: SystemClock(), entropy: SystemEntropy(), commitPoints: crashPoint())
    }

    private static func crashPoint() -> CommitPoints {
        guard let text = ProcessInfo.processInfo.environment["WEIR_CRASH_AT"] else { return CommitPoints() }
        let parts = text.split(separator: ":")
        let numbers = parts.prefix(2).compactMap { Int($0) }
        guard numbers.count == 2, let point = CommitPoint(rawValue: numbers[0]) else { return CommitPoints() }
        let countdown = Countdown(numbers[1])
        if parts.dropFirst(2).first == "USR1" {
            signal(SIGUSR1) { _ in countsCrashes.store(true, ordering: .sequentiallyConsistent) }
        } else {
            countsCrashes.store(true, ordering: .sequentiallyConsistent)
        }
        return CommitPoints { reached in
            if reached == point, countsCrashes.load(ordering: .sequentiallyConsistent), countdown.isOver() { kill(getpid(), SIGKILL) }
        }
    }
}

/// Whether commit points count towards a crash already. Outside of any type, for a signal can carry nothing.
private let countsCrashes = Atomic<Bool>(false)

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
