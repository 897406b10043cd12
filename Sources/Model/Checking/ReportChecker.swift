import Definition
import Formula
import SourceText

extension AppChecker {
    func checkReports() -> [CheckedReport] {
        definition.reports.compactMap { checkReport($0) }
    }

    private func checkReport(_ written: ReportDefinition) -> CheckedReport? {
        checkParts(of: written)
        guard let (object, text) = watched(written.from) else { return nil }
        let scope = FormulaScope(this: object)
        let condition = text.map { check($0, in: scope, expecting: .bool) }
        let rows = written.rows.map { key($0, in: scope) }, columns = written.columns.map { key($0, in: scope) }
        guard let value = check(written.value, in: FormulaScope(groupOf: object)) else { return nil }
        let show = written.show.flatMap { CheckedReport.Show(rawValue: $0.value) } ?? .table
        guard isFigure(value.type, for: show) else {
            report.report(.reportValue(written.value.span, show: show == .table ? nil : show.rawValue))
            return nil
        }
        // Said already.
        for part in [condition, rows, columns] { if case .some(nil) = part { return nil } }
        return CheckedReport(
            name: written.name.value, label: written.label?.words(or: written.name.value) ?? Words(same: written.name.value), object: object,
            condition: condition ?? nil, rows: rows ?? nil, columns: columns ?? nil, value: value, show: show, declaredAt: written.name.span)
    }

    /// What is written and would mean nothing.
    private func checkParts(of written: ReportDefinition) {
        if written.rows == nil {
            if let columns = written.columns { report.report(.reportPart("columns", without: "rows", at: columns.span)) }
            if let show = written.show, show.value != CheckedReport.Show.table.rawValue {
                report.report(.reportPart("show: \(show.value)", without: "rows", at: show.span))
            }
        } else if written.columns == nil, let show = written.show, show.value == CheckedReport.Show.heatmap.rawValue {
            report.report(.reportPart("show: heatmap", without: "columns", at: show.span))
        }
        if let send = written.send, written.every == nil { report.report(.reportPart("send", without: "every", at: send.span)) }
        if let every = written.every, written.send == nil { report.report(.reportPart("every", without: "send", at: every.span)) }
    }

    /// By what records are grouped.
    private func key(_ text: EmbeddedText, in scope: FormulaScope) -> CheckedExpression? {
        guard let key = check(text, in: scope) else { return nil }
        switch key.type {
        case .number, .money, .percent, .text, .bool, .date, .datetime, .duration, .choice, .link: return key
        case .choices, .tags, .links, .location, .list, .blank, .error:
            report.report(.reportKey(text.span))
            return nil
        }
    }

    private func isFigure(_ type: FormulaType, for show: CheckedReport.Show) -> Bool {
        switch type {
        case .number, .money, .percent, .duration: true
        case .bool, .date, .datetime, .text, .choice, .link: show == .table
        case .choices, .tags, .links, .location, .list, .blank, .error: false
        }
    }

    /// The report of this name; nil after saying that there is none.
    func report(named name: Located<String>) -> String? {
        if definition.reports.contains(where: { $0.name.value == name.value }) { return name.value }
        report.report(.unknownName(name, .report, of: nil, known: definition.reports.map(\.name.value)))
        return nil
    }
}
