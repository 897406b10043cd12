import HTML
import SourceText
import Testing

@testable import WebUI

@Suite struct NoticePageTests {
    private func written(unread: Int? = 2, _ write: (Page) -> Void) -> String {
        var shell = Shell(language: .zh, theme: .system, app: Words(same: "desk"))
        shell.person = Shell.Person(name: "小王", formToken: "token", id: "user/3")
        shell.unread = unread
        let page = Page(html: HTMLWriter(), shell: shell)
        write(page)
        return page.html.string
    }

    private func entry(_ id: String, isRead: Bool, open: Link? = Link("notices", "7")) -> NoticesView.Entry {
        .init(
            id: id, title: "<超时>", message: "请<b>尽快</b>联系", open: open, about: open == nil ? nil : "华光", suggested: [("价格太贵", Link("records", "card", "3"))], isRead: isRead, at: "3月2日", ago: "刚刚",
            stamp: "2026-03-02T01:00:00Z")
    }

    @Test func theBellSaysItsNumberToEyesAndEars() {
        let two = written { $0.bell() }
        #expect(two.contains("href=\"/notices\"") && two.contains("通知，2 条未读") && two.contains(">2</span>") && !two.contains(" hidden>"))
        let none = written(unread: 0) { $0.bell() }
        #expect(none.contains("class=\"badge\" aria-hidden=\"true\" hidden"))
        #expect(written(unread: 130) { $0.bell() }.contains(">99+<"))
        #expect(written(unread: nil) { $0.bell() }.isEmpty, "where nobody is ever told anything there is no bell")
    }

    @Test func everyNoticeLeadsToItsRecordAndCanBeMarked() {
        let view = NoticesView(
            entries: [entry("7", isRead: false), entry("6", isRead: true), entry("5", isRead: false, open: nil)], unread: 2, isUnreadOnly: false, newest: "7",
            back: Link("notices"), next: Link("notices", query: [("before", "5")]), first: nil)
        let text = written { $0.noticesPage(view) }
        #expect(text.contains("action=\"/notices/7/read\"") && !text.contains("action=\"/notices/6/read\"") && text.contains("action=\"/notices/5/read\""))
        #expect(text.contains("action=\"/notices/read\"") && text.contains("name=\"through\" value=\"7\""))
        #expect(text.contains("&lt;超时&gt;") && text.contains("&lt;b&gt;") && !text.contains("<超时>"))
        #expect(text.contains("href=\"/notices?before=5\"") && text.contains("href=\"/records/card/3\""))
        #expect(text.contains("id=\"browser-notices\" hidden"), "only scripts can switch on what only they can do")
    }

    @Test func whereAllIsReadNothingIsLeftToMark() {
        let view = NoticesView(entries: [], unread: 0, isUnreadOnly: true, newest: "7", back: Link("notices"), next: nil, first: nil)
        let text = written(unread: 0) { $0.noticesPage(view) }
        #expect(!text.contains("action=\"/notices/read\"") && text.contains("没有未读的通知"))
    }
}
