/// `body`, the message that came in or the answer that was given: its parts are texts.
extension ExpressionChecker {
    /// The names that lead from `body` to what `node` says; nil if it says something else, or `body` is not known here.
    func bodyPath(_ node: SyntaxNode) -> [String]? {
        guard scope.allowsBody else { return nil }
        switch node.form {
        case .subject(.body): return []
        case .member(let base, let name): return bodyPath(base).map { $0 + [name.text] }
        default: return nil
        }
    }

    /// A part of the message, which has a variable slot of its own.
    mutating func readBody(_ path: [String], at range: Range<Int>) -> Typed {
        let known = bodyReads.first { $0.path == path }
        let read = known ?? BodyRead(slot: variableCount, path: path)
        if known == nil {
            bodyReads.append(read)
            variableCount += 1
        }
        return Typed(.variable(read.slot), .text(.plain), blank: true, at: range, origins: [.elsewhere])
    }
}
