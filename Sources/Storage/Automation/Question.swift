package import Formula
package import SourceText

/// What a run asked people; it waits for the first of them who answers.
package struct Question: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        case open, answered
        /// Nobody answered in time.
        case late
        /// What it was about is gone, or the run goes on no more.
        case void
    }

    /// 0 before it is written.
    package var id: Int64
    /// The same however often the step is begun; one a key that is not void.
    package let key: String
    package let run: Int64
    package let record: RecordID?
    package let asked: Instant
    /// Until when it can be answered; nil: as long as it takes, and once it is not open any more.
    package var due: Instant?
    package var state: State
    package let title: Words
    package let message: Words
    package let people: [RecordID]
    package var by: RecordID?
    package var answered: Instant?
    /// The values that were filled in, as text of the engine.
    package var answer: String
    /// What was answered, or why it cannot be any more, for people.
    package var note: Words?

    package init(
        id: Int64 = 0, key: String, run: Int64, record: RecordID?, asked: Instant, due: Instant?, state: State = .open, title: Words, message: Words,
        people: [RecordID], by: RecordID? = nil, answered: Instant? = nil, answer: String = "", note: Words? = nil
    ) {
        self.id = id
        self.key = key
        self.run = run
        self.record = record
        self.asked = asked
        self.due = due
        self.state = state
        self.title = title
        self.message = message
        self.people = people
        self.by = by
        self.answered = answered
        self.answer = answer
        self.note = note
    }
}

/// Questions, as a transaction reads them.
package protocol QuestionReading: AnyObject {
    func question(_ id: Int64) throws -> Question?
    /// The one that is not void.
    func question(under key: String) throws -> Question?
    /// Oldest first.
    func questions(of run: Int64) throws -> [Question]
    /// That the person can answer, newest first.
    func openQuestions(of person: RecordID, limit: Int) throws -> [Question]
    func openQuestions(about record: RecordID) throws -> [Question]
    /// Open ones whose time is up, by time.
    func dueQuestions(until: Instant, limit: Int) throws -> [Question]
}

/// The same, written.
package protocol QuestionWriting: QuestionReading {
    /// - Returns: Its id.
    func add(_ question: Question) throws -> Int64
    func update(_ question: Question) throws
}
