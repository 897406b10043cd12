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

@Suite struct FoldedPageTests {
    private func written(_ write: (Page) -> Void) -> String {
        var shell = Shell(language: .zh, theme: .system, app: Words(same: "desk"))
        shell.person = Shell.Person(name: "小王", formToken: "token", id: "user/3")
        let page = Page(html: HTMLWriter(), shell: shell)
        write(page)
        return page.html.string
    }

    @Test func whatANoticeStandsForIsListed() {
        let view = FoldedPageView(
            title: "新线索", message: "另有 <995> 条", records: [("<华光>", Link("records", "lead", "6"))], first: Link("notices", "7"),
            next: Link("notices", "7", query: [("from", "200")]))
        let text = written { $0.foldedPage(view) }
        #expect(text.contains("另有 &lt;995&gt; 条") && text.contains("href=\"/records/lead/6\"") && text.contains("&lt;华光&gt;"))
        #expect(text.contains("href=\"/notices/7?from=200\"") && text.contains("href=\"/notices/7\"") && text.contains("href=\"/notices\""))
    }

    @Test func whatCameInIsBelowWhatGoesOut() {
        let received = OutboxView.Received(
            channel: Words(zh: "短信", en: "Text"), from: "13800000000", text: "<收到>", about: ("A1", Link("records", "order", "1")), at: "3月2日", ago: "刚刚",
            stamp: "2026-03-02T01:00:00Z")
        let text = written { $0.outboxPage(OutboxView(entries: [], received: [received], next: nil, first: nil)) }
        #expect(text.contains("收到的消息") && text.contains("短信") && text.contains("13800000000：&lt;收到&gt;") && text.contains("href=\"/records/order/1\""))
        #expect(!written { $0.outboxPage(OutboxView(entries: [], received: [], next: nil, first: nil)) }.contains("收到的消息"))
    }
}
