import Foundation
import LocatedYAML
import SourceText
import TestKit
import Testing

/// A golden for every code: the whole rendered text in both languages. Files are named `code.yaml` or `code--variant.yaml`.
@Suite struct MistakesTests {
    static let files = Golden.inputs(in: Golden.folder("Mistakes"))

    @Test(arguments: files)
    func isToldAsExpected(_ golden: Golden) throws {
        let reading = Reading(try golden.bytes(), path: golden.description)
        #expect(try golden.difference(from: reading.rendered) == nil)
        #expect(reading.breaches == [])
        let code = golden.name.components(separatedBy: "--")[0]
        #expect(code == "several" || reading.codes == [code])
    }

    /// These need files too large to keep.
    static let inCode: Set<String> = ["file-too-large", "too-many-nodes"]

    @Test func everyCodeHasAGolden() {
        let covered = Set(Self.files.map { $0.name.components(separatedBy: "--")[0] }).union(Self.inCode)
        #expect(Set(yamlDiagnosticCodes).subtracting(covered) == [])
    }

    @Test(arguments: yamlDiagnosticCodes)
    func everyCodeHasAPage(_ code: String) throws {
        let page = URL(fileURLWithPath: Golden.folder("../../spec/diagnostics/\(code).md")).standardizedFileURL
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(text.hasPrefix("# `\(code)`\n"))
        let wrong = try #require(text.components(separatedBy: "```yml\n").dropFirst().first?.components(separatedBy: "```").first)
        if !Self.inCode.contains(code), code != "not-utf8" { #expect(Reading(visible(wrong)).codes.contains(code)) }
        let right = try #require(text.components(separatedBy: "```yml\n").dropFirst(2).first?.components(separatedBy: "```").first)
        #expect(Reading(visible(right)).codes == [])
    }

    /// Pages write what cannot be seen as `⟨U+0008⟩`.
    private func visible(_ text: String) -> String {
        var rest = text[...]
        var out = ""
        while let open = rest.range(of: "⟨U+"), let close = rest[open.upperBound...].firstIndex(of: "⟩") {
            out += rest[..<open.lowerBound]
            if let value = UInt32(rest[open.upperBound..<close], radix: 16), let scalar = Unicode.Scalar(value) { out.unicodeScalars.append(scalar) }
            rest = rest[rest.index(after: close)...]
        }
        return out + rest
    }
}
