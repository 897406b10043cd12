package import SourceText

/// Why a formula cannot be put to the database: it can then be shown, but not filtered or sorted by.
package struct NotLowerable: Error, Sendable, Hashable {
    package let reason: Words
    /// The part of the formula, as UTF-8 offsets.
    package let range: Range<Int>

    /// The reason where it is nested deeper, or longer, than a database takes.
    package static let tooLong = Words(zh: "公式太长，不能用于筛选", en: "the formula is too long to filter by")

    init(_ reason: Words, _ range: Range<Int>) {
        self.reason = reason
        self.range = range
    }
}
