import Formula
import SourceText

/// A small sales app against which formulas are checked.
enum Desk {
    static let user = ObjectID(index: 0)
    static let account = ObjectID(index: 1)
    static let opportunity = ObjectID(index: 2)
    static let line = ObjectID(index: 3)
    static let activity = ObjectID(index: 4)

    static let status = OptionList(
        name: "status",
        options: [
            .init(key: "new", labelZh: "新建", labelEn: "New"), .init(key: "working", labelZh: "跟进中", labelEn: "Working"),
            .init(key: "won", labelZh: "成交", labelEn: "Won"),
        ])
    static let level = OptionList(name: "level", options: ["L1", "L2", "L3"].map { .init(key: $0, labelZh: $0, labelEn: $0) })
    static let pains = OptionList(
        name: "pains", options: [.init(key: "成本", labelZh: "成本", labelEn: "Cost"), .init(key: "效率", labelZh: "效率", labelEn: "Speed")])

    static let schema = FormulaSchema(
        objects: [
            object(
                user, "user", ["用户"],
                [
                    ("name", [], .text(.plain), false), ("manager", [], .link([user]), true), ("pending", [], .number, true),
                    ("regions", [], .choices(level), true),
                ], [collection("opportunities", opportunity, "owner")]),
            object(
                account, "account", ["客户"],
                [
                    ("name", ["名称"], .text(.plain), false), ("owner", [], .link([user]), true), ("parent", [], .link([account]), true),
                    ("level", [], .choice(level), true), ("max_contract", [], .money(currency: "CNY"), true),
                    ("客户续费率", [], .percent, true), ("近3月互动次数", [], .number, true), ("单次最大合同额", [], .number, true),
                ], [collection("opportunities", opportunity, "account")]),
            object(
                opportunity, "opportunity", ["商机"],
                [
                    ("name", ["名称"], .text(.plain), false), ("account", [], .link([account]), true), ("owner", ["负责人"], .link([user]), true),
                    ("amount", ["金额"], .money(currency: "CNY"), true), ("budget", [], .money(currency: "USD"), true),
                    ("discount", [], .percent, true), ("quantity", ["数量"], .number, false), ("active", [], .bool, true),
                    ("due", ["日期"], .date, true), ("signed", ["日期"], .date, true), ("touched", [], .datetime, true),
                    ("watched", [], .duration, true), ("status", ["状态"], .choice(status), true), ("level", [], .choice(level), true),
                    ("pains", [], .choices(pains), true), ("labels", [], .tags, true), ("phone", [], .text(.phone(region: "CN")), true),
                    ("about", [], .link([account, user]), true), ("score", [], nil, true), ("3月销量", [], .number, true),
                ], [collection("lines", line, "opportunity"), collection("activities", activity, "opportunity")]),
            object(
                line, "line", ["明细"],
                [
                    ("product", [], .text(.plain), false), ("opportunity", [], .link([opportunity]), true), ("qty", [], .number, true),
                    ("price", [], .money(currency: "CNY"), true), ("active", [], .bool, true),
                ], [collection("parts", activity, "line")]),
            object(
                activity, "activity", [],
                [
                    ("kind", [], .choice(status), false), ("at", [], .datetime, false), ("minutes", [], .number, true),
                    ("read", [], .bool, true), ("opportunity", [], .link([opportunity]), true), ("line", [], .link([line]), true),
                    ("note", [], .text(.plain), true), ("by_whom", [], .link([user]), true),
                ], []),
        ],
        roles: ["sales", "manager"], users: user, currency: "CNY")

    private static let systemFields: [(String, FormulaType)] = [
        ("id", .number), ("version", .number), ("created", .datetime), ("created_by", .link([user])), ("changed", .datetime),
        ("changed_by", .link([user])),
    ]

    private static func object(
        _ id: ObjectID, _ name: String, _ labels: [String], _ fields: [(String, [String], FormulaType?, Bool)], _ collections: [FormulaCollection]
    ) -> FormulaObject {
        let all = systemFields.map { ($0.0, [String](), Optional($0.1), false) } + fields
        return FormulaObject(
            id: id, name: name, labels: labels,
            fields: all.enumerated().map { index, field in
                FormulaField(
                    id: FieldID(object: id, index: index), name: field.0, labels: field.1, type: field.2, mayBeBlank: field.3, decimals: 2)
            },
            collections: collections)
    }

    /// Links among the fixture's objects by position, since the schema is not there yet.
    private static func collection(_ name: String, _ rows: ObjectID, _ link: String) -> FormulaCollection {
        let positions = ["opportunity.account": 7, "opportunity.owner": 8, "line.opportunity": 7, "activity.opportunity": 10, "activity.line": 11]
        let objects = ["user", "account", "opportunity", "line", "activity"]
        let index = positions["\(objects[rows.index]).\(link)"] ?? 0
        return FormulaCollection(name: name, labels: [], rows: rows, link: FieldID(object: rows, index: index))
    }

    static var checker: FormulaChecker {
        FormulaChecker(schema: schema) { field in
            // `score` is a formula field: a number.
            schema.objects[field.object.index].fields[field.index].name == "score" ? .number : .error
        }
    }

    static let scope = FormulaScope(this: opportunity, allowsMe: true, allowsOld: true, candidate: user)

    static func embedded(_ text: String) -> EmbeddedText {
        let span = Span(file: SourceFileID(index: 0), start: 0, end: Int32(text.utf8.count))
        return EmbeddedText(text: text, span: span, segments: [.init(textOffset: 0, fileOffset: 0)])
    }

    static func check(_ formula: String, in scope: FormulaScope = scope, expecting: FormulaType? = nil) -> (
        expression: CheckedExpression?, found: [Diagnostic]
    ) {
        checker.checked(embedded(formula), in: scope, expecting: expecting)
    }

    static func name(_ field: FieldID) -> String {
        let object = schema.objects[field.object.index]
        return "\(object.name).\(object.fields[field.index].name)"
    }

    /// The typed form in one line, as the tests write it.
    static func form(_ node: ExpressionNode) -> String {
        switch node.form {
        case .literal(let value): return literal(value)
        case .field(let field, of: let row): return "\(self.row(row)).\(schema.objects[field.object.index].fields[field.index].name)"
        case .record(let row): return self.row(row)
        case .follow(let base, let field): return "\(form(base))→\(schema.objects[field.object.index].fields[field.index].name)"
        case .variable(let slot): return "$\(slot)"
        case .bind(let slot, let value, let body): return "let($\(slot) \(form(value)) \(form(body)))"
        case .arithmetic(let operation, let left, let right): return "(\(operation) \(form(left)) \(form(right)))"
        case .negate(let operand): return "(negate \(form(operand)))"
        case .timeArithmetic(let operation, let left, let right): return "(\(operation) \(form(left)) \(form(right)))"
        case .concatenate(let parts): return "(& \(parts.map(form).joined(separator: " ")))"
        case .compare(let operation, let left, let right): return "(\(operation) \(form(left)) \(form(right)))"
        case .and(let operands): return "(and \(operands.map(form).joined(separator: " ")))"
        case .or(let operands): return "(or \(operands.map(form).joined(separator: " ")))"
        case .not(let operand): return "(not \(form(operand)))"
        case .isBlank(let operand): return "(blank? \(form(operand)))"
        case .isObject(let link, let object): return "(is? \(form(link)) \(schema.objects[object.index].name))"
        case .isValid(let operand, _): return "(valid? \(form(operand)))"
        case .oneOf(let operand, let items): return "(oneOf \(form(operand)) \(items.map(form).joined(separator: " ")))"
        case .member(let operand, let set): return "(member \(form(operand)) \(form(set)))"
        case .contains(let whole, let part): return "(contains \(form(whole)) \(form(part)))"
        case .conditional(let branches, let otherwise):
            return "(if \(branches.map { "\(form($0.condition)) ? \(form($0.value))" }.joined(separator: " : ")) : \(form(otherwise)))"
        case .coalesce(let values): return "(coalesce \(values.map(form).joined(separator: " ")))"
        case .ifError(let value, let instead): return "(ifError \(form(value)) \(form(instead)))"
        case .isError(let value): return "(error? \(form(value)))"
        case .call(let id, let arguments): return "\(FunctionCatalogue.all[id.index].name)(\(arguments.map(form).joined(separator: " ")))"
        case .aggregate(let aggregate):
            var text = "\(aggregate.kind)[\(set(aggregate.set)) as \(aggregate.row)"
            if let condition = aggregate.condition { text += " where \(form(condition))" }
            if let order = aggregate.order { text += " by \(form(order.key))\(order.descending ? " desc" : "")" }
            if let value = aggregate.value { text += ": \(form(value))" }
            if !aggregate.arguments.isEmpty { text += " with \(aggregate.arguments.map(form).joined(separator: " "))" }
            return text + "]"
        case .convert(let conversion, let operand): return "\(conversion)(\(form(operand)))"
        }
    }

    private static func set(_ set: RowSet) -> String {
        switch set {
        case .children(let parent, let link): "\(form(parent))←\(name(link))"
        case .all(let object): schema.objects[object.index].name
        case .linked(let several): "\(form(several))⇉"
        case .users(let role): "users(\(schema.roles[role.index]))"
        case .list(let list): form(list)
        case .scalars(let values): values.map(form).joined(separator: " ")
        }
    }

    private static func row(_ row: RowReference) -> String {
        switch row {
        case .this: "this"
        case .old: "old"
        case .me: "me"
        case .candidate: "candidate"
        case .row(let index): "r\(index)"
        }
    }

    private static func literal(_ value: Value) -> String {
        switch value {
        case .blank: "blank"
        case .bool(let bool): "\(bool)"
        case .number(let number): number.scale == 0 ? "\(number.mantissa)" : "\(number.mantissa)e-\(number.scale)"
        case .text(let text): "'\(text)'"
        case .option(let key): "#\(key)"
        case .duration(let span): "\(span.microseconds / 1_000_000)s"
        case .date, .instant, .options, .location, .link, .links, .list, .failure: "\(value)"
        }
    }
}
