package import Formula

/// A time in which somebody else decides for a person.
package struct Absence: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// Its time has not come.
        case planned
        case active
        case over
    }

    /// 0 before it is written.
    package var id: Int64
    package let person: RecordID
    package let deputy: RecordID
    package let from: Instant
    /// What the deputy has not decided by then is with the person again.
    package var until: Instant
    package var state: State
    package let made: Instant

    /// When something is to be done about it; nil when it is over.
    package var due: Instant? {
        switch state {
        case .planned: from
        case .active: until
        case .over: nil
        }
    }

    package init(id: Int64 = 0, person: RecordID, deputy: RecordID, from: Instant, until: Instant, state: State, made: Instant) {
        self.id = id
        self.person = person
        self.deputy = deputy
        self.from = from
        self.until = until
        self.state = state
        self.made = made
    }
}

/// Absences, as a transaction reads them.
package protocol AbsenceReading: AnyObject {
    func absence(_ id: Int64) throws -> Absence?
    /// Of the person, and those in which they stand in for somebody; newest first.
    func absences(with person: RecordID, limit: Int) throws -> [Absence]
    /// Of everybody, those that are not over.
    func openAbsences() throws -> [Absence]
    /// Those about which something is to be done, by time.
    func dueAbsences(until: Instant, limit: Int) throws -> [Absence]
}

/// The same, written.
package protocol AbsenceWriting: AbsenceReading {
    /// - Returns: Its id.
    func add(_ absence: Absence) throws -> Int64
    func update(_ absence: Absence) throws
}
