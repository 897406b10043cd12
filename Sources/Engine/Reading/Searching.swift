package import Formula
import Model
import Program
import Storage

/// What the search over everything found in one object.
package struct SearchGroup: Sendable {
    package struct Hit: Sendable, Hashable {
        package let record: RecordID
        package let title: String

        package init(record: RecordID, title: String) {
            self.record = record
            self.title = title
        }
    }

    package let object: ObjectID
    /// Those that are called so before those that only mention it; newer before older.
    package let hits: [Hit]
    /// There are more than were asked for.
    package let hasMore: Bool

    package init(object: ObjectID, hits: [Hit], hasMore: Bool) {
        self.object = object
        self.hits = hits
        self.hasMore = hasMore
    }
}

extension Engine {
    /// Records that the person may see whose title or other short texts hold every word of `text`: in whatever case and width, in part, and,
    /// of titles, as pinyin (`zhangsan`) or initials (`zs`).
    ///
    /// - Parameters:
    ///   - objects: Where to look; nil for everywhere. The author's objects come first, then those that every app has.
    ///   - limit: Hits of each object.
    /// - Returns: Only objects with hits.
    package func search(
        _ text: String, in objects: [ObjectID]? = nil, limit: Int, as principal: Principal
    ) async throws -> [SearchGroup] {
        let words = SearchText.words(of: text)
        let limit = min(max(limit, 1), Self.mostHits)
        guard !words.isEmpty else { return [] }
        let places = objects ?? (app.model.objects.filter { $0.builtIn == nil } + app.model.objects.filter { $0.builtIn != nil }).map(\.id)
        return try await store.read { [self] transaction in
            let context = try RecordContext(engine: self, principal: principal, transaction: transaction)
            return try places.compactMap { object -> SearchGroup? in
                let found = try transaction.found(words, in: object, limit: limit + 1)
                guard !found.isEmpty else { return nil }
                var titles: [RecordID: String] = [:]
                try context.addTitles(of: Set(found.prefix(limit)), to: &titles)
                let hits = found.prefix(limit).compactMap { id in titles[id].map { SearchGroup.Hit(record: id, title: $0) } }
                return SearchGroup(object: object, hits: hits, hasMore: found.count > limit)
            }
        }
    }

    /// Hits of one object.
    package static let mostHits = 100
}
