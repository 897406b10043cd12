import Formula
import Model
import Program
import SourceText
import Storage

// The step that asks people.
extension RunExecution {
    /// So many people are asked at once; a set that is larger is a mistake.
    private static let mostAsked = 200

    /// Asks, and goes on once somebody has answered, or the time is up.
    mutating func ask(_ question: CompiledQuestion, otherwise: Int, _ frame: Frame, _ instruction: Instruction) throws -> Next {
        let key = try key()
        if let asked = try transaction.question(under: key) {
            switch asked.state {
            case .open, .void: return .rest
            case .late:
                try note(instruction, .timeIsUp, isDone: false)
                return .to(otherwise)
            case .answered:
                try take(asked, question.model)
                let name = try asked.by.map { try self.title($0) } ?? ""
                try note(instruction, Words.wasAnswered(by: name).with(asked.note), record: asked.record)
                return .on
            }
        }
        let (people, failure) = try people(question.notice, frame)
        if let failure { return .refused(failure) }
        guard people.count <= Self.mostAsked else { return .refused(.tooManyAsked(people.count, limit: Self.mostAsked)) }
        guard !people.isEmpty else {
            try note(instruction, .asksNobody, isDone: false)
            return .to(otherwise)
        }
        let english = english(frame)
        let message = try question.notice.message.words(zh: frame, en: english)
        let title = try question.notice.title?.words(zh: frame, en: english) ?? process.label
        var due: Instant?
        if let within = question.model.within {
            due = within.due(after: context.moment.now, in: context.moment.zone, by: context.moment.calendar)
            if due == nil { return .refused(.noTime) }
        }
        _ = try transaction.add(
            Question(key: key, run: run.id, record: run.record, asked: context.moment.now, due: due, title: title, message: message, people: people))
        try tell(people, by: question.notice.via, title: title, message: message, about: run.record)
        let names = try people.prefix(Self.namedRecords).map { try self.title($0) }
        try note(instruction, Words(zh: "询问 \(names.joined(separator: "、"))：\(message.zh)", en: "asked \(names.joined(separator: ", ")): \(message.en)"))
        return .rest
    }

    /// The answer becomes known to the steps behind.
    private mutating func take(_ asked: Question, _ question: CheckedQuestion) throws {
        guard let slots = question.slots else { return }
        let values = RunText.values(asked.answer, count: question.fields.count, in: engine.app)
        let all = [asked.by.map(Value.link) ?? .blank, asked.answered.map(Value.instant) ?? .blank] + values
        for (slot, value) in zip(slots, all) { variables[slot] = value }
    }
}

/// What becomes of open questions without an answer; inside a transaction.
struct QuestionKeeping {
    let engine: Engine
    let transaction: any WriteTransaction

    /// Its time is up.
    func fire(_ question: Question) throws {
        try close(question, .late, nil)
    }

    /// Records that are gone leave nothing to ask.
    func follow(_ changes: [Propagation.Change]) throws {
        for change in changes where change.new == nil {
            for question in try transaction.openQuestions(about: change.id) { try close(question, .void, .recordIsGone) }
        }
    }

    /// The run goes on no more.
    func withdraw(run: Int64, _ words: Words) throws {
        for question in try transaction.questions(of: run) where question.state == .open { try close(question, .void, words, wakes: false) }
    }

    func close(_ question: Question, _ state: Question.State, _ words: Words?, wakes: Bool = true) throws {
        var question = question
        question.due = nil
        if question.state == .open {
            question.state = state
            question.note = words
        }
        try transaction.update(question)
        guard wakes, var run = try transaction.run(question.run), run.state == .deciding else { return }
        run.state = .ready
        run.changed = engine.world.clock.now()
        try transaction.update(run)
    }
}

extension Words {
    static func wasAnswered(by name: String) -> Words { Words(zh: "\(name) 已回答", en: "\(name) answered") }
    static let asksNobody = Words(zh: "没有人可询问", en: "there is nobody to ask")

    static func tooManyAsked(_ count: Int, limit: Int) -> Words {
        Words(zh: "一次询问 \(count) 人，超过 \(limit) 人", en: "\(count) people at once are more than \(limit)")
    }
}
