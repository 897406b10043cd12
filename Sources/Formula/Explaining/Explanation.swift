package import SourceText

/// How a formula came to its value for one record: a tree along the formula as its author wrote it.
///
/// Branches that were not taken, and parts that are the same for every record, are left out. What a part says is what it gave when it was
/// evaluated by itself, so the tree can never tell another story than the evaluator.
package struct Explanation: Sendable, Hashable {
    /// The part of the formula, as written.
    package let text: String
    /// Half-open UTF-8 range of `text` in the formula.
    package let range: Range<Int>
    package let value: Value
    package let type: FormulaType
    /// Why it is so, where that is not plain from the parts: a blank that counts as 0, the branch that was taken, the words of an error.
    package let note: Words?
    /// The field that was read, if the part is one: it may have a formula of its own.
    package let field: FieldID?
    /// The record from which `field` was read; nil if there is none.
    package let record: RecordID?
    /// What an aggregate looked at; nil for all else.
    package let rows: Rows?
    /// Whether it stands for several conditions that did not hold, which are its parts: one line where there is little room.
    package let isFolded: Bool
    package let parts: [Explanation]

    /// The rows of a set.
    package struct Rows: Sendable, Hashable {
        /// Those for which the condition holds and nothing failed.
        package let count: Int
        /// Those that failed and were left out.
        package let leftOut: Int
        /// What was taken of the first of them, at most `shown`.
        package let values: [Value]
        package let valueType: FormulaType

        package static let shown = 20
    }

    /// - Throws: Only what the frame's source throws.
    package init(of expression: CheckedExpression, in frame: Frame) throws {
        var frame = frame
        let missing = expression.variableCount - frame.inputs.count
        if missing > 0 { frame.inputs += repeatElement(.blank, count: missing) }
        let source = expression.source.text
        self = try Explainer(text: Array(source.utf8), variableCount: expression.variableCount, expression: expression)
            .explain(expression.root, frame)
    }

    init(
        text: String, range: Range<Int>, value: Value, type: FormulaType, note: Words? = nil, field: FieldID? = nil, record: RecordID? = nil,
        rows: Rows? = nil, isFolded: Bool = false, parts: [Explanation] = []
    ) {
        self.text = text
        self.range = range
        self.value = value
        self.type = type
        self.note = note
        self.field = field
        self.record = record
        self.rows = rows
        self.isFolded = isFolded
        self.parts = parts
    }

    func noting(_ words: Words) -> Explanation {
        Explanation(
            text: text, range: range, value: value, type: type, note: words, field: field, record: record, rows: rows, isFolded: isFolded,
            parts: parts)
    }

    /// The records that stand in it as values, and those that fields were read from.
    package var records: Set<RecordID> {
        var found: Set<RecordID> = []
        if let record { found.insert(record) }
        for value in [value] + (rows?.values ?? []) { if case .link(let id) = value { found.insert(id) } }
        for part in parts { found.formUnion(part.records) }
        return found
    }

    /// Whether something failed here, and not only in a part.
    package var isOrigin: Bool {
        guard case .failure = value else { return false }
        return !parts.contains { if case .failure = $0.value { true } else { false } }
    }
}

/// Evaluates a formula part by part.
private struct Explainer {
    let text: [UInt8]
    let variableCount: Int
    let expression: CheckedExpression

    func explain(_ node: ExpressionNode, _ frame: Frame) throws -> Explanation {
        switch node.form {
        case .literal(let value):
            return leaf(node, value)
        case .field(let field, let reference):
            let row = row(reference, frame)
            let value = try value(node, frame)
            return leaf(node, value, note: row == nil ? ExplanationWords.noRecord : blankNote(value), field: field, record: row?.id)
        case .record, .variable:
            let value = try value(node, frame)
            return leaf(node, value, note: blankNote(value))
        case .follow(let link, let field):
            let from = try explain(link, frame)
            let value = try value(node, frame)
            guard case .link(let record) = from.value else { return leaf(node, value, note: ExplanationWords.noLink, field: field) }
            return leaf(node, value, note: blankNote(value), field: field, record: record)
        case .bind(let slot, let bound, let body):
            let named = try explain(bound, frame)
            var inner = frame
            if slot < inner.inputs.count { inner.inputs[slot] = named.value }
            return branch(node, try value(node, frame), [named, try explain(body, inner)])
        case .convert(let conversion, let operand):
            let inner = try explain(operand, frame)
            switch conversion {
            case .blankAsZero: return inner.value.isBlank ? inner.noting(ExplanationWords.asZero) : inner
            case .blankAsFalse: return inner.value.isBlank ? inner.noting(ExplanationWords.asFalse) : inner
            case .toText: return inner
            case .startOfDay: return inner
            case .round(let decimals):
                let value = try value(node, frame)
                return value == inner.value ? inner : branch(node, value, [inner], note: ExplanationWords.rounded(decimals))
            }
        case .conditional(let branches, let otherwise):
            var unheld: [Explanation] = []
            for (position, choice) in branches.enumerated() {
                let condition = try explain(choice.condition, frame)
                let isShown = choice.condition.isWorthShowing
                if case .failure = condition.value { return branch(node, condition.value, folded(unheld) + [condition]) }
                guard condition.value == .bool(true) else {
                    if isShown { unheld.append(condition) }
                    continue
                }
                let chosen = choice.value.isWorthShowing ? [try explain(choice.value, frame)] : []
                return branch(
                    node, try value(node, frame), folded(unheld) + (isShown ? [condition] : []) + chosen,
                    note: ExplanationWords.taken(position + 1, of: branches.count))
            }
            let chosen = otherwise.isWorthShowing ? [try explain(otherwise, frame)] : []
            return branch(node, try value(node, frame), folded(unheld) + chosen, note: ExplanationWords.otherwise)
        case .and(let operands), .or(let operands):
            let stopsAt: Bool = if case .or = node.form { true } else { false }
            var seen: [Explanation] = []
            for operand in operands {
                let part = try explain(operand, frame)
                if operand.isWorthShowing { seen.append(part) }
                if case .failure = part.value { break }
                if (part.value == .bool(true)) == stopsAt { break }
            }
            return branch(node, try value(node, frame), seen)
        case .coalesce(let nodes):
            var seen: [Explanation] = []
            for part in nodes {
                let explained = try explain(part, frame)
                if part.isWorthShowing { seen.append(explained) }
                if !explained.value.isBlank { break }
            }
            return branch(node, try value(node, frame), seen, note: ExplanationWords.firstFilled)
        case .ifError(let node_, let instead):
            let tried = try explain(node_, frame)
            guard case .failure = tried.value else { return branch(node, tried.value, [tried]) }
            return branch(node, try value(node, frame), [tried, try explain(instead, frame)], note: ExplanationWords.insteadOfError)
        case .aggregate(let aggregate):
            return try self.aggregate(aggregate, node, frame)
        case .arithmetic(let operation, _, _):
            // A chain of sums, or of products, as its author sees it: one level.
            var parts: [ExpressionNode] = []
            var first = node
            while case .arithmetic(let other, let left, let right) = first.form, operation.isSum == other.isSum {
                parts.append(right)
                first = left
            }
            parts.append(first)
            return try over(node, parts.reversed(), frame)
        case .negate(let operand), .not(let operand), .isBlank(let operand), .isValid(let operand, _), .isObject(let operand, _),
            .isError(let operand):
            return try over(node, [operand], frame)
        case .timeArithmetic(_, let left, let right), .compare(_, let left, let right), .member(let left, let right),
            .contains(let left, let right):
            return try over(node, [left, right], frame)
        case .concatenate(let nodes), .call(_, let nodes): return try over(node, nodes, frame)
        case .oneOf(let needle, let nodes): return try over(node, [needle] + nodes, frame)
        }
    }

    /// So many conditions that did not hold are told one by one.
    private static let fewConditions = 2

    /// Many conditions that did not hold, as one.
    private func folded(_ conditions: [Explanation]) -> [Explanation] {
        guard conditions.count > Self.fewConditions, let first = conditions.first, let last = conditions.last else { return conditions }
        return [
            Explanation(
                text: conditions.map(\.text).joined(separator: ", "), range: first.range.lowerBound..<max(first.range.upperBound, last.range.upperBound),
                value: .bool(false), type: .bool, note: ExplanationWords.noneHolds(conditions.count), isFolded: true, parts: conditions)
        ]
    }

    private func over(_ node: ExpressionNode, _ operands: [ExpressionNode], _ frame: Frame) throws -> Explanation {
        let parts = try operands.filter(\.isWorthShowing).map { try explain($0, frame) }
        return branch(node, try value(node, frame), parts)
    }

    private func aggregate(_ aggregate: Aggregate, _ node: ExpressionNode, _ frame: Frame) throws -> Explanation {
        let result = try result(node, frame)
        switch aggregate.set {
        case .list(let list): return branch(node, result.value, [try explain(list, frame)])
        case .scalars(let nodes):
            return branch(node, result.value, try nodes.filter(\.isWorthShowing).map { try explain($0, frame) })
        case .children, .all, .users, .linked: break
        }
        // The same rows and condition, the values as they are: what was looked at.
        let seen = Aggregate(
            kind: .list, set: aggregate.set, row: aggregate.row, value: aggregate.value, condition: aggregate.condition, order: aggregate.order)
        let list = ExpressionNode(.aggregate(seen), type: .list(aggregate.value?.type ?? node.type), mayBeBlank: false, range: node.range)
        let all = try self.result(list, frame)
        guard case .list(let values) = all.value else { return branch(node, result.value, []) }
        let rows = Explanation.Rows(
            count: values.count, leftOut: all.rowsLeftOut, values: Array(values.prefix(Explanation.Rows.shown)),
            valueType: aggregate.value?.type ?? node.type)
        return Explanation(
            text: slice(node.range), range: node.range, value: result.value, type: node.type,
            note: all.rowsLeftOut > 0 ? ExplanationWords.rowsLeftOut(all.rowsLeftOut) : failureNote(result.value), rows: rows)
    }

    // MARK: Values

    private func result(_ node: ExpressionNode, _ frame: Frame) throws -> Evaluator.Result {
        let part = CheckedExpression(root: node, source: expression.source, reads: expression.reads, variableCount: variableCount)
        return try Evaluator(part).result(in: frame)
    }

    private func value(_ node: ExpressionNode, _ frame: Frame) throws -> Value { try result(node, frame).value }

    private func row(_ reference: RowReference, _ frame: Frame) -> Row? {
        switch reference {
        case .this: frame.this
        case .old: frame.old
        case .me: frame.me
        case .candidate: frame.candidate
        case .row: nil
        }
    }

    // MARK: Parts

    private func leaf(
        _ node: ExpressionNode, _ value: Value, note: Words? = nil, field: FieldID? = nil, record: RecordID? = nil
    ) -> Explanation {
        Explanation(
            text: slice(node.range), range: node.range, value: value, type: node.type, note: note ?? failureNote(value), field: field,
            record: record)
    }

    private func branch(_ node: ExpressionNode, _ value: Value, _ parts: [Explanation], note: Words? = nil) -> Explanation {
        let isPassedOn = parts.contains { $0.value == value }
        return Explanation(
            text: slice(node.range), range: node.range, value: value, type: node.type,
            note: isFailure(value) ? (isPassedOn ? nil : failureNote(value)) : note, parts: parts)
    }

    private func isFailure(_ value: Value) -> Bool { if case .failure = value { true } else { false } }
    private func blankNote(_ value: Value) -> Words? { value.isBlank ? ExplanationWords.blank : failureNote(value) }

    private func failureNote(_ value: Value) -> Words? {
        guard case .failure(let failure) = value else { return nil }
        return failure.words
    }

    private func slice(_ range: Range<Int>) -> String {
        let bounds = range.clamped(to: 0..<text.count)
        return String(decoding: text[bounds], as: UTF8.self)
    }
}

extension ExpressionNode {
    /// Whether it can differ from record to record.
    fileprivate var isWorthShowing: Bool {
        switch form {
        case .literal(.failure): true
        case .literal: false
        case .convert(_, let operand), .negate(let operand): operand.isWorthShowing
        case .field, .record, .follow, .variable, .bind, .arithmetic, .timeArithmetic, .concatenate, .compare, .and, .or, .not, .isBlank, .isValid,
            .oneOf, .member, .isObject, .contains, .conditional, .coalesce, .ifError, .isError, .call, .aggregate:
            true
        }
    }
}

extension ArithmeticOperator {
    fileprivate var isSum: Bool { self == .add || self == .subtract }
}
