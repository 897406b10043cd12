package import Formula
package import JSON
package import Model
import Program
package import SourceText
package import Storage

/// A question with all that is shown of it.
package struct QuestionView: Sendable {
    package let question: Question
    /// What is to be filled in; nil: the step is not there any more as it was.
    package let fields: [CheckedField]?
    package let titles: [RecordID: String]

    /// Whether this person can answer it now.
    package func isOpen(to person: RecordID?) -> Bool {
        person.map { question.state == .open && fields != nil && question.people.contains($0) } ?? false
    }
}

/// A value that is answered.
package enum AnswerEntry: Sendable {
    /// As a person types it.
    case text(String)
    /// As a program sends it.
    case json(JSONValue)
}

package enum AnswerOutcome: Sendable {
    case done(Question)
    /// Somebody, or the same person, answered before; nothing is changed.
    case answered(by: String, at: Instant)
    /// What stands against it, by the names of the fields.
    case refused([(field: String, words: Words)])
    /// It cannot be answered any more.
    case over(Words)
    case denied(Words)
    case missing
}

// What people are asked by runs.
extension Engine {
    /// Nil if there is none.
    package func question(_ id: Int64) async throws -> QuestionView? {
        try await store.read { [self] transaction in try transaction.question(id).map { try view(of: $0, in: transaction) } }
    }

    /// That the person can answer, newest first.
    package func openQuestions(of person: RecordID, limit: Int) async throws -> [QuestionView] {
        try await store.read { [self] transaction in
            try transaction.openQuestions(of: person, limit: limit).map { try view(of: $0, in: transaction) }
        }
    }

    /// Answers for good: who answers first, answers. The run goes on with it.
    ///
    /// - Parameter entries: By name; what is left out is blank.
    /// - Throws: `StoreError`; then nothing is written.
    package func answer(_ id: Int64, _ entries: [(name: String, entry: AnswerEntry)], by principal: Principal) async throws -> AnswerOutcome {
        let outcome = try await store.write { [self] transaction -> AnswerOutcome in
            guard let question = try transaction.question(id) else { return .missing }
            guard let person = principal.user, question.people.contains(person) else { return .denied(.notAsked) }
            guard let row = try transaction.row(person), activeField.map({ row[$0] != .bool(false) }) ?? true else { return .denied(.inactive) }
            switch question.state {
            // The clock may not have come round to it yet.
            case .open: if let due = question.due, due < world.clock.now() { return .over(.questionIsLate) }
            case .answered:
                return .answered(by: try question.by.map { try title(of: $0, in: transaction) } ?? "", at: question.answered ?? question.asked)
            case .late: return .over(.questionIsLate)
            case .void: return .over(question.note ?? .questionIsVoid)
            }
            let keeping = QuestionKeeping(engine: self, transaction: transaction)
            guard let asked = try asked(question, in: transaction) else {
                // The run cannot go on with it either, and says so.
                try keeping.close(question, .void, .stepsHaveChanged)
                return .over(.stepsHaveChanged)
            }
            let (values, troubles) = read(entries, asked.fields)
            guard troubles.isEmpty else { return .refused(troubles) }
            var answered = question
            answered.by = person
            answered.answered = world.clock.now()
            answered.answer = RunText.text(of: values, in: app)
            answered.note = said(values, asked.fields)
            answered.state = .answered
            try keeping.close(answered, .answered, nil)
            try transaction.append(
                AuditEntry(
                    at: world.clock.now(), by: person, address: principal.address, device: principal.device, action: "answer", record: question.record,
                    detail: "question \(question.id) run \(question.run)"))
            return .done(answered)
        }
        if case .done = outcome { store.changes.nudge() }
        return outcome
    }

    /// Each read as its field reads it; all troubles together.
    private func read(_ entries: [(name: String, entry: AnswerEntry)], _ fields: [CheckedField]) -> (values: [Value], troubles: [(field: String, words: Words)]) {
        var troubles: [(field: String, words: Words)] = []
        for entry in entries where !fields.contains(where: { $0.name == entry.name }) { troubles.append((entry.name, .notAskedFor(entry.name))) }
        let values = fields.map { field -> Value in
            let reading =
                switch entries.last(where: { $0.name == field.name })?.entry {
                case .text(let text)?: InputReading(text: text, as: field, zone: app.model.zone)
                case .json(let json)?: InputReading(json: json, as: field, zone: app.model.zone)
                case nil: InputReading.value(.blank)
                }
            switch reading {
            case .value(let value):
                switch ValueFit.fit(value, to: field) {
                case .fits(.blank) where field.isRequired: troubles.append((field.name, .required(field)))
                case .fits(let value): return value
                case .not(let violation): troubles.append((field.name, violation.words))
                }
            case .wrong(let violation): troubles.append((field.name, violation.words))
            // Questions have no links.
            case .link, .links: break
            }
            return .blank
        }
        return (values, troubles)
    }

    /// `看了＝是、心情＝差`; nil where nothing is filled in.
    private func said(_ values: [Value], _ fields: [CheckedField]) -> Words? {
        let filled = zip(fields, values).filter { !$1.isBlank }
        guard !filled.isEmpty else { return nil }
        func text(_ value: Value, _ field: CheckedField, _ language: Language) -> String {
            field.kind.display(value, language: language, zone: app.model.zone) { app.text(of: $0) }
        }
        return Words(
            zh: filled.map { "\($0.label.zh)＝\(text($1, $0, .zh))" }.joined(separator: "、"), en: filled.map { "\($0.label.en) = \(text($1, $0, .en))" }.joined(separator: ", "))
    }

    /// What the run stands at, as long as it is this question.
    private func asked(_ question: Question, in transaction: any ReadTransaction) throws -> CheckedQuestion? {
        guard let run = try transaction.run(question.run), run.state == .deciding, let process = try definition(of: run, in: transaction).process,
            run.fingerprint == process.layout, process.steps.instructions.indices.contains(run.position),
            case .ask(let asked, _) = process.steps.instructions[run.position].operation
        else { return nil }
        return asked.model
    }

    private func title(of person: RecordID, in transaction: any ReadTransaction) throws -> String {
        var titles: [RecordID: String] = [:]
        try RecordContext(engine: self, principal: .system, transaction: transaction).addTitles(of: [person], to: &titles)
        return titles[person] ?? app.text(of: person)
    }

    private func view(of question: Question, in transaction: any ReadTransaction) throws -> QuestionView {
        var titles: [RecordID: String] = [:]
        let context = try RecordContext(engine: self, principal: .system, transaction: transaction)
        try context.addTitles(of: Set(question.people + [question.record, question.by].compactMap { $0 }), to: &titles)
        return QuestionView(question: question, fields: try asked(question, in: transaction)?.fields, titles: titles)
    }
}

extension Words {
    fileprivate static let notAsked = Words(zh: "没有问您", en: "you were not asked")
    fileprivate static let questionIsLate = Words(zh: "已过回答时间", en: "the time to answer is up")
    fileprivate static let questionIsVoid = Words(zh: "不再需要回答", en: "no answer is needed any more")

    fileprivate static func notAskedFor(_ name: String) -> Words { Words(zh: "没有问 `\(name)`", en: "`\(name)` is not asked for") }
}
