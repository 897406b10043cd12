import SourceText

/// The calls that are part of the language: conditionals, `let`, logic, and what a change knows.
extension ExpressionChecker {
    mutating func call(_ name: SyntaxName, _ arguments: [SyntaxArgument], at range: Range<Int>, expecting expected: FormulaType?) -> Typed {
        switch functions[name.text] {
        case nil:
            // What stands inside is looked at all the same, as far as it means anything by itself.
            for argument in arguments where !argument.hasClauses && !isSet(argument.value) { _ = infer(argument.value) }
            if let hint = RefusedFunctions.hint(for: name.text) { return failed(.refusedFunction(name.text, hint), at: name.range, whole: range) }
            return failed(.unknownFunction(name.text, meant: functions.suggestion(for: name.text)), at: name.range, whole: range)
        case .form(let form):
            if let kind = form.aggregate { return aggregate(form, kind, name, arguments, at: range, expecting: expected) }
            guard let values = plain(arguments) else { return .error(at: range) }
            return self.form(form, name, values, at: range, expecting: expected)
        case .function(let id):
            guard let values = values(of: arguments, for: id) else { return .error(at: range) }
            return call(id, name, values, at: range)
        }
    }

    /// The arguments by themselves; nil after saying that one has clauses that only sets may have.
    private mutating func plain(_ arguments: [SyntaxArgument]) -> [SyntaxNode]? {
        for argument in arguments where argument.hasClauses {
            report(.clauseWithoutSet, at: argument.range)
            return nil
        }
        return arguments.map(\.value)
    }

    private mutating func form(
        _ form: SpecialForm, _ name: SyntaxName, _ arguments: [SyntaxNode], at range: Range<Int>, expecting expected: FormulaType?
    ) -> Typed {
        guard takes(form, arguments.count) else {
            return failed(.wrongArity(function: form.name, usage: form.usage), at: name.range, whole: range)
        }
        switch form {
        case .if:
            let condition = self.condition(arguments[0])
            var values = [knowing(facts(of: condition, holds: true)) { $0.infer(arguments[1], expecting: expected) }]
            if arguments.count > 2 { values.append(knowing(facts(of: condition, holds: false)) { $0.infer(arguments[2], expecting: expected) }) }
            return choose([condition], values, at: range, expecting: expected)
        case .ifs:
            var conditions: [ExpressionNode] = []
            var values: [Typed] = []
            // Where a later condition is asked, the ones before it did not hold.
            let outer = narrowing
            defer { narrowing = outer }
            for index in stride(from: 0, to: arguments.count - 1, by: 2) {
                let condition = self.condition(arguments[index])
                conditions.append(condition)
                values.append(knowing(facts(of: condition, holds: true)) { $0.infer(arguments[index + 1], expecting: expected) })
                narrowing.merge(facts(of: condition, holds: false)) { known, new in known.filter(new.contains) }
            }
            if !arguments.count.isMultiple(of: 2) { values.append(infer(arguments[arguments.count - 1], expecting: expected)) }
            return choose(conditions, values, at: range, expecting: expected)
        case .switch: return switchCase(arguments, at: range, expecting: expected)
        case .coalesce:
            let (values, type) = unify(arguments.map { infer($0, expecting: expected) }, expecting: expected)
            if type == .error { return .error(at: range) }
            return Typed(
                .coalesce(values.map(\.node)), type, blank: values.allSatisfy(\.node.mayBeBlank), at: range,
                isBareNumber: values.allSatisfy(\.isBareNumber), origins: merged(values))
        case .iferror:
            let (values, type) = unify(arguments.map { infer($0, expecting: expected) }, expecting: expected)
            if type == .error { return .error(at: range) }
            return Typed(
                .ifError(values[0].node, values[1].node), type, blank: values.contains(where: \.node.mayBeBlank), at: range,
                isBareNumber: values.allSatisfy(\.isBareNumber), origins: merged(values))
        case .iserror:
            let value = infer(arguments[0])
            return value.isError ? .error(at: range) : Typed(.isError(value.node), .bool, blank: false, at: range)
        case .isblank: return test(arguments[0], .blank, at: range)
        case .isnumber, .istext, .islogical: return isOfKind(form, arguments[0], at: range)
        case .n: return asNumber(arguments[0], at: range)
        case .t: return asText(arguments[0], at: range)
        case .and: return Typed(.and(conditions(arguments, joinedByAnd: true)), .bool, blank: false, at: range)
        case .or: return Typed(.or(conditions(arguments, joinedByAnd: false)), .bool, blank: false, at: range)
        case .not: return Typed(.not(condition(arguments[0])), .bool, blank: false, at: range)
        case .xor:
            var conditions = arguments.map { condition($0) }
            var result = conditions.removeFirst()
            for condition in conditions {
                result = ExpressionNode(.compare(.notEqual, result, condition), type: .bool, mayBeBlank: false, range: range)
            }
            return Typed(result)
        case .between: return between(arguments[0], arguments[1], arguments[2], at: range)
        case .in: return oneOf(arguments[0], Array(arguments.dropFirst()), at: range)
        case .contains: return contains(arguments[0], arguments[1], at: range)
        case .choose: return choose(arguments, at: range, expecting: expected)
        case .concat: return concat(arguments, at: range)
        case .let: return letForm(arguments, at: range, expecting: expected)
        case .blank: return Typed(literal: .blank, type: .blank, at: range)
        case .true: return Typed(literal: .bool(true), type: .bool, at: range)
        case .false: return Typed(literal: .bool(false), type: .bool, at: range)
        case .label:
            let value = infer(arguments[0])
            if value.isError { return .error(at: range) }
            switch value.type {
            case .choice, .choices, .blank: return Typed(asText(value))
            case .number, .money, .percent, .text, .bool, .date, .datetime, .duration, .tags, .location, .link, .links, .list, .error:
                let option = Words(zh: "选项", en: "an option")
                return failed(.mismatch(expected: option, found: describe(value.type), hint: nil), at: value.range, whole: range)
            }
        case .ischanged, .prior: return change(form, arguments[0], name, at: range)
        case .isnew:
            guard scope.allowsOld else { return failed(.outsideChange(form.name), at: name.range, whole: range) }
            let old = inferSubject(.old, at: range)
            return old.isError ? old : Typed(.isBlank(old.node), .bool, blank: false, at: range)
        case .sum, .count, .counta, .countblank, .countdistinct, .average, .min, .max, .median, .product, .stdev, .stdevp, .variance,
            .variancep, .any, .all, .exists, .first, .last, .join, .sequence:
            preconditionFailure("aggregates have their own way")
        }
    }

    /// The type is known, so what is asked is whether there is a value at all, and no error.
    private mutating func isOfKind(_ form: SpecialForm, _ argument: SyntaxNode, at range: Range<Int>) -> Typed {
        let value = infer(argument)
        let fits: Bool
        switch value.type {
        case .error: return .error(at: range)
        // To a spreadsheet days and lengths of time are numbers.
        case .number, .money, .percent, .date, .datetime, .duration: fits = form == .isnumber
        case .text, .choice: fits = form == .istext
        case .bool: fits = form == .islogical
        case .choices, .tags, .location, .link, .links, .list, .blank: fits = false
        }
        guard fits else { return Typed(literal: .bool(false), type: .bool, at: range) }
        let isFilled = Typed(.isBlank(value.node), .bool, blank: false, at: range).negated(true)
        let no = ExpressionNode(.literal(.bool(false)), type: .bool, mayBeBlank: false, range: range)
        return Typed(.ifError(isFilled.node, no), .bool, blank: false, at: range)
    }

    /// `n`: a number as it is, yes as 1, everything else as 0. Days are no numbers here.
    private mutating func asNumber(_ argument: SyntaxNode, at range: Range<Int>) -> Typed {
        let value = infer(argument)
        func literal(_ number: ExactDecimal) -> ExpressionNode {
            ExpressionNode(.literal(.number(number)), type: .number, mayBeBlank: false, range: range)
        }
        switch value.type {
        case .error: return .error(at: range)
        case .number, .money, .percent: return Typed(asZero(value))
        case .bool:
            let yes = Form.Branch(condition: value.node, value: literal(.one))
            return Typed(.conditional([yes], otherwise: literal(.zero)), .number, blank: false, at: range)
        case .text, .choice, .blank: return Typed(literal(.zero))
        case .choices, .tags, .date, .datetime, .duration, .location, .link, .links, .list:
            let hint = Words(zh: "日期相减得到天数", en: "the days between two dates are their difference")
            return failed(.mismatch(expected: describe(.number), found: describe(value.type), hint: hint), at: value.range, whole: range)
        }
    }

    /// `t`: a text as it is, nothing of everything else.
    private mutating func asText(_ argument: SyntaxNode, at range: Range<Int>) -> Typed {
        let value = infer(argument)
        switch value.type {
        case .error: return .error(at: range)
        case .text, .choice: return Typed(asText(value))
        case .number, .money, .percent, .bool, .blank, .choices, .tags, .date, .datetime, .duration, .location, .link, .links, .list:
            return Typed(literal: .blank, type: .text(.plain), at: range)
        }
    }

    private func takes(_ form: SpecialForm, _ count: Int) -> Bool {
        switch form {
        case .if: 2...3 ~= count
        case .ifs: count >= 2
        case .switch: count >= 3
        case .let: count >= 3 && !count.isMultiple(of: 2)
        case .coalesce, .in, .choose: count >= 2
        case .iferror, .contains: count == 2
        case .iserror, .isblank, .isnumber, .istext, .islogical, .n, .t, .not, .label, .ischanged, .prior: count == 1
        case .and, .or, .xor, .concat: count >= 1
        case .between: count == 3
        case .blank, .true, .false, .isnew: count == 0
        case .sum, .count, .counta, .countblank, .countdistinct, .average, .min, .max, .median, .product, .stdev, .stdevp, .variance,
            .variancep, .any, .all, .exists, .first, .last, .join, .sequence:
            count >= 1
        }
    }

    /// From where the record of any branch comes. So many ways that nobody keeps count are counted as every record.
    private func merged(_ values: [Typed]) -> [Origin] {
        var all: [Origin] = []
        for origin in values.flatMap(\.origins) where !all.contains(origin) {
            guard all.count < 64 else { return [.everywhere] }
            all.append(origin)
        }
        return all
    }

    /// The value of the first condition that holds; one value more than conditions is the rest's, else the rest is blank.
    mutating func choose(
        _ conditions: [ExpressionNode], _ values: [Typed], at range: Range<Int>, expecting expected: FormulaType?
    ) -> Typed {
        let (unified, type) = unify(values, expecting: expected)
        if type == .error || conditions.contains(where: { $0.type == .error }) { return .error(at: range) }
        let branches = zip(conditions, unified).map { Form.Branch(condition: $0, value: $1.node) }
        let otherwise =
            unified.count > conditions.count
            ? unified[unified.count - 1].node : ExpressionNode(.literal(.blank), type: type, mayBeBlank: true, range: range)
        return Typed(
            .conditional(branches, otherwise: otherwise), type, blank: otherwise.mayBeBlank || unified.contains(where: \.node.mayBeBlank),
            at: range, isBareNumber: type == .number && unified.allSatisfy { $0.isBareNumber || $0.type == .blank }, origins: merged(values))
    }

    private mutating func switchCase(_ arguments: [SyntaxNode], at range: Range<Int>, expecting expected: FormulaType?) -> Typed {
        let subject = infer(arguments[0])
        var cases: [Typed] = []
        var values: [Typed] = []
        for (index, argument) in arguments.enumerated().dropFirst() {
            if !index.isMultiple(of: 2), index < arguments.count - 1 {
                cases.append(infer(argument, expecting: subject.type))
            } else {
                values.append(infer(argument, expecting: expected))
            }
        }
        if subject.isError { return .error(at: range) }
        return bound(subject, at: range) { checker, subject in
            var seen: Set<Value> = []
            var conditions: [ExpressionNode] = []
            for item in cases {
                let condition = checker.compare(subject, .equal, item, at: item.range)
                var literal = item
                if case .choice = subject.type, !condition.isError { literal = checker.coerce(item, to: subject.type) }
                if case .literal(let value) = literal.node.form, !condition.isError, !seen.insert(value).inserted {
                    conditions.append(checker.failed(.duplicateCase, at: item.range).node)
                } else {
                    conditions.append(condition.node)
                }
            }
            return checker.choose(conditions, values, at: range, expecting: expected)
        }
    }

    /// `choose(number, first, second, …)`: the value at that place, counted from 1; beyond the last it is out of range.
    private mutating func choose(_ arguments: [SyntaxNode], at range: Range<Int>, expecting expected: FormulaType?) -> Typed {
        let number = coerce(infer(arguments[0]), to: .number)
        let values = arguments.dropFirst().map { infer($0, expecting: expected) }
        guard let trunc = FunctionCatalogue.find("trunc") else { preconditionFailure("the catalogue has `trunc`") }
        if number.isError { return .error(at: range) }
        let whole = Typed(.call(trunc, [asZero(number)]), .number, blank: false, at: number.range)
        return bound(whole, at: range) { checker, whole in
            var conditions: [ExpressionNode] = []
            for position in values.indices {
                let place = Typed(literal: .number(ExactDecimal(position + 1)), type: .number, at: number.range, isBareNumber: true)
                conditions.append(checker.compare(whole, .equal, place, at: number.range).node)
            }
            let beyond = Typed(
                .literal(.failure(FormulaFailure(.domain))), values.first { !$0.isError && $0.type != .blank }?.type ?? .blank, blank: true, at: range)
            return checker.choose(conditions, values + [beyond], at: range, expecting: expected)
        }
    }

    /// `concat(value, …)`: as `&`, and lists value by value.
    private mutating func concat(_ arguments: [SyntaxNode], at range: Range<Int>) -> Typed {
        var parts: [ExpressionNode] = []
        for argument in arguments {
            let value = infer(argument)
            if value.isError { return .error(at: range) }
            guard case .list = value.type else {
                parts.append(asText(value))
                continue
            }
            let nothing = ExpressionNode(.literal(.blank), type: .text(.plain), mayBeBlank: true, range: value.range)
            let joined = Aggregate(
                kind: .join, set: .list(value.node), row: rows.count, value: nil, condition: nil, order: nil, arguments: [nothing])
            parts.append(ExpressionNode(.aggregate(joined), type: .text(.plain), mayBeBlank: true, range: value.range))
        }
        if parts.contains(where: { $0.type == .error }) { return .error(at: range) }
        return Typed(.concatenate(parts), .text(.plain), blank: true, at: range)
    }

    private mutating func letForm(_ arguments: [SyntaxNode], at range: Range<Int>, expecting expected: FormulaType?) -> Typed {
        let depth = bindings.count
        defer { bindings.removeLast(bindings.count - depth) }
        var bound: [(slot: Int, value: ExpressionNode)] = []
        for index in stride(from: 0, to: arguments.count - 1, by: 2) {
            guard case .name(let name) = arguments[index].form else { return failed(.nameExpected, at: arguments[index].range, whole: range) }
            let value = infer(arguments[index + 1])
            bindings.append(Binding(name: name, slot: variableCount, value: value))
            bound.append((variableCount, value.node))
            variableCount += 1
        }
        var result = infer(arguments[arguments.count - 1], expecting: expected)
        if result.isError || bound.contains(where: { $0.value.type == .error }) { return .error(at: range) }
        for (slot, value) in bound.reversed() {
            result.node = ExpressionNode(
                .bind(slot: slot, value, body: result.node), type: result.type, mayBeBlank: result.node.mayBeBlank, range: range)
        }
        result.text = nil
        result.days = nil
        return result
    }

    /// `ischanged(field)` and `prior(field)`.
    private mutating func change(_ form: SpecialForm, _ argument: SyntaxNode, _ name: SyntaxName, at range: Range<Int>) -> Typed {
        guard scope.allowsOld else { return failed(.outsideChange(form.name), at: name.range, whole: range) }
        let value = infer(argument)
        if value.isError { return .error(at: range) }
        guard case .field(let field, of: .this) = value.node.form else {
            return failed(.fieldExpected(function: form.name), at: argument.range, whole: range)
        }
        reads.change = true
        let old = Typed(.field(field, of: .old), value.type, blank: true, at: range, origins: value.origins.isEmpty ? [] : [.elsewhere])
        if form == .prior { return old }
        return Typed(.compare(.notEqual, value.node, old.node), .bool, blank: false, at: range)
    }
}
