import Definition
import Formula
import SourceText

extension AppChecker {
    func checkAutomations() -> [CheckedAutomation] {
        (definition.automations + definition.reports.compactMap(\.sending)).compactMap { checkAutomation($0) }
    }

    private func checkAutomation(_ written: AutomationDefinition) -> CheckedAutomation? {
        var object: ObjectID?
        var triggers: [CheckedAutomation.Trigger] = []
        for text in written.triggers {
            guard let (on, trigger) = trigger(text) else { continue }
            if let on {
                if let first = object, first != on {
                    report.report(.otherObject(text, is: objects[on.index].name, first: objects[first.index].name))
                    continue
                }
                object = on
            }
            triggers.append(trigger)
        }
        guard triggers.count == written.triggers.count else { return nil }
        let schedules = triggers.contains { if case .schedule = $0 { true } else { false } }
        // What is said of the record must hold whatever set the steps off.
        let messages = triggers.filter { if case .message = $0 { true } else { false } }
        let isWithoutRecord = triggers.contains { if case .message(_, about: nil) = $0 { true } else { false } }
        let record = schedules || isWithoutRecord ? nil : object
        let inputs = messages.count == triggers.count ? messageInputs : []
        let scope = FormulaScope(this: record, allowsMe: true, allowsOld: record != nil && messages.isEmpty, inputs: inputs)
        var condition: CheckedExpression?
        if let text = written.condition {
            condition = check(text, in: scope, expecting: .bool)
            guard condition != nil else { return nil }
        }
        if let missed = written.missed, !schedules { report.report(.missedWithoutSchedule(missed)) }
        var before: [CheckedSetting] = []
        if !written.before.isEmpty {
            let saves = triggers.allSatisfy { trigger in
                switch trigger {
                case .created, .changed, .fieldChanges, .becomes, .inbound: true
                case .deleted, .enters, .leaves, .schedule, .approval, .message, .sequence: false
                }
            }
            if let record, saves {
                before = StepChecker(self, object: record).settings(written.before, on: record)
            } else {
                report.report(.beforeWithoutSave(written.before[0].field.span))
            }
        }
        var steps = StepChecker(self, object: record, inputs: inputs)
        let body = steps.check(written.steps)
        return CheckedAutomation(
            name: written.name.value, label: written.label?.words(or: written.name.value) ?? Words(same: written.name.value), object: record,
            triggers: triggers, condition: condition, before: before, body: CheckedSteps(steps: body, variables: steps.named),
            missed: written.missed.flatMap { CheckedAutomation.Missed(rawValue: $0.value) } ?? .once, declaredAt: written.name.span, extent: written.extent)
    }

    /// `lead is created`, `lead.status becomes won`, `every day at 09:00`; nil after saying what is wrong.
    private func trigger(_ text: Located<String>) -> (object: ObjectID?, CheckedAutomation.Trigger)? {
        if Schedule.isMeant(text.value) {
            guard let schedule = Schedule(sentence: text.value) else {
                report.report(.badSchedule(text))
                return nil
            }
            return (nil, .schedule(schedule))
        }
        let words = text.value.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count >= 2 else { return failed(text) }
        let rest = words.count > 2 ? words[2].trimmedText : ""
        if words[0] == "inbound", words.count == 2 { return inbound(words[1], text) }
        if words[0] == "message", words[1] == "in", !rest.isEmpty { return message(in: rest, text) }
        if words[1] == "is", let event = CheckedAutomation.ApprovalEvent(rawValue: rest) {
            return approval(named: Located(words[0], at: text.span)).map { (checkedApprovals[$0].object, .approval(words[0], event)) }
        }
        let path = words[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard path.count <= 2, let object = self.object(named: Located(path[0], at: text.span)) else { return path.count > 2 ? failed(text) : nil }
        let draft = objects[object.index]
        switch (path.count, words[1], rest) {
        case (1, "is", "created"): return (object, .created)
        case (1, "is", "changed"): return (object, .changed)
        case (1, "is", "deleted"): return (object, .deleted)
        case (1, "enters", let stage) where !stage.isEmpty:
            return isStage(stage, of: draft, at: text) ? (object, .enters(stage)) : nil
        case (1, "leaves", let stage) where !stage.isEmpty:
            return isStage(stage, of: draft, at: text) ? (object, .leaves(stage)) : nil
        case (2, "changes", ""):
            return field(path[1], of: draft, at: text).map { (object, .fieldChanges($0.id)) }
        case (2, "becomes", let value) where !value.isEmpty:
            guard let field = field(path[1], of: draft, at: text) else { return nil }
            let unquoted = value.count > 1 && value.first == "'" && value.last == "'" ? String(value.dropFirst().dropLast()) : value
            if case .stage(let stages)? = field.kind {
                return isStage(unquoted, of: draft, at: text) && stages.stage(unquoted) != nil ? (object, .enters(unquoted)) : nil
            }
            guard let kind = field.kind else { return nil }
            switch kind.parse(unquoted, zone: zone) {
            case .success(let value): return (object, .becomes(field.id, value))
            case .failure(let issue):
                report.report(.badValue(text.span, field: field.name, issue))
                return nil
            }
        default: return failed(text)
        }
    }

    /// What came in is a record by the time the steps are taken.
    private func inbound(_ name: String, _ text: Located<String>) -> (ObjectID?, CheckedAutomation.Trigger)? {
        if let inbound = checkedInbound.first(where: { $0.name == name }) { return (inbound.object, .inbound(name)) }
        // One that could not be checked was told already.
        if !definition.inbound.contains(where: { $0.name.value == name }) {
            report.report(.unknownName(Located(name, at: text.span), .inbound, of: nil, known: checkedInbound.map(\.name)))
        }
        return nil
    }

    private func failed(_ text: Located<String>) -> (ObjectID?, CheckedAutomation.Trigger)? {
        report.report(.badTrigger(text))
        return nil
    }

    private func field(_ name: String, of draft: ObjectDraft, at text: Located<String>) -> FieldDraft? {
        if let field = draft.field(named: name) { return field }
        report.report(.unknownName(Located(name, at: text.span), .field, of: draft.name, known: draft.fields.map(\.name)))
        return nil
    }

    private func isStage(_ key: String, of draft: ObjectDraft, at text: Located<String>) -> Bool {
        let stages = draft.fields.lazy.compactMap { field -> CheckedStages? in if case .stage(let stages)? = field.kind { stages } else { nil } }.first
        guard let stages else {
            report.report(.noStages(Located(key, at: text.span), of: draft.name))
            return false
        }
        guard stages.stage(key) == nil else { return true }
        let labelled = stages.stages.first { $0.label.zh == key || $0.label.en == key }
        report.report(.unknownStage(Located(key, at: text.span), of: draft.name, meant: labelled?.key, known: stages.stages.map(\.key)))
        return false
    }
}
