import Foundation
import JSON
import LocatedYAML
import SourceText
import TestKit
import Testing

/// Documents that somebody sends to break the reader, or that a tired author writes. Files are named `what.code.yaml`; `accepted` stands
/// for those that look wrong and are not.
@Suite struct HostileTests {
    static let files = Golden.inputs(in: Golden.folder("Hostile"))

    @Test(arguments: files)
    func isRefusedWithItsCode(_ golden: Golden) throws {
        let expected = try #require(golden.name.split(separator: ".").last.map(String.init))
        let reading = Reading(try golden.bytes())
        #expect(reading.breaches == [])
        if expected == "accepted" {
            #expect(reading.codes == [])
        } else {
            #expect(reading.codes.first == expected)
            #expect(reading.report.hasErrors)
        }
    }

    @Test func thereAreAtLeastAHundred() {
        #expect(Self.files.count >= 150)
    }

    /// Large enough to show what is not linear; what must exceed the bound of nodes takes more.
    static let mega = 300_000

    /// What is too large to keep, with the code expected of it.
    static let large: [(name: String, code: String?, text: @Sendable () -> String)] = [
        ("too large", "file-too-large", { "a: " + String(repeating: "x", count: 1_000_000) }),
        ("flow items", "too-many-nodes", { "[" + String(repeating: "a,", count: 210_000) + "a]" }),
        ("block items", "too-many-nodes", { String(repeating: "- a\n", count: 210_000) }),
        ("flow brackets", "too-deep", { String(repeating: "[", count: mega) }),
        ("flow braces", "too-deep", { String(repeating: "{a: ", count: mega / 4) }),
        ("dashes", "too-deep", { String(repeating: "- ", count: mega / 2) }),
        ("indentation", "too-deep", { (0..<1_000).map { String(repeating: " ", count: $0) + "a:\n" }.joined() }),
        ("question marks", "too-deep", { String(repeating: "? ", count: mega / 2) }),
        ("closing brackets", "needs-quotes", { "a: " + String(repeating: "]", count: mega) }),
        ("colons", nil, { String(repeating: ":", count: mega) }),
        ("colons and blanks", "empty-key", { String(repeating: ": ", count: mega / 2) }),
        ("quotes", nil, { "a: " + String(repeating: "\"", count: mega) }),
        ("open quote", "unclosed-quote", { "a: \"" + String(repeating: "x\n", count: mega / 2) }),
        ("open quotes on each line", "unclosed-quote", { String(repeating: "a: \"b\n", count: mega / 6) }),
        ("one long key", "key-too-long", { String(repeating: "k", count: mega) + ": v" }),
        ("one long word", nil, { "a: " + String(repeating: "中", count: mega / 3) }),
        ("one long plain text", nil, { "a:\n" + String(repeating: "  word\n", count: mega / 7) }),
        ("words without colons", "missing-colon", { String(repeating: "word\n", count: mega / 5) + "a: b" }),
        ("duplicates", "duplicate-key", { String(repeating: "a: b\n", count: mega / 5 / 3) }),
        ("anchors", "yaml-anchor", { (0..<15_000).map { "k\($0): &a\($0) x\n" }.joined() }),
        ("aliases", "yaml-alias", { (0..<15_000).map { "k\($0): *a\n" }.joined() }),
        ("tags", "yaml-tag", { (0..<15_000).map { "k\($0): !t x\n" }.joined() }),
        ("comments", nil, { String(repeating: "# a\n", count: mega / 4) }),
        ("comments behind values", nil, { (0..<15_000).map { "k\($0): v # c\n" }.joined() }),
        ("tabs", "tab", { String(repeating: "\ta: b\n", count: mega / 6) }),
        ("blank lines", nil, { String(repeating: "\n", count: mega) }),
        ("spaces", nil, { String(repeating: " ", count: mega) + "a: b" }),
        ("block text", nil, { "a: |\n" + String(repeating: "  x\n\n", count: mega / 5) }),
        ("folded text", nil, { "a: >\n" + String(repeating: "  x y\n", count: mega / 6) }),
        ("block text of blank lines", nil, { "a: |\n" + String(repeating: "\n", count: mega) }),
        ("escapes", nil, { "a: \"" + String(repeating: "\\u4e2d", count: mega / 6) + "\"" }),
        ("broken escapes", "unknown-escape", { String(repeating: "a: \"\\q\"\n", count: mega / 8) }),
        ("doubled quotes", nil, { "a: '" + String(repeating: "''", count: mega / 2) + "'" }),
        ("commas", "stray-comma", { "[" + String(repeating: ",", count: mega) + "]" }),
        ("documents", "second-document", { String(repeating: "--- a\n", count: mega / 6) }),
        ("directives", "yaml-directive", { String(repeating: "%YAML 1.2\n", count: mega / 10) }),
        ("control characters", "control-character", { "a: " + String(repeating: "\u{1}", count: mega) }),
        ("bidi controls", "bidi-control", { "a: " + String(repeating: "\u{202E}", count: mega / 3) }),
        ("full-width colons", "full-width-colon", { String(repeating: "键：值\n", count: mega / 10) + "a: b\n" }),
        ("keys without values", "key-without-value", { "a: {" + (0..<25_000).map { "k\($0)" }.joined(separator: ", ") + "}" }),
        ("open calls in a list", nil, { "a: [" + String(repeating: "f(x, ", count: 25_000) + "y]" }),
        ("open calls in a map", nil, { "a: {" + (0..<15_000).map { "k\($0): f(x" }.joined(separator: ", ") + "}" }),
        ("glued hashes", "comment-eats-text", { (0..<15_000).map { "k\($0): v #\($0)\n" }.joined() }),
        ("pending brackets", nil, { (0..<2_000).map { "k\($0): [[[[[[[[a]]]]]]]]\n" }.joined() }),
    ]

    @Test(arguments: large.indices)
    func staysWithinItsBounds(_ index: Int) {
        let (name, code, text) = Self.large[index]
        let reading = Reading(text())
        if let code { #expect(reading.codes.first == code, "\(name)") } else { #expect(reading.node != nil || reading.report.hasErrors || name == "comments" || name == "blank lines", "\(name)") }
        #expect(reading.report.found.count <= Diagnostics.maximumCount)
        #expect(reading.report.found.allSatisfy { Int($0.span.end) <= reading.file.bytes.count }, "\(name)")
        let words = reading.report.found.flatMap { [$0.message.en, $0.message.zh, $0.hint?.en ?? "", $0.hint?.zh ?? ""] }
        #expect(words.allSatisfy { $0.unicodeScalars.count < 600 }, "\(name): the author's words are shortened")
    }

    /// Documents of the YAML test suite that must be refused, where they lie beside the checkout.
    @Test func refusesWhatTheYAMLTestSuiteRefuses() throws {
        let beside = Golden.folder("../../../shared")
        let shared = ProcessInfo.processInfo.environment["WEIR_SHARED"] ?? beside
        let folder = [shared, Golden.folder("../../../../shared")].map { $0 + "/conformance/yaml_fail" }.first { FileManager.default.fileExists(atPath: $0 + "/manifest.jsonl") }
        guard let folder else {
            print("skipped: no conformance documents beside the checkout (WEIR_SHARED names another place)")
            return
        }
        let manifest = try String(contentsOfFile: folder + "/manifest.jsonl", encoding: .utf8)
        for line in manifest.split(separator: "\n") {
            let entry = try JSONValue.parse(String(line))
            let name = try #require(entry["file"]?.asString)
            let reading = Reading(try Golden(path: folder + "/" + name).bytes())
            // Every one of them is refused here, those too that libyaml itself accepts.
            #expect(reading.report.hasErrors, "\(name): \(entry["what"]?.asString ?? "")")
            #expect(reading.breaches == [], "\(name)")
        }
    }
}
