package import Formula

/// How far the events of one record have come in a sequence.
package struct SequenceProgress: Sendable, Hashable {
    /// An event's place among others: by when it happened, then by its number.
    package struct Mark: Sendable, Hashable, Comparable {
        package let at: Instant
        package let number: Int64

        package init(at: Instant, number: Int64) {
            self.at = at
            self.number = number
        }

        package static func < (left: Mark, right: Mark) -> Bool { (left.at, left.number) < (right.at, right.number) }
    }

    package let sequence: String
    /// Whose events they are.
    package let record: RecordID
    /// Of the definition by which they were counted.
    package var fingerprint: String
    /// By how many steps have come: when the latest first event happened behind which they all came in order; nil: they have not.
    ///
    /// Of two that have come as far, the one that began later may do all that the other may, and longer: the other need not be known.
    package var begun: [Instant?]
    /// The last event that was counted.
    package var last: Mark?
    /// The event with which the sequence was complete the last time: none up to it counts again.
    package var through: Mark?

    package init(sequence: String, record: RecordID, fingerprint: String, begun: [Instant?], last: Mark? = nil, through: Mark? = nil) {
        self.sequence = sequence
        self.record = record
        self.fingerprint = fingerprint
        self.begun = begun
        self.last = last
        self.through = through
    }
}

package protocol SequenceReading {
    func sequenceProgress(_ sequence: String, of record: RecordID) throws -> SequenceProgress?
    /// Of all sequences, by their names.
    func sequenceProgress(of record: RecordID) throws -> [SequenceProgress]
}

package protocol SequenceWriting: SequenceReading {
    func set(_ progress: SequenceProgress) throws
    func removeSequenceProgress(of record: RecordID) throws
}
