import Foundation
import JSON
import Synchronization
import Testing

/// What the real executable sends to programs on this machine, with a real SIGKILL between.
@Suite(.serialized) struct SendingTests {
    private static func app(_ endpoint: FakeEndpoint) -> String {
        """
        app: { name: desk }
        roles: { sales: { administers: yes } }
        objects:
          lead:
            fields:
              name: { type: text, required: yes }
              note: text
        connectors:
          gate:
            kind: http
            base: http://127.0.0.1:\(endpoint.port)
            allow_private: yes
            limits: { timeout: 20s }
            calls:
              ring: { post: /ring, send: { name: "{name}" }, receipt: body.id }
              slow: { post: /slow, send: { name: "{name}" } }
          slow:
            kind: http
            base: http://127.0.0.1:\(endpoint.port)
            allow_private: yes
            calls:
              go: { post: /slow, send: { name: "{name}" } }
          hook: { kind: webhook, url: "http://127.0.0.1:\(endpoint.port)/hook", secret: $HOOK, allow_private: yes }
        automations:
          ring:
            when: lead is created
            if: name <> 'slow'
            do:
              - call: gate.ring
                with: { name: "{name}" }
                name: ticket
              - set: { note: =ticket }
              - call: hook
                with: { name: "{name}", note: "{ticket}" }
          wait:
            when: lead is created
            if: name = 'slow'
            do: { call: slow.go, with: { name: "{name}" } }

        """
    }

    private func create(_ server: RunningServer, _ name: String) async throws -> RunningServer.Answer {
        try await server.send("POST", "/api/v1/records/lead", json: .object([.init("fields", .object([.init("name", .string(name))]))]))
    }

    @Test("T14: a side that hangs holds up only itself") func aSideThatHangsHoldsUpOnlyItself() async throws {
        let endpoint = try FakeEndpoint(hanging: ["/slow"])
        defer { endpoint.stop() }
        let folder = try WeirProcess.folder(["app.yaml": Self.app(endpoint)])
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try RunningServer([folder.path, "--data", folder.appendingPathComponent("data-folder").path, "--demo"], environment: ["HOOK": "s3cret"])
        defer { server.kill() }
        try await server.signInByFirstLink()
        for _ in 0..<8 { _ = try await create(server, "slow") }
        try endpoint.wait(for: 4, at: "/slow")
        #expect(try await create(server, "quick").status == 201)
        try endpoint.wait(for: 1, at: "/hook")
        #expect(endpoint.keys(at: "/slow").count == 4, "so many at once, and no more")
    }

    @Test func whatDidNotArriveIsListedAndSentAgain() async throws {
        let endpoint = try FakeEndpoint()
        defer { endpoint.stop() }
        endpoint.refuse("/hook")
        let folder = try WeirProcess.folder(["app.yaml": Self.app(endpoint)])
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try RunningServer([folder.path, "--data", folder.appendingPathComponent("data-folder").path, "--demo"], environment: ["HOOK": "s3cret"])
        defer { server.kill() }
        try await server.signInByFirstLink()
        #expect(try await server.send("GET", "/outbox").text.contains("Everything has arrived"))
        _ = try await create(server, "A")
        try endpoint.wait(for: 1, at: "/hook")
        // It is written down a moment after it was answered.
        var page = ""
        for _ in 0..<1_000 {
            page = try await server.send("GET", "/outbox").text
            if page.contains("/retry") { break }
        }
        #expect(page.contains("hook") && page.contains("400") && !page.contains("s3cret"), "\(page)")
        let path = try #require(page.range(of: "/outbox/[0-9]+/retry", options: .regularExpression).map { String(page[$0]) })
        endpoint.refuse("/hook", false)
        #expect(try await server.send("POST", path, headers: ["Content-Type": "application/x-www-form-urlencoded"], body: Data()).status == 200)
        try endpoint.wait(for: 2, at: "/hook")
        #expect(Set(endpoint.keys(at: "/hook")).count == 1)
    }

    /// Wherever the process is killed, all that was caused arrives, under the same key each time, and what follows from it is done once.
    @Test("T02: killed wherever all of it arrives", arguments: [
        (8, 1), (8, 2), (11, 1), (11, 3), (11, 5), (11, 7), (12, 2), (12, 4), (12, 6), (50, 1), (53, 1), (53, 2), (53, 3), (55, 1), (55, 2), (55, 3), (55, 4),
    ])
    func killedWhereverAllOfItArrives(point: Int, count: Int) async throws {
        let endpoint = try FakeEndpoint()
        defer { endpoint.stop() }
        let folder = try WeirProcess.folder(["app.yaml": Self.app(endpoint)])
        defer { try? FileManager.default.removeItem(at: folder) }
        let data = folder.appendingPathComponent("data-folder").path
        let arguments = [folder.path, "--data", data, "--demo"]
        // People and tables are there before the crash is armed.
        try RunningServer(arguments, environment: ["HOOK": "s3cret"]).stop()
        var isSaved = false
        if let doomed = try? RunningServer(arguments, environment: ["HOOK": "s3cret", "WEIR_CRASH_AT": "\(point):\(count)"]) {
            let first = endpoint
            // A handler that is on its way already must not end what the next server is asked.
            let isWatched = Mutex(true)
            doomed.process.terminationHandler = { _ in isWatched.withLock { if $0 { first.end() } } }
            do {
                try await doomed.signInByFirstLink()
                isSaved = try await create(doomed, "A").status == 201
                // It is killed by itself, or has done everything.
                if doomed.process.isRunning { try endpoint.wait(for: 1, at: "/hook") }
            } catch {}
            isWatched.withLock { $0 = false }
            doomed.kill()
        }
        endpoint.begin()
        let server = try RunningServer(arguments, environment: ["HOOK": "s3cret"])
        defer { server.kill() }
        try await server.signInByFirstLink()
        if !isSaved {
            let list = try await server.send("GET", "/api/v1/records/lead")
            if list.json["records"]?.asArray?.isEmpty ?? true { #expect(try await create(server, "A").status == 201) }
        }
        try endpoint.wait(for: 1, at: "/ring")
        try endpoint.wait(for: 1, at: "/hook")
        #expect(Set(endpoint.keys(at: "/ring")).count == 1 && endpoint.keys(at: "/ring").count <= 2)
        #expect(Set(endpoint.keys(at: "/hook")).count == 1 && endpoint.keys(at: "/hook").count <= 2)
        let list = try await server.send("GET", "/api/v1/records/lead")
        let records = list.json["records"]?.asArray ?? []
        #expect(records.count == 1)
        #expect(records.first?["fields"]?["note"]?.asString == "r-\(endpoint.keys(at: "/ring").first ?? "")")
    }
}
