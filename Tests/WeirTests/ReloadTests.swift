import Foundation
import JSON
import Testing

/// What a running server does when its app's files are saved. Waits are for what the server says, never for a time.
@Suite(.serialized) struct ReloadTests {
    private static let app = """
        app: { name: desk, timezone: Asia/Shanghai }
        roles:
          sales:   { label: { zh: 销售, en: Sales } }
          manager: { label: { zh: 主管, en: Manager }, includes: sales }
        objects:
          deal:
            label: { zh: 商机, en: Deal }
            fields:
              name:   { type: text, label: { zh: 名称, en: Name }, required: yes }
              amount: { type: money, label: { zh: 金额, en: Amount } }

        """
    private static let extended = app + "      twice:  { label: { zh: 两倍, en: Twice }, formula: amount * 2 }\n"

    @Test func anAdditiveChangeRunsWithoutARestart() async throws {
        try await withServer { server, file in
            try await server.signInByFirstLink()
            let created = try await server.send(
                "POST", "/api/v1/records/deal", json: .object([.init("fields", .object([.init("name", "扩容"), .init("amount", 21)]))]))
            #expect(created.status == 201 && created.json["fields"]?["twice"] == nil)
            try Self.save(Self.extended, file)
            try server.waitForError("reloaded in")
            // The record that stood has the new value, a new one gets it, and the session goes on.
            let old = try await server.send("GET", "/api/v1/records/deal/1")
            #expect(old.json["fields"]?["twice"] == 42, "\(old.text)")
            let new = try await server.send(
                "POST", "/api/v1/records/deal", json: .object([.init("fields", .object([.init("name", "新"), .init("amount", 3)]))]))
            #expect(new.json["fields"]?["twice"] == 6, "\(new.text)")
            // An object before the others moves every position.
            try Self.save(
                Self.extended.replacing("objects:\n", with: "objects:\n  account:\n    label: { zh: 客户, en: Account }\n    fields:\n      name: { type: text, label: { zh: 名称, en: Name } }\n"), file)
            try server.waitForError("new object `account`")
            let account = try await server.send("POST", "/api/v1/records/account", json: .object([.init("fields", .object([.init("name", "华东")]))]))
            #expect(account.status == 201 && account.json["id"] == "account/1", "\(account.text)")
            let deal = try await server.send("PATCH", "/api/v1/records/deal/2", headers: ["If-Match": "\"1\""], json: .object([.init("fields", .object([.init("amount", 4)]))]))
            #expect(deal.json["fields"]?["twice"] == 8, "\(deal.text)")
            try await server.signInByFirstLink()
        }
    }

    @Test func runsFinishOnTheVersionTheyBeganWith() async throws {
        func acting(_ note: String) -> String {
            Self.app + "      note:   { type: text, label: { zh: 备注, en: Note } }\nautomations:\n  follow:\n    when: deal is created\n    do: [ { wait for: amount = 1 }, { set: { note: \(note) } } ]\n"
        }
        try await withServer { server, file in
            let folder = file.deletingLastPathComponent().deletingLastPathComponent()
            try Self.save(acting("old"), file)
            try server.waitForError("new field `deal.note`")
            try await server.signInByLink(1)
            _ = try await server.send("POST", "/api/v1/records/deal", json: .object([.init("fields", .object([.init("name", "一")]))]))
            // It has begun to wait.
            try await Self.wait(for: "waiting", server)
            try Data(acting("new").replacing("[ {", with: "[ { set: { note: begun } }, {").utf8).write(to: folder.appendingPathComponent("next.yaml"))
            try FileManager.default.createDirectory(at: folder.appendingPathComponent("next"), withIntermediateDirectories: true)
            try FileManager.default.moveItem(at: folder.appendingPathComponent("next.yaml"), to: folder.appendingPathComponent("next/app.yaml"))
            let words = "1 run of `follow` is on its way; it finishes on the version it began with"
            let plan = try WeirProcess.run(["plan", "next", "--data", "data"], in: folder)
            #expect(plan.exitCode == 0 && plan.out.contains(words), "\(plan.out)\(plan.error)")
            try Self.save(acting("new").replacing("[ {", with: "[ { set: { note: begun } }, {"), file)
            try server.waitForError(words)
            let run = try await server.send("GET", "/api/v1/runs/1")
            #expect(run.json["version"]?["present"] == false && run.json["version"]?["hash"]?.asString?.count == 7, "\(run.text)")
            #expect(run.json["steps"]?.asArray?.count == 2, "\(run.text)")
            let page = try await server.send("GET", "/runs/1", headers: ["Accept": "text/html", "Accept-Language": "en"])
            #expect(page.text.contains("not the present one"), "\(page.text)")
            let why = try WeirProcess.run(["why", "app", "run/1", "--data", "data"], in: folder)
            #expect(why.out.contains("not the present one"), "\(why.out)\(why.error)")
            let edited = try await server.send("PATCH", "/api/v1/records/deal/1", headers: ["If-Match": "\"1\""], json: .object([.init("fields", .object([.init("amount", 1)]))]))
            #expect(edited.status == 200, "\(edited.text)")
            try await Self.wait(for: "done", server)
            let deal = try await server.send("GET", "/api/v1/records/deal/1")
            #expect(deal.json["fields"]?["note"] == "old", "\(deal.text)")
        }
    }

    @Test func aMistakeIsShownAndTheLastGoodVersionRunsOn() async throws {
        try await withServer { server, file in
            try Self.save(Self.extended.replacing("amount * 2", with: "amuont * 2"), file)
            try server.waitForError("the last good version runs on")
            #expect(server.errors.contains("unknown-field") || server.errors.contains("amuont"), "\(server.errors)")
            // The first link is that of the lower role, who cannot mend it; the second that of the manager.
            try await server.signInByLink(0)
            let page = try await server.send("GET", "/records/deal", headers: ["Accept": "text/html", "Accept-Language": "en"])
            #expect(page.status == 200 && !page.text.contains("amuont"), "\(page.text)")
            try await server.signInByLink(1)
            let shown = try await server.send("GET", "/records/deal", headers: ["Accept": "text/html", "Accept-Language": "en"])
            #expect(shown.text.contains("amuont") && shown.text.contains("app.yaml:11:") && shown.text.contains("runs on"), "\(shown.text)")
            let chinese = try await server.send("GET", "/records/deal", headers: ["Accept": "text/html", "Accept-Language": "zh"])
            #expect(chinese.text.contains("仍在运行上一个版本"))
            try Self.save(Self.extended, file)
            try server.waitForError("reloaded in")
            let mended = try await server.send("GET", "/records/deal", headers: ["Accept": "text/html"])
            #expect(!mended.text.contains("runs on") && !mended.text.contains("amuont"))
        }
    }

    @Test func aChangeThatPutsDataOutOfSightIsToldAndNotTakenOver() async throws {
        try await withServer { server, file in
            try await server.signInByLink(1)
            try Self.save(Self.app.replacing("      amount: { type: money, label: { zh: 金额, en: Amount } }\n", with: ""), file)
            try server.waitForError("was not taken over")
            let record = try await server.send(
                "POST", "/api/v1/records/deal", json: .object([.init("fields", .object([.init("name", "扩容"), .init("amount", 21)]))]))
            #expect(record.status == 201 && record.json["fields"]?["amount"] == 21, "\(record.text)")
            let page = try await server.send("GET", "/records/deal", headers: ["Accept": "text/html", "Accept-Language": "en"])
            #expect(page.text.contains("is retired"), "\(page.text)")
            // Going back to what runs clears it.
            try Self.save(Self.app, file)
            try server.waitForError("back to the version that runs")
            #expect(try await !server.send("GET", "/records/deal", headers: ["Accept": "text/html", "Accept-Language": "en"]).text.contains("is retired"))
        }
    }

    @Test func writesThatComeWhileVersionsChangeAreWholeOrRefused() async throws {
        try await withServer { server, file in
            try await server.signInByFirstLink()
            var texts: [String] = []
            for number in 0..<6 {
                let fields = (0...number).map { "      extra\($0): { label: { zh: 加\($0), en: Extra \($0) }, formula: amount + \($0) }\n" }.joined()
                texts.append(Self.app + fields)
            }
            let saving = Task {
                for text in texts {
                    try Self.save(text, file)
                    let number = texts.firstIndex(of: text) ?? 0
                    try server.waitForError("`extra\(number)` is computed")
                }
            }
            var made = 0
            for number in 0..<60 {
                let answer = try await server.send(
                    "POST", "/api/v1/records/deal",
                    json: .object([.init("fields", .object([.init("name", .string("单\(number)")), .init("amount", .number("\(number)"))]))]))
                #expect(answer.status == 201 || answer.json["code"] == "definition_changed", "\(answer.text)")
                if answer.status == 201 { made += 1 }
            }
            try await saving.value
            let list = try await server.send("GET", "/api/v1/records/deal?limit=200")
            let records = list.json["records"]?.asArray ?? []
            #expect(records.count == made)
            for record in records {
                let amount = try #require(record["fields"]?["amount"]?.asDigits.flatMap { Double($0) })
                for number in 0..<6 {
                    let extra = record["fields"]?["extra\(number)"]?.asDigits.flatMap { Double($0) }
                    #expect(extra == amount + Double(number), "\(record.text())")
                }
            }
        }
    }

    @Test func aTakenPortIsToldInWordsAndLeavesNoFolder() async throws {
        try await withServer { server, file in
            let port = try #require(server.address.split(separator: ":").last.map(String.init))
            let data = file.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("other")
            for (language, words) in [("zh", "已被另一个程序占用"), ("en", "another program uses port \(port)")] {
                let result = try WeirProcess.run(
                    ["serve", file.deletingLastPathComponent().path, "--data", data.path, "--port", port, "--lang", language])
                #expect(result.exitCode == 3 && result.error.contains(words), "\(result.error)")
            }
            #expect(!FileManager.default.fileExists(atPath: data.path))
        }
    }

    /// Until the first run is in that state.
    private static func wait(for state: String, _ server: RunningServer) async throws {
        var last = ""
        for _ in 0..<5_000 {
            let run = try await server.send("GET", "/api/v1/runs/1")
            if run.json["state"]?.asString == state { return }
            last = run.text
        }
        Issue.record("it is not \(state): \(last)")
    }

    /// As editors do: beside, then renamed into place.
    private static func save(_ text: String, _ file: URL) throws {
        try Data(text.utf8).write(to: file, options: .atomic)
    }

    private func withServer(_ work: (RunningServer, URL) async throws -> Void) async throws {
        let folder = try WeirProcess.folder(["app/app.yaml": Self.app])
        defer { try? FileManager.default.removeItem(at: folder) }
        let app = folder.appendingPathComponent("app")
        let server = try RunningServer([app.path, "--data", folder.appendingPathComponent("data").path, "--demo"], listensToErrors: true)
        defer { server.kill() }
        try await work(server, app.appendingPathComponent("app.yaml"))
    }
}
