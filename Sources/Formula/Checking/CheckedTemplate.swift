package import SourceText

/// A text with formulas in braces, such as `"{name} · {company}"`; `{{` and `}}` are braces.
package struct CheckedTemplate: Sendable {
    package enum Part: Sendable {
        case text(String)
        /// Converted to text, blank as nothing.
        case expression(CheckedExpression)
    }

    package let parts: [Part]
    package let source: EmbeddedText

    package init(parts: [Part], source: EmbeddedText) {
        self.parts = parts
        self.source = source
    }
}
