import Foundation
import JSON
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
          ticket:
            label: { zh: 工单, en: Ticket }
            fields:
              title: { type: text, label: { zh: 标题, en: Title }, required: yes }
              deal:  { type: link, to: deal, as: tickets, label: { zh: 商机, en: Deal } }
              note:  { type: text, label: { zh: 备注, en: Note } }
        automations:
          follow:
            when: deal is created
            do:
              - set: { code: "D-{name}" }
              - create: ticket
                name: first
                with: { title: "跟进 {name}", deal: =this }
              - notify: user where active
                message: "新商机 {name}"
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

    /// Every point that a run passes, at several of its steps: 42 kills.
    private static let kills: [(point: Int, count: Int)] = [
        (1, 2), (1, 4), (1, 6), (2, 1), (2, 2), (2, 3), (2, 5), (2, 7), (3, 2), (4, 2), (4, 4), (4, 6), (5, 2), (5, 5), (6, 1), (6, 3), (9, 1), (10, 1), (10, 2), (10, 4),
        (11, 2), (11, 3), (11, 5), (12, 2), (12, 3), (12, 5), (13, 1), (13, 2), (50, 1), (50, 2), (50, 3), (50, 4), (51, 1), (51, 2), (52, 1), (52, 2), (53, 1), (53, 2),
        (53, 3), (53, 4), (53, 5), (53, 7),
    ]

    @Test(arguments: kills) func killedAnywhereARunIsDoneOnceAndWhole(point: Int, count: Int) async throws {
        let folder = try WeirProcess.folder(["app.yaml": Self.app])
        defer { try? FileManager.default.removeItem(at: folder) }
        let data = folder.appendingPathComponent("data-folder").path
        // People and their sign-in are there before the crash is armed.
        try RunningServer([folder.path, "--data", data, "--demo"]).stop()
        let doomed = try RunningServer([folder.path, "--data", data, "--demo"], environment: ["WEIR_CRASH_AT": "\(point):\(count + 3)"])
        var acknowledged: [String] = []
        do {
            try await doomed.signInByFirstLink()
            for number in 0..<12 {
                let answer = try await doomed.send(
                    "POST", "/api/v1/records/deal", json: .object([.init("fields", .object([.init("name", .string("单\(number)"))]))]))
                guard answer.status == 201, let id = answer.json["id"]?.asString else { break }
                acknowledged.append(id)
            }
        } catch {}
        doomed.kill()

        let server = try RunningServer([folder.path, "--data", data, "--demo"])
        defer { server.kill() }
        try await server.signInByFirstLink()
        try await settle(server)
        let deals = try await server.send("GET", "/api/v1/records/deal?limit=200&sort=id").json["records"]?.asArray ?? []
        let tickets = try await server.send("GET", "/api/v1/records/ticket?limit=200&sort=id").json["records"]?.asArray ?? []
        let standing = Set(deals.compactMap { $0["id"]?.asString })
        for id in acknowledged { #expect(standing.contains(id), "\(id) was acknowledged and is gone") }
        #expect(deals.count <= acknowledged.count + 1)
        #expect(tickets.count == deals.count)
        for deal in deals {
            let name = try #require(deal["fields"]?["name"]?.asString)
            #expect(deal["fields"]?["code"] == .string("D-\(name)") && deal["fields"]?["state"] == "done" && deal["fields"]?["asked"]?.asDigits == "1")
        }
        for ticket in tickets {
            #expect(ticket["fields"]?["note"] == "已派")
            #expect(ticket["fields"]?["title"]?.asString?.hasSuffix("！") == true && ticket["fields"]?["title"]?.asString?.hasSuffix("！！") == false)
        }
    }

    /// Until no run is on its way: each ends by setting the state.
    private func settle(_ server: RunningServer) async throws {
        for _ in 0..<20_000 {
            let open = try await server.send("GET", "/api/v1/records/deal?where=state%20%3D%20'new'&limit=1")
            if open.json["total"] == 0 { return }
        }
        Issue.record("the runs did not come to their end")
    }
}
