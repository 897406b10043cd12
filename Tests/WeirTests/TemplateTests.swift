import Foundation
import JSON
import Testing

/// Apps made from the templates of the source tree.
@Suite struct TemplateTests {
    @Test func anAppFromATemplatePassesCheckAndTestAndLoadsItsDemo() async throws {
        let folder = try WeirProcess.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let made = try WeirProcess.run(["new", "我的拜访", "--from", "customer-visits"], in: folder)
        #expect(made.exitCode == 0, "\(made.error)")
        let check = try WeirProcess.run(["check", "我的拜访"], in: folder)
        #expect(check.exitCode == 0 && check.out.contains("no problems"), "\(check.out)")
        let test = try WeirProcess.run(["test", "我的拜访"], in: folder)
        #expect(test.exitCode == 0, "\(test.out)")
        #expect(try String(contentsOf: folder.appendingPathComponent("我的拜访/app.yaml"), encoding: .utf8).contains("name: 我的拜访"))
        let app = folder.appendingPathComponent("我的拜访").path
        let server = try RunningServer([app, "--data", folder.appendingPathComponent("data").path, "--demo"])
        defer { server.kill() }
        try await server.signInByFirstLink()
        let list = try await server.send("GET", "/api/v1/records/visit?limit=50")
        #expect(list.json["total"] == 6, "\(list.text)")
        let unfinished = try await server.send("GET", "/api/v1/records/visit?where=customer%20is%20blank")
        #expect(unfinished.json["total"] == 0, "\(unfinished.text)")
    }

    @Test func anUnknownTemplateListsThoseThatExist() throws {
        let folder = try WeirProcess.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try WeirProcess.run(["new", "x", "--from", "nonsense"], in: folder)
        #expect(result.exitCode == 2 && result.error.contains("customer-visits"), "\(result.error)")
        #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("x").path))
    }

    @Test func templatesOfOnesOwnAreFound() throws {
        let folder = try WeirProcess.folder([
            "mine/tiny/app.yaml": "app:\n  name: tiny\n  label: { zh: 小, en: Tiny }\nobjects:\n  thing: { label: { zh: 物, en: Thing }, fields: { name: { type: text, label: { zh: 名, en: Name } } } }\n",
            "mine/inline/app.yaml": "app: { name: inline }\n",
        ])
        defer { try? FileManager.default.removeItem(at: folder) }
        let environment = ["WEIR_TEMPLATES": folder.appendingPathComponent("mine").path]
        #expect(try WeirProcess.run(["new", "made", "--from", "tiny"], environment: environment, in: folder).exitCode == 0)
        #expect(try WeirProcess.run(["check", "made"], in: folder).exitCode == 0)
        // One whose name cannot be replaced leaves nothing half-made.
        let refused = try WeirProcess.run(["new", "other", "--from", "inline"], environment: environment, in: folder)
        #expect(refused.exitCode == 1 && refused.error.contains("line of its own"), "\(refused.error)")
        #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("other").path))
    }
}
