import SourceText
import Testing

/// What cannot be read: one mistake, one message, at the narrowest place.
@Suite struct SyntaxMistakeTests {
    static let mistakes: [(String, [String])] = [
        ("", ["formula-syntax at ''"]),
        ("=", ["formula-syntax at '='"]),
        ("1 +", ["formula-syntax at '+'"]),
        ("1 2", ["formula-syntax at '2'"]),
        ("a b", ["formula-syntax at 'b'"]),
        ("(1 + 2", ["formula-syntax at '('"]),
        ("sum(1, 2", ["formula-syntax at '('"]),
        ("1 + 2)", ["formula-syntax at ')'"]),
        ("sum (1, 2)", ["formula-syntax at 'sum ('"]),
        ("NOT a", ["formula-syntax at 'NOT'"]),
        ("if(Not a, 1, 2)", ["formula-syntax at 'Not'"]),
        ("a AND b", ["formula-syntax at 'AND'"]),
        ("'abc", ["unterminated-text at '''"]),
        ("'it's'", ["unterminated-text at '''"]),
        ("“abc", ["unterminated-text at '“'"]),
        ("`abc", ["unterminated-text at '`'"]),
        ("``", ["formula-syntax at '``'"]),
        ("a # b", ["unexpected-character at '#'"]),
        ("a == 1", ["foreign-operator at '=='"]),
        ("a && b || !c", ["foreign-operator at '&&'", "foreign-operator at '||'", "foreign-operator at '!'"]),
        ("a ≥ 1", ["foreign-operator at '≥'"]),
        ("3×4", ["foreign-operator at '×'"]),
        ("sum(1； 2)", ["foreign-operator at '；'"]),
        ("sum(1、2)", ["foreign-operator at '、'"]),
        ("5m", ["bare-unit at '5m'"]),
        ("a > 5 d", ["bare-unit at '5 d'"]),
        ("5bd", ["business-unit at '5bd'"]),
        ("now() - 5 business days", ["business-unit at '5 business days'"]),
        ("5个工作日", ["business-unit at '5个工作日'"]),
        ("3 months", ["calendar-unit at '3 months'"]),
        ("3年", ["calendar-unit at '3年'"]),
        ("5hours", ["unknown-unit at '5hours'"]),
        ("5k", ["unknown-unit at '5k'"]),
        ("1e", ["unknown-unit at '1e'"]), ("1e5x", ["unknown-unit at '1e5x'"]), ("1e99", ["number-out-of-range at '1e99'"]),
        ("500万元", ["unknown-unit at '500万元'"]),
        ("3月销量 + 1", ["unknown-unit at '3月销量'"]),
        ("123456789012345678901234567890123456789", ["number-out-of-range at '123456789012345678901234567890123456789'"]),
        ("0.000000000000000000001", ["number-out-of-range at '0.000000000000000000001'"]),
        ("999999999999 weeks", ["number-out-of-range at '999999999999 weeks'"]),
        ("-x^y", ["chained-power at '-x^y'"]),
        ("-2^2", ["chained-power at '-2^2'"]),
        ("a^b^c", ["chained-power at 'a^b^c'"]),
        ("a < b < c", ["comparison-chain at '<'"]),
        ("a = b is blank", ["comparison-chain at 'is'"]),
        ("x between 1, 2", ["formula-syntax at 'between'"]),
        ("x is 3", ["formula-syntax at 'is'"]),
        ("if(a, , 1)", ["formula-syntax at ','"]),
        // Two mistakes in two arguments are two messages.
        ("if(a b, 5m, c +)", ["bare-unit at '5m'", "formula-syntax at 'b'", "formula-syntax at ')'"]),
        ("a.", ["formula-syntax at '.'"]),
        ("a.5", ["formula-syntax at '5'"]),
        ("count(x where )", ["formula-syntax at ')'"]),
        ("where", ["formula-syntax at 'where'"]),
        ("a:b", ["unexpected-character at ':'"]),
    ]

    @Test(arguments: mistakes)
    func isSaidOnce(_ formula: String, _ expected: [String]) {
        #expect(SyntaxProbe.parse(formula).mistakes == expected)
    }

    @Test func refusesWhatIsTooLong() {
        let (_, found) = Desk.check("'" + String(repeating: "长", count: 22_000) + "'")
        #expect(found.map(\.code) == ["formula-too-long"])
    }

    @Test func refusesWhatIsTooDeep() {
        for text in [
            String(repeating: "(", count: 65) + "1" + String(repeating: ")", count: 65),
            String(repeating: "-", count: 10_000) + "1", String(repeating: "not ", count: 10_000) + "true",
            String(repeating: "if(true,", count: 5_000), String(repeating: "abs(", count: 65) + "1" + String(repeating: ")", count: 65),
            String(repeating: "+", count: 10_000) + "1", String(repeating: "1 in (", count: 3_000),
        ] {
            #expect(Desk.check(text).found.map(\.code) == ["formula-too-deep"], "\(text.prefix(20))")
        }
        let allowed = String(repeating: "(", count: 64) + "1" + String(repeating: ")", count: 64)
        #expect(Desk.check(allowed).found.isEmpty)
    }

    @Test func countsAChainAsOneLevelAndItsPartsAsNodes() {
        #expect(Desk.check(Array(repeating: "1", count: 900).joined(separator: " + ")).found.isEmpty)
        #expect(Desk.check(Array(repeating: "'a'", count: 1_500).joined(separator: " & ")).found.isEmpty)
        #expect(Desk.check(Array(repeating: "1", count: 2_001).joined(separator: " - ")).found.map(\.code) == ["formula-too-large"])
        #expect(Desk.check("max(" + Array(repeating: "1", count: 2_001).joined(separator: ",") + ")").found.map(\.code) == ["formula-too-large"])
    }
}
