import Formula
import SourceText
import Storage

extension SQLiteTransaction {
    private static let foldColumns = "id, batch, process, step, person, count, notice, example_zh, example_en, round, pending, since"

    func fold(of batch: String, process: String, step: String, person: RecordID?) throws -> Fold? {
        let statement = try connection.named("fold") { "SELECT \(Self.foldColumns) FROM weir_fold WHERE batch = ? AND process = ? AND step = ? AND person = ?" }
        statement.bind(batch, at: 1)
        statement.bind(process, at: 2)
        statement.bind(step, at: 3)
        statement.bind(person?.number ?? 0, at: 4)
        return try fold(from: statement)
    }

    func fold(ofNotice notice: Int64) throws -> Fold? {
        let statement = try connection.named("fold of a notice") { "SELECT \(Self.foldColumns) FROM weir_fold WHERE notice = ?" }
        statement.bind(notice, at: 1)
        return try fold(from: statement)
    }

    private func fold(from statement: Statement) throws -> Fold? {
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        let person = statement.int64(4)
        return Fold(
            id: statement.int64(0), batch: statement.text(1), process: statement.text(2), step: statement.text(3), person: person == 0 ? nil : user(person),
            count: Int(statement.int64(5)), notice: statement.optionalInt64(6), example: Words(zh: statement.text(7), en: statement.text(8)),
            round: Int(statement.int64(9)), pending: Int(statement.int64(10)), since: Instant(microseconds: statement.int64(11)))
    }

    func foldedRecords(of fold: Int64, from place: Int, limit: Int) throws -> [RecordID] {
        let statement = try connection.statement("SELECT object, record FROM weir_fold_record WHERE fold = ? AND place >= ? ORDER BY place LIMIT ?")
        defer { statement.reset() }
        statement.bind(fold, at: 1)
        statement.bind(Int64(place), at: 2)
        statement.bind(Int64(limit), at: 3)
        var records: [RecordID] = []
        while try statement.step() {
            if let record = record(object: statement.int64(0), number: statement.int64(1)) { records.append(record) }
        }
        return records
    }

    func set(_ fold: Fold) throws -> Int64 {
        let statement = try connection.named("set a fold") {
            """
            INSERT INTO weir_fold (\(Self.foldColumns)) VALUES (NULLIF(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (batch, process, step, person) DO UPDATE SET \
            count = excluded.count, notice = excluded.notice, example_zh = excluded.example_zh, example_en = excluded.example_en, round = excluded.round, \
            pending = excluded.pending, since = excluded.since
            """
        }
        statement.bind(fold.id, at: 1)
        statement.bind(fold.batch, at: 2)
        statement.bind(fold.process, at: 3)
        statement.bind(fold.step, at: 4)
        statement.bind(fold.person?.number ?? 0, at: 5)
        statement.bind(Int64(fold.count), at: 6)
        statement.bind(fold.notice, at: 7)
        statement.bind(fold.example.zh, at: 8)
        statement.bind(fold.example.en, at: 9)
        statement.bind(Int64(fold.round), at: 10)
        statement.bind(Int64(fold.pending), at: 11)
        statement.bind(fold.since.microseconds, at: 12)
        try statement.run()
        return fold.id == 0 ? connection.lastInsertedRow : fold.id
    }

    func append(_ record: RecordID, to fold: Int64, at place: Int) throws {
        let statement = try connection.fixed("INSERT INTO weir_fold_record VALUES (?, ?, ?, ?)")
        statement.bind(fold, at: 1)
        statement.bind(Int64(place), at: 2)
        statement.bind(layout[record.object].number, at: 3)
        statement.bind(record.number, at: 4)
        try statement.run()
    }

    func revise(notice: Int64, message: Words, at: Instant, of user: RecordID) throws {
        let statement = try connection.fixed("UPDATE weir_notice SET message_zh = ?, message_en = ?, at = ?, read = NULL WHERE id = ?")
        statement.bind(message.zh, at: 1)
        statement.bind(message.en, at: 2)
        statement.bind(at.microseconds, at: 3)
        statement.bind(notice, at: 4)
        try statement.run()
        counters?.told(user)
        commitPoints.reached(.noticeWritten)
    }

    func revise(effect key: String, payload: String, due: Instant) throws {
        let statement = try connection.fixed("UPDATE weir_effect SET payload = ?, due = ? WHERE key = ?")
        statement.bind(payload, at: 1)
        statement.bind(due.microseconds, at: 2)
        statement.bind(key, at: 3)
        try statement.run()
        commitPoints.reached(.effectWritten)
    }
}
