import LocatedYAML
import SourceText
import Testing

extension YAMLNode {
    fileprivate func value(_ path: String...) -> YAMLNode? {
        path.reduce(Optional(self)) { node, name in
            switch node?.content {
            case .mapping(let entries): entries.first { $0.key.value == name }?.value
            case .sequence(let items): Int(name).flatMap { $0 < items.count ? items[$0] : nil }
            case .scalar, nil: nil
            }
        }
    }

    fileprivate var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }
}

@Suite struct TreeTests {
    @Test func spansSliceToExactlyTheText() throws {
        let text = """
            # 应用
            名称: 客户   # a comment
            list:
            - one
            - "two"

            map:
              inner: { a: 1, b: [x, y] }
              block: |
                line 1

                line 2

              empty:

            last: 'it''s'
            """
        let reading = Reading(text)
        #expect(reading.codes == [])
        let root = try #require(reading.node)
        func slice(_ path: String...) -> String? {
            path.reduce(Optional(root)) { $0?.value($1) }.map { reading.file.text(of: $0.span) }
        }
        #expect(slice("名称") == "客户")
        #expect(slice("list") == "- one\n- \"two\"")
        #expect(slice("list", "1") == "\"two\"")
        #expect(slice("map", "inner") == "{ a: 1, b: [x, y] }")
        #expect(slice("map", "inner", "b") == "[x, y]")
        #expect(slice("map", "block") == "|\n    line 1\n\n    line 2")
        #expect(slice("map", "empty") == "")
        #expect(slice("map") == "inner: { a: 1, b: [x, y] }\n  block: |\n    line 1\n\n    line 2\n\n  empty:")
        #expect(slice("last") == "'it''s'")
        #expect(root.span.start == Int32("# 应用\n".utf8.count))
        guard case .mapping(let entries) = root.content else { return }
        #expect(entries.map(\.key.value) == ["名称", "list", "map", "last"])
        #expect(reading.file.text(of: entries[0].key.span) == "名称")
        #expect(root.value("map", "block")?.scalar?.text == "line 1\n\nline 2\n")
        #expect(root.value("map", "empty")?.scalar?.isNoValue == true)
        #expect(root.value("last")?.scalar?.text == "it's")
    }

    @Test(arguments: [
        ("f: a + 价格 * b", "价格"), ("f: \"a + \\u4ef7格 * b\"", "\\u4ef7格"), ("f: 'a + ''价格'' * b'", "价格"), ("f: a +\n   价格 * b", "价格"),
        ("f: |\n  a +\n  价格 * b\n", "价格"), ("f: >\n\n  a +\n\n  价格 * b\n", "价格"), ("f: \"a + \\\n   价格 * b\"", "价格"), ("\u{FEFF}f: a\r\n  + 价格\r\n", "价格"),
    ])
    func partsOfATextKnowTheirPlace(_ source: String, _ written: String) throws {
        let reading = Reading(source)
        let embedded = try #require(reading.node?.value("f")?.scalar?.embedded)
        let bytes = Array(embedded.text.utf8)
        let word = Array("价格".utf8)
        let start = try #require(bytes.indices.first { bytes[$0...].starts(with: word) })
        #expect(reading.file.text(of: embedded.span(of: start..<start + word.count)) == written)
    }

    @Test func nothingIsGuessedFromSpelling() throws {
        let root = try #require(Reading("a: no\nb: 010\nc: 1.10\nd: 'null'\ne: null\nf: ~\ng: \"\"\nh:\n").node)
        #expect(["a", "b", "c", "d"].map { root.value($0)?.scalar?.text } == ["no", "010", "1.10", "null"])
        #expect(["a", "d", "e", "f", "g", "h"].map { root.value($0)?.scalar?.isNoValue } == [false, false, true, true, false, true])
    }

    @Test func keysAreNormalised() throws {
        #expect(Reading("cafe\u{301}: x\n").node?.value("caf\u{E9}")?.scalar?.text == "x")
    }

    @Test func anEmptyFileIsNothingAndNothingIsWrong() {
        for text in ["", "\n", "# only this\n", "\u{FEFF}", "---\n"] {
            let reading = Reading(text)
            #expect(reading.codes == [])
            #expect(!reading.report.hasUnreadParts)
        }
    }

    @Test func tellsSeveralMistakesAtOnceAndKeepsTheRest() throws {
        let reading = Reading("a：1\nb: \"x\" & y\nc: ok\nd: 订单 #{no}\ne: [f(x, 2)]\ng: `h`\n")
        #expect(reading.codes == ["full-width-colon", "needs-quotes", "comment-eats-text", "comma-splits-text", "needs-quotes"])
        #expect(reading.report.hasUnreadParts)
        #expect(reading.node?.value("c")?.scalar?.text == "ok")
        #expect(reading.node?.value("e", "0")?.scalar?.text == "f(x, 2)")
    }

    @Test func helpsWithTextInTheWrongShape() throws {
        let reading = Reading("shows: {a: b}\nsay: 提示：请填写\n")
        #expect(reading.node?.value("shows")?.lineInQuotes(of: reading.file) == "shows: \"{a: b}\"")
        let entry = reading.node?.value("say")?.scalar?.entryWithFullWidthColon
        #expect(entry?.name == "提示")
        #expect(entry?.text == "请填写")
    }
}
