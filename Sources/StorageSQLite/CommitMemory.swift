import Synchronization

/// What may be kept in memory between transactions, and until when: the number of standing records per object, and the epoch of people.
///
/// A commit that touches either is announced before it begins and after it has ended. What a reader found out belongs to its snapshot,
/// which is older than its end; so it is kept only if no commit was announced since before the snapshot was taken.
final class CommitMemory: Sendable {
    private struct Counts {
        /// Announcements of commits that change how many records stand: odd while one is under way.
        var announced: UInt64 = 0
        /// By the object's number in the catalogue, which no version of the app changes.
        var standing: [Int64: Int] = [:]
    }

    /// Odd while a commit that touches people is under way.
    private let people = Atomic<UInt64>(0)
    private let counts = Mutex(Counts())

    var peopleEpoch: UInt64 { people.load(ordering: .sequentiallyConsistent) }

    /// Before the commit of what the counters have noted.
    func begin(_ counters: Counters) {
        if counters.touchesPeople { people.add(1, ordering: .sequentiallyConsistent) }
        if !counters.standing.isEmpty { counts.withLock { $0.announced &+= 1 } }
    }

    /// After it, whether or not it came to be.
    func end(_ counters: Counters, committed: Bool) {
        if counters.touchesPeople { people.add(1, ordering: .sequentiallyConsistent) }
        guard !counters.standing.isEmpty else { return }
        counts.withLock { counts in
            if committed {
                for (object, made) in counters.standing {
                    if let known = counts.standing[object] { counts.standing[object] = known + made }
                }
            }
            counts.announced &+= 1
        }
    }

    /// To be taken before a reader's snapshot.
    var view: View { View(memory: self, announced: counts.withLock(\.announced)) }

    struct View: Sendable {
        fileprivate let memory: CommitMemory
        fileprivate let announced: UInt64

        /// How many records of the object stand in the snapshot; nil if nobody has counted them, or a commit was announced since.
        func standing(in table: TableLayout) -> Int? {
            guard announced.isMultiple(of: 2) else { return nil }
            return memory.counts.withLock { $0.announced == announced ? $0.standing[table.number] : nil }
        }

        /// Somebody has counted them in the snapshot.
        func keep(_ count: Int, standingIn table: TableLayout) {
            guard announced.isMultiple(of: 2) else { return }
            memory.counts.withLock { counts in
                if counts.announced == announced { counts.standing[table.number] = count }
            }
        }
    }
}
