package import Formula
import SourceText

/// Puts formulas into SQL for one database, as of one moment and for one reader.
///
/// Every node becomes a value and, where it can fail, a condition for that; statements never raise. What does not depend on the row is
/// computed in process and bound. A formula that has no exact form is refused with a reason and never put in another meaning.
package struct FormulaLowering {
    let schema: SQLSchema
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
        schema: SQLSchema, object: ObjectID, alias: Identifier? = nil, moment: Moment, me: RecordID? = nil, users: ObjectID? = nil
    ) {
        self.schema = schema
        self.moment = moment
        self.me = me
        self.users = users ?? me?.object
        root = (alias ?? schema[object]?.name ?? Identifier(""), object)
    }

    /// An expression that is 1 for the records for which the condition holds, and 0 or NULL for others, also where it fails.
    ///
    /// - Throws: Why it cannot be put to the database.
    package func condition(_ expression: CheckedExpression) throws(NotLowerable) -> SQLFragment {
        var lowering = self
        let condition = try lowering.condition(expression.root)
        guard let fails = condition.fails else { return condition.holds }
        return "(\(condition.holds) AND NOT \(fails))"
    }

    /// An expression by which rows come in the order of the formula's values, NULL where it is blank or fails.
    ///
    /// - Throws: Why it cannot be put to the database.
    package func sortKey(_ expression: CheckedExpression) throws(NotLowerable) -> SQLFragment {
        var lowering = self
        let lowered = try lowering.value(expression.root)
        return lowering.guarded(lowering.orderKey(lowered, type: expression.type, expression.root.range), fails: lowered.fails)
    }

    /// How a formula's value comes out of a statement.
    package struct ValueColumns: Sendable {
        /// INTEGER or TEXT as `form` says; NULL where blank or failed.
        package let value: SQLFragment
        /// 1 where the formula fails; nil if it never does.
        package let fails: SQLFragment?
        package let form: Form

        package enum Form: Sendable, Hashable {
            /// A number: INTEGER or TEXT, to be read with `SQLiteFunctions.decimal`.
            case number
            case bool, date, datetime, duration, text, option
            case link(ObjectID)
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
        case .scaled, .decimal: return ValueColumns(value: lowering.decimal(lowered), fails: lowered.fails, form: .number)
        case .bool: form = .bool
        case .date: form = .date
        case .datetime: form = .datetime
        case .duration: form = .duration
        case .text: form = .text
        case .option: form = .option
        case .link(let object):
            guard lowered.linkObject == nil else { throw Self.anyLink(expression.root.range) }
            form = .link(object)
        }
        return ValueColumns(value: lowered.value, fails: lowered.fails, form: form)
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
        NotLowerable(Words(zh: "公式太长，不能用于筛选", en: "the formula is too long to filter by"), range)
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
        case .blank: return Lowered("NULL", form(of: type), constant: .blank, digits: .init(whole: 0, decimals: 0), depth: 1)
        case .bool(let bool): return Lowered(bool ? "1" : "0", .bool, constant: value, depth: 1)
        case .number(let number):
            let spelled = number.description
            let digits = Lowered.Digits(whole: spelled.utf8.count, decimals: Int(number.scale))
            return Lowered(SQLFragment(bound: SQLiteFunctions.argument(number)), .decimal, constant: value, digits: digits, depth: 1)
        case .location(let location): return Lowered(SQLFragment(bound: .text(location.description)), .text, constant: .text(location.description), depth: 1)
        case .text(let text): return Lowered(SQLFragment(bound: .text(text)), .text, constant: value, depth: 1)
        case .option(let key): return Lowered(SQLFragment(bound: .text(key)), .option, constant: value, depth: 1)
        case .date(let day):
            return Lowered(SQLFragment(bound: .integer(Int64(day.daysSinceEpoch))), .date, constant: value, depth: 1)
        case .instant(let instant): return Lowered(SQLFragment(bound: .integer(instant.microseconds)), .datetime, constant: value, depth: 1)
        case .duration(let span): return Lowered(SQLFragment(bound: .integer(span.microseconds)), .duration, constant: value, depth: 1)
        case .link(let record): return Lowered(SQLFragment(bound: .integer(record.number)), .link(record.object), constant: value, depth: 1)
        case .failure: return Lowered("NULL", form(of: type), fails: "1", depth: 1)
        case .options, .links, .list: return nil
        }
    }

    /// The form of a blank of this type.
    func form(of type: FormulaType) -> SQLForm {
        switch type {
        case .number, .money, .percent: .decimal
        case .text, .location, .blank, .error, .choices, .tags, .links, .list: .text
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
