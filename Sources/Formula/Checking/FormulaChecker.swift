package import SourceText

/// Turns the text of formulas into typed expressions: reads, resolves names, checks types, and says what is wrong, where, and what to
/// write instead.
///
/// Immutable; one may be used again while it is asking `typing` about a field.
package struct FormulaChecker {
    package let schema: FormulaSchema
    /// The type of a formula field whose `FormulaField.type` is nil: its formula is checked when somebody first reads it. `.error` if
    /// that formula is wrong or depends on itself, which has then been reported.
    package let typing: (FieldID) -> FormulaType

    package init(schema: FormulaSchema, typing: @escaping (FieldID) -> FormulaType = { _ in .error }) {
        self.schema = schema
        self.typing = typing
    }

    /// Checks one formula. A leading `=` is accepted.
    ///
    /// - Parameters:
    ///   - expected: The type that is wanted; nil takes any. A number fits money and percent, a text an option of a choice,
    ///     a date a datetime (its midnight), and blank everything.
    /// - Returns: Nil if anything was wrong, which `report` then tells.
    package func check(
        _ text: EmbeddedText, in scope: FormulaScope, expecting expected: FormulaType? = nil, report: inout Diagnostics
    ) -> CheckedExpression? {
        let result = checked(text, in: scope, expecting: expected)
        for diagnostic in result.found { report.report(diagnostic) }
        return result.expression
    }

    /// As `check`, but gives the diagnostics back, so that `typing` may report meanwhile.
    package func checked(
        _ text: EmbeddedText, in scope: FormulaScope, expecting expected: FormulaType? = nil
    ) -> (expression: CheckedExpression?, found: [Diagnostic]) {
        (nil, [])
    }

    /// Checks an entry of `points` or `prefer`: `EXPRESSION [if CONDITION]`, a number; blank, and no condition met, is 0.
    package func checkPoints(_ text: EmbeddedText, in scope: FormulaScope, report: inout Diagnostics) -> CheckedExpression? {
        nil
    }

    /// Checks a text with formulas in braces; `{{` and `}}` are braces.
    package func checkTemplate(_ text: EmbeddedText, in scope: FormulaScope, report: inout Diagnostics) -> CheckedTemplate? {
        nil
    }
}
