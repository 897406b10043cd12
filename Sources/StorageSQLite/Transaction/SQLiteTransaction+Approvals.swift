import Formula
import SourceText
import Storage

extension SQLiteTransaction {
    private static let requestColumns = """
        a.id, a.approval, a.object, a.record, a.by, a.asked, a.state, a.level, a.revision, a.round, a.frozen, a.stage, a.run, a.due, a.lates, a.decided, \
        a.used, a.note_zh, a.note_en
        """

    // MARK: Requests

    func approvalRequest(_ id: Int64) throws -> ApprovalRequest? {
        let statement = try connection.statement("SELECT \(Self.requestColumns) FROM weir_approval a WHERE a.id = ?")
        statement.bind(id, at: 1)
        return try requests(from: statement).first
    }

    func approvalRequests(of record: RecordID) throws -> [ApprovalRequest] {
        let statement = try connection.statement("SELECT \(Self.requestColumns) FROM weir_approval a WHERE a.object = ? AND a.record = ? ORDER BY a.id DESC")
        statement.bind(layout[record.object].number, at: 1)
        statement.bind(record.number, at: 2)
        return try requests(from: statement)
    }

    func approvalRequests(of run: Int64) throws -> [ApprovalRequest] {
        let statement = try connection.statement("SELECT \(Self.requestColumns) FROM weir_approval a WHERE a.run = ? ORDER BY a.id DESC")
        statement.bind(run, at: 1)
        return try requests(from: statement)
    }

    func approvalRequests(_ list: ApprovalList, of person: RecordID, limit: Int, before id: Int64?) throws -> [ApprovalRequest] {
        let condition =
            switch list {
            case .asked: "a.by = ?1"
            case .mine:
                """
                a.state = 'pending' AND EXISTS (SELECT 1 FROM weir_approval_seat s WHERE s.person = ?1 AND s.state = 'waiting' AND s.request = a.id \
                AND s.round = a.round)
                """
            case .decided:
                "a.id IN (SELECT s.request FROM weir_approval_seat s WHERE s.person = ?1 AND s.state IN ('approved', 'rejected', 'returned', 'passed'))"
            }
        let statement = try connection.statement(
            "SELECT \(Self.requestColumns) FROM weir_approval a WHERE \(condition) AND a.id < ?2 ORDER BY a.id DESC LIMIT ?3")
        statement.bind(person.number, at: 1)
        statement.bind(id ?? Int64.max, at: 2)
        statement.bind(Int64(limit), at: 3)
        return try requests(from: statement)
    }

    func approvalRequests(passedOnBy person: RecordID) throws -> [ApprovalRequest] {
        let statement = try connection.statement(
            """
            SELECT \(Self.requestColumns) FROM weir_approval a WHERE a.state = 'pending' AND EXISTS (SELECT 1 FROM weir_approval_seat s \
            WHERE s.person = ?1 AND s.state = 'passed' AND s.request = a.id AND s.round = a.round) ORDER BY a.id
            """)
        statement.bind(person.number, at: 1)
        return try requests(from: statement)
    }

    func approvalsWaiting(for person: RecordID) throws -> Int {
        let statement = try connection.fixed(
            """
            SELECT COUNT(*) FROM weir_approval_seat s JOIN weir_approval a ON a.id = s.request AND a.round = s.round AND a.state = 'pending' \
            WHERE s.person = ? AND s.state = 'waiting'
            """)
        defer { statement.reset() }
        statement.bind(person.number, at: 1)
        return try statement.step() ? Int(statement.int64(0)) : 0
    }

    func dueApprovals(until: Instant, limit: Int) throws -> [ApprovalRequest] {
        let statement = try connection.statement(
            "SELECT \(Self.requestColumns) FROM weir_approval a WHERE a.due IS NOT NULL AND a.due <= ? ORDER BY a.due, a.id LIMIT ?")
        statement.bind(until.microseconds, at: 1)
        statement.bind(Int64(limit), at: 2)
        return try requests(from: statement)
    }

    private func requests(from statement: Statement) throws -> [ApprovalRequest] {
        defer { statement.reset() }
        func instant(_ column: Int32) -> Instant? { statement.optionalInt64(column).map(Instant.init(microseconds:)) }
        var found: [ApprovalRequest] = []
        while try statement.step() {
            guard let record = record(object: statement.int64(2), number: statement.int64(3)) else { continue }
            guard let state = ApprovalRequest.State(rawValue: statement.text(6)) else {
                throw StoreError.other("an approval is in the state `\(statement.text(6))`")
            }
            found.append(
                ApprovalRequest(
                    id: statement.int64(0), approval: statement.text(1), record: record, by: user(statement.optionalInt64(4)),
                    asked: Instant(microseconds: statement.int64(5)), state: state, level: statement.optionalText(7), revision: statement.int64(8),
                    round: statement.int64(9), frozen: statement.text(10), stage: statement.optionalText(11), run: statement.optionalInt64(12),
                    due: instant(13), lates: statement.int64(14), decided: instant(15), isUsed: statement.int64(16) != 0,
                    note: statement.optionalText(17).map { Words(zh: $0, en: statement.optionalText(18) ?? $0) }))
        }
        return found
    }

    func add(_ request: ApprovalRequest) throws -> Int64 {
        let statement = try connection.fixed(
            "INSERT INTO weir_approval VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        statement.bind(request.approval, at: 1)
        statement.bind(layout[request.record.object].number, at: 2)
        statement.bind(request.record.number, at: 3)
        statement.bind(userNumber(request.by), at: 4)
        statement.bind(request.asked.microseconds, at: 5)
        statement.bind(request.state.rawValue, at: 6)
        statement.bind(request.level, at: 7)
        statement.bind(request.revision, at: 8)
        statement.bind(request.round, at: 9)
        statement.bind(request.frozen, at: 10)
        statement.bind(request.stage, at: 11)
        statement.bind(request.run, at: 12)
        statement.bind(request.due?.microseconds, at: 13)
        statement.bind(request.lates, at: 14)
        statement.bind(request.decided?.microseconds, at: 15)
        statement.bind(request.isUsed ? 1 : 0, at: 16)
        statement.bind(request.note?.zh, at: 17)
        statement.bind(request.note?.en, at: 18)
        try statement.run()
        return connection.lastInsertedRow
    }

    func update(_ request: ApprovalRequest) throws {
        let statement = try connection.fixed(
            """
            UPDATE weir_approval SET state = ?, level = ?, revision = ?, round = ?, frozen = ?, due = ?, lates = ?, decided = ?, used = ?, note_zh = ?, \
            note_en = ? WHERE id = ?
            """)
        statement.bind(request.state.rawValue, at: 1)
        statement.bind(request.level, at: 2)
        statement.bind(request.revision, at: 3)
        statement.bind(request.round, at: 4)
        statement.bind(request.frozen, at: 5)
        statement.bind(request.due?.microseconds, at: 6)
        statement.bind(request.lates, at: 7)
        statement.bind(request.decided?.microseconds, at: 8)
        statement.bind(request.isUsed ? 1 : 0, at: 9)
        statement.bind(request.note?.zh, at: 10)
        statement.bind(request.note?.en, at: 11)
        statement.bind(request.id, at: 12)
        try statement.run()
    }

    // MARK: Places

    func approvalSeats(of request: Int64) throws -> [ApprovalSeat] {
        let statement = try connection.fixed(
            """
            SELECT s.round, s.level, s.position, s.person, s.instead_of, s.state, s.at, g.placed, g.added_by, g.away FROM weir_approval_seat s \
            LEFT JOIN weir_approval_signer g ON g.request = s.request AND g.round = s.round AND g.person = s.person WHERE s.request = ? \
            ORDER BY s.round, s.position, s.person
            """)
        defer { statement.reset() }
        statement.bind(request, at: 1)
        var seats: [ApprovalSeat] = []
        while try statement.step() {
            guard let state = ApprovalSeat.State(rawValue: statement.text(5)) else {
                throw StoreError.other("a place in an approval is in the state `\(statement.text(5))`")
            }
            seats.append(
                ApprovalSeat(
                    request: request, round: statement.int64(0), level: statement.text(1), position: statement.int64(2),
                    person: RecordID(object: layout.userObject, number: statement.int64(3)), insteadOf: user(statement.optionalInt64(4)),
                    isAway: statement.optionalInt64(9) == 1, added: try added(statement), state: state,
                    at: statement.optionalInt64(6).map(Instant.init(microseconds:))))
        }
        return seats
    }

    private func added(_ statement: Statement) throws -> ApprovalSeat.Added? {
        guard let order = statement.optionalText(7), let by = user(statement.optionalInt64(8)) else { return nil }
        guard let order = ApprovalSeat.Added.Order(rawValue: order) else { throw StoreError.other("a place in an approval is added `\(order)`") }
        return ApprovalSeat.Added(order: order, by: by)
    }

    func set(_ seat: ApprovalSeat) throws {
        try setSigner(seat)
        let statement = try connection.fixed("INSERT OR REPLACE INTO weir_approval_seat VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        statement.bind(seat.request, at: 1)
        statement.bind(seat.round, at: 2)
        statement.bind(seat.person.number, at: 3)
        statement.bind(seat.level, at: 4)
        statement.bind(seat.position, at: 5)
        statement.bind(userNumber(seat.insteadOf), at: 6)
        statement.bind(seat.state.rawValue, at: 7)
        statement.bind(seat.at?.microseconds, at: 8)
        try statement.run()
    }

    private func setSigner(_ seat: ApprovalSeat) throws {
        guard seat.added != nil || seat.isAway else { return }
        let statement = try connection.fixed("INSERT OR REPLACE INTO weir_approval_signer VALUES (?, ?, ?, ?, ?, ?)")
        statement.bind(seat.request, at: 1)
        statement.bind(seat.round, at: 2)
        statement.bind(seat.person.number, at: 3)
        statement.bind(seat.added?.order.rawValue, at: 4)
        statement.bind(userNumber(seat.added?.by), at: 5)
        statement.bind(seat.isAway ? 1 : 0, at: 6)
        try statement.run()
    }

    // MARK: What was done

    func approvalSteps(of request: Int64) throws -> [ApprovalStep] {
        let statement = try connection.fixed("SELECT at, by, level, zh, en, comment FROM weir_approval_step WHERE request = ? ORDER BY id")
        defer { statement.reset() }
        statement.bind(request, at: 1)
        var steps: [ApprovalStep] = []
        while try statement.step() {
            steps.append(
                ApprovalStep(
                    request: request, at: Instant(microseconds: statement.int64(0)), by: user(statement.optionalInt64(1)), level: statement.optionalText(2),
                    words: Words(zh: statement.text(3), en: statement.text(4)), comment: statement.optionalText(5)))
        }
        return steps
    }

    func append(_ step: ApprovalStep) throws {
        let statement = try connection.fixed("INSERT INTO weir_approval_step VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)")
        statement.bind(step.request, at: 1)
        statement.bind(step.at.microseconds, at: 2)
        statement.bind(userNumber(step.by), at: 3)
        statement.bind(step.level, at: 4)
        statement.bind(step.words.zh, at: 5)
        statement.bind(step.words.en, at: 6)
        statement.bind(step.comment, at: 7)
        try statement.run()
    }
}
