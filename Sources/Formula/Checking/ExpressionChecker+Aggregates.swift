import SourceText

/// Aggregates: one value of sets, lists and plain values.
extension ExpressionChecker {
    mutating func aggregate(
        _ form: SpecialForm, _ kind: Aggregate.Kind, _ name: SyntaxName, _ arguments: [SyntaxArgument], at range: Range<Int>,
        expecting expected: FormulaType?
    ) -> Typed {
        if let group = scope.group, rows.isEmpty, let ofGroup = overGroup(form, kind, name, group, arguments, at: range) { return ofGroup }
        guard let first = arguments.first, !first.isOfGroup else { return failed(.wrongArity(function: form.name, usage: form.usage), at: name.range, whole: range) }
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
        return overValues(form, kind, name, values, at: range)
    }

    // MARK: The group of a report

    /// An aggregate that names no set is over the rows of the group: `count()`, `count(where late)`, `median(amount)`, `join(name, ', ')`.
    ///
    /// - Returns: Nil where it names a set of its own, or is of several plain values.
    private mutating func overGroup(
        _ form: SpecialForm, _ kind: Aggregate.Kind, _ name: SyntaxName, _ group: ObjectID, _ arguments: [SyntaxArgument], at range: Range<Int>
    ) -> Typed? {
        let isImplied = arguments.first?.isOfGroup ?? true
        if let first = arguments.first, !isImplied {
            // `max(sum(a), 0)` is of plain values.
            guard first.hasClauses || arguments.count == (kind == .join ? 2 : 1) else { return nil }
            rows.append(RowContext(alias: nil, object: group, origins: [.everywhere]))
            let head = setHead(of: first.value, hasClauses: false)?.head
            rows.removeLast()
            switch head {
            case .object, .users: return nil
            case .children, .linked, .ambiguous, nil: break
            }
        }
        for argument in arguments.dropFirst() where argument.hasClauses {
            return failed(.clauseWithoutSet, at: argument.range, whole: range)
        }
        let values = isImplied ? Array(arguments.dropFirst()) : arguments
        let takesRows: Bool
        switch kind {
        case .count: takesRows = form == .count
        case .exists, .first, .last: takesRows = true
        case .join: takesRows = values.count == 2
        case .sequence: return failed(.wrongArity(function: form.name, usage: form.usage), at: name.range, whole: range)
        case .sum, .countBlank, .countDistinct, .average, .minimum, .maximum, .median, .product, .deviation, .populationDeviation, .variance,
            .populationVariance, .any, .all, .list:
            takesRows = false
        }
        guard takesRows || !values.isEmpty else { return failed(.wrongArity(function: form.name, usage: form.usage), at: name.range, whole: range) }
        let rowsOfGroup = ExpressionNode(.variable(scope.inputs.count - 1), type: .links([group]), mayBeBlank: true, range: name.range)
        let set = ResolvedSet(set: .linked(rowsOfGroup), object: group, origins: [.everywhere], name: schema.objects[group.index].name)
        let first = arguments.first ?? SyntaxArgument(
            value: SyntaxNode(.blank, at: range.upperBound..<range.upperBound), alias: nil, condition: nil, order: nil, range: range, isOfGroup: true)
        return overSet(form, kind, name, set, [], first, values, at: range)
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
        if kind == .sequence { return sequence(form, name, set, trailing, first, extra, at: range) }
        guard extra.count <= 1 else { return failed(.wrongArity(function: form.name, usage: form.usage), at: name.range, whole: range) }
        if let value = extra.first, !trailing.isEmpty {
            let hint = Words(
                zh: "要么写 `\(set.name).字段`，要么写 `\(set.name), 表达式`", en: "write either `\(set.name).FIELD` or `\(set.name), EXPRESSION`")
            return failed(.unexpectedValue(function: form.name, hint: hint), at: value.range, whole: range)
        }

        let row = push(set, alias: first.alias?.text)
        let condition = first.condition.map { self.condition($0) }
        // `sum(activities where about is lead, about.score)`
        let outerNarrowing = narrowing
        if let condition { narrowing.merge(facts(of: condition, holds: true)) { known, new in known.filter(new.contains) } }
        defer { narrowing = outerNarrowing }
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
            case .first, .last, .join, .sequence: break
            case .sum, .count, .countBlank, .countDistinct, .average, .minimum, .maximum, .median, .product, .deviation, .populationDeviation,
                .variance, .populationVariance, .any, .all, .exists, .list:
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
        case .sequence: preconditionFailure("a sequence is checked by itself")
        case .sum, .countBlank, .countDistinct, .average, .minimum, .maximum, .median, .product, .deviation, .populationDeviation, .variance,
            .populationVariance, .any, .all, .list:
            guard let value else {
                if kind == .any { return failed(.missingCondition(function: form.name, set: set.name), at: first.range, whole: range) }
                return failed(.missingValue(function: form.name, set: set.name), at: first.range, whole: range)
            }
            guard let (node, type) = element(kind, value) else { return .error(at: range) }
            return aggregate(node, type, blank: resultMayBeBlank(kind))
        }
    }

    /// `sequence(activities.kind by at, 7 days, 'viewed', 'ordered')`
    private mutating func sequence(
        _ form: SpecialForm, _ name: SyntaxName, _ set: ResolvedSet, _ trailing: [SyntaxName], _ first: SyntaxArgument, _ rest: [SyntaxNode],
        at range: Range<Int>
    ) -> Typed {
        guard rest.count >= 2, !trailing.isEmpty, let order = first.order else {
            return failed(.wrongArity(function: form.name, usage: form.usage), at: name.range, whole: range)
        }
        let within = coerce(infer(rest[0]), to: .duration)
        let row = push(set, alias: first.alias?.text)
        let condition = first.condition.map { self.condition($0) }
        let key = infer(order.key)
        let event = path(trailing, from: row, at: first.value.range)
        rows.removeLast()
        if within.isError || condition?.type == .error || key.isError || event.isError { return .error(at: range) }
        guard key.type == .date || key.type == .datetime else {
            let expected = Words(zh: "日期或时刻", en: "a date or a datetime")
            return failed(.mismatch(expected: expected, found: describe(key.type), hint: nil), at: key.range, whole: range)
        }
        let isEvent = if case .text = event.type { true } else if case .choice = event.type { true } else { false }
        guard isEvent else {
            let expected = Words(zh: "文本或选项", en: "a text or an option")
            return failed(.mismatch(expected: expected, found: describe(event.type), hint: nil), at: event.range, whole: range)
        }
        let steps = rest.dropFirst().map { coerce(infer($0, expecting: event.type), to: event.type) }
        if steps.contains(where: \.isError) { return .error(at: range) }
        let aggregate = Aggregate(
            kind: .sequence, set: set.set, row: row, value: event.node, condition: condition,
            order: Aggregate.Order(key: key.node, descending: order.descending), arguments: [within.node] + steps.map(\.node))
        return Typed(.aggregate(aggregate), .bool, blank: false, at: range)
    }

    /// The values of a set's rows as a list, for a function that takes lists: `xirr(payments.amount by paid, …)`.
    mutating func list(of head: SetHead, _ trailing: [SyntaxName], _ argument: SyntaxArgument) -> Typed {
        guard let set = resolve(head, at: argument.value.range) else { return .error(at: argument.range) }
        guard !trailing.isEmpty else { return failed(.missingValue(function: "…", set: set.name), at: argument.range) }
        let row = push(set, alias: argument.alias?.text)
        let condition = argument.condition.map { self.condition($0) }
        let order = argument.order.map { order in (key: infer(order.key), descending: order.descending) }
        let value = path(trailing, from: row, at: argument.value.range)
        rows.removeLast()
        if condition?.type == .error || order?.key.isError == true || value.isError { return .error(at: argument.range) }
        if let key = order?.key, !isOrdered(key.type) { return failed(.unordered(describe(key.type)), at: key.range, whole: argument.range) }
        let aggregate = Aggregate(
            kind: .list, set: set.set, row: row, value: value.node, condition: condition,
            order: order.map { Aggregate.Order(key: $0.key.node, descending: $0.descending) })
        return Typed(.aggregate(aggregate), .list(value.type), blank: false, at: argument.range)
    }

    private func resultMayBeBlank(_ kind: Aggregate.Kind) -> Bool {
        switch kind {
        case .sum, .count, .countBlank, .countDistinct, .any, .all, .exists, .sequence, .list: false
        case .average, .minimum, .maximum, .median, .product, .deviation, .populationDeviation, .variance, .populationVariance, .first, .last,
            .join:
            true
        }
    }

    private func isOrdered(_ type: FormulaType) -> Bool {
        switch type {
        case .number, .money, .percent, .text, .date, .datetime, .duration, .choice, .bool: true
        case .choices, .tags, .location, .link, .links, .list, .blank, .error: false
        }
    }

    /// What an aggregate takes of each value, and the type of its result; nil after saying that it cannot.
    private mutating func element(_ kind: Aggregate.Kind, _ value: Typed) -> (ExpressionNode, FormulaType)? {
        switch kind {
        case .sum, .average, .median, .deviation, .populationDeviation:
            switch value.type {
            case .number, .money, .percent, .duration: return (value.node, value.type)
            case .text, .bool, .date, .datetime, .choice, .choices, .tags, .location, .link, .links, .list, .blank, .error: break
            }
            let hint: Words? =
                if case .bool = value.type { Words(zh: "数条数用 `count(… where 条件)`", en: "to count rows write `count(… where CONDITION)`") } else { nil }
            report(.mismatch(expected: describe(.number), found: describe(value.type), hint: hint), at: value.range)
            return nil
        case .product, .variance, .populationVariance:
            switch value.type {
            case .number, .percent: return (value.node, .number)
            case .money where kind != .product: return (value.node, .number)
            case .money, .text, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .location, .link, .links, .list, .blank, .error: break
            }
            report(.mismatch(expected: describe(.number), found: describe(value.type), hint: nil), at: value.range)
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
        case .countDistinct, .count, .countBlank: return (value.node, .number)
        case .exists, .sequence: return (value.node, .bool)
        case .first, .last, .list: return (value.node, value.type)
        case .join: return (asText(value), .text(.plain))
        }
    }

    // MARK: Lists and scalars

    private mutating func overValues(
        _ form: SpecialForm, _ kind: Aggregate.Kind, _ name: SyntaxName, _ values: [Typed], at range: Range<Int>
    ) -> Typed {
        var values = values
        var separator: [ExpressionNode] = []
        switch kind {
        case .join:
            guard case .list(let element) = values[0].type else { return withoutSet(form, values[0], at: range) }
            guard values.count == 2 else { return failed(.wrongArity(function: form.name, usage: form.usage), at: name.range, whole: range) }
            let text = coerce(values[1], to: .text(.plain))
            let elements = coerce(Typed(.literal(.blank), element, blank: true, at: values[0].range), to: .text(.plain))
            if text.isError || elements.isError { return .error(at: range) }
            separator = [text.node]
            values.removeLast()
        case .sequence: return withoutSet(form, values[0], at: range)
        case .any, .all, .exists, .first, .last, .list:
            guard case .list = values[0].type else { return withoutSet(form, values[0], at: range) }
            guard values.count == 1 else { return failed(.wrongArity(function: form.name, usage: form.usage), at: name.range, whole: range) }
        case .sum, .count, .countBlank, .countDistinct, .average, .minimum, .maximum, .median, .product, .deviation, .populationDeviation,
            .variance, .populationVariance:
            // A field alone is a set that was forgotten, and not one number to sum up.
            if values.count == 1, isFieldAlone(values[0]) { return withoutSet(form, values[0], at: range) }
        }
        if form == .count {
            guard let counted = countable(values, at: range) else { return .error(at: range) }
            if counted.isEmpty { return Typed(literal: .number(.zero), type: .number, at: range) }
            values = counted
        }
        return aggregate(kind, of: values, separator, at: range)
    }

    /// One value of plain values and lists, taken together.
    private mutating func aggregate(_ kind: Aggregate.Kind, of values: [Typed], _ arguments: [ExpressionNode], at range: Range<Int>) -> Typed {
        func aggregate(_ nodes: [ExpressionNode], _ type: FormulaType, blank: Bool, isBare: Bool = false) -> Typed {
            var set = RowSet.scalars(nodes)
            if nodes.count == 1, case .list = nodes[0].type { set = .list(nodes[0]) }
            let aggregate = Aggregate(kind: kind, set: set, row: rows.count, value: nil, condition: nil, order: nil, arguments: arguments)
            return Typed(.aggregate(aggregate), type, blank: blank, at: range, isBareNumber: isBare)
        }
        if kind == .count || kind == .countBlank { return aggregate(values.map(\.node), .number, blank: false) }
        // A list stands among the others as one of its elements.
        let probes = values.map { value -> Typed in
            guard case .list = value.type else { return value }
            return Typed(.literal(.blank), value.type.leaf, blank: true, at: value.range)
        }
        let (unified, type) = unify(probes)
        if type == .error { return .error(at: range) }
        let known = unified.first { $0.type != .blank } ?? unified[0].retyped(.number)
        guard let (_, result) = element(kind, known) else { return .error(at: range) }
        let nodes = zip(values, unified).map { value, unified in
            if case .list = value.type { value.node } else { unified.node }
        }
        return aggregate(
            nodes, result, blank: resultMayBeBlank(kind) && (isOfSample(kind) || unified.allSatisfy(\.node.mayBeBlank)),
            isBare: result == .number && probes.allSatisfy(\.isBareNumber))
    }

    /// Whether one value is not enough for a result.
    private func isOfSample(_ kind: Aggregate.Kind) -> Bool {
        kind == .deviation || kind == .variance
    }

    private func isFieldAlone(_ value: Typed) -> Bool {
        switch value.node.form {
        case .field, .follow: true
        case .literal, .record, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not, .isBlank,
            .isValid, .oneOf, .member, .isObject, .contains, .conditional, .coalesce, .ifError, .isError, .call, .aggregate, .convert:
            false
        }
    }

    /// What `count` counts of plain values and lists: as in spreadsheets, numbers and times, and texts only where one is written as a
    /// number. A field of text is refused, since it would never count; nil after saying so.
    private mutating func countable(_ values: [Typed], at range: Range<Int>) -> [Typed]? {
        var counted: [Typed] = []
        for value in values {
            guard case .text = value.type.leaf else {
                counted.append(value)
                continue
            }
            if isFieldAlone(value) {
                let hint = Words(zh: "数有内容的值用 `counta(…)`", en: "to count values that are filled in, use `counta(…)`")
                report(.mismatch(expected: describe(.number), found: describe(value.type), hint: hint), at: value.range)
                return nil
            }
            if let text = value.text, ExactDecimal(text) != nil { counted.append(value) }
        }
        return counted
    }

    private mutating func withoutSet(_ form: SpecialForm, _ value: Typed, at range: Range<Int>) -> Typed {
        if case .field(let id, of: _) = value.node.form {
            let name = schema.objects[id.object.index].fields[id.index].name
            // A link called like an object: nobody can tell which was meant.
            if case .link = value.type, names.object(named: name) != nil {
                return failed(.objectOrMember(name, isLink: true), at: value.range, whole: range)
            }
        }
        var instead: String?
        if form == .count, isSeveral(value.type), let written = spelling(ofField: value.node) { instead = "size(\(written))" }
        return failed(.aggregateWithoutSet(function: form.name, instead: instead), at: value.range, whole: range)
    }
}
