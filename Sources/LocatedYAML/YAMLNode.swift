package import SourceText

/// A node of an author's YAML, with the place where it stands.
///
/// Spans are half-open UTF-8 ranges; a block collection ends where its last child ends. Order is the author's.
package struct YAMLNode: Sendable, Hashable {
    package let span: Span
    package let content: Content

    package enum Content: Sendable, Hashable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
    }

    package init(span: Span, content: Content) {
        self.span = span
        self.content = content
    }
}

/// One `key: value` of a mapping. Keys are text, NFC-normalised, unique within their mapping.
package struct YAMLEntry: Sendable, Hashable {
    package let key: Located<String>
    package let value: YAMLNode

    package init(key: Located<String>, value: YAMLNode) {
        self.key = key
        self.value = value
    }
}

/// A scalar as text. What it means follows from the position in which it stands, never from its spelling.
package struct YAMLScalar: Sendable, Hashable {
    package enum Style: Sendable, Hashable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    /// The text with quoting, folding and indentation undone, each byte knowing its place in the file.
    package let embedded: EmbeddedText
    package let style: Style

    package var text: String { embedded.text }

    /// `key:` with nothing behind it, or a plain `~` or `null`: "no value", except where a text is wanted.
    package var isNoValue: Bool {
        style == .plain && (text.isEmpty || text == "~" || text == "null" || text == "Null" || text == "NULL")
    }

    package init(embedded: EmbeddedText, style: Style) {
        self.embedded = embedded
        self.style = style
    }
}
