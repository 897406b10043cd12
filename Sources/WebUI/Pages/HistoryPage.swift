import HTML
import SourceText

/// Everything that was changed on a record: a line a change of a field.
struct HistoryView: Sendable {
    struct Line: Sendable {
        var moment: String
        var stamp: String
        var who: String
        var isPerson: Bool
        var what: Words
        var version: Int64
        var changes: [TimelineEntry.Change]
    }

    struct Choice: Sendable {
        var value: String
        var label: String
        var isChosen: Bool
    }

    var title: String
    var objectLabel: Words
    var list: Link
    var record: Link
    var lines: [Line]
    var fields: [Choice]
    var kinds: [Choice]
    var next: Link?
    var isFiltered: Bool
    var all: Link
}

extension Page {
    func historyPage(_ view: HistoryView) {
        crumbs([(view.list, say(view.objectLabel)), (view.record, view.title)], here: say(Say.history))
        html.div(.class("page-head")) { html.h1(text: say(Say.history)) }
        html.form(.class("toolbar"), .method(.get), .action(view.all), .data("swap", "#main")) {
            choice("history-field", "field", Say.field, view.fields)
            choice("history-kind", "kind", Say.kindOfChange, view.kinds)
            html.button(.class("button"), text: say(Say.apply))
            if view.isFiltered { html.a(.class("button quiet"), .href(view.all), .data("swap", "#main"), text: say(Say.clearFilters)) }
        }
        if view.lines.isEmpty {
            html.div(.class("card")) { empty(view.isFiltered ? Say.noMatch : Say.nothingHappened) }
        } else {
            html.div(.class("table-wrap"), .tabindex(0), .role("region"), .aria("label", say(Say.history))) {
                html.table(.class("table cards")) {
                    html.thead {
                        html.tr {
                            for words in [Say.when, Say.who, Say.kindOfChange, Say.field, Say.valueBefore, Say.valueAfter] { html.th(.scope("col"), text: say(words)) }
                        }
                    }
                    html.tbody { for line in view.lines { historyLine(line) } }
                }
            }
        }
        if let next = view.next {
            html.nav(.class("pager"), .aria("label", say(Say.pages))) { html.a(.class("button"), .href(next), .data("swap", "#main"), text: say(Say.older)) }
        }
    }

    private func choice(_ id: String, _ name: String, _ label: Words, _ choices: [HistoryView.Choice]) {
        html.div(.class("field")) {
            html.label(.for(id), text: say(label))
            html.select(.id(id), .name(name)) {
                html.option(.value(""), text: say(Say.all))
                for choice in choices { html.option(.value(choice.value), .when(choice.isChosen, .selected), text: choice.label) }
            }
        }
    }

    private func historyLine(_ line: HistoryView.Line) {
        let changes: [TimelineEntry.Change?] = line.changes.isEmpty ? [nil] : line.changes
        for change in changes {
            html.tr {
                html.th(.scope("row")) { html.time(.datetime(line.stamp), .class("nowrap"), text: line.moment) }
                html.td(.data("label", say(Say.who))) { html.span(.when(line.isPerson, .userContent), text: line.who) }
                html.td(.data("label", say(Say.kindOfChange))) { html.text(say(line.what)) }
                html.td(.data("label", say(Say.field))) { html.text(change?.label ?? "") }
                html.td(.data("label", say(Say.valueBefore))) { html.span(.userContent, text: change?.old ?? "") }
                html.td(.data("label", say(Say.valueAfter))) { html.span(.userContent, text: change?.new ?? "") }
            }
        }
    }
}
