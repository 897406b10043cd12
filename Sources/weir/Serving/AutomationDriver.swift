import Engine
import Formula
import Program
import SourceText
import Storage
import StorageSQLite

/// Lets the app act by itself while it is served: at once after every change, and whenever something is due.
///
/// Nothing is kept here that the database does not hold: whoever comes after a crash finds the same runs and the same times.
final class AutomationDriver: Sendable {
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init() {
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Something may be there to do.
    func wake() { signal.yield() }

    /// Goes on until the task ends.
    func follow(_ running: RunningApp, language: Language) async {
        let changes = running.version.store.changes.subscribe()
        let listener = Task { [signal] in
            for await _ in changes { signal.yield() }
        }
        defer { listener.cancel() }
        var iterator = signals.makeAsyncIterator()
        var prepared = ""
        var isRecovered = false
        while !Task.isCancelled {
            let engine = running.version.engine
            var due: Instant?
            do {
                let automator = Automator(engine)
                if prepared != engine.app.sourceHash {
                    try await automator.setUp()
                    prepared = engine.app.sourceHash
                }
                if !isRecovered {
                    try await automator.recover()
                    isRecovered = true
                    running.courier.wake()
                }
                // What runs send is no record, so no change tells of it.
                if try await automator.settle() > 0 { running.courier.wake() }
                due = try await automator.nextDue()
            } catch StoreError.definitionChanged {
                continue
            } catch {
                Terminal.error(Words(zh: "自动化暂停 1 秒：\(error)\n", en: "automations rest for a second: \(error)\n")[language])
                due = Instant(microseconds: engine.world.clock.now().microseconds + Microseconds.perSecond)
            }
            let alarm = due.map { due in
                Task { [signal] in
                    let rest = max(0, due.microseconds - engine.world.clock.now().microseconds)
                    try await Task.sleep(for: .microseconds(min(rest, Self.longest)))
                    signal.yield()
                }
            }
            _ = await iterator.next()
            alarm?.cancel()
        }
    }

    /// A computer that sleeps, or a clock that is set, is noticed by then.
    private static let longest: Int64 = 60 * Microseconds.perSecond
}
