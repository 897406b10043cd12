import Foundation
import Model
import Program
import SourceText
import TestKit
import Testing

/// The app that comes with the project, as somebody would run it.
@Suite struct CRMTests {
    static func sources(of app: String) throws -> SourceSet {
        let root = URL(fileURLWithPath: Golden.folder("../../apps/\(app)")).standardizedFileURL
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        var sources = SourceSet()
        for file in files.filter({ $0.pathExtension == "yaml" }).sorted(by: { $0.path < $1.path }) {
            sources.add(path: String(file.path.dropFirst(root.path.count + 1)), bytes: Array(try Data(contentsOf: file)))
        }
        return sources
    }

    @Test func compilesWithoutAnythingToSay() throws {
        let sources = try Self.sources(of: "crm")
        let (app, report) = compile(sources)
        #expect(report.isEmpty, "\(DiagnosticText(sources: sources, language: .en).render(report))")
        let crm = try #require(app)
        #expect(crm.model.object(named: "opportunity")?.stage != nil)
        #expect(crm.sourceHash.count == 16)
    }
}
