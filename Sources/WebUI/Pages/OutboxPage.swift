import HTML
import SourceText

/// What goes out of the app and has not arrived, and what came in, newest first.
struct OutboxView: Sendable {
    struct Entry: Sendable {
        /// The channel or call, as the author named it.
        var target: String
        var state: Words
        var isFailed: Bool
        /// Why it did not arrive; nil where nothing is known.
        var trouble: Words?
        var at: String
        var ago: String
        var stamp: String
        /// Nil for what will be tried again anyway.
        var retry: Link?
    }

    /// Something that came in over a channel.
    struct Received: Sendable {
        var channel: Words
        /// The person, else the address.
        var from: String
        var text: String
        var about: (title: String, link: Link)?
        var at: String
        var ago: String
        var stamp: String
    }

    var entries: [Entry]
    /// Empty on later pages.
    var received: [Received]
    var next: Link?
    var first: Link?
}

extension Say {
    static let outbox = Words(zh: "待发消息", en: "Messages going out")
    static let outboxForAdmins = Words(zh: "只有管理员可以查看待发消息", en: "only those who look after the app may see what it sends")
    static let outboxEmpty = Words(zh: "所有消息都已送达", en: "Everything has arrived")
    static let outboxHint = Words(zh: "没有送达的邮件、消息和接口调用会列在这里", en: "Mails, messages and calls that did not arrive are listed here")
    static let messagesReceived = Words(zh: "收到的消息", en: "Messages that came in")
    static let sendAgain = Words(zh: "重新发送", en: "Send again")
}

extension Page {
    func outboxPage(_ view: OutboxView) {
        html.div(.class("page-head")) { html.h1(text: say(Say.outbox)) }
        guard !view.entries.isEmpty else {
            html.div(.class("card")) { empty(Say.outboxEmpty, hint: Say.outboxHint) {} }
            return received(view.received)
        }
        html.ul(.class("card rows bin")) {
            for entry in view.entries {
                html.li {
                    html.span(.class("grow")) {
                        html.span(.userContent, text: entry.target)
                        html.text(" · \(say(entry.state))")
                        if let trouble = entry.trouble { html.text(" · \(say(trouble))") }
                    }
                    html.span(.class("muted small")) { html.time(.datetime(entry.stamp), .title(entry.at), text: entry.ago) }
                    if let retry = entry.retry {
                        html.form(.method(.post), .action(retry), .data("swap", "#main")) {
                            formToken()
                            html.button(.class("button small"), .aria("label", "\(say(Say.sendAgain)) \(entry.target)"), text: say(Say.sendAgain))
                        }
                    }
                }
            }
        }
        if view.first != nil || view.next != nil {
            html.nav(.class("pager"), .aria("label", say(Say.pages))) {
                if let first = view.first { html.a(.class("button"), .href(first), .data("swap", "#main"), text: say(Say.firstPage)) }
                if let next = view.next { html.a(.class("button"), .href(next), .data("swap", "#main"), text: say(Say.nextPage)) }
            }
        }
        received(view.received)
    }

    private func received(_ messages: [OutboxView.Received]) {
        guard !messages.isEmpty else { return }
        html.section(.class("card"), .aria("label", say(Say.messagesReceived))) {
            html.div(.class("card-head")) { html.h2(text: say(Say.messagesReceived)) }
            html.ul(.class("rows bin")) { for message in messages { received(message) } }
        }
    }

    private func received(_ message: OutboxView.Received) {
        html.li {
            html.span(.class("grow")) {
                html.text("\(say(message.channel)) · ")
                html.span(.userContent, text: "\(message.from)\(language.colon)\(message.text)")
                if let about = message.about {
                    html.text(" · ")
                    html.a(.href(about.link), .userContent, text: about.title)
                }
            }
            html.span(.class("muted small")) { html.time(.datetime(message.stamp), .title(message.at), text: message.ago) }
        }
    }
}
