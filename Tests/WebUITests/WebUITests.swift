import Formula
import HTML
import HTTPService
import Model
import SourceText
import Testing

@testable import WebUI

private func shell(_ language: Language = .zh) -> Shell {
    var shell = Shell(language: language, theme: .system, app: Words(zh: "客户管理", en: "Customer desk"))
    shell.person = Shell.Person(name: "<王芳>", formToken: "tok\"en")
    shell.places = [Shell.Place(name: "lead", label: Words(zh: "线索", en: "Lead"))]
    return shell
}

private func written(_ language: Language = .zh, _ write: (Page) -> Void) -> String {
    let page = Page(html: HTMLWriter(), shell: shell(language))
    write(page)
    return page.html.string
}

private func count(_ part: String, in text: String) -> Int {
    text.ranges(of: part).count
}

@Suite struct ShellTests {
    @Test(arguments: [Language.zh, .en])
    func documentsNameTheirLanguageAndCarryNoInlineCode(language: Language) {
        let text = String(decoding: Page.inShell(shell(language), title: "T") { _ in }, as: UTF8.self)
        #expect(text.contains("<html lang=\"\(language == .zh ? "zh-CN" : "en")\">"))
        #expect(!text.contains(" style=") && !text.contains(" onclick=") && !text.contains("<style"))
        #expect(count("<main", in: text) == 1)
        #expect(text.contains("&lt;王芳&gt;") && !text.contains("<王芳>"))
        #expect(text.contains("value=\"tok&quot;en\""))
    }

    @Test func theLanguageSwitchNamesTheOtherLanguage() {
        #expect(written(.zh) { $0.languageSwitch() }.contains("English"))
        #expect(written(.en) { $0.languageSwitch() }.contains("中文"))
    }
}

@Suite struct FormPageTests {
    private func field(_ control: FormField.Control, entry: String = "", errors: [String] = [], required: Bool = false) -> FormField {
        FormField(
            name: "a", id: "f-1", label: "金额", help: "帮助", isRequired: required, control: control, entry: entry, opened: "old", errors: errors)
    }

    @Test func labelHelpAndErrorBelongToTheControl() {
        let text = written { $0.field(field(.text(.plain), entry: "\"><b>", errors: ["太大"], required: true)) }
        #expect(text.contains("<label for=\"f-1\">金额"))
        #expect(text.contains("aria-describedby=\"f-1-help f-1-error\"") && text.contains("aria-invalid=\"true\""))
        #expect(text.contains("id=\"f-1-help\"") && text.contains("id=\"f-1-error\""))
        #expect(text.contains("value=\"&quot;&gt;&lt;b&gt;\""))
        #expect(text.contains("<input type=\"hidden\" name=\"w.a\" value=\"old\">"))
        #expect(text.contains("aria-required=\"true\""))
    }

    @Test func choicesAreTickedByKey() {
        let choices = [FormField.Choice(key: "x", label: "甲"), FormField.Choice(key: "y", label: "乙")]
        let ticked = written { $0.field(field(.choices(choices), entry: "y")) }
        #expect(count(" checked", in: ticked) == 1)
        #expect(ticked.contains("value=\"y\" checked") && ticked.contains("<fieldset") && ticked.contains("<legend>"))
        let chosen = written { $0.field(field(.choice(choices), entry: "x")) }
        #expect(chosen.contains("<option value=\"x\" selected>甲</option>"))
    }

    @Test func manyRecordsCanBeLookedUpWithoutScripts() {
        let text = written { $0.field(field(.record([], lookup: Link("lookup", "lead", "owner"), hasMore: true))) }
        #expect(text.contains("data-combobox=\"/lookup/lead/owner\"") && text.contains("name=\"_find\" value=\"a\"") && text.contains("name=\"q.a\""))
        let few = written { $0.field(field(.record([], lookup: Link(), hasMore: false))) }
        #expect(!few.contains("_find"))
    }

    @Test func severalRecordsAreTicked() {
        let choices = [
            FormField.Choice(key: "product/2", label: "<乙>", isUserContent: true), FormField.Choice(key: "product/1", label: "甲", isUserContent: true),
        ]
        let text = written { $0.field(field(.records(choices, hasMore: true), entry: "product/2", errors: ["必填"])) }
        #expect(text.contains("value=\"product/2\" checked") && count(" checked", in: text) == 1 && !text.contains("<乙>"))
        #expect(text.contains("<fieldset") && text.contains("name=\"_find\" value=\"a\"") && text.contains("id=\"f-1-error\""))
        #expect(!written { $0.field(field(.records(choices, hasMore: false))) }.contains("_find"))
    }

    @Test func severalRecordsAreShownWithTheirLinks() {
        let text = written { page in
            page.value(.several([.record(title: "甲", Link("records", "product", "1")), .file(name: "a.pdf", Link("records", "file", "2"), download: Link("files", "2"))]))
        }
        #expect(text.contains("href=\"/records/product/1\"") && text.contains("href=\"/files/2\"") && count("class=\"chip\"", in: text) == 2)
    }

    @Test func theSummaryLeadsToEveryWrongField() {
        let view = FormView(
            title: "编辑", action: Link("x"), cancel: Link(), groups: [.init(label: "组", fields: [field(.date, errors: ["必填"])])],
            errors: ["合计不对"], version: 7, requestKey: "k")
        #expect(view.errorCount == 2)
        let text = written { $0.formPage(view, trail: []) }
        #expect(text.contains("role=\"alert\"") && text.contains("<a href=\"#f-1\">金额：必填</a>") && text.contains("<li>合计不对</li>"))
        #expect(text.contains("name=\"_version\" value=\"7\"") && text.contains("name=\"_token\"") && text.contains("name=\"_request\" value=\"k\""))
    }
}

@Suite struct GatePanelTests {
    private func gate(met: [Bool], refusal: String? = nil, wasTried: Bool = false) -> GateView {
        GateView(
            key: "quoted", label: Words(zh: "报价", en: "Quoted"),
            items: met.enumerated().map { .init(name: "c\($0)", say: "条件\($0)", isMet: $1, ways: []) }, refusal: refusal,
            action: Link("records", "opportunity", "3", "stage"), version: 4, requestKey: "k", wasTried: wasTried)
    }

    @Test func everyConditionSaysWhetherItIsMet() {
        let text = written { $0.gatePanel(gate(met: [true, false, false])) }
        #expect(count("condition unmet", in: text) == 2 && count("condition met", in: text) == 1)
        #expect(count("（未满足）", in: text) == 2 && text.contains("还差 2 项"))
        let english = written(.en) { $0.gatePanel(gate(met: [false])) }
        #expect(english.contains("1 item missing") && english.contains("Conditions for entering “Quoted”"))
    }

    @Test func anOpenGateOffersTheMove() {
        let text = written { $0.gatePanel(gate(met: [true])) }
        #expect(text.contains("推进到「报价」") && text.contains("button primary") && text.contains("name=\"to\" value=\"quoted\""))
    }

    @Test func aPathThatForbidsTheMoveOffersNone() {
        let text = written { $0.gatePanel(gate(met: [true], refusal: "不能跳过阶段")) }
        #expect(text.contains("不能跳过阶段") && !text.contains("<button"))
    }

    @Test func aRefusedMoveIsAnnounced() {
        let text = written { $0.gatePanel(gate(met: [false], wasTried: true)) }
        #expect(text.contains("role=\"alert\"") && text.contains("现在不能进入这个阶段：还差 1 项"))
    }

    @Test func stagesAreButtonsInTheirPhases() {
        let path = StagePathView(
            action: Link("records", "opportunity", "3"),
            phases: [
                .init(label: "确认", stages: [.init(key: "a", label: "甲", state: .done, end: nil, isPreviewed: false)]),
                .init(
                    label: nil,
                    stages: [
                        .init(key: "b", label: "乙", state: .current, end: nil, isPreviewed: false),
                        .init(key: "c", label: "丙", state: .ahead, end: .won, isPreviewed: true),
                    ]),
            ])
        let text = written { $0.stagePath(path) }
        #expect(count("<button", in: text) == 3 && count("aria-current=\"step\"", in: text) == 1 && count("aria-pressed=\"true\"", in: text) == 1)
    }
}

@Suite struct ListPageTests {
    private func view(_ body: ListView.Body) -> ListView {
        ListView(
            objectName: "lead", label: Words(zh: "线索", en: "Lead"), titleLabel: "姓名", titleSort: nil,
            columns: [
                .init(name: "amount", label: "金额", isNumber: true, isMinor: false, sort: .init(order: .descending, link: Link(query: [("sort", "")])))
            ], body: body, total: 1284, search: "", tabs: [], chips: [], filterFields: [], comparisons: [], columnChoices: [], kept: ([], [], []),
            cleared: Link("records", "lead"), first: nil, next: Link(query: [("after", "x")]), new: Link("records", "lead", "new"), importing: nil,
            exporting: Link("records", "lead", "export.csv"), asList: Link("records", "lead"), asBoard: Link("records", "lead", "board"),
            bin: Link("records", "lead", "bin"), bulk: Link("records", "lead", "bulk"), bulkKept: [("q", "x")])
    }

    @Test func rowsAreEscapedAndMarkedAsPeoplesOwn() {
        let text = written {
            $0.listPage(view(.rows([.init(id: 1, title: "<张> & 李", link: Link("records", "lead", "1"), cells: [.number("¥1.00")])])))
        }
        #expect(text.contains("data-user-content=\"\">&lt;张&gt; &amp; 李</a>"))
        #expect(text.contains("aria-sort=\"descending\"") && text.contains("共 1,284 条") && text.contains("data-label=\"金额\""))
        #expect(text.contains("name=\"id\" value=\"1\" form=\"bulk\"") && text.contains("看板") && text.contains("回收站"))
    }

    @Test func theThreeEmptyStatesDiffer() {
        #expect(written { $0.listPage(view(.noneYet)) }.contains("还没有线索"))
        #expect(written { $0.listPage(view(.noMatch)) }.contains("没有符合条件的记录"))
        #expect(written { $0.listPage(view(.refused(heading: Words(zh: "不行", en: "no"), lines: ["<x>"]))) }.contains("<li>&lt;x&gt;</li>"))
    }
}

@Suite struct FormFieldsTests {
    @Test func decodes() {
        let form = FormFields(encoded: "a=1&b=%E4%BD%A0+c%2B&a=2&empty=&lone&bad=%zz%4&crlf=x%0D%0Ay")
        #expect(form.all("a") == ["1", "2"] && form.first("b") == "你 c+" && form.first("empty") == "" && form.first("lone") == "")
        #expect(form.first("bad") == "%zz%4" && form.first("crlf") == "x\ny" && form.first("none") == nil)
        #expect(FormFields(encoded: "").entries.isEmpty)
        #expect(FormFields(encoded: "x=%E4%B8").first("x") == "\u{FFFD}")
        #expect(FormFields(encoded: "q=++a+").filled("q") == "a")
    }
}

@Suite struct ListAddressTests {
    @Test func everythingAboutTheListStandsInItsAddress() {
        let query = FormFields(encoded: "where=amount+%3E+5&where=&where=not+done&q=%E5%BC%A0&sort=-amount&col=name,amount&after=abc")
        let address = ListAddress(object: "lead", query: query)
        #expect(address.wheres == ["amount > 5", "not done"] && address.columns == ["name", "amount"])
        let again = ListAddress(object: "lead", query: FormFields(encoded: String(address.link.text.split(separator: "?")[1])))
        #expect(again == address)
        #expect(address.without(0).text == "/records/lead?where=not%20done&q=%E5%BC%A0&sort=-amount&col=name%2Camount")
        #expect(!address.cleared.text.contains("where") && address.cleared.text.contains("sort"))
    }
}

@Suite struct FilterClauseTests {
    private static func field(_ name: String, _ kind: FieldKind) -> CheckedField {
        CheckedField(id: FieldID(object: ObjectID(index: 5), index: 6), name: name, label: Words(zh: "标签", en: "Label"), kind: kind)
    }

    private static let list = OptionList(name: "l", options: [.init(key: "new", labelZh: "新建", labelEn: "New")])

    private static func object(_ field: CheckedField) -> CheckedObject {
        CheckedObject(
            id: ObjectID(index: 5), name: "lead", label: Words(same: "lead"), builtIn: nil,
            shows: CheckedTemplate(parts: [], source: EmbeddedText(text: "", span: Span(file: SourceFileID(index: 0), start: 0, end: 0), segments: [])),
            fields: [field], rules: [], stage: nil, collections: [], declaredAt: nil)
    }

    @Test(arguments: [
        ("name", FieldKind.text, Comparison.contains, Value.text("O'Brien"), "name contains 'O''Brien'", "标签 包含 O'Brien"),
        ("状态", .choice(list), .equals, .option("new"), "状态 = 'new'", "标签 等于 新建"),
        ("tags", .tags, .equals, .options(["vip"]), "tags contains 'vip'", "标签 包含 vip"),
        ("my field", .bool, .isNo, .blank, "not `my field`", "标签 为否"),
        ("due", .date, .atMost, .date(Day(daysSinceEpoch: 0)), "due <= date(1970, 1, 1)", "标签 不大于 1970-01-01"),
        ("rate", .percent(decimals: 6), .above, .number(ExactDecimal(scaled: 15, decimals: 2)), "rate > 15%", "标签 大于 15%"),
        ("owner", .link(to: [ObjectID(index: 0)]), .equals, .link(RecordID(object: ObjectID(index: 0), number: 3)), "owner.id = 3", "标签 等于 3"),
        ("owner", .link(to: [ObjectID(index: 0)]), .isMe, .blank, "owner = me", "标签 是我"),
        ("amount", .money(decimals: 2, currency: "CNY"), .contains, .number(ExactDecimal(5)), "amount = 5", "标签 等于 5"),
    ])
    func writesFormulasAndReadsThemBack(name: String, kind: FieldKind, comparison: Comparison, value: Value, formula: String, words: String) {
        let field = Self.field(name, kind)
        let clause = FilterClause(field, comparison, value, zone: .utc)
        #expect(clause.formula == formula)
        #expect(clause.words(on: Self.object(field), language: .zh) == words)
    }

    @Test func anyOtherFormulaIsItsOwnChip() {
        let object = Self.object(Self.field("name", .text))
        for formula in ["name = 'a' or name = 'b'", "len(name) > 3", "name = 'it''s' & 'x'"] {
            #expect(FilterClause(formula: formula).words(on: object, language: .zh) == formula)
        }
    }
}

@Suite struct NumberTests {
    @Test(arguments: [("1", "1"), ("1234", "1,234"), ("-1234567.50", "-1,234,567.50"), ("999", "999"), ("0.12345", "0.12345")])
    func groups(digits: String, expected: String) {
        #expect(groupedDigits(digits) == expected)
    }
}
