import JSON
import SourceText
import Testing

@Suite struct LineTableTests {
    @Test func countsLinesAndScalarsFromOne() {
        let table = LineTable(Array("a\n中文x\r\ny\rz".utf8))
        #expect(table.lineCount == 4)
        #expect(table.place(of: 0) == SourcePlace(line: 1, column: 1))
        #expect(table.place(of: 5) == SourcePlace(line: 2, column: 2))
        #expect(table.place(of: 8) == SourcePlace(line: 2, column: 3))
        #expect(table.place(of: 11) == SourcePlace(line: 3, column: 1))
        #expect(table.place(of: 13) == SourcePlace(line: 4, column: 1))
        #expect(table.place(of: 99) == SourcePlace(line: 4, column: 2))
        #expect(table.range(ofLine: 1) == 2..<9)
    }

    @Test func countsNoColumnForAByteOrderMark() {
        #expect(LineTable([0xEF, 0xBB, 0xBF, 0x61]).place(of: 3) == SourcePlace(line: 1, column: 1))
    }
}

@Suite struct ClosestMatchTests {
    @Test(arguments: [
        ("prise", ["quantity", "price"], "price"), ("requird", ["required", "unique"], "required"), ("lable", ["label", "table"], "label"),
        ("feild", ["field"], "field"), ("polices", ["policies", "roles"], "policies"), ("Name", ["name"], "name"), ("ｎａｍｅ", ["name"], "name"),
        ("ot", ["to", "of"], "to"), ("客户名程", ["客户名称", "客户等级"], "客户名称"), ("联系电活", ["联系人", "联系电话"], "联系电话"), ("手机", ["手机号"], "手机号"),
        ("客户续费律", ["客户续费率"], "客户续费率"),
    ])
    func findsWhatWasMeant(_ word: String, _ known: [String], _ meant: String) {
        #expect(closestMatch(to: word, among: known) == meant)
    }

    @Test(arguments: [
        ("prise", ["quantity", "total"]), ("客户", ["客服", "用户"]), ("to", ["of", "on"]), ("x", ["y"]), ("amount", ["account"]), ("", ["a"]),
        ("name", []), (String(repeating: "a", count: 5_000), [String(repeating: "a", count: 4_999)]),
    ])
    func guessesNothingFarAway(_ word: String, _ known: [String]) {
        #expect(closestMatch(to: word, among: known) == nil)
    }
}

@Suite struct NormalizationTests {
    @Test func comparesNamesInFormC() {
        #expect(Array("e\u{301}".normalizedName.unicodeScalars) == ["\u{E9}"])
        #expect(Array("か\u{3099}".normalizedName.unicodeScalars) == ["が"])
        #expect("客户_name".normalizedName == "客户_name")
    }
}

@Suite struct EmbeddedTextTests {
    /// `a\u4e2d+b` in a file at offset 10: the escape stands for three bytes of the text.
    let text = EmbeddedText(
        text: "a中+b", span: Span(file: SourceFileID(index: 0), start: 9, end: 20),
        segments: [.init(textOffset: 0, fileOffset: 10), .init(textOffset: 1, fileOffset: 11, fileLength: 6), .init(textOffset: 4, fileOffset: 17)])

    @Test(arguments: [(0..<1, 10, 11), (1..<4, 11, 17), (2..<3, 11, 17), (4..<6, 17, 19), (0..<6, 10, 19), (5..<5, 18, 18), (6..<6, 19, 19), (1..<1, 11, 11)])
    func knowsThePlaceOfEveryPart(_ range: Range<Int>, _ start: Int32, _ end: Int32) {
        #expect(text.span(of: range) == Span(file: text.span.file, start: start, end: end))
    }

    @Test func slicesKeepTheirPlace() {
        let slice = text.slice(1..<5)
        #expect(slice.text == "中+")
        #expect(slice.span(of: 0..<3) == text.span(of: 1..<4))
        #expect(slice.span(of: 3..<4) == text.span(of: 4..<5))
    }

    @Test func withoutSegmentsEverythingIsTheWhole() {
        let whole = EmbeddedText(text: "x", span: text.span, segments: [])
        #expect(whole.span(of: 0..<1) == text.span)
    }
}

@Suite struct DiagnosticsTests {
    private let file = SourceFileID(index: 0)

    private func diagnostic(_ code: String, at start: Int32, _ severity: Diagnostic.Severity = .error) -> Diagnostic {
        Diagnostic(severity, code: code, Words(same: code), at: Span(file: file, start: start, end: start + 1))
    }

    @Test func showsRootCausesFirst() {
        var report = Diagnostics()
        report.report(diagnostic("w", at: 0, .warning))
        report.report(diagnostic("b", at: 9))
        report.report(diagnostic("a", at: 5))
        report.beginStage()
        report.report(diagnostic("c", at: 1))
        report.report(diagnostic("a", at: 5))
        #expect(report.inOrder.map(\.code) == ["a", "b", "c", "w"])
        #expect(report.errorCount == 3 && report.warningCount == 1 && report.hasErrors)
    }

    @Test func keepsABoundAndCountsTheRest() {
        var report = Diagnostics()
        for index in 0..<1_000 { report.report(diagnostic("a", at: Int32(index))) }
        #expect(report.found.count == Diagnostics.maximumCount)
        #expect(report.omittedCount == 1_000 - Diagnostics.maximumCount)
    }
}

@Suite struct RenderingTests {
    private func sources(_ text: String) -> (SourceSet, SourceFile) {
        var set = SourceSet()
        let file = set.add(path: "orders.app.yaml", text: text)
        return (set, file)
    }

    private func span(of part: String, in text: String, _ file: SourceFile) -> Span {
        let start = text.utf8.count - (text.range(of: part).map { text[$0.lowerBound...].utf8.count } ?? 0)
        return Span(file: file.id, start: Int32(start), end: Int32(start + part.utf8.count))
    }

    @Test func rendersAsInTheHandbook() {
        let text = String(repeating: "\n", count: 13) + "    formula: quantity * prise\n"
        let (set, file) = sources(text)
        let diagnostic = Diagnostic(
            code: "unknown-field", Words(zh: "`Order` 没有字段 `prise`", en: "`Order` has no field `prise`"), at: span(of: "prise", in: text, file),
            hint: Words(zh: "是否想写 `price`？", en: "did you mean `price`?"))
        #expect(
            DiagnosticText(sources: set, language: .en).render(diagnostic) == """
                error[unknown-field]: `Order` has no field `prise`
                  --> orders.app.yaml:14:25
                   |
                14 |     formula: quantity * prise
                   |                         ^^^^^
                   = hint: did you mean `price`?

                """)
        #expect(
            DiagnosticText(sources: set, language: .zh).render(diagnostic) == """
                错误[unknown-field]：`Order` 没有字段 `prise`
                  --> orders.app.yaml:14:25
                   |
                14 |     formula: quantity * prise
                   |                         ^^^^^
                   = 提示：是否想写 `price`？

                """)
        #expect(DiagnosticText(sources: set, language: .en, colour: true).render(diagnostic).contains("\u{1B}[1;31m^^^^^\u{1B}[0m"))
    }

    @Test func putsCaretsUnderWideLettersAndSpellsOutWhatIsInvisible() {
        let text = "名称:\t\u{202E}销售额\u{1B}[1m x"
        let (set, file) = sources(text)
        let diagnostic = Diagnostic(.warning, code: "c", Words(same: "bad\u{7}"), at: span(of: "销售额", in: text, file))
        #expect(
            DiagnosticText(sources: set, language: .en).render(diagnostic) == """
                warning[c]: bad\\u{7}
                 --> orders.app.yaml:1:6
                  |
                1 | 名称:\\t\\u{202E}销售额\\u{1B}[1m x
                  |                ^^^^^^

                """)
    }

    @Test func showsBytesThatAreNoText() {
        var set = SourceSet()
        let file = set.add(path: "a.yaml", bytes: [0x61, 0xC3, 0xFB, 0x62])
        let out = DiagnosticText(sources: set, language: .en).render(Diagnostic(code: "c", Words(same: "m"), at: Span(file: file.id, start: 1, end: 2)))
        #expect(out.contains("1 | a\\xC3\\xFBb\n  |  ^^^^\n"))
    }

    @Test func cutsLongLinesAroundThePlace() {
        let text = "key: " + String(repeating: "前", count: 20_000) + "HERE" + String(repeating: "后", count: 20_000)
        let (set, file) = sources(text)
        let lines = DiagnosticText(sources: set, language: .en).render(Diagnostic(code: "c", Words(same: "m"), at: span(of: "HERE", in: text, file)))
            .split(separator: "\n")
        #expect(lines.allSatisfy { $0.unicodeScalars.count < 130 })
        #expect(lines[3].contains("…前") && lines[3].contains("HERE后") && lines[3].hasSuffix("…"))
        #expect(lines[4].hasSuffix("^^^^"))
    }

    @Test func showsSpansOverLinesAndPlacesOfNotes() {
        let text = "a:\n  b: 1\n\n  c: 2\nz: 3\n"
        let (set, file) = sources(text)
        let diagnostic = Diagnostic(
            code: "c", Words(same: "m"), at: span(of: "b: 1\n\n  c: 2", in: text, file), notes: [.init(Words(zh: "先在此处", en: "first here"), at: span(of: "z", in: text, file))])
        #expect(
            DiagnosticText(sources: set, language: .en).render(diagnostic) == """
                error[c]: m
                 --> orders.app.yaml:2:3
                  |
                2 |   b: 1
                  |   ^^^^
                  …
                4 |   c: 2
                  |   ^^^^
                  = note: first here
                 --> orders.app.yaml:5:1
                  |
                5 | z: 3
                  | ^

                """)
    }

    @Test func marksAPlaceAtTheEnd() {
        let (set, file) = sources("abc")
        let out = DiagnosticText(sources: set, language: .en).render(Diagnostic(code: "c", Words(same: "m"), at: Span(file: file.id, start: 3, end: 3)))
        #expect(out.contains("1 | abc\n  |    ^\n"))
        let (empty, none) = sources("")
        #expect(DiagnosticText(sources: empty, language: .en).render(Diagnostic(code: "c", Words(same: "m"), at: Span(file: none.id, start: 0, end: 0))).contains("1 |\n  | ^\n"))
    }

    @Test func writesTheShapeOfCheck() {
        let text = "名: prise\n"
        let (set, file) = sources(text)
        var report = Diagnostics()
        report.report(Diagnostic(code: "c", Words(zh: "中", en: "m"), at: span(of: "prise", in: text, file), notes: [.init(Words(same: "n"))]))
        #expect(
            DiagnosticJSON(sources: set, language: .zh).value(of: report).text()
                == #"{"ok":false,"diagnostics":[{"code":"c","severity":"error","message":"中","file":"orders.app.yaml","line":1,"column":4,"end_line":1,"end_column":9,"hint":null,"notes":[{"message":"n"}]}]}"#
        )
        #expect(DiagnosticText(sources: set, language: .en).summary(of: report) == "1 error")
    }
}

extension String {
    fileprivate func range(of part: String) -> Range<Index>? {
        indices.first { self[$0...].hasPrefix(part) }.map { $0..<index($0, offsetBy: part.count) }
    }
}
