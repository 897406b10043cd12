package import Formula
import SourceText

/// Puts formulas into SQL for one database, as of one moment and for one reader.
///
/// Every node becomes a value and, where it can fail, a condition for that; statements never raise. What does not depend on the row is
/// computed in process and bound. A formula that has no exact form is refused with a reason and never put in another meaning.
package struct FormulaLowering {
    let schema: SQLSchema
    let dialect: Dialect
    let moment: Moment
    let me: RecordID?
    private let users: ObjectID?

    var variables: [Int: Lowered] = [:]
    /// The alias and object of each aggregate's row.
    var rows: [Int: (alias: Identifier, object: ObjectID)] = [:]
    var root: (alias: Identifier, object: ObjectID)
    private var aliases = 0
    /// Computed fields that are being put in place of their names.
    var inlined = 0

    /// Text beyond this is refused: nobody wrote it by hand, and SQLite stops at a million bytes.
    static let maximumLength = 200_000
    /// SQLite refuses expressions of depth 1000.
    static let maximumDepth = 400

    /// - Parameters:
    ///   - object: Whose records the formula belongs to.
    ///   - alias: What the statement calls their table; nil is the table's own name.
    ///   - me: The acting person; nil where there is none, and `me` is blank.
    ///   - users: The object of people.
    package init(
        schema: SQLSchema, object: ObjectID, alias: Identifier? = nil, dialect: Dialect = .sqlite, moment: Moment, me: RecordID? = nil,
        users: ObjectID? = nil
    ) {
        self.schema = schema
        self.dialect = dialect
        self.moment = moment
        self.me = me
        self.users = users ?? me?.object
        root = (alias ?? schema[object]?.name ?? Identifier(""), object)
    }

    /// An expression that is true for the records for which the condition holds, and false or NULL for others, also where it fails.
    ///
    /// - Throws: Why it cannot be put to the database.
    package func condition(_ expression: CheckedExpression) throws(NotLowerable) -> SQLFragment {
        var lowering = self
        let condition = try lowering.condition(expression.root)
        guard let fails = condition.fails else { return try known(condition.holds, expression) }
        return try known("(\(condition.holds) AND NOT \(fails))", expression)
    }

    /// An expression by which rows come in the order of the formula's values, NULL where it is blank or fails.
    ///
    /// - Throws: Why it cannot be put to the database.
    package func sortKey(_ expression: CheckedExpression) throws(NotLowerable) -> SQLFragment {
        var lowering = self
        let lowered = try lowering.value(expression.root)
        return try known(
            lowering.guarded(lowering.orderKey(lowered, type: expression.type, expression.root.range), fails: lowered.fails), expression)
    }

    /// How a formula's value comes out of a statement.
    package struct ValueColumns: Sendable {
        /// INTEGER or TEXT as `form` says; NULL where blank or failed.
        package let value: SQLFragment
        /// 1 where the formula fails, else 0; nil if it never does.
        package let fails: SQLFragment?
        package let form: Form

        package enum Form: Sendable, Hashable {
            /// A number: INTEGER or TEXT, to be read with `SQLiteFunctions.decimal`.
            case number
            case bool, date, datetime, duration, text, option
            case link(ObjectID)

            /// The value of such a column; blank for NULL.
            package func value(of argument: SQLArgument) -> Value {
                switch self {
                case .number: SQLiteFunctions.decimal(argument).map { .number($0) } ?? .blank
                case .bool: SQLiteFunctions.value(argument, .bool)
                case .date: SQLiteFunctions.value(argument, .date)
                case .datetime: SQLiteFunctions.value(argument, .datetime)
                case .duration: SQLiteFunctions.value(argument, .duration)
                case .text: SQLiteFunctions.value(argument, .text)
                case .option: SQLiteFunctions.value(argument, .option)
                case .link(let object):
                    if case .integer(let number) = argument { .link(RecordID(object: object, number: number)) } else { .blank }
                }
            }
        }
    }

    /// The formula's value as columns of a statement.
    ///
    /// - Throws: Why it cannot be put to the database.
    package func columns(_ expression: CheckedExpression) throws(NotLowerable) -> ValueColumns {
        var lowering = self
        let lowered = try lowering.value(expression.root)
        let form: ValueColumns.Form
        switch lowered.form {
        case .scaled, .decimal: form = .number
        case .bool: form = .bool
        case .date: form = .date
        case .datetime: form = .datetime
        case .duration: form = .duration
        case .text: form = .text
        case .option: form = .option
        case .link(let object):
            guard lowered.linkObject == nil else { throw Self.anyLink(expression.root.range) }
            form = .link(object)
        case .list: throw Self.lists(expression.root.range)
        }
        let value = try known(lowering.outside(lowered), expression)
        let fails = try lowered.fails.map { (fails) throws(NotLowerable) in try known(lowering.asInteger(fails), expression) }
        return ValueColumns(value: value, fails: fails, form: form)
    }

    /// A value as every database hands it over: numbers as INTEGER or TEXT, times as INTEGER, truths as 0 and 1.
    private func outside(_ lowered: Lowered) -> SQLFragment {
        switch (dialect, lowered.form) {
        case (.sqlite, _): decimal(lowered)
        case (.postgres, .scaled), (.postgres, .decimal): "trim_scale((\(lowered.value))::numeric)::text"
        case (.postgres, .bool): asInteger(lowered.value)
        case (.postgres, .date): "(\(lowered.value) - DATE '1970-01-01')"
        case (.postgres, .datetime): "fx_microseconds(\(lowered.value))"
        case (.postgres, .duration), (.postgres, .text), (.postgres, .option), (.postgres, .link), (.postgres, .list): lowered.value
        }
    }

    private func asInteger(_ truth: SQLFragment) -> SQLFragment {
        switch dialect {
        case .sqlite: truth
        case .postgres: "(\(truth))::int"
        }
    }

    /// The fragment, if the database has every function that it calls. SQLite is given all of them.
    private func known(_ fragment: SQLFragment, _ expression: CheckedExpression) throws(NotLowerable) -> SQLFragment {
        guard dialect == .postgres, let name = PostgresFunctions.missing(in: fragment) else { return fragment }
        throw Self.notOnPostgres(name, expression.root.range)
    }

    static func notOnPostgres(_ name: String, _ range: Range<Int>) -> NotLowerable {
        NotLowerable(Words(zh: "PostgreSQL 上还不能用 `\(name)`", en: "there is no `\(name)` on PostgreSQL yet"), range)
    }

    /// A computed field's value as its column holds it, on SQLite.
    package struct StoredColumns: Sendable {
        /// NULL where blank or failed.
        package let value: SQLFragment
        /// True where the formula fails, or its value does not fit the column; nil if neither can be.
        package let fails: SQLFragment?
    }

    /// - Parameters:
    ///   - expressions: One for a formula; those of points are added up.
    ///   - decimals: Of the column; nil for what is no number.
    /// - Throws: Why it cannot be put to the database.
    package func stored(_ expressions: [CheckedExpression], decimals: Int?) throws(NotLowerable) -> StoredColumns {
        var lowering = self
        guard let first = expressions.first else { throw Self.noColumn(0..<0) }
        let range = first.root.range
        var lowered = try lowering.value(first.root)
        for expression in expressions.dropFirst() { lowered = lowering.add(lowered, try lowering.value(expression.root)) }
        switch (lowered.form, decimals) {
        case (.scaled(let scale), let decimals?) where scale == decimals:
            return StoredColumns(value: lowering.guarded(lowered.value, fails: lowered.fails), fails: lowered.fails)
        case (.scaled, let decimals?), (.decimal, let decimals?):
            let value = lowering.decimal(lowered)
            let scaled: SQLFragment = "fx_scale(\(value), \(bound: .integer(Int64(decimals))))"
            let fails = anyFails(lowered.fails, "(\(value) IS NOT NULL AND \(scaled) IS NULL)")
            return StoredColumns(value: lowering.guarded(scaled, fails: lowered.fails), fails: fails)
        case (.bool, nil), (.date, nil), (.datetime, nil), (.duration, nil), (.text, nil), (.option, nil), (.link, nil):
            guard lowered.linkObject == nil else { throw Self.anyLink(range) }
            return StoredColumns(value: lowering.guarded(lowered.value, fails: lowered.fails), fails: lowered.fails)
        case (.scaled, nil), (.decimal, nil), (.list, _), (.bool, _), (.date, _), (.datetime, _), (.duration, _), (.text, _), (.option, _),
            (.link, _):
            throw Self.noColumn(range)
        }
    }

    /// A formula without an app, as a statement that gives its value and whether it fails, with the inputs as columns of a row.
    ///
    /// - Throws: Why it cannot be put to the database.
    package static func statement(
        _ expression: CheckedExpression, inputs: [(type: FormulaType, value: Value)], dialect: Dialect, moment: Moment
    ) throws(NotLowerable) -> (sql: RenderedSQL, form: ValueColumns.Form) {
        var lowering = FormulaLowering(
            schema: SQLSchema(tables: []), object: ObjectID(index: 0), alias: Identifier("inputs"), dialect: dialect, moment: moment)
        var columns: [SQLFragment] = []
        for (slot, input) in inputs.enumerated() {
            guard var literal = lowering.literal(input.value, input.type) else { throw lists(expression.root.range) }
            let column = Identifier("x\(slot)")
            columns.append("\(literal.value) AS \(column)")
            literal.value = "inputs.\(column)"
            // What stands in a column is known only when the statement runs.
            if input.type.leaf != .blank { literal.constant = nil }
            lowering.variables[slot] = literal
        }
        let lowered = try lowering.columns(expression)
        let row: SQLFragment = columns.isEmpty ? "" : " FROM (SELECT \(SQLFragment.joined(columns, by: ", "))) AS inputs"
        let statement: SQLFragment = "SELECT \(lowered.value), \(lowered.fails ?? "0")\(row)"
        return (statement.rendered(for: dialect), lowered.form)
    }

    // MARK: Rows

    mutating func newAlias() -> Identifier {
        aliases += 1
        return Identifier("r\(aliases)")
    }

    static func anyLink(_ range: Range<Int>) -> NotLowerable {
        NotLowerable(Words(zh: "指向多种对象的关联不能这样筛选", en: "a link to several objects cannot be filtered by in this way"), range)
    }

    /// The alias and object of a row that the statement has, or nil for those it must look up.
    func row(_ reference: RowReference, _ range: Range<Int>) throws(NotLowerable) -> (alias: Identifier, object: ObjectID)? {
        switch reference {
        case .this: return root
        case .row(let index): return rows[index]
        case .me: return nil
        case .old:
            throw NotLowerable(Words(zh: "`old` 只在保存时有意义，不能用于筛选", en: "`old` has a meaning only while saving, not in filters"), range)
        case .candidate:
            throw NotLowerable(Words(zh: "`candidate` 不能用于筛选", en: "`candidate` cannot be used in filters"), range)
        }
    }

    /// A value only where it does not fail.
    func guarded(_ value: SQLFragment, fails: SQLFragment?) -> SQLFragment {
        guard let fails else { return value }
        return "CASE WHEN \(fails) THEN NULL ELSE \(value) END"
    }

    func checked(_ lowered: Lowered, _ range: Range<Int>) throws(NotLowerable) -> Lowered {
        let length = lowered.value.length + (lowered.fails?.length ?? 0)
        guard length <= Self.maximumLength, lowered.depth <= Self.maximumDepth else { throw Self.tooLong(range) }
        return lowered
    }

    static func tooLong(_ range: Range<Int>) -> NotLowerable {
        NotLowerable(NotLowerable.tooLong, range)
    }

    // MARK: Constants

    /// Computed in process, if it reads no row.
    func constant(_ node: ExpressionNode) -> Lowered? {
        guard node.isConstant(lets: []) else { return nil }
        let span = Span(file: SourceFileID(index: 0), start: 0, end: 0)
        let expression = CheckedExpression(
            root: node, source: EmbeddedText(text: "", span: span, segments: []), reads: FormulaReads(), variableCount: node.slots)
        let frame = Frame(this: nil, moment: moment, source: NoRows())
        let value = (try? Evaluator(expression).value(in: frame)) ?? .failure(FormulaFailure(.notFound))
        return literal(value, node.type)
    }

    /// A value, bound.
    func literal(_ value: Value, _ type: FormulaType) -> Lowered? {
        switch value {
        case .blank: return Lowered(null(form(of: type)), form(of: type), constant: .blank, digits: .init(whole: 0, decimals: 0), depth: 1)
        case .bool(let bool): return Lowered(bool ? "TRUE" : "FALSE", .bool, constant: value, depth: 1)
        case .number(let number):
            let digits = Lowered.Digits(whole: number.description.utf8.count, decimals: Int(number.scale))
            let bound = SQLFragment(bound: SQLiteFunctions.argument(number))
            return Lowered(dialect == .postgres ? "\(bound)::numeric" : bound, .decimal, constant: value, digits: digits, depth: 1)
        case .location(let location): return Lowered(SQLFragment(bound: .text(location.description)), .text, constant: .text(location.description), depth: 1)
        case .text(let text): return Lowered(SQLFragment(bound: .text(text)), .text, constant: value, depth: 1)
        case .option(let key): return Lowered(SQLFragment(bound: .text(key)), .option, constant: value, depth: 1)
        case .date(let day):
            let bound = SQLFragment(bound: .integer(Int64(day.daysSinceEpoch)))
            return Lowered(dialect == .postgres ? "(DATE '1970-01-01' + \(bound)::int)" : bound, .date, constant: value, depth: 1)
        case .instant(let instant):
            let bound = SQLFragment(bound: .integer(instant.microseconds))
            return Lowered(dialect == .postgres ? "fx_instant(\(bound))" : bound, .datetime, constant: value, depth: 1)
        case .duration(let span): return Lowered(SQLFragment(bound: .integer(span.microseconds)), .duration, constant: value, depth: 1)
        case .link(let record): return Lowered(SQLFragment(bound: .integer(record.number)), .link(record.object), constant: value, depth: 1)
        case .failure: return Lowered(null(form(of: type)), form(of: type), fails: "TRUE", depth: 1)
        case .list(let values):
            guard dialect == .sqlite else { return nil }
            return Lowered(SQLFragment(bound: .text(SQLList.text(of: values))), .list, constant: value, depth: 1)
        case .options, .links: return nil
        }
    }

    /// A blank of this form.
    func null(_ form: SQLForm) -> SQLFragment {
        switch (dialect, form) {
        case (.sqlite, _): "NULL"
        case (.postgres, .scaled), (.postgres, .decimal): "NULL::numeric"
        case (.postgres, .bool): "NULL::boolean"
        case (.postgres, .date): "NULL::date"
        case (.postgres, .datetime): "NULL::timestamptz"
        case (.postgres, .duration), (.postgres, .link): "NULL::bigint"
        case (.postgres, .text), (.postgres, .option), (.postgres, .list): "NULL::text"
        }
    }

    /// Whether both are the same, blanks too.
    var same: SQLFragment { dialect == .sqlite ? "IS" : "IS NOT DISTINCT FROM" }
    var different: SQLFragment { dialect == .sqlite ? "IS NOT" : "IS DISTINCT FROM" }

    /// A condition for a call of ours having no value: on SQLite a function of its own knows. On PostgreSQL every function gives NULL then,
    /// and never else, as long as none of `blanks` is NULL.
    func failure(of name: String, _ arguments: [SQLFragment], blanks: [SQLFragment] = []) -> SQLFragment {
        switch dialect {
        case .sqlite: return .call(SQLFragment(stringLiteral: name + "_fails"), arguments)
        case .postgres:
            let call: SQLFragment = .call(SQLFragment(stringLiteral: name), arguments)
            guard !blanks.isEmpty else { return "(\(call) IS NULL)" }
            return "(\(SQLFragment.joined(blanks.map { "\($0) IS NOT NULL" }, by: " AND ")) AND \(call) IS NULL)"
        }
    }

    /// The form of a blank of this type.
    func form(of type: FormulaType) -> SQLForm {
        switch type {
        case .number, .money, .percent: .decimal
        case .list: .list
        case .text, .location, .blank, .error, .choices, .tags, .links: .text
        case .bool: .bool
        case .date: .date
        case .datetime: .datetime
        case .duration: .duration
        case .choice: .option
        case .link(let objects): .link(objects.first ?? root.object)
        }
    }
}

/// Constants read no rows.
private struct NoRows: RowSource {
    func row(_ id: RecordID) throws -> Row? { nil }
    func rows(linking link: FieldID, to parent: RecordID) throws -> [Row] { [] }
    func rows(of object: ObjectID) throws -> [Row] { [] }
    func users(in role: RoleID) throws -> [Row] { [] }
    func title(of id: RecordID) throws -> String { "" }
}

extension ExpressionNode {
    /// Whether its value is the same for every row; `lets` are the slots that are bound inside.
    func isConstant(lets: Set<Int>) -> Bool {
        func all(_ nodes: ExpressionNode...) -> Bool { nodes.allSatisfy { $0.isConstant(lets: lets) } }
        switch form {
        case .literal: return true
        case .field, .record, .follow: return false
        case .variable(let slot): return lets.contains(slot)
        case .bind(let slot, let bound, let body): return bound.isConstant(lets: lets) && body.isConstant(lets: lets.union([slot]))
        case .arithmetic:
            // Down the left side by a loop: chains are long there.
            var node = self
            while case .arithmetic(_, let left, let right) = node.form {
                guard right.isConstant(lets: lets) else { return false }
                node = left
            }
            return node.isConstant(lets: lets)
        case .negate(let node), .not(let node), .isBlank(let node), .isValid(let node, _), .isObject(let node, _), .isError(let node): return all(node)
        case .convert(let conversion, let node):
            // A record's name is not known here.
            if conversion == .toText, !node.type.linkedObjects.isEmpty { return false }
            return all(node)
        case .timeArithmetic(_, let left, let right), .compare(_, let left, let right), .member(let left, let right),
            .contains(let left, let right), .ifError(let left, let right):
            return all(left, right)
        case .concatenate(let nodes), .and(let nodes), .or(let nodes), .coalesce(let nodes), .call(_, let nodes):
            return nodes.allSatisfy { $0.isConstant(lets: lets) }
        case .oneOf(let node, let nodes): return all(node) && nodes.allSatisfy { $0.isConstant(lets: lets) }
        case .conditional(let branches, let otherwise):
            return all(otherwise) && branches.allSatisfy { $0.condition.isConstant(lets: lets) && $0.value.isConstant(lets: lets) }
        case .aggregate(let aggregate):
            guard case .scalars(let nodes) = aggregate.set else { return false }
            return nodes.allSatisfy { $0.isConstant(lets: lets) }
        }
    }

    /// How many slots a constant's `let`s need.
    var slots: Int {
        switch form {
        case .bind(let slot, let bound, let body): max(slot + 1, bound.slots, body.slots)
        case .literal, .field, .record, .follow, .variable, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not,
            .isBlank, .isValid, .oneOf, .member, .isObject, .contains, .conditional, .coalesce, .ifError, .isError, .call, .aggregate, .convert:
            children.map(\.slots).max() ?? 0
        }
    }

    private var children: [ExpressionNode] {
        switch form {
        case .literal, .field, .record, .variable: []
        case .follow(let node, _), .negate(let node), .not(let node), .isBlank(let node), .isValid(let node, _), .isObject(let node, _), .isError(let node),
            .convert(_, let node):
            [node]
        case .bind(_, let left, let right), .arithmetic(_, let left, let right), .timeArithmetic(_, let left, let right),
            .compare(_, let left, let right), .member(let left, let right), .contains(let left, let right), .ifError(let left, let right):
            [left, right]
        case .concatenate(let nodes), .and(let nodes), .or(let nodes), .coalesce(let nodes), .call(_, let nodes): nodes
        case .oneOf(let node, let nodes): [node] + nodes
        case .conditional(let branches, let otherwise): branches.flatMap { [$0.condition, $0.value] } + [otherwise]
        case .aggregate(let aggregate):
            if case .scalars(let nodes) = aggregate.set { nodes } else { [] }
        }
    }
}
