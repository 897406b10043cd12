package import Formula

/// That a record was given to somebody, or that nobody could be given it, with the reason.
package struct Assignment: Sendable, Hashable {
    /// 0 before it is written.
    package let id: Int64
    package let assignment: String
    package let record: RecordID
    package let at: Instant
    /// Nil: there was nobody.
    package let chosen: RecordID?
    /// Whether it waits in the queue.
    package let isWaiting: Bool
    /// Until when nobody else may take it.
    package let protectedUntil: Instant?
    /// JSON of the engine.
    package let reason: String

    package init(
        id: Int64 = 0, assignment: String, record: RecordID, at: Instant, chosen: RecordID?, isWaiting: Bool, protectedUntil: Instant?, reason: String
    ) {
        self.id = id
        self.assignment = assignment
        self.record = record
        self.at = at
        self.chosen = chosen
        self.isWaiting = isWaiting
        self.protectedUntil = protectedUntil
        self.reason = reason
    }
}

/// Assignments, as a transaction reads them.
package protocol AssignmentReading: AnyObject {
    /// Of one record, newest first.
    func assignments(of record: RecordID, limit: Int) throws -> [Assignment]
    /// When the person was last given something by it, as a number that only grows; 0: never.
    func lastTurn(of candidate: RecordID, in assignment: String) throws -> Int64
    /// What was given to somebody by it, newest first.
    func assignments(_ assignment: String, to candidate: RecordID, limit: Int) throws -> [Assignment]
    /// What waits in the queue, oldest first.
    func waiting(in assignment: String, limit: Int) throws -> [Assignment]
}

package protocol AssignmentWriting: AssignmentReading {
    /// What the record waited in before waits no more.
    func add(_ assignment: Assignment) throws
    func stopWaiting(_ record: RecordID, in assignment: String) throws
}
