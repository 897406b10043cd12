package import Formula
package import SourceText

/// Runs, timers and what they tell, as a transaction reads them.
package protocol AutomationReading: AssignmentReading, ApprovalReading, QuestionReading, MessageReading, FoldReading, ReportReading, SequenceReading {
    func run(_ id: Int64) throws -> AutomationRun?
    /// Those that can go on, in the order in which they were set off.
    func readyRuns(limit: Int) throws -> [AutomationRun]
    /// Waiting runs whose time has come, by time.
    func sleepingRuns(until: Instant, limit: Int) throws -> [AutomationRun]
    /// Runs over the record that wait for something about it.
    func waitingRuns(of record: RecordID) throws -> [AutomationRun]
    /// Newest first; of one record, of one process, in these states.
    func runs(of record: RecordID?, process: String?, states: Set<AutomationRun.State>, limit: Int, before id: Int64?) throws -> [AutomationRun]
    func runs(_ query: RunQuery) throws -> [AutomationRun]
    /// Those that stand as failed, or were cut off: that somebody should look at.
    func failedRuns() throws -> Int
    /// A version of the app that was live, by its number.
    func version(_ number: Int64) throws -> KeptVersion?
    /// All files of that version; nil where they are not kept any more.
    func sources(ofVersion number: Int64) throws -> SourceSet?
    /// Whether runs of other versions than this may be on their way.
    func hasVersions(besides number: Int64) throws -> Bool
    /// How many runs are on their way, of each process on each version.
    func openRuns() throws -> [OpenRuns]
    func runSteps(of run: Int64) throws -> [RunStep]
    /// The armed watches over records of which this link leads to the person, those first of which a rung has
    /// fired, then by when something is to be done about them.
    func watchStates(where link: FieldID, is person: RecordID, limit: Int) throws -> [WatchState]
    func watchState(_ watch: String, of record: RecordID) throws -> WatchState?
    func watchStates(of record: RecordID) throws -> [WatchState]
    /// Those that something is to be done about, by time.
    func dueWatches(until: Instant, limit: Int) throws -> [WatchState]
    /// When each schedule comes next, by process.
    func schedules() throws -> [(process: String, next: Instant, fingerprint: String)]
    /// The next instant at which anything is due: a watch, a sleeping run, an approval, a schedule.
    func nextDue() throws -> Instant?
    /// Newest first.
    func notices(of user: RecordID, unreadOnly: Bool, limit: Int, before id: Int64?) throws -> [Notice]
    func unreadNotices(of user: RecordID) throws -> Int
    func notice(_ id: Int64) throws -> Notice?
    /// Of everybody, oldest first, after this one; for tests and digests.
    func notices(after id: Int64, limit: Int) throws -> [Notice]
    func effects(after id: Int64, limit: Int) throws -> [Effect]
    /// The id of the last one; 0 before the first.
    func lastNotice() throws -> Int64
    func lastEffect() throws -> Int64
    /// Those whose time has come, by time.
    func dueEffects(until: Instant, limit: Int) throws -> [Effect]
    func nextEffect() throws -> Instant?
    func effect(_ id: Int64) throws -> Effect?
    /// Of one step of a run: those with this key, and those whose key goes on behind it with a colon.
    func effects(under key: String) throws -> [Effect]
    /// The targets of all that is still to be delivered, each once.
    func openTargets() throws -> [String]
    /// Those of one target whose time has come, by time.
    func dueEffects(of target: String, until: Instant, limit: Int) throws -> [Effect]
    /// When the next of one target is due.
    func nextEffect(of target: String) throws -> Instant?
    /// Newest first, in these states; nil: before none.
    func effects(in states: Set<Effect.State>, limit: Int, before id: Int64?) throws -> [Effect]
}

/// The same, written.
package protocol AutomationWriting: AutomationReading, AssignmentWriting, ApprovalWriting, QuestionWriting, MessageWriting, FoldWriting, ReportWriting, SequenceWriting {
    /// - Returns: Its id.
    func add(_ run: AutomationRun) throws -> Int64
    func update(_ run: AutomationRun) throws
    func append(_ step: RunStep) throws
    func set(_ state: WatchState) throws
    func removeWatchState(_ watch: String, of record: RecordID) throws
    /// All of a watch that is no more, or that is set up anew.
    func removeWatchStates(of watch: String) throws
    func setSchedule(_ process: String, next: Instant, fingerprint: String) throws
    func removeSchedule(_ process: String) throws
    /// - Returns: Its id.
    func add(_ notice: Notice) throws -> Int64
    /// This one, if it is the person's.
    func markRead(_ notice: Int64, of user: RecordID, at: Instant) throws
    /// All of the person's up to this one.
    func markRead(through notice: Int64, of user: RecordID, at: Instant) throws
    /// Nothing if the key is taken: it is on its way already.
    func add(_ effect: Effect) throws
    func update(_ effect: Effect) throws
}
