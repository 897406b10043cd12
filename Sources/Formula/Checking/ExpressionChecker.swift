/// Checks one formula: resolves names, finds types, and makes blank rules and conversions explicit.
///
/// After a mistake the sub-expression has the type `.error`, which everything around passes by in silence. The extensions hold the
/// rules, one file per concern.
struct ExpressionChecker {
    let schema: FormulaSchema
    let names: SchemaNames
    let functions: FunctionNames
    let typing: (FieldID) -> FormulaType
    let scope: FormulaScope

    var mistakes: [FormulaMistake] = []
    /// What may be meant but looks wrong.
    var warnings: [FormulaMistake] = []
    var reads = FormulaReads()
    /// What `let` and the inputs bind; the innermost last.
    var bindings: [Binding] = []
    /// Slots taken so far: the inputs, then every `let`.
    var variableCount: Int
    /// What is read of `body`; each part once.
    var bodyReads: [BodyRead] = []
    /// The rows of the aggregates around, the outermost first.
    var rows: [RowContext] = []
    /// What conditions around have said of links to several objects.
    var narrowing: Narrowing = [:]

    struct Binding {
        let name: String
        let slot: Int
        let value: Typed
    }

    struct RowContext {
        let alias: String?
        let object: ObjectID
        let origins: [Origin]
    }

    init(
        schema: FormulaSchema, names: SchemaNames, functions: FunctionNames, typing: @escaping (FieldID) -> FormulaType, scope: FormulaScope
    ) {
        self.schema = schema
        self.names = names
        self.functions = functions
        self.typing = typing
        self.scope = scope
        variableCount = scope.inputs.count
        bindings = scope.inputs.enumerated().map { slot, input in
            let node = ExpressionNode(.variable(slot), type: input.type, mayBeBlank: true, range: 0..<0)
            return Binding(name: input.name, slot: slot, value: Typed(node, origins: [.elsewhere]))
        }
    }

    mutating func report(_ issue: FormulaIssue, at range: Range<Int>) {
        mistakes.append(FormulaMistake(issue, at: range))
    }

    /// Reports, and gives what everything around passes by.
    mutating func failed(_ issue: FormulaIssue, at range: Range<Int>, whole: Range<Int>? = nil) -> Typed {
        report(issue, at: range)
        return .error(at: whole ?? range)
    }

    /// Checks `node` where a value of type `expected` is wanted; nil takes any.
    mutating func check(_ node: SyntaxNode, as expected: FormulaType?) -> Typed {
        let typed = infer(node, expecting: expected)
        guard let expected else { return typed }
        return coerce(typed, to: expected)
    }

    /// Finds the type of `node`. `expected` is a wish that helps to read options; the result may be of another type.
    mutating func infer(_ node: SyntaxNode, expecting expected: FormulaType? = nil) -> Typed {
        let range = node.range
        switch node.form {
        case .number(let literal):
            let type: FormulaType = literal.isPercent ? .percent : .number
            return Typed(literal: .number(literal.value), type: type, at: range, isBareNumber: !literal.isPercent)
        case .duration(let literal):
            return Typed(literal: .duration(literal.value), type: .duration, at: range, days: literal.days)
        case .text(let text):
            let typed = Typed(literal: text.isEmpty ? .blank : .text(text), type: .text(.plain), at: range, text: text)
            if case .choice = expected, let expected { return coerce(typed, to: expected) }
            return typed
        case .bool(let value): return Typed(literal: .bool(value), type: .bool, at: range)
        case .blank: return Typed(literal: .blank, type: .blank, at: range)
        case .name(let name): return inferName(name, at: range, expecting: expected)
        case .subject(let subject): return inferSubject(subject, at: range)
        case .member(let base, let name): return inferMember(of: base, name, at: range)
        case .negate(let operand): return negate(infer(operand), at: range)
        case .not(let operand): return Typed(.not(condition(operand)), .bool, blank: false, at: range)
        case .arithmetic(let first, let steps): return arithmetic(first, steps, at: range)
        case .power(let base, let exponent): return power(infer(base), infer(exponent), at: range)
        case .concatenate(let parts): return concatenate(parts, at: range)
        case .comparison(let left, let operation, let right): return comparison(left, operation, right, at: range)
        case .and(let operands): return Typed(.and(conditions(operands, joinedByAnd: true)), .bool, blank: false, at: range)
        case .or(let operands): return Typed(.or(conditions(operands, joinedByAnd: false)), .bool, blank: false, at: range)
        case .test(let operand, let test, let negated): return self.test(operand, test, at: range).negated(negated)
        case .oneOf(let operand, let items, let negated): return oneOf(operand, items, at: range).negated(negated)
        case .within(let operand, let set, let negated): return within(operand, set, at: range).negated(negated)
        case .contains(let whole, let part, let negated): return contains(whole, part, at: range).negated(negated)
        case .between(let operand, let low, let high, let negated): return between(operand, low, high, at: range).negated(negated)
        case .call(let function, let arguments): return call(function, arguments, at: range, expecting: expected)
        case .usersInRole(let role):
            if names.role(role.text) == nil { return unknownRole(role, at: range) }
            return failed(.setWithoutAggregate("users in role \(role.text)"), at: range)
        case .error: return .error(at: range)
        }
    }

    /// Checks `node` as a condition: a bool that is false where it is blank.
    mutating func condition(_ node: SyntaxNode) -> ExpressionNode {
        asCondition(infer(node, expecting: .bool))
    }

    mutating func asCondition(_ typed: Typed) -> ExpressionNode {
        let condition = coerce(typed, to: .bool, purpose: .condition).node
        guard condition.mayBeBlank else { return condition }
        return ExpressionNode(.convert(.blankAsFalse, condition), type: .bool, mayBeBlank: false, range: condition.range)
    }
}
