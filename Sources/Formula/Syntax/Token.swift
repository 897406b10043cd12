/// A word of a formula, with its half-open UTF-8 range in the text.
struct Token: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case name(String)
        /// A name in backquotes.
        case quotedName(String)
        case keyword(Keyword)
        case number(NumberLiteral)
        case duration(DurationLiteral)
        case text(String)
        case symbol(Symbol)
        /// What cannot be read; it has been reported.
        case broken
        case end
    }

    let kind: Kind
    let range: Range<Int>
}

/// The words that no field, object or role may be called. They are written in lower case.
package enum Keyword: String, Sendable, Hashable, CaseIterable {
    case this, me, old, candidate, body
    case and, or, not, `in`, contains, between, `is`, blank, valid
    case `where`, by, desc, `as`, `if`
    case `true`, `false`
    case yes = "是"
    case no = "否"
}

enum Symbol: String, Sendable {
    case plus = "+", minus = "-", star = "*", slash = "/", caret = "^", ampersand = "&"
    case equal = "=", notEqual = "<>", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    case leftParenthesis = "(", rightParenthesis = ")", comma = ",", dot = "."
}

/// A number as it was written.
package struct NumberLiteral: Sendable, Hashable {
    /// Its value; of `13%` it is 0.13.
    package let value: ExactDecimal
    package let isPercent: Bool
    /// The digits and the suffix, in ASCII where they have a twin: `500万`, `13%`.
    package let spelling: String
}

/// A length of time as it was written: `30min`, `3 days`.
package struct DurationLiteral: Sendable, Hashable {
    package let value: TimeSpan
    /// The number of days if the unit is days or weeks: added to a date or datetime they keep the wall clock.
    package let days: ExactDecimal?
    package let spelling: String
}
