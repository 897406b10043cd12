package import SourceText

/// A formula that has been read, resolved and typed: what evaluator, lowering and explanation work from.
package struct CheckedExpression: Sendable {
    package let root: ExpressionNode
    /// The text it was made from.
    package let source: EmbeddedText
    package let reads: FormulaReads
    /// Number of variable slots that evaluating needs (inputs first, then `let`s).
    package let variableCount: Int
    /// What is read of `body`, and in which variable slot it is looked for; whoever evaluates the formula fills these.
    package let body: [BodyRead]

    package var type: FormulaType { root.type }
    package var mayBeBlank: Bool { root.mayBeBlank }

    package init(root: ExpressionNode, source: EmbeddedText, reads: FormulaReads, variableCount: Int, body: [BodyRead] = []) {
        self.root = root
        self.source = source
        self.reads = reads
        self.variableCount = variableCount
        self.body = body
    }
}

/// A part of a message, such as `body.user.name`: always a text, blank where the message has nothing of this name.
package struct BodyRead: Sendable, Hashable {
    package let slot: Int
    /// The names from the outside in; none is the whole message.
    package let path: [String]
}

/// What a formula's value depends on.
package struct FormulaReads: Sendable, Hashable {
    /// Fields of the record itself.
    package var own: Set<FieldID> = []
    /// Fields of other records, with the links that lead to them from the record.
    package var related: Set<Path> = []
    /// Reads `now()` or `today()`: not stored, computed on read.
    package var clock = false
    /// Depends on which days are worked.
    package var calendar = false
    /// Reads `me`.
    package var user = false
    /// Reads `old`, `isnew()` and the like: for rules and automations only.
    package var change = false
    /// Reads every record of these objects (`count(lead where …)`), or the people of a role.
    package var wholeObjects: Set<ObjectID> = []

    /// The way from a record to a field elsewhere.
    package struct Path: Sendable, Hashable {
        package enum Step: Sendable, Hashable {
            /// Along a link field of the record reached so far.
            case link(FieldID)
            /// To the records that link here by this field of theirs.
            case children(via: FieldID)
        }

        package let steps: [Step]
        /// The field that is read at the end; nil if only the existence of the records counts.
        package let field: FieldID?

        package init(steps: [Step], field: FieldID?) {
            self.steps = steps
            self.field = field
        }
    }

    package init() {}
}

/// A node of the typed form. Coercions and blank rules are nodes of their own, so that no engine has to guess.
package struct ExpressionNode: Sendable {
    package let form: Form
    package let type: FormulaType
    package let mayBeBlank: Bool
    /// Half-open UTF-8 range in the formula's text.
    package let range: Range<Int>

    package init(_ form: Form, type: FormulaType, mayBeBlank: Bool, range: Range<Int>) {
        self.form = form
        self.type = type
        self.mayBeBlank = mayBeBlank
        self.range = range
    }
}

package indirect enum Form: Sendable {
    case literal(Value)
    case field(FieldID, of: RowReference)
    /// The record itself, as a link: `this`, `me`, a named row.
    case record(RowReference)
    /// A field of the record to which the link leads; blank if the link is, or leads to a record of another object than the field's.
    case follow(ExpressionNode, FieldID)
    /// An input, or a `let`, by slot.
    case variable(Int)
    case bind(slot: Int, ExpressionNode, body: ExpressionNode)
    /// Both sides numeric and never blank (`blankAsZero` stands where needed).
    case arithmetic(ArithmeticOperator, ExpressionNode, ExpressionNode)
    case negate(ExpressionNode)
    /// date ± days, datetime ± duration, date − date and so on. Blank in, blank out.
    case timeArithmetic(TimeOperator, ExpressionNode, ExpressionNode)
    /// Parts are texts; blank counts as nothing.
    case concatenate([ExpressionNode])
    case compare(ComparisonOperator, ExpressionNode, ExpressionNode)
    case and([ExpressionNode])
    case or([ExpressionNode])
    case not(ExpressionNode)
    case isBlank(ExpressionNode)
    case isValid(ExpressionNode, TextKind)
    /// The first is one of the others.
    case oneOf(ExpressionNode, [ExpressionNode])
    /// The option, text or record on the left is among the options, tags or records on the right.
    case member(ExpressionNode, of: ExpressionNode)
    /// The link leads to a record of this object; false where it is blank.
    case isObject(ExpressionNode, ObjectID)
    /// The text on the left holds the text on the right; case counts.
    case contains(ExpressionNode, ExpressionNode)
    /// The value of the first branch whose condition holds, else the last; only that one is evaluated.
    case conditional([Branch], otherwise: ExpressionNode)
    /// The first that is not blank; later ones are not evaluated.
    case coalesce([ExpressionNode])
    case ifError(ExpressionNode, ExpressionNode)
    case isError(ExpressionNode)
    case call(FunctionID, [ExpressionNode])
    case aggregate(Aggregate)
    case convert(Conversion, ExpressionNode)

    package struct Branch: Sendable {
        package let condition: ExpressionNode
        package let value: ExpressionNode

        package init(condition: ExpressionNode, value: ExpressionNode) {
            self.condition = condition
            self.value = value
        }
    }
}

/// Which row a field is read from.
package enum RowReference: Sendable, Hashable {
    /// The record that owns the formula.
    case this
    /// That record before the change.
    case old
    /// The acting person.
    case me
    /// The person weighed in an assignment.
    case candidate
    /// The row of an aggregate around, counted from the outermost, from 0.
    case row(Int)
}

package enum ArithmeticOperator: Sendable, Hashable { case add, subtract, multiply, divide, power }

package enum TimeOperator: Sendable, Hashable {
    /// date + number of days → date; date + duration of whole days likewise. The date stands left; `3 days` comes as the number 3.
    case dateAddDays, dateSubtractDays
    /// date − date → days as number.
    case dateDifference
    case datetimeAddDuration, datetimeSubtractDuration
    /// datetime + `N days`: the wall clock stays. The right side is a number of days.
    case datetimeAddDays, datetimeSubtractDays
    /// datetime − datetime → duration.
    case datetimeDifference
    case durationAdd, durationSubtract
    /// The duration stands left: duration × number, duration ÷ number → duration; duration ÷ duration → number.
    case durationMultiply, durationDivide, durationRatio
}

package enum ComparisonOperator: Sendable, Hashable { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual }

package enum Conversion: Sendable, Hashable {
    /// Rule 1 of blanks.
    case blankAsZero
    /// Rule 3.
    case blankAsFalse
    /// Number, date, datetime, duration, option (its label), bool or link (the record's `shows`) as text, in the shortest form; several
    /// options or tags joined by `、`.
    case toText
    /// A date's midnight in the app's zone.
    case startOfDay
    /// To so many decimals, half away from zero.
    case round(decimals: Int)
}

/// A value over the rows of a set.
package struct Aggregate: Sendable {
    package enum Kind: String, Sendable, Hashable {
        case sum, count, countBlank, countDistinct, average, minimum, maximum, median, product
        /// Standard deviation and variance: of a sample, or of everything there is.
        case deviation, populationDeviation, variance, populationVariance
        case any, all, exists, first, last, join
        /// Whether the values come one after another as the arguments behind the first say, within the time that is the first; the order is
        /// by a date or datetime.
        case sequence
        /// The values themselves, blanks included: what a function of a list takes of a set.
        case list
    }

    package let kind: Kind
    package let set: RowSet
    /// The index of the row reference that this aggregate's rows have inside `value`, `condition` and `order`.
    package let row: Int
    /// What is taken of each row; nil for the row itself (`count`, `exists`, `first` as link).
    package let value: ExpressionNode?
    /// Rows for which this is true; nil for all.
    package let condition: ExpressionNode?
    /// The order for `first`, `last`, `join` and `sequence`; nil is by record id.
    package let order: Order?
    /// Further arguments: the separator of `join`, time and steps of `sequence`.
    package let arguments: [ExpressionNode]

    /// Another measure of the same values.
    package func measured(by kind: Kind) -> Aggregate {
        Aggregate(kind: kind, set: set, row: row, value: value, condition: condition, order: order, arguments: arguments)
    }

    package struct Order: Sendable {
        package let key: ExpressionNode
        package let descending: Bool

        package init(key: ExpressionNode, descending: Bool) {
            self.key = key
            self.descending = descending
        }
    }

    package init(
        kind: Kind, set: RowSet, row: Int, value: ExpressionNode?, condition: ExpressionNode?, order: Order?, arguments: [ExpressionNode] = []
    ) {
        self.kind = kind
        self.set = set
        self.row = row
        self.value = value
        self.condition = condition
        self.order = order
        self.arguments = arguments
    }
}

/// The rows that an aggregate runs over.
package enum RowSet: Sendable {
    /// The records that link to `of` by the field `via` of theirs.
    case children(of: ExpressionNode, via: FieldID)
    /// The records to which a link to many leads.
    case linked(ExpressionNode)
    /// Every record of an object.
    case all(ObjectID)
    /// Active people who have the role, by itself or through `includes`.
    case users(RoleID)
    /// The values of a list (an input of `weir eval`), or plain scalars: `max(a, b)`.
    case list(ExpressionNode)
    case scalars([ExpressionNode])
}
