import Formula
import SourceText
import Storage

// Runs, their steps, and when something is due. Rows of objects or processes that are no more are passed over.
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

    func instant(_ statement: Statement, _ column: Int32) -> Instant? {
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
}
