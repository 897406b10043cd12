import HTML
import SourceText

extension Page {
    /// Rows that cannot be taken, each with its reasons and the cells beside them, to be put right here or in the file.
    func importFailures(_ view: ImportView, _ report: ImportView.Report) {
        html.p(text: say(report.correcting == nil ? Say.refusedStay : Say.refusedMend))
        html.p(.class("chips")) { for reject in report.rejects { html.a(.class("inline-link"), .href(reject.link), text: say(reject.label)) } }
        if let correcting = report.correcting {
            html.form(.class("stack"), .id("corrections"), .method(.post), .action(view.actions("correct")), .data("swap", "#main")) {
                formToken()
                if !report.strangeValues.isEmpty { strangeValues(report.strangeValues) }
                failureTable(report)
                html.div(.class("form-end")) { html.button(.class("button primary"), .id("correct"), text: say(correcting)) }
            }
        } else {
            failureTable(report)
        }
        if let more = report.moreFailures { html.p { html.a(.class("button"), .href(more), text: say(Say.nextPage)) } }
    }

    private func failureTable(_ report: ImportView.Report) {
        html.div(.class("table-wrap"), .tabindex(0), .role("region"), .aria("label", say(Say.reason))) {
            html.table(.class("table")) {
                html.thead {
                    html.tr {
                        html.th(.scope("col"), .class("number"), text: say(Say.rowNumber))
                        html.th(.scope("col"), text: say(Say.columnName))
                        html.th(.scope("col"), text: say(Say.reason))
                        if report.correcting != nil { html.th(.scope("col"), text: say(Say.value)) }
                    }
                }
                html.tbody {
                    for failure in report.failures {
                        for (index, reason) in failure.reasons.enumerated() {
                            html.tr {
                                html.td(.class("number"), text: String(failure.line))
                                html.td(text: reason.column ?? say(Say.wholeRow))
                                html.td(.class("failure"), text: reason.text)
                                if report.correcting != nil {
                                    html.td {
                                        if let cell = reason.cell { correction(of: cell, line: failure.line) }
                                        if index == failure.reasons.count - 1, !failure.others.isEmpty { otherCells(failure) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func otherCells(_ failure: ImportView.Failure) {
        html.details {
            html.summary(text: say(Say.otherCells))
            html.div(.class("stack")) {
                for cell in failure.others {
                    html.label(.class("field")) {
                        html.span(text: cell.label)
                        correction(of: cell, line: failure.line)
                    }
                }
            }
        }
    }

    private func correction(of cell: ImportView.Cell, line: Int) {
        let name = "e.\(line).\(cell.column)"
        let label: Attribute = .aria("label", say(Say.cellOf(line, cell.label)))
        if let options = cell.options {
            html.select(.name(name), .id(name), label) { self.options(options) }
        } else {
            html.input(.type("text"), .name(name), .id(name), .value(cell.text), .autocomplete("off"), label)
        }
    }

    /// One answer for every row with the same value.
    private func strangeValues(_ values: [ImportView.StrangeValue]) {
        html.fieldset(.class("field strange-values")) {
            html.legend(text: say(Say.strangeValues))
            html.ul(.class("plain-list")) {
                for (index, value) in values.enumerated() {
                    let name = "v.\(value.column).\(index)"
                    html.li(.class("chips")) {
                        html.hidden("t.\(value.column).\(index)", value.text)
                        html.label(.for(name)) {
                            html.text("\(value.label)\(language.colon)")
                            html.span(.userContent, text: value.text)
                            html.text(say(Say.rowsInBrackets(value.rows)))
                        }
                        html.select(.name(name), .id(name)) { options(value.options) }
                        if let source = value.source {
                            html.span(.class("muted small")) {
                                html.text(say(Say.newOptionGoesTo))
                                html.a(.class("inline-link"), .href(source.link), text: source.text)
                            }
                        }
                    }
                }
            }
            html.p(.class("help"), text: say(Say.strangeValuesHint))
        }
    }
}
