import Foundation
import JSON
import Testing

/// Formulas as people bring them along from spreadsheets, with what a spreadsheet answers, through `weir eval --batch`.
///
/// The answers were worked out from Excel's documentation by a program of its own and not from what Weir says.
@Suite struct SpreadsheetCaseTests {
    @Test(arguments: ["native", "sqlite"])
    func answersAreThoseOfASpreadsheet(engine: String) throws {
        let file = WeirProcess.root.appendingPathComponent("Tests/WeirTests/spreadsheet-cases.jsonl")
        let cases = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { try JSONValue.parse(String($0)) }
        #expect(cases.count >= 660)
        let result = try WeirProcess.run(["eval", "--batch", file.path, "--engine", engine, "--zone", "UTC"])
        #expect(result.exitCode == 0, "\(result.error)")
        let answers = try result.out.split(separator: "\n").map { try JSONValue.parse(String($0)) }
        #expect(answers.count == cases.count)
        for (one, answer) in zip(cases, answers) {
            #expect(one["id"] == answer["id"])
            #expect(Self.agrees(answer, with: one), "\(one.text()) is answered with \(answer.text())")
        }
    }

    private static func agrees(_ answer: JSONValue, with one: JSONValue) -> Bool {
        guard let expected = one["expected"] else { return false }
        if expected["error"] != nil { return answer["error"] != nil }
        guard let value = answer["value"] else { return false }
        if let wanted = expected.asDigits.flatMap({ Double($0) }) {
            guard let given = value.asDigits.flatMap({ Double($0) }) else { return false }
            let tolerance = one["tolerance"]?.asDigits.flatMap { Double($0) } ?? 0
            return abs(given - wanted) <= max(tolerance, 1e-9 * abs(wanted))
        }
        // An empty text is blank.
        if expected == .string("") { return value.isNull }
        return expected == value
    }
}
