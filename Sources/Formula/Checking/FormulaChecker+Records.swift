package import SourceText

extension FormulaChecker {
    /// Checks a formula that gives records: a link, a link to many, or a set with its conditions (`tasks where not done`, `users in role
    /// manager`).
    ///
    /// - Parameter wanted: Records of these objects only; nil takes any.
    /// - Returns: An expression whose value is blank, a link, links or a list of links; nil if anything was wrong, which is in `found`.
    package func checkedRecords(_ text: EmbeddedText, in scope: FormulaScope, of wanted: [ObjectID]? = nil) -> (expression: CheckedExpression?, found: [Diagnostic]) {
        let (argument, mistakes) = Parser.records(text.text)
        return finish(text, scope, mistakes) { checker in checker.records(argument, of: wanted).node }
    }
}

extension ExpressionChecker {
    mutating func records(_ argument: SyntaxArgument, of wanted: [ObjectID]?) -> Typed {
        let value: Typed
        if let (head, trailing) = setHead(of: argument.value, hasClauses: argument.hasClauses) {
            value = rows(of: head, trailing, argument)
        } else if argument.hasClauses {
            let set = infer(argument.value)
            return set.isError ? set : failed(.clauseWithoutSet, at: argument.range)
        } else {
            value = infer(argument.value)
        }
        if value.isError { return value }
        let type = if case .list(let element) = value.type { element } else { value.type }
        let objects = type.linkedObjects
        guard !objects.isEmpty, wanted.map({ wanted in objects.allSatisfy(wanted.contains) }) ?? true else {
            let expected = wanted.flatMap { $0.count == 1 ? describe(.link($0)) : nil } ?? Words(zh: "记录", en: "records")
            return failed(.mismatch(expected: expected, found: describe(value.type), hint: nil), at: argument.range)
        }
        return value
    }

    /// The records of a set, or those to which the names behind it lead.
    private mutating func rows(of head: SetHead, _ trailing: [SyntaxName], _ argument: SyntaxArgument) -> Typed {
        guard let set = resolve(head, at: argument.value.range) else { return .error(at: argument.range) }
        let row = push(set, alias: argument.alias?.text)
        let condition = argument.condition.map { self.condition($0) }
        let order = argument.order.map { order in (key: infer(order.key), descending: order.descending) }
        let value = trailing.isEmpty ? record(.row(row), set.object, set.origins, at: argument.value.range) : path(trailing, from: row, at: argument.value.range)
        rows.removeLast()
        if condition?.type == .error || order?.key.isError == true || value.isError { return .error(at: argument.range) }
        let aggregate = Aggregate(
            kind: .list, set: set.set, row: row, value: value.node, condition: condition,
            order: order.map { Aggregate.Order(key: $0.key.node, descending: $0.descending) })
        return Typed(.aggregate(aggregate), .list(value.type), blank: false, at: argument.range)
    }
}
