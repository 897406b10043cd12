import SourceText

/// What may be a name.
enum Name {
    enum Kind: Hashable {
        case app, calendar, role, choiceList, object, field, collection, rule, stage, approval, level, assignment, queue, automation, watch, variable, scenario, record, option, points, key
        case connector, call, channel, inbound, report, sequence, decay

        var words: Words {
            switch self {
            case .app: Words(zh: "应用名", en: "the name of an app")
            case .calendar: Words(zh: "日历", en: "calendar")
            case .role: Words(zh: "角色", en: "role")
            case .choiceList: Words(zh: "选项表", en: "list of options")
            case .object: Words(zh: "对象", en: "object")
            case .field: Words(zh: "字段", en: "field")
            case .collection: Words(zh: "集合", en: "collection")
            case .rule: Words(zh: "规则", en: "rule")
            case .stage: Words(zh: "阶段", en: "stage")
            case .approval: Words(zh: "审批", en: "approval")
            case .level: Words(zh: "审批级别", en: "level")
            case .assignment: Words(zh: "分配规则", en: "assignment")
            case .queue: Words(zh: "队列", en: "queue")
            case .automation: Words(zh: "自动化", en: "automation")
            case .watch: Words(zh: "计时规则", en: "watch")
            case .variable: Words(zh: "变量", en: "variable")
            case .scenario: Words(zh: "测试", en: "test")
            case .record: Words(zh: "记录", en: "record")
            case .option: Words(zh: "选项", en: "option")
            case .points: Words(zh: "得分项", en: "entry of points")
            case .key: Words(zh: "键", en: "key")
            case .connector: Words(zh: "连接", en: "connector")
            case .call: Words(zh: "调用", en: "call")
            case .channel: Words(zh: "渠道", en: "channel")
            case .inbound: Words(zh: "外来消息", en: "kind of message that comes in")
            case .report: Words(zh: "报表", en: "report")
            case .sequence: Words(zh: "行为序列", en: "sequence")
            case .decay: Words(zh: "热度", en: "decay")
            }
        }

        /// In front of `words.en`.
        var article: String {
            switch self {
            case .object, .option, .points, .app, .approval, .assignment, .automation: "an"
            case .calendar, .role, .choiceList, .field, .collection, .rule, .stage, .level, .queue, .watch, .variable, .scenario, .record, .key, .connector, .call, .channel, .inbound, .report, .sequence, .decay: "a"
            }
        }

        /// Names that formulas, addresses and files use; the others are free text.
        fileprivate var isIdentifier: Bool {
            switch self {
            case .app, .calendar, .role, .choiceList, .object, .field, .collection, .rule, .stage, .approval, .level, .assignment, .queue, .automation, .watch, .variable: true
            case .connector, .call, .channel, .inbound, .report, .sequence, .decay: true
            case .scenario, .record, .option, .points, .key: false
            }
        }
    }

    /// Long enough for a sentence of a name, short enough for a column heading.
    static let maximumLength = 64

    /// The words of the formula language; a name that reads like one could not be said.
    static let keywords: Set<String> = [
        "this", "me", "old", "candidate", "body", "and", "or", "not", "in", "contains", "between", "is", "blank", "valid", "where", "by", "desc",
        "as", "if", "true", "false", "是", "否",
    ]

    /// Fields and collections that every record has.
    static let reservedMembers: Set<String> = [
        "id", "version", "created", "created_by", "changed", "changed_by", "activities", "files", "tasks",
    ]

    /// Whether `name` may be declared as a name of this kind; reported if not.
    static func check(_ name: Located<String>, as kind: Kind, _ report: inout Diagnostics) -> Bool {
        let scalars = name.value.unicodeScalars
        guard kind.isIdentifier else {
            guard scalars.contains(where: { !$0.properties.isWhitespace }) else {
                report.report(.badName(name, kind, .empty))
                return false
            }
            return true
        }
        guard let first = scalars.first else {
            report.report(.badName(name, kind, .empty))
            return false
        }
        if let wrong = scalars.first(where: { !isLetter($0) && !isDigit($0) && $0 != "_" }) {
            report.report(.badName(name, kind, .character(wrong)))
            return false
        }
        guard !isDigit(first) else {
            report.report(.badName(name, kind, .startsWithDigit))
            return false
        }
        guard scalars.count <= maximumLength else {
            report.report(.badName(name, kind, .tooLong))
            return false
        }
        guard !keywords.contains(name.value) else {
            report.report(.keywordName(name, kind))
            return false
        }
        if kind == .field || kind == .collection, reservedMembers.contains(name.value) {
            report.report(.reservedName(name, kind))
            return false
        }
        return true
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .decimalNumber
    }
}

/// Names of one kind that have been declared in one place, so that none is twice and no two differ in case alone.
struct NameTable {
    private let kind: Name.Kind
    private var declared: [String: Located<String>] = [:]

    init(_ kind: Name.Kind) {
        self.kind = kind
    }

    /// Whether `name` is new; reported with the place of the first if it is not.
    mutating func declare(_ name: Located<String>, _ report: inout Diagnostics) -> Bool {
        let folded = name.value.lowercased()
        guard let first = declared[folded] else {
            declared[folded] = name
            return true
        }
        if first.value == name.value {
            report.report(.duplicateName(name, kind, first: first.span))
        } else {
            report.report(.nameDiffersInCase(name, kind, first: first))
        }
        return false
    }
}
