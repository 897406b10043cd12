/// A checked sub-expression with what its surroundings may want to know of how it was written.
struct Typed {
    var node: ExpressionNode
    /// Made of plain number literals alone, so that it takes the currency of what stands beside it.
    var isBareNumber = false
    /// The text literal, which may yet become an option.
    var text: String?
    /// The days of a literal in days or weeks.
    var days: ExactDecimal?
    /// From where the record comes, if this is a link.
    var origins: [Origin] = []

    var type: FormulaType { node.type }
    var range: Range<Int> { node.range }
    var isError: Bool { node.type == .error }

    init(_ node: ExpressionNode, isBareNumber: Bool = false, origins: [Origin] = []) {
        self.node = node
        self.isBareNumber = isBareNumber
        self.origins = origins
    }

    init(_ form: Form, _ type: FormulaType, blank: Bool, at range: Range<Int>, isBareNumber: Bool = false, origins: [Origin] = []) {
        self.init(ExpressionNode(form, type: type, mayBeBlank: blank, range: range), isBareNumber: isBareNumber, origins: origins)
    }

    init(
        literal value: Value, type: FormulaType, at range: Range<Int>, isBareNumber: Bool = false, text: String? = nil,
        days: ExactDecimal? = nil
    ) {
        self.init(.literal(value), type, blank: value.isBlank, at: range, isBareNumber: isBareNumber)
        self.text = text
        self.days = days
    }

    static func error(at range: Range<Int>) -> Typed {
        Typed(.literal(.blank), .error, blank: true, at: range)
    }

    /// The opposite of a condition, if `isNegated`.
    func negated(_ isNegated: Bool) -> Typed {
        guard isNegated, !isError else { return self }
        return Typed(.not(node), .bool, blank: false, at: range)
    }

    /// The same value under another type.
    func retyped(_ type: FormulaType) -> Typed {
        var copy = self
        copy.node = ExpressionNode(node.form, type: type, mayBeBlank: node.mayBeBlank, range: node.range)
        return copy
    }
}

/// From where a record is reached: what its fields count as among the formula's reads.
enum Origin: Hashable {
    /// By these steps from the record that owns the formula.
    case path([FormulaReads.Path.Step])
    /// From every record of an object.
    case everywhere
    /// From the acting person, a candidate, the record as it was: not a dependency on stored records.
    case elsewhere
}

extension ExpressionChecker {
    /// Notes that a field of the records from `origins` is read.
    mutating func noteRead(of field: FieldID, from origins: [Origin]) {
        for origin in origins {
            switch origin {
            case .path(let steps) where steps.isEmpty: reads.own.insert(field)
            case .path(let steps): reads.related.insert(FormulaReads.Path(steps: steps, field: field))
            case .everywhere: reads.wholeObjects.insert(field.object)
            case .elsewhere: break
            }
        }
    }

    /// Notes that it counts which records stand at `origins`.
    mutating func noteExistence(of object: ObjectID, at origins: [Origin]) {
        for origin in origins {
            switch origin {
            case .path(let steps) where steps.isEmpty: break
            case .path(let steps): reads.related.insert(FormulaReads.Path(steps: steps, field: nil))
            case .everywhere: reads.wholeObjects.insert(object)
            case .elsewhere: break
            }
        }
    }

    func origins(_ origins: [Origin], by step: FormulaReads.Path.Step) -> [Origin] {
        origins.map { origin in
            switch origin {
            case .path(let steps): .path(steps + [step])
            case .everywhere: .everywhere
            case .elsewhere: .elsewhere
            }
        }
    }
}
