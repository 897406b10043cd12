import LocatedYAML
package import SourceText

/// An entry of `reports`: figures of groups of records.
package struct ReportDefinition: Sendable {
    package var name: Located<String>
    package var label: LabelDefinition?
    /// `OBJECT` or `OBJECT where CONDITION`.
    package var from: EmbeddedText
    /// A formula on the record; what gives the same stands in one row.
    package var rows: EmbeddedText?
    package var columns: EmbeddedText?
    /// A formula whose aggregates go over the records of a cell.
    package var value: EmbeddedText
    package var show: Located<String>?
    /// When it is sent, as a schedule.
    package var every: Located<String>?
    package var send: Sending?
    /// From its name to its end.
    package var extent: Span

    /// To whom it is sent, and by which ways.
    package struct Sending: Sendable {
        package var people: [EmbeddedText]
        package var via: [Located<String>]
        package var title: TemplateDefinition?
        package var message: TemplateDefinition?
        package var span: Span
    }

    /// How it is drawn.
    package static let shows = ["table", "bars", "line", "heatmap"]

    static func read(_ entry: YAMLEntry, _ names: inout NameTable, _ report: inout Diagnostics) -> [ReportDefinition] {
        namedEntries(of: entry, as: .report, &report).compactMap { written in
            guard names.declare(written.key, &report), let keys = KeyReader(written, of: .report, &report) else { return nil }
            let from = keys.required("from", owner: written.key, &report)?.formula(&report)
            let value = keys.required("value", owner: written.key, &report)?.formula(&report)
            let rows = keys["rows"]?.formula(&report), columns = keys["columns"]?.formula(&report)
            let show = keys["show"]?.oneOf(shows, &report)
            let every = keys["every"]?.text(&report)
            let send = keys["send"].flatMap { Sending.read($0, &report) }
            guard let from, let value else { return nil }
            return ReportDefinition(
                name: written.key, label: keys["label"]?.label(&report), from: from, rows: rows, columns: columns, value: value, show: show, every: every, send: send,
                extent: written.key.span.joined(with: written.value.span))
        }
    }

    /// The sending of it as an automation of its own; nil where it is sent by none. No automation of an author's can have its name.
    package var sending: AutomationDefinition? {
        guard let every, let send else { return nil }
        // Schedules of automations begin with the word.
        let sentence = every.value.hasPrefix("every ") || every.value.hasPrefix("每") ? every : Located("every \(every.value)", at: every.span)
        let step = StepDefinition(verb: .report(name, people: send.people, via: send.via, title: send.title, message: send.message), span: send.span)
        return AutomationDefinition(
            name: Located("report.\(name.value)", at: name.span), label: label, triggers: [sentence], condition: nil, before: [], steps: [step], missed: nil, extent: extent)
    }
}

extension ReportDefinition.Sending {
    fileprivate static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> Self? {
        guard let keys = KeyReader(entry, of: .sending, &report) else { return nil }
        let people = keys.required("to", owner: entry.key, &report)?.formulas(&report) ?? []
        guard !people.isEmpty else { return nil }
        return Self(
            people: people, via: keys["via"]?.names(&report) ?? [], title: keys["title"]?.template(&report), message: keys["message"]?.template(&report), span: entry.key.span)
    }
}
