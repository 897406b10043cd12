import Connectors
import Engine
import Formula
import JSON
import Synchronization
import Testing

/// Who waits for whom, and how long.
@Suite struct PaceTests {
    private static func calls(_ name: String, _ server: FakeServer, _ limits: String = "{ timeout: 30s }") -> String {
        """
          \(name): { kind: http, base: "\(server.address)", allow_private: yes, limits: \(limits), calls: { go: { post: /go } } }

        """
    }

    @Test func theRateIsKeptToTheMinute() async throws {
        let server = try await FakeServer { _ in .answer(200) }
        let desk = try Desk(Self.calls("a", server, "{ per_minute: 3 }"))
        for _ in 0..<3 { #expect(await desk.send("a", "go", [:]) == .ok(receipt: nil)) }
        let start = desk.clock.now()
        let outcome = await desk.send("a", "go", [:])
        guard case .deferred(let trouble, let until) = outcome else { Issue.record("\(outcome)"); return }
        #expect(trouble.code == .busy)
        #expect(until.microseconds == start.microseconds + Microseconds.perMinute)
        desk.clock.advance(seconds: 60)
        #expect(await desk.send("a", "go", [:]) == .ok(receipt: nil))
        #expect(server.requests.count == 4)
        await server.stop()
    }

    @Test("T14: a side that keeps failing is left alone") func aSideThatKeepsFailingIsLeftAlone() async throws {
        let isUp = Mutex(false)
        let server = try await FakeServer { _ in .answer(isUp.withLock { $0 } ? 200 : 503) }
        let desk = try Desk(Self.calls("a", server))
        for _ in 0..<5 { #expect(await desk.send("a", "go", [:]).kind == "failed") }
        #expect(await desk.send("a", "go", [:]).trouble == .circuitOpen)
        #expect(server.requests.count == 5, "nothing is sent while it is open")
        desk.clock.advance(seconds: 10)
        #expect(await desk.send("a", "go", [:]).kind == "failed", "one attempt shows that it is still down")
        #expect(await desk.send("a", "go", [:]).trouble == .circuitOpen)
        isUp.withLock { $0 = true }
        desk.clock.advance(seconds: 20)
        #expect(await desk.send("a", "go", [:]) == .ok(receipt: nil))
        #expect(await desk.send("a", "go", [:]) == .ok(receipt: nil), "one in the first second")
        #expect(await desk.send("a", "go", [:]).trouble == .circuitOpen, "and no more")
        desk.clock.advance(seconds: 8)
        for _ in 0..<10 { #expect(await desk.send("a", "go", [:]) == .ok(receipt: nil)) }
        await server.stop()
    }

    @Test("T14: half of many opens the circuit too") func halfOfManyOpensTheCircuitToo() async throws {
        let count = Mutex(0)
        let server = try await FakeServer { _ in .answer(count.withLock { $0 += 1; return $0 } % 2 == 0 ? 503 : 200) }
        let desk = try Desk(Self.calls("a", server))
        for _ in 0..<20 { #expect(await desk.send("a", "go", [:]).trouble != .circuitOpen) }
        #expect(await desk.send("a", "go", [:]).trouble == .circuitOpen)
        await server.stop()
    }

    @Test func refusalsAreNoOutage() async throws {
        let server = try await FakeServer { _ in .answer(400) }
        let desk = try Desk(Self.calls("a", server))
        for _ in 0..<30 { #expect(await desk.send("a", "go", [:]).kind == "rejected") }
        await server.stop()
    }

    @Test("T14: a hanging side delays only itself") func aHangingSideDelaysOnlyItself() async throws {
        let slow = try await FakeServer { _ in .hang }
        let quick = try await FakeServer { _ in .answer(200) }
        let desk = try Desk(Self.calls("slow", slow, "{ at_once: 2 }") + Self.calls("quick", quick))
        let hanging = (0..<6).map { _ in Task { await desk.send("slow", "go", [:]) } }
        for _ in 0..<20 { #expect(await desk.send("quick", "go", [:]) == .ok(receipt: nil)) }
        // Two are under way at most; each round lets go of those that hang.
        let letting = Task {
            while !Task.isCancelled {
                slow.release()
                await Task.yield()
            }
        }
        for task in hanging { #expect(await ["unknown", "failed", "deferred"].contains(task.value.kind)) }
        letting.cancel()
        await slow.stop()
        await quick.stop()
    }

    @Test("T14: waits grow and end") func waitsGrowAndEnd() {
        let most = [UInt8](repeating: 0xFF, count: 8)
        var bounds: [Int64] = []
        for attempt in 1...7 {
            let waits = (0..<200).compactMap { seed -> TimeSpan? in
                Backoff.wait(after: attempt, random: [0, 0, 0, 0, UInt8(seed), 0x77, UInt8(seed * 5 % 256), 1])
            }
            bounds.append(waits.map(\.microseconds).max() ?? 0)
            #expect(waits.count == 200)
            #expect(waits.allSatisfy { $0.microseconds <= min(900, 1 << attempt) * Microseconds.perSecond && $0 >= .zero })
        }
        #expect(bounds == bounds.sorted())
        #expect(Backoff.wait(after: 8, random: most) == nil)
        #expect(Backoff.wait(after: 3, retryAfter: TimeSpan(microseconds: 5), random: most) == TimeSpan(microseconds: 5))
        #expect(Backoff.wait(after: 3, retryAfter: TimeSpan(microseconds: .max), random: most) == Backoff.longestAsked)
        #expect(Backoff.wait(after: 1, random: [0, 0, 0, 0, 0, 0, 0, 0]) == .zero, "the whole wait is left to chance")
    }
}
