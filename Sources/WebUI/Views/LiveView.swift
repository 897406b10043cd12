import HTML
import SourceText

/// What a page listens for, so that it can say when it shows something old. Nothing of it is seen without scripts.
struct LiveView: Sendable {
    /// The object whose records the page shows.
    var object: String
    /// `lead/3` where it shows one.
    var record: String?
    /// The last change that the page knows of.
    var sequence: Int64
    /// This page again.
    var address: Link
}

extension Page {
    /// Hidden until there is news; then a bar with a link that shows it.
    func liveBar(_ view: LiveView?) {
        guard let view else { return }
        html.div(
            .class("notice live"), .id("live"), .role("status"), .hidden, .data("object", view.object), .when(view.record != nil, .data("record", view.record ?? "")),
            .data("sequence", String(view.sequence)), .data("one", say(view.record == nil ? Say.changedOne : Say.recordChanged)),
            .data("many", say(view.record == nil ? Say.changedMany : Say.fieldsChanged)), .data("gone", say(Say.recordDeleted))
        ) {
            icon("reload")
            html.span(.class("grow")) {}
            html.a(.class("button small"), .href(view.address), .data("swap", "#main"), text: say(Say.showNew))
        }
    }
}
