import HTML
import SourceText
import Testing

@testable import WebUI

@Suite struct QuestionPageTests {
    private func view(_ form: QuestionPageView.Form?) -> QuestionPageView {
        let time = TimeView(shown: "3月2日", full: "3月2日", stamp: "2026-03-02T01:00:00Z")
        return QuestionPageView(
            title: "跟进", message: "<客户>看了吗？", record: ("<大单>", Link("records", "deal", "1")), asked: time, due: time, people: ["小王", "<李>"],
            ending: form == nil ? (Say.questionAnswered, true) : nil, by: form == nil ? "小王" : nil, answered: form == nil ? time : nil, answer: form == nil ? "看了＝<是>" : nil,
            form: form, trouble: nil)
    }

    private func written(_ view: QuestionPageView) -> String {
        var shell = Shell(language: .zh, theme: .system, app: Words(same: "desk"))
        shell.person = Shell.Person(name: "小王", formToken: "token")
        let page = Page(html: HTMLWriter(), shell: shell)
        page.questionPage(view)
        return page.html.string
    }

    @Test func whoeverIsAskedHasAFormWithALabelAField() {
        let field = FormField(
            name: "seen", id: "answer-0", label: "客户看过", help: nil, isRequired: true, control: .choice([.init(key: "yes", label: "是"), .init(key: "no", label: "否")]),
            entry: "no", opened: "", errors: ["请填写“客户看过”"])
        let text = written(view(.init(action: Link("questions", "3"), fields: [field])))
        #expect(text.contains("<label for=\"answer-0\"") && text.contains("name=\"f.seen\"") && text.contains("aria-invalid=\"true\""))
        #expect(text.contains("value=\"token\"") && text.contains("action=\"/questions/3\"") && text.contains("最晚"))
        #expect(text.contains("&lt;客户&gt;") && text.contains("&lt;大单&gt;") && text.contains("&lt;李&gt;") && !text.contains("<大单>"))
        #expect(written(view(.init(action: Link("questions", "3"), fields: []))).contains("知道了"))
    }

    @Test func othersSeeWhatWasAnswered() {
        let text = written(view(nil))
        #expect(!text.contains("<form") && text.contains("已回答") && text.contains("看了＝&lt;是&gt;"))
    }
}
