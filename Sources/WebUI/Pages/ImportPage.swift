import HTML
import SourceText

/// The page that takes a table, and what became of it.
struct ImportView: Sendable {
    struct Row: Sendable {
        enum Fate: Sendable {
            case created(title: String, Link)
            case fine
            case refused([String])
        }

        var line: Int
        var fate: Fate
    }

    struct Report: Sendable {
        var isCheck: Bool
        var encoding: String
        /// Each column of the file, and the label of the field it went into.
        var columns: [(header: String, field: String?)]
        var good: Int
        var refused: Int
        /// Refused ones first.
        var rows: [Row]
        var isCut: Bool
    }

    var label: Words
    var list: Link
    var action: Link
    var template: Link
    var error: String?
    var report: Report?
    var requestKey: String

    /// Rows listed in a report.
    static let mostRows = 200
}

extension Page {
    func importPage(_ view: ImportView) {
        crumbs([(view.list, say(view.label))], here: say(Say.importing))
        html.div(.class("page-head")) { html.h1(text: say(Say.importTitle(view.label))) }
        if let error = view.error {
            html.div(.class("notice bad"), .role("alert"), .tabindex(-1), .data("focus"), .id("import-error")) {
                icon("warning")
                html.div(text: error)
            }
        }
        if let report = view.report { self.report(report, view) }
        html.section(.class("card stack"), .aria("label", say(view.report == nil ? Say.importing : Say.anotherFile))) {
            if view.report != nil { html.h2(text: say(Say.anotherFile)) }
            html.p(text: say(Say.importHint))
            html.p { html.a(.href(view.template), .class("inline-link"), text: say(Say.template)) }
            html.form(.class("stack"), .method(.post), .action(view.action), .multipart, .data("swap", "#main")) {
                formToken()
                html.hidden("_request", view.requestKey)
                html.div(.class("field")) {
                    html.label(.for("table"), text: say(Say.csvFile))
                    html.input(.type("file"), .id("table"), .name("table"), .accept(".csv,.txt,text/csv"), .required)
                }
                html.div(.class("ticks")) {
                    tick("check", say(Say.onlyCheck))
                    tick("skip", say(Say.skipUnknown))
                }
                html.p { html.button(.class("button primary"), text: say(Say.runImport)) }
            }
        }
    }

    private func tick(_ name: String, _ label: String) {
        html.label(.class("tick")) {
            html.input(.type("checkbox"), .name(name), .value("yes"))
            html.span(text: label)
        }
    }

    private func report(_ report: ImportView.Report, _ view: ImportView) {
        let heading = say(report.isCheck ? Say.checkReport : Say.importReport)
        let good = say(report.isCheck ? Say.fineCount(report.good) : Say.importedCount(report.good))
        let refused = say(Say.refusedCount(report.refused))
        html.section(.class("card stack"), .id("report"), .aria("label", heading)) {
            html.div(.class("card-head")) {
                html.h2(.tabindex(-1), .data("focus"), .id("report-heading"), .data("announce", "\(heading)：\(good)，\(refused)"), text: heading)
                html.a(.class("button"), .href(view.list), text: say(Say.seeRecords))
            }
            html.p(.class("chips")) {
                html.span(.class("chip good"), text: good)
                if report.refused > 0 { html.span(.class("chip bad"), text: refused) }
                html.span(.class("chip"), text: say(Say.encoding(report.encoding)))
            }
            if !report.columns.isEmpty { columnTable(report) }
            if report.isCut { html.p(.class("muted"), text: say(Say.onlyFirst(ImportView.mostRows))) }
            if !report.rows.isEmpty { rowTable(report) }
        }
    }

    private func columnTable(_ report: ImportView.Report) {
        html.details(.when(report.columns.contains { $0.field == nil }, .open)) {
            html.summary(text: "\(say(Say.fileColumn)) → \(say(Say.intoField))")
            html.div(.class("table-wrap"), .tabindex(0), .role("region"), .aria("label", say(Say.fileColumn))) {
                html.table(.class("table")) {
                    html.thead {
                        html.tr {
                            html.th(.scope("col"), text: say(Say.fileColumn))
                            html.th(.scope("col"), text: say(Say.intoField))
                        }
                    }
                    html.tbody {
                        for (header, field) in report.columns {
                            html.tr {
                                html.td(.userContent, text: header)
                                html.td(text: field ?? say(Say.leftOut))
                            }
                        }
                    }
                }
            }
        }
    }

    private func rowTable(_ report: ImportView.Report) {
        html.div(.class("table-wrap"), .tabindex(0), .role("region"), .aria("label", say(Say.outcome))) {
            html.table(.class("table")) {
                html.thead {
                    html.tr {
                        html.th(.scope("col"), .class("number"), text: say(Say.rowNumber))
                        html.th(.scope("col"), text: say(Say.outcome))
                    }
                }
                html.tbody {
                    for row in report.rows {
                        html.tr {
                            html.td(.class("number"), text: String(row.line))
                            html.td { fate(row.fate) }
                        }
                    }
                }
            }
        }
    }

    private func fate(_ fate: ImportView.Row.Fate) {
        switch fate {
        case .created(let title, let link):
            html.span(.class("chip good"), text: say(Say.rowCreated))
            html.markup(" ")
            html.a(.href(link), .userContent, text: title)
        case .fine: html.span(.class("chip good"), text: say(Say.rowFine))
        case .refused(let reasons):
            html.ul { for reason in reasons { html.li(.class("failure"), text: reason) } }
        }
    }
}
