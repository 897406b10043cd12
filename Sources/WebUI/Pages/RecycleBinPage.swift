import HTML
import SourceText

/// Deleted records of one object.
struct RecycleBinView: Sendable {
    struct Entry: Sendable {
        var title: String
        var at: String
        var ago: String
        var stamp: String
        /// Nil for the system.
        var by: String?
        var restoring: Link
        /// Nil for those who may not.
        var purging: Link?
    }

    var label: Words
    var list: Link
    var total: Int
    var entries: [Entry]
    /// Why nothing can be deleted for good here; nil where it can.
    var purgeNote: Words?
    /// What stands against the restoring that was tried; nil if none was.
    var trouble: [String]?
    var next: Link?
    var first: Link?
}

extension Page {
    func recycleBinPage(_ view: RecycleBinView) {
        crumbs([(view.list, say(view.label))], here: say(Say.recycleBin))
        html.div(.class("page-head")) {
            html.h1(text: say(Say.recycleBinOf(view.label)))
            html.span(.class("muted"), text: say(Say.total(view.total)))
        }
        if let trouble = view.trouble {
            html.div(.class("notice bad"), .role("alert"), .tabindex(-1), .data("focus"), .id("cannot-restore")) {
                icon("warning")
                html.div {
                    html.h2(text: say(Say.cannotRestore))
                    html.ul { for line in trouble { html.li(text: line) } }
                }
            }
        }
        guard !view.entries.isEmpty else {
            html.div(.class("card")) {
                empty(Say.binEmpty, hint: Say.binHint) { html.a(.class("button"), .href(view.list), text: say(Say.backToList)) }
            }
            return
        }
        html.ul(.class("card rows bin")) {
            for entry in view.entries {
                html.li {
                    html.span(.class("grow"), .userContent, text: entry.title)
                    html.span(.class("muted small")) {
                        html.text("\(say(Say.deletedAt)) ")
                        html.time(.datetime(entry.stamp), .title(entry.at), text: entry.ago)
                        html.text(" · \(say(Say.deletedBy)) ")
                        html.span(.when(entry.by != nil, .userContent), text: entry.by ?? say(Say.system))
                    }
                    html.form(.method(.post), .action(entry.restoring), .data("swap", "#main")) {
                        formToken()
                        html.button(.class("button small"), .aria("label", "\(say(Say.restore)) \(entry.title)"), text: say(Say.restore))
                    }
                    if let purging = entry.purging {
                        html.form(.method(.post), .action(purging), .data("swap", "#main")) {
                            formToken()
                            html.button(
                                .class("button small quiet danger"), .aria("label", "\(say(Say.purge)) \(entry.title)"),
                                .data("confirm", say(Say.purgeQuestion(entry.title))), text: say(Say.purge))
                        }
                    }
                }
            }
        }
        if let note = view.purgeNote { html.p(.class("muted small"), text: say(note)) }
        if view.first != nil || view.next != nil {
            html.nav(.class("pager"), .aria("label", say(Say.pages))) {
                html.span(.class("muted"), text: say(Say.total(view.total)))
                if let first = view.first { html.a(.class("button"), .href(first), .data("swap", "#main"), text: say(Say.firstPage)) }
                if let next = view.next { html.a(.class("button"), .href(next), .data("swap", "#main"), text: say(Say.nextPage)) }
            }
        }
    }
}
