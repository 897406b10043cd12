import Formula
import SourceText

extension FormulaLowering {
    /// A node as a condition; blank is false.
    mutating func condition(_ node: ExpressionNode) throws(NotLowerable) -> LoweredCondition {
        if let constant = constant(node) {
            if constant.fails != nil { return LoweredCondition("FALSE", isTwoValued: true, fails: "TRUE", depth: 1) }
            return .constant(constant.constant == .bool(true))
        }
        let condition = try shape(node)
        guard condition.holds.length + (condition.fails?.length ?? 0) <= Self.maximumLength, condition.depth <= Self.maximumDepth else {
            throw Self.tooLong(node.range)
        }
        return condition
    }

    private mutating func shape(_ node: ExpressionNode) throws(NotLowerable) -> LoweredCondition {
        switch node.form {
        case .compare(let operation, let left, let right):
            return try compare(operation, left, right)
        case .and(let operands):
            return try all(operands, isAnd: true)
        case .or(let operands):
            return try all(operands, isAnd: false)
        case .not(let operand):
            let condition = try condition(operand)
            return LoweredCondition("NOT \(condition.exact.parenthesized)", isTwoValued: true, fails: condition.fails, depth: condition.depth + 1)
        case .isBlank(let operand):
            return try isBlank(operand)
        case .isValid(let operand, let kind):
            let lowered = try value(operand)
            let arguments: [SQLFragment]
            switch kind {
            case .plain, .address: return LoweredCondition("\(lowered.value) IS NOT NULL", isTwoValued: true, fails: lowered.fails, depth: lowered.depth + 1)
            case .phone(let region): arguments = [lowered.value, "'phone'", SQLFragment(bound: .text(region))]
            case .email: arguments = [lowered.value, "'email'", "''"]
            case .url: arguments = [lowered.value, "'url'", "''"]
            case .uscc: arguments = [lowered.value, "'uscc'", "''"]
            case .citizenNumber: arguments = [lowered.value, "'cn_id'", "''"]
            }
            return LoweredCondition(
                try isValid(arguments, kind, node.range), isTwoValued: true, fails: lowered.fails, depth: lowered.depth + 2)
        case .isObject(let link, let object):
            let lowered = try value(link)
            guard case .link(let only) = lowered.form, let table = schema[object] else { throw Self.noColumn(node.range) }
            if let number = lowered.linkObject {
                return LoweredCondition(
                    "(\(lowered.value) IS NOT NULL AND \(number) = \(bound: .integer(table.number)))", isTwoValued: false, fails: lowered.fails,
                    depth: lowered.depth + 2)
            }
            guard only == object else { return LoweredCondition("FALSE", isTwoValued: true, fails: lowered.fails, depth: 1) }
            return LoweredCondition("\(lowered.value) IS NOT NULL", isTwoValued: true, fails: lowered.fails, depth: lowered.depth + 1)
        case .oneOf(let needle, let others):
            return try oneOf(needle, others)
        case .member(let needle, let set):
            return try member(needle, set)
        case .contains(let text, let part):
            let text = try value(text), part = try value(part)
            let fails = anyFails(text.fails, part.fails)
            let depth = max(text.depth, part.depth) + 3
            let place: SQLFragment = dialect == .sqlite ? "INSTR" : "STRPOS"
            if part.neverBlank {
                return LoweredCondition(.call(place, [text.value, part.value]) + " > 0", isTwoValued: false, fails: fails, depth: depth)
            }
            return LoweredCondition(
                .call(place, ["COALESCE(\(text.value), '')", "COALESCE(\(part.value), '')"]) + " > 0", isTwoValued: true, fails: fails,
                depth: depth)
        case .isError(let operand):
            let lowered = try value(operand)
            return LoweredCondition(lowered.fails ?? "FALSE", isTwoValued: true, depth: lowered.depth + 1)
        case .aggregate(let aggregate):
            if let exists = try existence(aggregate, node.range) { return exists }
            return try fromValue(node)
        case .convert(.blankAsFalse, let operand):
            return try condition(operand)
        case .bind(let slot, let bound, let body):
            let outer = variables[slot]
            variables[slot] = try value(bound)
            defer { variables[slot] = outer }
            return try condition(body)
        case .literal, .field, .record, .follow, .variable, .arithmetic, .negate, .timeArithmetic, .concatenate, .conditional, .coalesce, .ifError,
            .call, .convert:
            return try fromValue(node)
        }
    }

    private mutating func fromValue(_ node: ExpressionNode) throws(NotLowerable) -> LoweredCondition {
        let lowered = try value(node)
        return LoweredCondition(lowered.value, isTwoValued: lowered.neverBlank, fails: lowered.fails, depth: lowered.depth)
    }

    /// From the left, and no further than needed: what comes behind a decided side cannot fail.
    private mutating func all(_ operands: [ExpressionNode], isAnd: Bool) throws(NotLowerable) -> LoweredCondition {
        var conditions: [LoweredCondition] = []
        for operand in operands { conditions.append(try condition(operand)) }
        let separator: SQLFragment = isAnd ? " AND " : " OR "
        let mayFail = conditions.contains { $0.fails != nil }
        // NULL and false may mix as long as nobody asks for the difference.
        let holds: SQLFragment = "(\(SQLFragment.joined(conditions.map(\.holds), by: separator)))"
        let isTwoValued = conditions.allSatisfy(\.isTwoValued)
        let depth = (conditions.map(\.depth).max() ?? 0) + conditions.count
        guard mayFail else { return LoweredCondition(holds, isTwoValued: isTwoValued, depth: depth) }
        var cases: SQLFragment = "CASE"
        for (position, condition) in conditions.enumerated() {
            if let fails = condition.fails { cases.append(" WHEN \(fails) THEN TRUE") }
            guard position < conditions.count - 1 else { break }
            cases.append(isAnd ? " WHEN NOT \(condition.exact.parenthesized) THEN FALSE" : " WHEN \(condition.holds) THEN FALSE")
        }
        cases.append(" ELSE FALSE END")
        return LoweredCondition(holds, isTwoValued: isTwoValued, fails: cases, depth: depth + 2)
    }

    /// - Parameter arguments: The text, the name of its kind, and a region; SQLite's function takes all three.
    private func isValid(_ arguments: [SQLFragment], _ kind: TextKind, _ range: Range<Int>) throws(NotLowerable) -> SQLFragment {
        guard dialect == .postgres else { return .call("fx_is_valid", arguments) }
        switch kind {
        case .phone: return .call("fx_valid_phone", [arguments[0], arguments[2]])
        case .uscc: return .call("fx_valid_uscc", [arguments[0]])
        case .citizenNumber: return .call("fx_valid_cn_id", [arguments[0]])
        case .email, .url, .plain, .address: throw Self.notOnPostgres("is valid", range)
        }
    }

    private mutating func isBlank(_ operand: ExpressionNode) throws(NotLowerable) -> LoweredCondition {
        switch operand.type {
        case .choices, .tags, .links:
            let side = try sideRows(of: operand)
            return LoweredCondition("NOT EXISTS (SELECT 1 \(side.from))", isTwoValued: true, fails: side.fails, depth: side.depth + 2)
        case .number, .money, .percent, .text, .bool, .date, .datetime, .duration, .choice, .location, .link, .list, .blank, .error:
            let lowered = try value(operand)
            return LoweredCondition("\(lowered.value) IS NULL", isTwoValued: true, fails: lowered.fails, depth: lowered.depth + 1)
        }
    }

    // MARK: Comparing

    private mutating func compare(
        _ operation: ComparisonOperator, _ leftNode: ExpressionNode, _ rightNode: ExpressionNode
    ) throws(NotLowerable) -> LoweredCondition {
        let left = try value(leftNode), right = try value(rightNode)
        let fails = anyFails(left.fails, right.fails)
        if left.constant?.isBlank == true || right.constant?.isBlank == true {
            let other = left.constant?.isBlank == true ? right : left
            switch operation {
            case .equal: return LoweredCondition("\(other.value) IS NULL", isTwoValued: true, fails: fails, depth: other.depth + 1)
            case .notEqual: return LoweredCondition("\(other.value) IS NOT NULL", isTwoValued: true, fails: fails, depth: other.depth + 1)
            case .less, .lessOrEqual, .greater, .greaterOrEqual: return LoweredCondition("FALSE", isTwoValued: true, fails: fails, depth: 1)
            }
        }
        switch (left.form, right.form) {
        case (.scaled, _), (.decimal, _):
            return compareNumbers(operation, left, right, leftMayBeBlank: leftNode.mayBeBlank, rightMayBeBlank: rightNode.mayBeBlank)
        case (.option, .option), (.option, .text), (.text, .option):
            return try compareOptions(operation, left, right, leftNode.type.optionList ?? rightNode.type.optionList, fails)
        case (.link(let mine), .link(let theirs)):
            return try compareLinks(operation, left, mine, right, theirs, fails, leftNode.range)
        case (.bool, _), (.date, _), (.datetime, _), (.duration, _), (.text, _), (.option, _), (.link, _), (.list, _):
            return plain(operation, left, right, fails: fails, bothMayBeBlank: !left.neverBlank && !right.neverBlank)
        }
    }

    private func compareOptions(
        _ operation: ComparisonOperator, _ left: Lowered, _ right: Lowered, _ list: OptionList?, _ fails: SQLFragment?
    ) throws(NotLowerable) -> LoweredCondition {
        switch operation {
        case .equal, .notEqual:
            return plain(operation, left, right, fails: fails, bothMayBeBlank: !left.neverBlank && !right.neverBlank)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            let keys = list?.options.map(\.key) ?? []
            return LoweredCondition(
                "\(position(left, in: keys)) \(operation.symbol) \(position(right, in: keys))", isTwoValued: false, fails: fails,
                depth: max(left.depth, right.depth) + 3)
        }
    }

    /// Where an option stands in the declared order; behind all others if it was retired.
    private func position(_ lowered: Lowered, in keys: [String]) -> SQLFragment {
        if case .option(let key) = lowered.constant { return Self.position(of: key, in: keys) }
        if case .text(let key) = lowered.constant { return Self.position(of: key, in: keys) }
        return Self.position(lowered.value, in: keys)
    }

    private static func position(of key: String, in keys: [String]) -> SQLFragment {
        SQLFragment(bound: .integer(keys.firstIndex(of: key).map(Int64.init) ?? .max))
    }

    static func position(_ value: SQLFragment, in keys: [String]) -> SQLFragment {
        var cases: SQLFragment = "CASE \(value)"
        for (position, key) in keys.enumerated() { cases.append(" WHEN \(bound: .text(key)) THEN \(SQLFragment(stringLiteral: String(position)))") }
        cases.append(" ELSE CASE WHEN \(value) IS NOT NULL THEN 9223372036854775807 END END")
        return cases
    }

    private func compareLinks(
        _ operation: ComparisonOperator, _ left: Lowered, _ leftObject: ObjectID, _ right: Lowered, _ rightObject: ObjectID, _ fails: SQLFragment?,
        _ range: Range<Int>
    ) throws(NotLowerable) -> LoweredCondition {
        guard left.linkObject == nil || right.linkObject == nil else { throw Self.anyLink(range) }
        if left.linkObject != nil || right.linkObject != nil {
            let (any, one, object) = left.linkObject != nil ? (left, right, rightObject) : (right, left, leftObject)
            guard let number = any.linkObject, let table = schema[object], operation == .equal || operation == .notEqual else {
                throw Self.anyLink(range)
            }
            let same: SQLFragment =
                one.neverBlank
                ? "(\(number) \(self.same) \(bound: .integer(table.number)) AND \(any.value) \(self.same) \(one.value))"
                : "(\(any.value) \(self.same) \(one.value) AND (\(any.value) IS NULL OR \(number) \(self.same) \(bound: .integer(table.number))))"
            return LoweredCondition(
                operation == .equal ? same : "NOT \(same)", isTwoValued: true, fails: fails, depth: max(left.depth, right.depth) + 3)
        }
        if leftObject != rightObject {
            // Different objects are the same only if both are blank.
            let same: SQLFragment = "(\(left.value) IS NULL AND \(right.value) IS NULL)"
            switch operation {
            case .equal: return LoweredCondition(same, isTwoValued: true, fails: fails, depth: max(left.depth, right.depth) + 2)
            case .notEqual: return LoweredCondition("NOT \(same)", isTwoValued: true, fails: fails, depth: max(left.depth, right.depth) + 2)
            case .less, .lessOrEqual, .greater, .greaterOrEqual: throw Self.anyLink(range)
            }
        }
        return plain(operation, left, right, fails: fails, bothMayBeBlank: !left.neverBlank && !right.neverBlank)
    }

    private mutating func oneOf(_ needleNode: ExpressionNode, _ others: [ExpressionNode]) throws(NotLowerable) -> LoweredCondition {
        let needle = try value(needleNode)
        // A list of constants of the column's own form: the database's own IN, which uses an index.
        var marks: [SQLFragment] = []
        var holdsForBlank = false
        var isPlain = needle.linkObject == nil
        for other in others where isPlain {
            guard let lowered = constant(other), lowered.fails == nil, let constant = lowered.constant else {
                isPlain = false
                break
            }
            switch (needle.form, constant) {
            case (_, .blank): holdsForBlank = true
            case (.scaled(let decimals), .number(let number)):
                // What the column cannot hold is never equal to it.
                if number.scale <= decimals, let scaled = number.scaled(decimals: decimals) { marks.append(SQLFragment(bound: .integer(scaled))) }
            case (.text, .text), (.option, .option), (.option, .text), (.text, .option), (.date, .date), (.datetime, .instant),
                (.duration, .duration):
                marks.append(lowered.value)
            case (.link(let object), .link(let record)):
                if record.object == object { marks.append(lowered.value) }
            case (.scaled, _), (.decimal, _), (.bool, _), (.date, _), (.datetime, _), (.duration, _), (.text, _), (.option, _), (.link, _),
                (.list, _):
                isPlain = false
            }
        }
        if isPlain {
            let within: SQLFragment? = marks.isEmpty ? nil : "\(needle.value) IN (\(SQLFragment.joined(marks, by: ", ")))"
            let depth = needle.depth + 2
            switch (within, holdsForBlank) {
            case (nil, false): return LoweredCondition("FALSE", isTwoValued: true, fails: needle.fails, depth: 1)
            case (nil, true): return LoweredCondition("\(needle.value) IS NULL", isTwoValued: true, fails: needle.fails, depth: depth)
            case (let within?, false): return LoweredCondition(within, isTwoValued: false, fails: needle.fails, depth: depth)
            case (let within?, true):
                return LoweredCondition("(\(needle.value) IS NULL OR \(within))", isTwoValued: true, fails: needle.fails, depth: depth)
            }
        }
        let equalities = others.map { other in
            ExpressionNode(.compare(.equal, needleNode, other), type: .bool, mayBeBlank: false, range: other.range)
        }
        return try all(equalities, isAnd: false)
    }

    // MARK: Several values

    /// Rows of the side table of a field with several values, as `FROM … WHERE …`.
    mutating func sideRows(of node: ExpressionNode) throws(NotLowerable) -> (from: SQLFragment, value: SQLFragment, fails: SQLFragment?, depth: Int) {
        let owner: SQLFragment
        let field: FieldID
        var fails: SQLFragment?
        var depth = 1
        var objectGuard: SQLFragment = ""
        switch node.form {
        case .field(let of, let reference):
            field = of
            if reference == .me {
                guard let me else { throw Self.noColumn(node.range) }
                owner = SQLFragment(bound: .integer(me.number))
            } else {
                guard let row = try row(reference, node.range), let table = schema[row.object] else { throw Self.noColumn(node.range) }
                owner = "\(row.alias).\(table.id)"
            }
        case .follow(let link, let of):
            field = of
            let link = try value(link)
            guard let table = schema[of.object], case .link(let object) = link.form else { throw Self.noColumn(node.range) }
            owner = link.value
            fails = link.fails
            depth = link.depth
            if let number = link.linkObject {
                objectGuard = " AND \(number) = \(bound: .integer(table.number))"
            } else if object != of.object {
                objectGuard = " AND FALSE"
            }
            // A deleted record has no fields any more.
            let alias = newAlias()
            objectGuard.append(
                " AND EXISTS (SELECT 1 FROM \(table.name) AS \(alias) WHERE \(alias).\(table.id) = \(owner) AND \(alias).\(table.deleted) IS NULL)")
        case .literal, .record, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not, .isBlank, .isValid,
            .oneOf, .member, .isObject, .contains, .conditional, .coalesce, .ifError, .isError, .call, .aggregate, .convert:
            throw Self.lists(node.range)
        }
        let table: Identifier, ownerColumn: Identifier, valueColumn: Identifier
        switch schema[field]?.storage {
        case .options(let side, let owner, let value)?, .links(let side, let owner, let value, _)?: (table, ownerColumn, valueColumn) = (side, owner, value)
        case .number?, .bool?, .date?, .datetime?, .duration?, .text?, .option?, .link?, .linkAny?, nil: throw Self.noColumn(node.range)
        }
        let alias = newAlias()
        return (
            "FROM \(table) AS \(alias) WHERE \(alias).\(ownerColumn) = \(owner)\(objectGuard)", "\(alias).\(valueColumn)", fails, depth + 2
        )
    }

    private mutating func member(_ needle: ExpressionNode, _ set: ExpressionNode) throws(NotLowerable) -> LoweredCondition {
        let needle = try value(needle)
        switch set.type {
        case .choices, .tags:
            let side = try sideRows(of: set)
            return LoweredCondition(
                "EXISTS (SELECT 1 \(side.from) AND \(side.value) = \(needle.value))", isTwoValued: true, fails: anyFails(needle.fails, side.fails),
                depth: max(needle.depth, side.depth) + 2)
        case .links(let objects):
            let side = try sideRows(of: set)
            guard case .link(let object) = needle.form, let only = objects.first, let table = schema[only] else { throw Self.noColumn(set.range) }
            let fails = anyFails(needle.fails, side.fails)
            guard needle.linkObject != nil || object == only else { return LoweredCondition("FALSE", isTwoValued: true, fails: fails, depth: 1) }
            let sameObject: SQLFragment = needle.linkObject.map { " AND \($0) = \(bound: .integer(table.number))" } ?? ""
            return LoweredCondition(
                "EXISTS (SELECT 1 \(side.from) AND \(side.value) = \(needle.value)\(sameObject))", isTwoValued: true, fails: fails,
                depth: max(needle.depth, side.depth) + 2)
        case .list where dialect == .sqlite:
            let list = try value(set)
            return LoweredCondition(
                "fx_list_holds(\(list.value), \(try listed([needle], set.range)))", isTwoValued: true, fails: anyFails(needle.fails, list.fails),
                depth: max(needle.depth, list.depth) + 3)
        case .number, .money, .percent, .text, .bool, .date, .datetime, .duration, .choice, .location, .link, .list, .blank, .error:
            throw Self.lists(set.range)
        }
    }
}

extension FormulaType {
    var optionList: OptionList? {
        if case .choice(let list) = self { list } else { nil }
    }
}

extension SQLFragment {
    /// In brackets, unless it is one already or a single piece.
    var parenthesized: SQLFragment {
        if pieces.count == 1, case .text(let text) = pieces[0], text == "FALSE" || text == "TRUE" { return self }
        return "(\(self))"
    }
}
