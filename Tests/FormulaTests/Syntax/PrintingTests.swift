import Formula
import SourceText
import Testing

/// What is read, printed again in the one canonical way.
@Suite struct PrintingTests {
    static let printed: [(String, String)] = [
        ("1+2*3", "1 + 2 * 3"),
        ("(1+2)*3", "(1 + 2) * 3"),
        ("1-(2-3)-4", "1 - (2 - 3) - 4"),
        ("a/(b*c)", "a / (b * c)"),
        ("=amount * 2", "amount * 2"),
        ("＝金额＊２", "金额 * 2"),
        ("如果（状态＝“new”，１，０）", "if(状态 = 'new', 1, 0)"),
        ("如果(a＞＝1，'是'，\"否\")", "if(a >= 1, '是', '否')"),
        ("‘x’ ＆ “y”", "'x' & 'y'"),
        ("“他说“好””！”", "'他说“好”！'"),
        ("'it''s'", "'it''s'"),
        ("\"say \"\"x\"\"\"", "'say \"x\"'"),
        ("a!=b", "a <> b"),
        ("a ＜＞ b", "a <> b"),
        ("SUM(1, 2)", "sum(1, 2)"),
        ("求和(lines.qty)", "sum(lines.qty)"),
        ("CASE(a, 1, 2, 3)", "switch(a, 1, 2, 3)"),
        ("BLANKVALUE(a, 1)", "coalesce(a, 1)"),
        ("13%", "13%"),
        ("500万 + 5M + 1.5亿 + 3千", "500万 + 5M + 1.5亿 + 3千"),
        (".5 + 2", "0.5 + 2"),
        ("2h + 30min + 10s", "2h + 30min + 10s"),
        ("3days + 1 day + 5  weeks", "3 days + 1 day + 5 weeks"),
        ("3天 + 2 小时 + 5周", "3天 + 2小时 + 5周"),
        ("是 or 否", "true or false"),
        ("not a and b", "not a and b"),
        ("not (a and b)", "not (a and b)"),
        ("a or b and c", "a or b and c"),
        ("(a or b) and c", "(a or b) and c"),
        ("and(a, b)", "and(a, b)"),
        ("a and(b or c)", "a and (b or c)"),
        ("x is not blank", "x is not blank"),
        ("x not in ('a', 'b')", "x not in ('a', 'b')"),
        ("x in candidate.regions", "x in candidate.regions"),
        ("x between 1 and 2 and y", "x between 1 and 2 and y"),
        ("a & b + 1 = c", "a & b + 1 = c"),
        ("(-x)^y", "(-x)^y"),
        ("-(x^y)", "-(x^y)"),
        ("2^-3", "2^-3"),
        ("(a^b)^c", "(a^b)^c"),
        ("`a b`.`c d`", "`a b`.`c d`"),
        ("`plain`", "plain"),
        ("sum(orders.amount where status = 'paid' and amount > 100)", "sum(orders.amount where status = 'paid' and amount > 100)"),
        ("latest(activities as a where kind='call' by at desc).note", "last(activities as a where kind = 'call' by at desc).note"),
        ("count(users in role 主管)", "count(users in role 主管)"),
        ("sum(lines where active, qty*price)", "sum(lines where active, qty * price)"),
        ("if(a, b)", "if(a, b)"),
        ("\u{FEFF}a\u{3000}+\u{00A0}b", "a + b"),
        ("+5 - +3", "5 - 3"),
    ]

    @Test(arguments: printed)
    func printsInOneWay(_ written: String, _ canonical: String) {
        let (root, mistakes) = SyntaxProbe.parse(written)
        #expect(mistakes.isEmpty, "\(mistakes)")
        #expect(FormulaPrinter().print(root) == canonical)
    }

    @Test(arguments: printed)
    func readsWhatItPrints(_ written: String, _ canonical: String) {
        let (root, mistakes) = SyntaxProbe.parse(canonical)
        #expect(mistakes.isEmpty, "\(mistakes)")
        #expect(FormulaPrinter().print(root) == canonical)
    }
}
