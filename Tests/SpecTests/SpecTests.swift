import Engine
import Formula
import Foundation
import JSON
import Model
import Program
import SQLText
import Scenarios
import SchemaPlan
import SourceText
import Storage
import StorageSQLite
import Testing

/// Every example of `spec/` is run, in the way `spec/README.md` says.
@Suite struct SpecTests {
    @Test(arguments: SpecPages.all) func everyExampleHolds(page: SpecPage) async throws {
        for block in page.blocks {
            switch block.language {
            case "yaml": try await run(yaml: block, of: page)
            case "formula": try run(formula: block, of: page)
            default: break
            }
        }
    }

    @Test func thereAreExamples() {
        let blocks = SpecPages.all.flatMap(\.blocks)
        #expect(blocks.count { $0.language == "yaml" } > 20)
        #expect(blocks.count { $0.language == "formula" } > 5)
    }

    // MARK: YAML

    private func run(yaml block: SpecPage.Block, of page: SpecPage) async throws {
        let place = "\(page.path):\(block.line)"
        let example = YAMLExample(block.text)
        var sources = SourceSet()
        sources.add(path: place, text: example.text)
        if !example.hasApp { sources.add(path: "app.yaml", text: "app: { name: example }\n") }
        var (app, diagnostics) = compile(sources)
        for missing in app.map(lacks) ?? [] { diagnostics.report(missing) }
        let rendered = DiagnosticText(sources: sources, language: .en).render(diagnostics)
        let errors = Set(diagnostics.found.filter { $0.severity == .error }.map(\.code))
        switch example.expectation {
        case .error(let code):
            #expect(errors == [code], "\(place) should give error[\(code)]:\n\(rendered)")
        case .warning(let code):
            #expect(errors.isEmpty && diagnostics.found.contains { $0.code == code }, "\(place) should warn \(code):\n\(rendered)")
        case .fine:
            #expect(errors.isEmpty, "\(place) should be right:\n\(rendered)")
            guard let app, !app.model.scenarios.isEmpty else { return }
            let runner = ScenarioRunner(app: app, sources: sources) { try SQLiteStore.inMemory(app: app, world: $0) }
            let report = try await runner.run()
            #expect(report.failed == 0, "\(place):\n\(report.text(in: .en))")
        }
    }

    /// What `weir check` says besides.
    private func lacks(_ app: CompiledApp) -> [Diagnostic] {
        app.model.lacks(on: .sqlite, volatile: app.volatileFields) + app.model.lacks(on: .postgres, volatile: app.volatileFields)
    }

    // MARK: Formulas

    private func run(formula block: SpecPage.Block, of page: SpecPage) throws {
        var inputs: [JSONValue.Member] = []
        var types: [JSONValue.Member] = []
        var now = try #require(Instant("2026-11-25T01:30:00Z"))
        let zone = try #require(Zone(name: "Asia/Shanghai"))
        var calendar = BusinessCalendar.plain
        for (offset, line) in block.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let place = "\(page.path):\(block.line + offset + 1): \(line)"
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.isEmpty || text.hasPrefix("#") { continue }
            if text.hasPrefix("with:") {
                inputs = try #require(JSONValue.parse(String(text.dropFirst(5))).asObject, "\(place)")
            } else if text.hasPrefix("types:") {
                types = try #require(JSONValue.parse(String(text.dropFirst(6))).asObject, "\(place)")
            } else if text.hasPrefix("calendar:") {
                calendar = try #require(BusinessCalendar.named(text.dropFirst(9).trimmingCharacters(in: .whitespaces)), "\(place)")
            } else if text.hasPrefix("now:") {
                let given = text.dropFirst(4).trimmingCharacters(in: .whitespaces)
                now = try #require(Instant(given) ?? Instant(local: given, in: zone), "\(place)")
            } else {
                let separator = text.range(of: " → ", options: .backwards) ?? text.range(of: " ✗ ", options: .backwards)
                let found = try #require(separator, "neither → nor ✗ in \(place)")
                let expected = text[found.upperBound...].trimmingCharacters(in: .whitespaces)
                let trial = FormulaTrial(
                    expression: text[..<found.lowerBound].trimmingCharacters(in: .whitespaces), inputs: inputs, types: types, now: now, zone: zone,
                    calendar: calendar)
                check(trial, gives: expected, isError: text[found] == " ✗ ", place)
            }
        }
    }

    private func check(_ trial: FormulaTrial, gives expected: String, isError: Bool, _ place: String) {
        switch (trial.run(), isError) {
        case (.value(.failure(let failure), _), true): #expect(failure.code.rawValue == expected, "\(place)")
        case (.value(let value, _), false):
            let actual = trial.json(value, language: .zh)
            let wanted = try? JSONValue.parse(expected)
            #expect(actual == wanted, "\(place) gives \(actual.text())")
        case (.value(let value, _), true): Issue.record("\(place) gives \(trial.json(value, language: .zh).text())")
        case (.wrong(_, let diagnostics), true):
            #expect(diagnostics.found.map(\.code) == [expected], "\(place)")
        case (.wrong(let sources, let diagnostics), false):
            Issue.record("\(place)\n\(DiagnosticText(sources: sources, language: .en).render(diagnostics))")
        case (.badInput(_, let words), _): Issue.record("\(place): \(words.en)")
        }
    }
}

/// A block with its expectation and, where it is a fragment, what stands around it.
struct YAMLExample {
    enum Expectation { case fine, error(String), warning(String) }

    let text: String
    let expectation: Expectation
    let hasApp: Bool

    init(_ block: String) {
        var lines = block.split(separator: "\n", omittingEmptySubsequences: false)
        var expectation = Expectation.fine
        if let code = Self.value(of: "# error:", lines.first) {
            expectation = .error(code)
            lines[0] = "#"
        } else if let code = Self.value(of: "# warning:", lines.first) {
            expectation = .warning(code)
            lines[0] = "#"
        }
        let first = lines.firstIndex { $0 != "#" } ?? 0
        if lines.indices.contains(first), lines[first].trimmingCharacters(in: .whitespaces) == "# fields" {
            text = "objects:\n  example:\n    fields:\n" + lines[(first + 1)...].map { "      \($0)" }.joined(separator: "\n") + "\n"
            hasApp = false
        } else {
            text = lines.joined(separator: "\n") + "\n"
            hasApp = lines.contains { $0.hasPrefix("app:") }
        }
        self.expectation = expectation
    }

    private static func value(of mark: String, _ line: Substring?) -> String? {
        guard let line, line.hasPrefix(mark) else { return nil }
        return line.dropFirst(mark.count).trimmingCharacters(in: .whitespaces)
    }
}

/// A page with its fenced blocks.
struct SpecPage: Sendable, CustomTestStringConvertible {
    struct Block: Sendable {
        let language: String
        /// 1-based line of the opening fence.
        let line: Int
        let text: String
    }

    let path: String
    let blocks: [Block]

    var testDescription: String { path }
}

enum SpecPages {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let all: [SpecPage] = {
        let spec = root.appendingPathComponent("spec")
        let paths = FileManager.default.enumerator(atPath: spec.path)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".md") }.sorted().compactMap { path in
            guard let text = try? String(contentsOf: spec.appendingPathComponent(path), encoding: .utf8) else { return nil }
            return SpecPage(path: "spec/\(path)", blocks: blocks(of: text))
        }
    }()

    private static func blocks(of text: String) -> [SpecPage.Block] {
        var blocks: [SpecPage.Block] = []
        var open: (language: String, line: Int, lines: [Substring])?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let current = open {
                if line == "```" {
                    blocks.append(SpecPage.Block(language: current.language, line: current.line, text: current.lines.joined(separator: "\n")))
                    open = nil
                } else {
                    open?.lines.append(line)
                }
            } else if line.hasPrefix("```") {
                open = (line.dropFirst(3).trimmingCharacters(in: .whitespaces), index + 1, [])
            }
        }
        return blocks
    }
}
