@testable import Formula

/// The parser as tests see it.
enum SyntaxProbe {
    /// The tree, and the mistakes as `code at 'text'`.
    static func parse(_ text: String) -> (root: SyntaxNode, mistakes: [String]) {
        let (root, mistakes) = Parser.formula(text)
        let utf8 = Array(text.utf8)
        return (root, mistakes.map { "\($0.issue.code) at '\(String(decoding: utf8[$0.range], as: UTF8.self))'" })
    }

    /// Whether every range of the tree and of the mistakes lies inside the text and runs forwards.
    static func rangesLieInside(_ text: String) -> Bool {
        let (root, mistakes) = Parser.formula(text)
        let whole = 0..<text.utf8.count
        func inside(_ range: Range<Int>) -> Bool { whole.lowerBound <= range.lowerBound && range.upperBound <= whole.upperBound }
        return inside(root.range) && mistakes.allSatisfy { inside($0.range) }
    }
}
