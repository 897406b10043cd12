import HTML
import SourceText

extension Page {
    /// A page of its own, which scripts show as a dialog over the board.
    func movePage(_ view: MoveView, trail: [(Link, String)]) {
        crumbs(trail, here: view.title)
        html.section(
            .class("card narrow"), .id("move"), .data("modal"), .data("verdict", view.to == nil ? "choose" : view.refusal != nil ? "no" : view.isOpen ? "yes" : "form"),
            .data("say", verdictWords(view)), .aria("labelledby", "move-title")
        ) {
            if let to = view.to {
                html.h1(.id("move-title")) {
                    html.span(.userContent, text: view.title)
                    html.text(" → \(say(to.label))")
                }
                moveBody(view, to)
            } else {
                html.h1(.id("move-title")) {
                    html.span(.userContent, text: view.title)
                    html.text(" · \(say(Say.chooseTarget))")
                }
                moveTargets(view)
            }
        }
    }

    private func verdictWords(_ view: MoveView) -> String {
        guard view.to != nil else { return "" }
        if let refusal = view.refusal { return refusal }
        return say(view.isOpen ? Say.canEnter : Say.toFill(view.missing))
    }

    private func moveTargets(_ view: MoveView) {
        html.ul(.class("targets")) {
            for target in view.targets {
                html.li {
                    if let link = target.link {
                        html.a(.class("button"), .href(link), .data("swap", "#main"), text: target.label)
                    } else {
                        html.span(.class("button"), .aria("current", "true")) {
                            html.text(target.label)
                            html.span(.class("muted small"), text: language.bracketed(say(Say.here)))
                        }
                    }
                }
            }
        }
        html.p { html.a(.class("button"), .href(view.back), .data("close"), text: say(Say.cancel)) }
    }

    private func moveBody(_ view: MoveView, _ to: (key: String, label: Words)) {
        if let refusal = view.refusal {
            html.p(.class("error-text"), .role("alert")) {
                icon("warning")
                html.span(text: refusal)
            }
            html.p { html.a(.class("button"), .href(view.back), .data("close"), text: say(Say.leaveThere)) }
            return
        }
        if view.wasTried {
            html.div(.class("notice bad"), .role("alert"), .tabindex(-1), .data("focus"), .id("move-refused")) {
                icon("warning")
                html.div {
                    html.p(text: say(Say.stillMissing))
                    if !view.errors.isEmpty { html.ul { for error in view.errors { html.li(text: error) } } }
                    if view.needsFileAgain { html.p(.class("file-again"), text: say(Say.chooseFileAgain)) }
                }
            }
        }
        html.form(.class("move-form"), .method(.post), .action(view.action), .multipart, .novalidate, .data("swap", "#main")) {
            formToken()
            html.hidden("to", to.key)
            html.hidden("by", view.by)
            html.hidden("_version", String(view.version))
            html.hidden("_request", view.requestKey)
            html.hidden("_back", view.back.text)
            // What Enter presses: moving, not adding another group.
            html.button(.class("visually-hidden"), .tabindex(-1), .aria("hidden", "true"), text: say(Say.fillAndMove))
            if !view.items.isEmpty { html.ul(.class("gate")) { for item in view.items { moveItem(item) } } }
            html.div(.class("form-end")) {
                html.button(.class("button primary"), .id("move-send"), text: say(view.isForm ? Say.fillAndMove : Say.moveInto(to.label)))
                html.a(.class("button"), .href(view.back), .data("close"), text: say(Say.cancel))
            }
        }
    }

    private func moveItem(_ item: MoveView.Item) {
        html.li(item.isMet || item.isAnswered ? .class("condition met") : .class("condition unmet")) {
            html.p {
                html.span(.class("mark")) { icon(item.isMet || item.isAnswered ? "check" : "cross") }
                html.span {
                    html.text(item.say)
                    html.span(.class("visually-hidden"), text: language.bracketed(say(item.isMet ? Say.met : item.isAnswered ? Say.answered : Say.unmet)))
                }
            }
            guard !item.isMet, !item.ways.isEmpty else { return }
            html.div(.class("ways")) { for way in item.ways { moveWay(way) } }
        }
    }

    private func moveWay(_ way: MoveView.Way) {
        switch way {
        case .fill(let field): self.field(field)
        case .add(let label, let name, let groups):
            html.hidden("child", name)
            html.hidden("count@\(name)", String(groups.count))
            for group in groups {
                html.fieldset(.class("way-group")) {
                    html.legend(text: label)
                    for field in group { self.field(field) }
                }
            }
            html.p { html.button(.class("button small"), .name("_more"), .value(name), text: say(Say.addAnother)) }
        case .file(let name, let id, let label, let kinds, let kindLabel, let fixed):
            html.hidden("file", name)
            for (key, value) in fixed { html.hidden("\(key)@\(name)", value) }
            if !kinds.isEmpty {
                html.div(.class("field")) {
                    html.label(.for("\(id)-kind"), text: kindLabel)
                    html.select(.id("\(id)-kind"), .name("kind@\(name)")) {
                        html.option(.value(""), text: say(Say.choose))
                        for kind in kinds { html.option(.value(kind.key), text: kind.label) }
                    }
                }
            }
            html.div(.class("field")) {
                html.label(.for(id), text: label)
                html.input(.type("file"), .id(id), .name("upload@\(name)"))
            }
        case .open(let label, let link):
            html.p {
                html.a(.class("button"), .href(link)) {
                    icon("plus")
                    html.text(label)
                }
            }
        }
    }
}
