import Program
import SourceText
import TestKit
import Testing

/// One mistake a file, named by its code, with what the author is told in Chinese and in English.
@Suite struct MistakeTests {
    @Test(arguments: Golden.inputs(in: Golden.folder("Mistakes"))) func isTold(_ mistake: Golden) throws {
        var sources = SourceSet()
        sources.add(path: "app.yaml", bytes: try mistake.bytes())
        let (app, report) = compile(sources)
        let rendered = [Language.zh, .en].map { DiagnosticText(sources: sources, language: $0).render(report) }
        #expect(try mistake.difference(from: rendered.joined(separator: "\n")) == nil)
        #expect(Set(report.found.map(\.code)) == [mistake.name], "one mistake, one message")
        #expect((app == nil) == report.hasErrors)
    }
}
