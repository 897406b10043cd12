package import Formula
import Model
import Program
import Storage

/// A page of the recycle bin.
package struct DeletedRecords: Sendable {
    package struct Entry: Sendable {
        package let id: RecordID
        /// How the record was called.
        package let title: String
        package let at: Instant
        /// Nil for the system.
        package let by: RecordID?
    }

    package let entries: [Entry]
    package let total: Int
    /// Titles of the people who deleted.
    package let titles: [RecordID: String]
}

extension Engine {
    /// Deleted records of an object, the last first.
    package func deleted(of object: ObjectID, limit: Int, offset: Int, as principal: Principal) async throws -> DeletedRecords {
        try await store.read { [self] transaction in
            let context = try RecordContext(engine: self, principal: principal, transaction: transaction)
            var entries: [DeletedRecords.Entry] = []
            var people: Set<RecordID> = []
            for record in try transaction.deleted(of: object, limit: min(max(limit, 1), Self.mostRows), offset: max(offset, 0)) {
                let deletion = try transaction.history(of: record.row.id, limit: 1, before: nil).first
                if let by = deletion?.by { people.insert(by) }
                entries.append(
                    DeletedRecords.Entry(
                        id: record.row.id, title: try context.live.title(of: record.row), at: record.at, by: deletion?.by))
            }
            var titles: [RecordID: String] = [:]
            try context.addTitles(of: people, to: &titles)
            return DeletedRecords(entries: entries, total: try transaction.countDeleted(of: object), titles: titles)
        }
    }
}
