import Engine
import Formula
import Foundation
import JSON
import Model
import Program
import SourceText
import Storage
import StorageSQLite
import TestKit
import Testing

/// What acts by itself is killed wherever it can be, and after the next start everything has been done, and once.
@Suite(.serialized) struct AutomationCrashTests {
    private static let app = """
        app: { name: desk, timezone: Asia/Shanghai }
        roles:
          sales: { label: { zh: 销售, en: Sales } }
        objects:
          deal:
            label: { zh: 商机, en: Deal }
            shows: "{name}"
            fields:
              name:  { type: text, label: { zh: 名称, en: Name }, required: yes }
              code:  { type: text, label: { zh: 编号, en: Code } }
              state: { type: choice, label: { zh: 状态, en: State }, options: { new: 新建, done: 完成 }, default: new }
              asked: { label: { zh: 工单数, en: Tickets }, formula: count(tickets) }
              echoed: { label: { zh: 回声, en: Echoes }, formula: count(echoes) }
          ticket:
            label: { zh: 工单, en: Ticket }
            fields:
              title: { type: text, label: { zh: 标题, en: Title }, required: yes }
              deal:  { type: link, to: deal, as: tickets, label: { zh: 商机, en: Deal } }
              note:  { type: text, label: { zh: 备注, en: Note } }
          mark:
            label: { zh: 记号, en: Mark }
            fields:
              deal: { type: link, to: deal, as: marks, label: { zh: 商机, en: Deal } }
              kind: { type: choice, label: { zh: 类型, en: Kind }, options: { first: 先, second: 后 } }
          echo:
            label: { zh: 回声, en: Echo }
            fields: { deal: { type: link, to: deal, as: echoes, label: { zh: 商机, en: Deal } } }
        sequences:
          both: { label: { zh: 先后, en: Both }, of: mark, by: deal, steps: [first, second], within: 1 day, do: [ { create: echo, with: { deal: =this } }, { notify: user where active, message: 成对 } ] }
        automations:
          follow:
            when: deal is created
            do:
              - set: { code: "D-{name}" }
              - create: ticket
                name: first
                with: { title: "跟进 {name}", deal: =this }
              - create: mark
                with: { deal: =this, kind: first }
              - notify: user where active
                message: "新商机 {name}"
              - create: mark
                with: { deal: =this, kind: second }
              - if: asked = 1
                then: { update: first, with: { note: 已派 } }
                else: { stop: 重复 }
              - for each: tickets
                as: one
                do: { update: one, with: { title: "{one.title}！" } }
              - wait for: asked >= 1
              - set: { state: done }
          answer:
            when: ticket is created
            do: { notify: user where active, message: "新工单 {title}" }
        watches:
          open_deal:
            while: deal where state = 'new'
            after: { 30 days: { set: { code: 超时 } } }

        """

    struct Kill: Sendable, CustomTestStringConvertible {
        let point: Int
        let count: Int
        var testDescription: String { "\(point):\(count)" }
    }

    /// What one kill left behind.
    struct Aftermath: Sendable {
        /// Whether the point was reached, so that it did not come to the end of all it had to do.
        var wasKilled: Bool
        /// What was acknowledged and is gone.
        var lost: [String] = []
        /// What was done twice, not at all, or otherwise than it should be.
        var wrong: [String] = []
    }

    /// Every point that a run passes, at several of its steps: 42 kills.
    private static let kills: [Kill] = [
        (1, 2), (1, 4), (1, 6), (2, 1), (2, 2), (2, 3), (2, 5), (2, 7), (3, 2), (4, 2), (4, 4), (4, 6), (5, 2), (5, 5), (6, 1), (6, 3), (50, 5), (50, 6), (53, 6), (53, 8),
        (11, 2), (11, 3), (11, 5), (12, 2), (12, 3), (12, 5), (13, 1), (13, 2), (50, 1), (50, 2), (50, 3), (50, 4), (51, 1), (51, 2), (52, 1), (52, 2), (53, 1), (53, 2),
        (53, 3), (53, 4), (53, 5), (53, 7),
    ].map { Kill(point: $0.0, count: $0.1) }

    @Test("T01: killed anywhere a run is done once and whole", arguments: kills) func killedAnywhereARunIsDoneOnceAndWhole(kill: Kill) async throws {
        let aftermath = try await Self.aftermath(of: kill)
        #expect(aftermath.wasKilled && aftermath.lost.isEmpty && aftermath.wrong.isEmpty, "\(aftermath)")
    }

    /// `make test-crash`: so many kills, at points and times that their number chooses, and a summary of them.
    private static let manyKills = ProcessInfo.processInfo.environment["WEIR_KILLS"].flatMap { Int($0) } ?? 0

    @Test("T02: killed hundreds of times nothing is lost and nothing is done twice", .enabled(if: manyKills > 0)) func killedHundredsOfTimes() async throws {
        var random = RepeatableRandom(seed: 2)
        // How often each point is passed while twelve deals are made and followed.
        let passes = [1: 60, 2: 40, 3: 40, 4: 40, 5: 40, 6: 40, 11: 30, 12: 30, 13: 30, 50: 90, 51: 24, 52: 24, 53: 90]
        let points = passes.keys.sorted()
        var tally: [Int: (kills: Int, lost: Int, wrong: Int)] = [:]
        var kills = 0, starts = 0
        // A point that was not reached in time kills nobody and does not count.
        while kills < Self.manyKills, starts < 2 * Self.manyKills {
            let point = points[starts % points.count]
            starts += 1
            let kill = Kill(point: point, count: Int.random(in: 1...(passes[point] ?? 1), using: &random))
            let aftermath = try await Self.aftermath(of: kill)
            #expect(aftermath.lost.isEmpty && aftermath.wrong.isEmpty, "\(kill.testDescription): \(aftermath)")
            guard aftermath.wasKilled else { continue }
            kills += 1
            tally[point, default: (0, 0, 0)].kills += 1
            tally[point, default: (0, 0, 0)].lost += aftermath.lost.count
            tally[point, default: (0, 0, 0)].wrong += aftermath.wrong.count
        }
        print("point  kills  lost  done otherwise than once")
        for point in points {
            let line = tally[point] ?? (0, 0, 0)
            print([point, line.kills, line.lost, line.wrong].map { String(repeating: " ", count: max(0, 5 - "\($0)".count)) + "\($0)" }.joined(separator: "  "))
        }
        print("\(kills) kills in \(starts) starts: \(tally.values.reduce(0) { $0 + $1.lost }) lost, \(tally.values.reduce(0) { $0 + $1.wrong }) done otherwise than once")
        #expect(kills >= Self.manyKills)
    }

    /// A folder in which people and their sign-in are there before any crash is armed; made once.
    private static let prepared: Result<URL, any Error> = Result {
        let folder = try WeirProcess.folder(["app.yaml": app])
        try RunningServer([folder.path, "--data", folder.appendingPathComponent("data-folder").path, "--demo"]).stop()
        return folder
    }

    private static func aftermath(of kill: Kill) async throws -> Aftermath {
        let folder = try WeirProcess.temporaryFolder().appendingPathComponent("app")
        try FileManager.default.copyItem(at: try prepared.get(), to: folder)
        defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
        let data = folder.appendingPathComponent("data-folder").path
        var aftermath = Aftermath(wasKilled: true)
        var acknowledged: [String] = []
        // What starting and signing in write does not count: how much that is depends on how fast the machine is.
        let doomed = try RunningServer([folder.path, "--data", data, "--demo"], environment: ["WEIR_CRASH_AT": "\(kill.point):\(kill.count):USR1"])
        try await doomed.signInByFirstLink()
        doomed.armCrash()
        do {
            for number in 0..<12 {
                let answer = try await doomed.send("POST", "/api/v1/records/deal", json: .object([.init("fields", .object([.init("name", .string("单\(number)"))]))]))
                guard answer.status == 201, let id = answer.json["id"]?.asString else { break }
                acknowledged.append(id)
            }
            try await settle(doomed)
            aftermath.wasKilled = false
        } catch {}
        doomed.kill()

        let server = try RunningServer([folder.path, "--data", data, "--demo"])
        defer { server.kill() }
        try await server.signInByFirstLink()
        try await settle(server)
        let deals = try await server.send("GET", "/api/v1/records/deal?limit=200&sort=id").json["records"]?.asArray ?? []
        let tickets = try await server.send("GET", "/api/v1/records/ticket?limit=200&sort=id").json["records"]?.asArray ?? []
        server.stop()
        let standing = Set(deals.compactMap { $0["id"]?.asString })
        aftermath.lost = acknowledged.filter { !standing.contains($0) }
        func expect(_ holds: Bool, _ sentence: @autoclosure () -> String) { if !holds { aftermath.wrong.append(sentence()) } }
        expect(deals.count <= acknowledged.count + 1, "\(deals.count) deals, \(acknowledged.count) were acknowledged")
        expect(tickets.count == deals.count, "\(tickets.count) tickets of \(deals.count) deals")
        for deal in deals {
            let fields = deal["fields"], name = fields?["name"]?.asString ?? ""
            expect(fields?["code"] == .string("D-\(name)") && fields?["state"] == "done" && fields?["asked"]?.asDigits == "1" && fields?["echoed"]?.asDigits == "1", "\(deal.text())")
        }
        for ticket in tickets {
            let fields = ticket["fields"], title = fields?["title"]?.asString ?? ""
            expect(fields?["note"] == "已派" && title.hasSuffix("！") && !title.hasSuffix("！！"), "\(ticket.text())")
        }
        aftermath.wrong += try await broken(in: data)
        return aftermath
    }

    /// What does not hold of the folder once everything is done: the invariants, each person told once by each run, the file itself.
    private static func broken(in data: String) async throws -> [String] {
        var sources = SourceSet()
        sources.add(path: "app.yaml", text: app)
        let program = try #require(compile(sources).app)
        let world = TestWorld.make(at: Int64(Date().timeIntervalSince1970 * 1_000_000))
        let store = try SQLiteStore.open(folder: data, app: program, world: world)
        let engine = Engine(app: program, store: store, world: world)
        try await Automator(engine).settle()
        var broken = try await Invariants.broken(in: engine)
        let user = try #require(program.model.object(named: "user")).id
        broken += try await store.read { transaction in
            let people = try transaction.rows(of: user).count
            let told = Dictionary(grouping: try transaction.notices(after: 0, limit: 10_000)) { $0.run ?? 0 }
            return try transaction.runs(of: nil, process: nil, states: [.done], limit: 10_000, before: nil).compactMap { run in
                let users = told[run.id]?.map(\.user) ?? []
                return users.count == people && Set(users).count == people ? nil : "run \(run.id) told \(users.count) of \(people) people"
            }
        }
        await store.close()
        for check in try FolderInspection(folder: data, sessionsOverBefore: Instant(microseconds: 0), readsFiles: true).run()
        where ["integrity", "tables", "links", "history", "audit", "versions"].contains(check.code) {
            broken += check.findings.map { "\(check.code): \($0.words.en)" }
        }
        return broken
    }

    /// Until no run is on its way: each ends by setting the state.
    private static func settle(_ server: RunningServer) async throws {
        for _ in 0..<20_000 {
            let open = try await server.send("GET", "/api/v1/records/deal?where=state%20%3D%20'new'&limit=1")
            if open.json["total"] == 0 { return }
        }
        Issue.record("the runs did not come to their end")
    }

    @Test("T18: a step that ends the process each time is given up, and nothing else is") func aStepThatEndsTheProcessIsGivenUp() async throws {
        let folder = try WeirProcess.temporaryFolder().appendingPathComponent("app")
        try FileManager.default.copyItem(at: try Self.prepared.get(), to: folder)
        defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
        let arguments = [folder.path, "--data", folder.appendingPathComponent("data-folder").path, "--demo"]
        /// Nothing is written by the step, however often it is begun.
        let deadly = ["WEIR_CRASH_AT": "53:1"]
        func create(_ server: RunningServer, _ name: String) async throws {
            _ = try await server.send("POST", "/api/v1/records/deal", json: .object([.init("fields", .object([.init("name", .string(name))]))]))
        }
        let first = try RunningServer(arguments, environment: deadly)
        try await first.signInByFirstLink()
        try? await create(first, "poison")
        first.process.waitUntilExit()
        var lives = 0
        for _ in 0..<8 {
            guard let server = try? RunningServer(arguments, environment: deadly) else { continue }
            // It is killed as soon as it begins the step, or never.
            var isAlive = true
            for _ in 0..<300 where isAlive { isAlive = (try? await server.send("GET", "/healthz").status) == 200 }
            server.kill()
            if isAlive {
                lives += 1
                break
            }
        }
        #expect(lives == 1, "it never came up again")
        let server = try RunningServer(arguments)
        defer { server.kill() }
        try await server.signInByFirstLink()
        try await create(server, "good")
        for _ in 0..<20_000 {
            let done = try await server.send("GET", "/api/v1/records/deal?where=state%20%3D%20'done'&limit=1")
            if done.json["total"] == 1 { break }
        }
        let deals = try await server.send("GET", "/api/v1/records/deal?limit=200&sort=id").json["records"]?.asArray ?? []
        #expect(deals.map { $0["fields"]?["state"]?.asString } == ["new", "done"])
    }
}
