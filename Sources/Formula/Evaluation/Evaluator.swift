/// A formula made ready to be evaluated many times. Immutable and shared between threads.
package struct Evaluator: Sendable {
    package let expression: CheckedExpression

    package init(_ expression: CheckedExpression) {
        self.expression = expression
    }

    /// The formula's value for the rows of `frame`; a failure is a value.
    ///
    /// - Throws: Only what `frame.source` throws.
    package func value(in frame: Frame) throws -> Value {
        .failure(FormulaFailure(.limit))
    }
}

/// A template made ready.
package struct TemplateEvaluator: Sendable {
    package let template: CheckedTemplate

    package init(_ template: CheckedTemplate) {
        self.template = template
    }

    /// The text, blank parts as nothing, failures as their words.
    package func text(in frame: Frame) throws -> String {
        ""
    }
}
