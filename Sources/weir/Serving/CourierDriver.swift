import Connectors
import Engine
import Formula
import SourceText
import Storage
import StorageSQLite
import Synchronization

/// Carries out what an app sends while it is served, beside everything else: each connector in its own places, so that one that hangs
/// holds up only itself.
///
/// Nothing is kept here that the database does not hold: what was under way when the process ended comes up again when its lease is over.
final class CourierDriver: Sendable {
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let underWay = Mutex<[String: Int]>([:])

    init() {
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Something may be there to send.
    func wake() { signal.yield() }

    /// Goes on until the task ends; then waits for what is under way.
    func follow(_ running: RunningApp, language: Language) async {
        let changes = running.version.store.changes.subscribe()
        let listener = Task { [signal] in
            for await _ in changes { signal.yield() }
        }
        defer { listener.cancel() }
        do {
            try await Courier(running.version.engine).recover()
        } catch {
            Terminal.error(Words(zh: "未送完的消息要稍后再发：\(error)\n", en: "what was under way is sent later: \(error)\n")[language])
        }
        await withDiscardingTaskGroup { group in
            var iterator = signals.makeAsyncIterator()
            while !Task.isCancelled {
                let version = running.version
                var due: Instant?
                do {
                    let (loads, next) = try await Courier(version.engine).take(underWay.withLock { $0 }, version.connectors)
                    due = next
                    for load in loads {
                        underWay.withLock { $0[load.connector, default: 0] += 1 }
                        group.addTask { await self.carry(load, of: version, running, language) }
                    }
                } catch StoreError.definitionChanged {
                    continue
                } catch {
                    Terminal.error(Words(zh: "发送暂停 1 秒：\(error)\n", en: "sending rests for a second: \(error)\n")[language])
                    due = Instant(microseconds: version.engine.world.clock.now().microseconds + Microseconds.perSecond)
                }
                let alarm = due.map { due in
                    Task { [signal] in
                        let rest = max(0, due.microseconds - version.engine.world.clock.now().microseconds)
                        try await Task.sleep(for: .microseconds(min(rest, Self.longest)))
                        signal.yield()
                    }
                }
                _ = await iterator.next()
                alarm?.cancel()
            }
        }
    }

    private func carry(_ load: Courier.Load, of version: RunningApp.Version, _ running: RunningApp, _ language: Language) async {
        let outcomes = await Courier(version.engine).send(load, over: version.connectors)
        // The app may have been renewed meanwhile.
        for _ in 0..<Self.mostRenewals {
            do {
                try await Courier(running.version.engine).settle(load, outcomes)
                break
            } catch StoreError.definitionChanged {
                continue
            } catch {
                Terminal.error(Words(zh: "发送结果没有记下：\(error)\n", en: "what became of a message could not be written: \(error)\n")[language])
                break
            }
        }
        underWay.withLock { $0[load.connector, default: 1] -= 1 }
        signal.yield()
        // Runs that waited for it go on.
        running.driver.wake()
    }

    /// A computer that sleeps, or a clock that is set, is noticed by then.
    private static let longest: Int64 = 60 * Microseconds.perSecond
    private static let mostRenewals = 5
}
