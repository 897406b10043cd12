/// What an author is told about one mistake: a code, a sentence, the place, and what to write instead.
///
/// The message is lower case where the language has case, has no final period and fits on a line; the author's words stand in
/// backticks. Values of records never appear.
package struct Diagnostic: Sendable, Hashable {
    package enum Severity: String, Sendable, Hashable {
        /// The app cannot run.
        case error
        /// It runs, but most likely not as its author thinks.
        case warning
        /// Nothing is wrong; it is good to know.
        case note
    }

    package struct Note: Sendable, Hashable {
        package let words: Words
        package let span: Span?

        package init(_ words: Words, at span: Span? = nil) {
            self.words = words
            self.span = span
        }
    }

    /// Stable; has a page under `spec/diagnostics/`.
    package let code: String
    package let severity: Severity
    package let message: Words
    /// The narrowest text that is wrong.
    package let span: Span
    /// What to write.
    package let hint: Words?
    package let notes: [Note]

    package init(
        _ severity: Severity = .error, code: String, _ message: Words, at span: Span, hint: Words? = nil, notes: [Note] = []
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.span = span
        self.hint = hint
        self.notes = notes
    }
}
