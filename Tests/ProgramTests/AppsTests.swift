import Formula
import Foundation
import Model
import Program
import SourceText
import TestKit
import Testing

/// The apps that come with the project, as somebody would run them.
@Suite struct AppsTests {
    static let apps = URL(fileURLWithPath: Golden.folder("../../apps")).standardizedFileURL
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: apps.path)) ?? []).filter { !$0.hasPrefix(".") }.sorted()

    static func sources(of app: String) throws -> SourceSet {
        let root = apps.appendingPathComponent(app)
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        var sources = SourceSet()
        for file in files.filter({ $0.pathExtension == "yaml" }).sorted(by: { $0.path < $1.path }) {
            sources.add(path: String(file.path.dropFirst(root.path.count + 1)), bytes: Array(try Data(contentsOf: file)))
        }
        return sources
    }

    @Test(arguments: names) func compilesWithoutAnythingToSay(_ name: String) throws {
        let sources = try Self.sources(of: name)
        let (app, report) = compile(sources)
        #expect(report.isEmpty, "\(DiagnosticText(sources: sources, language: .en).render(report))")
        #expect(app?.model.name == name)
    }

    @Test func theCRMIsOneOfThem() throws {
        let crm = try #require(compile(try Self.sources(of: "crm")).app)
        let opportunity = try #require(crm.model.object(named: "opportunity"))
        let stage = try #require(opportunity.stage)
        guard case .stage(let stages) = opportunity.fields[stage.index].kind else {
            Issue.record("a stage field holds stages")
            return
        }
        #expect(stages.stages.count == 14)
        #expect(stages.initial.key == "intake")
        #expect(stages.fromAny == ["lost"])
        // Rollups over children are kept up by differences.
        let account = try #require(crm.model.object(named: "account"))
        let amounts = crm[opportunity.id].dependents.filter { $0.field.object == account.id && $0.delta != nil }
        #expect(Set(amounts.map { crm.model[$0.field].name }).isSuperset(of: ["deal_count", "open_amount", "won_amount"]))
    }
}
