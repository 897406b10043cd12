import SourceText

/// `sum count average min max median any all exists first last join`, over sets, lists and plain values.
extension ExpressionChecker {
    mutating func aggregate(
        _ form: SpecialForm, _ kind: Aggregate.Kind, _ name: SyntaxName, _ arguments: [SyntaxArgument], at range: Range<Int>,
        expecting expected: FormulaType?
    ) -> Typed {
        guard let first = arguments.first else { return failed(.wrongArity(function: form.name, usage: form.usage), at: name.range, whole: range) }
        for argument in arguments.dropFirst() where argument.hasClauses {
            return failed(.clauseWithoutSet, at: argument.range, whole: range)
        }
        if let (head, trailing) = setHead(of: first.value, hasClauses: first.hasClauses) {
            guard let set = resolve(head, at: first.value.range) else { return .error(at: range) }
            return overSet(form, kind, name, set, trailing, first, Array(arguments.dropFirst()), at: range)
        }
        if first.hasClauses {
            // A misspelt set is a wrong name before it is no set.
            let value = infer(first.value)
            return value.isError ? .error(at: range) : failed(.clauseWithoutSet, at: first.range, whole: range)
        }
        let values = arguments.map { infer($0.value, expecting: kind == .minimum || kind == .maximum ? expected : nil) }
        if values.contains(where: \.isError) { return .error(at: range) }
        if case .list(let element) = values[0].type {
            return overList(form, kind, name, values, element, at: range)
        }
        return overScalars(form, kind, name, values, at: range)
    }

    // MARK: Sets

    private mutating func overSet(
        _ form: SpecialForm, _ kind: Aggregate.Kind, _ name: SyntaxName, _ set: ResolvedSet, _ trailing: [SyntaxName],
        _ first: SyntaxArgument, _ rest: [SyntaxArgument], at range: Range<Int>
    ) -> Typed {
        var extra = rest.map(\.value)
        var separator: ExpressionNode?
        if kind == .join {
            guard let last = extra.popLast() else { return failed(.wrongArity(function: form.name, usage: form.usage), at: name.range, whole: range) }
            separator = coerce(infer(last), to: .text(.plain)).node
        }
        guard extra.count <= 1 else { return failed(.wrongArity(function: form.name, usage: form.usage), at: name.range, whole: range) }
        if let value = extra.first, !trailing.isEmpty {
            let hint = Words(
                zh: "要么写 `\(set.name).字段`，要么写 `\(set.name), 表达式`", en: "write either `\(set.name).FIELD` or `\(set.name), EXPRESSION`")
            return failed(.unexpectedValue(function: form.name, hint: hint), at: value.range, whole: range)
        }

        let row = push(set, alias: first.alias?.text)
        let condition = first.condition.map { self.condition($0) }
        let order = first.order.map { order in (key: infer(order.key), descending: order.descending) }
        var value: Typed?
        if !trailing.isEmpty {
            value = path(trailing, from: row, at: first.value.range)
        } else if let expression = extra.first {
            value = infer(expression)
        }
        let itself = record(.row(row), set.object, set.origins, at: first.value.range)
        rows.removeLast()

        if condition?.type == .error || order?.key.isError == true || value?.isError == true || separator?.type == .error {
            return .error(at: range)
        }
        if let key = order?.key {
            switch kind {
            case .first, .last, .join: break
            case .sum, .count, .countDistinct, .average, .minimum, .maximum, .median, .any, .all, .exists:
                return failed(.unusedOrder(function: form.name), at: key.range, whole: range)
            }
            guard isOrdered(key.type) else { return failed(.unordered(describe(key.type)), at: key.range, whole: range) }
        }
        let ordering = order.map { Aggregate.Order(key: $0.key.node, descending: $0.descending) }
        func aggregate(_ value: ExpressionNode?, _ type: FormulaType, blank: Bool, origins: [Origin] = []) -> Typed {
            let aggregate = Aggregate(
                kind: kind, set: set.set, row: row, value: value, condition: condition, order: ordering,
                arguments: separator.map { [$0] } ?? [])
            return Typed(.aggregate(aggregate), type, blank: blank, at: range, origins: origins)
        }
        switch kind {
        case .exists:
            guard value == nil else {
                let hint = Words(zh: "写 `exists(\(set.name) where 条件)`", en: "write `exists(\(set.name) where CONDITION)`")
                return failed(.unexpectedValue(function: form.name, hint: hint), at: value?.range ?? range, whole: range)
            }
            return aggregate(nil, .bool, blank: false)
        case .count: return aggregate(value?.node, .number, blank: false)
        case .first, .last:
            guard let value else { return aggregate(nil, itself.type, blank: true, origins: set.origins) }
            return aggregate(value.node, value.type, blank: true, origins: value.origins)
        case .join: return aggregate(asText(value ?? itself), .text(.plain), blank: true)
        case .sum, .countDistinct, .average, .minimum, .maximum, .median, .any, .all:
            guard let value else {
                if kind == .any { return failed(.missingCondition(function: form.name, set: set.name), at: first.range, whole: range) }
                return failed(.missingValue(function: form.name, set: set.name), at: first.range, whole: range)
            }
            guard let (node, type) = element(kind, value) else { return .error(at: range) }
            return aggregate(node, type, blank: resultMayBeBlank(kind))
        }
    }

    private func resultMayBeBlank(_ kind: Aggregate.Kind) -> Bool {
        switch kind {
        case .sum, .count, .countDistinct, .any, .all, .exists: false
        case .average, .minimum, .maximum, .median, .first, .last, .join: true
        }
    }

    private func isOrdered(_ type: FormulaType) -> Bool {
        switch type {
        case .number, .money, .percent, .text, .date, .datetime, .duration, .choice, .bool: true
        case .choices, .tags, .link, .list, .blank, .error: false
        }
    }

    /// What an aggregate takes of each value, and the type of its result; nil after saying that it cannot.
    private mutating func element(_ kind: Aggregate.Kind, _ value: Typed) -> (ExpressionNode, FormulaType)? {
        switch kind {
        case .sum, .average, .median:
            switch value.type {
            case .number, .money, .percent, .duration: return (value.node, value.type)
            case .text, .bool, .date, .datetime, .choice, .choices, .tags, .link, .list, .blank, .error: break
            }
            let hint: Words? =
                if case .bool = value.type { Words(zh: "数条数用 `count(… where 条件)`", en: "to count rows write `count(… where CONDITION)`") } else { nil }
            report(.mismatch(expected: describe(.number), found: describe(value.type), hint: hint), at: value.range)
            return nil
        case .minimum, .maximum:
            guard isOrdered(value.type), value.type != .bool else {
                report(.unordered(describe(value.type)), at: value.range)
                return nil
            }
            return (value.node, value.type)
        case .any, .all:
            let condition = asCondition(value)
            return condition.type == .error ? nil : (condition, .bool)
        case .countDistinct, .count: return (value.node, .number)
        case .exists: return (value.node, .bool)
        case .first, .last: return (value.node, value.type)
        case .join: return (asText(value), .text(.plain))
        }
    }

    // MARK: Lists and scalars

    private mutating func overList(
        _ form: SpecialForm, _ kind: Aggregate.Kind, _ name: SyntaxName, _ values: [Typed], _ element: FormulaType, at range: Range<Int>
    ) -> Typed {
        let allowed = kind == .join ? 2 : 1
        guard values.count == allowed else { return failed(.wrongArity(function: form.name, usage: form.usage), at: name.range, whole: range) }
        var separator: [ExpressionNode] = []
        if kind == .join {
            let text = coerce(values[1], to: .text(.plain))
            let elements = coerce(Typed(.literal(.blank), element, blank: true, at: values[0].range), to: .text(.plain))
            if text.isError || elements.isError { return .error(at: range) }
            separator = [text.node]
        }
        let probe = Typed(.literal(.blank), element, blank: true, at: values[0].range)
        guard let (_, type) = self.element(kind, probe) else { return .error(at: range) }
        let aggregate = Aggregate(
            kind: kind, set: .list(values[0].node), row: rows.count, value: nil, condition: nil, order: nil, arguments: separator)
        return Typed(.aggregate(aggregate), type, blank: resultMayBeBlank(kind), at: range)
    }

    private mutating func overScalars(
        _ form: SpecialForm, _ kind: Aggregate.Kind, _ name: SyntaxName, _ values: [Typed], at range: Range<Int>
    ) -> Typed {
        switch kind {
        case .sum, .average, .minimum, .maximum, .median, .count, .countDistinct:
            guard values.count > 1 else { return withoutSet(form, values[0], at: range) }
        case .any, .all, .exists, .first, .last, .join: return withoutSet(form, values[0], at: range)
        }
        func aggregate(_ values: [Typed], _ type: FormulaType, blank: Bool) -> Typed {
            let aggregate = Aggregate(
                kind: kind, set: .scalars(values.map(\.node)), row: rows.count, value: nil, condition: nil, order: nil)
            return Typed(.aggregate(aggregate), type, blank: blank, at: range, isBareNumber: type == .number && values.allSatisfy(\.isBareNumber))
        }
        if kind == .count { return aggregate(values, .number, blank: false) }
        let (unified, type) = unify(values)
        if type == .error { return .error(at: range) }
        let known = unified.first { $0.type != .blank } ?? unified[0].retyped(.number)
        guard let (_, result) = element(kind, known) else { return .error(at: range) }
        return aggregate(unified, result, blank: resultMayBeBlank(kind) && unified.allSatisfy(\.node.mayBeBlank))
    }

    private mutating func withoutSet(_ form: SpecialForm, _ value: Typed, at range: Range<Int>) -> Typed {
        if case .field(let id, of: _) = value.node.form {
            let name = schema.objects[id.object.index].fields[id.index].name
            // A link called like an object: nobody can tell which was meant.
            if case .link = value.type, names.object(named: name) != nil {
                return failed(.objectOrMember(name, isLink: true), at: value.range, whole: range)
            }
        }
        return failed(.aggregateWithoutSet(function: form.name), at: value.range, whole: range)
    }
}
