/// What changes while one formula is evaluated.
struct Machine {
    /// Inputs, then `let`s, by slot.
    var variables: [Value]
    /// The current row of each aggregate around, from the outermost.
    var rows: [Row?]
    /// Steps that are left before the formula is given up.
    var budget = EvaluationLimits.steps
    /// Rows that aggregates left out because they failed.
    var rowsLeftOut = 0

    /// - Throws: `.exhausted`.
    @inline(__always)
    mutating func charge(_ steps: Int) throws(Interruption) {
        budget -= steps
        if budget < 0 { throw .exhausted }
    }
}

/// Bounds of evaluating one formula once.
package enum EvaluationLimits {
    /// Rows of one set.
    package static let rows = 100_000
    /// Nodes visited in the rows of sets; a hundred nodes for each of the most rows.
    package static let steps = 10_000_000
}

/// Why evaluating stopped before the end.
enum Interruption: Error {
    case failure(FormulaFailure)
    /// The budget is used up; nothing in the formula may catch that.
    case exhausted
    /// The row source's own trouble.
    case source(any Error)

    /// Turns a failure of a computation into an interruption.
    @inline(__always)
    static func failing<Result>(_ body: () throws(FormulaFailure) -> Result) throws(Interruption) -> Result {
        do throws(FormulaFailure) {
            return try body()
        } catch {
            throw .failure(error)
        }
    }

    /// Turns what the row source throws into an interruption.
    @inline(__always)
    static func reading<Result>(_ body: () throws -> Result) throws(Interruption) -> Result {
        do {
            return try body()
        } catch {
            throw .source(error)
        }
    }
}

/// A part of a formula made ready. The frame is what the formula is evaluated in and never changes meanwhile.
typealias Step<Result> = @Sendable (_ frame: Frame, _ machine: inout Machine) throws(Interruption) -> Result
