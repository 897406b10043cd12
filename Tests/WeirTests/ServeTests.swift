import Foundation
import JSON
import Testing

/// The real executable over real HTTP, with real files and a real SIGKILL.
@Suite(.serialized) struct ServeTests {
    private static let app = """
        app: { name: desk, timezone: Asia/Shanghai }
        roles:
          sales: { label: { zh: 销售, en: Sales } }
        objects:
          deal:
            label: { zh: 商机, en: Deal }
            fields:
              name:   { type: text, label: { zh: 名称, en: Name }, required: yes }
              amount: { type: money, label: { zh: 金额, en: Amount } }
              twice:  { label: { zh: 两倍, en: Twice }, formula: amount * 2 }
              pains:  { type: choices, label: { zh: 痛点, en: Pains }, options: [成本, 效率, 合规, 体验] }
              stage:
                type: stage
                label: { zh: 阶段, en: Stage }
                stages:
                  lead: {}
                  diagnosed:
                    enter:
                      minutes: { must: "exists(files where format = 'pdf')", say: { zh: 请上传会议纪要（PDF）, en: upload the minutes } }
                      pains:   { must: size(pains) >= 3, say: { zh: 请至少勾选 3 项痛点, en: tick three pains } }

        """

    @Test func nothingIsOpenWithoutSigningIn() async throws {
        try await withServer { server, _ in
            #expect(try await server.send("GET", "/healthz").status == 200)
            #expect(try await server.send("GET", "/readyz").status == 200)
            for path in ["/api/v1/records/deal", "/api/v1/records/deal/1", "/api/v1/files/1", "/api/v1/records/user"] {
                let answer = try await server.send("GET", path)
                #expect(answer.status == 401 && answer.json["code"] == "not_signed_in", "\(path)")
            }
            let create = try await server.send("POST", "/api/v1/records/deal", json: .object([.init("name", "x")]))
            #expect(create.status == 401)
            let wrong = try await server.send(
                "POST", "/api/v1/sign-in", json: .object([.init("login", "nobody"), .init("password", "wrong-password")]))
            #expect(wrong.status == 401 && wrong.json["code"] == "wrong_login")
        }
    }

    @Test func aDealGoesThroughItsGate() async throws {
        try await withServer { server, _ in
            try await server.signInByFirstLink()
            let created = try await server.send(
                "POST", "/api/v1/records/deal", headers: ["Idempotency-Key": "k1"],
                json: .object([.init("fields", .object([.init("name", "华东医疗扩容"), .init("amount", .number("1285000.55"))]))]))
            #expect(created.status == 201, "\(created.text)")
            #expect(created.json["fields"]?["twice"] == .number("2570001.1"))
            let id = try #require(created.json["id"]?.asString)
            // The same request again gives the same record; another under its key is refused.
            let again = try await server.send(
                "POST", "/api/v1/records/deal", headers: ["Idempotency-Key": "k1"],
                json: .object([.init("fields", .object([.init("name", "华东医疗扩容"), .init("amount", .number("1285000.55"))]))]))
            #expect(again.json["id"]?.asString == id)
            let reused = try await server.send(
                "POST", "/api/v1/records/deal", headers: ["Idempotency-Key": "k1"], json: .object([.init("fields", .object([.init("name", "别的")]))]))
            #expect(reused.status == 409)

            let preview = try await server.send("GET", "/api/v1/records/\(id)/gate?to=diagnosed")
            #expect(preview.json["open"] == .bool(false))
            #expect(preview.json["missing"]?.asArray?.compactMap { $0["name"]?.asString } == ["minutes", "pains"])
            let move = JSONValue.object([.init("to", "diagnosed")])
            let withoutVersion = try await server.send("POST", "/api/v1/records/\(id)/stage", json: move)
            #expect(withoutVersion.status == 428)
            let held = try await server.send("POST", "/api/v1/records/\(id)/stage", headers: ["If-Match": "\"1\""], json: move)
            #expect(held.status == 422 && held.json["code"] == "held" && held.json["missing"]?.asArray?.count == 2)

            let file = try await server.send(
                "PUT", "/api/v1/files?name=%E7%BA%AA%E8%A6%81.pdf&about=\(id)", body: Data("%PDF-1.4 会议纪要".utf8))
            #expect(file.status == 201, "\(file.text)")
            let fileID = try #require(file.json["id"]?.asString?.split(separator: "/").last)
            let back = try await server.send("GET", "/api/v1/files/\(fileID)")
            #expect(back.body == Data("%PDF-1.4 会议纪要".utf8))
            #expect(back.headers["content-disposition"]?.contains("filename*=UTF-8''%E7%BA%AA%E8%A6%81.pdf") == true)

            let ticked = try await server.send(
                "PATCH", "/api/v1/records/\(id)", headers: ["If-Match": "\"1\""],
                json: .object([.init("fields", .object([.init("pains", ["成本", "效率", "合规"])]))]))
            #expect(ticked.status == 200, "\(ticked.text)")
            let stale = try await server.send(
                "PATCH", "/api/v1/records/\(id)", headers: ["If-Match": "\"1\""], json: .object([.init("fields", .object([.init("name", "旧")]))]))
            #expect(stale.status == 412)
            let moved = try await server.send("POST", "/api/v1/records/\(id)/stage", headers: ["If-Match": "\"2\""], json: move)
            #expect(moved.status == 200 && moved.json["fields"]?["stage"] == "diagnosed", "\(moved.text)")

            let list = try await server.send("GET", "/api/v1/records/deal?where=amount%20%3E%201000000&sort=-amount&fields=name,stage")
            #expect(list.json["total"] == 1 && list.json["records"]?.asArray?.first?["fields"]?["stage"] == "diagnosed", "\(list.text)")
            let wrong = try await server.send("GET", "/api/v1/records/deal?where=amuont%20%3E%201", headers: ["Accept-Language": "zh"])
            #expect(wrong.status == 400 && wrong.json["message"]?.asString?.contains("amuont") == true)
        }
    }

    @Test func aBodyBeyondTheBoundIsTooLarge() async throws {
        try await withServer { server, _ in
            try await server.signInByFirstLink()
            let answer = try await server.send(
                "POST", "/api/v1/records/deal", json: .object([.init("name", .string(String(repeating: "x", count: 4 << 20)))]))
            #expect(answer.status == 413 && answer.json["code"] == "too_large", "\(answer.text)")
        }
    }

    @Test func anotherSiteCannotWrite() async throws {
        try await withServer { server, _ in
            try await server.signInByFirstLink()
            let answer = try await server.send(
                "POST", "/api/v1/records/deal", headers: ["Sec-Fetch-Site": "cross-site"], json: .object([.init("name", "x")]))
            #expect(answer.status == 403 && answer.json["code"] == "cross_site")
        }
    }

    /// Whatever was answered with 201 stands after the kill; whatever was not is whole or absent.
    @Test(arguments: [(1, 3), (2, 2), (3, 4), (4, 3), (5, 2), (7, 2), (9, 3), (10, 5), (11, 4), (12, 3), (13, 2)])
    func killedAtACommitPointNothingIsLostOrHalfWritten(point: Int, count: Int) async throws {
        let folder = try WeirProcess.folder(["app.yaml": Self.app])
        defer { try? FileManager.default.removeItem(at: folder) }
        let data = folder.appendingPathComponent("data-folder").path
        // The demo user is there before the crash is armed.
        try RunningServer([folder.path, "--data", data, "--demo"]).stop()
        var acknowledged: [String: String] = [:]
        let doomed = try RunningServer([folder.path, "--data", data, "--demo"], environment: ["WEIR_CRASH_AT": "\(point):\(count):USR1"])
        do {
            try await doomed.signInByFirstLink()
            doomed.armCrash()
            for number in 0..<40 {
                let answer = try await doomed.send(
                    "POST", "/api/v1/records/deal",
                    json: .object([.init("fields", .object([.init("name", .string("单\(number)")), .init("amount", .number("\(number).25"))]))]))
                guard answer.status == 201, let id = answer.json["id"]?.asString else { break }
                acknowledged[id] = "单\(number)"
            }
        } catch {}
        doomed.kill()

        let server = try RunningServer([folder.path, "--data", data, "--demo"])
        defer { server.kill() }
        try await server.signInByFirstLink()
        let list = try await server.send("GET", "/api/v1/records/deal?limit=200&sort=id")
        let records = list.json["records"]?.asArray ?? []
        let standing = Dictionary(uniqueKeysWithValues: records.map { ($0["id"]?.asString ?? "", $0["fields"]?["name"]?.asString ?? "") })
        for (id, name) in acknowledged { #expect(standing[id] == name, "\(id) was acknowledged and is gone") }
        #expect(records.count <= acknowledged.count + 1)
        for record in records {
            let amount = try #require(record["fields"]?["amount"]?.asDigits.flatMap { Double($0) })
            let twice = try #require(record["fields"]?["twice"]?.asDigits.flatMap { Double($0) })
            #expect(twice == amount * 2 && record["version"] == 1)
        }
    }

    @Test func aSecondServerOnTheSameFolderIsTurnedAway() async throws {
        try await withServer { server, arguments in
            let second = try WeirProcess.run(["serve"] + arguments + ["--port", "0"])
            #expect(second.exitCode == 3)
            #expect(try await server.send("GET", "/healthz").status == 200)
        }
    }

    private func withServer(_ work: (RunningServer, [String]) async throws -> Void) async throws {
        let folder = try WeirProcess.folder(["app.yaml": Self.app])
        defer { try? FileManager.default.removeItem(at: folder) }
        let arguments = [folder.path, "--data", folder.appendingPathComponent("data-folder").path, "--demo"]
        let server = try RunningServer(arguments)
        defer { server.kill() }
        try await work(server, arguments)
    }
}
