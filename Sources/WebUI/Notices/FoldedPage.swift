import HTML
import SourceText

/// What a notice that stands for many is about.
struct FoldedPageView: Sendable {
    var title: String
    var message: String
    var records: [(title: String, link: Link)]
    var first: Link?
    var next: Link?
}

extension Say {
    static let foldedGone = Words(zh: "这些记录已不存在", en: "These records are no more")
}

extension Page {
    func foldedPage(_ view: FoldedPageView) {
        html.div(.class("page-head")) { html.h1(.userContent, text: view.title) }
        html.p(.userContent, text: view.message)
        if view.records.isEmpty {
            html.div(.class("card")) { empty(Say.foldedGone, hint: Say.noticesHint) {} }
        } else {
            html.ul(.class("card rows")) {
                for record in view.records { html.li { html.a(.href(record.link), .userContent, text: record.title) } }
            }
        }
        html.nav(.class("pager"), .aria("label", say(Say.pages))) {
            html.a(.class("button"), .href(Link("notices")), text: say(Say.notices))
            if let first = view.first { html.a(.class("button"), .href(first), .data("swap", "#main"), text: say(Say.firstPage)) }
            if let next = view.next { html.a(.class("button"), .href(next), .data("swap", "#main"), text: say(Say.nextPage)) }
        }
    }
}
