package import Formula

/// A record in the recycle bin.
package struct DeletedRecord: Sendable, Hashable {
    /// As it was stored when it was deleted; links to records that were deleted since are blank.
    package let row: Row
    package let at: Instant

    package init(row: Row, at: Instant) {
        self.row = row
        self.at = at
    }
}

/// A link that was blanked because the record it led to was deleted.
package struct LostLink: Sendable, Hashable {
    package let field: FieldID
    /// The record that has the field.
    package let record: RecordID

    package init(field: FieldID, record: RecordID) {
        self.field = field
        self.record = record
    }
}

/// How many records a condition meets, and the sums of some of their numbers.
package struct RecordTotals: Sendable, Hashable {
    package let count: Int
    /// In the order in which they were asked for; nil where no record has a value, or the sum is out of range.
    package let sums: [ExactDecimal?]

    package init(count: Int, sums: [ExactDecimal?]) {
        self.count = count
        self.sums = sums
    }
}
