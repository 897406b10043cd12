package import Formula
import Model
import Program
package import Storage

/// What a person was told inside the app, a page of it.
package struct NoticesView: Sendable {
    /// Newest first.
    package let notices: [Notice]
    /// How the records that they are about, and those that they suggest, are called, for those that exist.
    package let titles: [RecordID: String]
    /// All that the person has not read.
    package let unread: Int
}

extension Engine {
    /// Whether anything in the app tells people anything.
    package var tellsPeople: Bool { !app.automations.isEmpty || !app.automations.approvals.isEmpty }

    /// What the person was told, newest first.
    ///
    /// - Parameter id: The last notice of the page before; nil for the first page.
    package func notices(of person: RecordID, unreadOnly: Bool = false, limit: Int, before id: Int64? = nil) async throws -> NoticesView {
        try await store.read { [self] transaction in
            let notices = try transaction.notices(of: person, unreadOnly: unreadOnly, limit: limit, before: id)
            var titles: [RecordID: String] = [:]
            try RecordContext(engine: self, principal: .system, transaction: transaction).addTitles(of: Set(notices.flatMap { [$0.record].compactMap { $0 } + $0.suggested }), to: &titles)
            return NoticesView(notices: notices, titles: titles, unread: try transaction.unreadNotices(of: person))
        }
    }

    /// Nil if there is none, or if it is somebody else's.
    package func notice(_ id: Int64, of person: RecordID) async throws -> Notice? {
        try await store.readBriefly { transaction in
            try transaction.notice(id).flatMap { $0.user == person ? $0 : nil }
        }
    }

    package func unreadNotices(of person: RecordID) async throws -> Int {
        guard tellsPeople else { return 0 }
        return try await store.readBriefly { try $0.unreadNotices(of: person) }
    }

    /// Marks one notice as read; somebody else's stays as it is. Whoever waits for it to be acknowledged takes it as that.
    package func markRead(_ id: Int64, of person: RecordID) async throws {
        let now = world.clock.now()
        try await store.write { try $0.markRead(id, of: person, at: now) }
    }

    /// Marks all of the person's notices up to this one as read; what came later stays unread.
    package func markRead(through id: Int64, of person: RecordID) async throws {
        let now = world.clock.now()
        try await store.write { try $0.markRead(through: id, of: person, at: now) }
    }
}
