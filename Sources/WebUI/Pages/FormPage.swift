import HTML
import SourceText

extension Page {
    /// The form for a new record or an old one.
    func formPage(_ view: FormView, trail: [(Link, String)]) {
        crumbs(trail, here: view.title)
        html.div(.class("page-head")) { html.h1(.userContent, text: view.title) }
        html.div(.class("card")) {
            html.form(.id("record-form"), .method(.post), .action(view.action), .when(view.hasUploads, .multipart), .novalidate, .data("swap", "#main")) {
                formToken()
                html.hidden("_request", view.requestKey)
                if let version = view.version { html.hidden("_version", String(version)) }
                if let back = view.back { html.hidden("_back", back.text) }
                for fixed in view.fixed { html.hidden(fixed.name, fixed.value) }
                // What Enter presses: the first button of a form, so saving and not looking something up.
                html.button(.class("visually-hidden"), .tabindex(-1), .aria("hidden", "true"), text: say(Say.save))
                errorSummary(view)
                for group in view.groups where !group.fields.isEmpty {
                    html.section(.class("form-group")) {
                        if let label = group.label { html.h2(text: label) }
                        html.div(.class("form-grid")) { for field in group.fields { self.field(field) } }
                    }
                }
                html.div(.class("form-end")) {
                    html.button(.class("button primary"), text: say(Say.save))
                    html.a(.class("button"), .href(view.cancel), text: say(Say.cancel))
                }
            }
        }
    }

    /// All that is wrong, first in the form, each with a link to its field.
    func errorSummary(_ view: FormView) {
        guard view.errorCount > 0 else { return }
        html.div(.class("notice bad"), .role("alert"), .tabindex(-1), .data("focus"), .id("errors")) {
            icon("warning")
            html.div {
                html.h2(text: say(Say.notSaved(view.errorCount)))
                html.ul {
                    for error in view.errors { html.li(text: error) }
                    for field in view.groups.flatMap(\.fields) {
                        for error in field.errors {
                            html.li { html.a(.href(Link(fragment: field.id)), text: "\(field.label)\(language.colon)\(error)") }
                        }
                    }
                }
            }
        }
    }
}
