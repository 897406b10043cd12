package import Formula
import Synchronization

/// That a record was changed, without what it holds: who may see it is decided by whoever tells it on.
package struct CommittedChange: Sendable, Hashable {
    /// Of the history entry; gapless over the app, from 1.
    package let sequence: Int64
    package let record: RecordID
    /// The record's version after the change.
    package let version: Int64
    package let kind: HistoryEntry.Kind
    /// Nil for the system.
    package let by: RecordID?

    package init(sequence: Int64, record: RecordID, version: Int64, kind: HistoryEntry.Kind, by: RecordID?) {
        self.sequence = sequence
        self.record = record
        self.version = version
        self.kind = kind
        self.by = by
    }
}

/// Tells of changes as soon as they are durable.
///
/// Always true: sequences rise from batch to batch; a subscriber that is too slow misses batches, sees the gap in the sequences, and reads
/// what it missed by `ReadTransaction.changes(after:limit:)`.
package final class ChangeFeed: Sendable {
    private struct State {
        var next = 0
        var subscribers: [Int: AsyncStream<[CommittedChange]>.Continuation] = [:]
        var readers: [Int: (person: RecordID, continuation: AsyncStream<Void>.Continuation)] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())
    /// Batches that wait for one subscriber.
    private static let mostWaiting = 64

    package init() {}

    /// Everything that is committed from now on. Ends when the store is closed.
    package func subscribe() -> AsyncStream<[CommittedChange]> {
        let (stream, continuation) = AsyncStream.makeStream(of: [CommittedChange].self, bufferingPolicy: .bufferingNewest(Self.mostWaiting))
        let key = state.withLock { state -> Int? in
            guard !state.isClosed else { return nil }
            state.next += 1
            state.subscribers[state.next] = continuation
            return state.next
        }
        guard let key else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { state in state.subscribers[key] = nil }
        }
        return stream
    }

    /// For stores: these are durable now.
    package func publish(_ changes: [CommittedChange]) {
        guard !changes.isEmpty else { return }
        for subscriber in state.withLock({ Array($0.subscribers.values) }) { subscriber.yield(changes) }
    }

    /// Lets whoever listens look at what is no record: effects, runs. They are told an empty batch.
    package func nudge() {
        for subscriber in state.withLock({ Array($0.subscribers.values) }) { subscriber.yield([]) }
    }

    /// Whenever the person has been told something new, or has read something, however much that was: whoever hears it looks. Ends when the
    /// store is closed.
    package func notices(of person: RecordID) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let key = state.withLock { state -> Int? in
            guard !state.isClosed else { return nil }
            state.next += 1
            state.readers[state.next] = (person, continuation)
            return state.next
        }
        guard let key else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { state in state.readers[key] = nil }
        }
        return stream
    }

    /// For stores: the notices of these people are other ones now.
    package func publish(noticesOf people: Set<RecordID>) {
        guard !people.isEmpty else { return }
        for reader in state.withLock({ Array($0.readers.values) }) where people.contains(reader.person) { reader.continuation.yield() }
    }

    /// For stores: there will be no more.
    package func close() {
        let (subscribers, readers) = state.withLock { state in
            state.isClosed = true
            defer { (state.subscribers, state.readers) = ([:], [:]) }
            return (Array(state.subscribers.values), Array(state.readers.values))
        }
        for subscriber in subscribers { subscriber.finish() }
        for reader in readers { reader.continuation.finish() }
    }

    /// How many listen; for tests and for the health page.
    package var subscriberCount: Int { state.withLock { $0.subscribers.count } }
}
