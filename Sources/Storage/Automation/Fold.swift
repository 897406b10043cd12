package import Formula
package import SourceText

/// What one step tells one person over all the runs that one batch set off: the first few by themselves, the rest as one.
package struct Fold: Sendable, Hashable {
    /// So many are told by themselves.
    package static let singles = 5

    /// 0 before it is written.
    package var id: Int64
    /// `AutomationRun.batch`.
    package let batch: String
    package let process: String
    /// The place among the author's steps.
    package let step: String
    /// Nil: a group, which is told the same whoever is meant.
    package let person: RecordID?
    /// How often the step told them.
    package var count: Int
    /// The notice that stands for all but the first few; nil while there are no more.
    package var notice: Int64?
    /// The first that is told together with others.
    package var example: Words
    /// Counts what is sent out of the app for the rest, from 1; 0 before the first.
    package var round: Int
    /// How many the present round stands for.
    package var pending: Int
    /// When the present round began.
    package var since: Instant

    package init(
        id: Int64 = 0, batch: String, process: String, step: String, person: RecordID?, count: Int = 0, notice: Int64? = nil, example: Words = Words(same: ""),
        round: Int = 0, pending: Int = 0, since: Instant
    ) {
        self.id = id
        self.batch = batch
        self.process = process
        self.step = step
        self.person = person
        self.count = count
        self.notice = notice
        self.example = example
        self.round = round
        self.pending = pending
        self.since = since
    }
}

/// What is told together, as a transaction reads it.
package protocol FoldReading: AnyObject {
    func fold(of batch: String, process: String, step: String, person: RecordID?) throws -> Fold?
    /// The one that a notice stands for.
    func fold(ofNotice notice: Int64) throws -> Fold?
    /// What it is about, in the order of telling; from a place on, counted from 0.
    func foldedRecords(of fold: Int64, from place: Int, limit: Int) throws -> [RecordID]
}

/// The same, written.
package protocol FoldWriting: FoldReading {
    /// - Returns: Its id.
    func set(_ fold: Fold) throws -> Int64
    /// - Parameter place: Counted from 0.
    func append(_ record: RecordID, to fold: Int64, at place: Int) throws
    /// Says something else from now on, and is not read any more.
    func revise(notice: Int64, message: Words, at: Instant, of user: RecordID) throws
    /// Carries something else, later; nothing if the effect is not there.
    func revise(effect key: String, payload: String, due: Instant) throws
}
