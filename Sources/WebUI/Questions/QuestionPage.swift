import HTML
import SourceText

/// A question, with the form of whoever can answer it.
struct QuestionPageView: Sendable {
    var title: String
    var message: String
    var record: (title: String, link: Link)?
    var asked: TimeView
    var due: TimeView?
    var people: [String]
    /// What became of it; nil while it is open.
    var ending: (words: Words, isGood: Bool)?
    /// Who answered and what, as it was written then.
    var by: String?
    var answered: TimeView?
    var answer: String?
    /// Nil for whoever cannot answer.
    var form: Form?
    var trouble: String?

    struct Form: Sendable {
        var action: Link
        var fields: [FormField]
    }
}

extension Page {
    func questionPage(_ view: QuestionPageView) {
        crumbs([(Link("tasks"), say(Say.work))], here: say(Say.question))
        html.div(.class("page-head")) { html.element("h1", [.userContent], text: view.title) }
        html.div(.class("narrow")) {
            if let trouble = view.trouble {
                html.div(.class("notice bad"), .role("alert"), .tabindex(-1), .data("focus"), .id("answer-error")) {
                    icon("warning")
                    html.div(.userContent, text: trouble)
                }
            }
            html.section(.class("card stack"), .aria("label", say(Say.question))) {
                html.p(.userContent, text: view.message)
                html.p(.class("muted small")) {
                    time(view.asked)
                    if let due = view.due {
                        html.text(" · \(say(Say.answerBy)) ")
                        time(due)
                    }
                    html.text(" · \(say(Say.askedOf))\(language.colon)")
                    html.span(.userContent, text: view.people.joined(separator: language == .zh ? "、" : ", "))
                    if let record = view.record {
                        html.text(" · \(say(Say.questionAbout))\(language.colon)")
                        html.a(.class("inline-link"), .href(record.link), .userContent, text: record.title)
                    }
                }
                if let ending = view.ending { html.p { html.span(.class(ending.isGood ? "chip good" : "chip"), text: say(ending.words)) } }
                if let by = view.by {
                    html.p {
                        html.span(.userContent, text: by)
                        if let answered = view.answered {
                            html.text(" · ")
                            time(answered)
                        }
                    }
                    if let answer = view.answer { html.p(.userContent, text: answer) }
                }
                if let form = view.form { answerForm(form) }
            }
        }
    }

    private func answerForm(_ form: QuestionPageView.Form) {
        html.form(.class("stack"), .method(.post), .action(form.action)) {
            formToken()
            for field in form.fields { self.field(field) }
            html.div(.class("actions")) {
                html.button(.class("button primary"), text: say(form.fields.isEmpty ? Say.sayDone : Say.sendAnswer))
            }
        }
    }
}
