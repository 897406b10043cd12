import SourceText

/// Calls of the catalogue's functions: the first overload that fits is taken.
extension ExpressionChecker {
    /// The arguments of a function; a set where a list is taken becomes the list of its values. Nil after saying that one has clauses
    /// that only sets may have.
    mutating func values(of arguments: [SyntaxArgument], for id: FunctionID) -> [Typed]? {
        let possible = functions.functions[id.index].overloads.filter { $0.takes(arguments.count) }
        var values: [Typed] = []
        for (index, argument) in arguments.enumerated() {
            if possible.contains(where: { $0.parameter(at: index).kind.isList }),
                let (head, trailing) = setHead(of: argument.value, hasClauses: argument.hasClauses)
            {
                values.append(list(of: head, trailing, argument))
            } else if argument.hasClauses {
                report(.clauseWithoutSet, at: argument.range)
                return nil
            } else {
                values.append(infer(argument.value))
            }
        }
        return values
    }

    mutating func call(_ id: FunctionID, _ name: SyntaxName, _ values: [Typed], at range: Range<Int>) -> Typed {
        let function = functions.functions[id.index]
        let possible = function.overloads.filter { $0.takes(values.count) }
        guard !possible.isEmpty else {
            return failed(.wrongArity(function: function.name, usage: function.usage), at: name.range, whole: range)
        }
        if values.contains(where: \.isError) { return .error(at: range) }
        var furthest: (overload: FunctionDefinition.Overload, index: Int)?
        for overload in possible {
            guard let wrong = values.indices.first(where: { !fits(values[$0], overload.parameter(at: $0).kind) }) else {
                return apply(function, id, overload, values, at: range)
            }
            if wrong > furthest?.index ?? -1 { furthest = (overload, wrong) }
        }
        guard let (overload, index) = furthest else { return .error(at: range) }
        return failed(misfit(values[index], overload.parameter(at: index)), at: values[index].range, whole: range)
    }

    private func fits(_ value: Typed, _ kind: FunctionDefinition.ParameterKind) -> Bool {
        switch (kind, value.type) {
        case (.anything, _): true
        case (.constantText, _), (.numberFormat, _), (.dateFormat, _), (.calendar, _): value.text != nil || isTextInput(value)
        case (_, .blank): true
        case (.numbers, let type): type.leaf.isNumeric || type.leaf == .blank
        case (.dates, let type): type.leaf == .date || type.leaf == .blank
        case (.texts, let type): if case .link = type.leaf { type == type.leaf } else { true }
        case (.number, .number), (.number, .money), (.number, .percent): true
        case (.text, .text): true
        case (.bool, .bool): true
        case (.date, .date): true
        case (.datetime, .datetime): true
        case (.duration, .duration): true
        case (.option, .choice): true
        case (.options, .choices), (.options, .tags), (.options, .links): true
        case (.link, .link): true
        case (.location, .location): true
        case (.number, _), (.text, _), (.bool, _), (.date, _), (.datetime, _), (.duration, _), (.option, _), (.options, _), (.link, _), (.location, _): false
        }
    }

    /// Whether it is an input of `weir eval`, which may stand where an author writes a text.
    private func isTextInput(_ value: Typed) -> Bool {
        guard scope.this == nil, case .text = value.type, case .variable(let slot) = value.node.form else { return false }
        return slot < scope.inputs.count
    }

    private mutating func misfit(_ value: Typed, _ parameter: FunctionDefinition.Parameter) -> FormulaIssue {
        let expected: FormulaType
        switch parameter.kind {
        case .constantText(let allowed): return .notConstant(parameter: parameter.name, allowed: allowed)
        case .calendar: return .notConstant(parameter: parameter.name, allowed: calendarNames)
        case .numberFormat, .dateFormat: return .notConstant(parameter: parameter.name, allowed: nil)
        case .number, .numbers: expected = .number
        case .text, .texts: expected = .text(.plain)
        case .bool: expected = .bool
        case .date, .dates: expected = .date
        case .datetime: expected = .datetime
        case .duration: expected = .duration
        case .option:
            return .mismatch(expected: Words(zh: "选项", en: "an option"), found: describe(value.type), hint: nil)
        case .options:
            return .mismatch(expected: Words(zh: "多个选项或标签", en: "several options or tags"), found: describe(value.type), hint: nil)
        case .link: return .mismatch(expected: Words(zh: "关联", en: "a link"), found: describe(value.type), hint: nil)
        case .location: expected = .location
        case .anything: preconditionFailure("anything fits")
        }
        // The same hints as anywhere else where this type is wanted.
        let count = mistakes.count
        _ = coerce(value, to: expected)
        guard mistakes.count > count else {
            return .mismatch(expected: describe(expected), found: describe(value.type), hint: nil)
        }
        return mistakes.removeLast().issue
    }

    private mutating func apply(
        _ function: FunctionDefinition, _ id: FunctionID, _ overload: FunctionDefinition.Overload, _ values: [Typed], at range: Range<Int>
    ) -> Typed {
        var nodes: [ExpressionNode] = []
        for (index, value) in values.enumerated() {
            let parameter = overload.parameter(at: index)
            switch parameter.kind {
            case .constantText, .calendar:
                let allowed: [String]?
                if case .constantText(let words) = parameter.kind { allowed = words } else { allowed = calendarNames }
                guard let text = value.text else {
                    guard isTextInput(value) else { return failed(misfit(value, parameter), at: value.range, whole: range) }
                    nodes.append(value.node)
                    continue
                }
                guard let allowed else {
                    nodes.append(value.node)
                    continue
                }
                guard let spelling = allowed.first(where: { $0 == text }) ?? allowed.first(where: { $0.lowercased() == text.lowercased() }) else {
                    return failed(
                        .unknownConstant(text, meant: closestMatch(to: text, among: allowed), allowed: allowed), at: value.range, whole: range)
                }
                nodes.append(ExpressionNode(.literal(.text(spelling)), type: value.type, mayBeBlank: false, range: value.range))
            case .numberFormat, .dateFormat:
                guard let text = value.text else {
                    guard isTextInput(value) else { return failed(misfit(value, parameter), at: value.range, whole: range) }
                    nodes.append(value.node)
                    continue
                }
                let isOfDates = parameter.kind == .dateFormat
                let isRight = isOfDates ? (try? DateFormat(text)) != nil : (try? NumberFormat(text)) != nil || text.lowercased() == "general"
                guard isRight else { return failed(.badTextFormat(text, isOfDates: isOfDates), at: value.range, whole: range) }
                nodes.append(value.node)
            case .number where function.blank == .zero: nodes.append(asZero(value))
            case .number: nodes.append((value.type == .blank ? value.retyped(.number) : value).node)
            case .bool where function.blank != .passed: nodes.append(asCondition(value))
            case .bool: nodes.append(coerce(value, to: .bool).node)
            case .text: nodes.append(coerce(value, to: .text(.plain)).node)
            case .date: nodes.append(coerce(value, to: .date).node)
            case .datetime: nodes.append(coerce(value, to: .datetime).node)
            case .duration: nodes.append(coerce(value, to: .duration).node)
            case .texts:
                if case .list = value.type { nodes.append(value.node) } else { nodes.append(asText(value)) }
            case .numbers: nodes.append((value.type == .blank ? value.retyped(.number) : value).node)
            case .dates: nodes.append((value.type == .blank ? value.retyped(.date) : value).node)
            case .location: nodes.append(coerce(value, to: .location).node)
            case .option, .options, .link, .anything: nodes.append(value.node)
            }
        }
        // What the clock says is written out, so that nobody further on has to think of it.
        for parameter in overload.parameters.dropFirst(values.count) where parameter.presence == .clock {
            let isDay = parameter.kind == .date
            guard let clock = FunctionCatalogue.find(isDay ? "today" : "now") else { continue }
            reads.clock = true
            nodes.append(ExpressionNode(.call(clock, []), type: isDay ? .date : .datetime, mayBeBlank: false, range: range))
        }
        if function.readsClock { reads.clock = true }
        if function.readsCalendar { noteCalendar(nodes) }
        let type: FormulaType
        var origins: [Origin] = []
        var isBare = false
        switch overload.result {
        case .type(let result): type = result
        case .moneyOfAny, .moneyOfOne:
            let currencies = values.compactMap { value -> String? in if case .money(let currency) = value.type.leaf { currency } else { nil } }
            if overload.result == .moneyOfAny, let other = currencies.first(where: { $0 != currencies[0] }) {
                return failed(.mixedCurrency(currencies[0], other), at: range)
            }
            let isMoney = overload.result == .moneyOfAny ? !currencies.isEmpty : currencies.count == 1
            type = isMoney ? .money(currency: currencies[0]) : .number
            isBare = !isMoney && values.allSatisfy(\.isBareNumber)
        case .sameAs(let index):
            guard values.indices.contains(index) else {
                type = .number
                break
            }
            type = values[index].type.leaf == .blank ? .number : values[index].type.leaf
            origins = values[index].origins
            isBare = type == .number && values.allSatisfy { $0.isBareNumber || $0.type == .blank }
            if case .money(let currency) = type {
                for value in values {
                    if case .money(let other) = value.type.leaf, other != currency {
                        return failed(.mixedCurrency(currency, other), at: value.range, whole: range)
                    }
                }
            }
        }
        return Typed(.call(id, nodes), type, blank: mayBeBlank(function, type, nodes), at: range, isBareNumber: isBare, origins: origins)
    }

    private func mayBeBlank(_ function: FunctionDefinition, _ type: FormulaType, _ arguments: [ExpressionNode]) -> Bool {
        if arguments.isEmpty { return false }
        switch function.blank {
        // Text may come out empty, which is blank.
        case .zero: return !(type.isNumeric || type == .bool || type == .duration)
        case .blank:
            if case .text = type { return true }
            return arguments.contains(where: \.mayBeBlank)
        case .passed: return type != .bool
        }
    }
}

extension FunctionDefinition.ParameterKind {
    /// Whether lists and sets may stand for it.
    package var isList: Bool {
        switch self {
        case .numbers, .dates, .texts: true
        case .number, .text, .bool, .date, .datetime, .duration, .option, .options, .link, .location, .anything, .constantText, .calendar, .numberFormat, .dateFormat: false
        }
    }
}

extension FunctionDefinition.Overload {
    /// Whether a call with so many arguments is one of this.
    func takes(_ count: Int) -> Bool {
        let required = parameters.count { $0.presence == .required }
        let isOpen = parameters.last?.presence == .repeated
        return count >= required && (isOpen || count <= parameters.count)
    }

    /// The parameter to which the argument at `index` belongs; the last may be repeated.
    func parameter(at index: Int) -> FunctionDefinition.Parameter { parameters[min(index, parameters.count - 1)] }
}

extension FunctionDefinition {
    /// How it is called, one line per overload: `left(text, [count])`.
    var usage: [String] {
        var lines: [String] = []
        for overload in overloads {
            let parameters = overload.parameters.map { parameter in
                switch parameter.presence {
                case .required: parameter.name
                case .optional, .clock: "[\(parameter.name)]"
                case .repeated: "\(parameter.name)…"
                }
            }
            let line = "\(name)(\(parameters.joined(separator: ", ")))"
            if !lines.contains(line) { lines.append(line) }
        }
        return lines
    }
}
