import Engine
import Foundation
import HTML
import Model
import SourceText

/// A report with its figures, now or as they were sent.
struct ReportView: Sendable {
    var table: ReportTable
    var show: CheckedReport.Show
    /// What it is of, and what its rows and columns are.
    var object: String
    var at: TimeView
    /// Nil: of now.
    var now: Link?
    /// Those that were sent, newest first; only beside the figures of now.
    var sent: [(at: TimeView, link: Link)]
    /// To the records of a row and a column; nil where a list cannot be asked for them.
    var link: @Sendable (_ row: ReportTable.Key?, _ column: ReportTable.Key?) -> Link?
}

extension Page {
    func reportsPage(_ reports: [(label: String, object: String, link: Link)]) {
        html.div(.class("page-head")) { html.h1(text: say(Say.reports)) }
        html.section(.class("card"), .aria("label", say(Say.reports))) {
            html.ul(.class("rows")) {
                for report in reports {
                    html.li {
                        html.a(.class("grow"), .href(report.link), .data("row"), text: report.label)
                        html.span(.class("muted small"), text: report.object)
                    }
                }
            }
        }
    }

    func reportPage(_ view: ReportView) {
        let table = view.table
        crumbs([(Link("reports"), say(Say.reports))], here: say(table.label))
        html.div(.class("page-head")) {
            html.h1(text: say(table.label))
            if let now = view.now { html.a(.class("button"), .href(now), text: say(Say.reportNow)) }
        }
        html.p(.class("muted small report-note")) {
            html.text("\(say(view.now == nil ? Say.reportNow : Say.reportSentAt)) · ")
            time(view.at)
            html.text(" · \(view.object) · \(say(Say.recordCount(table.total.records)))")
        }
        if table.leftOut + table.total.leftOut > 0 {
            html.div(.class("notice warn")) {
                icon("warning")
                html.div {
                    if table.leftOut > 0 { html.p(text: say(Say.reportLeftOut(table.leftOut))) }
                    if table.total.leftOut > 0 { html.p(text: say(Say.reportPassedBy(table.total.leftOut))) }
                }
            }
        }
        if table.total.records == 0 {
            html.div(.class("card empty")) { html.p(text: say(Say.reportEmpty)) }
        } else {
            if view.show == .line { reportLine(table) }
            reportTable(view)
        }
        if view.now == nil, !view.sent.isEmpty {
            html.section(.class("card"), .aria("label", say(Say.reportsSent))) {
                html.div(.class("card-head")) { html.h2(text: say(Say.reportsSent)) }
                html.ul(.class("rows")) {
                    for sent in view.sent { html.li { html.a(.class("grow"), .href(sent.link), .data("row")) { time(sent.at) } } }
                }
            }
        }
    }

    private func reportTable(_ view: ReportView) {
        let table = view.table
        html.div(.class("table-wrap"), .tabindex(0), .role("region"), .aria("label", say(table.label))) {
            html.table(.class("table report")) {
                if !table.columns.isEmpty {
                    html.thead {
                        html.tr {
                            html.td {}
                            for key in table.columns { html.th(.scope("col"), .class("number"), .userContent, text: say(key.words)) }
                            html.th(.scope("col"), .class("number"), text: say(Say.reportTotal))
                        }
                    }
                }
                let largest = largest(of: table), most = magnitude(of: table.rowTotals)
                html.tbody {
                    for (row, key) in table.rows.enumerated() {
                        html.tr {
                            html.th(.scope("row"), .userContent, text: say(key.words))
                            if !table.columns.isEmpty {
                                for (column, figure) in table.cells[row].enumerated() {
                                    cell(figure, view.show == .heatmap ? largest : nil, figure == nil ? nil : view.link(key, table.columns[column]))
                                }
                            }
                            cell(table.rowTotals[row], nil, view.link(key, nil))
                            if view.show == .bars { html.td(.class("bar-cell")) { bar(table.rowTotals[row], of: most) } }
                        }
                    }
                    html.tr(.class("total")) {
                        html.th(.scope("row"), text: say(Say.reportTotal))
                        for (column, figure) in table.columnTotals.enumerated() { cell(figure, nil, view.link(nil, table.columns[column])) }
                        cell(table.total, nil, view.link(nil, nil))
                        if view.show == .bars { html.td {} }
                    }
                }
            }
        }
    }

    /// - Parameter largest: What is coloured most; nil: nothing is.
    private func cell(_ figure: ReportTable.Figure?, _ largest: Double?, _ link: Link?) {
        guard let figure else { return html.td(.class("number")) {} }
        let level = largest.map { $0 > 0 ? Int((max(0, value(figure)) / $0 * 5).rounded(.up)) : 0 } ?? 0
        html.td(.class(Self.heat[min(level, Self.heat.count - 1)]), .title(say(Say.recordCount(figure.records)))) {
            if let link { html.a(.href(link), text: say(figure.words)) } else { html.text(say(figure.words)) }
        }
    }

    private static let heat: [StaticString] = ["number", "number heat-1", "number heat-2", "number heat-3", "number heat-4", "number heat-5"]

    private func bar(_ figure: ReportTable.Figure, of most: Double) {
        let width = most > 0 ? Int(max(0, value(figure)) / most * 160) : 0
        guard width > 0 else { return }
        html.element("svg", [.class("bar"), .viewBox(width: 160, height: 12), .aria("hidden", "true")]) {
            html.element("rect", [.bar(width: width, height: 12)]) {}
        }
    }

    /// The totals of the rows from left to right; the table below says what they are.
    private func reportLine(_ table: ReportTable) {
        let width = 640, height = 160, edge = 12
        let most = magnitude(of: table.rowTotals)
        guard table.rowTotals.count > 1, most > 0 else { return }
        let points = table.rowTotals.enumerated().map { index, figure in
            (x: edge + index * (width - 2 * edge) / (table.rowTotals.count - 1), y: height - edge - Int(max(0, value(figure)) / most * Double(height - 2 * edge)))
        }
        html.div(.class("card chart"), .aria("hidden", "true")) {
            html.element("svg", [.class("line"), .viewBox(width: width, height: height)]) {
                html.element("path", [.line(through: points)]) {}
                for point in points { html.element("circle", [.circle(x: point.x, y: point.y, radius: 3)]) {} }
            }
        }
    }

    private func value(_ figure: ReportTable.Figure) -> Double { figure.number.flatMap { Double($0) } ?? 0 }
    private func magnitude(of figures: [ReportTable.Figure]) -> Double { figures.map { value($0) }.max() ?? 0 }
    private func largest(of table: ReportTable) -> Double { table.cells.flatMap { $0 }.compactMap { $0.map { value($0) } }.max() ?? 0 }
}
