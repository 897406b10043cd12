import Foundation
import JSON
import Testing

/// What programs and `weir why` are told of what acted, by the real executable.
@Suite(.serialized) struct ActingTests {
    private static let app = """
        app: { name: desk, timezone: Asia/Shanghai }
        roles: { sales: {}, chief: { includes: sales, administers: yes } }
        objects:
          order: { shows: "{title}", fields: { title: { type: text, required: yes } } }
          deal:
            shows: "{name}"
            fields:
              name:   { type: text, required: yes }
              wanted: text
              amount: number
              owner:  { type: link, to: user, as: deals }
              stage:  { type: stage, stages: { open: {}, planned: { keep: yes, enter: { amount: { must: amount > 0, say: no amount } } }, won: { end: won } } }
        assignments:
          routing: { on: deal, sets: owner, among: "user where role = 'sales' and active", prefer: { free: 10 } }
        automations:
          route: { when: deal is created, do: [ { assign: routing }, { notify: owner, message: "{name} is yours" } ] }
          order: { when: deal.amount becomes 7, do: [ { create: order, with: { title: =wanted } }, { notify: owner, message: ordered } ] }
        watches:
          slow: { while: deal where wanted is blank, after: { 1h: { notify: owner, message: slow } } }

        """

    private struct Desk {
        let server: RunningServer
        let arguments: [String]
        let clerk: [String: String]
        let chief: [String: String]

        func get(_ path: String, as key: [String: String]? = nil) async throws -> RunningServer.Answer {
            try await server.send("GET", path, headers: key ?? chief)
        }

        func post(_ path: String, _ body: JSONValue, as key: [String: String]? = nil) async throws -> RunningServer.Answer {
            try await server.send("POST", path, headers: key ?? chief, json: body)
        }

        func deal(_ fields: (String, JSONValue)...) async throws -> String {
            let answer = try await post("/api/v1/records/deal", .object(fields.map { .init($0.0, $0.1) }))
            return try #require(answer.json["id"]?.asString, "\(answer.text)")
        }

        /// Asks until it is so.
        func eventually(_ path: String, as key: [String: String]? = nil, _ isSo: (JSONValue) -> Bool) async throws -> JSONValue {
            let end = Date(timeIntervalSinceNow: 60)
            while true {
                let answer = try await get(path, as: key).json
                if isSo(answer) { return answer }
                guard Date() < end else { throw RunningServer.Trouble("\(path) never came to it: \(answer.text())") }
            }
        }

        func why(_ words: String..., format: String = "text") throws -> String {
            let done = try WeirProcess.run(["why", arguments[0]] + words + ["--data", arguments[2], "--lang", "en", "--format", format])
            #expect(done.exitCode == 0, "\(done.error)")
            return done.out
        }
    }

    private func withDesk(_ work: (Desk) async throws -> Void) async throws {
        let folder = try WeirProcess.folder(["app.yaml": Self.app])
        defer { try? FileManager.default.removeItem(at: folder) }
        let arguments = [folder.path, "--data", folder.appendingPathComponent("data-folder").path]
        func key(_ login: String, _ role: String) throws -> [String: String] {
            _ = try WeirProcess.run(["user", "add"] + arguments + [login, "--name", login, "--role", role])
            let made = try WeirProcess.run(["key", "create"] + arguments + ["--user", login, "--name", "test"])
            return ["Authorization": "Bearer \(try #require(try JSONValue.parse(made.out)["key"]?.asString))", "Accept-Language": "en"]
        }
        let (clerk, chief) = (try key("wang", "sales"), try key("zhou", "chief"))
        let server = try RunningServer(arguments)
        defer { server.kill() }
        try await work(Desk(server: server, arguments: arguments, clerk: clerk, chief: chief))
    }

    @Test func noticesAreListedAndMarkedAsRead() async throws {
        try await withDesk { desk in
            _ = try await desk.deal(("name", "A"))
            _ = try await desk.deal(("name", "B"))
            let found = try await desk.eventually("/api/v1/notices", as: desk.clerk) { $0["unread"] == 2 }
            let notices = try #require(found["notices"]?.asArray)
            #expect(notices.map { $0["message"] } == ["B is yours", "A is yours"] && notices[0]["record"]?["title"] == "B" && notices[0]["read"] == .null)
            #expect(try await desk.get("/api/v1/notices").json["unread"] == 0, "others have their own")
            let first = try #require(notices[1]["id"]?.asInt)
            let foreign = try await desk.post("/api/v1/notices/\(first)/read", .object([]))
            #expect(foreign.status == 404)
            #expect(try await desk.post("/api/v1/notices/\(first)/read", .object([]), as: desk.clerk).json == .object([.init("unread", 1)]))
            #expect(try await desk.get("/api/v1/notices?unread=true&limit=1", as: desk.clerk).json["notices"]?.asArray?.count == 1)
            let all = try await desk.post("/api/v1/notices/read", .object([.init("through", notices[0]["id"] ?? .null)]), as: desk.clerk)
            #expect(all.status == 200 && all.json["unread"] == 0)
            let news = try await desk.get("/api/v1/events", as: desk.clerk)
            #expect(news.json["notices"]?["unread"] == 0 && news.json["notices"]?["person"]?.asString?.hasPrefix("user/") == true, "\(news.text)")
            for (path, code) in [("notices?unread=maybe", "bad_unread"), ("notices?limit=0", "bad_limit"), ("runs?state=odd", "bad_state"), ("runs?from=soon", "bad_from")] {
                let wrong = try await desk.get("/api/v1/\(path)")
                #expect(wrong.status == 400 && wrong.json["code"] == .string(code), "\(wrong.text)")
            }
        }
    }

    @Test func aFailedRunIsSeenExplainedAndTakenUpAgain() async throws {
        try await withDesk { desk in
            let deal = try await desk.deal(("name", "A"), ("amount", 7))
            let failed = try await desk.eventually("/api/v1/runs?state=failed") { $0["runs"]?.asArray?.isEmpty == false }
            #expect(failed["failed"] == 1)
            let run = try #require(failed["runs"]?.asArray?.first), id = try #require(run["id"]?.asInt)
            #expect(run["rule"] == "automation/order" && run["record"]?["id"] == .string(deal) && run["note"]?.asString?.isEmpty == false)
            #expect(try await desk.get("/api/v1/runs", as: desk.clerk).status == 403)
            #expect(try await desk.get("/api/v1/runs?record=\(deal)", as: desk.clerk).json["runs"]?.asArray?.count == 2)
            let whole = try await desk.get("/api/v1/runs/\(id)", as: desk.clerk)
            #expect(whole.json["steps"]?.asArray?.compactMap { $0["state"] } == ["refused", "skipped"], "\(whole.text)")
            #expect(whole.json["commands"] == ["resume", "skip", "cancel"])
            let resume = JSONValue.object([.init("command", "resume")])
            #expect(try await desk.post("/api/v1/runs/\(id)", resume, as: desk.clerk).status == 403)
            #expect(try await desk.post("/api/v1/runs/\(id)", .object([.init("command", "again")])).json["code"] == "bad_command")
            #expect(try await desk.post("/api/v1/runs/999", resume).status == 404)
            let record = try await desk.get("/api/v1/records/\(deal)")
            let version = try #require(record.json["version"]?.asInt)
            let changed = try await desk.server.send(
                "PATCH", "/api/v1/records/\(deal)", headers: desk.chief.merging(["If-Match": String(version)]) { $1 }, json: .object([.init("wanted", "chairs")]))
            #expect(changed.status == 200, "\(changed.text)")
            #expect(try await desk.post("/api/v1/runs/\(id)", resume).status == 200)
            _ = try await desk.eventually("/api/v1/runs/\(id)") { $0["state"] == "done" }
            let again = try await desk.post("/api/v1/runs/\(id)", resume)
            #expect(again.status == 422 && again.json["code"] == "refused")
            #expect(try await desk.get("/api/v1/runs?state=failed").json["failed"] == 0)
        }
    }

    @Test func whyTellsOfStagesAssignmentsTimesAndRuns() async throws {
        try await withDesk { desk in
            let deal = try await desk.deal(("name", "A"), ("amount", 7))
            let runs = try await desk.eventually("/api/v1/runs?record=\(deal)") { $0["runs"]?.asArray?.allSatisfy { ["done", "failed"].contains($0["state"]) } ?? false }
            #expect(runs["runs"]?.asArray?.count == 2)
            let acted = try await desk.get("/api/v1/records/\(deal)/automation", as: desk.clerk)
            #expect(acted.json["timers"]?.asArray?.first?["watch"] == "slow" && acted.json["hollow"] == .null, "\(acted.text)")
            #expect(acted.json["assignments"]?.asArray?.first?["chosen"]?["title"] == "wang")
            let all = try desk.why(deal)
            for words in ["deal/1 · A", "to enter planned:", "✓ no amount", "given to wang", "wang 10 points (free 10)", "✗ zhou: role = 'sales'", "while wanted is blank", "1 h: due ", "order · A: failed"] {
                #expect(all.contains(words), "\(words) in:\n\(all)")
            }
            let run = try #require(runs["runs"]?.asArray?.first { $0["state"] == "failed" }?["id"]?.asInt)
            let told = try desk.why("run/\(run)")
            #expect(told.contains("✗ 1 make: order (title)") && told.contains("- 2 tell `owner`") && told.contains("app.yaml:17"), "\(told)")
            let json = try JSONValue.parse(try desk.why("run/\(run)", format: "json"))
            #expect(json["steps"]?.asArray?.first?["place"]?["line"] == 17 && json["state"] == "failed")
            let owner = try JSONValue.parse(try desk.why(deal, "owner", format: "json"))
            #expect(owner["assignments"]?.asArray?.count == 1 && owner["runs"] == nil)
            let stage = try JSONValue.parse(try desk.why(deal, "stage", format: "json"))
            #expect(stage["stage"]?["stage"] == "open" && stage["stage"]?["next"] != nil)
            let wrong = try WeirProcess.run(["why", desk.arguments[0], deal, "ownr", "--data", desk.arguments[2], "--lang", "en"])
            #expect(wrong.exitCode == 1 && wrong.error.contains("did you mean `owner`"), "\(wrong.error)")
            let chinese = try WeirProcess.run(["why", desk.arguments[0], deal, "timer", "--data", desk.arguments[2], "--lang", "zh"])
            #expect(chinese.exitCode == 0 && chinese.out.contains("计时") && chinese.out.contains("只要 wanted is blank"))
        }
    }
}
