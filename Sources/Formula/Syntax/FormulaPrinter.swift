/// Prints syntax trees in one way: ASCII signs, canonical function names, only the brackets that are needed.
package struct FormulaPrinter {
    private let functions: FunctionNames

    package init(_ functions: FunctionNames = .standard) {
        self.functions = functions
    }

    /// How tightly a form holds together; a looser one inside a tighter one stands in brackets.
    private enum Tightness: Int, Comparable {
        case or, and, not, comparison, concatenation, sum, product, power, sign, primary

        static func < (left: Tightness, right: Tightness) -> Bool { left.rawValue < right.rawValue }
        var next: Tightness { Tightness(rawValue: rawValue + 1) ?? .primary }
    }

    package func print(_ node: SyntaxNode) -> String {
        switch node.form {
        case .number(let literal): return literal.spelling
        case .duration(let literal): return literal.spelling
        case .text(let text): return "'\(text.replacing("'", with: "''"))'"
        case .bool(let value): return value ? "true" : "false"
        case .blank: return "blank"
        case .name(let name): return FormulaPrinter.spelled(name)
        case .subject(let subject): return subject.rawValue
        case .member(let base, let name): return "\(print(base, within: .primary)).\(FormulaPrinter.spelled(name.text))"
        case .negate(let operand): return "-\(print(operand, within: .sign))"
        case .not(let operand): return "not \(print(operand, within: .not))"
        case .arithmetic(let first, let steps):
            let isSum = isSum(node.form)
            var text = print(first, within: isSum ? .sum : .product)
            for step in steps { text += " \(sign(step.operation)) \(print(step.operand, within: isSum ? .product : .power))" }
            return text
        // `2^-3` needs no brackets, `(-2)^3` and `(2^3)^4` do.
        case .power(let base, let exponent): return "\(print(base, within: .primary))^\(print(exponent, within: .sign))"
        case .concatenate(let parts): return parts.map { print($0, within: .sum) }.joined(separator: " & ")
        case .comparison(let left, let operation, let right):
            return "\(print(left, within: .concatenation)) \(sign(operation)) \(print(right, within: .concatenation))"
        case .and(let operands): return operands.map { print($0, within: .not) }.joined(separator: " and ")
        case .or(let operands): return operands.map { print($0, within: .and) }.joined(separator: " or ")
        case .test(let operand, let test, let negated):
            let word =
                switch test {
                case .blank: "blank"
                case .valid: "valid"
                case .object(let name): FormulaPrinter.spelled(name.text)
                }
            return "\(print(operand, within: .concatenation)) is \(negated ? "not " : "")\(word)"
        case .oneOf(let operand, let items, let negated):
            return "\(print(operand, within: .concatenation)) \(negated ? "not " : "")in (\(items.map(print).joined(separator: ", ")))"
        case .within(let operand, let set, let negated):
            return "\(print(operand, within: .concatenation)) \(negated ? "not " : "")in \(print(set, within: .concatenation))"
        case .contains(let whole, let part, let negated):
            return "\(print(whole, within: .concatenation)) \(negated ? "not " : "")contains \(print(part, within: .concatenation))"
        case .between(let operand, let low, let high, let negated):
            let bounds = "\(print(low, within: .concatenation)) and \(print(high, within: .concatenation))"
            return "\(print(operand, within: .concatenation)) \(negated ? "not " : "")between \(bounds)"
        case .call(let function, let arguments):
            return "\(functions.canonical(function.text))(\(arguments.map(print).joined(separator: ", ")))"
        case .usersInRole(let role): return "users in role \(FormulaPrinter.spelled(role.text))"
        case .error: return "?"
        }
    }

    private func print(_ argument: SyntaxArgument) -> String {
        var text = argument.isOfGroup ? "" : print(argument.value)
        if let alias = argument.alias { text += " as \(FormulaPrinter.spelled(alias.text))" }
        if let condition = argument.condition { text += "\(argument.isOfGroup ? "" : " ")where \(print(condition))" }
        if let order = argument.order { text += " by \(print(order.key))\(order.descending ? " desc" : "")" }
        return text
    }

    private func print(_ node: SyntaxNode, within required: Tightness) -> String {
        tightness(of: node.form) < required ? "(\(print(node)))" : print(node)
    }

    private func isSum(_ form: SyntaxForm) -> Bool {
        guard case .arithmetic(_, let steps) = form, let step = steps.first else { return false }
        return step.operation == .add || step.operation == .subtract
    }

    private func tightness(of form: SyntaxForm) -> Tightness {
        switch form {
        case .or: .or
        case .and: .and
        case .not: .not
        case .comparison, .test, .oneOf, .within, .contains, .between: .comparison
        case .concatenate: .concatenation
        case .arithmetic: isSum(form) ? .sum : .product
        case .power: .power
        case .negate: .sign
        case .number, .duration, .text, .bool, .blank, .name, .subject, .member, .call, .usersInRole, .error: .primary
        }
    }

    private func sign(_ operation: ArithmeticOperator) -> String {
        switch operation {
        case .add: "+"
        case .subtract: "-"
        case .multiply: "*"
        case .divide: "/"
        case .power: "^"
        }
    }

    private func sign(_ operation: ComparisonOperator) -> String {
        switch operation {
        case .equal: "="
        case .notEqual: "<>"
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        }
    }

    /// A name as it stands in a formula: in backquotes where it must.
    package static func spelled(_ name: String) -> String {
        Lexer.isPlainName(name) || Keyword(rawValue: name) != nil ? name : "`\(name)`"
    }
}
