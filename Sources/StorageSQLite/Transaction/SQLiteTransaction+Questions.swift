import Formula
import SourceText
import Storage

extension SQLiteTransaction {
    private static let questionColumns = """
        q.id, q.key, q.run, q.object, q.record, q.asked, q.due, q.state, q.title_zh, q.title_en, q.message_zh, q.message_en, q.by, q.answered, q.answer, \
        q.note_zh, q.note_en
        """

    func question(_ id: Int64) throws -> Question? {
        let statement = try connection.statement("SELECT \(Self.questionColumns) FROM weir_question q WHERE q.id = ?")
        statement.bind(id, at: 1)
        return try questions(from: statement).first
    }

    func question(under key: String) throws -> Question? {
        let statement = try connection.statement("SELECT \(Self.questionColumns) FROM weir_question q WHERE q.key = ? AND q.state <> 'void'")
        statement.bind(key, at: 1)
        return try questions(from: statement).first
    }

    func questions(of run: Int64) throws -> [Question] {
        let statement = try connection.statement("SELECT \(Self.questionColumns) FROM weir_question q WHERE q.run = ? ORDER BY q.id")
        statement.bind(run, at: 1)
        return try questions(from: statement)
    }

    func openQuestions(of person: RecordID, limit: Int) throws -> [Question] {
        let statement = try connection.statement(
            """
            SELECT \(Self.questionColumns) FROM weir_question_person p JOIN weir_question q ON q.id = p.question \
            WHERE p.person = ? AND p.open = 1 ORDER BY p.question DESC LIMIT ?
            """)
        statement.bind(person.number, at: 1)
        statement.bind(Int64(limit), at: 2)
        return try questions(from: statement)
    }

    func openQuestions(about record: RecordID) throws -> [Question] {
        let statement = try connection.statement(
            "SELECT \(Self.questionColumns) FROM weir_question q WHERE q.object = ? AND q.record = ? AND q.state = 'open' ORDER BY q.id")
        statement.bind(layout[record.object].number, at: 1)
        statement.bind(record.number, at: 2)
        return try questions(from: statement)
    }

    func dueQuestions(until: Instant, limit: Int) throws -> [Question] {
        let statement = try connection.statement(
            "SELECT \(Self.questionColumns) FROM weir_question q WHERE q.due IS NOT NULL AND q.due <= ? ORDER BY q.due, q.id LIMIT ?")
        statement.bind(until.microseconds, at: 1)
        statement.bind(Int64(limit), at: 2)
        return try questions(from: statement)
    }

    private func questions(from statement: Statement) throws -> [Question] {
        defer { statement.reset() }
        var found: [Question] = []
        while try statement.step() {
            guard let state = Question.State(rawValue: statement.text(7)) else { throw StoreError.other("a question is in the state `\(statement.text(7))`") }
            let id = statement.int64(0)
            found.append(
                Question(
                    id: id, key: statement.text(1), run: statement.int64(2), record: record(object: statement.optionalInt64(3), number: statement.optionalInt64(4)),
                    asked: Instant(microseconds: statement.int64(5)), due: statement.optionalInt64(6).map(Instant.init(microseconds:)), state: state,
                    title: Words(zh: statement.text(8), en: statement.text(9)), message: Words(zh: statement.text(10), en: statement.text(11)),
                    people: try people(askedBy: id), by: user(statement.optionalInt64(12)),
                    answered: statement.optionalInt64(13).map(Instant.init(microseconds:)), answer: statement.text(14),
                    note: statement.optionalText(15).map { Words(zh: $0, en: statement.optionalText(16) ?? $0) }))
        }
        return found
    }

    private func people(askedBy question: Int64) throws -> [RecordID] {
        let statement = try connection.fixed("SELECT person FROM weir_question_person WHERE question = ? ORDER BY position")
        defer { statement.reset() }
        statement.bind(question, at: 1)
        var people: [RecordID] = []
        while try statement.step() { people.append(RecordID(object: layout.userObject, number: statement.int64(0))) }
        return people
    }

    func add(_ question: Question) throws -> Int64 {
        let statement = try connection.fixed("INSERT INTO weir_question VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        statement.bind(question.key, at: 1)
        statement.bind(question.run, at: 2)
        statement.bind(question.record.map { layout[$0.object].number }, at: 3)
        statement.bind(question.record?.number, at: 4)
        statement.bind(question.asked.microseconds, at: 5)
        statement.bind(question.due?.microseconds, at: 6)
        statement.bind(question.state.rawValue, at: 7)
        statement.bind(question.title.zh, at: 8)
        statement.bind(question.title.en, at: 9)
        statement.bind(question.message.zh, at: 10)
        statement.bind(question.message.en, at: 11)
        statement.bind(userNumber(question.by), at: 12)
        statement.bind(question.answered?.microseconds, at: 13)
        statement.bind(question.answer, at: 14)
        statement.bind(question.note?.zh, at: 15)
        statement.bind(question.note?.en, at: 16)
        try statement.run()
        let id = connection.lastInsertedRow
        for (position, person) in question.people.enumerated() {
            let place = try connection.fixed("INSERT INTO weir_question_person VALUES (?, ?, ?, ?)")
            place.bind(id, at: 1)
            place.bind(Int64(position), at: 2)
            place.bind(person.number, at: 3)
            place.bind(question.state == .open ? 1 : 0, at: 4)
            try place.run()
        }
        return id
    }

    func update(_ question: Question) throws {
        let statement = try connection.fixed(
            "UPDATE weir_question SET due = ?, state = ?, by = ?, answered = ?, answer = ?, note_zh = ?, note_en = ? WHERE id = ?")
        statement.bind(question.due?.microseconds, at: 1)
        statement.bind(question.state.rawValue, at: 2)
        statement.bind(userNumber(question.by), at: 3)
        statement.bind(question.answered?.microseconds, at: 4)
        statement.bind(question.answer, at: 5)
        statement.bind(question.note?.zh, at: 6)
        statement.bind(question.note?.en, at: 7)
        statement.bind(question.id, at: 8)
        try statement.run()
        let places = try connection.fixed("UPDATE weir_question_person SET open = ? WHERE question = ?")
        places.bind(question.state == .open ? 1 : 0, at: 1)
        places.bind(question.id, at: 2)
        try places.run()
    }
}
