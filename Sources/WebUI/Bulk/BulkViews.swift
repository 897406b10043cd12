import HTML
import SourceText

/// The steps of editing many records: choose a field, give a value, look at what would become of it.
struct BulkView: Sendable {
    struct Preview: Sendable {
        struct Row: Sendable {
            var title: String
            var link: Link
            var old: String
            var new: String
            /// Why it would be refused; nil if it would not.
            var refusal: String?
        }

        var rows: [Row]
        var changes: Int
        var stays: Int
        var refusals: Int
        /// How often each reason stands against one.
        var reasons: [(words: String, count: Int)]
        /// Of how many, where not all were tried.
        var tried: Int?
    }

    var label: Words
    var list: Link
    var count: Int
    /// To which these steps are sent.
    var action: Link
    /// Which records are meant, carried along.
    var kept: [(String, String)]
    var choices: [(name: String, label: String)]
    /// The field that was chosen, and the value.
    var chosen: (name: String, label: String, control: FormField)?
    var errors: [String]
    var preview: Preview?
    var requestKey: String
}

/// An edit of many records, under way or over.
struct BulkJobView: Sendable {
    enum State: Sendable { case running, done, cancelled, failed, interrupted, undoing, undone }

    var label: Words
    var list: Link
    var field: String
    var value: String
    var state: State
    var tried: Int
    var total: Int
    var changed: Int
    var unchanged: Int
    var refused: Int
    var reasons: [(title: String, link: Link, words: String)]
    var undone: Int
    var kept: Int
    var link: Link
    var cancelling: Link
    var undoing: Link
    var mayUndo: Bool

    var isUnderWay: Bool { state == .running || state == .undoing }
}

extension Page {
    /// The bar under a table: how many are selected, and what can be done with them. The boxes of the rows belong to its form.
    func bulkBar(_ view: ListView, _ shown: Int) {
        html.form(.class("bulk-bar"), .id("bulk"), .method(.get), .action(view.bulk)) {
            for (name, value) in view.bulkKept { html.hidden(name, value) }
            html.label(.class("tick"), .data("pick-page"), .hidden) {
                html.input(.type("checkbox"), .id("pick-page"))
                html.span(text: say(Say.selectPage(shown)))
            }
            if let total = view.total, total > shown {
                html.label(.class("tick")) {
                    html.input(.type("checkbox"), .name("all"), .value("yes"), .id("pick-all"))
                    html.span(text: say(Say.selectAll(total)))
                }
            }
            html.span(.class("muted"), .data("picked"), .hidden) {
                html.text("\(say(Say.selected)) ")
                html.element("output", [.id("picked-count")], text: "0")
            }
            html.button(.class("button"), .id("bulk-edit")) {
                icon("edit")
                html.text(say(Say.bulkEdit))
            }
        }
    }

    func bulkPage(_ view: BulkView) {
        crumbs([(view.list, say(view.label))], here: say(Say.bulkEdit))
        html.div(.class("page-head")) { html.h1(text: say(Say.bulkTitle(view.label, view.count))) }
        html.div(.class("card narrow stack")) {
            if !view.errors.isEmpty {
                html.div(.class("notice bad"), .role("alert"), .tabindex(-1), .data("focus"), .id("errors")) {
                    icon("warning")
                    html.ul { for error in view.errors { html.li(text: error) } }
                }
            }
            if view.count == 0 {
                html.p(text: say(Say.nothingSelected))
                html.p { html.a(.class("button"), .href(view.list), text: say(Say.backToList)) }
            } else {
                bulkField(view)
                if view.chosen != nil { bulkValue(view) }
                if let preview = view.preview { bulkPreview(view, preview) }
            }
        }
    }

    private func kept(_ view: BulkView) {
        for (name, value) in view.kept { html.hidden(name, value) }
    }

    private func bulkField(_ view: BulkView) {
        html.form(.method(.post), .action(view.action), .data("swap", "#main"), .class("bulk-step")) {
            formToken()
            kept(view)
            html.div(.class("field")) {
                html.label(.for("bulk-field"), text: say(Say.chooseField))
                html.select(.id("bulk-field"), .name("field")) {
                    html.option(.value(""), text: say(Say.choose))
                    for choice in view.choices { html.option(.value(choice.name), .when(choice.name == view.chosen?.name, .selected), text: choice.label) }
                }
            }
            html.button(.class("button"), text: say(Say.next))
        }
    }

    private func bulkValue(_ view: BulkView) {
        guard let chosen = view.chosen else { return }
        html.form(.method(.post), .action(view.action), .data("swap", "#main"), .class("bulk-step"), .novalidate) {
            formToken()
            kept(view)
            html.hidden("field", chosen.name)
            html.button(.class("visually-hidden"), .tabindex(-1), .aria("hidden", "true"), .name("_preview"), .value("yes"), text: say(Say.preview))
            field(chosen.control)
            html.button(.class("button"), .name("_preview"), .value("yes"), .id("bulk-preview"), text: say(Say.preview))
        }
    }

    private func bulkPreview(_ view: BulkView, _ preview: BulkView.Preview) {
        guard let chosen = view.chosen else { return }
        html.div(.class("stack"), .id("preview")) {
            html.h2(.id("preview-title"), text: say(Say.firstFive))
            html.div(.class("table-wrap"), .tabindex(0), .role("region"), .aria("labelledby", "preview-title")) {
                html.table(.class("table")) {
                    html.thead {
                        html.tr {
                            html.th(.scope("col"), text: say(view.label))
                            html.th(.scope("col"), text: say(Say.oldValue))
                            html.th(.scope("col"), text: say(Say.newValue))
                        }
                    }
                    html.tbody {
                        for row in preview.rows {
                            html.tr {
                                html.th(.scope("row")) { html.a(.href(row.link), .userContent, text: row.title) }
                                html.td(.userContent, text: row.old)
                                html.td {
                                    html.span(.userContent, text: row.new)
                                    if let refusal = row.refusal {
                                        html.p(.class("error-text small")) {
                                            icon("warning")
                                            html.span(text: refusal)
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            html.p(.class("chips"), .data("announce", say(Say.wouldChange(preview.changes)))) {
                html.span(.class("chip good"), text: say(Say.wouldChange(preview.changes)))
                if preview.stays > 0 { html.span(.class("chip"), text: say(Say.wouldStay(preview.stays))) }
                if preview.refusals > 0 { html.span(.class("chip bad"), text: say(Say.wouldBeRefused(preview.refusals))) }
                if let tried = preview.tried { html.span(.class("chip"), text: say(Say.onlyTried(tried))) }
            }
            if !preview.reasons.isEmpty {
                html.ul(.class("rows")) {
                    for reason in preview.reasons {
                        html.li {
                            html.span(.class("grow"), text: reason.words)
                            html.span(.class("muted"), text: grouped(reason.count))
                        }
                    }
                }
            }
            html.form(.method(.post), .action(view.action), .data("swap", "#main")) {
                formToken()
                kept(view)
                html.hidden("field", chosen.name)
                html.hidden("w.\(chosen.name)", chosen.control.opened)
                html.hidden("f.\(chosen.name)", chosen.control.entry)
                html.hidden("_request", view.requestKey)
                html.div(.class("form-end")) {
                    html.button(
                        .class("button primary"), .name("_run"), .value("yes"), .id("bulk-run"), .when(preview.changes == 0, .disabled),
                        text: say(Say.runBulk(view.count - (preview.tried == nil ? preview.stays + preview.refusals : 0))))
                    html.a(.class("button"), .href(view.list), text: say(Say.cancel))
                }
            }
        }
    }

    func bulkJobPage(_ view: BulkJobView) {
        crumbs([(view.list, say(view.label))], here: say(Say.bulkEdit))
        html.section(
            .class("card narrow stack"), .id("job"), .when(view.isUnderWay, .data("poll", view.link)),
            .aria("labelledby", "job-title")
        ) {
            let heading =
                switch view.state {
                case .running: Say.jobRunning
                case .done: Say.jobDone
                case .cancelled: Say.jobCancelled
                case .failed: Say.jobFailed
                case .interrupted: Say.jobInterrupted
                case .undoing: Say.jobUndoing
                case .undone: Say.jobUndone
                }
            html.h1(.id("job-title"), text: say(heading))
            html.p {
                html.text("\(view.field) → ")
                html.span(.userContent, text: view.value)
            }
            if view.state == .interrupted { html.p(text: say(Say.interruptedHint(BulkJobs.batch))) }
            html.element("progress", [.max(max(view.total, 1)), .value(String(view.tried)), .aria("label", say(heading))]) {}
            html.p(.class("muted"), .when(!view.isUnderWay, .data("announce", say(heading))), text: say(Say.progress(view.tried, of: view.total)))
            html.p(.class("chips")) {
                html.span(.class("chip good"), text: say(Say.changedCount(view.changed)))
                if view.unchanged > 0 { html.span(.class("chip"), text: say(Say.unchangedCount(view.unchanged))) }
                if view.refused > 0 { html.span(.class("chip bad"), text: say(Say.refusedRecords(view.refused))) }
                if view.state == .undoing || view.state == .undone {
                    html.span(.class("chip"), text: say(Say.undoneCount(view.undone)))
                    if view.kept > 0 { html.span(.class("chip"), text: say(Say.keptCount(view.kept))) }
                }
            }
            if !view.reasons.isEmpty {
                html.ul(.class("rows")) {
                    for reason in view.reasons {
                        html.li {
                            html.a(.class("grow"), .href(reason.link), .userContent, text: reason.title)
                            html.span(.class("small"), text: reason.words)
                        }
                    }
                }
            }
            html.div(.class("actions")) {
                if view.isUnderWay { html.a(.class("button"), .href(view.link), .data("swap", "#main"), text: say(Say.refresh)) }
                if view.state == .running { jobButton(view.cancelling, Say.cancelJob) }
                if view.mayUndo { jobButton(view.undoing, Say.undoBatch) }
                html.a(.class("button"), .href(view.list), text: say(Say.backToList))
            }
        }
    }

    private func jobButton(_ action: Link, _ words: Words) {
        html.form(.method(.post), .action(action), .data("swap", "#main")) {
            formToken()
            html.button(.class("button"), text: say(words))
        }
    }
}
