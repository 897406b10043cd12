/// A formula as it was written, before anybody asks what its names mean.
package struct SyntaxNode: Sendable {
    package let form: SyntaxForm
    /// Half-open UTF-8 range in the formula's text. Brackets around the node are outside.
    package let range: Range<Int>

    package init(_ form: SyntaxForm, at range: Range<Int>) {
        self.form = form
        self.range = range
    }
}

/// What stands at one place of a formula. A chain of one left-associative operator is one node.
package indirect enum SyntaxForm: Sendable {
    case number(NumberLiteral)
    case duration(DurationLiteral)
    case text(String)
    case bool(Bool)
    case blank
    case name(String)
    case subject(Subject)
    case member(SyntaxNode, SyntaxName)
    case negate(SyntaxNode)
    case not(SyntaxNode)
    /// `first + a - b`, or `first * a / b`; at least one step.
    case arithmetic(SyntaxNode, [Step])
    case power(SyntaxNode, SyntaxNode)
    case concatenate([SyntaxNode])
    case comparison(SyntaxNode, ComparisonOperator, SyntaxNode)
    case and([SyntaxNode])
    case or([SyntaxNode])
    case test(SyntaxNode, Test, negated: Bool)
    /// `x in (a, b)`.
    case oneOf(SyntaxNode, [SyntaxNode], negated: Bool)
    /// `x in SET`.
    case within(SyntaxNode, SyntaxNode, negated: Bool)
    case contains(SyntaxNode, SyntaxNode, negated: Bool)
    case between(SyntaxNode, SyntaxNode, SyntaxNode, negated: Bool)
    case call(SyntaxName, [SyntaxArgument])
    case usersInRole(SyntaxName)
    /// What could not be read; it has been reported.
    case error

    /// The rows that have a word of their own.
    package enum Subject: String, Sendable, Hashable {
        case this, me, old, candidate, body
    }

    package struct Step: Sendable {
        package let operation: ArithmeticOperator
        /// Where the sign stands.
        package let sign: Range<Int>
        package let operand: SyntaxNode
    }

    package enum Test: Sendable {
        case blank, valid
        /// `about is lead`.
        case object(SyntaxName)
    }
}

/// A name and the place where it stands.
package struct SyntaxName: Sendable, Hashable {
    package let text: String
    package let range: Range<Int>
}

/// One argument of a call, with the clauses that may stand behind a set.
package struct SyntaxArgument: Sendable {
    package let value: SyntaxNode
    package let alias: SyntaxName?
    package let condition: SyntaxNode?
    package let order: Order?
    package let range: Range<Int>
    /// Nothing stands before `where`: `count(where late)`, the group of a report. `value` is then blank and stands for nothing.
    package var isOfGroup = false

    package struct Order: Sendable {
        package let key: SyntaxNode
        package let descending: Bool
    }

    /// Whether anything stands behind the value that only sets may have.
    package var hasClauses: Bool { alias != nil || condition != nil || order != nil }
}
