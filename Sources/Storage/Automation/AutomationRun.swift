package import Formula
package import SourceText

/// One pass through the steps of an automation or of a rung: what to do next is a place among them and the variables, nothing else.
package struct AutomationRun: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// Goes on as soon as somebody has time.
        case ready
        /// For its time, or for a condition.
        case waiting
        /// For an answer from outside.
        case calling
        /// For a decision of people.
        case deciding
        case done
        /// A step could not be done; may be resumed from it.
        case failed
        /// By its own `stop`.
        case stopped
        /// By a person, or because what it was about is gone.
        case canceled
        /// Things set each other off in a circle.
        case looped

        package var isOver: Bool {
            switch self {
            case .ready, .waiting, .calling, .deciding: false
            case .done, .failed, .stopped, .canceled, .looped: true
            }
        }
    }

    /// 0 before it is written.
    package var id: Int64
    /// `Process.key`.
    package var process: String
    /// `Process.layout` of the definition with which it began.
    package var fingerprint: String
    /// The number of the version of the app whose steps it takes (`KeptVersion.number`); nil for runs from before versions were kept.
    package var version: Int64?
    package var record: RecordID?
    package var state: State
    /// The next instruction.
    package var position: Int
    /// By slot, as text of the engine.
    package var variables: String
    /// How the record was before, as text of the engine; nil if it was made.
    package var before: String?
    /// The first run of the chain that led here; itself if nil.
    package var root: Int64?
    /// How many runs stand between the first cause and this one.
    package var depth: Int
    /// Whose change set it off; nil for the clock and the system.
    package var by: RecordID?
    package var started: Instant
    package var changed: Instant
    /// When it goes on by itself.
    package var wake: Instant?
    /// What it was set off for: a schedule's time, the time of a rung.
    package var scheduled: Instant?
    /// How often the step at hand was begun.
    package var attempts: Int
    /// Why it is in its state, for people; both languages.
    package var note: Words?
    /// What set it off together with others: `SaveCommand.batch`; nil if that stood alone.
    package var batch: String?

    package init(
        id: Int64 = 0, process: String, fingerprint: String, version: Int64?, record: RecordID?, state: State = .ready, position: Int = 0, variables: String = "",
        before: String? = nil, root: Int64? = nil, depth: Int = 0, by: RecordID?, started: Instant, changed: Instant, wake: Instant? = nil,
        scheduled: Instant? = nil, attempts: Int = 0, note: Words? = nil, batch: String? = nil
    ) {
        self.id = id
        self.process = process
        self.fingerprint = fingerprint
        self.version = version
        self.record = record
        self.state = state
        self.position = position
        self.variables = variables
        self.before = before
        self.root = root
        self.depth = depth
        self.by = by
        self.started = started
        self.changed = changed
        self.wake = wake
        self.scheduled = scheduled
        self.attempts = attempts
        self.note = note
        self.batch = batch
    }
}

/// Which runs are asked for; newest first.
package struct RunQuery: Sendable, Hashable {
    /// Empty: all.
    package var states: Set<AutomationRun.State> = []
    package var process: String?
    package var object: ObjectID?
    package var record: RecordID?
    /// Half-open, of when they were set off.
    package var from: Instant?
    package var until: Instant?
    /// Only those with a smaller id: the page after.
    package var before: Int64?
    package var limit: Int

    package init(limit: Int) {
        self.limit = limit
    }
}

extension AutomationRun.State {
    /// Somebody should look at them.
    package static let broken: Set<AutomationRun.State> = [.failed, .looped]
    package static let open: Set<AutomationRun.State> = [.ready, .waiting, .calling, .deciding]
}

/// A step of a run that was done, or refused.
package struct RunStep: Sendable, Hashable {
    package let run: Int64
    /// The place among the author's steps.
    package let step: String
    package let at: Instant
    package let isDone: Bool
    /// What came of it, for people.
    package let words: Words
    /// What it made or changed.
    package let record: RecordID?

    package init(run: Int64, step: String, at: Instant, isDone: Bool, words: Words, record: RecordID?) {
        self.run = run
        self.step = step
        self.at = at
        self.isDone = isDone
        self.words = words
        self.record = record
    }
}

/// A watch over one record: armed, or looked at again when the clock may turn its condition.
package struct WatchState: Sendable, Hashable {
    package struct Pause: Sendable, Hashable {
        package let from: Instant
        package let to: Instant

        package init(from: Instant, to: Instant) {
            self.from = from
            self.to = to
        }
    }

    package let watch: String
    package let record: RecordID
    /// When its condition turned true; nil: it does not hold, and is only looked at again.
    package var since: Instant?
    /// By position: which rungs have fired in this arming.
    package var fired: UInt64
    /// Since when the time stands still.
    package var paused: Instant?
    package var pauses: [Pause]
    /// When something is to be done about it; nil: only when the record changes.
    package var due: Instant?
    /// What armed it together with others; nil if that stood alone.
    package var batch: String?

    package init(watch: String, record: RecordID, since: Instant?, fired: UInt64 = 0, paused: Instant? = nil, pauses: [Pause] = [], due: Instant? = nil, batch: String? = nil) {
        self.watch = watch
        self.record = record
        self.since = since
        self.fired = fired
        self.paused = paused
        self.pauses = pauses
        self.due = due
        self.batch = batch
    }
}

/// Something that a person is told inside the app.
package struct Notice: Sendable, Hashable {
    /// 0 before it is written.
    package let id: Int64
    package let user: RecordID
    package let at: Instant
    /// What it is about.
    package let record: RecordID?
    package let title: Words
    package let message: Words
    package let run: Int64?
    package let read: Instant?
    /// Records that may help, best first.
    package let suggested: [RecordID]
    /// For how many it stands; nil: for itself.
    package let folded: Int?
    /// The report that it tells, as it was sent (`SentReport.id`); nil: none.
    package let report: Int64?

    package init(
        id: Int64 = 0, user: RecordID, at: Instant, record: RecordID?, title: Words, message: Words, run: Int64?, read: Instant? = nil, suggested: [RecordID] = [],
        folded: Int? = nil, report: Int64? = nil
    ) {
        self.folded = folded
        self.report = report
        self.suggested = suggested
        self.id = id
        self.user = user
        self.at = at
        self.record = record
        self.title = title
        self.message = message
        self.run = run
        self.read = read
    }
}

/// Something to be done outside the database, written with what causes it and delivered afterwards.
package struct Effect: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        case waiting
        /// The other side took it; `due` is until when somebody may say that they know.
        case told
        case done
        /// Given up: the other side refused it, or could not be reached often enough. May be sent again by a person.
        case failed
    }

    /// 0 before it is written.
    package var id: Int64
    /// Stable over retries; unique.
    package let key: String
    /// The run that waits for its outcome, or made it.
    package let run: Int64?
    /// A channel, or `connector.call`, or a connector.
    package let target: String
    /// JSON.
    package let payload: String
    package let created: Instant
    package var state: State
    package var attempts: Int
    /// When it is tried next; nil once it is done or given up.
    package var due: Instant?
    /// What came back, or why it failed.
    package var result: String?

    package init(
        id: Int64 = 0, key: String, run: Int64?, target: String, payload: String, created: Instant, state: State = .waiting, attempts: Int = 0, due: Instant?,
        result: String? = nil
    ) {
        self.id = id
        self.key = key
        self.run = run
        self.target = target
        self.payload = payload
        self.created = created
        self.state = state
        self.attempts = attempts
        self.due = due
        self.result = result
    }
}
