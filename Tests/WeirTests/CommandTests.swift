import Foundation
import JSON
import Testing

/// The words, exit codes and shapes of the command line's contract.
@Suite struct CommandTests {
    private static let customer = """
        app: { name: desk, timezone: Asia/Shanghai }
        roles:
          sales: { label: { zh: 销售, en: Sales } }
        objects:
          customer:
            label: { zh: 客户, en: Customer }
            fields:
              name:   { type: text, label: { zh: 名称, en: Name }, required: yes, unique: yes }
              amount: { type: money, label: { zh: 金额, en: Amount } }
              double: { formula: amount * 2 }

        """

    @Test func versionNamesProductLanguageAndStores() throws {
        let result = try WeirProcess.run(["version", "--format", "json"])
        let document = try JSONValue.parse(result.out)
        #expect(result.exitCode == 0)
        #expect(document["product"]?.asString != nil && document["language"]?.asInt == 1)
        #expect(document["stores"]?.asArray == [.string("sqlite")])
    }

    @Test(arguments: [
        "new", "check", "test", "serve", "eval", "query", "why", "import", "export", "plan", "backup", "restore", "doctor", "user", "key",
        "schema", "completions", "version",
    ])
    func everyCommandHasHelpWithAnExample(command: String) throws {
        let result = try WeirProcess.run([command, "--help"])
        #expect(result.exitCode == 0)
        #expect(result.out.contains("weir \(command)"), "\(result.out)")
    }

    @Test(arguments: [
        ["publish", "x"], ["publish", "--help"], ["sandbox", "create"], ["help", "sandbox"], ["lsp"],
        ["serve", "apps/crm", "--database", "postgres://x"],
    ]) func whatComesLaterEndsWithTwoAndALineThatNamesIt(arguments: [String]) throws {
        let result = try WeirProcess.run(arguments)
        #expect(result.exitCode == 2)
        #expect(result.error.contains("later version"), "\(result.error)")
    }

    @Test(arguments: [["nonsense"], ["check"], ["eval"], ["serve", "apps/crm", "--port", "70000"], ["check", "apps/crm", "--frobnicate"]])
    func wrongUsageEndsWithTwo(arguments: [String]) throws {
        #expect(try WeirProcess.run(arguments).exitCode == 2)
    }

    @Test func aMissingFolderIsTheWorldsTrouble() throws {
        #expect(try WeirProcess.run(["check", "no/such/folder"]).exitCode == 3)
    }

    @Test func theCRMPassesCheckAndTest() throws {
        let check = try WeirProcess.run(["check", "apps/crm"])
        #expect(check.exitCode == 0, "\(check.out)")
        let test = try WeirProcess.run(["test", "apps/crm"])
        #expect(test.exitCode == 0, "\(test.out)")
        #expect(test.out.split(separator: "\n").last?.contains("passed, 0 failed") == true)
    }

    @Test func aNewAppPassesCheckAndTestAsItStands() throws {
        let folder = try WeirProcess.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try WeirProcess.run(["new", "客户台账"], in: folder).exitCode == 0)
        let check = try WeirProcess.run(["check", "客户台账"], in: folder)
        #expect(check.exitCode == 0, "\(check.out)")
        let test = try WeirProcess.run(["test", "客户台账"], in: folder)
        #expect(test.exitCode == 0, "\(test.out)")
        #expect(try WeirProcess.run(["new", "客户台账"], in: folder).exitCode == 2)
    }

    @Test func aNewAppSpeaksItsAuthorsLanguage() throws {
        let folder = try WeirProcess.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try WeirProcess.run(["new", "Desk", "--lang", "en"], in: folder).exitCode == 0)
        #expect(try WeirProcess.run(["test", "Desk"], in: folder).out.contains("nobody becomes active without a phone"))
        #expect(try WeirProcess.run(["new", ""], in: folder).error.contains("called"))
    }

    @Test func aMisspeltFieldIsAnsweredInChineseWithLineAndColumn() throws {
        let folder = try WeirProcess.folder(["app.yaml": Self.customer.replacingOccurrences(of: "amount * 2", with: "amuont * 2")])
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try WeirProcess.run(["check", folder.path, "--lang", "zh"])
        #expect(result.exitCode == 1)
        #expect(result.out.contains("app.yaml:10:26"), "\(result.out)")
        #expect(result.out.contains("amuont") && result.out.contains("amount") && result.out.contains("提示"), "\(result.out)")
        let json = try JSONValue.parse(WeirProcess.run(["check", folder.path, "--format", "json"]).out)
        #expect(json["ok"] == .bool(false))
        #expect(json["diagnostics"]?.asArray?.first?["line"]?.asInt == 10)
    }

    // MARK: eval

    @Test func evalPrintsTheValue() throws {
        #expect(try WeirProcess.run(["eval", "0.1 + 0.2"]).out == "0.3\n")
        #expect(try WeirProcess.run(["eval", "客户续费率*0.4 + 近3月互动次数*0.3", "--with", "{\"客户续费率\":0.9,\"近3月互动次数\":7}"]).out == "2.46\n")
        #expect(try WeirProcess.run(["eval", "1 +"]).exitCode == 1)
    }

    @Test func evalReadsABatch() throws {
        let lines = """
            {"id":1,"expr":"sum(xs)","inputs":{"xs":[1,2,null]}}
            {"id":2,"expr":"1 / 0"}
            {"id":3,"expr":"when + 1","inputs":{"when":"2026-02-28"},"types":{"when":"date"}}
            {"id":4,"expr":"nosuch(1)"}
            not json
            """
        let result = try WeirProcess.run(["eval", "--batch", "-"], input: Data(lines.utf8))
        let answers = try result.out.split(separator: "\n").map { try JSONValue.parse(String($0)) }
        #expect(result.exitCode == 0 && answers.count == 5)
        #expect(answers[0] == .object([.init("id", 1), .init("value", 3), .init("type", "number")]))
        #expect(answers[1]["error"]?["code"] == "DIV0")
        #expect(answers[2]["value"] == "2026-03-01" && answers[2]["type"] == "date")
        #expect(answers[3]["error"]?["code"] == "unknown-function")
        #expect(answers[4]["error"]?["code"] == "bad_json")
    }

    // MARK: data

    @Test func importTakesGB18030AndReportsRowByRowAndQueryReadsItBack() throws {
        let folder = try WeirProcess.folder(["app.yaml": Self.customer])
        defer { try? FileManager.default.removeItem(at: folder) }
        // 名称,金额 / 华东医疗,1200.50 / (blank),3 / 启明智学,abc — in GB18030.
        let gb: [UInt8] = [
            0xC3, 0xFB, 0xB3, 0xC6, 0x2C, 0xBD, 0xF0, 0xB6, 0xEE, 0x0A,
            0xBB, 0xAA, 0xB6, 0xAB, 0xD2, 0xBD, 0xC1, 0xC6, 0x2C, 0x31, 0x32, 0x30, 0x30, 0x2E, 0x35, 0x30, 0x0A,
            0x2C, 0x33, 0x0A,
            0xC6, 0xF4, 0xC3, 0xF7, 0xD6, 0xC7, 0xD1, 0xA7, 0x2C, 0x61, 0x62, 0x63, 0x0A,
        ]
        let csv = folder.appendingPathComponent("名单.csv")
        try Data(gb).write(to: csv)
        let data = folder.appendingPathComponent("data-folder").path
        let dry = try WeirProcess.run(["import", folder.path, "customer", csv.path, "--data", data, "--dry-run", "--lang", "zh"])
        #expect(dry.exitCode == 1 && dry.out.contains("1 行可导入，2 行有问题"), "\(dry.out)\(dry.error)")
        let real = try WeirProcess.run(["import", folder.path, "customer", csv.path, "--data", data, "--format", "json"])
        let report = try JSONValue.parse(real.out)
        #expect(real.exitCode == 1 && report["encoding"] == "GB18030" && report["created"] == 1 && report["refused"] == 2, "\(real.error)")
        #expect(FileManager.default.fileExists(atPath: csv.path + ".rejects.csv"))
        let query = try WeirProcess.run(["query", folder.path, "customer where amount > 1000 order by amount desc", "--data", data, "--format", "json"])
        let list = try JSONValue.parse(query.out)
        #expect(query.exitCode == 0 && list["total"] == 1, "\(query.error)")
        let fields = list["records"]?.asArray?.first?["fields"]
        #expect(fields?["name"] == "华东医疗")
        #expect(fields?["amount"] == .number("1200.5") && fields?["double"] == .number("2401"))
        let export = try WeirProcess.run(["export", folder.path, "customer", "--data", data])
        #expect(export.bytes.starts(with: [0xEF, 0xBB, 0xBF]) && export.out.contains("华东医疗"))
        #expect(try WeirProcess.run(["query", folder.path, "customer where amuont > 1", "--data", data]).exitCode == 1)
    }

    @Test func peopleAndKeys() throws {
        let folder = try WeirProcess.folder(["app.yaml": Self.customer])
        defer { try? FileManager.default.removeItem(at: folder) }
        let data = folder.appendingPathComponent("data-folder").path
        let add = try WeirProcess.run(["user", "add", folder.path, "zhang", "--name", "张伟", "--role", "sales", "--data", data])
        #expect(add.exitCode == 0, "\(add.error)")
        #expect(try WeirProcess.run(["user", "add", folder.path, "zhang", "--name", "张三", "--role", "sales", "--data", data]).exitCode == 1)
        #expect(try WeirProcess.run(["user", "add", folder.path, "li", "--name", "李雷", "--role", "boss", "--data", data]).exitCode == 2)
        let list = try WeirProcess.run(["user", "list", folder.path, "--data", data])
        #expect(list.out.contains("张伟"), "\(list.error)")
        let key = try JSONValue.parse(WeirProcess.run(["key", "create", folder.path, "--user", "zhang", "--name", "ERP", "--data", data]).out)
        #expect(key["key"]?.asString?.hasPrefix("weir_") == true)
        #expect(try WeirProcess.run(["key", "revoke", folder.path, "--name", "ERP", "--data", data]).exitCode == 0)
        #expect(try WeirProcess.run(["key", "revoke", folder.path, "--name", "ERP", "--data", data]).exitCode == 1)
        #expect(try WeirProcess.run(["user", "reset", folder.path, "zhang", "--data", data]).exitCode == 0)
    }
}
