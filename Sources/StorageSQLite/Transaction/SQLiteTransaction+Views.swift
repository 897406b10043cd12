import Formula
import Model
import Storage

// The feed of changes, and what people have set for themselves.
extension SQLiteTransaction {
    func changes(after sequence: Int64, limit: Int) throws -> [CommittedChange] {
        let statement = try connection.fixed(
            "SELECT sequence, object, record, version, kind, by FROM weir_history WHERE sequence > ? ORDER BY sequence LIMIT ?")
        defer { statement.reset() }
        statement.bind(sequence, at: 1)
        statement.bind(Int64(limit), at: 2)
        var changes: [CommittedChange] = []
        while try statement.step() {
            guard let record = record(object: statement.int64(1), number: statement.int64(2)),
                let kind = HistoryEntry.Kind(rawValue: statement.text(4))
            else { continue }
            changes.append(
                CommittedChange(
                    sequence: statement.int64(0), record: record, version: statement.int64(3), kind: kind, by: user(statement.optionalInt64(5))))
        }
        return changes
    }

    func lastChange() throws -> Int64 {
        let statement = try connection.fixed("SELECT MAX(sequence) FROM weir_history")
        defer { statement.reset() }
        return try statement.step() ? statement.int64(0) : 0
    }

    func preference(_ name: String, of user: RecordID) throws -> String? {
        let statement = try connection.fixed("SELECT value FROM weir_preference WHERE user = ? AND name = ?")
        defer { statement.reset() }
        statement.bind(user.number, at: 1)
        statement.bind(name, at: 2)
        return try statement.step() ? statement.text(0) : nil
    }

    func setPreference(_ value: String?, named name: String, of user: RecordID) throws {
        let statement =
            value == nil
            ? try connection.fixed("DELETE FROM weir_preference WHERE user = ? AND name = ?")
            : try connection.fixed(
                "INSERT INTO weir_preference VALUES (?, ?, ?) ON CONFLICT (user, name) DO UPDATE SET value = excluded.value")
        statement.bind(user.number, at: 1)
        statement.bind(name, at: 2)
        if let value { statement.bind(value, at: 3) }
        try statement.run()
    }

    func savedViews(of object: ObjectID, for user: RecordID?) throws -> [SavedView] {
        let statement = try connection.fixed(
            "SELECT id, name, owner, shared, query FROM weir_view WHERE object = ? AND (shared OR owner IS ?) ORDER BY shared DESC, name, id")
        defer { statement.reset() }
        statement.bind(layout[object].number, at: 1)
        statement.bind(userNumber(user), at: 2)
        var views: [SavedView] = []
        while try statement.step() {
            views.append(
                SavedView(
                    id: statement.int64(0), object: object, name: statement.text(1), owner: self.user(statement.optionalInt64(2)),
                    isShared: statement.int64(3) != 0, query: statement.text(4)))
        }
        return views
    }

    func save(_ view: SavedView) throws -> Int64 {
        let statement = try connection.fixed(
            """
            INSERT INTO weir_view VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name, query = excluded.query, \
            shared = excluded.shared RETURNING id
            """)
        defer { statement.reset() }
        statement.bind(view.id == 0 ? nil : view.id, at: 1)
        statement.bind(layout[view.object].number, at: 2)
        statement.bind(userNumber(view.owner), at: 3)
        statement.bind(view.isShared ? 1 : 0, at: 4)
        statement.bind(view.name, at: 5)
        statement.bind(view.query, at: 6)
        guard try statement.step() else { throw StoreError.other("a view was not written") }
        let id = statement.int64(0)
        while try statement.step() {}
        return id
    }

    func deleteView(id: Int64) throws {
        let statement = try connection.fixed("DELETE FROM weir_view WHERE id = ?")
        statement.bind(id, at: 1)
        try statement.run()
    }
}
