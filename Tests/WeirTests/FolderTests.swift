import Foundation
import JSON
import Testing

/// `plan`, `backup`, `restore` and `doctor` on a real data folder, with and without a server on it.
@Suite(.serialized) struct FolderTests {
    private static let app = """
        app: { name: desk, timezone: Asia/Shanghai }
        roles:
          sales: { label: { zh: 销售, en: Sales } }
        objects:
          account:
            label: { zh: 客户, en: Account }
            shows: "{name}"
            fields:
              name:  { type: text, label: { zh: 名称, en: Name }, required: yes }
              total: { label: { zh: 合计, en: Total }, formula: sum(deals.amount) }
          deal:
            label: { zh: 商机, en: Deal }
            fields:
              name:    { type: text, label: { zh: 名称, en: Name }, required: yes }
              account: { type: link, to: account, as: deals, label: { zh: 客户, en: Account } }
              amount:  { type: money, label: { zh: 金额, en: Amount } }
              twice:   { label: { zh: 两倍, en: Twice }, formula: amount * 2 }

        """

    private static let accounts = "name\n华东医疗\n启明智学\n"
    private static let deals = "name,account,amount\n扩容,华东医疗,100.50\n续约,启明智学,20\n培训,启明智学,\n"

    private func folder() throws -> URL {
        let folder = try WeirProcess.folder(["app/app.yaml": Self.app, "account.csv": Self.accounts, "deal.csv": Self.deals])
        for object in ["account", "deal"] {
            let result = try WeirProcess.run(["import", "app", object, "\(object).csv", "--data", "data"], in: folder)
            #expect(result.exitCode == 0, "\(result.error)\(result.out)")
        }
        return folder
    }

    private func write(_ text: String, _ folder: URL) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent("app/app.yaml"))
    }

    // MARK: Plans

    @Test func aPlanSaysWhatChangesForHowManyRecordsAndChangesNothing() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let same = try WeirProcess.run(["plan", "app", "--data", "data"], in: folder)
        #expect(same.exitCode == 0 && same.out.contains("nothing changes"), "\(same.out)")
        try write(
            Self.app.replacing("amount * 2", with: "\"if(amount > 50, amount * 2, amount * 3)\"")
                + "      half: { label: { zh: 一半, en: Half }, formula: amount / 2 }\n    rules:\n      has_amount: { must: amount is not blank, say: { zh: 请填金额, en: tell the amount } }\n",
            folder)
        let result = try WeirProcess.run(["plan", "app", "--data", "data", "--format", "json"], in: folder)
        #expect(result.exitCode == 0, "\(result.error)")
        let plan = try JSONValue.parse(result.out)
        let steps = plan["steps"]?.asArray ?? []
        let added = try #require(steps.first { $0["change"] == "add_field" })
        #expect(added["class"] == "safe" && added["field"] == "half" && added["rows"] == 3)
        let changed = try #require(steps.first { $0["change"] == "compute" && $0["field"] == "twice" })
        // 100.50 is doubled as before, 20 is tripled now, the blank stays.
        #expect(changed["class"] == "backfill" && changed["rows"] == 3 && changed["changed_values"] == 1, "\(result.out)")
        let breach = try #require(plan["breaches"]?.asArray?.first)
        #expect(breach["rule"] == "has_amount" && breach["rows"] == 1 && breach["examples"]?.asArray?.count == 1, "\(result.out)")
        let chinese = try WeirProcess.run(["plan", "app", "--data", "data", "--lang", "zh"], in: folder)
        #expect(chinese.out.contains("补算") && chinese.out.contains("请填金额") && chinese.out.contains("其中 1 条的值会变"), "\(chinese.out)")
        // Nothing has been done: the next plan says the same.
        #expect(try WeirProcess.run(["plan", "app", "--data", "data", "--format", "json"], in: folder).out == result.out)
    }

    @Test func aPlanThatTheRecordsForbidIsRefused() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(Self.app.replacing("type: link, to: account, as: deals,", with: "type: link, to: account, as: deals, unique: yes,"), folder)
        let result = try WeirProcess.run(["plan", "app", "--data", "data"], in: folder)
        #expect(result.exitCode == 1 && result.out.contains("refused") && result.out.contains("more than once"), "\(result.out)\(result.error)")
        try write(Self.app.replacing("amount:  { type: money", with: "amount:  { type: text").replacing("formula: amount * 2", with: "formula: 1").replacing("sum(deals.amount)", with: "count(deals)"), folder)
        let type = try WeirProcess.run(["plan", "app", "--data", "data", "--format", "json"], in: folder)
        #expect(type.exitCode == 1, "\(type.out)")
        #expect(try JSONValue.parse(type.out)["steps"]?.asArray?.contains { $0["class"] == "refused" && $0["field"] == "amount" } == true)
    }

    @Test func removingAFieldIsCalledDestructive() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(Self.app.replacing("      twice:   { label: { zh: 两倍, en: Twice }, formula: amount * 2 }\n", with: ""), folder)
        let result = try WeirProcess.run(["plan", "app", "--data", "data"], in: folder)
        #expect(result.exitCode == 0 && result.out.contains("destructive") && result.out.contains("3 records"), "\(result.out)")
    }

    @Test func aPlanForAFolderThatIsNotThereIsThatOfAFirstStart() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try WeirProcess.run(["plan", "app", "--data", "none"], in: folder)
        #expect(result.exitCode == 0 && result.out.contains("new object `deal`"), "\(result.out)")
        #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("none").path))
    }

    // MARK: Copies

    @Test func aBackupMadeBesideAServerIsPutBackWhole() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let app = folder.appendingPathComponent("app").path, data = folder.appendingPathComponent("data").path
        let server = try RunningServer([app, "--data", data, "--demo"])
        defer { server.kill() }
        try await server.signInByFirstLink()
        let file = try await server.send("PUT", "/api/v1/files?name=a.pdf&about=deal/1", body: Data("%PDF-1.4 纪要".utf8))
        #expect(file.status == 201, "\(file.text)")
        let backup = try WeirProcess.run(["backup", "--data", "data", "--to", "saved"], in: folder)
        #expect(backup.exitCode == 0 && backup.out.contains("1 files"), "\(backup.out)\(backup.error)")
        // A server that uses the folder stands in the way of putting it back.
        let busy = try WeirProcess.run(["restore", "saved", "--data", "data"], in: folder)
        #expect(busy.exitCode == 3, "\(busy.error)")
        let later = try await server.send("POST", "/api/v1/records/deal", json: .object([.init("fields", .object([.init("name", "后来")]))]))
        #expect(later.status == 201)
        server.stop()

        let restored = try WeirProcess.run(["restore", "saved", "--data", "data", "--format", "json"], in: folder)
        #expect(restored.exitCode == 0, "\(restored.error)")
        let aside = try #require(try JSONValue.parse(restored.out)["moved_aside"]?.asString)
        let standing = try WeirProcess.run(["query", "app", "deal", "--data", "data", "--format", "json"], in: folder)
        #expect(try JSONValue.parse(standing.out)["total"] == 3, "\(standing.out)\(standing.error)")
        let old = try WeirProcess.run(["query", "app", "deal", "--data", aside, "--format", "json"], in: folder)
        #expect(try JSONValue.parse(old.out)["total"] == 4, "\(old.out)\(old.error)")
        let again = try RunningServer([app, "--data", data, "--demo"])
        defer { again.kill() }
        try await again.signInByFirstLink()
        let id = try #require(file.json["id"]?.asString?.split(separator: "/").last)
        #expect(try await again.send("GET", "/api/v1/files/\(id)").body == Data("%PDF-1.4 纪要".utf8))
    }

    @Test func aDamagedBackupIsRefusedAndNothingIsTouched() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try WeirProcess.run(["backup", "--data", "data", "--to", "saved"], in: folder).exitCode == 0)
        #expect(try WeirProcess.run(["backup", "--data", "data", "--to", "saved"], in: folder).exitCode == 3, "a backup is never written over")
        let database = folder.appendingPathComponent("saved/app.sqlite")
        var bytes = try Data(contentsOf: database)
        bytes[bytes.count / 2] ^= 0xFF
        try bytes.write(to: database)
        let refused = try WeirProcess.run(["restore", "saved", "--data", "data"], in: folder)
        #expect(refused.exitCode == 3 && refused.error.contains("damaged"), "\(refused.error)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["account.csv", "app", "data", "deal.csv", "saved"], "\(names)")
        #expect(try JSONValue.parse(WeirProcess.run(["query", "app", "deal", "--data", "data", "--format", "json"], in: folder).out)["total"] == 3)
    }

    @Test func aBackupOfAnotherAppIsRefused() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let other = try WeirProcess.folder(["app/app.yaml": "app: { name: other }\n", "user.csv": "login,name,role\nx,x,\n"])
        defer { try? FileManager.default.removeItem(at: other) }
        _ = try WeirProcess.run(["import", "app", "user", "user.csv", "--data", "data"], in: other)
        #expect(try WeirProcess.run(["backup", "--data", "data", "--to", "saved"], in: other).exitCode == 0)
        let refused = try WeirProcess.run(["restore", other.appendingPathComponent("saved").path, "--data", "data"], in: folder)
        #expect(refused.exitCode == 3 && refused.error.contains("`other`"), "\(refused.error)")
    }

    // MARK: The check-up

    @Test func aSoundFolderHasNoTrouble() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try WeirProcess.run(["doctor", "app", "--data", "data", "--full", "--format", "json"], in: folder)
        #expect(result.exitCode == 0, "\(result.out)\(result.error)")
        let document = try JSONValue.parse(result.out)
        let codes = document["checks"]?.asArray?.compactMap { $0["code"]?.asString } ?? []
        #expect(
            codes == ["integrity", "tables", "links", "history", "audit", "versions", "files", "accounts", "sessions", "wal", "disk", "schema", "formulas"])
        #expect(document["ok"] == .bool(true))
        let withoutApp = try WeirProcess.run(["doctor", "--data", "data", "--lang", "zh"], in: folder)
        #expect(withoutApp.exitCode == 0 && withoutApp.out.contains("需要应用定义"), "\(withoutApp.out)")
        #expect(try WeirProcess.run(["doctor"], in: folder).exitCode == 2)
        #expect(try WeirProcess.run(["doctor", "--data", "none"], in: folder).exitCode == 3)
    }

    /// What another program may do to the file, and the check that notices.
    @Test(arguments: [
        ("UPDATE deal_D SET twice_F = 1 WHERE id = 1", "formulas"),
        ("UPDATE deal_D SET account_F = 99 WHERE id = 1", "links"),
        ("DELETE FROM weir_history WHERE sequence = 2", "history"),
        ("DELETE FROM weir_audit WHERE sequence = 1", "audit"),
        ("UPDATE weir_history SET version = 9 WHERE sequence = 3", "versions"),
        ("INSERT INTO weir_file VALUES (1, '\(String(repeating: "a", count: 64))', 5)", "files"),
    ]) func whatAnotherProgramDidIsFound(sql: String, code: String) throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try Self.tamper(folder.appendingPathComponent("data/app.sqlite").path, sql)
        let result = try WeirProcess.run(["doctor", "app", "--data", "data", "--format", "json"], in: folder)
        #expect(result.exitCode == 1, "\(result.out)")
        let checks = try JSONValue.parse(result.out)["checks"]?.asArray ?? []
        let troubled = checks.filter { $0["findings"]?.asArray?.contains { $0["severity"] == "trouble" } == true }.compactMap { $0["code"]?.asString }
        #expect(troubled.contains(code), "\(result.out)")
        #expect(checks.flatMap { $0["findings"]?.asArray ?? [] }.allSatisfy { $0["fix"]?.asString?.isEmpty == false })
    }

    /// Through Python's sqlite3, as another program would; `deal_D` and `twice_F` stand for the physical names of `deal` and its fields.
    private static func tamper(_ path: String, _ sql: String) throws {
        func run(_ text: String) throws -> String {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["python3", "-c", "import sqlite3,sys\nc=sqlite3.connect(sys.argv[1])\nfor r in c.execute(sys.argv[2]): print(*r)\nc.commit()", path, text]
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            let out = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw RunningServer.Trouble("python3 with sqlite3 is needed for this test: \(text)") }
            return out.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        var text = sql
        if sql.contains("deal_D") { text = text.replacing("deal_D", with: try run("SELECT physical FROM weir_object WHERE name = 'deal'")) }
        for field in ["twice", "account"] where sql.contains("\(field)_F") {
            text = text.replacing(
                "\(field)_F",
                with: try run(
                    "SELECT f.physical FROM weir_field f JOIN weir_object o ON o.number = f.object WHERE o.name = 'deal' AND f.name = '\(field)'"))
        }
        _ = try run(text)
    }
}
