/// Which file of a `SourceSet` a span lies in: its position in `SourceSet.files`.
package struct SourceFileID: Sendable, Hashable {
    package let index: Int32

    package init(index: Int32) {
        self.index = index
    }
}

/// A half-open range of UTF-8 bytes in one source file.
package struct Span: Sendable, Hashable {
    package let file: SourceFileID
    /// Byte offset of the first byte, from 0.
    package let start: Int32
    /// Byte offset just past the last byte; at least `start`.
    package let end: Int32

    package init(file: SourceFileID, start: Int32, end: Int32) {
        precondition(start >= 0 && end >= start, "a span runs forwards")
        self.file = file
        self.start = start
        self.end = end
    }

    /// The span from the beginning of this one to the end of `other`, in the same file.
    package func joined(with other: Span) -> Span {
        guard other.file == file else { return self }
        return Span(file: file, start: min(start, other.start), end: max(end, other.end))
    }
}

/// A value together with the place in the author's text that says it.
package struct Located<Value> {
    package var value: Value
    package var span: Span

    package init(_ value: Value, at span: Span) {
        self.value = value
        self.span = span
    }

    package func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Located<Other> {
        Located<Other>(try transform(value), at: span)
    }
}

extension Located: Sendable where Value: Sendable {}
extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
