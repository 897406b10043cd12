import Formula
import Model
import Program
import SourceText
import Storage
import StorageSQLite
import Synchronization

/// Something that a store does wrong, so that it is seen whether anybody notices.
enum Fault: String, CaseIterable, Sendable {
    /// What a run has done is written, and once that it has done it is not: the fence between a step and its place is gone.
    case losesPlaces
    /// Watches are armed and disarmed in the transaction after the one that is the reason for it.
    case armsAfterCommit
    /// Who sent what before is forgotten.
    case losesNumbers
    /// What is due on working days is due a day later.
    case countsDaysWrongly
    /// Which rungs have fired is forgotten.
    case forgetsRungs
    /// What was set off last begins first.
    case turnsTheOrder
    /// People are told twice.
    case tellsTwice
    /// Runs that wait for something are not told of it.
    case losesWakeUps
    /// A time of a schedule comes twice.
    case repeatsSchedules
    /// Stays in stages are not written.
    case losesVisits
}

/// A store with a fault.
final class FaultyStore: Store {
    private let inner: SQLiteStore
    private let fault: Fault
    let memory = FaultMemory()

    init(_ inner: SQLiteStore, _ fault: Fault) {
        self.inner = inner
        self.fault = fault
    }

    var app: CompiledApp { inner.app }
    var files: any FileArea { inner.files }
    var changes: ChangeFeed { inner.changes }
    var version: Int64? { inner.version }
    var peopleEpoch: UInt64 { inner.peopleEpoch }

    func read<Result: Sendable>(_ work: @escaping @Sendable (any ReadTransaction) throws -> Result) async throws -> Result { try await inner.read(work) }
    func readBriefly<Result: Sendable>(_ work: @escaping @Sendable (any ReadTransaction) throws -> Result) async throws -> Result {
        try await inner.readBriefly(work)
    }

    func write<Result: Sendable>(_ work: @escaping @Sendable (any WriteTransaction) throws -> Result) async throws -> Result {
        try await inner.write { [fault, memory] transaction in
            for state in memory.take() { try transaction.set(state) }
            return try work(FaultyTransaction(transaction, fault, memory))
        }
    }

    func figures() async throws -> StoreFigures { try await inner.figures() }
    func close() async { await inner.close() }
}

/// What a faulty store remembers where it should not, and forgets.
final class FaultMemory: Sendable {
    private let state = Mutex<(late: [WatchState], seen: Set<String>)>(([], []))

    func put(_ watch: WatchState) { state.withLock { $0.late.append(watch) } }
    func take() -> [WatchState] {
        state.withLock { state in
            defer { state.late = [] }
            return state.late
        }
    }
    private let texts = Mutex(0)
    /// How often a writer unpacked the texts of an earlier version.
    var textsRead: Int { texts.withLock { $0 } }
    func readTexts() { texts.withLock { $0 += 1 } }
    func isFirst(_ thing: String) -> Bool { state.withLock { $0.seen.insert(thing).inserted } }
}

final class FaultyTransaction: WriteTransaction {
    private let inner: any WriteTransaction
    private let fault: Fault
    private let memory: FaultMemory

    init(_ inner: any WriteTransaction, _ fault: Fault, _ memory: FaultMemory) {
        self.inner = inner
        self.fault = fault
        self.memory = memory
    }

    // MARK: What goes wrong

    func update(_ run: AutomationRun) throws {
        if fault == .losesPlaces, run.state.isOver || run.state == .waiting, memory.isFirst("run \(run.id)") { return }
        try inner.update(run)
    }

    func set(_ state: WatchState) throws {
        var state = state
        switch fault {
        case .armsAfterCommit: return memory.put(state)
        case .countsDaysWrongly where state.watch == "slow":
            state.due = state.due.map { Instant(microseconds: $0.microseconds + Microseconds.perDay) }
        case .forgetsRungs: state.fired = 0
        case .losesPlaces, .countsDaysWrongly, .losesNumbers, .turnsTheOrder, .tellsTwice, .losesWakeUps, .repeatsSchedules, .losesVisits: break
        }
        try inner.set(state)
    }

    func response(to key: RequestKey) throws -> RememberedResponse? { fault == .losesNumbers ? nil : try inner.response(to: key) }

    func readyRuns(limit: Int) throws -> [AutomationRun] {
        let runs = try inner.readyRuns(limit: limit)
        return fault == .turnsTheOrder ? runs.reversed() : runs
    }

    func add(_ notice: Notice) throws -> Int64 {
        if fault == .tellsTwice { _ = try inner.add(notice) }
        return try inner.add(notice)
    }

    func waitingRuns(of record: RecordID) throws -> [AutomationRun] { fault == .losesWakeUps ? [] : try inner.waitingRuns(of: record) }

    func setSchedule(_ process: String, next: Instant, fingerprint: String) throws {
        if fault == .repeatsSchedules, memory.isFirst("\(process) \(next)"), try inner.schedules().contains(where: { $0.process == process }) { return }
        try inner.setSchedule(process, next: next, fingerprint: fingerprint)
    }

    func open(_ visit: StageVisit) throws {
        guard fault != .losesVisits else { return }
        try inner.open(visit)
    }

    func removeWatchState(_ watch: String, of record: RecordID) throws { try inner.removeWatchState(watch, of: record) }
    func add(_ effect: Effect) throws { try inner.add(effect) }

    // MARK: All else

    func assignments(of record: RecordID, limit: Int) throws -> [Assignment] { try inner.assignments(of: record, limit: limit) }
    func lastTurn(of candidate: RecordID, in assignment: String) throws -> Int64 { try inner.lastTurn(of: candidate, in: assignment) }
    func assignments(_ assignment: String, to candidate: RecordID, limit: Int) throws -> [Assignment] { try inner.assignments(assignment, to: candidate, limit: limit) }
    func waiting(in assignment: String, limit: Int) throws -> [Assignment] { try inner.waiting(in: assignment, limit: limit) }
    func add(_ assignment: Assignment) throws { try inner.add(assignment) }
    func stopWaiting(_ record: RecordID, in assignment: String) throws { try inner.stopWaiting(record, in: assignment) }
    func approvalRequest(_ id: Int64) throws -> ApprovalRequest? { try inner.approvalRequest(id) }
    func approvalRequests(of record: RecordID) throws -> [ApprovalRequest] { try inner.approvalRequests(of: record) }
    func approvalRequests(of run: Int64) throws -> [ApprovalRequest] { try inner.approvalRequests(of: run) }
    func approvalRequests(_ list: ApprovalList, of person: RecordID, limit: Int, before id: Int64?) throws -> [ApprovalRequest] { try inner.approvalRequests(list, of: person, limit: limit, before: id) }
    func approvalRequests(passedOnBy person: RecordID) throws -> [ApprovalRequest] { try inner.approvalRequests(passedOnBy: person) }
    func sentReport(_ id: Int64) throws -> SentReport? { try inner.sentReport(id) }
    func sentReports(of report: String, limit: Int) throws -> [SentReport] { try inner.sentReports(of: report, limit: limit) }
    func add(_ report: SentReport) throws -> Int64 { try inner.add(report) }
    func question(_ id: Int64) throws -> Question? { try inner.question(id) }
    func question(under key: String) throws -> Question? { try inner.question(under: key) }
    func questions(of run: Int64) throws -> [Question] { try inner.questions(of: run) }
    func openQuestions(of person: RecordID, limit: Int) throws -> [Question] { try inner.openQuestions(of: person, limit: limit) }
    func openQuestions(about record: RecordID) throws -> [Question] { try inner.openQuestions(about: record) }
    func dueQuestions(until: Instant, limit: Int) throws -> [Question] { try inner.dueQuestions(until: until, limit: limit) }
    func add(_ question: Question) throws -> Int64 { try inner.add(question) }
    func message(_ id: Int64) throws -> Message? { try inner.message(id) }
    func message(numbered number: String, over channel: String) throws -> Message? { try inner.message(numbered: number, over: channel) }
    func messages(limit: Int, before id: Int64?) throws -> [Message] { try inner.messages(limit: limit, before: id) }
    func lastAddressed(_ address: String, over channel: String) throws -> (sent: Addressed, effect: Effect)? { try inner.lastAddressed(address, over: channel) }
    func add(_ message: Message) throws -> Int64 { try inner.add(message) }
    func note(_ addressed: Addressed) throws { try inner.note(addressed) }
    func fold(of batch: String, process: String, step: String, person: RecordID?) throws -> Fold? { try inner.fold(of: batch, process: process, step: step, person: person) }
    func fold(ofNotice notice: Int64) throws -> Fold? { try inner.fold(ofNotice: notice) }
    func foldedRecords(of fold: Int64, from place: Int, limit: Int) throws -> [RecordID] { try inner.foldedRecords(of: fold, from: place, limit: limit) }
    func set(_ fold: Fold) throws -> Int64 { try inner.set(fold) }
    func append(_ record: RecordID, to fold: Int64, at place: Int) throws { try inner.append(record, to: fold, at: place) }
    func revise(notice: Int64, message: Words, at: Instant, of user: RecordID) throws { try inner.revise(notice: notice, message: message, at: at, of: user) }
    func revise(effect key: String, payload: String, due: Instant) throws { try inner.revise(effect: key, payload: payload, due: due) }
    func update(_ question: Question) throws { try inner.update(question) }
    func absence(_ id: Int64) throws -> Absence? { try inner.absence(id) }
    func absences(with person: RecordID, limit: Int) throws -> [Absence] { try inner.absences(with: person, limit: limit) }
    func openAbsences() throws -> [Absence] { try inner.openAbsences() }
    func dueAbsences(until: Instant, limit: Int) throws -> [Absence] { try inner.dueAbsences(until: until, limit: limit) }
    func add(_ absence: Absence) throws -> Int64 { try inner.add(absence) }
    func update(_ absence: Absence) throws { try inner.update(absence) }
    func approvalsWaiting(for person: RecordID) throws -> Int { try inner.approvalsWaiting(for: person) }
    func approvalSeats(of request: Int64) throws -> [ApprovalSeat] { try inner.approvalSeats(of: request) }
    func approvalSteps(of request: Int64) throws -> [ApprovalStep] { try inner.approvalSteps(of: request) }
    func dueApprovals(until: Instant, limit: Int) throws -> [ApprovalRequest] { try inner.dueApprovals(until: until, limit: limit) }
    func add(_ request: ApprovalRequest) throws -> Int64 { try inner.add(request) }
    func update(_ request: ApprovalRequest) throws { try inner.update(request) }
    func set(_ seat: ApprovalSeat) throws { try inner.set(seat) }
    func append(_ step: ApprovalStep) throws { try inner.append(step) }
    func run(_ id: Int64) throws -> AutomationRun? { try inner.run(id) }
    func sleepingRuns(until: Instant, limit: Int) throws -> [AutomationRun] { try inner.sleepingRuns(until: until, limit: limit) }
    func runs(of record: RecordID?, process: String?, states: Set<AutomationRun.State>, limit: Int, before id: Int64?) throws -> [AutomationRun] { try inner.runs(of: record, process: process, states: states, limit: limit, before: id) }
    func runs(_ query: RunQuery) throws -> [AutomationRun] { try inner.runs(query) }
    func failedRuns() throws -> Int { try inner.failedRuns() }
    func version(_ number: Int64) throws -> KeptVersion? { try inner.version(number) }
    func sources(ofVersion number: Int64) throws -> SourceSet? {
        memory.readTexts()
        return try inner.sources(ofVersion: number)
    }
    func hasVersions(besides number: Int64) throws -> Bool { try inner.hasVersions(besides: number) }
    func openRuns() throws -> [OpenRuns] { try inner.openRuns() }
    func runSteps(of run: Int64) throws -> [RunStep] { try inner.runSteps(of: run) }
    func watchStates(where link: FieldID, is person: RecordID, limit: Int) throws -> [WatchState] { try inner.watchStates(where: link, is: person, limit: limit) }
    func sequenceProgress(_ sequence: String, of record: RecordID) throws -> SequenceProgress? { try inner.sequenceProgress(sequence, of: record) }
    func sequenceProgress(of record: RecordID) throws -> [SequenceProgress] { try inner.sequenceProgress(of: record) }
    func set(_ progress: SequenceProgress) throws { try inner.set(progress) }
    func removeSequenceProgress(of record: RecordID) throws { try inner.removeSequenceProgress(of: record) }
    func watchState(_ watch: String, of record: RecordID) throws -> WatchState? { try inner.watchState(watch, of: record) }
    func watchStates(of record: RecordID) throws -> [WatchState] { try inner.watchStates(of: record) }
    func dueWatches(until: Instant, limit: Int) throws -> [WatchState] { try inner.dueWatches(until: until, limit: limit) }
    func schedules() throws -> [(process: String, next: Instant, fingerprint: String)] { try inner.schedules() }
    func nextDue() throws -> Instant? { try inner.nextDue() }
    func notices(of user: RecordID, unreadOnly: Bool, limit: Int, before id: Int64?) throws -> [Notice] { try inner.notices(of: user, unreadOnly: unreadOnly, limit: limit, before: id) }
    func unreadNotices(of user: RecordID) throws -> Int { try inner.unreadNotices(of: user) }
    func notice(_ id: Int64) throws -> Notice? { try inner.notice(id) }
    func notices(after id: Int64, limit: Int) throws -> [Notice] { try inner.notices(after: id, limit: limit) }
    func effects(after id: Int64, limit: Int) throws -> [Effect] { try inner.effects(after: id, limit: limit) }
    func lastNotice() throws -> Int64 { try inner.lastNotice() }
    func lastEffect() throws -> Int64 { try inner.lastEffect() }
    func dueEffects(until: Instant, limit: Int) throws -> [Effect] { try inner.dueEffects(until: until, limit: limit) }
    func nextEffect() throws -> Instant? { try inner.nextEffect() }
    func effect(_ id: Int64) throws -> Effect? { try inner.effect(id) }
    func effects(under key: String) throws -> [Effect] { try inner.effects(under: key) }
    func openTargets() throws -> [String] { try inner.openTargets() }
    func dueEffects(of target: String, until: Instant, limit: Int) throws -> [Effect] { try inner.dueEffects(of: target, until: until, limit: limit) }
    func nextEffect(of target: String) throws -> Instant? { try inner.nextEffect(of: target) }
    func effects(in states: Set<Effect.State>, limit: Int, before id: Int64?) throws -> [Effect] { try inner.effects(in: states, limit: limit, before: id) }
    func add(_ run: AutomationRun) throws -> Int64 { try inner.add(run) }
    func append(_ step: RunStep) throws { try inner.append(step) }
    func removeWatchStates(of watch: String) throws { try inner.removeWatchStates(of: watch) }
    func removeSchedule(_ process: String) throws { try inner.removeSchedule(process) }
    func markRead(_ notice: Int64, of user: RecordID, at: Instant) throws { try inner.markRead(notice, of: user, at: at) }
    func markRead(through notice: Int64, of user: RecordID, at: Instant) throws { try inner.markRead(through: notice, of: user, at: at) }
    func update(_ effect: Effect) throws { try inner.update(effect) }
    func row(_ id: RecordID) throws -> Row? { try inner.row(id) }
    func rows(linking link: FieldID, to parent: RecordID) throws -> [Row] { try inner.rows(linking: link, to: parent) }
    func rows(of object: ObjectID, where condition: BoundCondition?, reading fields: Set<FieldID>, limit: Int) throws -> [Row] {
        try inner.rows(of: object, where: condition, reading: fields, limit: limit)
    }
    func computedOnRead(_ field: FieldID, of record: RecordID, at moment: Moment, me: RecordID?) throws -> Value? {
        try inner.computedOnRead(field, of: record, at: moment, me: me)
    }
    func rows(of object: ObjectID) throws -> [Row] { try inner.rows(of: object) }
    func users(in roles: Set<RoleID>) throws -> [Row] { try inner.users(in: roles) }
    func computed(_ field: FieldID, of record: RecordID) throws -> Value? { try inner.computed(field, of: record) }
    func computedTally(of field: FieldID, record: RecordID) throws -> Tally? { try inner.computedTally(of: field, record: record) }
    func tally(of field: FieldID, record: RecordID) throws -> Tally? { try inner.tally(of: field, record: record) }
    func keep(_ tally: Tally?, of field: FieldID, record: RecordID) throws { try inner.keep(tally, of: field, record: record) }
    func page(_ query: RecordQuery) throws -> RecordPage { try inner.page(query) }
    func count(_ object: ObjectID, where condition: BoundCondition?) throws -> Int { try inner.count(object, where: condition) }
    func totals(of object: ObjectID, where condition: BoundCondition?, search: String?, parts: [BoundCondition], summing fields: [FieldID]) throws -> [RecordTotals] { try inner.totals(of: object, where: condition, search: search, parts: parts, summing: fields) }
    func aggregate(_ query: AggregateQuery) throws -> [AggregateGroup] { try inner.aggregate(query) }
    func holder(of value: Value, in field: FieldID) throws -> RecordID? { try inner.holder(of: value, in: field) }
    func holders(of value: Value, in field: FieldID, limit: Int) throws -> [RecordID] { try inner.holders(of: value, in: field, limit: limit) }
    func history(of record: RecordID, limit: Int, before sequence: Int64?) throws -> [HistoryEntry] { try inner.history(of: record, limit: limit, before: sequence) }
    func visits(of record: RecordID) throws -> [StageVisit] { try inner.visits(of: record) }
    func audit(limit: Int, before sequence: Int64?) throws -> [AuditEntry] { try inner.audit(limit: limit, before: sequence) }
    func content(of file: RecordID) throws -> StoredFile? { try inner.content(of: file) }
    func deleted(_ id: RecordID) throws -> DeletedRecord? { try inner.deleted(id) }
    func deleted(of object: ObjectID, limit: Int, offset: Int) throws -> [DeletedRecord] { try inner.deleted(of: object, limit: limit, offset: offset) }
    func countDeleted(of object: ObjectID) throws -> Int { try inner.countDeleted(of: object) }
    func lostTarget(of link: LostLink) throws -> RecordID? { try inner.lostTarget(of: link) }
    func credential(login: String) throws -> Credential? { try inner.credential(login: login) }
    func credential(of user: RecordID) throws -> Credential? { try inner.credential(of: user) }
    func session(tokenHash: [UInt8]) throws -> Session? { try inner.session(tokenHash: tokenHash) }
    func apiKey(hash: [UInt8]) throws -> APIKey? { try inner.apiKey(hash: hash) }
    func apiKeys() throws -> [APIKey] { try inner.apiKeys() }
    func importJob(_ id: Int64) throws -> ImportJob? { try inner.importJob(id) }
    func importJobs(of object: ObjectID?, limit: Int) throws -> [ImportJob] { try inner.importJobs(of: object, limit: limit) }
    func importParts(of job: Int64, phase: ImportPart.Phase, from number: Int, limit: Int) throws -> [ImportPart] { try inner.importParts(of: job, phase: phase, from: number, limit: limit) }
    func setting(_ name: String) throws -> String? { try inner.setting(name) }
    func found(_ words: [String], in object: ObjectID, limit: Int) throws -> [RecordID] { try inner.found(words, in: object, limit: limit) }
    func changes(after sequence: Int64, limit: Int) throws -> [CommittedChange] { try inner.changes(after: sequence, limit: limit) }
    func lastChange() throws -> Int64 { try inner.lastChange() }
    func preference(_ name: String, of user: RecordID) throws -> String? { try inner.preference(name, of: user) }
    func savedViews(of object: ObjectID, for user: RecordID?) throws -> [SavedView] { try inner.savedViews(of: object, for: user) }
    func savepoint<Result>(_ work: () throws -> Result) throws -> Result { try inner.savepoint(work) }
    func nextNumber(of object: ObjectID) throws -> Int64 { try inner.nextNumber(of: object) }
    func nextAutonumber(of field: FieldID) throws -> Int64 { try inner.nextAutonumber(of: field) }
    func insert(_ row: Row) throws { try inner.insert(row) }
    func update(_ new: Row, changed: Set<FieldID>) throws { try inner.update(new, changed: changed) }
    func delete(_ id: RecordID, at: Instant) throws { try inner.delete(id, at: at) }
    func restore(_ id: RecordID) throws -> [LostLink] { try inner.restore(id) }
    func purge(_ id: RecordID) throws { try inner.purge(id) }
    func append(_ entry: HistoryEntry) throws { try inner.append(entry) }
    func append(_ entry: AuditEntry) throws { try inner.append(entry) }
    func takeBackVisit(of record: RecordID) throws { try inner.takeBackVisit(of: record) }
    func remember(_ response: RememberedResponse, for key: RequestKey) throws { try inner.remember(response, for: key) }
    func attach(_ file: StoredFile, to record: RecordID) throws { try inner.attach(file, to: record) }
    func set(_ credential: Credential) throws { try inner.set(credential) }
    func start(_ session: Session) throws { try inner.start(session) }
    func touch(sessionTokenHash: [UInt8], lastSeen: Instant) throws { try inner.touch(sessionTokenHash: sessionTokenHash, lastSeen: lastSeen) }
    func endSession(tokenHash: [UInt8]) throws { try inner.endSession(tokenHash: tokenHash) }
    func endSessions(of user: RecordID) throws { try inner.endSessions(of: user) }
    func add(_ key: APIKey) throws { try inner.add(key) }
    func revokeKey(id: Int64, at: Instant) throws { try inner.revokeKey(id: id, at: at) }
    func set(_ value: String, forSetting name: String) throws { try inner.set(value, forSetting: name) }
    func add(_ job: ImportJob) throws -> Int64 { try inner.add(job) }
    func update(_ job: ImportJob) throws { try inner.update(job) }
    func append(_ part: ImportPart) throws { try inner.append(part) }
    func removeImportParts(of job: Int64, phase: ImportPart.Phase) throws { try inner.removeImportParts(of: job, phase: phase) }
    func removeImport(_ id: Int64) throws { try inner.removeImport(id) }
    func setPreference(_ value: String?, named name: String, of user: RecordID) throws { try inner.setPreference(value, named: name, of: user) }
    func save(_ view: SavedView) throws -> Int64 { try inner.save(view) }
    func deleteView(id: Int64) throws { try inner.deleteView(id: id) }
}
