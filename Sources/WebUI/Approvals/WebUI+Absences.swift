import Engine
import Formula
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import Program
import SourceText
import Storage

/// Who decides for whom, and when.
struct AbsencesView: Sendable {
    struct Row: Sendable {
        var words: Words
        var name: String
        var from: TimeView
        var until: TimeView
        var state: Words
        /// Nil where it is over, or somebody else's.
        var end: Link?
    }

    var people: [(value: String, label: String)]
    var rows: [Row]
    var trouble: String?
    /// What was entered, where it was refused.
    var person = ""
    var from = ""
    var until = ""
}

extension WebUI {
    func addAbsences(to router: Router<WeirContext>) {
        router.get("absences", use: page { visit in try await absences(visit, nil, nil) })
        router.post("absences", use: action(announce))
        router.post("absences/:id/end", use: action(endAbsence))
    }

    private static let absencesShown = 20

    private func absences(_ visit: Visit, _ trouble: Words?, _ form: FormFields?) async throws -> Response {
        guard let person = visit.principal.user, hasApprovals else { throw Problem.notFound }
        let display = display(visit.language)
        func time(_ instant: Instant) -> TimeView { TimeView(shown: display.moment(instant), full: display.moment(instant), stamp: instant.description) }
        let rows = try await engine.absences(with: person, limit: Self.absencesShown).map { view in
            let isOwn = view.absence.person == person
            return AbsencesView.Row(
                words: isOwn ? Say.myAbsence : Say.standsInFor, name: isOwn ? view.deputy : view.person, from: time(view.absence.from), until: time(view.absence.until),
                state: Say.absence(view.absence.state.rawValue),
                end: isOwn && view.absence.state != .over ? Link("absences", String(view.absence.id), "end") : nil)
        }
        let view = AbsencesView(
            people: try await people(except: [person], visit), rows: rows, trouble: trouble.map { visit.say($0) }, person: form?.first("person") ?? "",
            from: form?.first("from") ?? "", until: form?.first("until") ?? "")
        return html(
            visit, title: visit.say(Say.absences), current: "approvals", status: trouble == nil ? .ok : .unprocessableContent, isError: trouble != nil
        ) { $0.absencesPage(view) }
    }

    @Sendable private func announce(_ visit: Visit, _ form: FormFields) async throws -> Response {
        guard let deputy = form.filled("person").flatMap({ engine.app.recordID(from: $0) }) else { return try await absences(visit, Say.chooseDeputy, form) }
        func instant(_ name: String) -> Result<Instant?, ValueIssue> {
            guard let text = form.filled(name) else { return .success(nil) }
            return FieldKind.datetime.parse(text.replacing("T", with: " "), zone: engine.app.model.zone).map { if case .instant(let instant) = $0 { instant } else { nil } }
        }
        guard case .success(let from) = instant("from"), case .success(.some(let until)) = instant("until") else {
            return try await absences(visit, Say.giveUntil, form)
        }
        switch try await engine.announceAbsence(of: visit.principal, deputy: deputy, from: from, until: until) {
        case .done: return redirect(to: Link("absences"), notice: .saved)
        case .refused(let words): return try await absences(visit, words, form)
        case .missing: throw Problem.notFound
        }
    }

    @Sendable private func endAbsence(_ visit: Visit, _ form: FormFields) async throws -> Response {
        guard let id = visit.context.parameters.get("id").flatMap({ Int64($0) }) else { throw Problem.notFound }
        switch try await engine.endAbsence(id, by: visit.principal) {
        case .done: return redirect(to: Link("absences"), notice: .saved)
        case .refused(let words): return try await absences(visit, words, nil)
        case .missing: throw Problem.notFound
        }
    }
}

extension Page {
    func absencesPage(_ view: AbsencesView) {
        crumbs([(Link("approvals"), say(Say.approvals))], here: say(Say.absences))
        html.div(.class("page-head")) { html.h1(text: say(Say.absences)) }
        html.div(.class("narrow")) {
            if let trouble = view.trouble {
                html.div(.class("notice bad"), .role("alert"), .tabindex(-1), .data("focus"), .id("absence-error")) {
                    icon("warning")
                    html.div(text: trouble)
                }
            }
            html.form(.class("card stack"), .method(.post), .action(Link("absences"))) {
                formToken()
                html.p(.class("muted"), text: say(Say.absencesHint))
                html.div(.class("field")) {
                    html.label(.for("deputy"), text: say(Say.deputy))
                    html.select(.id("deputy"), .name("person")) {
                        html.option(.value(""), text: say(Say.choose))
                        for person in view.people {
                            html.option(.value(person.value), .when(person.value == view.person, .selected), .userContent, text: person.label)
                        }
                    }
                }
                moment("from", Say.absentFrom, view.from, help: Say.absentFromHelp)
                moment("until", Say.absentUntil, view.until, help: nil)
                html.div(.class("actions")) { html.button(.class("button primary"), text: say(Say.announceAbsence)) }
            }
            html.section(.class("card"), .aria("label", say(Say.absences))) {
                if view.rows.isEmpty { html.p(.class("muted"), text: say(Say.noAbsences)) }
                html.ul(.class("rows")) { for row in view.rows { absence(row) } }
            }
        }
    }

    private func absence(_ row: AbsencesView.Row) {
        html.li {
            html.span(.class("grow")) {
                html.text(say(row.words))
                html.span(.userContent, text: row.name)
                html.span(.class("small muted")) {
                    html.text(" ")
                    time(row.from)
                    html.text(" – ")
                    time(row.until)
                }
            }
            html.span(.class("chip"), text: say(row.state))
            if let end = row.end {
                html.form(.method(.post), .action(end)) {
                    formToken()
                    html.button(.class("button small"), text: say(Say.endAbsence))
                }
            }
        }
    }

    private func moment(_ name: String, _ label: Words, _ value: String, help: Words?) {
        html.div(.class("field")) {
            html.label(.for("absence-\(name)"), text: say(label))
            html.input(.type("datetime-local"), .id("absence-\(name)"), .name(name), .value(value), .when(help != nil, .aria("describedby", "absence-\(name)-help")))
            if let help { html.p(.class("help"), .id("absence-\(name)-help"), text: say(help)) }
        }
    }
}
