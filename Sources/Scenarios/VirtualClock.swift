package import Formula
import Storage
import Synchronization

/// A clock that stands still until it is told to go on.
package final class VirtualClock: WorldClock {
    private let current: Mutex<Instant>

    package init(at start: Instant) {
        current = Mutex(start)
    }

    package func now() -> Instant {
        current.withLock { $0 }
    }

    package func advance(by span: TimeSpan) {
        current.withLock { $0 = Instant(microseconds: $0.microseconds + span.microseconds) }
    }

    package func set(to instant: Instant) {
        current.withLock { $0 = instant }
    }
}

/// Bytes that look random and are the same for the same seed (SplitMix64). Never for secrets.
package final class SeededEntropy: Entropy {
    private let state: Mutex<UInt64>

    package init(seed: UInt64) {
        state = Mutex(seed)
    }

    package func bytes(_ count: Int) -> [UInt8] {
        state.withLock { state in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(count + 7)
            while bytes.count < count {
                state &+= 0x9E37_79B9_7F4A_7C15
                var word = state
                word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
                word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
                word ^= word >> 31
                for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
            }
            return Array(bytes.prefix(count))
        }
    }
}
