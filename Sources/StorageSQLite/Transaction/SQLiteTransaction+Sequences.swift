import Formula
import Storage

// How far sequences have come, by record.
extension SQLiteTransaction {
    private static let progressColumns = "sequence, fingerprint, begun, last_at, last_number, through_at, through_number"

    func sequenceProgress(_ sequence: String, of record: RecordID) throws -> SequenceProgress? {
        let statement = try connection.named("progress of a sequence") {
            "SELECT \(Self.progressColumns) FROM weir_sequence WHERE object = ? AND record = ? AND sequence = ?"
        }
        statement.bind(layout[record.object].number, at: 1)
        statement.bind(record.number, at: 2)
        statement.bind(sequence, at: 3)
        return try progress(of: record, from: statement).first
    }

    func sequenceProgress(of record: RecordID) throws -> [SequenceProgress] {
        let statement = try connection.named("progress of all sequences") {
            "SELECT \(Self.progressColumns) FROM weir_sequence WHERE object = ? AND record = ? ORDER BY sequence"
        }
        statement.bind(layout[record.object].number, at: 1)
        statement.bind(record.number, at: 2)
        return try progress(of: record, from: statement)
    }

    private func progress(of record: RecordID, from statement: Statement) throws -> [SequenceProgress] {
        defer { statement.reset() }
        var found: [SequenceProgress] = []
        func mark(_ column: Int32) -> SequenceProgress.Mark? {
            instant(statement, column).map { SequenceProgress.Mark(at: $0, number: statement.int64(column + 1)) }
        }
        while try statement.step() {
            let begun = statement.text(2).split(separator: " ").map { Int64($0).map(Instant.init(microseconds:)) }
            found.append(
                SequenceProgress(sequence: statement.text(0), record: record, fingerprint: statement.text(1), begun: begun, last: mark(3), through: mark(5)))
        }
        return found
    }

    func set(_ progress: SequenceProgress) throws {
        let statement = try connection.named("set the progress of a sequence") {
            """
            INSERT INTO weir_sequence (object, record, \(Self.progressColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (object, record, sequence) DO UPDATE SET \
            fingerprint = excluded.fingerprint, begun = excluded.begun, last_at = excluded.last_at, last_number = excluded.last_number, \
            through_at = excluded.through_at, through_number = excluded.through_number
            """
        }
        statement.bind(layout[progress.record.object].number, at: 1)
        statement.bind(progress.record.number, at: 2)
        statement.bind(progress.sequence, at: 3)
        statement.bind(progress.fingerprint, at: 4)
        statement.bind(progress.begun.map { $0.map { String($0.microseconds) } ?? "-" }.joined(separator: " "), at: 5)
        statement.bind(progress.last?.at.microseconds, at: 6)
        statement.bind(progress.last?.number, at: 7)
        statement.bind(progress.through?.at.microseconds, at: 8)
        statement.bind(progress.through?.number, at: 9)
        try statement.run()
        commitPoints.reached(.watchWritten)
    }

    func removeSequenceProgress(of record: RecordID) throws {
        let statement = try connection.fixed("DELETE FROM weir_sequence WHERE object = ? AND record = ?")
        statement.bind(layout[record.object].number, at: 1)
        statement.bind(record.number, at: 2)
        try statement.run()
    }
}
