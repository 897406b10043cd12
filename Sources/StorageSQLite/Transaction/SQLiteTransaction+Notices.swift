import Formula
import SourceText
import Storage

// What people are told inside the app.
extension SQLiteTransaction {
    private static let noticeColumns = """
        id, user, at, object, record, title_zh, title_en, message_zh, message_en, run, read, (SELECT f.count - \(Fold.singles) FROM weir_fold f WHERE f.notice = weir_notice.id), report
        """

    func notices(of user: RecordID, unreadOnly: Bool, limit: Int, before id: Int64?) throws -> [Notice] {
        let statement = try connection.statement(
            """
            SELECT \(Self.noticeColumns) FROM weir_notice WHERE user = ?1 AND (?2 OR read IS NULL) AND id < ?3 ORDER BY id DESC LIMIT ?4
            """)
        statement.bind(user.number, at: 1)
        statement.bind(unreadOnly ? 0 : 1, at: 2)
        statement.bind(id ?? Int64.max, at: 3)
        statement.bind(Int64(limit), at: 4)
        return try notices(from: statement)
    }

    func notices(after id: Int64, limit: Int) throws -> [Notice] {
        let statement = try connection.named("notices after") { "SELECT \(Self.noticeColumns) FROM weir_notice WHERE id > ? ORDER BY id LIMIT ?" }
        statement.bind(id, at: 1)
        statement.bind(Int64(limit), at: 2)
        return try notices(from: statement)
    }

    private func notices(from statement: Statement) throws -> [Notice] {
        defer { statement.reset() }
        var notices: [Notice] = []
        while try statement.step() {
            notices.append(
                Notice(
                    id: statement.int64(0), user: RecordID(object: layout.userObject, number: statement.int64(1)), at: Instant(microseconds: statement.int64(2)),
                    record: record(object: statement.optionalInt64(3), number: statement.optionalInt64(4)),
                    title: Words(zh: statement.text(5), en: statement.text(6)), message: Words(zh: statement.text(7), en: statement.text(8)),
                    run: statement.optionalInt64(9), read: instant(statement, 10), suggested: try suggestions(of: statement.int64(0)),
                    folded: statement.optionalInt64(11).map { Int($0) }, report: statement.optionalInt64(12)))
        }
        return notices
    }

    private func suggestions(of notice: Int64) throws -> [RecordID] {
        let statement = try connection.fixed("SELECT object, record FROM weir_notice_link WHERE notice = ? ORDER BY position")
        defer { statement.reset() }
        statement.bind(notice, at: 1)
        var records: [RecordID] = []
        while try statement.step() {
            if let record = record(object: statement.int64(0), number: statement.int64(1)) { records.append(record) }
        }
        return records
    }

    private func add(_ suggested: [RecordID], to notice: Int64) throws {
        for (position, record) in suggested.enumerated() {
            let statement = try connection.fixed("INSERT INTO weir_notice_link VALUES (?, ?, ?, ?)")
            statement.bind(notice, at: 1)
            statement.bind(Int64(position), at: 2)
            statement.bind(layout[record.object].number, at: 3)
            statement.bind(record.number, at: 4)
            try statement.run()
        }
    }

    func unreadNotices(of user: RecordID) throws -> Int {
        let statement = try connection.fixed("SELECT COUNT(*) FROM weir_notice WHERE user = ? AND read IS NULL")
        defer { statement.reset() }
        statement.bind(user.number, at: 1)
        return try statement.step() ? Int(statement.int64(0)) : 0
    }

    func add(_ notice: Notice) throws -> Int64 {
        let statement = try connection.fixed(
            """
            INSERT INTO weir_notice (user, at, object, record, title_zh, title_en, message_zh, message_en, run, report) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        statement.bind(notice.user.number, at: 1)
        statement.bind(notice.at.microseconds, at: 2)
        statement.bind(notice.record.map { layout[$0.object].number }, at: 3)
        statement.bind(notice.record?.number, at: 4)
        statement.bind(notice.title.zh, at: 5)
        statement.bind(notice.title.en, at: 6)
        statement.bind(notice.message.zh, at: 7)
        statement.bind(notice.message.en, at: 8)
        statement.bind(notice.run, at: 9)
        statement.bind(notice.report, at: 10)
        try statement.run()
        let id = connection.lastInsertedRow
        try add(notice.suggested, to: id)
        counters?.told(notice.user)
        commitPoints.reached(.noticeWritten)
        return id
    }

    func markRead(_ notice: Int64, of user: RecordID, at: Instant) throws {
        try markRead("id = ?3", notice, user, at)
    }

    func markRead(through notice: Int64, of user: RecordID, at: Instant) throws {
        try markRead("id <= ?3", notice, user, at)
    }

    private func markRead(_ which: String, _ notice: Int64, _ user: RecordID, _ at: Instant) throws {
        let statement = try connection.statement("UPDATE weir_notice SET read = ?1 WHERE user = ?2 AND read IS NULL AND \(which)")
        statement.bind(at.microseconds, at: 1)
        statement.bind(user.number, at: 2)
        statement.bind(notice, at: 3)
        try statement.run()
        counters?.told(user)
    }

    func notice(_ id: Int64) throws -> Notice? {
        let statement = try connection.statement("SELECT \(Self.noticeColumns) FROM weir_notice WHERE id = ?")
        statement.bind(id, at: 1)
        return try notices(from: statement).first
    }

    func lastNotice() throws -> Int64 {
        let statement = try connection.fixed("SELECT MAX(id) FROM weir_notice")
        defer { statement.reset() }
        return try statement.step() ? statement.int64(0) : 0
    }
}
