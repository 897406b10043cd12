import HTML
import SourceText

/// The saved views of a list, and what can be done with the one that is open.
struct SavedViewsView: Sendable {
    struct Tab: Sendable {
        var name: String
        var link: Link
        var isCurrent: Bool
        var isShared: Bool
        /// The address says something else than what was saved.
        var isChanged: Bool
    }

    struct Open: Sendable {
        var id: Int64
        var name: String
        var isShared: Bool
        var isChanged: Bool
        /// The person may change and delete it.
        var isOwn: Bool
        /// To the view as it was saved.
        var saved: Link
    }

    var tabs: [Tab]
    var open: Open?
    var action: Link
    /// What would be saved now.
    var query: String
    var back: Link
}

extension Page {
    func viewTab(_ tab: SavedViewsView.Tab) {
        html.li {
            html.a(.href(tab.link), .data("swap", "#main"), .when(tab.isCurrent, .aria("current", "page"))) {
                html.span(.userContent, text: tab.name)
                if tab.isShared { html.span(.class("visually-hidden"), text: language.bracketed(say(Say.sharedView))) }
                if tab.isChanged {
                    html.span(.class("dot"), .title(say(Say.unsaved)), .aria("hidden", "true")) {}
                    html.span(.class("visually-hidden"), text: language.bracketed(say(Say.unsaved)))
                }
            }
        }
    }

    func viewMenu(_ view: SavedViewsView) {
        html.details(.class("menu")) {
            html.element("summary", [.class("button")]) {
                icon("view")
                html.text(say(view.open == nil ? Say.saveView : Say.viewMenu))
            }
            html.div(.class("menu-body stack")) {
                if let open = view.open, open.isChanged { html.p { html.a(.href(open.saved), .data("swap", "#main"), text: say(Say.resetView)) } }
                if let open = view.open, open.isOwn {
                    html.form(.class("stack"), .method(.post), .action(view.action)) {
                        viewFormStart(view, id: open.id)
                        viewNameField("view-rename", open.name)
                        shareField(open.isShared)
                        html.div(.class("actions")) {
                            html.button(.class("button primary"), .name("do"), .value("change"), text: say(Say.saveChanges))
                            html.button(
                                .class("button danger"), .name("do"), .value("delete"), .data("confirm", say(Say.deleteViewQuestion(open.name))),
                                text: say(Say.deleteView))
                        }
                    }
                }
                html.form(.class("stack"), .method(.post), .action(view.action)) {
                    viewFormStart(view, id: 0)
                    viewNameField("view-name", "")
                    shareField(false)
                    html.p { html.button(.class("button"), .name("do"), .value("create"), text: say(view.open == nil ? Say.saveView : Say.saveAsNew)) }
                }
            }
        }
    }

    private func viewFormStart(_ view: SavedViewsView, id: Int64) {
        formToken()
        html.hidden("id", String(id))
        html.hidden("query", view.query)
        html.hidden("back", view.back.text)
    }

    private func viewNameField(_ id: String, _ name: String) {
        html.div(.class("field")) {
            html.label(.for(id), text: say(Say.viewName))
            html.input(.type("text"), .id(id), .name("name"), .value(name), .maxlength(60), .required, .autocomplete("off"))
        }
    }

    private func shareField(_ isShared: Bool) {
        html.label(.class("tick")) {
            html.input(.type("checkbox"), .name("shared"), .value("yes"), .when(isShared, .checked))
            html.span(text: say(Say.shareView))
        }
    }
}
