import Formula
import Storage

extension SQLiteTransaction {
    private static let assignmentColumns = "id, assignment, object, record, at, chosen_object, chosen, waiting, protected_until, reason"

    func assignments(of record: RecordID, limit: Int) throws -> [Assignment] {
        let statement = try connection.statement(
            "SELECT \(Self.assignmentColumns) FROM weir_assignment WHERE object = ? AND record = ? ORDER BY id DESC LIMIT ?")
        statement.bind(layout[record.object].number, at: 1)
        statement.bind(record.number, at: 2)
        statement.bind(Int64(limit), at: 3)
        return try assignments(from: statement)
    }

    func lastTurn(of candidate: RecordID, in assignment: String) throws -> Int64 {
        let statement = try connection.fixed("SELECT MAX(id) FROM weir_assignment WHERE assignment = ? AND chosen_object = ? AND chosen = ?")
        defer { statement.reset() }
        statement.bind(assignment, at: 1)
        statement.bind(layout[candidate.object].number, at: 2)
        statement.bind(candidate.number, at: 3)
        return try statement.step() ? statement.optionalInt64(0) ?? 0 : 0
    }

    func assignments(_ assignment: String, to candidate: RecordID, limit: Int) throws -> [Assignment] {
        let statement = try connection.statement(
            """
            SELECT \(Self.assignmentColumns) FROM weir_assignment WHERE assignment = ? AND chosen_object = ? AND chosen = ? AND chosen IS NOT NULL \
            ORDER BY id DESC LIMIT ?
            """)
        statement.bind(assignment, at: 1)
        statement.bind(layout[candidate.object].number, at: 2)
        statement.bind(candidate.number, at: 3)
        statement.bind(Int64(limit), at: 4)
        return try assignments(from: statement)
    }

    func waiting(in assignment: String, limit: Int) throws -> [Assignment] {
        let statement = try connection.statement(
            "SELECT \(Self.assignmentColumns) FROM weir_assignment WHERE assignment = ? AND waiting = 1 ORDER BY id LIMIT ?")
        statement.bind(assignment, at: 1)
        statement.bind(Int64(limit), at: 2)
        return try assignments(from: statement)
    }

    private func assignments(from statement: Statement) throws -> [Assignment] {
        defer { statement.reset() }
        var found: [Assignment] = []
        while try statement.step() {
            guard let record = record(object: statement.int64(2), number: statement.int64(3)) else { continue }
            found.append(
                Assignment(
                    id: statement.int64(0), assignment: statement.text(1), record: record, at: Instant(microseconds: statement.int64(4)),
                    chosen: self.record(object: statement.optionalInt64(5), number: statement.optionalInt64(6)), isWaiting: statement.int64(7) != 0,
                    protectedUntil: statement.optionalInt64(8).map(Instant.init(microseconds:)), reason: statement.text(9)))
        }
        return found
    }

    func add(_ assignment: Assignment) throws {
        try stopWaiting(assignment.record, in: assignment.assignment)
        let statement = try connection.fixed("INSERT INTO weir_assignment VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        statement.bind(assignment.assignment, at: 1)
        statement.bind(layout[assignment.record.object].number, at: 2)
        statement.bind(assignment.record.number, at: 3)
        statement.bind(assignment.at.microseconds, at: 4)
        statement.bind(assignment.chosen.map { layout[$0.object].number }, at: 5)
        statement.bind(assignment.chosen?.number, at: 6)
        statement.bind(assignment.isWaiting ? 1 : 0, at: 7)
        statement.bind(assignment.protectedUntil?.microseconds, at: 8)
        statement.bind(assignment.reason, at: 9)
        try statement.run()
    }

    func stopWaiting(_ record: RecordID, in assignment: String) throws {
        let statement = try connection.fixed("UPDATE weir_assignment SET waiting = 0 WHERE object = ? AND record = ? AND assignment = ? AND waiting = 1")
        statement.bind(layout[record.object].number, at: 1)
        statement.bind(record.number, at: 2)
        statement.bind(assignment, at: 3)
        try statement.run()
    }
}
