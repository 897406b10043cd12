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

    @Test func manyConditionsThatDoNotHoldAreOneLine() throws {
        let formula = "switch(a, 1, 10, 2, 20, 3, 30, 4, a * 40, b)"
        #expect(try lines(formula, [number("a", "4"), number("b", "7")]) == [
            "\(formula) = 160  (condition 4 holds)", "  1, 2, 3 = no  (none of these 3 holds)", "    a = 4", "  4 = yes", "    a = 4", "  a * 40 = 160",
            "    a = 4",
        ])
        #expect(try lines(formula, [number("a", "9"), number("b", "7")], in: .zh) == [
            "\(formula) = 7  （条件都不成立，取最后一项）", "  1, 2, 3, 4 = 否  （前 4 项都不成立）", "    a = 9", "  b = 7",
        ])
        #expect(try lines(formula, [number("a", "3"), number("b", "7")]).contains("  2 = no"), "two are told one by one")
        let failing = "ifs(a > 9, 1, a > 8, 2, b > 7, 3, 1 / a > 0, 4)"
        #expect(try lines(failing, [number("a", "0"), number("b", "1")]) == [
            "\(failing) = division by zero", "  a > 9, a > 8, b > 7 = no  (none of these 3 holds)", "  1 / a > 0 = division by zero",
            "    1 / a = division by zero", "      a = 0",
        ])
    }

    @Test func whatIsFoldedIsStillThere() throws {
        let moment = try #require(FormulaRun.moment)
        let checker = FormulaChecker(schema: FormulaSchema(objects: [], roles: [], users: nil, currency: "CNY"))
        let expression = try #require(
            checker.checked(FormulaRun.text("ifs(a > 3, 1, a > 2, 2, a > 1, 3, 4)"), in: FormulaScope(this: nil, inputs: [.init(name: "a", type: .number)])).expression)
        let explanation = try Explanation(
            of: expression, in: Frame(this: nil, inputs: [.number(.one)], moment: moment, source: NoRows()))
        let fold = try #require(explanation.parts.first)
        #expect(fold.isFolded && fold.parts.map(\.text) == ["a > 3", "a > 2", "a > 1"] && !explanation.isFolded)
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
