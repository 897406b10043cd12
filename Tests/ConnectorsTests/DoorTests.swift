import Connectors
import Engine
import Foundation
import JSON
import Model
import SourceText
import Testing

/// What must not be called, and secrets.
@Suite struct DoorTests {
    private static func hook(_ url: String, _ more: String = "") -> String { "  a: { kind: webhook, url: \"\(url)\", secret: $SECRET\(more) }\n" }

    @Test(arguments: [
        "127.0.0.1", "localhost", "[::1]", "10.1.2.3", "192.168.1.1", "172.20.0.1", "169.254.169.254", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433",
        "0x7f.1", "0177.0.0.1", "100.100.100.200", "[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    ])
    func addressesInsideAreNotCalled(_ host: String) async throws {
        let desk = try Desk(Self.hook("http://\(host):9/in"))
        #expect(await desk.send("a", nil, [:]).trouble == .forbiddenAddress)
    }

    @Test func aNameThatLeadsInsideIsNotCalled() async throws {
        let inside = try #require(IPAddress(bytes: [127, 0, 0, 1]))
        let outside = try #require(IPAddress(bytes: [93, 184, 216, 34]))
        let desk = try Desk(Self.hook("http://shop.example.com/in"), names: NameLookup { _ in [outside, inside] })
        #expect(await desk.send("a", nil, [:]).trouble == .forbiddenAddress)
    }

    /// The clouds keep their secrets there: nothing opens it.
    @Test func theLinksOwnAddressesAreNeverCalled() async throws {
        let desk = try Desk(Self.hook("http://169.254.169.254/latest", ", allow_private: yes"))
        #expect(await desk.send("a", nil, [:]).trouble == .forbiddenAddress)
    }

    /// What the name leads to when the connection is made no longer matters.
    @Test func theCheckedAddressIsTheOneThatIsCalled() async throws {
        let server = try await FakeServer { _ in .answer(200) }
        let here = try #require(IPAddress(bytes: [127, 0, 0, 1]))
        let desk = try Desk(Self.hook("http://nowhere.invalid:\(server.port)/in", ", allow_private: yes"), names: NameLookup { _ in [here] })
        #expect(await desk.send("a", nil, [:]) == .ok(receipt: nil))
        #expect(server.requests.first?["Host"] == "nowhere.invalid:\(server.port)")
        await server.stop()
    }

    @Test(arguments: [
        ("https://a.example.com", true), ("http://a:8080/x?y=1", true), ("https://[::1]:8/x", true), ("ftp://a", false), ("https://u:p@a", false), ("https://a#b", false),
        ("https://", false), ("https://a:0", false), ("https://a:99999", false), ("https://a b", false), ("https://a\\b", false), ("a.example.com", false),
    ])
    func addressesOfTheWeb(_ text: String, _ isOne: Bool) {
        #expect((WebAddress(text) != nil) == isOne)
    }

    // MARK: Secrets

    private static func folder(_ text: String, mode: Int) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weir-secrets-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/" + Secrets.fileName
        #expect(FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
        return folder
    }

    @Test func aFileOfSecretsIsRead() throws {
        let folder = try Self.folder("# ours\nA=1\nB = \"two words\"\nC=from file\n", mode: 0o600)
        let secrets = try Secrets.load(environment: ["C": "from environment"], folder: folder)
        #expect(secrets["A"] == "1")
        #expect(secrets["B"] == "two words")
        #expect(secrets["C"] == "from environment")
        #expect(secrets["D"] == nil)
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func aFileThatOthersCanReadIsNotUsed() throws {
        let folder = try Self.folder("A=1\n", mode: 0o644)
        #expect(throws: Secrets.Refusal.self) { try Secrets.load(environment: [:], folder: folder) }
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func aLineThatIsNoneIsTold() throws {
        let folder = try Self.folder("A=1\nsecret\n", mode: 0o600)
        do {
            _ = try Secrets.load(environment: [:], folder: folder)
            Issue.record("nothing was said")
        } catch {
            #expect(error.words.en.contains("line 2"))
            #expect(!error.words.en.contains("secret\n"))
        }
        try FileManager.default.removeItem(atPath: folder)
    }
}
