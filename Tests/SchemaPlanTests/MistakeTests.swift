import Foundation
import Program
import SQLText
import SchemaPlan
import SourceText
import TestKit
import Testing

/// What no list can be asked is told when the app is checked, in Chinese and in English; each code has a page.
@Suite struct MistakeTests {
    private static let mistakes = Golden.inputs(in: Golden.folder("Mistakes"))

    @Test(arguments: mistakes) func isTold(_ mistake: Golden) throws {
        var sources = SourceSet()
        sources.add(path: "app.yaml", bytes: try mistake.bytes())
        var (app, report) = compile(sources)
        #expect(report.isEmpty)
        let made = try #require(app)
        for dialect in Dialect.allCases {
            for diagnostic in made.model.lacks(on: dialect, volatile: made.volatileFields) { report.report(diagnostic) }
        }
        let rendered = [Language.zh, .en].map { DiagnosticText(sources: sources, language: $0).render(report) }
        #expect(try mistake.difference(from: rendered.joined(separator: "\n")) == nil)
        #expect(report.found.map(\.code) == [mistake.name], "one mistake, one message")
        #expect(!report.hasErrors)
    }

    @Test(arguments: mistakes) func hasAPage(_ mistake: Golden) throws {
        let page = URL(fileURLWithPath: Golden.folder("../../spec/diagnostics")).appendingPathComponent("\(mistake.name).md")
        #expect(try String(contentsOf: page, encoding: .utf8).hasPrefix("# \(mistake.name)\n"))
    }

    @Test func thereIsOneOfEachDatabase() {
        #expect(Self.mistakes.map(\.name).sorted() == ["not-filterable", "sqlite-only"])
    }
}
