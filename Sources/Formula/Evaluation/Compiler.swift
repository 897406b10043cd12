/// A formula's steps by what they give, so that numbers and conditions need no wrapping on the way.
enum CompiledStep: Sendable {
    /// Never blank.
    case number(Step<ExactDecimal>)
    /// Never blank.
    case condition(Step<Bool>)
    case value(Step<Value>)
}

/// Turns the typed form into closures over frame and machine, once per formula.
struct Compiler {
    /// Rows that aggregates stand in at the same time.
    private(set) var rowCount = 0

    mutating func compile(_ node: ExpressionNode) -> CompiledStep {
        if isPlainNumber(node) { return .number(number(node)) }
        if isPlainCondition(node) { return .condition(condition(node)) }
        return .value(value(node))
    }

    mutating func useRow(_ index: Int) {
        rowCount = max(rowCount, index + 1)
    }

    /// Any node.
    mutating func value(_ node: ExpressionNode) -> Step<Value> {
        if isPlainNumber(node) {
            let step = number(node)
            return { frame, machine throws(Interruption) in .number(try step(frame, &machine)) }
        }
        if isPlainCondition(node) {
            let step = condition(node)
            return { frame, machine throws(Interruption) in .bool(try step(frame, &machine)) }
        }
        switch node.form {
        case .literal(let value):
            if case .failure(let failure) = value { return { _, _ throws(Interruption) in throw .failure(failure) } }
            return { _, _ throws(Interruption) in value }
        case .field(let field, let reference):
            return self.field(field, of: reference)
        case .record(let reference):
            let row = self.row(reference)
            return { frame, machine throws(Interruption) in row(frame, machine).map { .link($0.id) } ?? .blank }
        case .follow(let link, let field):
            return follow(link, field)
        case .variable(let slot):
            return { _, machine throws(Interruption) in
                guard slot < machine.variables.count else { return .blank }
                let value = machine.variables[slot]
                if case .failure(let failure) = value { throw .failure(failure) }
                return value
            }
        case .bind(let slot, let bound, let body):
            // What a name stands for fails only where the name is used.
            let bound = orFailure(bound)
            let body = value(body)
            return { frame, machine throws(Interruption) in
                let value = try bound(frame, &machine)
                if slot < machine.variables.count { machine.variables[slot] = value }
                return try body(frame, &machine)
            }
        case .timeArithmetic(let operation, let left, let right):
            return time(operation, left, right)
        case .negate(let operand):
            return negatedDuration(operand)
        case .concatenate(let parts):
            return concatenation(parts)
        case .conditional(let branches, let otherwise):
            return conditional(branches, otherwise)
        case .coalesce(let nodes):
            let steps = nodes.map { value($0) }
            return { frame, machine throws(Interruption) in
                for step in steps {
                    let value = try step(frame, &machine)
                    if !value.isBlank { return value }
                }
                return .blank
            }
        case .ifError(let node, let instead):
            let step = value(node)
            let instead = value(instead)
            return { frame, machine throws(Interruption) in
                do throws(Interruption) {
                    return try step(frame, &machine)
                } catch {
                    guard case .failure = error else { throw error }
                    return try instead(frame, &machine)
                }
            }
        case .call(let function, let arguments):
            return call(function, arguments)
        case .aggregate(let aggregate):
            return self.aggregate(aggregate, type: node.type)
        case .convert(let conversion, let operand):
            return convert(conversion, operand)
        case .arithmetic, .compare, .and, .or, .not, .isBlank, .isValid, .oneOf, .member, .isObject, .contains, .isError:
            preconditionFailure("numbers and conditions are compiled as such")
        }
    }

    /// The value, or the failure as a value.
    mutating func orFailure(_ node: ExpressionNode) -> Step<Value> {
        let step = value(node)
        return { frame, machine throws(Interruption) in
            do throws(Interruption) {
                return try step(frame, &machine)
            } catch {
                guard case .failure(let failure) = error else { throw error }
                return .failure(failure)
            }
        }
    }

    // MARK: Rows and fields

    func field(_ field: FieldID, of reference: RowReference) -> Step<Value> {
        let index = field.index
        if reference == .this {
            return { frame, _ throws(Interruption) in
                guard let row = frame.this, index < row.values.count else { return .blank }
                let value = row.values[index]
                if case .failure(let failure) = value { throw .failure(failure) }
                return value
            }
        }
        let row = self.row(reference)
        return { frame, machine throws(Interruption) in
            guard let row = row(frame, machine), index < row.values.count else { return .blank }
            let value = row.values[index]
            if case .failure(let failure) = value { throw .failure(failure) }
            return value
        }
    }

    private func row(_ reference: RowReference) -> @Sendable (Frame, borrowing Machine) -> Row? {
        switch reference {
        case .this: { frame, _ in frame.this }
        case .old: { frame, _ in frame.old }
        case .me: { frame, _ in frame.me }
        case .candidate: { frame, _ in frame.candidate }
        case .row(let index): { _, machine in index < machine.rows.count ? machine.rows[index] : nil }
        }
    }

    private mutating func follow(_ link: ExpressionNode, _ field: FieldID) -> Step<Value> {
        let link = value(link)
        return { frame, machine throws(Interruption) in
            guard case .link(let id) = try link(frame, &machine), id.object == field.object else { return .blank }
            let row = try Interruption.reading { try frame.source.row(id) }
            guard let row, field.index < row.values.count else { return .blank }
            let value = row.values[field.index]
            if case .failure(let failure) = value { throw .failure(failure) }
            return value
        }
    }

    // MARK: Choosing

    private mutating func conditional(_ branches: [Form.Branch], _ otherwise: ExpressionNode) -> Step<Value> {
        let otherwise = value(otherwise)
        let first = branches.first.map { (condition($0.condition), value($0.value)) }
        if branches.count == 1, let (condition, then) = first {
            return { frame, machine throws(Interruption) in
                try condition(frame, &machine) ? try then(frame, &machine) : try otherwise(frame, &machine)
            }
        }
        let steps = branches.map { (condition($0.condition), value($0.value)) }
        return { frame, machine throws(Interruption) in
            for (condition, then) in steps where try condition(frame, &machine) { return try then(frame, &machine) }
            return try otherwise(frame, &machine)
        }
    }

    // MARK: Texts

    private mutating func concatenation(_ parts: [ExpressionNode]) -> Step<Value> {
        let steps = parts.map { (value($0), $0.type) }
        return { frame, machine throws(Interruption) in
            var result = ""
            for (step, type) in steps {
                let value = try step(frame, &machine)
                if case .text(let text) = value {
                    result += text
                } else if !value.isBlank {
                    result += try Interruption.reading { try value.text(of: type, at: frame.moment) { try frame.source.title(of: $0) } }
                }
                guard result.utf8.count <= TextLimit.bytes else { throw .failure(FormulaFailure(.limit)) }
            }
            return Value(text: result)
        }
    }

    private mutating func convert(_ conversion: Conversion, _ operand: ExpressionNode) -> Step<Value> {
        let step = value(operand)
        switch conversion {
        case .blankAsZero:
            let zero = operand.type == .duration ? Value.duration(.zero) : .number(.zero)
            return { frame, machine throws(Interruption) in
                let value = try step(frame, &machine)
                return value.isBlank ? zero : value
            }
        case .blankAsFalse:
            return { frame, machine throws(Interruption) in
                let value = try step(frame, &machine)
                return value.isBlank ? .bool(false) : value
            }
        case .toText:
            let type = operand.type
            return { frame, machine throws(Interruption) in
                let value = try step(frame, &machine)
                switch value {
                case .text, .blank: return value
                case .bool, .number, .date, .instant, .duration, .option, .options, .location, .link, .links, .list, .failure:
                    return Value(text: try Interruption.reading { try value.text(of: type, at: frame.moment) { try frame.source.title(of: $0) } })
                }
            }
        case .startOfDay:
            return { frame, machine throws(Interruption) in
                let value = try step(frame, &machine)
                guard case .date(let day) = value else { return value }
                return .instant(frame.moment.zone.startOfDay(day))
            }
        case .round(let decimals):
            return { frame, machine throws(Interruption) in
                let value = try step(frame, &machine)
                guard case .number(let number) = value else { return value }
                return .number(try Interruption.failing { () throws(FormulaFailure) in try number.rounded(decimals: decimals) })
            }
        }
    }

    // MARK: Calls

    private mutating func call(_ id: FunctionID, _ arguments: [ExpressionNode]) -> Step<Value> {
        let function = FunctionCatalogue[id]
        let steps = arguments.map { value($0) }
        let zeroes = function.blank == .zero
            ? arguments.map { $0.type.isNumeric && $0.mayBeBlank } : Array(repeating: false, count: arguments.count)
        return { frame, machine throws(Interruption) in
            var values: [Value] = []
            values.reserveCapacity(steps.count)
            var sawBlank = false
            for (index, step) in steps.enumerated() {
                var value = try step(frame, &machine)
                if value.isBlank {
                    sawBlank = true
                    if zeroes[index] { value = .number(.zero) }
                }
                values.append(value)
            }
            // A failure of any argument counts more than a blank.
            if sawBlank, function.blank == .blank { return .blank }
            let result = function.evaluate(values, frame.moment)
            if case .failure(let failure) = result { throw .failure(failure) }
            return result
        }
    }
}
