// Bytes come in, a document goes out, and back again. What is always true: a document that was parsed is written as the same
// numbers digit by digit and the same members in the same order; no name occurs twice in a parsed object.

/// A JSON document in memory (RFC 8259). Numbers keep the digits in which they were written and never pass through `Double`;
/// objects keep their order.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// The number's own spelling, such as `12.50` or `1e3`.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    package struct Member: Sendable, Hashable {
        package let name: String
        package let value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }
}
