import Formula
import Foundation
import SourceText
import Testing

/// Every code that a formula can get has its page, and every page says how it is in Chinese.
@Suite struct PageTests {
    static let pages = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("spec/diagnostics")

    @Test func everyCodeHasAPage() throws {
        var codes: Set<String> = ["formula-too-long", "formula-too-large", "formula-too-deep", "template-braces"]
        for formula in MessageTests.formulas + MistakeTests.mistakes.map(\.0) + SyntaxMistakeTests.mistakes.map(\.0) {
            codes.formUnion(Desk.check(formula).found.map(\.code))
        }
        #expect(codes.count > 30)
        for code in codes.sorted() {
            let page = try? String(contentsOf: PageTests.pages.appendingPathComponent("\(code).md"), encoding: .utf8)
            #expect(page?.hasPrefix("# \(code)\n") == true, "spec/diagnostics/\(code).md is missing")
            #expect(page?.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } == true, "\(code) says nothing in Chinese")
        }
    }
}
