/// The bounds of one formula. They stand far above what a person writes, and keep every pass over a formula short.
package enum FormulaLimits {
    /// UTF-8 bytes of text. A longer one is generated, and belongs into data.
    package static let bytes = 64 * 1024
    /// Nodes of the syntax tree.
    package static let nodes = 2_000
    /// Brackets, calls and signs inside each other; a chain of one left-associative operator is one level.
    package static let depth = 64
    /// Links and collections in one path.
    package static let hops = 10
}
