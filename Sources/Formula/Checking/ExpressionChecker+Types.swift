import SourceText

/// Which types go together, and what is said when they do not.
extension ExpressionChecker {
    /// How a type is called in messages.
    func describe(_ type: FormulaType) -> Words {
        switch type {
        case .number: Words(zh: "数字", en: "a number")
        case .money(let currency): Words(zh: "金额（\(currency)）", en: "money (\(currency))")
        case .percent: Words(zh: "百分比", en: "a percentage")
        case .text(.plain): Words(zh: "文本", en: "text")
        case .text(.phone): Words(zh: "电话", en: "a phone number")
        case .text(.email): Words(zh: "邮箱", en: "an email address")
        case .text(.url): Words(zh: "网址", en: "a url")
        case .text(.address): Words(zh: "地址", en: "an address")
        case .text(.uscc): Words(zh: "统一社会信用代码", en: "a unified social credit code")
        case .text(.citizenNumber): Words(zh: "身份证号", en: "a citizen's identity number")
        case .location: Words(zh: "位置", en: "a location")
        case .bool: Words(zh: "逻辑值", en: "true or false")
        case .date: Words(zh: "日期", en: "a date")
        case .datetime: Words(zh: "日期时间", en: "a datetime")
        case .duration: Words(zh: "时长", en: "a duration")
        case .choice(let list): Words(zh: "`\(list.name)` 的选项", en: "an option of `\(list.name)`")
        case .choices(let list): Words(zh: "`\(list.name)` 的多个选项", en: "several options of `\(list.name)`")
        case .tags: Words(zh: "标签", en: "tags")
        case .link(let objects):
            Words(
                zh: "指向\(objects.map { "`\(schema.objects[$0.index].name)`" }.joined(separator: "、"))的关联",
                en: "a link to \(objects.map { "`\(schema.objects[$0.index].name)`" }.joined(separator: " or "))")
        case .links(let objects):
            Words(
                zh: "指向多条\(objects.map { "`\(schema.objects[$0.index].name)`" }.joined(separator: "、"))的关联",
                en: "links to several `\(objects.map { schema.objects[$0.index].name }.joined(separator: "`, `"))`")
        case .list(let element):
            Words(zh: "一组\(describe(element).zh)", en: "a list of values, each \(describe(element).en)")
        case .blank: Words(zh: "空值", en: "blank")
        case .error: Words(zh: "错误", en: "wrong")
        }
    }

    enum Purpose { case value, condition }

    /// `typed` as a value of type `expected`, or an error after saying that it is none.
    mutating func coerce(_ typed: Typed, to expected: FormulaType, purpose: Purpose = .value) -> Typed {
        let found = typed.type
        if found == expected || expected == .error || expected == .blank { return typed }
        switch (found, expected) {
        case (.error, _): return typed
        case (.blank, _): return typed.retyped(expected)
        case (.text, .text): return typed.retyped(expected)
        case (.text, .choice(let list)):
            guard let text = typed.text else { break }
            return option(text, of: list, at: typed.range)
        case (.percent, .number), (.number, .percent): return typed.retyped(expected)
        case (.number, .money) where typed.isBareNumber: return typed.retyped(expected)
        case (.number, .money): return failed(.numberBesideMoney, at: typed.range)
        case (.money(let first), .money(let second)): return failed(.mixedCurrency(first, second), at: typed.range)
        case (.choice(let first), .choice(let second)) where first.name == second.name: return typed.retyped(expected)
        case (.choices(let first), .choices(let second)) where first.name == second.name: return typed.retyped(expected)
        case (.link(let objects), .link(let allowed)) where objects.allSatisfy(allowed.contains): return typed
        case (.links(let objects), .links(let allowed)) where objects.allSatisfy(allowed.contains): return typed
        default: break
        }
        let hint: Words? =
            switch (found, expected) {
            case (.text, .bool), (.choice, .bool), (.choices, .bool), (.tags, .bool), (.link, .bool), (.date, .bool), (.datetime, .bool):
                purpose == .condition ? Words(zh: "写 `… is not blank`", en: "write `… is not blank`") : nil
            case (.number, .bool), (.money, .bool), (.percent, .bool), (.duration, .bool): Words(zh: "写 `… > 0`", en: "write `… > 0`")
            case (.list, .bool): Words(zh: "写 `exists(…)`", en: "write `exists(…)`")
            case (.text, .choice(let list)):
                Words(
                    zh: "写选项本身，例如 `'\(list.options.first?.key ?? "")'`", en: "write an option, such as `'\(list.options.first?.key ?? "")'`")
            case (.text, .number), (.text, .money), (.text, .percent): Words(zh: "用 `value(文本)`", en: "use `value(text)`")
            case (.text, .date): Words(zh: "用 `date(年, 月, 日)`", en: "use `date(year, month, day)`")
            case (.choice, .text): Words(zh: "用 `label(…)` 或 `key(…)`", en: "use `label(…)` or `key(…)`")
            case (.link, .text): Words(zh: "写要读取的字段，或用 `'' & …`", en: "write the field you mean, or `'' & …`")
            case (_, .text): Words(zh: "用 `'' & …` 转成文本", en: "write `'' & …` to make it text")
            case (.date, .datetime): Words(zh: "用 `datetime(日期, 时, 分, 秒)`", en: "use `datetime(date, hours, minutes, seconds)`")
            case (.datetime, .date): Words(zh: "用 `date_of(…)`", en: "use `date_of(…)`")
            default: nil
            }
        return failed(.mismatch(expected: describe(expected), found: describe(found), hint: hint), at: typed.range)
    }

    /// The literal `text` as an option; empty text is blank.
    mutating func option(_ text: String, of list: OptionList, at range: Range<Int>) -> Typed {
        let type = FormulaType.choice(list)
        if text.isEmpty { return Typed(literal: .blank, type: type, at: range) }
        if let position = list.position(of: text) { return Typed(literal: .option(list.options[position].key), type: type, at: range) }
        return failed(unknownOption(text, of: list), at: range)
    }

    func unknownOption(_ text: String, of list: OptionList) -> FormulaIssue {
        let meant =
            list.options.first { $0.labelZh == text || $0.labelEn == text }?.key ?? closestMatch(to: text, among: list.options.map(\.key))
        return .unknownOption(text, of: list.name, meant: meant, options: list.options.prefix(12).map(\.key))
    }

    /// A number that is 0 where it is blank.
    func asZero(_ typed: Typed) -> ExpressionNode {
        guard typed.node.mayBeBlank else { return typed.node }
        let type = typed.type == .blank ? .number : typed.type
        if case .literal(.blank) = typed.node.form {
            return ExpressionNode(.literal(.number(.zero)), type: type, mayBeBlank: false, range: typed.range)
        }
        return ExpressionNode(.convert(.blankAsZero, typed.node), type: type, mayBeBlank: false, range: typed.range)
    }

    /// `typed` as text: what `&` and templates do. Blank stays blank.
    mutating func asText(_ typed: Typed) -> ExpressionNode {
        switch typed.type {
        case .text, .error: return typed.node
        case .blank: return typed.retyped(.text(.plain)).node
        case .link(let objects), .links(let objects):
            for object in objects { noteExistence(of: object, at: typed.origins) }
        case .list:
            return failed(
                .mismatch(
                    expected: describe(.text(.plain)), found: describe(typed.type), hint: Words(zh: "用 `join(…, '、')`", en: "use `join(…, ', ')`")),
                at: typed.range
            ).node
        case .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .location: break
        }
        return ExpressionNode(.convert(.toText, typed.node), type: .text(.plain), mayBeBlank: typed.node.mayBeBlank, range: typed.range)
    }

    /// The values as values of one type, for branches and scalars; all error if they do not go together, which is said once.
    mutating func unify(_ values: [Typed], expecting expected: FormulaType? = nil) -> (values: [Typed], type: FormulaType) {
        if values.contains(where: \.isError) { return (values, .error) }
        var common: FormulaType?
        var isBare = true
        var literals: [Int] = []
        for (index, value) in values.enumerated() where value.type != .blank {
            if value.text != nil { literals.append(index) }
            guard let known = common else {
                common = value.type
                isBare = value.isBareNumber
                continue
            }
            switch merged(known, isBare: isBare, with: value) {
            case .success(let type):
                common = type
                isBare = isBare && value.isBareNumber
            case .failure(let mismatch):
                report(mismatch.issue, at: value.range)
                return (values, .error)
            }
        }
        var type = common ?? expected ?? .blank
        if isBare, common == .number, case .money = expected, let expected { type = expected }
        // A text literal beside options is an option.
        let unified = values.map { value in coerce(value, to: type) }
        return unified.contains(where: \.isError) ? (unified, .error) : (unified, type)
    }

    private struct Mismatch: Error { let issue: FormulaIssue }

    private func merged(_ known: FormulaType, isBare: Bool, with value: Typed) -> Result<FormulaType, Mismatch> {
        let other = value.type
        if known == other { return .success(known) }
        switch (known, other) {
        case (.text, .text): return .success(.text(.plain))
        case (.number, .percent): return .success(isBare ? .percent : .number)
        case (.percent, .number): return .success(value.isBareNumber ? .percent : .number)
        case (.money(let first), .money(let second)): return .failure(Mismatch(issue: .mixedCurrency(first, second)))
        case (.money, .number) where value.isBareNumber: return .success(known)
        case (.number, .money) where isBare: return .success(other)
        case (.money, .number), (.number, .money): return .failure(Mismatch(issue: .numberBesideMoney))
        case (.choice, .text) where value.text != nil: return .success(known)
        case (.text, .choice): return .success(other)
        case (.choice(let first), .choice(let second)) where first.name == second.name: return .success(known)
        case (.choices(let first), .choices(let second)) where first.name == second.name: return .success(known)
        case (.link(let first), .link(let second)): return .success(.link(first + second.filter { !first.contains($0) }))
        default:
            let hint: Words? =
                switch (known, other) {
                case (.choice, .text), (.choice, .choice): Words(zh: "用 `label(…)` 把选项变成文本", en: "use `label(…)` to make an option text")
                case (.text, _), (_, .text): Words(zh: "用 `'' & …` 转成文本", en: "write `'' & …` to make it text")
                default: nil
                }
            return .failure(Mismatch(issue: .branches(describe(known), describe(other), hint: hint)))
        }
    }
}
