import SourceText

/// `+ - * / ^ &` over numbers, money, percentages, days, instants and lengths of time.
extension ExpressionChecker {
    mutating func negate(_ operand: Typed, at range: Range<Int>) -> Typed {
        switch operand.type {
        case .error: return .error(at: range)
        case .number, .money, .percent, .blank:
            let type = operand.type == .blank ? FormulaType.number : operand.type
            return Typed(.negate(asZero(operand)), type, blank: false, at: range, isBareNumber: operand.isBareNumber)
        case .duration:
            // A literal keeps its days, so that `-3 days` still moves by the calendar.
            if case .literal(.duration(let value)) = operand.node.form, let days = operand.days, value.microseconds != .min {
                let negative = TimeSpan(microseconds: -value.microseconds)
                let negativeDays = ExactDecimal(normalMantissa: -days.mantissa, scale: days.scale)
                return Typed(literal: .duration(negative), type: .duration, at: range, days: negativeDays)
            }
            let minusOne = ExpressionNode(.literal(.number(ExactDecimal(-1))), type: .number, mayBeBlank: false, range: range)
            return Typed(
                .timeArithmetic(.durationMultiply, operand.node, minusOne), .duration, blank: operand.node.mayBeBlank, at: range)
        case .text, .bool, .date, .datetime, .choice, .choices, .tags, .location, .link, .links, .list:
            return failed(.mismatch(expected: describe(.number), found: describe(operand.type), hint: nil), at: operand.range, whole: range)
        }
    }

    mutating func arithmetic(_ first: SyntaxNode, _ steps: [SyntaxForm.Step], at range: Range<Int>) -> Typed {
        var left = infer(first)
        for step in steps {
            let right = infer(step.operand)
            let whole = min(range.lowerBound, left.range.lowerBound)..<max(right.range.upperBound, step.operand.range.upperBound)
            left = combine(left, step.operation, right, sign: step.sign, at: whole)
        }
        return left
    }

    private mutating func combine(
        _ left: Typed, _ operation: ArithmeticOperator, _ right: Typed, sign: Range<Int>, at range: Range<Int>
    ) -> Typed {
        if left.isError || right.isError { return .error(at: range) }
        let isLeftNumeric = left.type.isNumeric || left.type == .blank
        let isRightNumeric = right.type.isNumeric || right.type == .blank
        if isLeftNumeric && isRightNumeric { return numeric(left, operation, right, sign: sign, at: range) }
        if let result = temporal(left, operation, right, sign: sign, at: range) { return result }
        return failed(operands(left, operation, right), at: sign, whole: range)
    }

    private func operands(_ left: Typed, _ operation: ArithmeticOperator, _ right: Typed) -> FormulaIssue {
        func isText(_ typed: Typed) -> Bool { if case .text = typed.type { true } else { false } }
        let hint: Words? =
            switch (operation, left.type, right.type) {
            case (.add, _, _) where isText(left) || isText(right): Words(zh: "连接文本用 `&`", en: "write `&` to join texts")
            case (.add, .datetime, .number), (.subtract, .datetime, .number):
                Words(zh: "写明单位，例如 `1 day` 或 `2h`", en: "write a unit, such as `1 day` or `2h`")
            case (.subtract, .date, .datetime), (.subtract, .datetime, .date):
                Words(zh: "先用 `date_of(…)` 取日期", en: "take the day first: `date_of(…)`")
            case (.add, .date, .duration), (.subtract, .date, .duration):
                Words(zh: "日期只能加减整天", en: "only whole days can be added to a date")
            case (.subtract, .date, .text), (.subtract, .text, .date), (.add, .date, .text):
                Words(zh: "日期写 `date(2026, 1, 31)`，今天写 `today()`", en: "write a day as `date(2026, 1, 31)`, this day as `today()`")
            case (.subtract, .datetime, .text), (.subtract, .text, .datetime):
                Words(zh: "时间写 `datetime(date(2026, 1, 31), 9, 0, 0)`，此刻写 `now()`", en: "write a time as `datetime(date(2026, 1, 31), 9, 0, 0)`, this moment as `now()`")
            case (_, .text, _) where left.text != nil && right.type.isNumeric, (_, _, .text) where right.text != nil && left.type.isNumeric:
                Words(zh: "数字不加引号", en: "write numbers without quotes")
            case (_, .text, _) where right.type.isNumeric, (_, _, .text) where left.type.isNumeric:
                Words(zh: "用 `value(文本)` 变成数字", en: "make the text a number with `value(text)`")
            case (_, .bool, _), (_, _, .bool): Words(zh: "写 `if(条件, 1, 0)`", en: "write `if(condition, 1, 0)`")
            default: nil
            }
        return .operands(spelling(of: operation), left: describe(left.type), right: describe(right.type), hint: hint)
    }

    private func spelling(of operation: ArithmeticOperator) -> String {
        switch operation {
        case .add: "+"
        case .subtract: "-"
        case .multiply: "*"
        case .divide: "/"
        case .power: "^"
        }
    }

    // MARK: Numbers

    private mutating func numeric(
        _ left: Typed, _ operation: ArithmeticOperator, _ right: Typed, sign: Range<Int>, at range: Range<Int>
    ) -> Typed {
        let type: FormulaType
        switch operation {
        case .add, .subtract:
            switch sum(left, right) {
            case .success(let sum): type = sum
            case .failure(let refusal): return failed(refusal.issue ?? operands(left, operation, right), at: sign, whole: range)
            }
        case .multiply:
            switch (left.type, right.type) {
            case (.money, .money): return failed(operands(left, operation, right), at: sign, whole: range)
            case (.money(let currency), _), (_, .money(let currency)): type = .money(currency: currency)
            case (.percent, .percent): type = .percent
            default: type = .number
            }
        case .divide:
            switch (left.type, right.type) {
            case (.money(let first), .money(let second)):
                guard first == second else { return failed(.mixedCurrency(first, second), at: sign, whole: range) }
                type = .number
            case (.money, _): type = left.type
            case (_, .money) where !left.isBareNumber: return failed(operands(left, operation, right), at: sign, whole: range)
            default: type = .number
            }
        case .power: preconditionFailure("powers are no steps of a chain")
        }
        return Typed(
            .arithmetic(operation, asZero(left), asZero(right)), type, blank: false, at: range,
            isBareNumber: left.isBareNumber && right.isBareNumber)
    }

    private struct Refusal: Error { let issue: FormulaIssue? }

    private func sum(_ left: Typed, _ right: Typed) -> Result<FormulaType, Refusal> {
        switch (left.type, right.type) {
        case (.money(let first), .money(let second)):
            first == second ? .success(left.type) : .failure(Refusal(issue: .mixedCurrency(first, second)))
        case (.money, .blank), (.blank, .money), (.percent, .percent), (.percent, .blank), (.blank, .percent):
            .success(left.type == .blank ? right.type : left.type)
        case (.money, .number): right.isBareNumber ? .success(left.type) : .failure(Refusal(issue: .numberBesideMoney))
        case (.number, .money): left.isBareNumber ? .success(right.type) : .failure(Refusal(issue: .numberBesideMoney))
        case (.money, .percent), (.percent, .money): .failure(Refusal(issue: nil))
        default: .success(.number)
        }
    }

    mutating func power(_ base: Typed, _ exponent: Typed, at range: Range<Int>) -> Typed {
        if base.isError || exponent.isError { return .error(at: range) }
        for operand in [base, exponent] {
            switch operand.type {
            case .number, .percent, .blank: break
            case .money, .text, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .location, .link, .links, .list, .error:
                return failed(.mismatch(expected: describe(.number), found: describe(operand.type), hint: nil), at: operand.range, whole: range)
            }
        }
        return Typed(
            .arithmetic(.power, asZero(base), asZero(exponent)), .number, blank: false, at: range,
            isBareNumber: base.isBareNumber && exponent.isBareNumber)
    }

    // MARK: Time

    /// The sum, difference, product or ratio in which a time takes part; nil if there is none of these types.
    private mutating func temporal(
        _ left: Typed, _ operation: ArithmeticOperator, _ right: Typed, sign: Range<Int>, at range: Range<Int>
    ) -> Typed? {
        func result(_ time: TimeOperator, _ first: ExpressionNode, _ second: ExpressionNode, _ type: FormulaType) -> Typed {
            Typed(.timeArithmetic(time, first, second), type, blank: first.mayBeBlank || second.mayBeBlank, at: range)
        }
        func days(_ typed: Typed) -> ExpressionNode? {
            guard let days = typed.days, days.scale == 0 else { return nil }
            return ExpressionNode(.literal(.number(days)), type: .number, mayBeBlank: false, range: typed.range)
        }
        switch (operation, left.type, right.type) {
        case (_, .blank, .date), (_, .blank, .datetime), (_, .blank, .duration): return nil
        case (.add, .date, .number), (.subtract, .date, .number), (.add, .date, .blank), (.subtract, .date, .blank):
            return result(operation == .add ? .dateAddDays : .dateSubtractDays, left.node, right.retyped(.number).node, .date)
        case (.add, .date, .duration), (.subtract, .date, .duration):
            if case .literal = right.node.form, days(right) == nil { return nil }
            return result(operation == .add ? .dateAddDays : .dateSubtractDays, left.node, days(right) ?? right.node, .date)
        case (.add, .number, .date), (.add, .duration, .date), (.add, .duration, .datetime):
            return temporal(right, operation, left, sign: sign, at: range)
        case (.subtract, .date, .date): return result(.dateDifference, left.node, right.node, .number)
        case (.add, .datetime, .duration), (.subtract, .datetime, .duration):
            if let days = days(right) {
                return result(operation == .add ? .datetimeAddDays : .datetimeSubtractDays, left.node, days, .datetime)
            }
            return result(operation == .add ? .datetimeAddDuration : .datetimeSubtractDuration, left.node, right.node, .datetime)
        case (.subtract, .datetime, .datetime): return result(.datetimeDifference, left.node, right.node, .duration)
        case (.add, .duration, .duration), (.add, .duration, .blank):
            return result(.durationAdd, left.node, right.retyped(.duration).node, .duration)
        case (.subtract, .duration, .duration), (.subtract, .duration, .blank):
            return result(.durationSubtract, left.node, right.retyped(.duration).node, .duration)
        case (.multiply, .duration, .number), (.multiply, .duration, .percent):
            return result(.durationMultiply, left.node, right.node, .duration)
        case (.multiply, .number, .duration), (.multiply, .percent, .duration):
            return result(.durationMultiply, right.node, left.node, .duration)
        case (.divide, .duration, .number), (.divide, .duration, .percent):
            return result(.durationDivide, left.node, right.node, .duration)
        case (.divide, .duration, .duration): return result(.durationRatio, left.node, right.node, .number)
        default: return nil
        }
    }

    // MARK: Text

    mutating func concatenate(_ parts: [SyntaxNode], at range: Range<Int>) -> Typed {
        let values = parts.map { infer($0) }
        let texts = values.map { asText($0) }
        if texts.contains(where: { $0.type == .error }) { return .error(at: range) }
        return Typed(.concatenate(texts), .text(.plain), blank: texts.allSatisfy(\.mayBeBlank), at: range)
    }
}
