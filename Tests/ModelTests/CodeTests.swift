import Foundation
import TestKit
import Testing

/// Every code that is spoken anywhere has a golden, which shows its words, and a page, which explains it.
@Suite struct CodeTests {
    /// Mistakes of a size that nobody wants to read as a file; tests make them up.
    static let tooLargeForGoldens: Set<String> = ["too-many", "formula-too-long", "formula-too-large", "formula-too-deep"]

    static let root = URL(fileURLWithPath: Golden.folder("../..")).standardizedFileURL

    /// The codes in the sources: written as `code: "…"`, or as the values of the formula room's `code`.
    static func codes() throws -> Set<String> {
        var codes: Set<String> = []
        let sources = root.appendingPathComponent("Sources")
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        for room in ["Definition", "Model", "Formula"] {
            for file in files where file.pathExtension == "swift" && file.path.contains("/Sources/\(room)/") {
                let text = try String(contentsOf: file, encoding: .utf8)
                for match in text.matches(of: /code: "([a-z]+(?:-[a-z]+)*)"|\(code, words\) = \("([a-z-]+)"/) {
                    if let code = match.1 ?? match.2 { codes.insert(String(code)) }
                }
                guard let start = text.range(of: "var code: String {"), let end = text.range(of: "var message: Words", range: start.upperBound..<text.endIndex)
                else { continue }
                for match in text[start.upperBound..<end.lowerBound].matches(of: /"([a-z]+(?:-[a-z]+)*)"/) { codes.insert(String(match.1)) }
            }
        }
        return codes
    }

    @Test func thereAreMany() throws {
        #expect(try Self.codes().count > 80)
    }

    @Test func everyCodeHasAGolden() throws {
        let goldens = Set(Golden.inputs(in: Golden.folder("Mistakes")).map(\.name))
        #expect(try Self.codes().subtracting(Self.tooLargeForGoldens).subtracting(goldens).sorted() == [])
        #expect(try goldens.subtracting(Self.codes()).sorted() == [], "goldens of codes that nobody says")
    }

    @Test func everyCodeHasAPage() throws {
        let pages = try FileManager.default.contentsOfDirectory(atPath: Self.root.appendingPathComponent("spec/diagnostics").path)
        let explained = Set(pages.filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) })
        #expect(try Self.codes().subtracting(explained).sorted() == [])
    }
}
