import HTML
import SourceText

/// What a person was told, newest first.
struct NoticesView: Sendable {
    struct Entry: Sendable {
        var id: String
        var title: String
        var message: String
        /// Where it leads, which marks it as read; nil where it is about nothing that is still there.
        var open: Link?
        /// The record that it is about.
        var about: String?
        var suggested: [(title: String, link: Link)]
        var isRead: Bool
        var at: String
        var ago: String
        var stamp: String
    }

    var entries: [Entry]
    var unread: Int
    /// Only those that are not read.
    var isUnreadOnly: Bool
    /// The newest that the page knows of; nil if there is none.
    var newest: String?
    var back: Link
    var next: Link?
    var first: Link?
}

extension Say {
    static let notices = Words(zh: "通知", en: "Notices")
    static let noticesAll = Words(zh: "全部", en: "All")
    static let noticesUnread = Words(zh: "未读", en: "Unread")
    static let noticeLists = Words(zh: "通知列表", en: "Lists of notices")
    static let noNotices = Words(zh: "还没有通知", en: "No notices yet")
    static let noUnread = Words(zh: "没有未读的通知", en: "Everything is read")
    static let noticesHint = Words(zh: "自动化和审批告诉您的事会列在这里", en: "What automations and approvals tell you is listed here")
    static let markRead = Words(zh: "标为已读", en: "Mark as read")
    static let markAllRead = Words(zh: "全部标为已读", en: "Mark all as read")
    static let unreadMark = Words(zh: "未读", en: "unread")
    static let browserNotices = Words(zh: "浏览器通知", en: "Browser notifications")
    static let browserNoticesHint = Words(
        zh: "打开后，有新通知时这个浏览器会弹出提醒，只要有一个标签页开着", en: "Once on, this browser shows new notices as they come, while one tab of the app is open")
    static let switchOn = Words(zh: "打开", en: "Switch on")
    static let switchOff = Words(zh: "关闭", en: "Switch off")
    static let notificationsBlocked = Words(zh: "浏览器不允许通知，请在浏览器的网站设置里放行", en: "The browser does not allow it; allow notifications in its settings for this site")

    static func noticesCounted(_ count: Int) -> Words {
        Words(zh: count == 0 ? "通知" : "通知，\(count) 条未读", en: count == 0 ? "Notices" : "Notices, \(count) unread")
    }
}

extension Page {
    /// In the head of every page. Scripts keep its number as it is.
    func bell() {
        guard let unread = shell.unread else { return }
        html.a(
            .class("button quiet icon-only bell"), .href(Link("notices")), .title(say(Say.notices)), .id("bell"), .data("none", say(Say.noticesCounted(0))),
            .data("some", say(Words(zh: "通知，{n} 条未读", en: "Notices, {n} unread"))), .when(shell.current == "notices", .aria("current", "page"))
        ) {
            icon("bell")
            html.span(.class("visually-hidden"), text: say(Say.noticesCounted(unread)))
            html.span(.class("badge"), .aria("hidden", "true"), .when(unread == 0, .hidden), text: unread > 99 ? "99+" : String(unread))
        }
    }

    func noticesPage(_ view: NoticesView) {
        html.div(.class("page-head")) {
            html.h1(text: say(Say.notices))
            if view.unread > 0, let newest = view.newest {
                html.form(.method(.post), .action(Link("notices", "read")), .data("swap", "#main")) {
                    formToken()
                    html.hidden("through", newest)
                    html.hidden("_back", view.back.text)
                    html.button(.class("button")) {
                        icon("check")
                        html.text(say(Say.markAllRead))
                    }
                }
            }
        }
        html.nav(.class("chips tab-row"), .aria("label", say(Say.noticeLists))) {
            tab(Say.noticesAll, Link("notices"), isCurrent: !view.isUnreadOnly, count: 0)
            tab(Say.noticesUnread, Link("notices", query: [("unread", "1")]), isCurrent: view.isUnreadOnly, count: view.unread)
        }
        if view.entries.isEmpty {
            html.div(.class("card")) { empty(view.isUnreadOnly ? Say.noUnread : Say.noNotices, hint: Say.noticesHint) {} }
        } else {
            html.ul(.class("card rows notices")) { for entry in view.entries { notice(entry, back: view.back) } }
        }
        if view.first != nil || view.next != nil {
            html.nav(.class("pager"), .aria("label", say(Say.pages))) {
                if let first = view.first { html.a(.class("button"), .href(first), .data("swap", "#main"), text: say(Say.firstPage)) }
                if let next = view.next { html.a(.class("button"), .href(next), .data("swap", "#main"), text: say(Say.nextPage)) }
            }
        }
        browserNotices()
    }

    func tab(_ label: Words, _ link: Link, isCurrent: Bool, count: Int) {
        html.a(.class(isCurrent ? "button primary" : "button"), .href(link), .when(isCurrent, .aria("current", "page"))) {
            html.text(say(label))
            if count > 0 { html.span(.class("chip"), text: grouped(count)) }
        }
    }

    private func notice(_ entry: NoticesView.Entry, back: Link) {
        html.li(entry.isRead ? .none : .class("unread"), .id("notice-\(entry.id)")) {
            html.div(.class("grow")) {
                html.p(.class("notice-head")) {
                    if !entry.isRead { html.span(.class("visually-hidden"), text: "\(say(Say.unreadMark))\(language.colon)") }
                    if let open = entry.open {
                        html.a(.href(open), .userContent, text: entry.title)
                    } else {
                        html.strong(.userContent, text: entry.title)
                    }
                    if let about = entry.about {
                        html.text(" · ")
                        html.span(.userContent, text: about)
                    }
                }
                html.p(.class("notice-text"), .userContent, text: entry.message)
                if !entry.suggested.isEmpty {
                    html.p(.class("chips")) {
                        for record in entry.suggested { html.a(.class("chip"), .href(record.link), .userContent, text: record.title) }
                    }
                }
                html.p(.class("muted small")) { html.time(.datetime(entry.stamp), .title(entry.at), text: entry.ago) }
            }
            if !entry.isRead {
                html.form(.method(.post), .action(Link("notices", entry.id, "read")), .data("swap", "#main")) {
                    formToken()
                    html.hidden("_back", back.text)
                    html.button(.class("button small"), .aria("label", "\(say(Say.markRead))\(language.colon)\(entry.title)"), text: say(Say.markRead))
                }
            }
        }
    }

    /// Hidden until scripts find that the browser can.
    private func browserNotices() {
        html.section(.class("card"), .id("browser-notices"), .hidden, .aria("label", say(Say.browserNotices))) {
            html.div(.class("card-head")) {
                html.h2(text: say(Say.browserNotices))
                html.button(
                    .class("button"), .type("button"), .data("notify"), .aria("pressed", "false"), .data("on", say(Say.switchOn)),
                    .data("off", say(Say.switchOff)), .data("blocked", say(Say.notificationsBlocked)), text: say(Say.switchOn))
            }
            html.p(.class("muted"), text: say(Say.browserNoticesHint))
        }
    }
}
