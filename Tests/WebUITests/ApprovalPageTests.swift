import HTML
import SourceText
import Testing

@testable import WebUI

@Suite struct ApprovalPageTests {
    private func card(_ form: ApprovalCardView.Form?) -> ApprovalCardView {
        ApprovalCardView(
            id: "3", label: "折扣审批", title: "<大单>", record: Link("records", "deal", "1"), state: "审批中 · 主管", mood: .open, by: "小王", asked: "3月2日 09:00",
            stamp: "2026-03-02T01:00:00Z", due: "3月2日 17:00", isLate: true, facts: [],
            levels: [.init(label: "主管", people: [.init(name: "李主管", state: "待审批", whom: (Say.standsFor, "<赵总>"))], state: .current), .init(label: "财务", people: [], state: .unneeded)],
            events: [.init(who: "小王", words: "提交审批", comment: "<急>", at: "3月2日 09:00", stamp: "2026-03-02T01:00:00Z")], form: form)
    }

    private func written(_ write: (Page) -> Void) -> String {
        var shell = Shell(language: .zh, theme: .system, app: Words(same: "desk"))
        shell.person = Shell.Person(name: "李主管", formToken: "token")
        let page = Page(html: HTMLWriter(), shell: shell)
        write(page)
        return page.html.string
    }

    @Test func whoeverIsAskedHasOneFormWithAButtonADecision() {
        let form = ApprovalCardView.Form(
            action: Link("approvals", "3"), back: Link("approvals"), seen: "2", choices: ["approve", "reject", "send_back", "delegate"],
            targets: [("start", "申请人")], rejectsTo: false, people: [("user/7", "周主管")])
        let text = written { $0.approvalCard(card(form), withTitle: true) }
        #expect(text.ranges(of: "<form").count == 1)
        for decision in ["approve", "reject", "send_back", "delegate"] { #expect(text.contains("name=\"decision\" value=\"\(decision)\"")) }
        #expect(text.contains("name=\"seen\" value=\"2\"") && text.contains("value=\"token\""))
        #expect(text.contains("<label for=\"comment-3\"") && text.contains("id=\"comment-3\""))
        #expect(text.contains("aria-current=\"step\"") && text.contains("李主管"))
        #expect(text.contains("代 ") && text.contains("&lt;赵总&gt;"))
        #expect(text.contains("不需要") && text.contains("class=\"failure\""))
        #expect(text.contains("&lt;大单&gt;") && text.contains("&lt;急&gt;") && !text.contains("<大单>"))
    }

    @Test func severalAreTickedAndDecidedWithOneComment() {
        let form = ApprovalCardView.Form(
            action: Link("approvals", "3"), back: Link("approvals"), seen: "2", choices: ["approve", "reject", "add_signer_before"], targets: [], rejectsTo: false,
            people: [("user/7", "周主管")])
        let view = ApprovalsView(tabs: [], batch: Link("approvals"), absence: Link("absences"), cards: [card(form), card(nil)], next: nil, emptyWords: Say.noneWaiting)
        let text = written { $0.approvalsPage(view) }
        #expect(text.ranges(of: "type=\"checkbox\"").count == 1 && text.contains("value=\"3:2\" form=\"batch\""))
        #expect(text.contains("id=\"batch\"") && text.contains("<label for=\"comment-batch\""))
        #expect(text.contains("name=\"decision\" value=\"add_signer_before\"") && text.contains("<select id=\"person-3\""))
        let rows = [
            ApprovalsView.Row(label: "折扣审批", title: "<大单>", link: Link("approvals", "3"), words: Say.rowDone, isDone: true),
            ApprovalsView.Row(label: "折扣审批", title: "小单", link: Link("approvals", "4"), words: Say.seenOther, isDone: false),
        ]
        let result = written { $0.batchResults(rows, list: Link("approvals")) }
        #expect(result.contains("2 项中处理了 1 项") && result.contains("&lt;大单&gt;") && result.contains("有变化"))
    }

    @Test func othersSeeItWithoutAForm() {
        let text = written { $0.approvalCard(card(nil), withTitle: false) }
        #expect(!text.contains("<form") && text.contains("审批中 · 主管"))
    }
}
