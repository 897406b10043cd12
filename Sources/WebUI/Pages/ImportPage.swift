import HTML
import SourceText

extension Page {
    func importPage(_ view: ImportView) {
        crumbs([(view.list, say(view.label))], here: say(Say.stepRun))
        html.div(.class("page-head")) { html.h1(text: say(Say.importTitle(view.label))) }
        steps(view.step)
        if let error = view.error {
            html.div(.class("notice bad"), .role("alert"), .tabindex(-1), .data("focus"), .id("import-error")) {
                icon("warning")
                html.div(text: error)
            }
        }
        if let name = view.fileName { html.p(.class("muted"), .userContent, text: name) }
        switch view.body {
        case .upload(let templates, let earlier): uploadStep(view, templates, earlier)
        case .map(let mapping): mapStep(view, mapping)
        case .match(let matching): matchStep(view, matching)
        case .progress(let progress): progressStep(view, progress)
        case .report(let report): reportStep(view, report)
        case .records(let rows, let next): recordsStep(view, rows, next)
        }
    }

    private func steps(_ current: ImportView.Step) {
        html.nav(.class("import-steps"), .aria("label", say(Say.importSteps))) {
            html.element("ol") {
                for step in ImportView.Step.allCases {
                    html.li(.when(step == current, .aria("current", "step")), .when(step.rawValue < current.rawValue, .class("done")), text: "\(step.rawValue) \(say(step.words))")
                }
            }
        }
    }

    // MARK: 1 upload

    private func uploadStep(_ view: ImportView, _ templates: [(label: Words, link: Link)], _ earlier: [ImportView.Earlier]) {
        html.section(.class("card stack"), .aria("label", say(Say.stepUpload))) {
            html.p(text: say(Say.importHint))
            html.p(.class("chips")) { for template in templates { html.a(.href(template.link), .class("inline-link"), text: say(template.label)) } }
            html.form(.class("stack"), .method(.post), .action(view.actions()), .multipart, .data("swap", "#main")) {
                formToken()
                html.div(.class("field")) {
                    html.label(.for("table"), text: say(Say.tableFile))
                    html.input(
                        .type("file"), .id("table"), .name("table"),
                        .accept(".csv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), .required)
                }
                html.p { html.button(.class("button primary"), text: say(Say.uploadTable)) }
            }
        }
        guard !earlier.isEmpty else { return }
        html.section(.class("card stack"), .aria("label", say(Say.earlierImports))) {
            html.h2(text: say(Say.earlierImports))
            html.ul(.class("plain-list")) {
                for import_ in earlier {
                    html.li(.class("chips")) {
                        html.a(.href(import_.link), .class("inline-link"), .userContent, text: import_.name)
                        html.span(.class("muted"), text: import_.when)
                        html.span(.class("chip"), text: say(Say.state(import_.state)))
                    }
                }
            }
        }
    }

    // MARK: 2 map

    private func mapStep(_ view: ImportView, _ mapping: ImportView.Mapping) {
        html.section(.class("card stack"), .aria("label", say(Say.stepMap))) {
            html.p(.class("chips")) { for fact in mapping.format { html.span(.class("chip"), text: fact) } }
            html.p(text: say(Say.mapHint))
            html.form(.class("stack"), .method(.post), .action(view.actions("map")), .data("swap", "#main")) {
                formToken()
                html.div(.class("table-wrap"), .tabindex(0), .role("region"), .aria("label", say(Say.fileColumn))) {
                    html.table(.class("table")) {
                        html.thead {
                            html.tr { for head in [Say.fileColumn, Say.intoField, Say.firstValues] { html.th(.scope("col"), text: say(head)) } }
                        }
                        html.tbody {
                            for (index, column) in mapping.columns.enumerated() { self.column(column, index) }
                        }
                    }
                }
                wizardEnd(view, Say.nextStep, discards: true)
            }
            html.details {
                html.summary(text: say(Say.readOtherwise))
                html.form(.class("stack"), .method(.post), .action(view.actions("reading")), .data("swap", "#main")) {
                    formToken()
                    for reading in mapping.readings { choiceField(reading.name, reading.label, reading.choices) }
                    html.p { html.button(.class("button"), text: say(Say.readAgain)) }
                }
            }
        }
    }

    private func column(_ column: ImportView.Column, _ index: Int) {
        html.tr(.when(column.isLeftOut, .class("left-out"))) {
            html.td(.userContent, text: column.header)
            html.td {
                html.select(.name("c\(index)"), .id("c\(index)"), .aria("label", say(Say.intoFieldOf(column.header)))) { options(column.choices) }
            }
            html.td(.userContent, text: column.samples.filter { !$0.isEmpty }.joined(separator: " · "))
        }
    }

    func options(_ choices: [ImportView.Choice]) {
        for choice in choices { html.option(.value(choice.value), .when(choice.isChosen, .selected), text: choice.label) }
    }

    private func choiceField(_ name: String, _ label: Words, _ choices: [ImportView.Choice]) {
        html.div(.class("field")) {
            html.label(.for("import-\(name)"), text: say(label))
            html.select(.name(name), .id("import-\(name)")) { options(choices) }
        }
    }

    private func wizardEnd(_ view: ImportView, _ next: Words, discards: Bool) {
        html.div(.class("form-end")) {
            html.button(.class("button primary"), text: say(next))
            if discards { html.button(.class("button"), .formaction(view.actions("discard")), text: say(Say.discard)) }
        }
    }

    // MARK: 3 match

    private func matchStep(_ view: ImportView, _ matching: ImportView.Matching) {
        html.section(.class("card stack"), .aria("label", say(Say.stepMatch))) {
            html.form(.class("stack"), .method(.post), .action(view.actions("match")), .data("swap", "#main")) {
                formToken()
                choiceField("match", Say.matchBy, matching.fields)
                html.element("fieldset", [.class("field")]) {
                    html.legend(text: say(Say.whenFound))
                    html.div(.class("ticks")) {
                        for choice in matching.found {
                            html.label(.class("tick")) {
                                html.input(.type("radio"), .name("found"), .value(choice.value), .when(choice.isChosen, .checked))
                                html.span(text: choice.label)
                            }
                        }
                    }
                    html.p(.class("help"), text: say(Say.blankCells))
                }
                html.div(.class("form-end")) {
                    html.button(.class("button primary"), text: say(Say.checkAll))
                    html.a(.class("button"), .href(view.actions(query: [("step", "map")])), text: say(Say.back))
                }
            }
        }
    }

    // MARK: 4 and 5: under way

    private func progressStep(_ view: ImportView, _ progress: ImportView.Progress) {
        html.section(.class("card stack"), .id("import-progress"), .data("poll", view.here), .aria("label", say(progress.heading))) {
            html.h2(text: say(progress.heading))
            html.element("progress", [.max(100), .value(String(progress.percent)), .aria("label", say(progress.heading))], text: "\(progress.percent)%")
            html.p(text: say(progress.rows > 0 ? Say.progress(progress.percent, rows: progress.rows) : Say.percent(progress.percent)))
            html.p(.class("muted"), text: say(Say.canLeave))
            html.form(.method(.post), .action(view.actions("stop")), .data("swap", "#main")) {
                formToken()
                html.div(.class("form-end")) {
                    html.a(.class("button"), .id("refresh"), .href(view.here), text: say(Say.refreshProgress))
                    if progress.canStop { html.button(.class("button"), .id("stop"), text: say(Say.stop)) }
                }
            }
        }
    }

    // MARK: 4 and 6: what was found, what was done

    private func reportStep(_ view: ImportView, _ report: ImportView.Report) {
        let told = report.counts.map { say($0.text) }.joined(separator: language.comma)
        html.section(.class("card stack"), .id("report"), .aria("label", say(report.heading))) {
            html.div(.class("card-head")) {
                html.h2(.tabindex(-1), .data("focus"), .id("report-heading"), .data("announce", "\(say(report.heading))\(language.colon)\(told)"), text: say(report.heading))
                if let records = report.records { html.a(.class("button"), .href(records), text: say(Say.seeImported)) }
            }
            html.p(.class("chips")) {
                for count in report.counts { html.span(count.isBad ? .class("chip bad") : .class("chip good"), text: say(count.text)) }
            }
            html.form(.method(.post), .action(view.actions("run")), .data("swap", "#main")) {
                formToken()
                html.div(.class("form-end")) {
                    if let run = report.run { html.button(.class("button primary"), text: say(run)) }
                    if view.step == .check {
                        html.a(.class("button"), .href(view.actions(query: [("step", "map")])), text: say(Say.back))
                        html.button(.class("button"), .formaction(view.actions("discard")), text: say(Say.discard))
                    } else {
                        html.a(.class("button"), .href(Link.Actions(object: view.actions.object, job: nil)()), text: say(Say.anotherFile))
                    }
                }
            }
            if report.canUndo {
                html.form(.method(.post), .action(view.actions("undo")), .data("swap", "#main"), .data("confirm", say(Say.undoQuestion))) {
                    formToken()
                    html.button(.class("button danger"), text: say(Say.undoImport))
                }
            }
            if !report.failures.isEmpty { importFailures(view, report) }
            if !report.kept.isEmpty { kept(report) }
        }
    }

    private func kept(_ report: ImportView.Report) {
        html.h3(text: say(Say.keptRecords))
        html.ul {
            for record in report.kept {
                html.li {
                    html.a(.href(record.link), .class("inline-link"), .userContent, text: record.title)
                    html.text("\(language.colon)\(record.reason)")
                }
            }
        }
    }

    private func recordsStep(_ view: ImportView, _ rows: [(title: String, link: Link, isNew: Bool)], _ next: Link?) {
        html.section(.class("card stack"), .id("imported"), .aria("label", say(Say.importedRecords))) {
            html.div(.class("card-head")) {
                html.h2(text: say(Say.importedRecords))
                html.a(.class("button"), .href(view.actions()), text: say(Say.back))
            }
            html.ul(.class("plain-list")) {
                for row in rows {
                    html.li(.class("chips")) {
                        html.a(.href(row.link), .class("inline-link"), .userContent, text: row.title)
                        html.span(.class("chip"), text: say(row.isNew ? Say.wasCreated : Say.wasUpdated))
                    }
                }
            }
            if let next { html.p { html.a(.class("button"), .href(next), text: say(Say.nextPage)) } }
        }
    }
}
