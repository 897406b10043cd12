import HTML
import SourceText

/// How a computed field of a record came to its value.
struct WhyView: Sendable {
    struct Step: Sendable {
        /// The part of the formula, as its author wrote it.
        var text: String
        var value: String
        var note: String?
        /// To the explanation of a computed field that was read.
        var deeper: Link?
        /// What a set gave: how many rows, and the first values.
        var rows: String?
        var isFailure: Bool
        /// Whether the parts are shown only when they are asked for.
        var isFolded: Bool
        var parts: [Step]
    }

    var title: String
    var objectLabel: Words
    var list: Link
    var record: Link
    var label: String
    var value: DisplayValue
    var steps: [Step]
}

extension Page {
    func whyPage(_ view: WhyView) {
        crumbs([(view.list, say(view.objectLabel)), (view.record, view.title)], here: view.label)
        html.div(.class("page-head")) { html.h1(text: "\(view.label) · \(say(Say.formula))") }
        html.section(.class("card"), .id("why")) {
            html.p(.class("why-result")) {
                html.text("\(view.label) = ")
                value(view.value)
            }
            html.ul(.class("why")) { for step in view.steps { whyStep(step) } }
        }
    }

    private func whyStep(_ step: WhyView.Step) {
        html.li {
            html.p {
                html.element("code", [.userContent], text: step.text)
                html.markup(" = ")
                html.span(step.isFailure ? .class("failure") : .class("why-value"), .userContent, text: step.value)
                if let note = step.note { html.span(.class("muted small"), text: " \(note)") }
                if let deeper = step.deeper {
                    html.markup(" ")
                    html.a(.class("small inline-link"), .href(deeper), text: say(Say.formula))
                }
            }
            if let rows = step.rows { html.p(.class("muted small"), .userContent, text: rows) }
            guard !step.parts.isEmpty else { return }
            func parts() { html.ul { for part in step.parts { whyStep(part) } } }
            guard step.isFolded else { return parts() }
            html.details {
                html.summary(.class("small"), text: say(Say.oneByOne))
                parts()
            }
        }
    }
}
