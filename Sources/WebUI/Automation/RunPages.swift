import HTML
import SourceText

extension Page {
    // MARK: Parts

    func time(_ moment: TimeView, _ attributes: Attribute = .none) {
        html.time(attributes, .datetime(moment.stamp), .title(moment.full), text: moment.shown)
    }

    func moodChip(_ words: Words, _ mood: Mood) {
        switch mood {
        case .plain: html.span(.class("chip"), text: say(words))
        case .busy: html.span(.class("chip accent"), text: say(words))
        case .good: html.span(.class("chip good"), text: say(words))
        case .bad: html.span(.class("chip bad"), text: say(words))
        }
    }

    private func sourceLink(_ source: (text: String, link: Link)?) {
        guard let source else { return }
        html.a(.class("small inline-link nowrap"), .href(source.link), .title(say(Say.writtenAt))) { html.element("code", text: source.text) }
    }

    private func runHead(_ row: RunRowView) {
        html.span(.class("grow")) {
            html.a(.class("inline-link"), .href(row.link), text: row.label)
            if let rung = row.rung { html.text(" · \(rung)") }
            if let record = row.record {
                html.text(" · ")
                html.a(.class("inline-link"), .href(record.link), .userContent, text: record.title)
            }
        }
        moodChip(row.state, row.mood)
        time(row.moment, .class("muted small"))
        if let note = row.note { html.p(row.mood == .bad ? .class("small failure") : .class("small muted"), .userContent, text: note) }
    }

    func runRow(_ row: RunRowView) {
        html.li(.id("run-\(row.id)")) { runHead(row) }
    }

    /// - Parameter isNeutral: That something was not done is no failure.
    private func journal(_ entries: [RunEntryView], isNeutral: Bool = false) {
        html.ol(.class("journal")) {
            for entry in entries {
                html.li(entry.isDone || isNeutral ? .none : .class("refused")) {
                    time(entry.moment, .class("muted small nowrap"))
                    html.span(.userContent, text: entry.words)
                    if !entry.isDone, !isNeutral { html.span(.class("visually-hidden"), text: language.bracketed(say(Say.stepRefused))) }
                    if let record = entry.record { html.a(.class("inline-link small"), .href(record.link), .userContent, text: record.title) }
                }
            }
        }
    }

    func timerRow(_ timer: TimerRowView) {
        html.li {
            html.span(.class("grow")) {
                html.text(timer.label)
                if let record = timer.record {
                    html.text(" · ")
                    html.a(.class("inline-link"), .href(record.link), .userContent, text: record.title)
                }
            }
            if timer.isLate { html.span(.class("late small"), text: say(Say.late)) }
            sourceLink(timer.source)
            html.p(.class("small muted")) {
                if let paused = timer.paused {
                    html.text("\(say(Say.stoodStill)) ")
                    time(paused)
                } else {
                    html.text("\(say(Say.timeSince)) ")
                    time(timer.since)
                }
            }
            html.ol(.class("rungs")) {
                for rung in timer.rungs {
                    html.li(rungClass(rung.state)) {
                        html.text(rung.after)
                        switch rung.state {
                        case .fired: html.text(" · \(say(Say.fired))")
                        case .next, .ahead, .still:
                            if let due = rung.due {
                                html.text(" · ")
                                time(due)
                            }
                        }
                        if rung.state == .next { html.span(.class("visually-hidden"), text: language.bracketed(say(Say.nextUp))) }
                    }
                }
            }
        }
    }

    private func rungClass(_ state: TimerRowView.State) -> Attribute {
        switch state {
        case .fired: .class("chip bad")
        case .next: .class("chip accent")
        case .ahead, .still: .class("chip")
        }
    }

    func assignmentRow(_ row: AssignmentRowView) {
        html.li {
            html.span(.class("grow")) {
                if let record = row.record {
                    html.a(.class("inline-link"), .href(record.link), .userContent, text: record.title)
                    html.text(" · \(row.label)")
                } else if let chosen = row.chosen {
                    html.text("\(row.label)\(language.colon)\(say(Say.givenTo)) ")
                    html.a(.class("inline-link"), .href(chosen.link), .userContent, text: chosen.title)
                } else {
                    html.text("\(row.label)\(language.colon)\(say(Say.nobodySuitable))")
                }
            }
            if row.isWaiting { html.span(.class("chip accent"), text: say(Say.inQueue)) }
            sourceLink(row.source)
            time(row.moment, .class("muted small"))
            if let protected = row.protected {
                html.p(.class("small muted")) {
                    html.text("\(say(Say.protectedUntil)) ")
                    time(protected)
                }
            }
            if !row.candidates.isEmpty || !row.out.isEmpty {
                html.details(.class("small")) {
                    html.summary(text: say(Say.whyThem))
                    html.ol(.class("plain-list")) {
                        for candidate in row.candidates {
                            html.li {
                                html.span(.userContent, text: candidate.name)
                                html.text(" \(say(Say.points(candidate.points)))")
                                if !candidate.parts.isEmpty {
                                    html.span(.class("muted"), .userContent, text: language.bracketed(candidate.parts.joined(separator: language == .zh ? "、" : ", ")))
                                }
                            }
                        }
                        for other in row.out {
                            html.li(.class("muted")) {
                                html.span(.userContent, text: other.name)
                                html.text(" \(say(Say.notSuitable))\(language.colon)")
                                html.element("code", [.userContent], text: other.demand)
                            }
                        }
                    }
                }
            }
        }
    }

    // MARK: On a record's page

    func recordAutomation(_ view: RecordAutomationView) {
        html.section(.class("card"), .id("automation"), .aria("label", say(Say.automation))) {
            html.div(.class("card-head")) {
                html.h2(text: say(Say.automation))
                if let all = view.allRuns { html.a(.class("button small"), .href(all), text: say(Say.allRunsHere)) }
            }
            if !view.timers.isEmpty {
                html.h3(text: say(Say.timers))
                html.ul(.class("rows")) { for timer in view.timers { timerRow(timer) } }
            }
            if !view.assignments.isEmpty {
                html.h3(text: say(Say.assignments))
                html.ul(.class("rows")) { for assignment in view.assignments { assignmentRow(assignment) } }
            }
            if !view.runs.isEmpty {
                html.h3(text: say(Say.runsHere))
                html.ul(.class("rows")) {
                    for run in view.runs {
                        html.li(.id("run-\(run.row.id)")) {
                            runHead(run.row)
                            if !run.entries.isEmpty {
                                html.details(.class("small")) {
                                    html.summary(text: say(Say.journal))
                                    journal(run.entries)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    // MARK: One run

    func runPage(_ view: RunPageView) {
        if let list = view.list {
            crumbs([(list, say(Say.runs))], here: say(Say.runNumber(view.row.id)))
        } else if let record = view.row.record {
            crumbs([(record.link, record.title)], here: say(Say.runNumber(view.row.id)))
        }
        html.div(.class("page-head")) {
            html.h1(text: view.row.rung.map { "\(view.row.label) · \($0)" } ?? view.row.label)
            moodChip(view.row.state, view.row.mood)
        }
        html.section(.class("card"), .id("run")) {
            if let note = view.row.note { html.p(view.row.mood == .bad ? .class("run-note failure") : .class("run-note"), .userContent, text: note) }
            html.dl(.class("facts")) {
                for fact in view.facts {
                    html.div {
                        html.dt(text: say(fact.label))
                        html.dd { value(fact.value) }
                    }
                }
                if let source = view.source {
                    html.div {
                        html.dt(text: say(Say.rule))
                        html.dd { html.a(.href(source.link), .class("inline-link")) { html.element("code", text: source.text) } }
                    }
                }
            }
            if let action = view.action, !view.commands.isEmpty || view.hint != nil {
                html.div(.class("actions run-commands")) {
                    for command in view.commands { commandForm(command, action) }
                    if let hint = view.hint { html.span(.class("muted small"), text: hint) }
                }
            }
        }
        html.section(.class("card"), .aria("label", say(Say.stepsOfRun))) {
            html.div(.class("card-head")) { html.h2(text: say(Say.stepsOfRun)) }
            html.ol(.class("run-steps")) { for part in view.parts { runPart(part) } }
        }
        valuesCard(Say.beforeChange, view.before)
        valuesCard(Say.valuesOfRun, view.values)
        if !view.effects.isEmpty || !view.approvals.isEmpty {
            html.section(.class("card"), .aria("label", say(Say.effectsOfRun))) {
                html.div(.class("card-head")) {
                    html.h2(text: say(Say.effectsOfRun))
                    if let outbox = view.outbox { html.a(.class("button small"), .href(outbox), text: say(Say.outbox)) }
                }
                html.ul(.class("rows")) {
                    for approval in view.approvals {
                        html.li {
                            html.a(.class("grow inline-link"), .href(approval.link), text: approval.label)
                            html.span(.class("chip"), text: approval.state)
                        }
                    }
                    for effect in view.effects {
                        html.li {
                            html.span(.class("grow"), .userContent, text: effect.target)
                            moodChip(effect.state, effect.mood)
                            time(effect.moment, .class("muted small"))
                            if let trouble = effect.trouble { html.p(.class("small failure"), text: trouble) }
                        }
                    }
                }
            }
        }
    }

    private func commandForm(_ command: RunPageView.Command, _ action: Link) {
        html.form(.method(.post), .action(action), .data("swap", "#main")) {
            formToken()
            html.hidden("command", command.name)
            html.button(
                command.isDangerous ? .class("button danger") : command.isFirst ? .class("button primary") : .class("button"), .when(command.question != nil, .data("confirm", command.question.map { say($0) } ?? "")),
                text: say(command.label))
        }
    }

    private func valuesCard(_ heading: Words, _ values: [(label: String, value: DisplayValue)]) {
        guard !values.isEmpty else { return }
        html.section(.class("card"), .aria("label", say(heading))) {
            html.div(.class("card-head")) { html.h2(text: say(heading)) }
            html.dl(.class("facts")) {
                for entry in values {
                    html.div {
                        html.dt(.userContent, text: entry.label)
                        html.dd { value(entry.value) }
                    }
                }
            }
        }
    }

    private func runPart(_ part: RunPageView.Part) {
        html.li(partClass(part)) {
            html.p(.class("run-step")) {
                html.span(.class("mark"), .aria("hidden", "true")) { partIcon(part.state) }
                html.element("code", [.class("step-number muted")], text: part.step)
                if let words = part.words { html.span(.class("what")) { quoting(words) } }
                html.span(.class("visually-hidden"), text: language.bracketed(say(words(part.state))))
                sourceLink(part.source)
            }
            if part.state == .current || part.state == .ahead { html.p(.class("muted small"), text: say(words(part.state))) }
            if let reason = part.reason { html.p(.class("muted small"), text: "\(say(Say.stepSkipped))\(language.colon)\(reason)") }
            if !part.entries.isEmpty { journal(part.entries, isNeutral: part.state == .no) }
        }
    }

    /// What stands in backticks is the author's.
    private func quoting(_ words: String) {
        for (index, part) in words.split(separator: "`", omittingEmptySubsequences: false).enumerated() where !part.isEmpty {
            if index.isMultiple(of: 2) { html.text(String(part)) } else { html.element("code", [.userContent], text: String(part)) }
        }
    }

    private func partClass(_ part: RunPageView.Part) -> Attribute {
        let state: Attribute =
            switch part.state {
            case .done: .data("state", "done")
            case .refused: .data("state", "refused")
            case .no: .data("state", "no")
            case .current: .data("state", "current")
            case .ahead: .data("state", "ahead")
            case .skipped: .data("state", "skipped")
            }
        let depth: Attribute =
            switch part.depth {
            case 0: .none
            case 1: .class("deep-1")
            case 2: .class("deep-2")
            default: .class("deep-3")
            }
        return .all([depth, state, .when(part.state == .current, .aria("current", "step"))])
    }

    private func partIcon(_ state: RunPageView.Part.State) {
        switch state {
        case .done: icon("check")
        case .refused: icon("cross")
        case .no: icon("right")
        case .current: icon("clock")
        case .ahead, .skipped: icon("more")
        }
    }

    private func words(_ state: RunPageView.Part.State) -> Words {
        switch state {
        case .done: Say.stepDone
        case .refused: Say.stepRefused
        case .no: Say.stepNo
        case .current: Say.stepCurrent
        case .ahead: Say.stepAhead
        case .skipped: Say.stepSkipped
        }
    }

    // MARK: All runs

    func runsPage(_ view: RunsPageView) {
        html.div(.class("page-head")) {
            html.h1(text: say(Say.runs))
            html.a(.class("button"), .href(view.outbox), text: say(Say.outbox))
        }
        if view.failed > 0 {
            html.div(.class("notice bad")) {
                icon("warning")
                html.div { html.a(.href(Link("runs", query: [("state", "failed")])), text: say(Say.runsFailed(view.failed))) }
            }
        }
        html.form(.class("card filter-runs"), .method(.get), .action(Link("runs")), .aria("label", say(Say.filter))) {
            choice("state", Say.state, [("", say(Say.anyState))] + view.states.map { ($0.value, say($0.label)) }, view.chosen.state)
            choice("rule", Say.rule, [("", say(Say.anyState))] + view.rules, view.chosen.rule)
            choice("object", Say.object, [("", say(Say.anyState))] + view.objects, view.chosen.object)
            day("from", Say.fromDay, view.chosen.from)
            day("until", Say.untilDay, view.chosen.until)
            if let record = view.recordID { html.hidden("record", record) }
            html.div(.class("actions")) {
                html.button(.class("button primary"), text: say(Say.show))
                if view.isFiltered { html.a(.class("button"), .href(Link("runs")), text: say(Say.clearFilters)) }
            }
        }
        if let record = view.record {
            html.p(.class("run-about")) {
                html.text("\(say(Say.aboutRecord))\(language.colon)")
                html.a(.href(record.link), .userContent, text: record.title)
            }
        }
        runBatchLinks(view.batches)
        if view.rows.isEmpty {
            html.div(.class("card")) { empty(view.isFiltered ? Say.noRunsMatch : Say.noRuns) {} }
        } else {
            html.ul(.class("card rows runs")) { for row in view.rows { runRow(row) } }
        }
        if view.first != nil || view.next != nil {
            html.nav(.class("pager"), .aria("label", say(Say.pages))) {
                if let first = view.first { html.a(.class("button"), .href(first), .data("swap", "#main"), text: say(Say.firstPage)) }
                if let next = view.next { html.a(.class("button"), .href(next), .data("swap", "#main"), text: say(Say.nextPage)) }
            }
        }
    }

    private func choice(_ name: String, _ label: Words, _ options: [(value: String, label: String)], _ chosen: String) {
        html.div(.class("field")) {
            html.label(.for("runs-\(name)"), text: say(label))
            html.select(.id("runs-\(name)"), .name(name)) {
                for option in options { html.option(.value(option.value), .when(option.value == chosen, .selected), text: option.label) }
            }
        }
    }

    private func day(_ name: String, _ label: Words, _ chosen: String) {
        html.div(.class("field")) {
            html.label(.for("runs-\(name)"), text: say(label))
            html.input(.type("date"), .id("runs-\(name)"), .name(name), .value(chosen))
        }
    }
}
