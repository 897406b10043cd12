package import Formula
package import SourceText

/// Who is given a record: of those for whom `among` holds, the one with the most points.
package struct CheckedAssignment: Sendable {
    package enum Tie: Sendable, Hashable {
        /// Who has waited longest for one.
        case roundRobin
        /// Who was there first.
        case inOrder
    }

    /// A part of the condition that every candidate must meet.
    package struct Demand: Sendable {
        /// As the author wrote it.
        package let text: String
        /// The candidates who meet it.
        package let meeting: CheckedExpression

        package init(text: String, meeting: CheckedExpression) {
            self.text = text
            self.meeting = meeting
        }
    }

    package struct Preference: Sendable {
        package let name: String
        /// Over the record, with `candidate`; a number.
        package let points: CheckedExpression

        package init(name: String, points: CheckedExpression) {
            self.name = name
            self.points = points
        }
    }

    /// What is done where nobody may be given it.
    package struct Nobody: Sendable {
        package let queue: String?
        package let notice: CheckedNotice?

        package init(queue: String?, notice: CheckedNotice?) {
            self.queue = queue
            self.notice = notice
        }
    }

    package let name: String
    package let label: Words
    package let object: ObjectID
    /// A link of that object.
    package let field: FieldID
    /// Of what the candidates are records.
    package let candidates: ObjectID
    /// A list of them.
    package let among: CheckedExpression
    /// Of which `among` consists, where it is a condition.
    package let demands: [Demand]
    package let preferences: [Preference]
    package let tie: Tie
    package let protection: Delay?
    package let nobody: Nobody?
    package let declaredAt: Span
    /// From its name to its end.
    package let extent: Span

    package init(
        name: String, label: Words, object: ObjectID, field: FieldID, candidates: ObjectID, among: CheckedExpression, demands: [Demand],
        preferences: [Preference], tie: Tie, protection: Delay?, nobody: Nobody?, declaredAt: Span, extent: Span
    ) {
        self.name = name
        self.label = label
        self.object = object
        self.field = field
        self.candidates = candidates
        self.among = among
        self.demands = demands
        self.preferences = preferences
        self.tie = tie
        self.protection = protection
        self.nobody = nobody
        self.declaredAt = declaredAt
        self.extent = extent
    }
}
