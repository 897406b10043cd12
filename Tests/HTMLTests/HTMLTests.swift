import HTML
import Testing

private func written(_ write: (HTMLWriter) -> Void) -> String {
    let html = HTMLWriter()
    write(html)
    return html.string
}

@Suite struct EscapingTests {
    @Test(arguments: [
        ("plain 你好", "plain 你好"),
        ("a < b > c & d", "a &lt; b &gt; c &amp; d"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("&lt;", "&amp;lt;"),
        ("\"it's\"", "&quot;it&#39;s&quot;"),
        ("", ""),
        ("line\nnext\ttab", "line\nnext\ttab"),
        ("carriage\rreturn", "carriage&#13;return"),
        ("emoji 👩‍👩‍👧 𠮷", "emoji 👩‍👩‍👧 𠮷"),
    ])
    func textCannotEndItself(raw: String, expected: String) {
        #expect(written { $0.text(raw) } == expected)
        #expect(written { $0.p(text: raw) } == "<p>\(expected)</p>")
    }

    @Test func controlCharactersAreReplaced() {
        #expect(written { $0.text("nul\u{0}bell\u{7}esc\u{1B}del\u{7F}") } == "nul\u{FFFD}bell\u{FFFD}esc\u{FFFD}del\u{FFFD}")
        #expect(written { $0.text("c1 \u{85}\u{9B}; nbsp \u{A0}; ¿") } == "c1 \u{FFFD}\u{FFFD}; nbsp \u{A0}; ¿")
        #expect(written { $0.text("\u{80}") } == "\u{FFFD}")
        #expect(Link(web: "https://a\u{0}b") == nil)
    }

    @Test func attributeCannotEndItself() {
        let raw = "\" onmouseover=\"alert(1)\" x='\n><"
        #expect(
            written { $0.input(.name("a"), .value(raw)) }
                == "<input name=\"a\" value=\"&quot; onmouseover=&quot;alert(1)&quot; x=&#39;\n&gt;&lt;\">")
        #expect(written { $0.div(.data("label", raw), .title("&amp;")) {} }.hasSuffix("title=\"&amp;amp;\"></div>"))
    }

    @Test func loneSurrogatesAreReplacedBeforeTheyArrive() {
        let broken: [UInt16] = [0x61, 0xD83D, 0x62, 0xDC00]
        #expect(written { $0.text(String(decoding: broken, as: UTF16.self)) } == "a\u{FFFD}b\u{FFFD}")
    }

    @Test func invalidUTF8IsReplacedBeforeItArrives() {
        #expect(written { $0.text(String(decoding: [0x61, 0xFF, 0xC2] as [UInt8], as: UTF8.self)) } == "a\u{FFFD}\u{FFFD}")
    }

    @Test func textareaKeepsItsFirstLineFeedAndCannotBeLeft() {
        #expect(
            written { $0.textarea([.name("t")], value: "\n</textarea><b>") }
                == "<textarea name=\"t\">\n\n&lt;/textarea&gt;&lt;b&gt;</textarea>")
    }

    @Test func everyStringReadsBackAsItself() {
        // The five characters and their neighbours, in every order of three.
        let alphabet = ["&", "<", ">", "\"", "'", "a", "中", "\u{A0}"]
        for first in alphabet {
            for second in alphabet {
                for third in alphabet {
                    let raw = first + second + third
                    let out = written { $0.text(raw) }
                    #expect(!out.contains("<") && !out.contains(">") && !out.contains("\"") && !out.contains("'"))
                    let back = out.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
                        .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
                    #expect(back == raw)
                }
            }
        }
    }
}

@Suite struct StructureTests {
    @Test func nests() {
        let out = written { html in
            html.ul(.class("list")) {
                for name in ["a", "b"] {
                    html.li { html.a(.href(Link("records", name)), text: name) }
                }
            }
        }
        #expect(out == "<ul class=\"list\"><li><a href=\"/records/a\">a</a></li><li><a href=\"/records/b\">b</a></li></ul>")
    }

    @Test func attributesMayBeAbsentGroupedOrBare() {
        let out = written {
            $0.input(.type("checkbox"), .when(true, .checked), .when(false, .disabled), .none, .all([.aria("label", "x"), .data("row")]))
        }
        #expect(out == "<input type=\"checkbox\" checked aria-label=\"x\" data-row=\"\">")
    }

    @Test func partsAreJoinedUnchanged() {
        let part = HTMLWriter()
        part.p(text: "<")
        #expect(written { $0.div {}; $0.append(part) } == "<div></div><p>&lt;</p>")
    }

    @Test func iconsAndModulesComeFromLinks() {
        #expect(
            written { $0.icon("plus", from: Link("a", "1", "icons.svg")) }
                == "<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"/a/1/icons.svg#plus\"></use></svg>")
        #expect(written { $0.module(Link("a", "1", "app.js")) } == "<script type=\"module\" src=\"/a/1/app.js\"></script>")
    }
}

@Suite struct LinkTests {
    @Test func encodesSegmentsAndQuery() {
        let link = Link("records", "线索/a b", "..", query: [("q", "a&b=c#d"), ("空", "")], fragment: "x y")
        #expect(link.text == "/records/%E7%BA%BF%E7%B4%A2%2Fa%20b/%2E%2E?q=a%26b%3Dc%23d&%E7%A9%BA=#x%20y")
        #expect(Link().text == "/")
        #expect(Link(query: [("sort", "-name")]).text == "?sort=-name")
    }

    @Test(arguments: [
        "javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x",
        "//evil.example", "https:evil", "http://", "ftp://x.example", "https://a b", "",
    ])
    func refusesAllButWebAddresses(text: String) {
        #expect(Link(web: text) == nil)
        #expect(Link(sitePath: text) == nil)
    }

    @Test func takesWebAddresses() {
        #expect(Link(web: "https://例子.中国/路?a=1#b")?.text == "https://例子.中国/路?a=1#b")
        #expect(Link(web: "HTTP://a.example")?.text == "HTTP://a.example")
    }

    @Test func sitePathsStayOnTheSite() {
        #expect(Link(sitePath: "/records/lead?q=%E5")?.text == "/records/lead?q=%E5")
        for text in ["/\\evil.example", "/a\\b", "/ a", "/a\nb", "records"] { #expect(Link(sitePath: text) == nil) }
    }

    @Test func mailAndTelephone() {
        #expect(Link(mail: "a@b.example")?.text == "mailto:a@b.example")
        #expect(Link(mail: "a@b.example?subject=x") == nil)
        #expect(Link(mail: "nobody") == nil)
        #expect(Link(telephone: "+86 138-1234-5678")?.text == "tel:+8613812345678")
        #expect(Link(telephone: "javascript:1") == nil)
        #expect(Link(telephone: "") == nil)
    }
}
