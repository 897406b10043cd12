import HTML
import SourceText

extension Page {
    func recordPage(_ view: RecordView) {
        crumbs([(view.list, say(view.objectLabel))], here: view.title)
        liveBar(view.live)
        html.div(.class("record-head")) {
            html.h1(.userContent, .data("recent", view.link), text: view.title)
            html.div(.class("actions")) {
                if let download = view.download {
                    html.a(.class("button primary"), .href(download), .download(view.title)) {
                        icon("download")
                        html.text(say(Say.download))
                    }
                }
                if let edit = view.edit {
                    html.a(.class("button"), .href(edit), .data("key", "e")) {
                        icon("edit")
                        html.text(say(Say.edit))
                    }
                }
                html.a(.class("button"), .href(view.history)) {
                    icon("history")
                    html.text(say(Say.history))
                }
                html.a(.class("button wide-only"), .href(view.printing)) {
                    icon("print")
                    html.text(say(Say.print))
                }
                if let deleting = view.deleting {
                    html.form(.method(.post), .action(deleting)) {
                        formToken()
                        html.hidden("_version", String(view.version))
                        html.button(.class("button quiet danger"), .data("confirm", say(Say.deleteQuestion(view.title)))) {
                            icon("trash")
                            html.text(say(Say.delete))
                        }
                    }
                }
            }
        }
        if !view.keyFacts.isEmpty {
            html.dl(.class("key-facts"), .aria("label", say(Say.keyFacts))) {
                for fact in view.keyFacts {
                    html.div {
                        html.dt(text: fact.label)
                        html.dd { value(fact.value) }
                    }
                }
            }
        }
        if let path = view.path { stagePath(path) }
        if let hollow = view.hollow {
            html.div(.class("notice warn"), .id("hollow")) {
                html.span(.class("hollow-mark"), .aria("hidden", "true")) {}
                html.div {
                    html.p {
                        html.element("strong", text: say(Say.hollowHere))
                        html.text("\(language.colon)\(say(Say.hollow(hollow.stage)))")
                    }
                    if !hollow.missing.isEmpty { html.ul { for line in hollow.missing { html.li(text: line) } } }
                }
            }
        }
        for approval in view.approvals { approvalCard(approval, withTitle: false, isBrief: true) }
        if let gate = view.gate { gatePanel(gate) }
        html.div(.class("record-body")) {
            html.div {
                if let first = view.groups.first { factsCard(first) }
                relatedLists(view.related)
                if let automation = view.automation { recordAutomation(automation) }
                for group in view.groups.dropFirst() { factsCard(group) }
            }
            html.div { timelineCard(view) }
        }
    }

    private func factsCard(_ group: RecordView.Group) {
        html.section(.class("card")) {
            html.div(.class("card-head")) { html.h2(text: group.label) }
            html.dl(.class("facts")) {
                for fact in group.facts {
                    html.div(.when(fact.isWide, .class("wide"))) {
                        html.dt(text: fact.label)
                        html.dd(.data("field", fact.name), .data("label", fact.label)) {
                            value(fact.value)
                            if let formula = fact.formula {
                                html.details(.class("small muted")) {
                                    html.summary(text: say(Say.formula))
                                    html.element("code", [.userContent], text: formula)
                                    if let why = fact.why { html.p { html.a(.class("inline-link"), .href(why), text: say(Say.stepByStep)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Those that hold something each get a card; the empty ones share one.
    private func relatedLists(_ lists: [RecordView.Related]) {
        for list in lists where !list.isEmpty {
            html.section(.class("card")) {
                html.div(.class("card-head")) {
                    html.h2(text: "\(say(list.label)) \(list.count)")
                    if let new = list.new {
                        html.a(.class("button small"), .href(new), .aria("label", say(Say.create(list.label)))) {
                            icon("plus")
                            html.text(say(Say.new))
                        }
                    }
                }
                if list.rows.isEmpty { html.p(.class("muted"), text: say(Say.noneHere)) }
                html.ul(.class("rows")) {
                    for (title, link, note) in list.rows {
                        html.li {
                            html.a(.class("grow"), .href(link), .userContent, text: title)
                            if !note.isEmpty { html.span(.class("muted small"), text: note) }
                        }
                    }
                }
                if let upload = list.upload { uploadForm(upload, isInline: true) }
            }
        }
        let empty = lists.filter(\.isEmpty)
        guard !empty.isEmpty else { return }
        html.section(.class("card")) {
            html.div(.class("card-head")) { html.h2(text: say(Say.related)) }
            html.ul(.class("rows")) {
                for list in empty {
                    html.li {
                        html.span(.class("grow")) {
                            html.text(say(list.label))
                            html.span(.class("muted"), text: " · \(say(Say.noneHere))")
                        }
                        if let new = list.new {
                            html.a(.class("button small"), .href(new), .aria("label", say(Say.create(list.label)))) {
                                icon("plus")
                                html.text(say(Say.new))
                            }
                        }
                    }
                }
            }
        }
    }

    // MARK: Stages

    /// Each segment is a button: it shows the gate of its stage; the second step moves.
    func stagePath(_ view: StagePathView) {
        html.nav(.aria("label", say(Say.stagePath))) {
            html.form(.class("path"), .method(.get), .action(view.action), .data("swap", "#main")) {
                for phase in view.phases {
                    html.div(.class("path-phase")) {
                        if let label = phase.label { html.span(text: label) }
                        html.ol { for stage in phase.stages { html.li { stageButton(stage) } } }
                    }
                }
            }
        }
    }

    private func stageButton(_ stage: StagePathView.Stage) {
        let note =
            switch stage.state {
            case .done: Say.stageDone
            case .current: Say.stageCurrent
            case .ahead: Say.stageAhead
            }
        html.button(
            stageClass(stage), .id("stage-\(stage.key)"), .name("to"), .value(stage.key),
            .when(stage.state == .current, .aria("current", "step")), .aria("pressed", stage.isPreviewed ? "true" : "false")
        ) {
            if stage.state == .done { icon("check") }
            html.text(stage.label)
            html.span(.class("visually-hidden"), text: language.bracketed(say(note)))
        }
    }

    private func stageClass(_ stage: StagePathView.Stage) -> Attribute {
        switch (stage.state, stage.end, stage.isPreviewed) {
        case (.current, .won, _): .class("stage current won")
        case (.current, .lost, _): .class("stage current lost")
        case (.current, nil, _): .class("stage current")
        case (.done, _, true): .class("stage done previewed")
        case (.done, _, false): .class("stage done")
        case (.ahead, _, true): .class("stage previewed")
        case (.ahead, _, false): .class("stage")
        }
    }

    func gatePanel(_ gate: GateView) {
        html.section(gate.isOpen ? .class("card gate open") : .class("card gate"), .id("gate"), .aria("label", say(Say.gateOf(gate.label)))) {
            html.div(.class("card-head")) {
                html.h2(text: say(Say.gateOf(gate.label)))
                advance(gate)
            }
            if let refusal = gate.refusal {
                html.p(.class("error-text"), .when(gate.wasTried, .role("alert"))) {
                    icon("warning")
                    html.span(text: refusal)
                }
            }
            if gate.wasTried, gate.refusal == nil, gate.missing > 0 {
                html.p(.class("error-text"), .role("alert"), .tabindex(-1), .data("focus"), .id("gate-refused")) {
                    icon("warning")
                    html.span(text: "\(say(Say.cannotMove))\(language.colon)\(say(Say.missing(gate.missing)))")
                }
            }
            if gate.items.isEmpty, gate.refusal == nil { html.p(.class("muted"), text: say(Say.noConditions)) }
            html.ul {
                for item in gate.items { condition(item) }
            }
        }
    }

    private func advance(_ gate: GateView) {
        html.form(.class("actions"), .method(.post), .action(gate.action), .data("swap", "#main")) {
            formToken()
            html.hidden("to", gate.key)
            html.hidden("_version", String(gate.version))
            html.hidden("_request", gate.requestKey)
            if gate.isOpen {
                html.span(.class("chip good"), .data("announce", say(Say.gateOpen)), text: say(Say.gateOpen))
                html.button(.class("button primary"), .id("advance"), text: say(Say.advance(gate.label)))
            } else if gate.missing > 0 {
                html.span(.class("chip bad"), .data("announce", say(Say.missing(gate.missing))), text: say(Say.missing(gate.missing)))
                if gate.refusal == nil { html.button(.class("button"), .id("advance"), text: say(Say.advance(gate.label))) }
            }
        }
    }

    private func condition(_ item: GateView.Item) {
        html.li(item.isMet ? .class("condition met") : .class("condition unmet")) {
            html.p {
                html.span(.class("mark")) { icon(item.isMet ? "check" : "cross") }
                html.span {
                    html.text(item.say)
                    html.span(.class("visually-hidden"), text: language.bracketed(say(item.isMet ? Say.met : Say.unmet)))
                }
            }
            guard !item.isMet, !item.ways.isEmpty else { return }
            html.div(.class("ways")) {
                for way in item.ways { self.way(way) }
            }
        }
    }

    private func way(_ way: GateView.Way) {
        switch way {
        case .form(let form, let button):
            html.form(.class("way"), .method(.post), .action(form.action), .novalidate, .data("swap", "#main")) {
                hiddenParts(of: form)
                for field in form.groups.flatMap(\.fields) { self.field(field) }
                html.button(.class("button primary"), text: button)
            }
        case .upload(let upload): uploadForm(upload, isInline: true)
        case .open(let label, let link):
            html.p {
                html.a(.class("button"), .href(link)) {
                    icon("plus")
                    html.text(label)
                }
            }
        }
    }

    private func hiddenParts(of form: FormView) {
        formToken()
        html.hidden("_request", form.requestKey)
        if let version = form.version { html.hidden("_version", String(version)) }
        if let back = form.back { html.hidden("_back", back.text) }
        for fixed in form.fixed { html.hidden(fixed.name, fixed.value) }
    }

    // MARK: Files and what happened

    /// Sends multipart without scripts, and one PUT a file with them.
    func uploadForm(_ view: UploadView, isInline: Bool) {
        html.form(
            isInline ? .class("way") : .class("form-grid"), .method(.post), .action(view.action), .multipart,
            .data("upload", Link("api", "v1", "files")), .data("swap", "#main")
        ) {
            formToken()
            html.hidden("about", view.about)
            html.hidden("_back", view.back.text)
            if let kind = view.kind {
                html.hidden("kind", kind)
            } else if !view.kinds.isEmpty {
                html.div(.class("field")) {
                    html.label(.for("\(view.id)-kind"), text: view.kindLabel)
                    html.select(.id("\(view.id)-kind"), .name("kind")) {
                        html.option(.value(""), text: say(Say.choose))
                        for kind in view.kinds { html.option(.value(kind.key), text: kind.label) }
                    }
                }
            }
            html.div(.class("field")) {
                html.label(.for("\(view.id)-file"), text: view.kind == nil ? say(Say.file) : view.heading)
                html.input(.type("file"), .id("\(view.id)-file"), .name("file"), .when(view.kind == nil, .multiple))
            }
            html.button(.class("button primary")) {
                icon("upload")
                html.text(view.heading)
            }
        }
    }

    private func timelineCard(_ view: RecordView) {
        html.section(.class("card"), .aria("label", say(Say.timeline))) {
            html.div(.class("card-head")) { html.h2(text: say(Say.timeline)) }
            if let composer = view.composer { self.composer(composer) }
            if view.timeline.isEmpty { html.p(.class("muted"), text: say(Say.nothingHappened)) }
            if let recomputed = view.recomputed {
                html.p {
                    html.a(
                        .class("small inline-link"), .href(recomputed.link), .data("swap", "#main"),
                        text: say(recomputed.isShown ? Say.hideRecomputed : Say.showRecomputed))
                }
            }
            html.ol(.class("timeline")) {
                for entry in view.timeline { timelineEntry(entry) }
            }
        }
    }

    /// The first group is always open; the rest folds away.
    private func composer(_ form: FormView) {
        html.form(
            .class("composer"), .method(.post), .action(form.action), .novalidate, .data("swap", "#main"), .aria("label", say(Say.composer))
        ) {
            hiddenParts(of: form)
            html.div(.class("form-grid")) {
                for field in form.groups.first?.fields ?? [] { self.field(field) }
            }
            let more = form.groups.dropFirst().flatMap(\.fields)
            if !more.isEmpty {
                html.details {
                    html.summary(text: say(Say.moreFields))
                    html.div(.class("form-grid")) { for field in more { self.field(field) } }
                }
            }
            html.p { html.button(.class("button primary"), text: say(Say.addActivity)) }
        }
    }

    private func timelineEntry(_ entry: TimelineEntry) {
        let kind: Attribute =
            switch entry.kind {
            case .activity: .class("activity")
            case .stageChange: .class("stage-change")
            case .change: .class("change")
            }
        html.li(kind) {
            html.p(.class("meta")) {
                html.time(.datetime(entry.stamp), .title(entry.moment), text: entry.ago)
                html.span(.when(entry.isPerson, .userContent), text: entry.who)
            }
            html.div(.class("what")) {
                if let link = entry.link {
                    html.a(.href(link), text: entry.what)
                } else {
                    html.span(text: entry.what)
                }
            }
            if let text = entry.text { html.p(.class("what"), .userContent, text: text) }
            if !entry.facts.isEmpty {
                html.p(.class("chips small")) {
                    for (label, fact) in entry.facts {
                        html.span(.class("chip")) {
                            html.text("\(label)\(language.colon)")
                            value(fact)
                        }
                    }
                }
            }
            if !entry.changes.isEmpty {
                html.ul(.class("changes")) {
                    for change in entry.changes {
                        html.li {
                            html.text("\(change.label)\(language.colon)")
                            html.element("del", [.userContent], text: change.old)
                            html.markup(" → ")
                            html.element("ins", [.userContent], text: change.new)
                        }
                    }
                }
            }
        }
    }
}
