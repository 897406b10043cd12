package import Formula
package import SourceText

/// That a record was put to people who must agree.
package struct ApprovalRequest: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        case pending
        /// With whoever asked, who may ask again.
        case returned
        case approved, rejected, withdrawn
        /// What it was about has changed, moved on or gone.
        case void

        package var isOver: Bool {
            switch self {
            case .pending, .returned: false
            case .approved, .rejected, .withdrawn, .void: true
            }
        }
    }

    /// 0 before it is written.
    package var id: Int64
    package let approval: String
    package let record: RecordID
    /// Who asked; nil: the app itself.
    package let by: RecordID?
    package let asked: Instant
    package var state: State
    /// The level at hand; of one that was returned, where it goes on.
    package var level: String?
    /// Grows whenever what is decided on, or by whom, begins anew: a decision names the one that was seen.
    package var revision: Int64
    /// Grows with every level that opens.
    package var round: Int64
    /// What is frozen, as text of the engine.
    package var frozen: String
    /// The stage that the record enters once it is approved.
    package let stage: String?
    /// The run that waits for it.
    package let run: Int64?
    /// When the level's time is up, or the next thing is done about that.
    package var due: Instant?
    /// How often its time was up at this level.
    package var lates: Int64
    package var decided: Instant?
    /// Whether what it was asked for has been done with it.
    package var isUsed: Bool
    /// How it came to its state, for people.
    package var note: Words?

    package init(
        id: Int64 = 0, approval: String, record: RecordID, by: RecordID?, asked: Instant, state: State = .pending, level: String? = nil, revision: Int64 = 1,
        round: Int64 = 0, frozen: String, stage: String?, run: Int64?, due: Instant? = nil, lates: Int64 = 0, decided: Instant? = nil, isUsed: Bool = false,
        note: Words? = nil
    ) {
        self.id = id
        self.approval = approval
        self.record = record
        self.by = by
        self.asked = asked
        self.state = state
        self.level = level
        self.revision = revision
        self.round = round
        self.frozen = frozen
        self.stage = stage
        self.run = run
        self.due = due
        self.lates = lates
        self.decided = decided
        self.isUsed = isUsed
        self.note = note
    }
}

/// The place of one person at a level of a request; one a round.
package struct ApprovalSeat: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// Comes after somebody else.
        case queued
        case waiting
        case approved, rejected
        /// Sent back.
        case returned
        /// Given to somebody else.
        case passed
        /// The level was over before.
        case closed
    }

    /// That somebody whose place it is at the level put a person beside themselves.
    package struct Added: Sendable, Hashable {
        package enum Order: String, Sendable, Hashable, CaseIterable {
            /// Decides first; then it is with whoever added them again.
            case before
            /// Is asked once whoever added them has agreed.
            case after
        }

        package let order: Order
        package var by: RecordID

        package init(order: Order, by: RecordID) {
            self.order = order
            self.by = by
        }
    }

    package let request: Int64
    package let round: Int64
    package let level: String
    package let position: Int64
    package let person: RecordID
    /// Whose place it was.
    package let insteadOf: RecordID?
    /// Whether it was given because that person is away, and goes back to them in the end.
    package let isAway: Bool
    /// Nil: the level itself asks this person.
    package var added: Added?
    package var state: State
    package var at: Instant?

    package init(
        request: Int64, round: Int64, level: String, position: Int64, person: RecordID, insteadOf: RecordID? = nil, isAway: Bool = false, added: Added? = nil,
        state: State = .waiting, at: Instant? = nil
    ) {
        self.request = request
        self.round = round
        self.level = level
        self.position = position
        self.person = person
        self.insteadOf = insteadOf
        self.isAway = isAway
        self.added = added
        self.state = state
        self.at = at
    }
}

/// Something that was done about a request, or happened to it.
package struct ApprovalStep: Sendable, Hashable {
    package let request: Int64
    package let at: Instant
    package let by: RecordID?
    package let level: String?
    package let words: Words
    package let comment: String?

    package init(request: Int64, at: Instant, by: RecordID?, level: String?, words: Words, comment: String?) {
        self.request = request
        self.at = at
        self.by = by
        self.level = level
        self.words = words
        self.comment = comment
    }
}

/// Which requests a person is shown.
package enum ApprovalList: String, Sendable, Hashable, CaseIterable {
    /// That wait for the person.
    case mine
    /// That the person asked for.
    case asked
    /// That the person had a say in.
    case decided
}

/// Approvals, as a transaction reads them.
package protocol ApprovalReading: AbsenceReading {
    func approvalRequest(_ id: Int64) throws -> ApprovalRequest?
    /// Newest first.
    func approvalRequests(of record: RecordID) throws -> [ApprovalRequest]
    func approvalRequests(of run: Int64) throws -> [ApprovalRequest]
    /// Newest first.
    func approvalRequests(_ list: ApprovalList, of person: RecordID, limit: Int, before id: Int64?) throws -> [ApprovalRequest]
    /// Open ones in which the person has given their place at the level at hand to somebody else.
    func approvalRequests(passedOnBy person: RecordID) throws -> [ApprovalRequest]
    func approvalsWaiting(for person: RecordID) throws -> Int
    /// By round, then position.
    func approvalSeats(of request: Int64) throws -> [ApprovalSeat]
    /// Oldest first.
    func approvalSteps(of request: Int64) throws -> [ApprovalStep]
    /// Those about which something is to be done, by time.
    func dueApprovals(until: Instant, limit: Int) throws -> [ApprovalRequest]
}

/// The same, written.
package protocol ApprovalWriting: ApprovalReading, AbsenceWriting {
    /// - Returns: Its id.
    func add(_ request: ApprovalRequest) throws -> Int64
    func update(_ request: ApprovalRequest) throws
    /// New, or changed: a person has one place a round.
    func set(_ seat: ApprovalSeat) throws
    func append(_ step: ApprovalStep) throws
}
