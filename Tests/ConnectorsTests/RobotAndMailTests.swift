import Connectors
import Engine
import Foundation
import JSON
import Testing

/// Robots of WeCom and mail, against fakes on this machine.
@Suite struct RobotAndMailTests {
    private static let robot = "  group: { kind: wecom_robot, url: $ROBOT, allow_private: yes }\n"

    private static func desk(_ server: FakeServer) throws -> Desk { try Desk(robot, secrets: ["ROBOT": "\(server.address)/send?key=abc"]) }

    @Test func aRobotIsTold() async throws {
        let server = try await FakeServer { _ in .answer(200, [:], #"{"errcode":0,"errmsg":"ok"}"#) }
        let desk = try Self.desk(server)
        #expect(await desk.send("group", nil, ["text": "新线索"]) == .ok(receipt: nil))
        #expect(await desk.send("group", nil, ["text": "**新**", "format": "markdown"]) == .ok(receipt: nil))
        #expect(server.requests.map(\.path) == ["/send?key=abc", "/send?key=abc"])
        #expect(server.requests.map(\.body) == [#"{"msgtype":"text","text":{"content":"新线索"}}"#, #"{"msgtype":"markdown","markdown":{"content":"**新**"}}"#])
        await server.stop()
    }

    @Test(arguments: [(45009, "failed"), (-1, "failed"), (93000, "rejected"), (40058, "rejected")])
    func itsRefusals(_ code: Int, _ kind: String) async throws {
        let server = try await FakeServer { _ in .answer(200, [:], "{\"errcode\":\(code),\"errmsg\":\"no\"}") }
        #expect(try await Self.desk(server).send("group", nil, ["text": "x"]).kind == kind)
        await server.stop()
    }

    @Test func longTextsEndInAnEllipsisAtACharacter() async throws {
        let server = try await FakeServer { _ in .answer(200, [:], #"{"errcode":0}"#) }
        #expect(try await Self.desk(server).send("group", nil, ["text": .string(String(repeating: "请", count: 1000))]) == .ok(receipt: nil))
        let body = try JSONValue.parse(try #require(server.requests.first).body)
        let content = try #require(body["text"]?["content"]?.asString)
        #expect(content.utf8.count <= 2048 && content.utf8.count > 2040)
        #expect(content.hasSuffix("请…"))
        await server.stop()
        #expect(MessageLength.cut("短", bytes: 3) == "短")
        #expect(MessageLength.cut("👨‍👩‍👧一家", bytes: 20) == "…", "a family stays together")
    }

    @Test("T16: more than twenty a minute are told together") func moreThanTwentyAMinuteAreToldTogether() async throws {
        let server = try await FakeServer { _ in .answer(200, [:], #"{"errcode":0}"#) }
        let desk = try Self.desk(server)
        var waiting: [Delivery] = []
        for number in 1...25 {
            let delivery = Delivery(key: "k\(number)", connector: "group", payload: ["text": "第\(number)条"], attempt: 1)
            if case .deferred = await desk.set.send(delivery) { waiting.append(delivery) }
        }
        #expect(waiting.map(\.key) == ["k21", "k22", "k23", "k24", "k25"])
        desk.clock.advance(seconds: 60)
        let outcomes = await desk.set.sendTogether(waiting)
        #expect(outcomes == Array(repeating: .ok(receipt: nil), count: 5))
        #expect(server.requests.count == 21)
        #expect(server.requests.last?.body.contains(#"1. 第21条\n2. 第22条\n3. 第23条\n4. 第24条\n5. 第25条"#) == true)
        await server.stop()
    }

    @Test func aDigestHoldsWhatFits() {
        let (text, count) = MessageLength.digest(["aaaa", "bbbb", "cccc"], bytes: 16)
        #expect(text == "1. aaaa\n2. bbbb")
        #expect(count == 2)
        #expect(MessageLength.digest(["aaaaaaaaaaaa", "b"], bytes: 10).count == 1)
    }

    // MARK: Mail

    private static func post(_ port: Int) -> String {
        "  post: { kind: smtp, host: 127.0.0.1, port: \(port), security: none, from: crm@example.com, allow_private: yes, limits: { timeout: 10s } }\n"
    }

    @Test func aMailArrives() async throws {
        let server = try await FakeMailServer()
        let desk = try Desk(Self.post(server.port))
        let text = "张老师，您好：\n.开头的点\n" + String(repeating: "很长的一行", count: 50)
        let payload: JSONValue = ["to": ["li@example.com", "wang@example.com"], "subject": "新线索：张老师\r\nBcc: x@example.com", "text": .string(text)]
        #expect(await desk.send("post", nil, payload, key: "desk:5:1") == .ok(receipt: nil))
        let mail = try #require(server.mails.first)
        #expect(mail.sender == "crm@example.com")
        #expect(mail.receivers == ["li@example.com", "wang@example.com"])
        let parts = mail.text.split(separator: "\n\n", maxSplits: 1).map(String.init)
        let body = try #require(Data(base64Encoded: parts[1], options: .ignoreUnknownCharacters))
        #expect(String(decoding: body, as: UTF8.self) == text)
        #expect(parts[0].contains("Message-ID: <desk=3A5=3A1@example.com>"))
        #expect(parts[0].contains("Date: Mon, 05 Jan 2026 08:00:00 +0000"))
        #expect(!parts[0].contains("Bcc"), "a subject is one line")
        #expect(parts[0].contains("Subject: =?UTF-8?B?"))
        #expect(parts[0].split(separator: "\n").allSatisfy { $0.utf8.count <= 78 })
        await server.stop()
    }

    @Test func refusalsOfMail() async throws {
        let server = try await FakeMailServer(refusing: ["gone@example.com": "550 nobody", "full@example.com": "452 full"])
        let desk = try Desk(Self.post(server.port))
        #expect(await desk.send("post", nil, ["to": "gone@example.com", "text": "x"]).kind == "rejected")
        #expect(await desk.send("post", nil, ["to": "full@example.com", "text": "x"]).kind == "failed")
        #expect(await desk.send("post", nil, ["to": "no address", "text": "x"]).trouble == .badPayload)
        #expect(await desk.send("post", nil, ["to": "a@example.com\r\nDATA", "text": "x"]).trouble == .badPayload)
        #expect(await desk.send("post", nil, ["text": "x"]).trouble == .badPayload)
        #expect(server.mails.isEmpty)
        await server.stop()
        let busy = try await FakeMailServer(afterData: "451 later")
        #expect(try await Desk(Self.post(busy.port)).send("post", nil, ["to": "a@example.com", "text": "x"]).kind == "failed")
        await busy.stop()
    }

    @Test func nobodyTakesTheMail() async throws {
        let server = try await FakeMailServer()
        await server.stop()
        #expect(try await Desk(Self.post(server.port)).send("post", nil, ["to": "a@example.com", "text": "x"]).kind == "failed")
    }
}
