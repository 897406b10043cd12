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

extension WebUI {
    /// What a run asks somebody, and their answer.
    func addQuestions(to router: Router<WeirContext>) {
        router.get("questions/:id", use: page { visit in try await questionPage(try questionID(visit), visit) })
        router.post("questions/:id", use: action(answer))
    }

    private static let questionsShown = 20

    private func questionID(_ visit: Visit) throws -> Int64 {
        guard let id = visit.context.parameters.get("id").flatMap({ Int64($0) }), id > 0 else { throw Problem.notFound }
        return id
    }

    /// What waits for an answer of the person, for the page of all that waits.
    func openQuestions(of person: RecordID, _ language: Language) async throws -> [WorkView.Question] {
        let now = engine.world.clock.now()
        return try await engine.openQuestions(of: person, limit: Self.questionsShown).map { view in
            let question = view.question
            return WorkView.Question(
                message: question.message[language], title: question.title[language], link: Link("questions", String(question.id)),
                about: question.record.flatMap { view.titles[$0] }, due: question.due.map { time($0, language) }, isLate: question.due.map { $0 <= now } ?? false)
        }
    }

    /// The question that a notice tells of, as long as its reader can answer it.
    func openQuestion(of run: Int64, _ person: RecordID) async throws -> Link? {
        try await engine.openQuestions(of: person, limit: Self.questionsShown).first { $0.question.run == run }.map { Link("questions", String($0.question.id)) }
    }

    private func time(_ instant: Instant, _ language: Language) -> TimeView {
        let shown = display(language).moment(instant)
        return TimeView(shown: shown, full: shown, stamp: instant.description)
    }

    private func questionPage(
        _ id: Int64, _ visit: Visit, entries: [String: String] = [:], errors: [String: [String]] = [:], trouble: Words? = nil, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        guard let found = try await engine.question(id) else { throw Problem.notFound }
        let question = found.question, language = visit.language
        func name(_ id: RecordID) -> String { found.titles[id] ?? engine.app.text(of: id) }
        let ending: (words: Words, isGood: Bool)? =
            switch question.state {
            case .open: nil
            case .answered: (Say.questionAnswered, true)
            case .late: (Say.questionLate, false)
            case .void: (Say.questionVoid, false)
            }
        var form: QuestionPageView.Form?
        if found.isOpen(to: visit.principal.user), let fields = found.fields {
            form = .init(
                action: Link("questions", String(id)),
                fields: fields.enumerated().map { control($1, at: $0, entry: entries[$1.name] ?? "", errors: errors[$1.name] ?? [], language) })
        }
        let view = QuestionPageView(
            title: question.title[language], message: question.message[language], record: question.record.map { (name($0), link(to: $0)) },
            asked: time(question.asked, language), due: question.due.map { time($0, language) }, people: question.people.map(name), ending: ending,
            by: question.by.map(name), answered: question.answered.map { time($0, language) }, answer: question.note?[language], form: form,
            trouble: trouble.map { visit.say($0) })
        return html(visit, title: view.title, current: "tasks", status: status, isError: status != .ok) { $0.questionPage(view) }
    }

    private func control(_ field: CheckedField, at index: Int, entry: String, errors: [String], _ language: Language) -> FormField {
        func choices(_ list: OptionList) -> [FormField.Choice] { list.options.map { .init(key: $0.key, label: $0.label(in: language)) } }
        var help = field.help?[language]
        let control: FormField.Control
        switch field.kind {
        case .longText: control = .longText
        case .number, .money: control = .text(.decimal)
        case .percent:
            control = .text(.decimal)
            help = help ?? Say.percentHelp[language]
        case .duration:
            control = .text(.plain)
            help = help ?? Say.durationHelp[language]
        case .tags:
            control = .text(.plain)
            help = help ?? Say.tagsHelp[language]
        // A box that is not ticked would not say whether it is no, or was passed by.
        case .bool:
            control = .choice([.init(key: "yes", label: Say.yes[language]), .init(key: "no", label: Say.no[language])])
        case .date: control = .date
        case .datetime: control = .moment
        case .email: control = .text(.email)
        case .url: control = .text(.web)
        case .phone: control = .text(.telephone)
        case .choice(let list): control = .choice(choices(list))
        case .choices(let list): control = .choices(choices(list))
        case .text, .address, .uscc, .cnID, .location, .link, .links, .file, .files, .autonumber, .stage: control = .text(.plain)
        }
        return FormField(
            name: field.name, id: "answer-\(index)", label: field.label[language], help: help, isRequired: field.isRequired, control: control, entry: entry, opened: "",
            errors: errors)
    }

    @Sendable private func answer(_ visit: Visit, _ form: FormFields) async throws -> Response {
        let id = try questionID(visit)
        guard let found = try await engine.question(id) else { throw Problem.notFound }
        var entries: [String: String] = [:]
        for field in found.fields ?? [] {
            let values = form.all("f.\(field.name)").filter { !$0.isEmpty }
            var text = values.joined(separator: ",")
            if case .datetime = field.kind { text = text.replacing("T", with: " ") }
            if !text.isEmpty { entries[field.name] = text }
        }
        switch try await engine.answer(id, entries.map { ($0.key, .text($0.value)) }, by: visit.principal) {
        case .done: return redirect(to: Link("tasks"), notice: .answered)
        case .answered(let name, _): return try await questionPage(id, visit, trouble: Say.answeredBy(name), status: .conflict)
        case .over(let words): return try await questionPage(id, visit, trouble: words, status: .unprocessableContent)
        case .refused(let troubles):
            var errors: [String: [String]] = [:]
            for trouble in troubles { errors[trouble.field, default: []].append(trouble.words[visit.language]) }
            // `datetime-local` has its own spelling.
            for field in found.fields ?? [] {
                if case .datetime = field.kind { entries[field.name] = entries[field.name]?.replacing(" ", with: "T") }
            }
            return try await questionPage(id, visit, entries: entries, errors: errors, trouble: nil, status: .unprocessableContent)
        case .denied(let words): throw Problem(.forbidden, code: "denied", words)
        case .missing: throw Problem.notFound
        }
    }
}
