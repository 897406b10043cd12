import HTML
import SourceText

/// A save that met somebody else's.
struct ConflictView: Sendable {
    struct Field: Sendable {
        var name: String
        var label: String
        /// As shown.
        var mine: String
        var theirs: String
        var original: String
        /// As entered.
        var mineEntry: String
        var theirsEntry: String
    }

    var title: String
    var link: Link
    var action: Link
    /// The version as it stands now.
    var version: Int64
    var requestKey: String
    var fields: [Field]
    /// What else was changed and meets nobody: name, entry, and what stands now.
    var others: [(name: String, entry: String, opened: String)]
    var back: Link?
}

extension Page {
    func conflictPage(_ view: ConflictView, trail: [(Link, String)]) {
        crumbs(trail, here: view.title)
        // Scripts show it as a dialog over what was being edited.
        html.section(.class("card stack"), .data("modal"), .aria("labelledby", "conflict-title")) {
            html.h1(.id("conflict-title"), text: say(Say.conflictTitle))
            html.div(.class("notice warn"), .role("alert"), .tabindex(-1), .data("focus"), .id("conflict")) {
                icon("warning")
                html.div(text: say(Say.conflictHint))
            }
            conflictForm(view)
        }
    }

    private func conflictForm(_ view: ConflictView) {
        html.form(.method(.post), .action(view.action), .data("swap", "#main")) {
            formToken()
            html.hidden("_version", String(view.version))
            html.hidden("_request", view.requestKey)
            if let back = view.back { html.hidden("_back", back.text) }
            for other in view.others {
                html.hidden("f.\(other.name)", other.entry)
                html.hidden("w.\(other.name)", other.opened)
            }
            for (index, field) in view.fields.enumerated() {
                html.hidden("w.\(field.name)", field.theirsEntry)
                html.fieldset(.class("form-group")) {
                    html.legend(text: field.label)
                    choice(field, entry: field.mineEntry, shown: field.mine, label: Say.mine, id: "mine-\(index)", isChosen: true)
                    choice(field, entry: field.theirsEntry, shown: field.theirs, label: Say.theirs, id: "theirs-\(index)", isChosen: false)
                    html.p(.class("muted small")) {
                        html.text("\(say(Say.original))\(language.colon)")
                        html.span(.userContent, text: field.original)
                    }
                }
            }
            html.div(.class("form-end")) {
                html.button(.class("button primary"), text: say(Say.save))
                html.a(.class("button"), .href(view.link), .data("close"), text: say(Say.cancel))
            }
        }
    }

    private func choice(_ field: ConflictView.Field, entry: String, shown: String, label: Words, id: String, isChosen: Bool) {
        html.p {
            html.label(.class("tick"), .for(id)) {
                html.input(.type("radio"), .id(id), .name("f.\(field.name)"), .value(entry), .when(isChosen, .checked))
                html.span {
                    html.text("\(say(label))\(language.colon)")
                    html.span(.userContent, text: shown)
                }
            }
        }
    }
}
