// What the register compiler asks of the typed form.

extension ExpressionNode {
    /// The number that is written out here, or follows from what is; nil for anything else, blanks included.
    var constantNumber: ExactDecimal? {
        switch form {
        case .literal(.number(let number)): number
        case .negate(let operand) where type.isNumeric: operand.constantNumber?.negated
        case .convert(.blankAsZero, let operand): operand.constantNumber
        case .call(let id, let arguments) where type.isNumeric:
            if case .number(let number)? = Self.constant(id, arguments) { number } else { nil }
        case .literal, .field, .record, .follow, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not,
            .isBlank, .isValid, .isObject, .oneOf, .member, .contains, .conditional, .coalesce, .ifError, .isError, .call, .aggregate, .convert:
            nil
        }
    }

    /// The same for a day, an instant or a length of time, as registers hold it.
    var constantTime: ExactDecimal? {
        switch form {
        case .literal(.date(let day)): ExactDecimal(Int(day.daysSinceEpoch))
        case .literal(.instant(let instant)): ExactDecimal(instant.microseconds)
        case .literal(.duration(let span)): ExactDecimal(span.microseconds)
        case .call(let id, let arguments) where type == .date:
            if case .date(let day)? = Self.constant(id, arguments) { ExactDecimal(Int(day.daysSinceEpoch)) } else { nil }
        case .literal, .field, .record, .follow, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not,
            .isBlank, .isValid, .isObject, .oneOf, .member, .contains, .conditional, .coalesce, .ifError, .isError, .call, .aggregate, .convert:
            nil
        }
    }

    /// What a function of numbers and days that are written out gives, whenever and wherever it is called.
    private static func constant(_ id: FunctionID, _ arguments: [ExpressionNode]) -> Value? {
        guard !arguments.isEmpty else { return nil }
        var values: [Value] = []
        for argument in arguments {
            switch argument.form {
            case .literal(.number), .literal(.date): if case .literal(let value) = argument.form { values.append(value) }
            default: return nil
            }
        }
        let function = FunctionCatalogue[id]
        guard !function.readsClock, !function.readsCalendar else { return nil }
        return function.evaluate(values, Moment(now: Instant(microseconds: 0), zone: .utc))
    }

    /// A number field of the record that is read with blanks as 0.
    var plainField: FieldID? {
        switch form {
        case .field(let field, of: .this): field
        case .convert(.blankAsZero, let operand): operand.plainField
        case .literal, .field, .record, .follow, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not,
            .isBlank, .isValid, .isObject, .oneOf, .member, .contains, .conditional, .coalesce, .ifError, .isError, .call, .aggregate, .convert:
            nil
        }
    }

    /// The field of `left(field, 3)` if that is as many characters as the text has: comparing the two asks how the field begins.
    func beginning(asLongAs text: String) -> FieldID? {
        guard case .call(let id, let arguments) = form, id == KnownFunctions.left, arguments.count == 2,
            case .field(let field, of: .this) = arguments[0].form, case .text = arguments[0].type,
            arguments[1].constantNumber == ExactDecimal(text.unicodeScalars.count)
        else { return nil }
        return field
    }

    func readsNames(_ slots: some Collection<Int>) -> Bool {
        guard !slots.isEmpty else { return false }
        var open = [self]
        while let node = open.popLast() {
            if case .variable(let slot) = node.form, slots.contains(slot) { return true }
            open += node.below
        }
        return false
    }

    /// The nodes directly below, those inside the rows of sets too.
    private var below: [ExpressionNode] {
        switch form {
        case .literal, .field, .record, .variable: return []
        case .follow(let node, _), .negate(let node), .not(let node), .isBlank(let node), .isValid(let node, _), .isObject(let node, _),
            .isError(let node), .convert(_, let node):
            return [node]
        case .bind(_, let left, let right), .arithmetic(_, let left, let right), .timeArithmetic(_, let left, let right),
            .compare(_, let left, let right), .member(let left, let right), .contains(let left, let right), .ifError(let left, let right):
            return [left, right]
        case .concatenate(let nodes), .and(let nodes), .or(let nodes), .coalesce(let nodes), .call(_, let nodes): return nodes
        case .oneOf(let node, let nodes): return [node] + nodes
        case .conditional(let branches, let otherwise): return branches.flatMap { [$0.condition, $0.value] } + [otherwise]
        case .aggregate(let aggregate):
            let set: [ExpressionNode]
            switch aggregate.set {
            case .children(let node, _): set = [node]
            case .list(let node), .linked(let node): set = [node]
            case .scalars(let nodes): set = nodes
            case .all, .users: set = []
            }
            return set + [aggregate.value, aggregate.condition, aggregate.order?.key].compactMap { $0 } + aggregate.arguments
        }
    }
}

extension [ExpressionNode] {
    /// What they say, if all are texts or options that are written out, none of them empty.
    var literalTexts: [String]? {
        var texts: [String] = []
        for node in self {
            switch node.form {
            case .literal(.text(let text)), .literal(.option(let text)): texts.append(text)
            default: return nil
            }
        }
        return texts
    }
}
