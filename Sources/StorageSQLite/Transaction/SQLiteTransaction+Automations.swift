import Formula
import SourceText
import Storage

// Runs, watches, notices and effects. Rows of objects or processes that are no more are passed over.
extension SQLiteTransaction {
    private static let runColumns = """
        id, process, fingerprint, object, record, state, position, variables, before, root, depth, by, started, changed, wake, scheduled, attempts, note_zh, note_en, version, batch
        """

    // MARK: Runs

    func run(_ id: Int64) throws -> AutomationRun? {
        let statement = try connection.named("run") { "SELECT \(Self.runColumns) FROM weir_run WHERE id = ?" }
        statement.bind(id, at: 1)
        return try runs(from: statement).first
    }

    func readyRuns(limit: Int) throws -> [AutomationRun] {
        let statement = try connection.named("runs that are ready") { "SELECT \(Self.runColumns) FROM weir_run WHERE state = 'ready' ORDER BY id LIMIT ?" }
        statement.bind(Int64(limit), at: 1)
        return try runs(from: statement)
    }

    func sleepingRuns(until: Instant, limit: Int) throws -> [AutomationRun] {
        let statement = try connection.named("runs that wake") { "SELECT \(Self.runColumns) FROM weir_run WHERE wake IS NOT NULL AND wake <= ? ORDER BY wake, id LIMIT ?" }
        statement.bind(until.microseconds, at: 1)
        statement.bind(Int64(limit), at: 2)
        return try runs(from: statement)
    }

    func waitingRuns(of record: RecordID) throws -> [AutomationRun] {
        let statement = try connection.named("runs that wait for a record") {
            "SELECT \(Self.runColumns) FROM weir_run WHERE object = ? AND record = ? AND state IN ('waiting', 'calling', 'deciding') ORDER BY id"
        }
        statement.bind(layout[record.object].number, at: 1)
        statement.bind(record.number, at: 2)
        return try runs(from: statement)
    }

    func runs(of record: RecordID?, process: String?, states: Set<AutomationRun.State>, limit: Int, before id: Int64?) throws -> [AutomationRun] {
        var query = RunQuery(limit: limit)
        (query.record, query.process, query.states, query.before) = (record, process, states, id)
        return try runs(query)
    }

    func runs(_ query: RunQuery) throws -> [AutomationRun] {
        var conditions: [String] = []
        if query.record != nil { conditions.append("record = ?2") }
        if query.record != nil || query.object != nil { conditions.append("object = ?1") }
        if query.process != nil { conditions.append("process = ?3") }
        if !query.states.isEmpty { conditions.append(Self.inStates(query.states)) }
        if query.before != nil { conditions.append("id < ?4") }
        if query.from != nil { conditions.append("started >= ?6") }
        if query.until != nil { conditions.append("started < ?7") }
        let filter = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
        let statement = try connection.statement("SELECT \(Self.runColumns) FROM weir_run \(filter) ORDER BY id DESC LIMIT ?5")
        if let object = query.record?.object ?? query.object { statement.bind(layout[object].number, at: 1) }
        if let record = query.record { statement.bind(record.number, at: 2) }
        if let process = query.process { statement.bind(process, at: 3) }
        if let id = query.before { statement.bind(id, at: 4) }
        statement.bind(Int64(query.limit), at: 5)
        if let from = query.from { statement.bind(from.microseconds, at: 6) }
        if let until = query.until { statement.bind(until.microseconds, at: 7) }
        return try runs(from: statement)
    }

    /// As indexes name them: words of an enumeration of ours.
    private static func inStates(_ states: Set<AutomationRun.State>) -> String {
        "state IN (\(states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")))"
    }

    func failedRuns() throws -> Int {
        let statement = try connection.statement("SELECT COUNT(*) FROM weir_run WHERE \(Self.inStates(AutomationRun.State.broken))")
        defer { statement.reset() }
        return try statement.step() ? Int(statement.int64(0)) : 0
    }

    private func runs(from statement: Statement) throws -> [AutomationRun] {
        defer { statement.reset() }
        var runs: [AutomationRun] = []
        while try statement.step() {
            guard let state = AutomationRun.State(rawValue: statement.text(5)) else { throw StoreError.other("a run is in the state `\(statement.text(5))`") }
            let note = statement.optionalText(17)
            runs.append(
                AutomationRun(
                    id: statement.int64(0), process: statement.text(1), fingerprint: statement.text(2), version: statement.optionalInt64(19),
                    record: record(object: statement.optionalInt64(3), number: statement.optionalInt64(4)), state: state, position: Int(statement.int64(6)),
                    variables: statement.text(7), before: statement.optionalText(8), root: statement.optionalInt64(9), depth: Int(statement.int64(10)),
                    by: user(statement.optionalInt64(11)), started: Instant(microseconds: statement.int64(12)), changed: Instant(microseconds: statement.int64(13)),
                    wake: instant(statement, 14), scheduled: instant(statement, 15), attempts: Int(statement.int64(16)),
                    note: note.map { Words(zh: $0, en: statement.optionalText(18) ?? $0) }, batch: statement.optionalText(20)))
        }
        return runs
    }

    private func instant(_ statement: Statement, _ column: Int32) -> Instant? {
        statement.optionalInt64(column).map(Instant.init(microseconds:))
    }

    func add(_ run: AutomationRun) throws -> Int64 {
        let statement = try connection.named("add a run") {
            "INSERT INTO weir_run (\(Self.runColumns)) VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        }
        statement.bind(run.process, at: 1)
        statement.bind(run.fingerprint, at: 2)
        statement.bind(run.record.map { layout[$0.object].number }, at: 3)
        statement.bind(run.record?.number, at: 4)
        statement.bind(run.state.rawValue, at: 5)
        statement.bind(Int64(run.position), at: 6)
        statement.bind(run.variables, at: 7)
        statement.bind(run.before, at: 8)
        statement.bind(run.root, at: 9)
        statement.bind(Int64(run.depth), at: 10)
        statement.bind(userNumber(run.by), at: 11)
        statement.bind(run.started.microseconds, at: 12)
        statement.bind(run.changed.microseconds, at: 13)
        statement.bind(run.wake?.microseconds, at: 14)
        statement.bind(run.scheduled?.microseconds, at: 15)
        statement.bind(Int64(run.attempts), at: 16)
        statement.bind(run.note?.zh, at: 17)
        statement.bind(run.note?.en, at: 18)
        statement.bind(run.version, at: 19)
        statement.bind(run.batch, at: 20)
        try statement.run()
        commitPoints.reached(.runWritten)
        return connection.lastInsertedRow
    }

    func update(_ run: AutomationRun) throws {
        let statement = try connection.fixed(
            """
            UPDATE weir_run SET state = ?, position = ?, variables = ?, changed = ?, wake = ?, attempts = ?, note_zh = ?, note_en = ?, fingerprint = ?, version = ? \
            WHERE id = ?
            """)
        statement.bind(run.state.rawValue, at: 1)
        statement.bind(Int64(run.position), at: 2)
        statement.bind(run.variables, at: 3)
        statement.bind(run.changed.microseconds, at: 4)
        statement.bind(run.wake?.microseconds, at: 5)
        statement.bind(Int64(run.attempts), at: 6)
        statement.bind(run.note?.zh, at: 7)
        statement.bind(run.note?.en, at: 8)
        statement.bind(run.fingerprint, at: 9)
        statement.bind(run.version, at: 10)
        statement.bind(run.id, at: 11)
        try statement.run()
        commitPoints.reached(.runWritten)
    }

    func runSteps(of run: Int64) throws -> [RunStep] {
        let statement = try connection.fixed("SELECT step, at, done, zh, en, object, record FROM weir_run_step WHERE run = ? ORDER BY id")
        defer { statement.reset() }
        statement.bind(run, at: 1)
        var steps: [RunStep] = []
        while try statement.step() {
            steps.append(
                RunStep(
                    run: run, step: statement.text(0), at: Instant(microseconds: statement.int64(1)), isDone: statement.int64(2) != 0,
                    words: Words(zh: statement.text(3), en: statement.text(4)),
                    record: record(object: statement.optionalInt64(5), number: statement.optionalInt64(6))))
        }
        return steps
    }

    func append(_ step: RunStep) throws {
        let statement = try connection.fixed("INSERT INTO weir_run_step VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)")
        statement.bind(step.run, at: 1)
        statement.bind(step.step, at: 2)
        statement.bind(step.at.microseconds, at: 3)
        statement.bind(step.isDone ? 1 : 0, at: 4)
        statement.bind(step.words.zh, at: 5)
        statement.bind(step.words.en, at: 6)
        statement.bind(step.record.map { layout[$0.object].number }, at: 7)
        statement.bind(step.record?.number, at: 8)
        try statement.run()
        commitPoints.reached(.runStepDone)
    }

    // MARK: Watches

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

    // MARK: Schedules

    func schedules() throws -> [(process: String, next: Instant, fingerprint: String)] {
        let statement = try connection.fixed("SELECT process, next, fingerprint FROM weir_schedule ORDER BY next, process")
        defer { statement.reset() }
        var schedules: [(process: String, next: Instant, fingerprint: String)] = []
        while try statement.step() {
            schedules.append((statement.text(0), Instant(microseconds: statement.int64(1)), statement.text(2)))
        }
        return schedules
    }

    func setSchedule(_ process: String, next: Instant, fingerprint: String) throws {
        let statement = try connection.fixed("INSERT OR REPLACE INTO weir_schedule VALUES (?, ?, ?)")
        statement.bind(process, at: 1)
        statement.bind(next.microseconds, at: 2)
        statement.bind(fingerprint, at: 3)
        try statement.run()
    }

    func removeSchedule(_ process: String) throws {
        let statement = try connection.fixed("DELETE FROM weir_schedule WHERE process = ?")
        statement.bind(process, at: 1)
        try statement.run()
    }

    func nextDue() throws -> Instant? {
        // Each is the first entry of an index.
        let statement = try connection.fixed(
            """
            SELECT (SELECT MIN(due) FROM weir_watch WHERE due IS NOT NULL), (SELECT MIN(wake) FROM weir_run WHERE wake IS NOT NULL), \
            (SELECT MIN(due) FROM weir_approval WHERE due IS NOT NULL), (SELECT MIN(due) FROM weir_absence WHERE due IS NOT NULL), \
            (SELECT MIN(due) FROM weir_question WHERE due IS NOT NULL), (SELECT MIN(next) FROM weir_schedule)
            """)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        return (0..<6).compactMap { instant(statement, $0) }.min()
    }

    // MARK: Notices

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

    // MARK: Effects

    func lastNotice() throws -> Int64 {
        let statement = try connection.fixed("SELECT MAX(id) FROM weir_notice")
        defer { statement.reset() }
        return try statement.step() ? statement.int64(0) : 0
    }

    func lastEffect() throws -> Int64 {
        let statement = try connection.fixed("SELECT MAX(id) FROM weir_effect")
        defer { statement.reset() }
        return try statement.step() ? statement.int64(0) : 0
    }

    private static let effectColumns = "id, key, run, target, payload, created, state, attempts, due, result"

    func effects(after id: Int64, limit: Int) throws -> [Effect] {
        let statement = try connection.named("effects after") { "SELECT \(Self.effectColumns) FROM weir_effect WHERE id > ? ORDER BY id LIMIT ?" }
        statement.bind(id, at: 1)
        statement.bind(Int64(limit), at: 2)
        return try effects(from: statement)
    }

    func dueEffects(until: Instant, limit: Int) throws -> [Effect] {
        let statement = try connection.named("effects that are due") { "SELECT \(Self.effectColumns) FROM weir_effect WHERE due IS NOT NULL AND due <= ? ORDER BY due, id LIMIT ?" }
        statement.bind(until.microseconds, at: 1)
        statement.bind(Int64(limit), at: 2)
        return try effects(from: statement)
    }

    func effect(_ id: Int64) throws -> Effect? {
        let statement = try connection.named("effect") { "SELECT \(Self.effectColumns) FROM weir_effect WHERE id = ?" }
        statement.bind(id, at: 1)
        return try effects(from: statement).first
    }

    func effects(under key: String) throws -> [Effect] {
        // What begins with `KEY:` stands between that and `KEY;`.
        let statement = try connection.named("effects under a key") { "SELECT \(Self.effectColumns) FROM weir_effect WHERE key = ?1 OR (key >= ?1 || ':' AND key < ?1 || ';') ORDER BY id" }
        statement.bind(key, at: 1)
        return try effects(from: statement)
    }

    func openTargets() throws -> [String] {
        let statement = try connection.fixed("SELECT DISTINCT target FROM weir_effect WHERE due IS NOT NULL ORDER BY target")
        defer { statement.reset() }
        var targets: [String] = []
        while try statement.step() { targets.append(statement.text(0)) }
        return targets
    }

    func dueEffects(of target: String, until: Instant, limit: Int) throws -> [Effect] {
        let statement = try connection.named("effects of a target that are due") {
            "SELECT \(Self.effectColumns) FROM weir_effect WHERE target = ? AND due IS NOT NULL AND due <= ? ORDER BY due, id LIMIT ?"
        }
        statement.bind(target, at: 1)
        statement.bind(until.microseconds, at: 2)
        statement.bind(Int64(limit), at: 3)
        return try effects(from: statement)
    }

    func nextEffect(of target: String) throws -> Instant? {
        let statement = try connection.fixed("SELECT MIN(due) FROM weir_effect WHERE target = ? AND due IS NOT NULL")
        statement.bind(target, at: 1)
        defer { statement.reset() }
        return try statement.step() ? instant(statement, 0) : nil
    }

    func effects(in states: Set<Effect.State>, limit: Int, before id: Int64?) throws -> [Effect] {
        let marks = Array(repeating: "?", count: states.count).joined(separator: ", ")
        let statement = try connection.statement(
            "SELECT \(Self.effectColumns) FROM weir_effect WHERE id < ? AND state IN (\(marks)) ORDER BY id DESC LIMIT ?")
        statement.bind(id ?? Int64.max, at: 1)
        for (index, state) in states.sorted(by: { $0.rawValue < $1.rawValue }).enumerated() { statement.bind(state.rawValue, at: Int32(index + 2)) }
        statement.bind(Int64(limit), at: Int32(states.count + 2))
        return try effects(from: statement)
    }

    func nextEffect() throws -> Instant? {
        let statement = try connection.fixed("SELECT MIN(due) FROM weir_effect WHERE due IS NOT NULL")
        defer { statement.reset() }
        return try statement.step() ? instant(statement, 0) : nil
    }

    private func effects(from statement: Statement) throws -> [Effect] {
        defer { statement.reset() }
        var effects: [Effect] = []
        while try statement.step() {
            guard let state = Effect.State(rawValue: statement.text(6)) else { throw StoreError.other("an effect is in the state `\(statement.text(6))`") }
            effects.append(
                Effect(
                    id: statement.int64(0), key: statement.text(1), run: statement.optionalInt64(2), target: statement.text(3), payload: statement.text(4),
                    created: Instant(microseconds: statement.int64(5)), state: state, attempts: Int(statement.int64(7)), due: instant(statement, 8),
                    result: statement.optionalText(9)))
        }
        return effects
    }

    func add(_ effect: Effect) throws {
        let statement = try connection.fixed("INSERT OR IGNORE INTO weir_effect VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        statement.bind(effect.key, at: 1)
        statement.bind(effect.run, at: 2)
        statement.bind(effect.target, at: 3)
        statement.bind(effect.payload, at: 4)
        statement.bind(effect.created.microseconds, at: 5)
        statement.bind(effect.state.rawValue, at: 6)
        statement.bind(Int64(effect.attempts), at: 7)
        statement.bind(effect.due?.microseconds, at: 8)
        statement.bind(effect.result, at: 9)
        try statement.run()
        commitPoints.reached(.effectWritten)
    }

    func update(_ effect: Effect) throws {
        let statement = try connection.fixed("UPDATE weir_effect SET state = ?, attempts = ?, due = ?, result = ? WHERE id = ?")
        statement.bind(effect.state.rawValue, at: 1)
        statement.bind(Int64(effect.attempts), at: 2)
        statement.bind(effect.due?.microseconds, at: 3)
        statement.bind(effect.result, at: 4)
        statement.bind(effect.id, at: 5)
        try statement.run()
        commitPoints.reached(.effectSettled)
    }
}
