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

    private let names: SchemaNames
    private let functions: FunctionNames

    package init(schema: FormulaSchema, typing: @escaping (FieldID) -> FormulaType = { _ in .error }) {
        self.init(schema: schema, functions: .standard, typing: typing)
    }

    init(schema: FormulaSchema, functions: FunctionNames, typing: @escaping (FieldID) -> FormulaType) {
        self.schema = schema
        self.typing = typing
        self.functions = functions
        names = SchemaNames(schema)
    }

    /// Checks one formula. A leading `=` is accepted.
    ///
    /// - Parameters:
    ///   - expected: The type that is wanted; nil takes any. A number literal fits money, numbers and percentages each other, a text
    ///     literal an option of a choice, texts of all kinds each other, and blank everything.
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
        let (root, mistakes) = Parser.formula(text.text)
        return finish(text, scope, mistakes) { checker in checker.check(root, as: expected).node }
    }

    /// Checks an entry of `points` or `prefer`: `EXPRESSION [if CONDITION]`, a number; blank, and no condition met, is 0.
    package func checkPoints(_ text: EmbeddedText, in scope: FormulaScope, report: inout Diagnostics) -> CheckedExpression? {
        let result = checkedPoints(text, in: scope)
        for diagnostic in result.found { report.report(diagnostic) }
        return result.expression
    }

    /// As `checkPoints`, but gives the diagnostics back, so that `typing` may report meanwhile.
    package func checkedPoints(_ text: EmbeddedText, in scope: FormulaScope) -> (expression: CheckedExpression?, found: [Diagnostic]) {
        let (value, condition, mistakes) = Parser.points(text.text)
        return finish(text, scope, mistakes) { checker in
            let points = checker.check(value, as: .number)
            let number = points.isError ? points.node : checker.asZero(points)
            guard let condition else { return number }
            let test = checker.condition(condition)
            if number.type == .error || test.type == .error { return Typed.error(at: value.range).node }
            let zero = ExpressionNode(.literal(.number(.zero)), type: .number, mayBeBlank: false, range: number.range)
            return ExpressionNode(
                .conditional([Form.Branch(condition: test, value: number)], otherwise: zero), type: .number, mayBeBlank: false,
                range: value.range.lowerBound..<condition.range.upperBound)
        }
    }

    /// Checks a text with formulas in braces; `{{` and `}}` are braces.
    ///
    /// - Returns: Nil if anything was wrong, which `report` then tells.
    package func checkTemplate(_ text: EmbeddedText, in scope: FormulaScope, report: inout Diagnostics) -> CheckedTemplate? {
        let result = checkedTemplate(text, in: scope)
        for diagnostic in result.found { report.report(diagnostic) }
        return result.template
    }

    /// As `checkTemplate`, but gives the diagnostics back, so that `typing` may report meanwhile.
    package func checkedTemplate(_ text: EmbeddedText, in scope: FormulaScope) -> (template: CheckedTemplate?, found: [Diagnostic]) {
        let (pieces, mistakes) = TemplateSyntax.pieces(of: text.text)
        var found = mistakes.map { $0.diagnostic(in: text) }
        var parts: [CheckedTemplate.Part] = []
        for piece in pieces {
            switch piece {
            case .text(let literal): parts.append(.text(literal))
            case .formula(let range):
                let part = text.slice(range)
                let (root, mistakes) = Parser.formula(part.text)
                let result = finish(part, scope, mistakes) { checker in
                    let value = checker.infer(root)
                    return checker.asText(value)
                }
                found += result.found
                if let expression = result.expression { parts.append(.expression(expression)) }
            }
        }
        let isWrong = found.contains { $0.severity == .error }
        return (isWrong ? nil : CheckedTemplate(parts: parts, source: text), found)
    }

    /// Checks what was read by `body`, and gives the expression if nothing is wrong.
    func finish(
        _ text: EmbeddedText, _ scope: FormulaScope, _ syntaxMistakes: [FormulaMistake], _ body: (inout ExpressionChecker) -> ExpressionNode
    ) -> (expression: CheckedExpression?, found: [Diagnostic]) {
        // Beyond a bound there is no tree worth looking at.
        for mistake in syntaxMistakes {
            switch mistake.issue.code {
            case "formula-too-long", "formula-too-large", "formula-too-deep", "path-too-long": return (nil, [mistake.diagnostic(in: text)])
            default: break
            }
        }
        var checker = ExpressionChecker(schema: schema, names: names, functions: functions, typing: typing, scope: scope)
        let root = body(&checker)
        let mistakes = syntaxMistakes + checker.mistakes.filter { standsAlone($0, beside: syntaxMistakes) }
        guard mistakes.isEmpty, root.type != .error else { return (nil, mistakes.map { $0.diagnostic(in: text) }) }
        return (
            CheckedExpression(root: root, source: text, reads: checker.reads, variableCount: checker.variableCount, body: checker.bodyReads),
            checker.warnings.map { $0.diagnostic(in: text) })
    }

    /// Whether a mistake of meaning is one of its own where the syntax is wrong too. Only wrong names are, and only away from the place.
    private func standsAlone(_ mistake: FormulaMistake, beside syntaxMistakes: [FormulaMistake]) -> Bool {
        guard !syntaxMistakes.isEmpty else { return true }
        switch mistake.issue.code {
        case "unknown-name", "unknown-function":
            return !syntaxMistakes.contains { mistake.range.lowerBound <= $0.range.upperBound + 1 && $0.range.lowerBound <= mistake.range.upperBound + 1 }
        default: return false
        }
    }
}
