import Foundation
import JSON
import Testing

/// What programs see of the real executable, with a key.
@Suite(.serialized) struct APITests {
    private static let app = """
        app: { name: desk, timezone: Asia/Shanghai }
        roles: { sales: {} }
        objects:
          deal:
            label: { zh: 商机, en: Deal }
            fields:
              name:   { type: text, label: { zh: 名称, en: Name }, required: yes }
              amount: { type: money, label: { zh: 金额, en: Amount } }
              twice:  { formula: amount * 2 }
              stage:  { type: stage, stages: { lead: {}, won: { end: won } } }

        """

    private func withServer(_ options: [String] = [], _ work: (RunningServer, [String: String]) async throws -> Void) async throws {
        let folder = try WeirProcess.folder(["app.yaml": Self.app])
        defer { try? FileManager.default.removeItem(at: folder) }
        let arguments = [folder.path, "--data", folder.appendingPathComponent("data-folder").path]
        _ = try WeirProcess.run(["user", "add"] + arguments + ["li", "--name", "李", "--role", "sales"])
        let made = try WeirProcess.run(["key", "create"] + arguments + ["--user", "li", "--name", "test"])
        let key = try #require(try JSONValue.parse(made.out)["key"]?.asString)
        let server = try RunningServer(arguments + options)
        defer { server.kill() }
        try await work(server, ["Authorization": "Bearer \(key)", "Accept-Language": "en"])
    }

    private func fields(_ members: (String, JSONValue)...) -> JSONValue {
        .object([.init("fields", .object(members.map { .init($0.0, $0.1) }))])
    }

    @Test func whatIsNotThereSaysWhatIs() async throws {
        try await withServer { server, key in
            _ = try await server.send("POST", "/api/v1/records/deal", headers: key, json: fields(("name", "a")))
            let put = try await server.send("PUT", "/api/v1/records/deal/1", headers: key, json: fields(("name", "b")))
            #expect(put.status == 405 && put.headers["allow"] == "GET, HEAD, PATCH, DELETE", "\(put.text)")
            let stage = try await server.send("GET", "/api/v1/records/deal/1/gate?to=nope", headers: key)
            #expect(stage.status == 404 && stage.json["code"] == "unknown_stage" && stage.json["stages"] == ["lead", "won"], "\(stage.text)")
            let nobody = try await server.send("GET", "/api/v1/records/deal", headers: ["Authorization": "Bearer weir_nothing"])
            #expect(nobody.status == 401 && nobody.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
        }
    }

    @Test func whatNobodyMayWriteIsReadOnlyWhateverIsSent() async throws {
        try await withServer { server, key in
            for (name, value) in [("id", JSONValue.string("deal/7")), ("id", .number("7")), ("twice", "much"), ("version", .bool(true)), ("created", "yesterday")] {
                let answer = try await server.send("POST", "/api/v1/records/deal", headers: key, json: fields(("name", "a"), (name, value)))
                #expect(answer.status == 422 && answer.json["violations"]?.asArray?.compactMap { $0["code"] } == ["read_only"], "\(answer.text)")
            }
            let beside = try await server.send(
                "POST", "/api/v1/records/deal", headers: key,
                json: .object([.init("id", "deal/1"), .init("fields", .object([.init("name", "a")]))]))
            #expect(beside.status == 400 && beside.json["code"] == "unknown_member" && beside.json["field"] == "id")
        }
    }

    @Test func manyAtOnceAndTheirFigures() async throws {
        try await withServer { server, key in
            func item(_ name: JSONValue, _ amount: String) -> JSONValue {
                .object([.init("op", "create"), .init("fields", .object([.init("name", name), .init("amount", .number(amount))]))])
            }
            let items = JSONValue.array([item("a", "1.5"), item(.null, "2"), item("b", "4")])
            let done = try await server.send(
                "POST", "/api/v1/records/deal/batch", headers: key.merging(["Idempotency-Key": "k"]) { $1 }, json: .object([.init("items", items)]))
            #expect(done.status == 200 && done.json["done"] == .int(2) && done.json["refused"] == .int(1), "\(done.text)")
            #expect(done.json["results"]?.asArray?.compactMap { $0["status"] } == [.int(201), .int(422), .int(201)])
            let again = try await server.send(
                "POST", "/api/v1/records/deal/batch", headers: key.merging(["Idempotency-Key": "k"]) { $1 }, json: .object([.init("items", items)]))
            #expect(again.json["results"]?.asArray?.first?["record"]?["id"] == "deal/1", "\(again.text)")
            let none = try await server.send(
                "POST", "/api/v1/records/deal/batch", headers: key, json: .object([.init("atomic", .bool(true)), .init("items", items)]))
            #expect(none.status == 422 && none.json["results"]?.asArray?.compactMap { $0["status"] } == [.int(424), .int(422), .int(424)], "\(none.text)")
            let figures = try await server.send("GET", "/api/v1/aggregate/deal?by=stage&value=count,sum(amount)&where=amount%20%3E%200", headers: key)
            #expect(
                figures.text == "{\"groups\":[{\"by\":{\"stage\":\"lead\"},\"values\":{\"count\":2,\"sum(amount)\":5.5}}],\"currencies\":{\"sum(amount)\":\"CNY\"},\"more\":false}",
                "\(figures.text)")
            let wrong = try await server.send("GET", "/api/v1/aggregate/deal?value=sum(amont)", headers: key)
            #expect(wrong.status == 400 && wrong.json["field"] == "value" && wrong.json["message"]?.asString?.contains("amont") == true, "\(wrong.text)")
        }
    }

    @Test func pagesInTheOrderOfTheIdsFollowEachOther() async throws {
        try await withServer { server, key in
            for name in ["a", "b", "c"] { _ = try await server.send("POST", "/api/v1/records/deal", headers: key, json: fields(("name", .string(name)))) }
            var seen: [String] = []
            var path = "/api/v1/records/deal?sort=-id&limit=2"
            for _ in 0..<2 {
                let page = try await server.send("GET", path, headers: key)
                seen += page.json["records"]?.asArray?.compactMap { $0["id"]?.asString } ?? []
                guard let next = page.json["next"]?.asString else { break }
                path = "/api/v1/records/deal?sort=-id&limit=2&after=\(next)"
            }
            #expect(seen == ["deal/3", "deal/2", "deal/1"])
        }
    }

    @Test func theServerTellsItsFigures() async throws {
        try await withServer { server, key in
            _ = try await server.send("POST", "/api/v1/records/deal", headers: key, json: fields(("name", "a")))
            let page = try await server.send("GET", "/metrics")
            #expect(page.status == 200 && page.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            #expect(page.text.contains("weir_http_requests_total{method=\"POST\",route=\"/api/v1/records/{object}\",status=\"201\"} 1"), "\(page.text)")
            #expect(page.text.contains("weir_saves_total{outcome=\"saved\"} 1"))
            let proxied = try await server.send("GET", "/metrics", headers: ["X-Forwarded-For": "203.0.113.9"])
            #expect(proxied.status == 401)
        }
    }

    @Test func whoSendsTooFastIsToldWhenToComeAgain() async throws {
        try await withServer(["--rate", "0.1"]) { server, key in
            // The bucket holds one request.
            _ = try await server.send("GET", "/api/v1/records/deal", headers: key)
            let answer = try await server.send("GET", "/api/v1/records/deal", headers: key)
            #expect(answer.status == 429 && answer.json["code"] == "too_many_requests", "\(answer.text)")
            #expect((Int(answer.headers["retry-after"] ?? "") ?? 0) > 0)
            #expect(try await server.send("GET", "/healthz").status == 200)
        }
    }

    @Test func aRevokedKeyIsOutWithItsNextRequest() async throws {
        try await withServer { server, key in
            #expect(try await server.send("GET", "/api/v1/records/deal", headers: key).status == 200)
            // The person leaves: what was recognised a moment ago must not be again.
            let person = try await server.send("GET", "/api/v1/records/user?where=login%20%3D%20'li'", headers: key)
            let id = try #require(person.json["records"]?.asArray?.first?["id"]?.asString)
            let gone = try await server.send(
                "PATCH", "/api/v1/records/\(id)", headers: key.merging(["If-Match": "\"1\""]) { $1 }, json: fields(("active", .bool(false))))
            #expect(gone.status == 200, "\(gone.text)")
            #expect(try await server.send("GET", "/api/v1/records/deal", headers: key).status == 401)
        }
    }
}
