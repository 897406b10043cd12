import Definition
import Formula
import SourceText

extension AppChecker {
    func checkApprovals() -> [CheckedApproval] {
        let approvals = definition.approvals.compactMap { checkApproval($0) }
        for (object, stage, isFirst) in stagesWithApproval {
            guard let name = stage.approval else { continue }
            if let index = approval(named: name, among: approvals), approvals[index].object != object.id {
                report.report(.approvesOther(name, of: objects[approvals[index].object.index].name, here: object.name))
            } else if isFirst {
                report.report(.approvalAtStart(name, stage.key.value))
            }
        }
        return approvals
    }

    /// Its position among those that were right.
    func approval(named name: Located<String>, among approvals: [CheckedApproval]? = nil) -> Int? {
        let approvals = approvals ?? checkedApprovals
        if let index = approvals.firstIndex(where: { $0.name == name.value }) { return index }
        // One that could not be checked was told already.
        if !definition.approvals.contains(where: { $0.name.value == name.value }) {
            report.report(.unknownName(name, .approval, of: nil, known: approvals.map(\.name)))
        }
        return nil
    }

    private var stagesWithApproval: [(object: ObjectDraft, stage: StageDefinition.Stage, isFirst: Bool)] {
        objects.flatMap { object in
            object.fields.flatMap { field -> [(object: ObjectDraft, stage: StageDefinition.Stage, isFirst: Bool)] in
                guard case .stage(let written)? = field.definition?.type?.value else { return [] }
                return written.stages.enumerated().filter { $0.element.approval != nil }.map { (object, $0.element, $0.offset == 0) }
            }
        }
    }

    private func checkApproval(_ written: ApprovalDefinition) -> CheckedApproval? {
        guard let object = object(named: written.object) else { return nil }
        let draft = objects[object.index]
        let scope = FormulaScope(this: object, allowsMe: true)
        var isRight = true
        func condition(_ text: EmbeddedText?) -> CheckedExpression? {
            guard let text else { return nil }
            let checked = check(text, in: scope, expecting: .bool)
            if checked == nil { isRight = false }
            return checked
        }
        let whole = condition(written.condition)
        let levels = written.levels.map { level -> CheckedApproval.Level in
            let people = level.people.compactMap { text -> CheckedExpression? in
                let (people, found) = formulas.checkedRecords(text, in: scope, of: [id(of: .user)])
                for diagnostic in found { report.report(diagnostic) }
                return people
            }
            if people.count != level.people.count { isRight = false }
            return CheckedApproval.Level(
                name: level.name.value, label: level.label?.words(or: level.name.value) ?? Words(same: level.name.value), people: people, need: need(level.need),
                condition: condition(level.condition), within: level.within.flatMap { delay($0) }, late: level.late.compactMap { late($0) },
                skipsSamePerson: level.samePerson?.value != "ask", empty: level.empty.flatMap { .init(rawValue: $0.value) } ?? .fail)
        }
        guard isRight else { return nil }
        let conditions = ([whole] + levels.map(\.condition)).compactMap { $0 }
        var freeze: [FieldID] = []
        for name in written.freeze ?? [] {
            guard let field = draft.field(named: name.value), case .some = field.kind ?? (field.isComputed ? .text : nil) else {
                report.report(.unknownName(name, .field, of: draft.name, known: draft.fields.map(\.name)))
                continue
            }
            if case .stage? = field.kind {
                report.report(.stageTarget(name))
                continue
            }
            freeze.append(field.id)
        }
        if written.freeze == nil {
            var stage: FieldID?
            for field in draft.fields { if case .stage? = field.kind { stage = field.id } }
            let read = conditions.reduce(into: Set<FieldID>()) { $0.formUnion($1.reads.own) }
            freeze = read.filter { $0.object == object && $0 != stage && $0.index >= SystemField.allCases.count }.sorted { $0.index < $1.index }
        }
        let liberties = written.allow.map { Set($0.compactMap { CheckedApproval.Liberty(rawValue: $0.value) }) } ?? CheckedApproval.Liberty.usual
        return CheckedApproval(
            name: written.name.value, label: written.label?.words(or: written.name.value) ?? Words(same: written.name.value), object: object,
            condition: whole, freeze: freeze, changed: written.changed.flatMap { .init(rawValue: $0.value) } ?? .refuse, levels: levels,
            rejection: written.reject.flatMap { .init(rawValue: $0.value) } ?? .stop, liberties: liberties, allowsSelf: written.selfApproval?.value ?? false,
            stages: Set(stagesWithApproval.filter { $0.object.id == object && $0.stage.approval?.value == written.name.value }.map(\.stage.key.value)),
            declaredAt: written.name.span, extent: written.extent)
    }

    private func need(_ text: Located<String>?) -> CheckedApproval.Need {
        guard let text else { return .any }
        switch text.value {
        case "any": return .any
        case "all": return .all
        case "in order": return .inOrder
        default:
            if let count = Int(text.value), (1...100).contains(count) { return .count(count) }
            report.report(.badNeed(text))
            return .any
        }
    }

    private func late(_ text: Located<String>) -> CheckedApproval.Late? {
        let late = CheckedApproval.Late(text.value)
        if late == nil { report.report(.badLate(text)) }
        return late
    }

    private func delay(_ text: Located<String>) -> Delay? {
        let delay = Delay(text.value)
        if delay == nil { report.report(.badDelay(text)) }
        return delay
    }
}
