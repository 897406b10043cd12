import Formula
import Storage

extension SQLiteTransaction {
    private static let absenceColumns = "id, person, deputy, starts, ends, state, made"

    func absence(_ id: Int64) throws -> Absence? {
        let statement = try connection.statement("SELECT \(Self.absenceColumns) FROM weir_absence WHERE id = ?")
        statement.bind(id, at: 1)
        return try absences(from: statement).first
    }

    func absences(with person: RecordID, limit: Int) throws -> [Absence] {
        let statement = try connection.statement(
            "SELECT \(Self.absenceColumns) FROM weir_absence WHERE person = ?1 OR deputy = ?1 ORDER BY id DESC LIMIT ?2")
        statement.bind(person.number, at: 1)
        statement.bind(Int64(limit), at: 2)
        return try absences(from: statement)
    }

    func openAbsences() throws -> [Absence] {
        try absences(from: try connection.statement("SELECT \(Self.absenceColumns) FROM weir_absence WHERE due IS NOT NULL ORDER BY id"))
    }

    func dueAbsences(until: Instant, limit: Int) throws -> [Absence] {
        let statement = try connection.statement(
            "SELECT \(Self.absenceColumns) FROM weir_absence WHERE due IS NOT NULL AND due <= ? ORDER BY due, id LIMIT ?")
        statement.bind(until.microseconds, at: 1)
        statement.bind(Int64(limit), at: 2)
        return try absences(from: statement)
    }

    private func absences(from statement: Statement) throws -> [Absence] {
        defer { statement.reset() }
        var found: [Absence] = []
        while try statement.step() {
            guard let state = Absence.State(rawValue: statement.text(5)) else { throw StoreError.other("an absence is in the state `\(statement.text(5))`") }
            found.append(
                Absence(
                    id: statement.int64(0), person: RecordID(object: layout.userObject, number: statement.int64(1)),
                    deputy: RecordID(object: layout.userObject, number: statement.int64(2)), from: Instant(microseconds: statement.int64(3)),
                    until: Instant(microseconds: statement.int64(4)), state: state, made: Instant(microseconds: statement.int64(6))))
        }
        return found
    }

    func add(_ absence: Absence) throws -> Int64 {
        let statement = try connection.fixed("INSERT INTO weir_absence VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)")
        statement.bind(absence.person.number, at: 1)
        statement.bind(absence.deputy.number, at: 2)
        statement.bind(absence.from.microseconds, at: 3)
        statement.bind(absence.until.microseconds, at: 4)
        statement.bind(absence.state.rawValue, at: 5)
        statement.bind(absence.made.microseconds, at: 6)
        statement.bind(absence.due?.microseconds, at: 7)
        try statement.run()
        return connection.lastInsertedRow
    }

    func update(_ absence: Absence) throws {
        let statement = try connection.fixed("UPDATE weir_absence SET ends = ?, state = ?, due = ? WHERE id = ?")
        statement.bind(absence.until.microseconds, at: 1)
        statement.bind(absence.state.rawValue, at: 2)
        statement.bind(absence.due?.microseconds, at: 3)
        statement.bind(absence.id, at: 4)
        try statement.run()
    }
}
