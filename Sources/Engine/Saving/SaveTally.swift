import Synchronization

/// Counts what became of commands since the process started.
package final class SaveTally: Sendable {
    private struct Counts {
        var saved = 0, unchanged = 0, refused = 0
    }

    private let counts = Mutex(Counts())

    package init() {}

    func count(_ outcome: SaveOutcome) {
        counts.withLock { counts in
            switch outcome {
            case .saved: counts.saved += 1
            case .unchanged, .repeated: counts.unchanged += 1
            case .requestKeyReused, .refused, .held, .conflict, .missing, .denied: counts.refused += 1
            }
        }
    }

    /// Commands that wrote, that found everything so already, and that were refused.
    package var figures: (saved: Int, unchanged: Int, refused: Int) {
        counts.withLock { ($0.saved, $0.unchanged, $0.refused) }
    }
}
