import Foundation
import Program
import SourceText
import Testing

/// Damaged apps are answered, whatever the damage: no trap, no endless loop, every place inside its file.
@Suite struct DamageTests {
    /// xorshift64*: the same damage every time.
    struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return state &* 0x2545_F491_4F6C_DD1D
        }
    }

    static let snippets = [
        "this", "=", "{", "}", "[", "]", ": ", "- ", "'", "\"", "~", "null", "old", "owner.manager", "count(lead)", "lead", "user", "stage", "choice of region",
        "link to lead", "100000000000000000000000000000000000000", "\n", "  ", "是", "，", "if", "sum(", ")", "formula: score", "type: stage", "{name}", "=me",
        "999 days", "%", "type: link, to: user, as: leads",
    ]

    @Test(arguments: 1...24) func isAnswered(_ seed: UInt64) throws {
        var dice = Dice(state: seed &* 0x9E37_79B9_7F4A_7C15)
        let app = try AppsTests.sources(of: "crm")
        for _ in 0..<6 {
            var damaged = SourceSet()
            let victim = Int.random(in: 0..<app.files.count, using: &dice)
            for (index, file) in app.files.enumerated() {
                damaged.add(path: file.path, bytes: index == victim ? Self.damage(file.bytes, &dice) : file.bytes)
            }
            let (compiled, report) = compile(damaged)
            #expect((compiled == nil) == report.hasErrors)
            for diagnostic in report.found {
                let size = damaged[diagnostic.span.file].bytes.count
                #expect(diagnostic.span.end <= size, "seed \(seed): \(diagnostic.code)")
            }
            #expect(!DiagnosticText(sources: damaged, language: .zh).render(report).isEmpty || report.isEmpty)
        }
    }

    /// A few lines lost, doubled or moved, words put in or taken out.
    private static func damage(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for _ in 0..<Int.random(in: 1...4, using: &dice) {
            let line = Int.random(in: 0..<lines.count, using: &dice)
            switch Int.random(in: 0..<6, using: &dice) {
            case 0: lines.remove(at: line)
            case 1: lines.insert(lines[line], at: Int.random(in: 0..<lines.count, using: &dice))
            case 2: lines[line] = String(lines[line].dropFirst(2))
            case 3: lines[line] = String(lines[line].prefix(Int.random(in: 0...lines[line].count, using: &dice)))
            default:
                var letters = Array(lines[line])
                let place = Int.random(in: 0...letters.count, using: &dice)
                letters.insert(contentsOf: snippets[Int.random(in: 0..<snippets.count, using: &dice)], at: place)
                lines[line] = String(letters)
            }
            if lines.isEmpty { lines = [""] }
        }
        return Array(lines.joined(separator: "\n").utf8)
    }
}
