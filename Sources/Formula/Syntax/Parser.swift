/// Reads tokens into a syntax tree, by operator precedence.
///
/// After a mistake it goes on behind the next comma or bracket of the call it is in, so that one mistake gives one message and a
/// second one is still found.
struct Parser {
    private let tokens: [Token]
    private var position = 0
    private(set) var mistakes: [FormulaMistake]
    private var depth = 0
    private var nodeCount = 0
    /// A mistake has been reported and its surroundings have not been left yet.
    private var isLost = false
    /// A bound was passed: nothing is read any more.
    private var isAborted = false

    private init(_ text: String) {
        guard text.utf8.count <= FormulaLimits.bytes else {
            tokens = [Token(kind: .end, range: 0..<0)]
            mistakes = [FormulaMistake(.tooLong, at: 0..<text.utf8.count)]
            isAborted = true
            return
        }
        (tokens, mistakes) = Lexer.tokens(of: text)
    }

    /// Reads a whole formula. A leading `=` is passed over. Where there are mistakes, the tree holds what could be read.
    static func formula(_ text: String) -> (root: SyntaxNode, mistakes: [FormulaMistake]) {
        var parser = Parser(text)
        parser.skipLeadingSign()
        let root = parser.expression()
        parser.expectEnd()
        return (root, parser.mistakes)
    }

    /// Reads `EXPRESSION [if CONDITION]`.
    static func points(_ text: String) -> (value: SyntaxNode, condition: SyntaxNode?, mistakes: [FormulaMistake]) {
        var parser = Parser(text)
        parser.skipLeadingSign()
        let value = parser.expression()
        var condition: SyntaxNode?
        if !parser.isLost, parser.take(.if) { condition = parser.expression() }
        parser.expectEnd()
        return (value, condition, parser.mistakes)
    }

    /// Reads a value with the clauses of a set: `SET [as n] [where CONDITION] [by KEY [desc]]`.
    static func records(_ text: String) -> (argument: SyntaxArgument, mistakes: [FormulaMistake]) {
        var parser = Parser(text)
        parser.skipLeadingSign()
        let argument = parser.argument()
        parser.expectEnd()
        return (argument, parser.mistakes)
    }

    // MARK: Tokens

    private var current: Token { tokens[min(position, tokens.count - 1)] }

    private func token(ahead count: Int) -> Token { tokens[min(position + count, tokens.count - 1)] }

    private mutating func advance() {
        if position < tokens.count - 1 { position += 1 }
    }

    private mutating func take(_ symbol: Symbol) -> Bool {
        guard current.kind == .symbol(symbol) else { return false }
        advance()
        return true
    }

    private mutating func take(_ keyword: Keyword) -> Bool {
        guard current.kind == .keyword(keyword) else { return false }
        advance()
        return true
    }

    private mutating func skipLeadingSign() {
        _ = take(.equal)
    }

    /// The end of what has been read so far.
    private var endOfRead: Int { position > 0 ? tokens[position - 1].range.upperBound : current.range.lowerBound }

    // MARK: Mistakes

    private mutating func report(_ issue: FormulaIssue, at range: Range<Int>) {
        guard !isLost, !isAborted else { return }
        isLost = true
        // Where a quote is missing, text and formula have changed places: what else seems wrong is the same mistake.
        guard !mistakes.contains(where: { $0.issue.code == "unterminated-text" }) else { return }
        mistakes.append(FormulaMistake(issue, at: range))
    }

    /// Stops reading for good.
    private mutating func abort(_ issue: FormulaIssue, at range: Range<Int>) {
        guard !isAborted else { return }
        if !isLost { mistakes.append(FormulaMistake(issue, at: range)) }
        isLost = true
        isAborted = true
        position = tokens.count - 1
    }

    private func spelling(of token: Token) -> String? {
        switch token.kind {
        case .name(let name): name
        case .quotedName(let name): "`\(name)`"
        case .keyword(let keyword): keyword.rawValue
        case .number(let number): number.spelling
        case .duration(let duration): duration.spelling
        case .text(let text): "'\(text)'"
        case .symbol(let symbol): symbol.rawValue
        case .broken, .end: nil
        }
    }

    /// Complains that something else should stand at the current token.
    private mutating func reportUnexpected() {
        let token = current
        // `NOT x` reads as a name with something behind it.
        if position > 0, case .name(let name) = tokens[position - 1].kind, name != "not", name.lowercased() == "not", token.kind != .end {
            report(.upperCaseKeyword(name), at: tokens[position - 1].range)
            return
        }
        switch token.kind {
        case .broken:
            isLost = true
        case .end:
            report(tokens.count == 1 ? .emptyFormula : .endsEarly, at: position > 0 ? tokens[position - 1].range : token.range)
        case .name(let name) where Keyword(rawValue: name.lowercased()) != nil:
            report(.upperCaseKeyword(name), at: token.range)
        case .name, .quotedName, .keyword, .number, .duration, .text, .symbol:
            report(.unexpected(spelling(of: token) ?? ""), at: token.range)
        }
    }

    private mutating func expectEnd() {
        guard !isLost, current.kind != .end else { return }
        if current.kind == .symbol(.leftParenthesis), position > 0, case .name(let name) = tokens[position - 1].kind {
            report(.spaceBeforeBracket(name), at: tokens[position - 1].range.lowerBound..<current.range.upperBound)
        } else {
            reportUnexpected()
        }
    }

    /// Leaves the surroundings of a mistake: on to the comma or closing bracket of the call being read.
    private mutating func recover() {
        guard isLost, !isAborted else { return }
        var open = 0
        while true {
            switch current.kind {
            case .end: return
            case .symbol(.leftParenthesis): open += 1
            case .symbol(.rightParenthesis):
                if open == 0 {
                    isLost = false
                    return
                }
                open -= 1
            case .symbol(.comma) where open == 0:
                isLost = false
                return
            case .symbol, .name, .quotedName, .keyword, .number, .duration, .text, .broken: break
            }
            advance()
        }
    }

    // MARK: Nodes

    private mutating func node(_ form: SyntaxForm, from start: Int) -> SyntaxNode {
        nodeCount += 1
        if nodeCount > FormulaLimits.nodes { abort(.tooManyNodes, at: start..<max(start, endOfRead)) }
        return SyntaxNode(form, at: start..<max(start, endOfRead))
    }

    private func errorNode(from start: Int) -> SyntaxNode {
        SyntaxNode(.error, at: start..<max(start, endOfRead))
    }

    /// Reads with `body` one level deeper.
    private mutating func deeper(_ body: (inout Parser) -> SyntaxNode) -> SyntaxNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= FormulaLimits.depth else {
            let start = current.range.lowerBound
            abort(.tooDeep, at: current.range)
            return errorNode(from: start)
        }
        return body(&self)
    }

    // MARK: Expressions

    /// How tightly an operator holds its operands; later ones hold tighter.
    private enum Precedence: Int, Comparable {
        case or, and, not, comparison, concatenation, sum, product, power

        static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }

        var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .power }
    }

    private func infixPrecedence() -> Precedence? {
        switch current.kind {
        case .symbol(let symbol):
            switch symbol {
            case .plus, .minus: .sum
            case .star, .slash: .product
            case .caret: .power
            case .ampersand: .concatenation
            case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: .comparison
            case .leftParenthesis, .rightParenthesis, .comma, .dot: nil
            }
        case .keyword(let keyword):
            switch keyword {
            case .or: .or
            case .and: .and
            case .in, .contains, .between, .is: .comparison
            case .not:
                switch token(ahead: 1).kind {
                case .keyword(.in), .keyword(.contains), .keyword(.between): .comparison
                default: nil
                }
            case .this, .me, .old, .candidate, .body, .blank, .valid, .where, .by, .desc, .as, .if, .true, .false, .yes, .no: nil
            }
        case .name, .quotedName, .number, .duration, .text, .broken, .end: nil
        }
    }

    private mutating func expression(_ minimum: Precedence = .or) -> SyntaxNode {
        let start = current.range.lowerBound
        var left = prefix()
        while !isLost, let precedence = infixPrecedence(), precedence >= minimum {
            switch precedence {
            case .or: left = chain(left, from: start, joinedBy: .or, precedence) { .or($0) }
            case .and: left = chain(left, from: start, joinedBy: .and, precedence) { .and($0) }
            case .not, .comparison: left = comparison(left, from: start)
            case .concatenation: left = concatenation(left, from: start)
            case .sum, .product: left = arithmetic(left, precedence, from: start)
            case .power: left = power(left, from: start)
            }
        }
        return left
    }

    private mutating func chain(
        _ first: SyntaxNode, from start: Int, joinedBy keyword: Keyword, _ precedence: Precedence, _ form: ([SyntaxNode]) -> SyntaxForm
    ) -> SyntaxNode {
        var operands = [first]
        while !isLost, take(keyword) { operands.append(expression(precedence.next)) }
        return node(form(operands), from: start)
    }

    private mutating func concatenation(_ first: SyntaxNode, from start: Int) -> SyntaxNode {
        var operands = [first]
        while !isLost, take(.ampersand) { operands.append(expression(.sum)) }
        return node(.concatenate(operands), from: start)
    }

    private mutating func arithmetic(_ first: SyntaxNode, _ precedence: Precedence, from start: Int) -> SyntaxNode {
        var steps: [SyntaxForm.Step] = []
        while !isLost {
            let operation: ArithmeticOperator
            switch (current.kind, precedence) {
            case (.symbol(.plus), .sum): operation = .add
            case (.symbol(.minus), .sum): operation = .subtract
            case (.symbol(.star), .product): operation = .multiply
            case (.symbol(.slash), .product): operation = .divide
            default: return node(.arithmetic(first, steps), from: start)
            }
            let sign = current.range
            advance()
            let operand = expression(precedence.next)
            nodeCount += 1
            steps.append(SyntaxForm.Step(operation: operation, sign: sign, operand: operand))
        }
        return node(.arithmetic(first, steps), from: start)
    }

    private mutating func power(_ base: SyntaxNode, from start: Int) -> SyntaxNode {
        let isNegated = if case .negate = base.form, base.range.lowerBound == start { true } else { false }
        advance()
        let exponent = prefix()
        let power = node(.power(base, exponent), from: start)
        if isNegated {
            report(.negatedPower, at: power.range)
        } else if !isLost, current.kind == .symbol(.caret) {
            advance()
            _ = prefix()
            report(.chainedPower, at: start..<endOfRead)
        }
        return power
    }

    /// One comparison; a second at the same level is a mistake, since it would compare an answer with a value.
    private mutating func comparison(_ left: SyntaxNode, from start: Int) -> SyntaxNode {
        let result = oneComparison(left, from: start)
        if !isLost, infixPrecedence() == .comparison { report(.comparisonChain, at: current.range) }
        return result
    }

    private mutating func oneComparison(_ left: SyntaxNode, from start: Int) -> SyntaxNode {
        let negated = take(.not)
        let token = current
        advance()
        switch token.kind {
        case .symbol(.equal): return node(.comparison(left, .equal, expression(.concatenation)), from: start)
        case .symbol(.notEqual): return node(.comparison(left, .notEqual, expression(.concatenation)), from: start)
        case .symbol(.less): return node(.comparison(left, .less, expression(.concatenation)), from: start)
        case .symbol(.lessOrEqual): return node(.comparison(left, .lessOrEqual, expression(.concatenation)), from: start)
        case .symbol(.greater): return node(.comparison(left, .greater, expression(.concatenation)), from: start)
        case .symbol(.greaterOrEqual): return node(.comparison(left, .greaterOrEqual, expression(.concatenation)), from: start)
        case .keyword(.contains): return node(.contains(left, expression(.concatenation), negated: negated), from: start)
        case .keyword(.between):
            let low = expression(.concatenation)
            if !isLost, !take(.and) { report(.betweenWithoutAnd, at: token.range) }
            guard !isLost else { return errorNode(from: start) }
            return node(.between(left, low, expression(.concatenation), negated: negated), from: start)
        case .keyword(.in): return membership(left, negated: negated, from: start)
        case .keyword(.is): return test(left, from: start)
        default:
            reportUnexpected()
            return errorNode(from: start)
        }
    }

    private mutating func membership(_ left: SyntaxNode, negated: Bool, from start: Int) -> SyntaxNode {
        guard current.kind == .symbol(.leftParenthesis) else {
            return node(.within(left, expression(.concatenation), negated: negated), from: start)
        }
        let opening = current.range
        advance()
        var items: [SyntaxNode] = []
        repeat {
            items.append(deeper { $0.expression() })
            recover()
        } while !isLost && take(.comma)
        close(opening)
        return node(.oneOf(left, items, negated: negated), from: start)
    }

    private mutating func test(_ left: SyntaxNode, from start: Int) -> SyntaxNode {
        let negated = take(.not)
        let token = current
        switch token.kind {
        case .keyword(.blank):
            advance()
            return node(.test(left, .blank, negated: negated), from: start)
        case .keyword(.valid):
            advance()
            return node(.test(left, .valid, negated: negated), from: start)
        case .name(let name), .quotedName(let name):
            advance()
            return node(.test(left, .object(SyntaxName(text: name, range: token.range)), negated: negated), from: start)
        case .keyword, .number, .duration, .text, .symbol, .end:
            report(.isWithoutTest, at: position > 0 ? tokens[position - 1].range : token.range)
            return errorNode(from: start)
        case .broken:
            isLost = true
            return errorNode(from: start)
        }
    }

    // MARK: Operands

    private mutating func prefix() -> SyntaxNode {
        let start = current.range.lowerBound
        switch current.kind {
        case .symbol(.minus):
            advance()
            return deeper { parser in
                let operand = parser.prefix()
                return parser.node(.negate(operand), from: start)
            }
        case .symbol(.plus):
            advance()
            return deeper { $0.prefix() }
        case .keyword(.not) where !callFollows():
            advance()
            return deeper { parser in
                let operand = parser.expression(.comparison)
                return parser.node(.not(operand), from: start)
            }
        default:
            return members(of: primary(), from: start)
        }
    }

    private mutating func members(of base: SyntaxNode, from start: Int) -> SyntaxNode {
        var base = base
        var count = 0
        while !isLost, take(.dot) {
            let token = current
            count += 1
            // Far beyond what a path may have; the checker counts the links themselves.
            if count > 2 * FormulaLimits.hops { abort(.pathTooLong, at: token.range) }
            switch token.kind {
            case .name(let name), .quotedName(let name):
                advance()
                base = node(.member(base, SyntaxName(text: name, range: token.range)), from: start)
            case .keyword(let keyword):
                advance()
                base = node(.member(base, SyntaxName(text: keyword.rawValue, range: token.range)), from: start)
            case .number, .duration, .text, .symbol, .broken, .end:
                reportUnexpected()
            }
        }
        return base
    }

    /// Whether the current word is the name of a call: a bracket follows it without a space.
    private func callFollows() -> Bool {
        let next = token(ahead: 1)
        return next.kind == .symbol(.leftParenthesis) && next.range.lowerBound == current.range.upperBound
    }

    private mutating func primary() -> SyntaxNode {
        let token = current
        let start = token.range.lowerBound
        switch token.kind {
        case .number(let number):
            advance()
            return node(.number(number), from: start)
        case .duration(let duration):
            advance()
            return node(.duration(duration), from: start)
        case .text(let text):
            advance()
            return node(.text(text), from: start)
        case .name(let name):
            if callFollows() { return call(name) }
            if let dotted = dottedFunction(name) { return call(dotted.name, tokenCount: dotted.tokenCount) }
            if let role = roleOfPhrase(name) { return role }
            advance()
            // As spreadsheets spell them.
            if name == "TRUE" || name == "FALSE" { return node(.bool(name == "TRUE"), from: start) }
            return node(.name(name), from: start)
        case .quotedName(let name):
            advance()
            return node(.name(name), from: start)
        case .keyword(let keyword):
            if callFollows() { return call(keyword.rawValue) }
            guard let form = form(of: keyword) else {
                reportUnexpected()
                return errorNode(from: start)
            }
            advance()
            return node(form, from: start)
        case .symbol(.leftParenthesis):
            advance()
            let inner = deeper { $0.expression() }
            close(token.range)
            return inner
        case .symbol, .broken, .end:
            reportUnexpected()
            return errorNode(from: start)
        }
    }

    private func form(of keyword: Keyword) -> SyntaxForm? {
        switch keyword {
        case .this: .subject(.this)
        case .me: .subject(.me)
        case .old: .subject(.old)
        case .candidate: .subject(.candidate)
        case .body: .subject(.body)
        case .true, .yes: .bool(true)
        case .false, .no: .bool(false)
        case .blank: .blank
        case .and, .or, .not, .in, .contains, .between, .is, .valid, .where, .by, .desc, .as, .if: nil
        }
    }

    /// `users in role X`, which is one phrase.
    private mutating func roleOfPhrase(_ name: String) -> SyntaxNode? {
        guard name == "users", token(ahead: 1).kind == .keyword(.in), token(ahead: 2).kind == .name("role") else { return nil }
        let start = current.range.lowerBound
        let token = token(ahead: 3)
        switch token.kind {
        case .name(let role), .quotedName(let role), .text(let role):
            for _ in 0..<4 { advance() }
            return node(.usersInRole(SyntaxName(text: role, range: token.range)), from: start)
        case .keyword, .number, .duration, .symbol, .broken, .end: return nil
        }
    }

    /// A function whose name has dots in it, such as Excel's `STDEV.S(`; nil for the path that it may also be.
    private func dottedFunction(_ first: String) -> (name: String, tokenCount: Int)? {
        var name = first
        var count = 1
        var end = current.range.upperBound
        while count <= 5, token(ahead: count).kind == .symbol(.dot), token(ahead: count).range.lowerBound == end {
            let part = token(ahead: count + 1)
            guard case .name(let text) = part.kind, part.range.lowerBound == token(ahead: count).range.upperBound else { return nil }
            name += "." + text
            count += 2
            end = part.range.upperBound
            if token(ahead: count).kind == .symbol(.leftParenthesis), token(ahead: count).range.lowerBound == end {
                return FunctionNames.standard[name] != nil || RefusedFunctions.hint(for: name) != nil ? (name, count) : nil
            }
        }
        return nil
    }

    private mutating func call(_ name: String, tokenCount: Int = 1) -> SyntaxNode {
        let start = current.range.lowerBound
        let function = SyntaxName(text: name, range: start..<token(ahead: tokenCount - 1).range.upperBound)
        for _ in 0..<tokenCount { advance() }
        let opening = current.range
        advance()
        var arguments: [SyntaxArgument] = []
        if current.kind != .symbol(.rightParenthesis) {
            repeat {
                arguments.append(argument())
                recover()
            } while !isLost && take(.comma)
        }
        close(opening)
        return node(.call(function, arguments), from: start)
    }

    private mutating func close(_ opening: Range<Int>) {
        guard !isLost, !take(.rightParenthesis) else { return }
        if current.kind == .end {
            report(.unclosedBracket, at: opening)
        } else if current.kind == .symbol(.leftParenthesis) {
            expectEnd()
        } else {
            reportUnexpected()
        }
    }

    private mutating func argument() -> SyntaxArgument {
        let start = current.range.lowerBound
        var isOfGroup = false
        if case .keyword(.where) = current.kind { isOfGroup = true }
        let value = isOfGroup ? SyntaxNode(.blank, at: start..<start) : deeper { $0.expression() }
        var alias: SyntaxName?
        var condition: SyntaxNode?
        var order: SyntaxArgument.Order?
        if !isLost, take(.as) {
            let token = current
            switch token.kind {
            case .name(let name), .quotedName(let name):
                advance()
                alias = SyntaxName(text: name, range: token.range)
            case .keyword, .number, .duration, .text, .symbol, .broken, .end: reportUnexpected()
            }
        }
        if !isLost, take(.where) { condition = deeper { $0.expression() } }
        if !isLost, take(.by) {
            let key = deeper { $0.expression() }
            order = SyntaxArgument.Order(key: key, descending: take(.desc))
        }
        if !isLost {
            switch current.kind {
            case .symbol(.comma), .symbol(.rightParenthesis), .end: break
            case .symbol(.leftParenthesis): expectEnd()
            case .name, .quotedName, .keyword, .number, .duration, .text, .symbol, .broken: reportUnexpected()
            }
        }
        return SyntaxArgument(value: value, alias: alias, condition: condition, order: order, range: start..<max(start, endOfRead), isOfGroup: isOfGroup)
    }
}
