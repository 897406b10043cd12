import SourceText

/// Comparisons and tests: `= < in contains between is`.
extension ExpressionChecker {
    mutating func comparison(_ left: SyntaxNode, _ operation: ComparisonOperator, _ right: SyntaxNode, at range: Range<Int>) -> Typed {
        let (first, second) = pair(left, right)
        return compare(first, operation, second, at: range)
    }

    /// Both sides, each read with the other's options in mind.
    private mutating func pair(_ left: SyntaxNode, _ right: SyntaxNode) -> (Typed, Typed) {
        if case .text = left.form {
            let second = infer(right)
            return (infer(left, expecting: second.type), second)
        }
        let first = infer(left)
        return (first, infer(right, expecting: first.type))
    }

    mutating func compare(_ left: Typed, _ operation: ComparisonOperator, _ right: Typed, at range: Range<Int>) -> Typed {
        if left.isError || right.isError { return .error(at: range) }
        let isEquality = operation == .equal || operation == .notEqual
        if isLiteralBlank(left) || isLiteralBlank(right) {
            let other = isLiteralBlank(right) ? left : right
            if isLiteralBlank(right) ? right.type != .blank : left.type != .blank {
                // `''` is blank for what is text or an option, and nothing for the rest.
                switch other.type {
                case .text, .choice, .blank: break
                default: return failed(incomparable(left, right), at: range)
                }
            }
            guard isEquality else { return failed(.alwaysFalse, at: range) }
            return Typed(.isBlank(other.node), .bool, blank: false, at: range).negated(operation == .notEqual)
        }
        guard let (first, second) = comparable(left, right, at: range) else { return .error(at: range) }
        if let same = sameField(first.node, second.node) { return failed(.comparedWithItself(same, own: ownSpelling(of: same)), at: range) }
        if !isEquality {
            switch first.type {
            case .number, .money, .percent, .text, .date, .datetime, .duration, .choice: break
            case .bool, .choices, .tags, .location, .link, .links, .list, .blank, .error: return failed(.unordered(describe(first.type)), at: range)
            }
        }
        return Typed(.compare(operation, first.node, second.node), .bool, blank: false, at: range)
    }

    /// A field of the current record as it is written, along links too; nil for anything else.
    func spelling(ofField node: ExpressionNode) -> String? { sameField(node, node) }

    /// The field that both sides read of one record, as it is written; nil if they are not the same.
    private func sameField(_ left: ExpressionNode, _ right: ExpressionNode) -> String? {
        switch (left.form, right.form) {
        case (.field(let first, of: let row), .field(let second, of: let other)) where first == second && row == other:
            return schema.objects[first.object.index].fields[first.index].name
        case (.follow(let base, let first), .follow(let otherBase, let second)) where first == second:
            guard let path = sameField(base, otherBase) else { return nil }
            return "\(path).\(schema.objects[first.object.index].fields[first.index].name)"
        default: return nil
        }
    }

    /// Inside a set: how the owning record's field of that name is written, if it has one.
    private func ownSpelling(of path: String) -> String? {
        guard !rows.isEmpty, let this = scope.this, let name = path.split(separator: ".").first, names.entity(String(name), on: this) != nil else { return nil }
        return "this.\(path)"
    }

    /// What other languages call no value.
    static let blankElsewhere: Set<String> = ["null", "nil", "none", "undefined", "nothing", "empty", "空", "空值", "空白"]

    private func isLiteralBlank(_ typed: Typed) -> Bool {
        if case .literal(.blank) = typed.node.form { true } else { false }
    }

    /// Both sides made comparable, or nil after saying that they are not.
    mutating func comparable(_ left: Typed, _ right: Typed, at range: Range<Int>) -> (Typed, Typed)? {
        switch (left.type, right.type) {
        case (.error, _), (_, .error): return nil
        case (.blank, _): return (left.retyped(right.type), right)
        case (_, .blank): return (left, right.retyped(left.type))
        case (.money(let first), .money(let second)):
            if first == second { return (left, right) }
            report(.mixedCurrency(first, second), at: range)
            return nil
        case (.money, .number), (.number, .money):
            if left.type == .number ? left.isBareNumber : right.isBareNumber { return (left, right) }
            report(.numberBesideMoney, at: range)
            return nil
        case (.number, .number), (.number, .percent), (.percent, .number), (.percent, .percent): return (left, right)
        case (.text, .text), (.bool, .bool), (.date, .date), (.datetime, .datetime), (.duration, .duration), (.location, .location): return (left, right)
        case (.date, .datetime): return (startOfDay(left), right)
        case (.datetime, .date): return (left, startOfDay(right))
        case (.choice(let list), .text) where right.text != nil:
            let option = self.option(right.text ?? "", of: list, at: right.range)
            return option.isError ? nil : (left, option)
        case (.text, .choice(let list)) where left.text != nil:
            let option = self.option(left.text ?? "", of: list, at: left.range)
            return option.isError ? nil : (option, right)
        case (.choice(let first), .choice(let second)) where first.name == second.name: return (left, right)
        case (.link(let first), .link(let second)) where first.contains(where: second.contains): return (left, right)
        default:
            report(incomparable(left, right), at: range)
            return nil
        }
    }

    private func startOfDay(_ typed: Typed) -> Typed {
        Typed(.convert(.startOfDay, typed.node), .datetime, blank: typed.node.mayBeBlank, at: typed.range)
    }

    private func incomparable(_ left: Typed, _ right: Typed) -> FormulaIssue {
        let hint: Words? =
            switch (left.type, right.type) {
            case (.choice, .text), (.text, .choice): Words(zh: "用 `key(…)` 或 `label(…)` 把选项变成文本", en: "make the option text with `key(…)` or `label(…)`")
            case (.choice, .choice): Words(zh: "两个字段的选项表不同，用 `label(…)` 比较", en: "the lists of options differ: compare `label(…)`")
            case (.choices, _), (.tags, _): Words(zh: "用 `… contains '选项'` 或 `size(…)`", en: "use `… contains 'option'` or `size(…)`")
            case (_, .choices), (_, .tags), (.link, .links): Words(zh: "用 `… in …`", en: "use `… in …`")
            case (.links, _): Words(zh: "用 `记录 in …`、`exists(… where …)` 或 `size(…)`", en: "use `record in …`, `exists(… where …)` or `size(…)`")
            case (_, .text) where right.text == "", (.text, _) where left.text == "":
                Words(zh: "空值写 `is blank` 或 `is not blank`", en: "for no value write `is blank` or `is not blank`")
            case (.link, .text): Words(zh: "比较关联记录的字段，例如 `….name = '…'`", en: "compare a field of the record, such as `….name = '…'`")
            case (.date, .text), (.text, .date), (.date, .number), (.number, .date): Words(zh: "日期写 `date(2026, 1, 31)`", en: "write the day as `date(2026, 1, 31)`")
            case (.datetime, .text), (.text, .datetime):
                Words(zh: "时间写 `datetime(date(2026, 1, 31), 9, 0, 0)`", en: "write the time as `datetime(date(2026, 1, 31), 9, 0, 0)`")
            case (.number, .duration): right.days != nil ? Words(zh: "左边已经是天数，只写数字", en: "the left side counts days already: write the number alone") : Words(zh: "用 `hours(…)` 等把时长变成数字", en: "make the duration a number with `hours(…)` or the like")
            case (.duration, .number): Words(zh: "写明单位，例如 `3 days` 或 `2h`", en: "write a unit, such as `3 days` or `2h`")
            case (_, .text) where left.type.isNumeric && Self.number(in: right.text) != nil:
                Words(zh: "数字不加引号：`\(Self.number(in: right.text) ?? "")`", en: "write the number without quotes: `\(Self.number(in: right.text) ?? "")`")
            case (.text, _) where right.type.isNumeric && Self.number(in: left.text) != nil:
                Words(zh: "数字不加引号：`\(Self.number(in: left.text) ?? "")`", en: "write the number without quotes: `\(Self.number(in: left.text) ?? "")`")
            case (.text, .number), (.number, .text): Words(zh: "用 `value(文本)` 变成数字", en: "make the text a number with `value(text)`")
            case (.bool, .text), (.text, .bool): Words(zh: "写 `true` 或 `false`，不加引号", en: "write `true` or `false` without quotes")
            case (.bool, .number), (.number, .bool): Words(zh: "直接写条件本身", en: "write the condition by itself")
            default: nil
            }
        return .incomparable(left: describe(left.type), right: describe(right.type), hint: hint)
    }

    /// The number with which a text literal begins, as a formula writes it: `5000` of `'5000元'`; nil if there is none.
    private static func number(in text: String?) -> String? {
        guard let text else { return nil }
        let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        guard digits.contains(where: \.isNumber), digits.first != ".", digits.last != "." else { return nil }
        let suffix = text.dropFirst(digits.count).prefix { "%％千万亿".contains($0) }.replacing("％", with: "%")
        return String(digits) + String(suffix)
    }

    // MARK: Tests

    mutating func test(_ operand: SyntaxNode, _ test: SyntaxForm.Test, at range: Range<Int>) -> Typed {
        let value = infer(operand)
        if value.isError { return .error(at: range) }
        switch test {
        case .blank: return Typed(.isBlank(value.node), .bool, blank: false, at: range)
        case .valid:
            if case .text(let kind) = value.type, kind.canBeTested { return Typed(.isValid(value.node, kind), .bool, blank: false, at: range) }
            return failed(.notValidatable(describe(value.type)), at: operand.range, whole: range)
        case .object(let name):
            if Self.blankElsewhere.contains(name.text.lowercased()) { return failed(.foreignOperator(name.text, instead: "blank"), at: name.range, whole: range) }
            return isObject(value, name, at: range)
        }
    }

    mutating func oneOf(_ operand: SyntaxNode, _ items: [SyntaxNode], at range: Range<Int>) -> Typed {
        if items.count == 1, let set = items.first, isSet(set) { return within(operand, set, at: range) }
        let value = infer(operand)
        let values = items.map { infer($0, expecting: value.type) }
        if values.count == 1, let set = values.first, isSeveral(set.type) { return member(value, of: set, at: range) }
        return oneOf(value, values, at: range)
    }

    mutating func oneOf(_ value: Typed, _ values: [Typed], at range: Range<Int>) -> Typed {
        if value.isError || values.contains(where: \.isError) { return .error(at: range) }
        var seen: Set<Value> = []
        var nodes: [ExpressionNode] = []
        var comparisons: [ExpressionNode] = []
        for item in values {
            guard let (left, right) = comparable(value, item, at: item.range) else { return .error(at: range) }
            if case .literal(let literal) = right.node.form, !seen.insert(literal).inserted {
                return failed(.duplicateCase, at: item.range, whole: range)
            }
            if left.type != value.type { comparisons.append(ExpressionNode(.compare(.equal, left.node, right.node), type: .bool, mayBeBlank: false, range: item.range)) }
            nodes.append(right.node)
        }
        guard comparisons.isEmpty else {
            // A day among instants: each pair is compared by its own rule.
            let all = values.compactMap { item in comparable(value, item, at: item.range) }.map { left, right in
                ExpressionNode(.compare(.equal, left.node, right.node), type: .bool, mayBeBlank: false, range: right.range)
            }
            return Typed(.or(all), .bool, blank: false, at: range)
        }
        return Typed(.oneOf(value.node, nodes), .bool, blank: false, at: range)
    }

    func isSeveral(_ type: FormulaType) -> Bool {
        switch type {
        case .choices, .tags, .links: true
        case .number, .money, .percent, .text, .bool, .date, .datetime, .duration, .choice, .location, .link, .list, .blank, .error: false
        }
    }

    /// `x in SET`: among several options or tags, or among the records or values of a set.
    mutating func within(_ operand: SyntaxNode, _ set: SyntaxNode, at range: Range<Int>) -> Typed {
        if let head = setHead(of: set, hasClauses: false) {
            guard let resolved = resolve(head.head, at: set.range) else { return .error(at: range) }
            // Bound outside, since it is one value for all rows.
            return bound(infer(operand), at: range) { checker, value in
                let row = checker.push(resolved, alias: nil)
                let element = checker.path(head.trailing, from: row, at: set.range)
                checker.rows.removeLast()
                let condition = checker.compare(element, .equal, value, at: range)
                if condition.isError { return condition }
                let aggregate = Aggregate(kind: .exists, set: resolved.set, row: row, value: nil, condition: condition.node, order: nil)
                return Typed(.aggregate(aggregate), .bool, blank: false, at: range)
            }
        }
        let value = infer(operand)
        let several = infer(set)
        if value.isError || several.isError { return .error(at: range) }
        guard isSeveral(several.type) else {
            return failed(
                .mismatch(
                    expected: Words(zh: "多个选项、标签或一组记录", en: "several options, tags or a set"), found: describe(several.type),
                    hint: Words(zh: "写 `x in ('a', 'b')`；查找文本用 `contains`", en: "write `x in ('a', 'b')`; to look into a text use `contains`")),
                at: set.range, whole: range)
        }
        return member(value, of: several, at: range)
    }

    /// Whether the option or word `value` is among `several`.
    mutating func member(_ value: Typed, of several: Typed, at range: Range<Int>) -> Typed {
        if value.isError || several.isError { return .error(at: range) }
        var element = value
        switch several.type {
        case .choices(let list): element = coerce(value, to: .choice(list))
        case .tags: element = coerce(value, to: .text(.plain))
        case .links(let objects): element = coerce(value, to: .link(objects))
        case .number, .money, .percent, .text, .bool, .date, .datetime, .duration, .choice, .location, .link, .list, .blank, .error:
            preconditionFailure("only choices, tags and links to many have members")
        }
        if element.isError { return .error(at: range) }
        return Typed(.member(element.node, of: several.node), .bool, blank: false, at: range)
    }

    mutating func contains(_ whole: SyntaxNode, _ part: SyntaxNode, at range: Range<Int>) -> Typed {
        let value = infer(whole)
        if isSeveral(value.type) {
            var expected: FormulaType?
            if case .choices(let list) = value.type { expected = .choice(list) }
            return member(infer(part, expecting: expected), of: value, at: range)
        }
        let text = coerce(value, to: .text(.plain))
        let piece = coerce(infer(part), to: .text(.plain))
        if text.isError || piece.isError { return .error(at: range) }
        return Typed(.contains(text.node, piece.node), .bool, blank: false, at: range)
    }

    mutating func between(_ operand: SyntaxNode, _ low: SyntaxNode, _ high: SyntaxNode, at range: Range<Int>) -> Typed {
        let value = infer(operand)
        let bounds = [infer(low, expecting: value.type), infer(high, expecting: value.type)]
        return bound(value, at: range) { checker, value in
            let above = checker.compare(value, .greaterOrEqual, bounds[0], at: range)
            let below = above.isError ? above : checker.compare(value, .lessOrEqual, bounds[1], at: range)
            if below.isError { return .error(at: range) }
            return Typed(.and([above.node, below.node]), .bool, blank: false, at: range)
        }
    }

    /// Lets `body` use a value several times and has it evaluated once.
    mutating func bound(_ value: Typed, at range: Range<Int>, _ body: (inout ExpressionChecker, Typed) -> Typed) -> Typed {
        switch value.node.form {
        case .literal, .field, .record, .variable: return body(&self, value)
        default: break
        }
        if value.isError { return body(&self, value) }
        let slot = variableCount
        variableCount += 1
        var variable = value
        variable.node = ExpressionNode(.variable(slot), type: value.type, mayBeBlank: value.node.mayBeBlank, range: value.range)
        let result = body(&self, variable)
        if result.isError { return result }
        var bound = result
        bound.node = ExpressionNode(
            .bind(slot: slot, value.node, body: result.node), type: result.type, mayBeBlank: result.node.mayBeBlank, range: range)
        return bound
    }
}
