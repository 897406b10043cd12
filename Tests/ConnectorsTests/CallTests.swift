import Connectors
import Crypto
import Engine
import Formula
import Foundation
import JSON
import Synchronization
import Testing

/// Calls of HTTP connectors against a voice and an SMS gateway on this machine.
@Suite struct CallTests {
    private static func voice(_ server: FakeServer, _ more: String = "") -> String { voice(at: server.address, more) }

    private static func voice(at address: String, _ more: String = "") -> String {
        """
          voice:
            kind: http
            base: \(address)/api
            allow_private: yes
        \(more)
            calls:
              ring:
                post: /v1/calls/{to}
                send: { to: "{to}", text: "Call {to}: {text}", repeat: =2, urgent: =true, minutes: "{minutes}", tags: ["{text}"] }
                headers: { X-Team: "{text}" }
                ok: body.status = 'accepted'
                receipt: body.call.id

        """
    }
    private static let inputs: JSONValue = ["to": "138/00", "text": "late", "minutes": 5]

    @Test func sendsWhatTheCallSays() async throws {
        let server = try await FakeServer { _ in .answer(200, [:], #"{"status":"accepted","call":{"id":"c-7"}}"#) }
        let desk = try Desk(Self.voice(server, "    auth: { bearer: $TOKEN }"))
        #expect(await desk.send("voice", "ring", Self.inputs, key: "desk:9:2") == .ok(receipt: "c-7"))
        let request = try #require(server.requests.first)
        #expect(request.method == "POST")
        #expect(request.path == "/api/v1/calls/138%2F00")
        #expect(request.body == #"{"to":"138/00","text":"Call 138/00: late","repeat":2,"urgent":true,"minutes":5,"tags":["late"]}"#)
        #expect(request["Idempotency-Key"] == "desk:9:2")
        #expect(request["Authorization"] == "Bearer t0ken")
        #expect(request["X-Team"] == "late")
        #expect(request["Content-Type"] == "application/json; charset=utf-8")
        await server.stop()
    }

    @Test func formsAndBasicSignIn() async throws {
        let server = try await FakeServer { _ in .answer(204) }
        let desk = try Desk("""
              sms:
                kind: http
                base: \(server.address)
                allow_private: yes
                auth: { basic: { user: me, password: $SECRET } }
                calls: { text: { post: /send, as: form, send: { phone: "{to}", content: "【销售】{text}" } } }

            """)
        #expect(await desk.send("sms", "text", ["to": "+86 138", "text": "a&b"]) == .ok(receipt: nil))
        let request = try #require(server.requests.first)
        #expect(request.body == "phone=%2B86%20138&content=%E3%80%90%E9%94%80%E5%94%AE%E3%80%91a%26b")
        #expect(request["Authorization"] == "Basic bWU6czNjcmV0")
        await server.stop()
    }

    @Test(arguments: [
        (200, #"{"status":"busy"}"#, "rejected"), (200, "<html>", "unknown"), (400, "", "rejected"), (404, "", "rejected"), (403, "", "rejected"),
        (408, "", "failed"), (425, "", "failed"), (429, "", "failed"), (500, "", "failed"), (503, "", "failed"), (302, "", "rejected"),
    ])
    func classesOfAnswers(_ status: Int, _ body: String, _ kind: String) async throws {
        let server = try await FakeServer { _ in .answer(status, ["location": "http://127.0.0.1/elsewhere"], body) }
        let desk = try Desk(Self.voice(server))
        #expect(await desk.send("voice", "ring", Self.inputs).kind == kind)
        #expect(server.requests.count == 1, "a redirect is not followed")
        await server.stop()
    }

    @Test("T14: retry after is heard") func retryAfterIsHeard() async throws {
        let server = try await FakeServer { _ in .answer(429, ["retry-after": "17"]) }
        let desk = try Desk(Self.voice(server))
        let outcome = await desk.send("voice", "ring", Self.inputs)
        guard case .failed(_, let wait) = outcome else { Issue.record("\(outcome)"); return }
        #expect(wait == TimeSpan(microseconds: 17 * Microseconds.perSecond))
        await server.stop()
    }

    @Test("T14: nobody there is a failure and not an unknown") func nobodyThereIsAFailureAndNotAnUnknown() async throws {
        // The port of a service that nobody runs; one that was free a moment ago may be another test's by now.
        let desk = try Desk(Self.voice(at: "http://127.0.0.1:1"))
        #expect(await desk.send("voice", "ring", Self.inputs).kind == "failed")
    }

    @Test("T14: what is cut off is unknown", arguments: ["cut", "half", "hang"]) func whatIsCutOffIsUnknown(_ how: String) async throws {
        let server = try await FakeServer { _ in how == "cut" ? .cut : how == "half" ? .half : .hang }
        let desk = try Desk(Self.voice(server, "    limits: { timeout: 1s }"))
        #expect(await desk.send("voice", "ring", Self.inputs).kind == "unknown")
        await server.stop()
    }

    @Test("T14: a huge answer is not read") func aHugeAnswerIsNotRead() async throws {
        let server = try await FakeServer { _ in .answer(200, [:], String(repeating: "x", count: 10 << 20)) }
        let desk = try Desk(Self.voice(server))
        #expect(await desk.send("voice", "ring", Self.inputs).trouble == .tooLarge)
        await server.stop()
    }

    @Test func missingInputsAndSecretsAreTold() async throws {
        let server = try await FakeServer { _ in .answer(200) }
        let desk = try Desk(Self.voice(server, "    auth: { bearer: $GONE }"))
        #expect(await desk.send("voice", "ring", Self.inputs).trouble == .missingSecret)
        #expect(await desk.send("voice", "ring", ["to": "1"]).trouble == .badPayload)
        #expect(await desk.send("voice", "ring", ["to": "..", "text": "", "minutes": 1]).trouble == .badPayload)
        #expect(await desk.send("voice", "ring", ["to": "1", "text": "a\r\nX-Evil: 1", "minutes": 1]).trouble == .badPayload)
        #expect(await desk.send("voice", "call", Self.inputs).trouble == .badPayload)
        #expect(await desk.send("phone", "ring", Self.inputs).trouble == .noSuchConnector)
        #expect(server.requests.isEmpty)
        await server.stop()
    }

    // MARK: Unknown outcomes

    private static func lookingUp(_ server: FakeServer) -> String {
        """
          voice:
            kind: http
            base: \(server.address)
            allow_private: yes
            limits: { timeout: 30s }
            calls:
              ring:
                post: /calls
                send: { to: "{to}", reference: "{key}" }
                receipt: body.id
                look_up: { get: "/calls?reference={key}", sent: body.id is not blank }

        """
    }

    @Test("T15: asks before a second call") func asksBeforeASecondCall() async throws {
        let server = try await FakeServer { request in
            request.method == "POST" ? .cut : .answer(200, [:], #"{"id":"c-1"}"#)
        }
        let desk = try Desk(Self.lookingUp(server))
        #expect(await desk.send("voice", "ring", ["to": "1"], key: "k 1").kind == "unknown")
        #expect(await desk.send("voice", "ring", ["to": "1"], key: "k 1", attempt: 2) == .ok(receipt: "c-1"))
        #expect(server.requests.map(\.method) == ["POST", "GET"], "nobody is called twice")
        #expect(server.requests.last?.path == "/calls?reference=k%201")
        await server.stop()
    }

    @Test("T15: calls again only when it did not arrive") func callsAgainOnlyWhenItDidNotArrive() async throws {
        let server = try await FakeServer { $0.method == "POST" ? .answer(200, [:], #"{"id":"c-2"}"#) : .answer(404) }
        let desk = try Desk(Self.lookingUp(server))
        #expect(await desk.send("voice", "ring", ["to": "1"], attempt: 2) == .ok(receipt: "c-2"))
        #expect(server.requests.map(\.method) == ["GET", "POST"])
        await server.stop()
    }

    @Test("T15: does not call when nobody knows") func doesNotCallWhenNobodyKnows() async throws {
        let server = try await FakeServer { $0.method == "POST" ? .answer(200, [:], "{}") : .answer(500) }
        let desk = try Desk(Self.lookingUp(server))
        #expect(await desk.send("voice", "ring", ["to": "1"], attempt: 2).kind == "unknown")
        #expect(server.requests.map(\.method) == ["GET"])
        await server.stop()
    }

    @Test("T15: what is assumed is taken as sent") func whatIsAssumedIsTakenAsSent() async throws {
        let server = try await FakeServer { _ in .cut }
        let desk = try Desk("""
              sms: { kind: http, base: "\(server.address)", allow_private: yes, calls: { text: { post: /send, on_unknown: assume_sent } } }

            """)
        #expect(await desk.send("sms", "text", [:]) == .ok(receipt: nil))
        await server.stop()
    }

    // MARK: Sign-in and signatures

    @Test func asksForATokenOnceAndAgainWhenItIsRefused() async throws {
        let tokens = Mutex(0)
        let server = try await FakeServer { request in
            if request.path == "/token" {
                return .answer(200, [:], "{\"access_token\":\"token-\(tokens.withLock { $0 += 1; return $0 })\",\"expires_in\":3600}")
            }
            // The first token is good twice.
            let calls = request["Authorization"] == "Bearer token-1" && request.body.contains("third") ? 401 : 200
            return .answer(calls, [:], "{}")
        }
        let desk = try Desk("""
              erp:
                kind: http
                base: \(server.address)
                allow_private: yes
                auth: { oauth2: { token_url: "\(server.address)/token", client: "a b", secret: $SECRET, scope: calls write } }
                calls: { put: { post: /orders, send: { text: "{text}" } } }

            """)
        #expect(await desk.send("erp", "put", ["text": "first"]) == .ok(receipt: nil))
        #expect(await desk.send("erp", "put", ["text": "second"]) == .ok(receipt: nil))
        #expect(await desk.send("erp", "put", ["text": "third"]) == .ok(receipt: nil))
        #expect(server.requests.map(\.path) == ["/token", "/orders", "/orders", "/orders", "/token", "/orders"])
        let grant = try #require(server.requests.first)
        #expect(grant.body == "grant_type=client_credentials&scope=calls%20write")
        #expect(grant["Authorization"] == "Basic " + Data("a%20b:s3cret".utf8).base64EncodedString())
        desk.clock.advance(seconds: 3600)
        #expect(await desk.send("erp", "put", ["text": "fourth"]) == .ok(receipt: nil))
        #expect(server.requests.suffix(2).map(\.path) == ["/token", "/orders"])
        await server.stop()
    }

    @Test func signsWithHMAC() async throws {
        let server = try await FakeServer { _ in .answer(200) }
        let desk = try Desk("""
              sms:
                kind: http
                base: \(server.address)
                allow_private: yes
                auth: { hmac: sha256, header: X-Signature, secret: $SECRET, timestamp: X-Time, prefix: sha256= }
                calls: { text: { post: /send, send: { to: "{to}" } } }

            """)
        #expect(await desk.send("sms", "text", ["to": "1"]) == .ok(receipt: nil))
        let request = try #require(server.requests.first)
        #expect(request["X-Time"] == "1767600000")
        let code = HMAC<SHA256>.authenticationCode(for: Data("1767600000.\(request.body)".utf8), using: SymmetricKey(data: Data("s3cret".utf8)))
        #expect(request["X-Signature"] == "sha256=" + code.map { String(format: "%02x", $0) }.joined())
        await server.stop()
    }

    @Test func webhooksAreSignedAsTheStandardSays() async throws {
        let server = try await FakeServer { _ in .answer(200) }
        let key = Data("0123456789abcdef01234567".utf8)
        let desk = try Desk(
            "  erp: { kind: webhook, url: \"\(server.address)/in\", secret: $HOOK, allow_private: yes }\n",
            secrets: ["HOOK": "whsec_" + key.base64EncodedString()])
        #expect(await desk.send("erp", nil, ["lead": "张老师"], key: "desk:3:1") == .ok(receipt: nil))
        let request = try #require(server.requests.first)
        let id = try #require(request["webhook-id"])
        #expect(id == "desk:3:1")
        #expect(request.body == #"{"lead":"张老师"}"#)
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(id).1767600000.\(request.body)".utf8), using: SymmetricKey(data: key))
        #expect(request["webhook-signature"] == "v1," + Data(code).base64EncodedString())
        await server.stop()
    }
}
