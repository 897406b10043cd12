import Formula
import Storage

// Watches, by record. Those of objects that are no more are passed over.
extension SQLiteTransaction {
    private static let watchColumns = "object, record, watch, since, fired, paused, pauses, due, batch"

    func watchState(_ watch: String, of record: RecordID) throws -> WatchState? {
        let statement = try connection.named("watch of a record") { "SELECT \(Self.watchColumns) FROM weir_watch WHERE object = ? AND record = ? AND watch = ?" }
        statement.bind(layout[record.object].number, at: 1)
        statement.bind(record.number, at: 2)
        statement.bind(watch, at: 3)
        return try watchStates(from: statement).first
    }

    func watchStates(of record: RecordID) throws -> [WatchState] {
        let statement = try connection.named("watches of a record") { "SELECT \(Self.watchColumns) FROM weir_watch WHERE object = ? AND record = ? ORDER BY watch" }
        statement.bind(layout[record.object].number, at: 1)
        statement.bind(record.number, at: 2)
        return try watchStates(from: statement)
    }

    func watchStates(where link: FieldID, is person: RecordID, limit: Int) throws -> [WatchState] {
        let table = table(link.object), column = try column(link)
        guard column.sideTable == nil else { return [] }
        let isTheirs = (column.objectColumn.map { "owned.\($0) = \(layout[person.object].number) AND " } ?? "") + "owned.\(column.column) = ?1"
        let columns = Self.watchColumns.split(separator: ",").map { "watch.\($0.filter { $0 != " " })" }.joined(separator: ", ")
        let statement = try connection.statement(
            """
            SELECT \(columns) FROM \(table.table) AS owned JOIN weir_watch AS watch ON watch.object = ?2 AND watch.record = owned.id \
            WHERE \(isTheirs) AND owned.deleted_at IS NULL AND watch.since IS NOT NULL \
            ORDER BY watch.fired = 0, watch.due IS NULL, watch.due, watch.record, watch.watch LIMIT ?3
            """)
        statement.bind(person.number, at: 1)
        statement.bind(table.number, at: 2)
        statement.bind(Int64(limit), at: 3)
        return try watchStates(from: statement)
    }

    func dueWatches(until: Instant, limit: Int) throws -> [WatchState] {
        let statement = try connection.named("watches that are due") {
            "SELECT \(Self.watchColumns) FROM weir_watch WHERE due IS NOT NULL AND due <= ? ORDER BY due, object, record, watch LIMIT ?"
        }
        statement.bind(until.microseconds, at: 1)
        statement.bind(Int64(limit), at: 2)
        return try watchStates(from: statement)
    }

    private func watchStates(from statement: Statement) throws -> [WatchState] {
        defer { statement.reset() }
        var states: [WatchState] = []
        while try statement.step() {
            guard let record = record(object: statement.int64(0), number: statement.int64(1)) else { continue }
            states.append(
                WatchState(
                    watch: statement.text(2), record: record, since: instant(statement, 3), fired: UInt64(bitPattern: statement.int64(4)),
                    paused: instant(statement, 5), pauses: Self.pauses(statement.optionalText(6) ?? ""), due: instant(statement, 7), batch: statement.optionalText(8)))
        }
        return states
    }

    /// `from-to from-to`
    private static func pauses(_ text: String) -> [WatchState.Pause] {
        text.split(separator: " ").compactMap { pause in
            let ends = pause.split(separator: "-").compactMap { Int64($0) }
            return ends.count == 2 ? WatchState.Pause(from: Instant(microseconds: ends[0]), to: Instant(microseconds: ends[1])) : nil
        }
    }

    func set(_ state: WatchState) throws {
        let statement = try connection.named("set a watch") {
            """
            INSERT INTO weir_watch (\(Self.watchColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (object, record, watch) DO UPDATE SET \
            since = excluded.since, fired = excluded.fired, paused = excluded.paused, pauses = excluded.pauses, due = excluded.due, batch = excluded.batch
            """
        }
        statement.bind(layout[state.record.object].number, at: 1)
        statement.bind(state.record.number, at: 2)
        statement.bind(state.watch, at: 3)
        statement.bind(state.since?.microseconds, at: 4)
        statement.bind(Int64(bitPattern: state.fired), at: 5)
        statement.bind(state.paused?.microseconds, at: 6)
        statement.bind(
            state.pauses.isEmpty ? nil : state.pauses.map { "\($0.from.microseconds)-\($0.to.microseconds)" }.joined(separator: " "), at: 7)
        statement.bind(state.due?.microseconds, at: 8)
        statement.bind(state.batch, at: 9)
        try statement.run()
        commitPoints.reached(.watchWritten)
    }

    func removeWatchState(_ watch: String, of record: RecordID) throws {
        let statement = try connection.fixed("DELETE FROM weir_watch WHERE object = ? AND record = ? AND watch = ?")
        statement.bind(layout[record.object].number, at: 1)
        statement.bind(record.number, at: 2)
        statement.bind(watch, at: 3)
        try statement.run()
        commitPoints.reached(.watchWritten)
    }

    func removeWatchStates(of watch: String) throws {
        let statement = try connection.fixed("DELETE FROM weir_watch WHERE watch = ?")
        statement.bind(watch, at: 1)
        try statement.run()
    }
}
