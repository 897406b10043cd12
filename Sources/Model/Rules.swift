import Definition
import Formula
import SourceText

extension AppChecker {
    func checkRules(of object: ObjectDraft) -> [CheckedRule] {
        (object.definition?.rules ?? []).compactMap { checkRule($0, on: object) }
    }

    /// A rule of an object or a condition of a gate: a yes or a no, about the record, who acts and what changed.
    func checkRule(_ rule: RuleDefinition, on object: ObjectDraft) -> CheckedRule? {
        let scope = FormulaScope(this: object.id, allowsMe: true, allowsOld: true)
        let must = check(rule.must, in: scope, expecting: .bool)
        let condition = rule.condition.flatMap { check($0, in: scope, expecting: .bool) }
        if let must { tellIfConstant(must) }
        if let condition { tellIfConstant(condition) }
        let say = rule.say.map { written -> LocalizedTemplate? in
            guard let zh = checkTemplate(written.zh, in: scope) else { return nil }
            if written.en == written.zh { return LocalizedTemplate(zh: zh, en: zh) }
            return checkTemplate(written.en, in: scope).map { LocalizedTemplate(zh: zh, en: $0) }
        } ?? Self.standardSentence(for: rule)
        guard let must, let say, rule.condition == nil || condition != nil else { return nil }
        return CheckedRule(name: rule.name.value, must: must, condition: condition, say: say, declaredAt: rule.span)
    }

    /// What is said of a rule that says nothing itself.
    private static func standardSentence(for rule: RuleDefinition) -> LocalizedTemplate {
        let words = Words(
            zh: "“\(rule.name.value)”未满足：\(rule.must.text)", en: "“\(rule.name.value)” does not hold: \(rule.must.text)")
        return LocalizedTemplate(
            zh: CheckedTemplate(parts: [.text(words.zh)], source: rule.must), en: CheckedTemplate(parts: [.text(words.en)], source: rule.must))
    }

    /// A condition that depends on nothing is a slip.
    private func tellIfConstant(_ condition: CheckedExpression) {
        guard condition.isConstant else { return }
        let frame = Frame(this: nil, moment: Moment(now: Instant(microseconds: 0), zone: zone, calendar: calendar, calendars: calendarsByName), source: NoRows())
        guard let value = try? Evaluator(condition).value(in: frame) else { return }
        switch value {
        case .bool(true): report.report(.alwaysTrue(condition.source.span))
        case .bool(false), .blank: report.report(.neverTrue(condition.source.span))
        case .number, .text, .date, .instant, .duration, .option, .options, .location, .link, .links, .list, .failure: break
        }
    }
}

extension CheckedExpression {
    /// Whether its value is the same for every record, at any time.
    fileprivate var isConstant: Bool {
        !reads.clock && !reads.user && !reads.change && !root.readsRecords
    }
}

/// For formulas that read no records.
private struct NoRows: RowSource {
    func row(_ id: RecordID) -> Row? { nil }
    func rows(linking link: FieldID, to parent: RecordID) -> [Row] { [] }
    func rows(of object: ObjectID) -> [Row] { [] }
    func users(in role: RoleID) -> [Row] { [] }
    func title(of id: RecordID) -> String { "" }
}
