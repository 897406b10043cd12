import Formula
import HTML
import SourceText
import Testing

@testable import WebUI

private func written(_ language: Language = .zh, _ write: (Page) -> Void) -> String {
    var shell = Shell(language: language, theme: .system, app: Words(zh: "客户管理", en: "Customer desk"))
    shell.person = Shell.Person(name: "王芳", formToken: "token")
    let page = Page(html: HTMLWriter(), shell: shell)
    write(page)
    return page.html.string
}

@Suite struct CompactNumberTests {
    @Test(arguments: [
        ("0", "0", "0"), ("999", "999", "999"), ("1234.5", "1,234.5", "1.23K"), ("9999", "9,999", "10K"), ("12345", "1.23万", "12.35K"),
        ("999999", "100万", "1M"), ("1285000", "128.5万", "1.29M"), ("99999999", "1亿", "100M"), ("128000000", "1.28亿", "128M"),
        ("1280000000000", "1.28万亿", "1,280B"), ("-96000", "-9.6万", "-96K"), ("0.05", "0.05", "0.05"),
    ])
    func chineseCountsByTenThousands(number: String, zh: String, en: String) throws {
        let number = try ExactDecimal(parsing: number)
        #expect(compact(number, .zh) == zh)
        #expect(compact(number, .en) == en)
    }
}

@Suite struct UndoOfferTests {
    @Test(arguments: [UndoOffer.change(object: "商机", number: 12, version: 5), .restore(object: "lead", number: 3)])
    func readsBackWhatItWrote(offer: UndoOffer) {
        #expect(offer.text.unicodeScalars.allSatisfy { $0.isASCII })
        #expect(UndoOffer(text: offer.text) == offer)
    }

    @Test(arguments: ["", "change/lead/1", "change/lead/x/2", "restore/lead", "purge/lead/1", "restore/lead/1/2"])
    func takesNothingElse(text: String) {
        #expect(UndoOffer(text: text) == nil)
    }
}

@Suite struct MovePageTests {
    private func view(refusal: String? = nil, items: [MoveView.Item] = [], tried: Bool = false) -> MoveView {
        MoveView(
            title: "<华东>", link: Link("records", "deal", "1"), to: ("quoted", Words(zh: "报价", en: "Quoted")), targets: [], items: items,
            refusal: refusal, errors: [], action: Link("records", "deal", "1", "move"), by: "stage", version: 3, requestKey: "k",
            back: Link("records", "deal", "board"), wasTried: tried, needsFileAgain: false)
    }

    @Test func tellsScriptsTheVerdictAndPeopleTheReason() {
        let open = written { $0.movePage(view(), trail: []) }
        #expect(open.contains("data-verdict=\"yes\"") && open.contains("name=\"_version\" value=\"3\"") && open.contains("&lt;华东&gt;"))
        let refused = written { $0.movePage(view(refusal: "不能跳过“调研”"), trail: []) }
        #expect(refused.contains("data-verdict=\"no\"") && refused.contains("不能跳过“调研”") && !refused.contains("<form"))
        let field = FormField(name: "amount", id: "m", label: "金额", help: nil, isRequired: false, control: .text(.decimal), entry: "", opened: "")
        let item = MoveView.Item(say: "请填写金额", isMet: false, isAnswered: false, ways: [.fill(field)])
        let form = written { $0.movePage(view(items: [item], tried: true), trail: []) }
        #expect(form.contains("data-verdict=\"form\"") && form.contains("data-say=\"需补 1 项\"") && form.contains("name=\"f.amount\""))
        #expect(form.contains("multipart/form-data") && form.contains("还没有移动"))
    }

    @Test func filesAndChildrenHaveNamesOfTheirOwn() {
        let field = FormField(name: "text@0-1-0", id: "m", label: "内容", help: nil, isRequired: false, control: .longText, entry: "", opened: "")
        let items = [
            MoveView.Item(say: "请上传", isMet: false, isAnswered: true, ways: [
                .file(name: "0-0", id: "u", label: "上传纪要", kinds: [], kindLabel: "类型", fixed: [("kind", "minutes")]),
                .add(label: "跟进", name: "0-1", groups: [[field]]),
            ]),
        ]
        let text = written { $0.movePage(view(items: items), trail: []) }
        #expect(text.contains("已填写") && text.contains("name=\"upload@0-0\"") && text.contains("name=\"kind@0-0\" value=\"minutes\""))
        #expect(text.contains("name=\"child\" value=\"0-1\"") && text.contains("name=\"f.text@0-1-0\"") && text.contains("name=\"_more\" value=\"0-1\""))
    }
}

@Suite struct BulkPageTests {
    @Test func thePreviewSaysWhatWouldBeRefusedAndOffersTheRest() {
        let field = FormField(name: "owner", id: "b", label: "负责人", help: nil, isRequired: false, control: .text(.plain), entry: "x", opened: "")
        let preview = BulkView.Preview(
            rows: [.init(title: "甲", link: Link("records", "lead", "1"), old: "—", new: "x", refusal: "<太大>")], changes: 2, stays: 1, refusals: 3,
            reasons: [("太大", 3)], tried: nil)
        let view = BulkView(
            label: Words(zh: "线索", en: "Leads"), list: Link("records", "lead"), count: 6, action: Link("records", "lead", "bulk"), kept: [("id", "1,2")],
            choices: [("owner", "负责人")], chosen: ("owner", "负责人", field), errors: [], preview: preview, requestKey: "key")
        let text = written { $0.bulkPage(view) }
        #expect(text.contains("2 条会修改") && text.contains("1 条已经是这个值") && text.contains("3 条会被拒绝") && text.contains("&lt;太大&gt;"))
        #expect(text.contains("修改 2 条") && text.contains("name=\"_request\" value=\"key\"") && !text.contains(" disabled"))
        var nothing = view
        nothing.preview?.changes = 0
        #expect(written { $0.bulkPage(nothing) }.contains(" disabled"))
    }
}

@Suite struct RecycleBinPageTests {
    @Test func onlyAdministratorsAreOfferedToDeleteForGood() {
        let entry = RecycleBinView.Entry(
            title: "甲", at: "2026年3月2日 09:00", ago: "刚刚", stamp: "2026-03-02T01:00:00Z", by: nil, restoring: Link("r"), purging: nil)
        var view = RecycleBinView(
            label: Words(zh: "线索", en: "Leads"), list: Link("records", "lead"), total: 1, entries: [entry], purgeNote: Say.purgeByAdministrator,
            trouble: nil, next: nil, first: nil)
        let others = written { $0.recycleBinPage(view) }
        #expect(others.contains("恢复") && !others.contains("action=\"/p\"") && others.contains("应用管理员"))
        view.entries[0].purging = Link("p")
        view.purgeNote = nil
        #expect(written { $0.recycleBinPage(view) }.contains("action=\"/p\""))
    }
}
