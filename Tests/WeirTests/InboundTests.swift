import Foundation
import JSON
import Testing

/// Messages of other programs to the real executable, with a real SIGKILL between them.
@Suite(.serialized) struct InboundTests {
    private static let app = """
        app: { name: desk }
        roles:
          sales:
        objects:
          lead:
            fields:
              name: { type: text, required: yes }
        inbound:
          form:
            verify: { hmac: sha256, header: X-Signature, secret: $FORM_SECRET }
            once: body.id
            creates: lead
            map: { name: body.name }
          erp: { verify: { bearer: $ERP_TOKEN }, creates: lead, map: { name: body.name } }
          open: { verify: { bearer: $NOT_GIVEN }, creates: lead, map: { name: body.name } }
        connectors:
          gate: { kind: http, base: https://gate.example.com, calls: { text: { post: /texts, send: { to: "{to}", text: "{text}" } } } }
        channels:
          sms:
            connector: gate
            with: { to: "{phone}", text: "{message}" }
            receives: { verify: { hmac: sha256, header: X-Signature, secret: $FORM_SECRET }, once: body.id, from: "'1'", text: body.name }
        automations:
          heard: { when: message in sms, do: { create: lead, with: { name: "{message.text}" } } }

        """
    private static let environment = ["FORM_SECRET": "s3cret", "ERP_TOKEN": "t0ken"]

    private static let body = Data(#"{"id":77,"name":"张三"}"#.utf8)
    /// Of that body with that secret.
    private static let signature = "78386a82827ab1fe50c76083bddde4332030044cd10cf46cbc3598fa07e872a6"

    private func post(_ server: RunningServer, _ name: String, _ headers: [String: String], _ body: Data = body) async throws -> RunningServer.Answer {
        // What a program sends, and no browser.
        try await server.send("POST", "/in/\(name)", headers: headers.merging(["Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"]) { $1 }, body: body)
    }

    @Test("T13: the same message acts once also across a kill") func theSameMessageActsOnceAlsoAcrossAKill() async throws {
        let folder = try WeirProcess.folder(["app.yaml": Self.app])
        defer { try? FileManager.default.removeItem(at: folder) }
        let arguments = [folder.path, "--data", folder.appendingPathComponent("data-folder").path, "--demo"]
        let signed = ["X-Signature": Self.signature]
        let server = try RunningServer(arguments, environment: Self.environment)
        let answers = try await withThrowingTaskGroup(of: RunningServer.Answer.self) { tasks in
            for _ in 0..<10 { tasks.addTask { try await self.post(server, "form", signed) } }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        server.kill()
        #expect(answers.allSatisfy { $0.status == 200 }, "\(answers.map(\.text))")
        #expect(answers.count { $0.json["repeated"] == .bool(false) } == 1)
        let records = Set(answers.compactMap { $0.json["record"]?.asString })
        #expect(records.count == 1)

        let later = try RunningServer(arguments, environment: Self.environment)
        defer { later.kill() }
        let again = try await post(later, "form", signed)
        #expect(again.status == 200 && again.json["repeated"] == .bool(true) && again.json["record"]?.asString == records.first, "\(again.text)")
        try await later.signInByFirstLink()
        let list = try await later.send("GET", "/api/v1/records/lead")
        #expect(list.json["records"]?.asArray?.count == 1, "\(list.text)")
    }

    @Test("T13: what comes in over a channel acts once also across a kill") func whatComesInOverAChannelActsOnce() async throws {
        let folder = try WeirProcess.folder(["app.yaml": Self.app])
        defer { try? FileManager.default.removeItem(at: folder) }
        let arguments = [folder.path, "--data", folder.appendingPathComponent("data-folder").path, "--demo"]
        let signed = ["X-Signature": Self.signature]
        let server = try RunningServer(arguments, environment: Self.environment)
        #expect(try await post(server, "sms", [:]).status == 401)
        #expect(try await server.send("GET", "/in/sms").status == 405)
        let answers = try await withThrowingTaskGroup(of: RunningServer.Answer.self) { tasks in
            for _ in 0..<10 { tasks.addTask { try await self.post(server, "sms", signed) } }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        server.kill()
        #expect(answers.allSatisfy { $0.status == 200 }, "\(answers.map(\.text))")
        #expect(answers.count { $0.json["repeated"] == .bool(false) } == 1)
        #expect(Set(answers.compactMap { $0.json["message"]?.asInt }).count == 1)

        let later = try RunningServer(arguments, environment: Self.environment)
        defer { later.kill() }
        #expect(try await post(later, "sms", signed).json["repeated"] == .bool(true))
        try await later.signInByFirstLink()
        var names: [String] = []
        for _ in 0..<200 where names.isEmpty {
            names = (try await later.send("GET", "/api/v1/records/lead").json["records"]?.asArray ?? []).compactMap { $0["fields"]?["name"]?.asString }
        }
        #expect(names == ["张三"])
        let page = try await later.send("GET", "/outbox")
        #expect(page.status == 200 && page.text.contains("张三"))
    }

    @Test func onlyWhoShowsWhoTheyAreComesIn() async throws {
        let folder = try WeirProcess.folder(["app.yaml": Self.app])
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try RunningServer([folder.path, "--data", folder.appendingPathComponent("data-folder").path], environment: Self.environment)
        defer { server.kill() }
        let cases: [(name: String, headers: [String: String], body: String, status: Int)] = [
            ("form", [:], #"{"id":77,"name":"张三"}"#, 401),
            ("form", ["X-Signature": Self.signature], #"{"id":77,"name":"李四"}"#, 401),
            ("form", ["X-Signature": "00" + Self.signature.dropFirst(2)], #"{"id":77,"name":"张三"}"#, 401),
            ("erp", ["Authorization": "Bearer wrong"], #"{"name":"a"}"#, 401),
            ("erp", ["Authorization": "Bearer t0ken"], #"{"name":"a"}"#, 200),
            ("erp", ["Authorization": "Bearer t0ken"], #"{"name":"#, 400),
            ("erp", ["Authorization": "Bearer t0ken"], #"{"name":""}"#, 422),
            ("open", ["Authorization": "Bearer "], #"{"name":"a"}"#, 503),
            ("nobody", [:], "{}", 404),
        ]
        for given in cases {
            let answer = try await post(server, given.name, given.headers, Data(given.body.utf8))
            #expect(answer.status == given.status, "\(given): \(answer.text)")
            #expect(!answer.text.contains("s3cret") && !answer.text.contains("t0ken"))
        }
    }
}
