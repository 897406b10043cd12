package import Formula

/// Figures of the records for which a condition holds: counts, sums and the like, together or per group.
package struct AggregateQuery: Sendable {
    package enum Function: String, Sendable, Hashable, CaseIterable {
        case sum, average = "avg", minimum = "min", maximum = "max"
    }

    package enum Measure: Sendable {
        case count
        /// Of the formula's value for each record; blanks are passed over.
        case of(Function, CheckedExpression)
    }

    package var object: ObjectID
    package var condition: BoundCondition?
    package var search: String?
    package var moment: Moment
    package var me: RecordID?
    /// A group holds the records that agree in the values of all of these. Without any there is one group, of all records.
    package var keys: [CheckedExpression]
    package var measures: [Measure]
    /// At most so many groups, in the order of their keys.
    package var limit: Int

    package init(
        object: ObjectID, condition: BoundCondition? = nil, search: String? = nil, moment: Moment, me: RecordID? = nil,
        keys: [CheckedExpression], measures: [Measure], limit: Int
    ) {
        self.object = object
        self.condition = condition
        self.search = search
        self.moment = moment
        self.me = me
        self.keys = keys
        self.measures = measures
        self.limit = limit
    }
}

package struct AggregateGroup: Sendable {
    /// One for each key; blank also where its formula fails.
    package let keys: [Value]
    /// One for each measure; a sum beyond 38 digits is a failure.
    package let values: [Value]
    /// For each measure, of how many records the formula failed; they are left out of it.
    package let failed: [Int]

    package init(keys: [Value], values: [Value], failed: [Int]) {
        self.keys = keys
        self.values = values
        self.failed = failed
    }
}

/// How a store is doing, for those who watch it.
package struct StoreFigures: Sendable, Hashable {
    /// Bytes of the database, without its log.
    package var databaseBytes: Int64
    /// Bytes that wait in the log to be taken over.
    package var logBytes: Int64
    /// Writes that wait for their turn.
    package var waitingWrites: Int
    /// Reads that are under way.
    package var reads: Int
    /// Sessions that are open, used or not.
    package var sessions: Int
    /// Messages that are not delivered.
    package var outbox: Int

    package init(databaseBytes: Int64 = 0, logBytes: Int64 = 0, waitingWrites: Int = 0, reads: Int = 0, sessions: Int = 0, outbox: Int = 0) {
        self.databaseBytes = databaseBytes
        self.logBytes = logBytes
        self.waitingWrites = waitingWrites
        self.reads = reads
        self.sessions = sessions
        self.outbox = outbox
    }
}
