import SourceText
import Testing

@testable import Formula

@Suite struct ExplanationTests {
    private func lines(_ formula: String, _ inputs: [(name: String, type: FormulaType, value: Value)], in language: Language = .en) throws -> [String] {
        let moment = try #require(FormulaRun.moment)
        let checker = FormulaChecker(schema: FormulaSchema(objects: [], roles: [], users: nil, currency: "CNY"))
        let scope = FormulaScope(this: nil, inputs: inputs.map { .init(name: $0.name, type: $0.type) })
        let expression = try #require(checker.checked(FormulaRun.text(formula), in: scope).expression)
        let spoken = Moment(now: moment.now, zone: moment.zone, language: language)
        let explanation = try Explanation(of: expression, in: Frame(this: nil, inputs: inputs.map(\.value), moment: spoken, source: NoRows()))
        return explanation.lines(at: spoken) { "\($0.number)" }
    }

    private func number(_ name: String, _ text: String?) -> (name: String, type: FormulaType, value: Value) {
        (name, .number, text.flatMap { ExactDecimal($0) }.map { .number($0) } ?? .blank)
    }

    @Test func blanksSayWhatTheyCountAs() throws {
        #expect(try lines("a * 0.4 + b", [number("a", "5"), number("b", nil)]) == [
            "a * 0.4 + b = 2", "  a * 0.4 = 2", "    a = 5", "  b = blank  (blank, counts as 0)",
        ])
        #expect(try lines("a + b", [number("a", nil), number("b", "1")], in: .zh).dropFirst().first == "  a = 空  （空，按 0 计算）")
    }

    @Test func onlyTheBranchThatWasTakenIsShown() throws {
        #expect(try lines("if(a > 3, a + 1, b)", [number("a", "5"), number("b", "7")]) == [
            "if(a > 3, a + 1, b) = 6  (the condition holds: the first value)", "  a > 3 = yes", "    a = 5", "  a + 1 = 6", "    a = 5",
        ])
        #expect(try lines("if(a > 3, a + 1, b)", [number("a", "1"), number("b", "7")]).last == "  b = 7")
    }

    @Test func errorsAreToldWhereTheyBegin() throws {
        #expect(try lines("1 + 2 / a", [number("a", "0")]) == ["1 + 2 / a = division by zero", "  2 / a = division by zero", "    a = 0"])
        #expect(try lines("iferror(1 / a, 9)", [number("a", "0")]) == [
            "iferror(1 / a, 9) = 9  (the first fails: the second stands in)", "  1 / a = division by zero", "    a = 0", "  9 = 9",
        ])
    }

    @Test func namesOfLetAreExplainedOnce() throws {
        #expect(try lines("let(x, a + 1, x * x)", [number("a", "2")]) == [
            "let(x, a + 1, x * x) = 9", "  a + 1 = 3", "    a = 2", "  x * x = 9", "    x = 3", "    x = 3",
        ])
    }
}
