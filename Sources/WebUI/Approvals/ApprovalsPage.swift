import HTML
import SourceText

extension Page {
    func approvalsPage(_ view: ApprovalsView) {
        html.div(.class("page-head")) {
            html.h1(text: say(Say.approvals))
            html.a(.class("button"), .href(view.absence), text: say(Say.absences))
        }
        html.nav(.class("chips lists"), .aria("label", say(Say.approvalLists))) {
            for tab in view.tabs {
                html.a(.class(tab.isCurrent ? "button primary" : "button"), .href(tab.link), .when(tab.isCurrent, .aria("current", "page"))) {
                    html.text(say(tab.label))
                    if let count = tab.count, count > 0 { html.span(.class("chip"), text: String(count)) }
                }
            }
        }
        if view.cards.isEmpty { html.div(.class("card")) { html.p(.class("muted"), text: say(view.emptyWords)) } }
        for card in view.cards { approvalCard(card, withTitle: true, picks: view.batch != nil) }
        if let batch = view.batch { batchForm(batch) }
        if let next = view.next {
            html.nav(.class("pager"), .aria("label", say(Say.pages))) { html.a(.class("button"), .href(next), text: say(Say.nextPage)) }
        }
    }

    func approvalPage(_ view: ApprovalCardView, list: Link, trouble: String?) {
        crumbs([(list, say(Say.approvals))], here: view.title)
        html.div(.class("page-head")) { html.element("h1") { html.a(.class("inline-link"), .href(view.record), .userContent, text: view.title) } }
        if let trouble {
            html.div(.class("notice bad"), .role("alert"), .tabindex(-1), .data("focus"), .id("approval-error")) {
                icon("warning")
                html.div(text: trouble)
            }
        }
        approvalCard(view, withTitle: false)
    }

    /// - Parameters:
    ///   - withTitle: It stands among others: what it is about is said.
    ///   - isBrief: One that is over takes little room.
    ///   - picks: It may be ticked, to be decided together with others.
    func approvalCard(_ view: ApprovalCardView, withTitle: Bool, isBrief: Bool = false, picks: Bool = false) {
        html.section(.class("card stack approval"), .id("approval-\(view.id)"), .aria("label", "\(view.label) · \(view.title)")) {
            html.div(.class("card-head")) {
                html.element("h2") {
                    html.text(view.label)
                    if withTitle {
                        html.text(" · ")
                        html.a(.class("inline-link"), .href(view.record), .userContent, text: view.title)
                    }
                }
                html.span(.class(chip(view.mood)), text: view.state)
                if picks, let form = view.form, form.choices.contains("approve") {
                    html.label(.class("tick")) {
                        html.input(.type("checkbox"), .name("pick"), .value("\(view.id):\(form.seen)"), .form(Self.batchID), .autocomplete("off"))
                        html.span {
                            html.text(say(Say.pickApproval))
                            html.span(.class("visually-hidden")) {
                                html.text("\(language.colon)\(view.label) · ")
                                html.span(.userContent, text: view.title)
                            }
                        }
                    }
                }
            }
            html.p(.class("muted small")) {
                html.text("\(say(Say.askedBy)) ")
                html.span(.userContent, text: view.by)
                html.text(" · ")
                html.time(.datetime(view.stamp), text: view.asked)
                if let due = view.due {
                    html.text(" · ")
                    html.span(.when(view.isLate, .class("failure")), text: "\(say(Say.dueBy)) \(due)")
                }
            }
            let isFolded = isBrief && view.mood != .open
            if !isFolded, !view.facts.isEmpty {
                html.dl(.class("facts")) {
                    for fact in view.facts {
                        html.div {
                            html.dt(text: fact.label)
                            html.dd { value(fact.value) }
                        }
                    }
                }
            }
            if !isFolded { levels(view.levels) }
            if let form = view.form { decisionForm(form, view.id) }
            if !view.events.isEmpty {
                html.details {
                    html.summary(text: say(Say.decisions))
                    html.ol(.class("plain-list")) {
                        for event in view.events {
                            html.li {
                                if let who = event.who { html.span(.userContent, text: "\(who) ") }
                                html.span(.userContent, text: event.words)
                                if let comment = event.comment { html.span(.userContent, text: "：\(comment)") }
                                html.text(" ")
                                html.time(.class("muted small"), .datetime(event.stamp), text: event.at)
                            }
                        }
                    }
                }
            }
        }
    }

    private func levels(_ levels: [ApprovalCardView.Level]) {
        html.ol(.class("levels"), .aria("label", say(Say.levels))) {
            for level in levels {
                html.li(.class(levelClass(level.state)), .when(level.state == .current, .aria("current", "step"))) {
                    html.span(.class("level-name"), text: level.label)
                    if level.state == .unneeded { html.span(.class("small"), text: say(Say.levelUnneeded)) }
                    for person in level.people {
                        html.span(.class("chip")) {
                            html.span(.userContent, text: person.name)
                            html.text(" \(person.state)")
                            if let whom = person.whom {
                                html.text(" · \(say(whom.words)) ")
                                html.span(.userContent, text: whom.name)
                            }
                        }
                    }
                }
            }
        }
    }

    private func levelClass(_ state: ApprovalCardView.Level.State) -> StaticString {
        switch state {
        case .over: "over"
        case .current: "current"
        case .coming: "coming"
        case .unneeded: "unneeded"
        }
    }

    private func chip(_ mood: ApprovalCardView.Mood) -> StaticString {
        switch mood {
        case .open: "chip"
        case .good: "chip good"
        case .bad: "chip bad"
        }
    }

    /// One form; its buttons say what is decided.
    private func decisionForm(_ form: ApprovalCardView.Form, _ id: String) {
        html.form(.class("stack"), .method(.post), .action(form.action)) {
            formToken()
            html.hidden("seen", form.seen)
            html.hidden("_back", form.back.text)
            html.div(.class("field")) {
                html.label(.for("comment-\(id)"), text: say(Say.comment))
                html.textarea([.id("comment-\(id)"), .name("comment"), .rows(2)], value: "")
            }
            if form.rejectsTo, form.choices.contains("reject") { targetField("to", "reject-to-\(id)", Say.rejectTo, form) }
            html.div(.class("actions")) {
                for (name, words) in [("approve", Say.approve), ("resubmit", Say.resubmit)] where form.choices.contains(name) {
                    html.button(.class("button primary"), .name("decision"), .value(name), text: say(words))
                }
                for (name, words) in [("reject", Say.reject), ("withdraw", Say.withdraw)] where form.choices.contains(name) {
                    html.button(.class("button danger"), .name("decision"), .value(name), text: say(words))
                }
            }
            let handing = [("delegate", Say.delegate), ("add_signer_before", Say.addBefore), ("add_signer_after", Say.addAfter)].filter { form.choices.contains($0.0) }
            guard form.choices.contains("send_back") || !handing.isEmpty else { return }
            html.details {
                html.summary(text: say(Say.otherWays))
                html.div(.class("stack")) {
                    if form.choices.contains("send_back") {
                        targetField("to", "back-to-\(id)", Say.sendBackTo, form)
                        html.p { html.button(.class("button"), .name("decision"), .value("send_back"), text: say(Say.sendBack)) }
                    }
                    if !handing.isEmpty {
                        html.div(.class("field")) {
                            html.label(.for("person-\(id)"), text: say(Say.whom))
                            html.select(.id("person-\(id)"), .name("person")) {
                                html.option(.value(""), text: say(Say.choose))
                                for person in form.people { html.option(.value(person.value), text: person.label) }
                            }
                        }
                        html.div(.class("actions")) {
                            for (name, words) in handing { html.button(.class("button"), .name("decision"), .value(name), text: say(words)) }
                        }
                        if handing.count > 1 { html.p(.class("help"), text: say(Say.handingHelp)) }
                    }
                }
            }
        }
    }

    private static let batchID = "batch"

    /// What was ticked above is decided with one comment.
    private func batchForm(_ action: Link) {
        html.form(.class("card stack"), .id(Self.batchID), .method(.post), .action(action), .aria("label", say(Say.decideSeveral))) {
            formToken()
            html.h2(text: say(Say.decideSeveral))
            html.p(.class("muted small"), text: say(Say.decideSeveralHint))
            html.div(.class("field")) {
                html.label(.for("comment-batch"), text: say(Say.commentOnAll))
                html.textarea([.id("comment-batch"), .name("comment"), .rows(2)], value: "")
            }
            html.div(.class("actions")) {
                html.button(.class("button primary"), .name("decision"), .value("approve"), text: say(Say.approvePicked))
                html.button(.class("button danger"), .name("decision"), .value("reject"), text: say(Say.rejectPicked))
            }
        }
    }

    /// What became of several that were decided at once.
    func batchResults(_ rows: [ApprovalsView.Row], list: Link) {
        crumbs([(list, say(Say.approvals))], here: say(Say.decideSeveral))
        html.div(.class("page-head")) { html.h1(text: say(Say.decidedOf(rows.count { $0.isDone }, rows.count))) }
        html.section(.class("card"), .aria("label", say(Say.decideSeveral))) {
            if rows.isEmpty { html.p(.class("muted"), text: say(Say.nothingPicked)) }
            html.ul(.class("rows")) {
                for row in rows {
                    html.li {
                        html.span(.class("grow")) {
                            html.text("\(row.label) · ")
                            html.a(.class("inline-link"), .href(row.link), .userContent, text: row.title)
                        }
                        html.span(.class(row.isDone ? "chip good" : "chip bad"), text: say(row.words))
                    }
                }
            }
            html.p { html.a(.class("button"), .href(list), text: say(Say.backToApprovals)) }
        }
    }

    private func targetField(_ name: String, _ id: String, _ label: Words, _ form: ApprovalCardView.Form) {
        html.div(.class("field")) {
            html.label(.for(id), text: say(label))
            html.select(.id(id), .name(name)) { for target in form.targets { html.option(.value(target.value), text: target.label) } }
        }
    }
}
