package import SourceText

/// Why a formula cannot be put to the database: it can then be shown, but not filtered or sorted by.
package struct NotLowerable: Error, Sendable, Hashable {
    package let reason: Words
    /// The part of the formula, as UTF-8 offsets.
    package let range: Range<Int>

    init(_ reason: Words, _ range: Range<Int>) {
        self.reason = reason
        self.range = range
    }
}
