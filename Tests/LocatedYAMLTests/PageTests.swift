import Foundation
import LocatedYAML
import SourceText
import TestKit
import Testing

/// The `yml` examples of `spec/` are read, in the way `spec/README.md` says.
@Suite struct PageTests {
    struct Page: Sendable, CustomTestStringConvertible {
        let path: String
        /// Nil for `yaml.md`.
        let code: String?
        var testDescription: String { path }
    }

    static let pages: [Page] =
        [Page(path: "yaml.md", code: nil)] + yamlDiagnosticCodes.map { Page(path: "diagnostics/\($0).md", code: $0) }

    @Test(arguments: pages) func examplesAreAsTheySay(_ page: Page) throws {
        let url = URL(fileURLWithPath: Golden.folder("../../spec/\(page.path)")).standardizedFileURL
        let text = try String(contentsOf: url, encoding: .utf8)
        var heading = ""
        var block: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let lines = block {
                guard line == "```" else {
                    block?.append(line)
                    continue
                }
                block = nil
                check(lines.joined(separator: "\n") + "\n", isWrong: heading.hasPrefix("Wrong:"), page)
            } else if line == "```yml" {
                block = []
            } else if !line.isEmpty {
                heading = String(line)
            }
        }
    }

    private func check(_ text: String, isWrong: Bool, _ page: Page) {
        var sources = SourceSet()
        let file = sources.add(path: page.path, text: text)
        var report = Diagnostics()
        _ = parseYAML(file, &report)
        let told = DiagnosticText(sources: sources, language: .en).render(report)
        if isWrong, let code = page.code {
            #expect(report.found.contains { $0.code == code }, "\(told)")
        } else {
            #expect(report.isEmpty, "\(told)")
        }
    }
}
