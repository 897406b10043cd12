package import Formula
package import SourceText
package import Storage

/// Records as a reader gets them: volatile fields computed, and every linked record's title beside them.
package struct RecordsView: Sendable {
    package var rows: [Row]
    /// Titles of the rows themselves and of every record they link to. A deleted one has none.
    package var titles: [RecordID: String]
    package var next: RecordQuery.Cursor?
    package var total: Int?

    package init(rows: [Row], titles: [RecordID: String], next: RecordQuery.Cursor? = nil, total: Int? = nil) {
        self.rows = rows
        self.titles = titles
        self.next = next
        self.total = total
    }
}

/// What a list asks for.
package struct ListRequest: Sendable {
    package var object: ObjectID
    /// Checked by `Engine.condition(_:on:)`.
    package var condition: CheckedExpression?
    package var search: String?
    package var sort: [RecordQuery.Sort]
    package var after: RecordQuery.Cursor?
    package var limit: Int
    package var wantsTotal: Bool

    package init(
        object: ObjectID, condition: CheckedExpression? = nil, search: String? = nil, sort: [RecordQuery.Sort] = [],
        after: RecordQuery.Cursor? = nil, limit: Int = 50, wantsTotal: Bool = true
    ) {
        self.object = object
        self.condition = condition
        self.search = search
        self.sort = sort
        self.after = after
        self.limit = limit
        self.wantsTotal = wantsTotal
    }
}

/// A condition somebody typed: ready, or what is wrong with it.
package enum TypedCondition: Sendable {
    case ready(CheckedExpression)
    case wrong(SourceSet, Diagnostics)
}
