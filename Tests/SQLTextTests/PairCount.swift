import SQLText
import Synchronization
import Testing

/// How many pairs of a formula and a record were compared in this run.
final class PairCount: Sendable {
    static let shared = PairCount()

    private let pairs = Mutex<[Dialect: Int]>([:])

    func add(_ count: Int, on dialect: Dialect) {
        pairs.withLock { $0[dialect, default: 0] += count }
    }

    /// `24000 on sqlite, 22000 on postgres`.
    var words: String {
        let pairs = pairs.withLock { $0 }
        return Dialect.allCases.map { "\(pairs[$0] ?? 0) on \($0)" }.joined(separator: ", ")
    }
}

/// Says at the end of a suite how many pairs it compared, and in how many seconds.
struct CountingPairs: SuiteTrait, TestScoping {
    func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        try await function()
        print("pairs of a formula and a record that were compared: \(PairCount.shared.words); seconds: \((clock.now - start).components.seconds)")
    }
}

extension Trait where Self == CountingPairs {
    static var countingPairs: CountingPairs { CountingPairs() }
}
