import Definition
import Foundation
import JSON
import LocatedYAML
import Program
import SourceText
import TestKit
import Testing

/// The schema and `check` say the same of the shape of every file that we have.
@Suite struct LanguageSchemaTests {
    private static let root = URL(fileURLWithPath: Golden.folder("../..")).standardizedFileURL
    private static let schema = JSONSchemaCheck(LanguageSchema.document)

    /// What `check` says of shapes: keys, kinds of values, words from a closed list. A schema has to say the same.
    private static let ofShape: Set<String> = [
        "unknown-key", "wrong-word", "not-yet", "missing-key", "wrong-shape", "map-where-text", "bad-switch", "bad-number", "unknown-word", "unknown-type",
        "bad-type", "key-does-not-fit", "unknown-clean-step", "bad-clean-step", "step-action", "language-version", "bad-version", "no-value", "literal-secret", "bad-header",
        "bad-hours", "unknown-weekday", "bad-years",
    ]

    struct File: Sendable, CustomStringConvertible {
        let path: String
        let text: String
        var description: String { path }
    }

    private static func files(under folder: String, ending: String) -> [File] {
        let start = root.appendingPathComponent(folder)
        let urls = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return urls.filter { $0.path.hasSuffix(ending) }.sorted { $0.path < $1.path }.compactMap { url in
            (try? String(contentsOf: url, encoding: .utf8)).map { File(path: folder + "/" + url.lastPathComponent, text: $0) }
        }
    }

    static var apps: [File] { files(under: "apps", ending: ".yaml") + files(under: "templates", ending: ".yaml") }

    /// The `yaml` blocks of the pages, fragments completed as the pages' own tests do.
    static var examples: [File] {
        files(under: "spec", ending: ".md").flatMap { page -> [File] in
            var found: [File] = []
            var block: [Substring]?
            for (number, line) in page.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                if let lines = block {
                    guard line != "```" else {
                        var body = lines
                        let isError = body.first?.hasPrefix("# error:") == true
                        if body.first?.hasPrefix("# error:") == true || body.first?.hasPrefix("# warning:") == true { body[0] = "#" }
                        if let index = body.prefix(2).firstIndex(of: "# fields") {
                            body[index] = "objects:\n  example:\n    fields:"
                            for other in body.indices where other > index { body[other] = "      " + body[other] }
                        }
                        found.append(File(path: "\(page.path):\(number) \(isError ? "error" : "fine")", text: body.joined(separator: "\n") + "\n"))
                        block = nil
                        continue
                    }
                    block = lines + [line]
                } else if line == "```yaml" {
                    block = []
                }
            }
            return found
        }
    }

    static var mistakes: [File] { files(under: "Tests/ModelTests/Mistakes", ending: ".yaml") }

    /// What the file says as JSON: every scalar a text, nothing null.
    private static func json(_ node: YAMLNode) -> JSONValue {
        switch node.content {
        case .scalar(let scalar): scalar.isNoValue ? .null : .string(scalar.text)
        case .sequence(let items): .array(items.map(json))
        case .mapping(let entries): .object(entries.map { .init($0.key.value, json($0.value)) })
        }
    }

    private func agree(_ file: File) throws {
        var sources = SourceSet()
        sources.add(path: "app.yaml", text: file.text)
        if !file.text.hasPrefix("app:") && !file.text.contains("\napp:") { sources.add(path: "other.yaml", text: "app: { name: example }\n") }
        let (_, report) = compile(sources)
        guard !report.hasUnreadParts else { return }
        var own = Diagnostics()
        guard let id = sources.files.first, let tree = parseYAML(id, &own) else { return }
        let complaint = Self.schema.complaint(about: Self.json(tree))
        let told = report.found.filter { Self.ofShape.contains($0.code) && $0.span.file == SourceFileID(index: 0) }.map(\.code)
        #expect((complaint == nil) == told.isEmpty, "\(file.path): the schema says \(complaint ?? "nothing"), check says \(told)")
    }

    @Test(arguments: apps) func onApps(_ file: File) throws { try agree(file) }

    @Test(arguments: examples) func onExamples(_ file: File) throws { try agree(file) }

    @Test(arguments: mistakes) func onMistakes(_ file: File) throws { try agree(file) }

    /// Slips of shape, each in an app that is right but for it.
    @Test(arguments: [
        "objects: { a: { fields: { x: { type: text, decimals: 2 } } } }", "objects: { a: { fields: { x: { type: link } } } }",
        "objects: { a: { fields: { x: { type: link to a, to: a } } } }", "objects: { a: { fields: { x: [text] } } }",
        "objects: { a: { fields: { x: { type: choice } } } }", "objects: { a: { fields: { x: { type: stage, stages: {} } } } }",
        "objects: { a: { fields: { x: { formula: 1 + 1, required: yes } } } }", "objects: { a: { fields: { x: { formula: 1 + 1, points: { p: 1 } } } } }",
        "objects: { a: { fields: { x: { type: files, default: y } } } }", "objects: { a: { fields: { x: { type: number, decimals: 11 } } } }",
        "objects: { a: { fields: { x: { type: text, required: maybe } } } }", "objects: { a: { rules: { r: { say: no } } } }",
        "objects: { a: { shows: [x] } }", "objects: { a: { fields: { x: links to } } }", "roles: { a: { label: { de: x } } }",
        "tests: { t: { steps: [ { create: a, move: b } ] } }", "tests: { t: { steps: [ { wait: 1h, of: b } ] } }", "tests: { t: { at: 1 } }",
        "app: { label: x }", "choices: { a: b }", "objects: { a: { fields: { x: { type: text, clean: tidy } } } }",
        "objects: { a: { fields: { x: { type: stage, stages: { s: { end: over } } } } } }",
    ])
    func onSlips(_ text: String) throws {
        try agree(File(path: text, text: text + "\n"))
        var sources = SourceSet()
        sources.add(path: "app.yaml", text: text + "\n")
        var report = Diagnostics()
        let file = try #require(sources.files.first)
        let tree = try #require(parseYAML(file, &report))
        #expect(Self.schema.complaint(about: Self.json(tree)) != nil, "\(text)")
    }

    @Test func isOneDocumentWithAKnownDialect() {
        #expect(LanguageSchema.document["$schema"] == "https://json-schema.org/draft/2020-12/schema")
        #expect(LanguageSchema.document == LanguageSchema.document)
        #expect(Self.schema.complaint(about: ["app": ["name": "x", "version": .number("1.0")], "objects": ["a": ["fields": ["x": ["type": "number", "decimals": 2, "required": true]]]]]) == nil)
        #expect(Self.schema.complaint(about: ["objects": ["a": ["fields": ["x": ["type": "number", "decimals": 22]]]]]) != nil)
    }
}
