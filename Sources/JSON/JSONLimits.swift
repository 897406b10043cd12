/// What a document may be at most, so that no text from outside can exhaust stack or memory.
package struct JSONLimits: Sendable, Hashable {
    /// Arrays and objects inside one another. The parser recurses once a level, and 512 levels fit the stack of any thread.
    package var depth = 512
    /// Bytes of the whole text. Attachments do not travel as JSON; a batch of records stays far below.
    package var bytes = 16 << 20
    /// Characters of one number. Decimals have 38 digits at most; what is longer is an attack or a mistake.
    package var numberLength = 1_000

    package static let standard = JSONLimits()

    package init() {}
}
