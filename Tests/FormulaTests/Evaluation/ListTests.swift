import SourceText
import Testing

@testable import Formula

/// Lists, and several values at once.
@Suite struct ListTests {
    private func numbers(_ values: [String?]) -> (type: FormulaType, value: Value) {
        (.list(.number), .list(values.map { $0.flatMap { ExactDecimal($0) }.map { .number($0) } ?? .blank }))
    }

    private func text(_ formula: String, _ lists: [String: [String?]] = [:]) throws -> String {
        let inputs = lists.sorted { $0.key < $1.key }.map { name, values in
            let list = numbers(values)
            return (name: name, type: list.type, value: list.value)
        }
        switch try FormulaRun.outcome(of: formula, inputs: inputs) {
        case .value(_, let text): return text
        case .refused(let codes): return "refused: \(codes.joined(separator: ", "))"
        }
    }

    @Test func aggregatesTakeListsAndValuesTogether() throws {
        let lists = ["xs": ["1", nil, "2.5"], "ys": ["4"]]
        #expect(try text("sum(xs, 10, ys)", lists) == "17.5")
        #expect(try text("sum(7)") == "7")
        #expect(try text("product(xs, ys)", lists) == "10")
        #expect(try text("product(xs, 0.1)", lists) == "0.25")
        #expect(try text("count(xs, ys, true, '23', 'abc')", lists) == "5")
        #expect(try text("counta(xs, 'abc', '')", lists) == "3")
        #expect(try text("countblank(xs, '', 3)", lists) == "2")
        #expect(try text("max(xs, ys, 3)", lists) == "4")
        #expect(try text("median(xs, ys)", lists) == "2.5")
        #expect(try text("product(none)", ["none": []]) == "")
    }

    @Test func deviationsAreExactWhereTheyCanBe() throws {
        let lists = ["xs": ["2", "4", "4", "4", "5", "5", "7", "9"]]
        #expect(try text("stdevp(xs)", lists) == "2")
        #expect(try text("STDEV.P(xs)", lists) == "2")
        #expect(try text("varp(xs)", lists) == "4")
        #expect(try text("var(xs)", lists) == "4.57142857142857142857")
        #expect(try text("VAR.S(1, 2, 2)") == "0.33333333333333333333")
        #expect(try text("round(stdev(xs), 10)", lists) == "2.1380899353")
        #expect(try text("stdev(3)") == "")
        #expect(try text("stdevp(3)") == "0")
        #expect(try text("var(none)", ["none": []]) == "")
        // Squares beyond 20 decimals are computed in binary.
        #expect(try text("varp(0.000000000001, 0.000000000003)") == "0")
    }

    @Test func moneyStaysMoneyAsFarAsItIs() throws {
        func type(_ formula: String) -> FormulaType? {
            let inputs: [FormulaScope.Input] = [.init(name: "m", type: .money(currency: "CNY")), .init(name: "n", type: .number)]
            let schema = FormulaSchema(objects: [], roles: [], users: nil, currency: "CNY")
            return FormulaChecker(schema: schema).checked(FormulaRun.text(formula), in: FormulaScope(this: nil, inputs: inputs)).expression?.type
        }
        let money = FormulaType.money(currency: "CNY")
        #expect(type("pmt(1%, 12, m)") == money)
        #expect(type("pmt(1%, 12, n)") == .number)
        #expect(type("npv(10%, m, m)") == money)
        #expect(type("sumproduct(n, m)") == money)
        #expect(type("sumproduct(m, m)") == .number)
        #expect(type("stdev(m, m)") == money)
        #expect(type("var(m, m)") == .number)
        #expect(type("product(n, m)") == nil)
        #expect(type("rate(12, n, n)") == .percent)
    }

    @Test func listsOfDifferentLengthsDoNotPair() throws {
        let lists = ["xs": ["1", "2", "3"], "ys": ["5", nil, "4"], "zs": ["1"]]
        #expect(try text("sumproduct(xs, ys)", lists) == "17")
        #expect(try text("sumproduct(xs, zs)", lists) == "参数超出允许的范围")
        #expect(try text("concat(xs, '-', ys)", lists) == "123-54")
        #expect(try text("textjoin(',', false, xs, ys)", lists) == "1,2,3,5,,4")
        #expect(try text("textjoin(',', true, xs, ys, today())", lists) == "1,2,3,5,4,2026-02-12")
    }

    @Test func spreadsheetNamesAreReadAndOthersRefusedWithWords() throws {
        #expect(try text("IF(TRUE, 1, 2)") == "1")
        #expect(try text("choose(2, 'a', 'b', 'c')") == "b")
        #expect(try text("choose(1.9, 'a', 'b')") == "a")
        #expect(try text("choose(4, 'a', 'b')") == "参数超出允许的范围")
        #expect(try text("countif(1, 2)") == "refused: unknown-function")
        #expect(try text("NETWORKDAYS.INTL(today(), today())") == "refused: unknown-function")
        let checked = FormulaChecker(schema: FormulaSchema(objects: [], roles: [], users: nil, currency: "CNY"))
            .checked(FormulaRun.text("vlookup(1, 2, 3)"), in: FormulaScope(this: nil))
        #expect(checked.found.first?.hint?.en == "follow a link, as in `account.name`")
        #expect(FormulaPrinter().print(Parser.formula("VAR.P(1, 2) + CONCATENATE('a')").root) == "varp(1, 2) + concat('a')")
    }
}
