import Formula
package import Storage
import Synchronization

/// A world for tests of stores: a clock that stands at an instant, and bytes that repeat from run to run.
package struct TestWorld {
    package static func make(at microseconds: Int64 = 1_767_600_000_000_000, seed: UInt64 = 1, commitPoints: CommitPoints = CommitPoints()) -> World {
        World(clock: FixedClock(instant: Instant(microseconds: microseconds)), entropy: RepeatableBytes(seed: seed), commitPoints: commitPoints)
    }
}

private struct FixedClock: WorldClock {
    let instant: Instant
    func now() -> Instant { instant }
}

private final class RepeatableBytes: Entropy {
    private let generator: Mutex<RepeatableRandom>

    init(seed: UInt64) {
        generator = Mutex(RepeatableRandom(seed: seed))
    }

    func bytes(_ count: Int) -> [UInt8] {
        generator.withLock { generator in (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 24) } }
    }
}

/// A stream of numbers that a seed repeats: SplitMix64 (Steele, Lea, Flood 2014).
package struct RepeatableRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
