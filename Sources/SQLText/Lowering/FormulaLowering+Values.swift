import Formula
import SourceText

extension FormulaLowering {
    /// Any node as a value.
    mutating func value(_ node: ExpressionNode) throws(NotLowerable) -> Lowered {
        if let constant = constant(node) { return constant }
        return try checked(try shape(node), node.range)
    }

    private mutating func shape(_ node: ExpressionNode) throws(NotLowerable) -> Lowered {
        switch node.form {
        case .literal(let value):
            guard let literal = literal(value, node.type) else { throw Self.lists(node.range) }
            return literal
        case .field(let field, let reference):
            return try self.field(field, of: reference, node.range)
        case .record(let reference):
            if reference == .me {
                guard let me else { return Lowered(null(form(of: node.type)), form(of: node.type), constant: .blank, depth: 1) }
                return Lowered(SQLFragment(bound: .integer(me.number)), .link(me.object), constant: .link(me), depth: 1)
            }
            guard let row = try row(reference, node.range), let table = schema[row.object] else { throw Self.noColumn(node.range) }
            return Lowered("\(row.alias).\(table.id)", .link(row.object), depth: 1)
        case .follow(let link, let field):
            return try follow(link, field, node.range)
        case .variable(let slot):
            guard let bound = variables[slot] else {
                throw NotLowerable(Words(zh: "输入值不能用于筛选", en: "an input cannot be filtered by"), node.range)
            }
            return bound
        case .bind(let slot, let bound, let body):
            let outer = variables[slot]
            variables[slot] = try value(bound)
            defer { variables[slot] = outer }
            return try value(body)
        case .arithmetic, .negate:
            return try arithmetic(node)
        case .timeArithmetic(let operation, let left, let right):
            return try time(operation, left, right, node.type)
        case .concatenate(let parts):
            return try concatenation(parts)
        case .compare, .and, .or, .not, .isBlank, .isValid, .oneOf, .member, .isObject, .contains, .isError:
            let condition = try condition(node)
            return Lowered(condition.exact.parenthesized, .bool, fails: condition.fails, depth: condition.depth + 1)
        case .conditional(let branches, let otherwise):
            return try conditional(branches, otherwise, node.type)
        case .coalesce(let nodes):
            return try coalesce(nodes)
        case .ifError(let node, let instead):
            return try ifError(node, instead)
        case .call(let function, let arguments):
            return try call(function, arguments, node)
        case .aggregate(let aggregate):
            return try self.aggregate(aggregate, node)
        case .convert(let conversion, let operand):
            return try convert(conversion, operand, node.range)
        }
    }

    static func lists(_ range: Range<Int>) -> NotLowerable {
        NotLowerable(Words(zh: "多个值不能这样筛选", en: "several values cannot be filtered by in this way"), range)
    }

    static func noColumn(_ range: Range<Int>) -> NotLowerable {
        NotLowerable(Words(zh: "这个值在读取时才计算，不能用于筛选", en: "this value is computed when it is read and cannot be filtered by"), range)
    }

    // MARK: Fields

    private mutating func field(_ field: FieldID, of reference: RowReference, _ range: Range<Int>) throws(NotLowerable) -> Lowered {
        if reference == .me {
            guard let me else { throw Self.noColumn(range) }
            return try lookUp(field, of: SQLFragment(bound: .integer(me.number)), objectGuard: nil, depth: 1, range)
        }
        guard let row = try row(reference, range) else { throw Self.noColumn(range) }
        return try column(field, at: row.alias, range)
    }

    /// A field of a row that the statement has.
    mutating func column(_ field: FieldID, at alias: Identifier, _ range: Range<Int>) throws(NotLowerable) -> Lowered {
        if field.index == SystemField.id.rawValue, let table = schema[field.object] {
            return Lowered("\(alias).\(table.id)", .scaled(decimals: 0), digits: .init(whole: 19, decimals: 0), depth: 1)
        }
        guard let column = schema[field] else { return try computed(field, at: alias, range) }
        let value: SQLFragment = "\(alias).\(column.name)"
        let fails: SQLFragment? = column.error.map { "(\(alias).\($0) IS NOT NULL)" }
        switch column.storage {
        case .number(let decimals):
            let digits = Lowered.Digits(whole: max(1, 19 - decimals), decimals: decimals)
            return Lowered(value, dialect == .postgres ? .decimal : .scaled(decimals: decimals), fails: fails, digits: digits, depth: 1)
        case .bool: return Lowered(value, .bool, fails: fails, depth: 1)
        case .date: return Lowered(value, .date, fails: fails, depth: 1)
        case .datetime: return Lowered(value, .datetime, fails: fails, depth: 1)
        case .duration: return Lowered(value, .duration, fails: fails, depth: 1)
        case .text: return Lowered(value, .text, fails: fails, depth: 1)
        case .option: return Lowered(value, .option, fails: fails, depth: 1)
        case .link(let object): return Lowered(value, .link(object), fails: fails, depth: 1)
        case .linkAny(let object):
            return Lowered(value, .link(field.object), fails: fails, linkObject: "\(alias).\(object)", depth: 1)
        case .options, .links:
            throw Self.lists(range)
        }
    }

    /// A field computed on read, by its formula over the row.
    private mutating func computed(_ field: FieldID, at alias: Identifier, _ range: Range<Int>) throws(NotLowerable) -> Lowered {
        guard let computed = schema.computed[field], inlined < 8 else { throw Self.noColumn(range) }
        let outer = (root, variables, rows)
        defer { (root, variables, rows) = outer }
        root = (alias, field.object)
        variables = [:]
        rows = [:]
        inlined += 1
        defer { inlined -= 1 }
        do throws(NotLowerable) {
            var sum: Lowered?
            for expression in computed.expressions {
                let entry = try value(expression.root)
                sum = sum.map { add($0, entry) } ?? entry
            }
            guard let sum else { throw Self.noColumn(range) }
            return try checked(computed.decimals.map { round(sum, decimals: $0) } ?? sum, range)
        } catch {
            // The place in the formula that was asked for, not in the one behind it.
            throw NotLowerable(error.reason, range)
        }
    }

    func add(_ left: Lowered, _ right: Lowered) -> Lowered {
        let arguments: [SQLFragment] = ["COALESCE(\(decimal(left)), 0)", "COALESCE(\(decimal(right)), 0)"]
        return Lowered(
            .call("fx_add", arguments), .decimal, fails: anyFails(left.fails, right.fails, failure(of: "fx_add", arguments)),
            depth: max(left.depth, right.depth) + 2)
    }

    private mutating func follow(_ link: ExpressionNode, _ field: FieldID, _ range: Range<Int>) throws(NotLowerable) -> Lowered {
        let link = try value(link)
        guard let table = schema[field.object], case .link(let object) = link.form else { throw Self.noColumn(range) }
        // A link to another object leads to no such field.
        if link.linkObject == nil, object != field.object { return Lowered(null(.text), .text, fails: link.fails, constant: .blank, depth: 1) }
        let objectGuard: SQLFragment? = link.linkObject.map { "\($0) = \(bound: .integer(table.number))" }
        var result = try lookUp(field, of: link.value, objectGuard: objectGuard, depth: link.depth, range)
        result.fails = anyFails(link.fails, result.fails)
        return result
    }

    /// A field of the record whose number is `number`.
    private mutating func lookUp(
        _ field: FieldID, of number: SQLFragment, objectGuard: SQLFragment?, depth: Int, _ range: Range<Int>
    ) throws(NotLowerable) -> Lowered {
        guard let table = schema[field.object] else { throw Self.noColumn(range) }
        let alias = newAlias()
        let column = try column(field, at: alias, range)
        guard column.linkObject == nil else { throw Self.anyLink(range) }
        let from: SQLFragment =
            "FROM \(table.name) AS \(alias) WHERE \(alias).\(table.id) = \(number) AND \(alias).\(table.deleted) IS NULL\(objectGuard.map { " AND \($0)" } ?? "")"
        return Lowered(
            "(SELECT \(column.value) \(from))", column.form, fails: column.fails.map { "EXISTS (SELECT 1 \(from) AND \($0))" },
            digits: column.digits, depth: depth + 2)
    }

    // MARK: Choosing

    private mutating func conditional(
        _ branches: [Form.Branch], _ otherwise: ExpressionNode, _ type: FormulaType
    ) throws(NotLowerable) -> Lowered {
        var conditions: [LoweredCondition] = []
        var values: [Lowered] = []
        for branch in branches {
            conditions.append(try condition(branch.condition))
            values.append(try value(branch.value))
        }
        values.append(try value(otherwise))
        let unified = try unify(values, otherwise.range)
        guard let last = unified.last else { throw Self.tooLong(otherwise.range) }
        var text: SQLFragment = "CASE"
        for (condition, value) in zip(conditions, unified) { text.append(" WHEN \(condition.holds) THEN \(value.value)") }
        text.append(" ELSE \(last.value) END")
        var fails: SQLFragment?
        if conditions.contains(where: { $0.fails != nil }) || unified.contains(where: { $0.fails != nil }) {
            var cases: SQLFragment = "CASE"
            for (condition, value) in zip(conditions, unified) {
                if let fails = condition.fails { cases.append(" WHEN \(fails) THEN TRUE") }
                cases.append(" WHEN \(condition.holds) THEN \(value.fails ?? "FALSE")")
            }
            cases.append(" ELSE \(last.fails ?? "FALSE") END")
            fails = cases
        }
        let depth = max(conditions.map(\.depth).max() ?? 0, unified.map(\.depth).max() ?? 0) + 1
        return Lowered(text, last.form, fails: fails, digits: widest(unified), depth: depth)
    }

    private mutating func coalesce(_ nodes: [ExpressionNode]) throws(NotLowerable) -> Lowered {
        var values: [Lowered] = []
        for node in nodes { values.append(try value(node)) }
        let unified = try unify(values, nodes.first?.range ?? 0..<0)
        guard let last = unified.last, unified.count > 1 else { return unified.first ?? Lowered(null(.text), .text, constant: .blank, depth: 1) }
        var fails: SQLFragment?
        if unified.contains(where: { $0.fails != nil }) {
            var cases: SQLFragment = "CASE"
            for value in unified.dropLast() {
                if let fails = value.fails { cases.append(" WHEN \(fails) THEN TRUE") }
                cases.append(" WHEN \(value.value) IS NOT NULL THEN FALSE")
            }
            cases.append(" ELSE \(last.fails ?? "FALSE") END")
            fails = cases
        }
        return Lowered(
            .call("COALESCE", unified.map(\.value)), last.form, fails: fails, digits: widest(unified),
            depth: (unified.map(\.depth).max() ?? 0) + 1)
    }

    private mutating func ifError(_ node: ExpressionNode, _ instead: ExpressionNode) throws(NotLowerable) -> Lowered {
        let value = try value(node)
        guard let fails = value.fails else { return value }
        let unified = try unify([value, try self.value(instead)], node.range)
        let otherwise = unified[1]
        return Lowered(
            "CASE WHEN \(fails) THEN \(otherwise.value) ELSE \(unified[0].value) END", otherwise.form,
            fails: otherwise.fails.map { "(\(fails) AND \($0))" }, digits: widest(unified), depth: max(value.depth, otherwise.depth) + 1)
    }

    private func widest(_ values: [Lowered]) -> Lowered.Digits? {
        let known = values.compactMap(\.digits)
        guard known.count == values.count else { return nil }
        return Lowered.Digits(whole: known.map(\.whole).max() ?? 0, decimals: known.map(\.decimals).max() ?? 0)
    }

    /// All in one form. Blanks fit into any.
    func unify(_ values: [Lowered], _ range: Range<Int>) throws(NotLowerable) -> [Lowered] {
        func isNothing(_ value: Lowered) -> Bool { value.constant?.isBlank ?? false || (value.fails == "TRUE" && value.value == null(value.form)) }
        let others = values.filter { !isNothing($0) }
        guard let first = others.first else { return values }
        if others.contains(where: { $0.linkObject != nil }) { throw Self.anyLink(range) }
        if others.allSatisfy({ $0.form == first.form }) {
            return values.map { value in
                Lowered(
                    isNothing(value) ? null(first.form) : value.value, first.form, fails: value.fails, constant: value.constant,
                    digits: value.digits, depth: value.depth)
            }
        }
        let areNumbers = others.allSatisfy { value in
            switch value.form {
            case .scaled, .decimal: true
            case .bool, .date, .datetime, .duration, .text, .option, .link, .list: false
            }
        }
        if areNumbers {
            return values.map { value in
                Lowered(
                    isNothing(value) ? null(.decimal) : decimal(value), .decimal, fails: value.fails, constant: value.constant,
                    digits: value.digits, depth: value.depth + 1)
            }
        }
        let areTexts = others.allSatisfy { $0.form == .text || $0.form == .option }
        guard areTexts else { throw Self.lists(range) }
        return values.map { Lowered($0.value, .option, fails: $0.fails, constant: $0.constant, depth: $0.depth) }
    }

    // MARK: Conversions

    private mutating func convert(_ conversion: Conversion, _ operand: ExpressionNode, _ range: Range<Int>) throws(NotLowerable) -> Lowered {
        let lowered = try value(operand)
        switch conversion {
        case .blankAsZero:
            var result = lowered
            guard operand.mayBeBlank else { return lowered }
            result.value = "COALESCE(\(lowered.value), 0)"
            result.depth += 1
            return result
        case .blankAsFalse:
            var result = lowered
            result.value = "COALESCE(\(lowered.value), FALSE)"
            result.depth += 1
            return result
        case .toText:
            return try text(lowered, operand)
        case .startOfDay:
            return Lowered(
                "fx_start_of_day(\(lowered.value), \(zone))", .datetime, fails: lowered.fails, depth: lowered.depth + 1)
        case .round(let decimals):
            return round(lowered, decimals: decimals)
        }
    }

    private func round(_ lowered: Lowered, decimals: Int) -> Lowered {
        if case .scaled(let scale) = lowered.form, scale <= decimals { return lowered }
        let value = decimal(lowered)
        let places = SQLFragment(bound: .integer(Int64(decimals)))
        let digits = lowered.digits.map { Lowered.Digits(whole: $0.whole + 1, decimals: decimals) }
        let fails = digits?.fits == true ? lowered.fails : anyFails(lowered.fails, failure(of: "fx_round_decimals", [value, places], blanks: [value]))
        return Lowered("fx_round_decimals(\(value), \(places))", .decimal, fails: fails, digits: digits, depth: lowered.depth + 2)
    }

    /// The app's zone, bound.
    var zone: SQLFragment { SQLFragment(bound: .text(moment.zone.name)) }

    private func text(_ lowered: Lowered, _ operand: ExpressionNode) throws(NotLowerable) -> Lowered {
        let value: SQLFragment
        switch lowered.form {
        case .text: return lowered
        case .scaled, .decimal:
            value = dialect == .postgres ? "trim_scale(\(decimal(lowered)))::text" : "CAST(\(decimal(lowered)) AS TEXT)"
        case .bool:
            let yes = Value.bool(true), no = Value.bool(false)
            value = "CASE \(lowered.value) WHEN TRUE THEN \(bound: word(yes, operand.type)) WHEN FALSE THEN \(bound: word(no, operand.type)) END"
        case .list: throw Self.lists(operand.range)
        case .date: value = "fx_date_text(\(lowered.value))"
        case .datetime: value = "fx_datetime_text(\(lowered.value), \(zone))"
        case .duration: value = "fx_duration_text(\(lowered.value))"
        case .option:
            guard case .choice(let list) = operand.type, !list.options.isEmpty else {
                return Lowered(lowered.value, .text, fails: lowered.fails, depth: lowered.depth)
            }
            var cases: SQLFragment = "CASE \(lowered.value)"
            for option in list.options {
                cases.append(" WHEN \(bound: .text(option.key)) THEN \(bound: word(.option(option.key), operand.type))")
            }
            cases.append(" ELSE \(lowered.value) END")
            value = cases
        case .link:
            throw NotLowerable(
                Words(zh: "记录的名称不能用于筛选，请改用它的字段", en: "a record's name cannot be filtered by; use a field of it"), operand.range)
        }
        return Lowered(value, .text, fails: lowered.fails, depth: lowered.depth + 2)
    }

    private func word(_ value: Value, _ type: FormulaType) -> SQLArgument {
        .text(value.text(of: type, at: moment) { _ in "" })
    }

    // MARK: Texts

    private mutating func concatenation(_ parts: [ExpressionNode]) throws(NotLowerable) -> Lowered {
        var fragments: [SQLFragment] = []
        var fails: [SQLFragment?] = []
        var depth = 0
        var neverEmpty = false
        for part in parts {
            let lowered = try value(part)
            let text = try self.text(lowered, part)
            if text.neverBlank { neverEmpty = true }
            fragments.append(text.neverBlank ? text.value : "COALESCE(\(text.value), '')")
            fails.append(text.fails)
            depth = max(depth, text.depth)
        }
        let joined: SQLFragment = "(\(SQLFragment.joined(fragments, by: " || ")))"
        let length: SQLFragment = dialect == .postgres ? "OCTET_LENGTH(\(joined))" : "LENGTH(CAST(\(joined) AS BLOB))"
        fails.append("(\(length) > \(bound: .integer(Int64(TextLimit.bytes))))")
        return Lowered(
            neverEmpty ? joined : "NULLIF(\(joined), '')", .text, fails: anyFails(fails), depth: depth + parts.count + 1)
    }

    // MARK: Calls

    private mutating func call(_ id: FunctionID, _ arguments: [ExpressionNode], _ node: ExpressionNode) throws(NotLowerable) -> Lowered {
        let function = FunctionCatalogue[id]
        guard let overload = function.overload(for: arguments.map(\.type)) else {
            throw NotLowerable(
                Words(zh: "函数 `\(function.name)` 不能用于筛选", en: "the function `\(function.name)` cannot be filtered by"), node.range)
        }
        let parameters = function.overloads[overload].parameters
        if parameters.contains(where: { $0.kind == .options }) {
            if case .list = arguments[0].type, dialect == .sqlite {
                return Lowered("fx_list_size(\(try value(arguments[0]).value))", .scaled(decimals: 0), depth: 3)
            }
            return try optionCount(arguments[0], node.range)
        }
        // The author's own error has no value, whatever else there is.
        if function.name == "error" { return Lowered(null(.text), .text, fails: "TRUE", depth: 1) }
        var lowered: [Lowered] = []
        for (position, argument) in arguments.enumerated() {
            var value = try value(argument)
            guard value.linkObject == nil else { throw Self.anyLink(argument.range) }
            // Databases know no calendars by name.
            if parameters[min(position, parameters.count - 1)].kind == .calendar, case .literal(.text(let name)) = argument.form,
                let calendar = moment.calendar(named: name)
            {
                value.value = SQLFragment(bound: .text(spelled(calendar)))
            }
            lowered.append(value)
        }
        var name = SQLiteFunctions.name(of: function, overload: overload)
        var values = lowered.map(decimal)
        if lowered.contains(where: { $0.form == .list }) {
            guard dialect == .sqlite else { throw Self.lists(node.range) }
            // Whatever could be a list comes as one.
            name += "_lists"
            for (position, value) in lowered.enumerated() where parameters[min(position, parameters.count - 1)].kind.isList {
                values[position] = value.form == .list ? value.value : try listed([value], node.range)
            }
        }
        if dialect == .postgres {
            guard PostgresFunctions.names.contains(name) else { throw Self.notOnPostgres(function.name, node.range) }
            for (position, value) in lowered.enumerated() where function.blank == .zero {
                if value.form == .text || value.form == .option { values[position] = "COALESCE(\(value.value), '')" }
            }
        }
        if function.usesZone(overload) { values.append(zone) }
        if function.readsCalendar { values.append(SQLFragment(bound: .text(spelled(moment.calendar)))) }
        var fails = lowered.map(\.fails)
        if !function.neverFails {
            fails.append(failure(of: name, values, blanks: blanks(of: function, parameters, lowered)))
        }
        let call: SQLFragment = .call(SQLFragment(stringLiteral: name), values)
        let form = form(of: node.type)
        return Lowered(
            dialect == .postgres && form == .text ? "NULLIF(\(call), '')" : call, form, fails: anyFails(fails),
            depth: (lowered.map(\.depth).max() ?? 0) + 2)
    }

    /// The arguments of which a blank one makes the result blank, in place of a failure.
    private func blanks(of function: FunctionDefinition, _ parameters: [FunctionDefinition.Parameter], _ lowered: [Lowered]) -> [SQLFragment] {
        let matters: (Int) -> Bool
        switch function.blank {
        case .blank: matters = { _ in true }
        case .zero: return []
        case .passed:
            // Without a day there are no working days after it; a blank number of days is none.
            guard function.readsCalendar else { return [] }
            matters = { parameters[min($0, parameters.count - 1)].kind == .date || parameters[min($0, parameters.count - 1)].kind == .datetime }
        }
        return lowered.enumerated().filter { matters($0.offset) && !$0.element.neverBlank }.map(\.element.value)
    }

    /// SQLite's functions know the calendars that everybody has, PostgreSQL's know none.
    private func spelled(_ calendar: BusinessCalendar) -> String {
        switch dialect {
        case .sqlite: calendar.spelled
        case .postgres: calendar.plan.spelled
        }
    }

    /// Several values as one list; lists among them give their values.
    func listed(_ values: [Lowered], _ range: Range<Int>) throws(NotLowerable) -> SQLFragment {
        guard dialect == .sqlite else { throw Self.lists(range) }
        var kinds = ""
        for value in values {
            guard let kind = SQLList.kind(of: value.form) else { throw Self.lists(range) }
            kinds += kind
        }
        return .call("fx_list", [SQLFragment(bound: .text(kinds))] + values.map(decimal))
    }

    private mutating func optionCount(_ node: ExpressionNode, _ range: Range<Int>) throws(NotLowerable) -> Lowered {
        let side = try sideRows(of: node)
        return Lowered(
            "(SELECT COUNT(*) \(side.from))", .scaled(decimals: 0), fails: side.fails, digits: .init(whole: 19, decimals: 0),
            depth: side.depth + 2)
    }
}

extension FunctionDefinition {
    /// Position of the overload that takes arguments of these types.
    func overload(for types: [FormulaType]) -> Int? {
        overloads.firstIndex { overload in
            guard types.count <= overload.parameters.count || overload.parameters.last?.presence == .repeated else { return false }
            for (position, parameter) in overload.parameters.enumerated() {
                guard position < types.count else {
                    if parameter.presence == .required { return false }
                    continue
                }
                guard parameter.kind.takes(types[position]) else { return false }
            }
            guard types.count > overload.parameters.count, let last = overload.parameters.last else { return true }
            return types[overload.parameters.count...].allSatisfy(last.kind.takes)
        }
    }

    /// Whether a statement must say the app's zone.
    func usesZone(_ overload: Int) -> Bool {
        let overload = overloads[overload]
        return overload.result == .type(.datetime) || overload.parameters.contains { $0.kind == .datetime }
    }
}

extension FunctionDefinition.ParameterKind {
    func takes(_ type: FormulaType) -> Bool {
        if type == .blank { return true }
        switch self {
        case .anything: return true
        case .number: return type.isNumeric
        case .numbers:
            guard case .list(let element) = type else { return type.isNumeric }
            return element.leaf.isNumeric || element.leaf == .blank
        case .date: return type == .date
        case .dates:
            guard case .list(let element) = type else { return type == .date }
            return element.leaf == .date || element.leaf == .blank
        case .text, .constantText, .calendar, .numberFormat, .dateFormat: return type.isText
        case .texts: return type.isText || type.isList
        case .bool: return type == .bool
        case .datetime: return type == .datetime
        case .duration: return type == .duration
        case .location: return type == .location
        case .option: return if case .choice = type { true } else { false }
        case .options:
            return switch type {
            case .choices, .tags, .links, .list: true
            case .number, .money, .percent, .text, .bool, .date, .datetime, .duration, .choice, .location, .link, .blank, .error: false
            }
        case .link: return if case .link = type { true } else { false }
        }
    }
}

extension FormulaType {
    fileprivate var isText: Bool { if case .text = self { true } else { false } }
    fileprivate var isList: Bool { if case .list = self { true } else { false } }
}
