package import Formula
package import SourceText

/// A report of which every name is known: figures of groups of records.
package struct CheckedReport: Sendable {
    /// How it is drawn; the table stands below in any case.
    package enum Show: String, Sendable, Hashable, CaseIterable {
        case table, bars, line, heatmap
    }

    package let name: String
    package let label: Words
    package let object: ObjectID
    /// Over the record; nil: all.
    package let condition: CheckedExpression?
    /// What gives the same stands in one row; nil: there is one figure.
    package let rows: CheckedExpression?
    package let columns: CheckedExpression?
    /// Of no record: its aggregates go over those of a cell.
    package let value: CheckedExpression
    package let show: Show
    package let declaredAt: Span

    package init(
        name: String, label: Words, object: ObjectID, condition: CheckedExpression?, rows: CheckedExpression?, columns: CheckedExpression?, value: CheckedExpression,
        show: Show, declaredAt: Span
    ) {
        self.name = name
        self.label = label
        self.object = object
        self.condition = condition
        self.rows = rows
        self.columns = columns
        self.value = value
        self.show = show
        self.declaredAt = declaredAt
    }

    package var expressions: [CheckedExpression] { [condition, rows, columns, value].compactMap { $0 } }
}
