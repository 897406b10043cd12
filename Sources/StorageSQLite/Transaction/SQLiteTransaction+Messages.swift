import Formula
import Storage

extension SQLiteTransaction {
    private static let messageColumns = "id, channel, number, digest, at, sender, text, object, record, user"

    func message(_ id: Int64) throws -> Message? {
        let statement = try connection.statement("SELECT \(Self.messageColumns) FROM weir_message WHERE id = ?")
        statement.bind(id, at: 1)
        return try messages(from: statement).first
    }

    func message(numbered number: String, over channel: String) throws -> Message? {
        let statement = try connection.statement("SELECT \(Self.messageColumns) FROM weir_message WHERE channel = ? AND number = ?")
        statement.bind(channel, at: 1)
        statement.bind(number, at: 2)
        return try messages(from: statement).first
    }

    func messages(limit: Int, before id: Int64?) throws -> [Message] {
        let statement = try connection.statement("SELECT \(Self.messageColumns) FROM weir_message WHERE id < ? ORDER BY id DESC LIMIT ?")
        statement.bind(id ?? Int64.max, at: 1)
        statement.bind(Int64(limit), at: 2)
        return try messages(from: statement)
    }

    private func messages(from statement: Statement) throws -> [Message] {
        defer { statement.reset() }
        var messages: [Message] = []
        while try statement.step() {
            messages.append(
                Message(
                    id: statement.int64(0), channel: statement.text(1), number: statement.text(2), digest: statement.text(3),
                    at: Instant(microseconds: statement.int64(4)), from: statement.text(5), text: statement.text(6),
                    about: record(object: statement.optionalInt64(7), number: statement.optionalInt64(8)), user: user(statement.optionalInt64(9))))
        }
        return messages
    }

    func lastAddressed(_ address: String, over channel: String) throws -> (sent: Addressed, effect: Effect)? {
        let statement = try connection.statement(
            """
            SELECT a.key, a.object, a.record, a.person, e.id FROM weir_addressed a JOIN weir_effect e ON e.key = a.key \
            WHERE a.channel = ? AND a.address = ? AND e.state <> 'failed' ORDER BY a.id DESC LIMIT 1
            """)
        defer { statement.reset() }
        statement.bind(channel, at: 1)
        statement.bind(address, at: 2)
        guard try statement.step(), let effect = try effect(statement.int64(4)) else { return nil }
        let sent = Addressed(
            channel: channel, address: address, key: statement.text(0), record: record(object: statement.optionalInt64(1), number: statement.optionalInt64(2)),
            person: user(statement.optionalInt64(3)))
        return (sent, effect)
    }

    func add(_ message: Message) throws -> Int64 {
        let statement = try connection.fixed("INSERT INTO weir_message VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        statement.bind(message.channel, at: 1)
        statement.bind(message.number, at: 2)
        statement.bind(message.digest, at: 3)
        statement.bind(message.at.microseconds, at: 4)
        statement.bind(message.from, at: 5)
        statement.bind(message.text, at: 6)
        statement.bind(message.about.map { layout[$0.object].number }, at: 7)
        statement.bind(message.about?.number, at: 8)
        statement.bind(userNumber(message.user), at: 9)
        try statement.run()
        let id = connection.lastInsertedRow
        commitPoints.reached(.messageWritten)
        return id
    }

    func note(_ addressed: Addressed) throws {
        let statement = try connection.fixed("INSERT OR IGNORE INTO weir_addressed VALUES (NULL, ?, ?, ?, ?, ?, ?)")
        statement.bind(addressed.channel, at: 1)
        statement.bind(addressed.address, at: 2)
        statement.bind(addressed.key, at: 3)
        statement.bind(addressed.record.map { layout[$0.object].number }, at: 4)
        statement.bind(addressed.record?.number, at: 5)
        statement.bind(userNumber(addressed.person), at: 6)
        try statement.run()
    }
}
