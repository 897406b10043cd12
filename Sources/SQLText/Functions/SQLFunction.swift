/// A function that a connection must register before statements of ours can run: deterministic, without side effects, and free of any
/// database library.
package struct SQLFunction: Sendable {
    package let name: String
    /// −1 takes any number.
    package let argumentCount: Int
    package let body: Body

    package enum Body: Sendable {
        case scalar(@Sendable (_ arguments: [SQLArgument]) -> SQLArgument)
        /// A new accumulator for each group of rows.
        case aggregate(@Sendable () -> any SQLAccumulator)
    }
}

/// Takes the rows of an aggregate function in, one by one.
package protocol SQLAccumulator {
    mutating func step(_ arguments: [SQLArgument])
    /// Of no rows, too.
    func result() -> SQLArgument
}
