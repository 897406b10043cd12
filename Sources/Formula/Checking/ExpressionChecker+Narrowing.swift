import SourceText

/// A link as it is reached: from a row or a binding along link fields. Two formulas that name it alike mean the same record.
struct LinkPath: Hashable {
    enum Root: Hashable {
        case row(RowReference)
        case variable(Int)
    }

    let root: Root
    let fields: [FieldID]

    /// The path of a link value; nil for what is computed.
    init?(_ node: ExpressionNode) {
        switch node.form {
        case .field(let field, of: let row): self.init(root: .row(row), fields: [field])
        case .variable(let slot): self.init(root: .variable(slot), fields: [])
        case .follow(let link, let field):
            guard let base = LinkPath(link) else { return nil }
            self.init(root: base.root, fields: base.fields + [field])
        case .record(let row): self.init(root: .row(row), fields: [])
        default: return nil
        }
    }

    init(root: Root, fields: [FieldID]) {
        self.root = root
        self.fields = fields
    }
}

/// Links to several objects: what `about is lead` says of what stands behind it, and fields that all the objects have.
extension ExpressionChecker {
    typealias Narrowing = [LinkPath: [ObjectID]]

    /// Of how many objects a field may be read without saying which: a branch is made for each.
    static let mostObjectsOfCommonField = 40

    /// A link, known to lead only to the objects that the conditions around leave.
    func narrowed(_ typed: Typed) -> Typed {
        guard case .link(let objects) = typed.type, objects.count > 1, !narrowing.isEmpty, let path = LinkPath(typed.node),
            let left = narrowing[path]
        else { return typed }
        return typed.retyped(.link(objects.filter(left.contains)))
    }

    /// Reads `body` where `facts` are known beside what is known already.
    mutating func knowing<Result>(_ facts: Narrowing, _ body: (inout ExpressionChecker) -> Result) -> Result {
        guard !facts.isEmpty else { return body(&self) }
        let outer = narrowing
        narrowing.merge(facts) { known, new in known.filter(new.contains) }
        defer { narrowing = outer }
        return body(&self)
    }

    /// What is known of links where the condition holds, or where it does not.
    func facts(of condition: ExpressionNode, holds: Bool) -> Narrowing {
        switch condition.form {
        case .isObject(let link, let object):
            guard let path = LinkPath(link), case .link(let objects) = link.type else { return [:] }
            return [path: holds ? [object] : objects.filter { $0 != object }]
        case .not(let inner): return facts(of: inner, holds: !holds)
        case .convert(.blankAsFalse, let inner): return facts(of: inner, holds: holds)
        case .and(let parts): return holds ? all(parts.map { facts(of: $0, holds: true) }) : any(parts.map { facts(of: $0, holds: false) })
        case .or(let parts): return holds ? any(parts.map { facts(of: $0, holds: true) }) : all(parts.map { facts(of: $0, holds: false) })
        default: return [:]
        }
    }

    private func all(_ facts: [Narrowing]) -> Narrowing {
        facts.reduce(into: [:]) { all, more in all.merge(more) { known, new in known.filter(new.contains) } }
    }

    private func any(_ facts: [Narrowing]) -> Narrowing {
        guard var common = facts.first else { return [:] }
        for more in facts.dropFirst() {
            common = common.reduce(into: [:]) { result, fact in
                if let other = more[fact.key] { result[fact.key] = fact.value + other.filter { !fact.value.contains($0) } }
            }
        }
        return common
    }

    /// Conditions from the left, each read with what the ones before it leave known: `about is lead and about.score > 3`.
    mutating func conditions(_ operands: [SyntaxNode], joinedByAnd: Bool) -> [ExpressionNode] {
        var read: [ExpressionNode] = []
        var known: Narrowing = [:]
        for operand in operands {
            let node = knowing(known) { $0.condition(operand) }
            known = all([known, facts(of: node, holds: joinedByAnd)])
            read.append(node)
        }
        return read
    }

    /// `value is NAME`.
    mutating func isObject(_ value: Typed, _ name: SyntaxName, at range: Range<Int>) -> Typed {
        guard case .link(let objects) = value.type else { return failed(.isWithoutTest, at: name.range, whole: range) }
        guard let object = names.object(name.text) else {
            let meant = closestMatch(to: name.text, among: objects.map { schema.objects[$0.index].name }).map { NameGuess.name(FormulaPrinter.spelled($0)) }
            return failed(.unknownName(name.text, on: nil, meant: meant), at: name.range, whole: range)
        }
        guard objects.contains(object), objects.count > 1 else {
            let issue = FormulaIssue.wrongObject(
                spelling(of: value), schema.objects[object.index].name, leads: objects.map { schema.objects[$0.index].name })
            return failed(issue, at: name.range, whole: range)
        }
        return Typed(.isObject(value.node, object), .bool, blank: false, at: range)
    }

    /// A field that every one of the objects has, of the record to which a link to several leads.
    mutating func followAny(_ value: Typed, _ objects: [ObjectID], _ name: SyntaxName, at range: Range<Int>) -> Typed {
        var common: [(object: ObjectID, field: FormulaField)] = []
        var lacking: [String] = []
        for object in objects {
            if case .field(let field)? = names.entity(name.text, on: object) { common.append((object, field)) } else { lacking.append(schema.objects[object.index].name) }
        }
        guard lacking.isEmpty, let first = common.first, common.count <= Self.mostObjectsOfCommonField else {
            let having = common.first.map { schema.objects[$0.object.index].name }
            return failed(.severalObjects(spelling(of: value), field: name.text, lacking: lacking, having: having), at: name.range, whole: range)
        }
        let type = self.type(of: first.field)
        if let other = common.first(where: { !isSameKind(type, self.type(of: $0.field)) }) {
            let issue = FormulaIssue.differentFields(
                name.text, schema.objects[first.object.index].name, describe(type), schema.objects[other.object.index].name,
                describe(self.type(of: other.field)), link: spelling(of: value))
            return failed(issue, at: name.range, whole: range)
        }
        return bound(value, at: range) { checker, link in
            var conditions: [ExpressionNode] = []
            var values: [Typed] = []
            for (object, _) in common {
                conditions.append(ExpressionNode(.isObject(link.node, object), type: .bool, mayBeBlank: false, range: range))
                values.append(checker.follow(link.retyped(.link([object])), name, at: range))
            }
            return checker.choose(conditions, values, at: range, expecting: nil)
        }
    }

    private func isSameKind(_ left: FormulaType, _ right: FormulaType) -> Bool {
        switch (left, right) {
        case (.error, _), (_, .error), (.text, .text), (.link, .link), (.number, .percent), (.percent, .number): true
        case (.choice(let first), .choice(let second)), (.choices(let first), .choices(let second)): first.name == second.name
        default: left == right
        }
    }
}
