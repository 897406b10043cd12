import Definition
import Formula
import SourceText

/// Resolves the names in the steps of one automation or rung, and types what they read.
struct StepChecker {
    let app: AppChecker
    /// Whose record set the steps off; nil under a schedule.
    let object: ObjectID?
    /// Every variable by slot; those that cannot be said any more have an empty name.
    private(set) var variables: [FormulaScope.Input] = []
    private var names: [String] = []
    /// Every variable by slot, under the name that its author gave it.
    var named: [FormulaScope.Input] { zip(names, variables).map { FormulaScope.Input(name: $0, type: $1.type) } }

    /// - Parameter inputs: What the steps know from the beginning.
    init(_ app: AppChecker, object: ObjectID?, inputs: [FormulaScope.Input] = []) {
        self.app = app
        self.object = object
        variables = inputs
        names = inputs.map(\.name)
    }

    var scope: FormulaScope { FormulaScope(this: object, allowsMe: true, allowsOld: object != nil, inputs: variables) }

    mutating func check(_ steps: [StepDefinition]) -> [CheckedStep] {
        // What is named inside is known until the end of these steps.
        let outer = variables.count
        defer { forget(from: outer) }
        return steps.compactMap { check($0) }
    }

    private mutating func forget(from slot: Int) {
        for index in slot..<max(slot, variables.count) { variables[index] = FormulaScope.Input(name: "", type: variables[index].type) }
    }

    private mutating func check(_ step: StepDefinition) -> CheckedStep? {
        let verb = verb(of: step)
        let otherwise = step.otherwise.map { check($0) }
        return verb.map { CheckedStep(verb: $0, otherwise: otherwise, span: step.span) }
    }

    private mutating func verb(of step: StepDefinition) -> CheckedStep.Verb? {
        switch step.verb {
        case .set(let values):
            guard let object = record(for: "set", at: step.span) else { return nil }
            return .set(settings(values, on: object))
        case .create(let name, let variable, let values):
            guard let object = app.object(named: name) else { return nil }
            let with = settings(values, on: object)
            return .create(object, variable: variable.flatMap { declare($0, .link([object])) }, with: with)
        case .update(let text, let values):
            guard let records = records(text), let object = only(records, at: text) else { return nil }
            return .update(records, of: object, with: settings(values, on: object))
        case .delete(let text):
            return records(text).map { .delete($0) }
        case .move(let stage, let text):
            let target: CheckedExpression?
            let object: ObjectID
            if let text {
                guard let records = records(text), let found = only(records, at: text) else { return nil }
                (target, object) = (records, found)
            } else {
                guard let found = record(for: "move", at: step.span) else { return nil }
                (target, object) = (nil, found)
            }
            return checkStage(stage, of: object) ? .move(to: stage.value, of: target) : nil
        case .tag(let words, let adds, let field, let text): return tag(words, adds: adds, field, of: text, step.span)
        case .notify(let people, let via, let title, let message):
            return notice(people, via, title, message).map { .notify($0) }
        case .suggest(let text, let people, let via, let title, let message):
            let records = records(text)
            let notice = notice(people, via, title, message ?? TemplateDefinition(plain: Words(zh: "可以参考", en: "These may help"), span: text.span))
            guard let records, let notice else { return nil }
            return .suggest(records, notice)
        case .report(let name, let people, let via, let title, let message):
            let label = app.definition.reports.first { $0.name.value == name.value }?.label?.words(or: name.value) ?? Words(same: name.value)
            let notice = notice(people, via, title, message ?? TemplateDefinition(plain: Words(zh: label.zh.replacing("{", with: "{{"), en: label.en.replacing("{", with: "{{")), span: name.span))
            guard let report = app.report(named: name), let notice else { return nil }
            return .report(report, notice)
        case .wait(let text):
            return delay(text).map { .wait($0) }
        case .waitUntil(let text):
            guard let until = app.check(text, in: scope) else { return nil }
            switch until.type {
            case .date, .datetime: return .waitUntil(until)
            default:
                app.report.report(.notAnInstant(text.span))
                return nil
            }
        case .waitFor(let text, let within):
            guard record(for: "wait for", at: step.span) != nil else { return nil }
            let limit = within.map { delay($0) }
            guard let condition = app.check(text, in: scope, expecting: .bool) else { return nil }
            if case .some(nil) = limit { return nil }
            return .waitFor(condition, within: limit ?? nil)
        case .choose(let text, let then):
            let condition = app.check(text, in: scope, expecting: .bool)
            let then = check(then)
            return condition.map { .choose($0, then: then) }
        case .forEach(let text, let name, let steps):
            guard let records = records(text) else {
                // What the steps say of the variable cannot be judged.
                return nil
            }
            let element = if case .list(let element) = records.type { element } else { FormulaType.link(records.type.linkedObjects) }
            let outer = variables.count
            guard let slot = declare(name, element) else { return nil }
            let checked = steps.compactMap { check($0) }
            forget(from: outer)
            return .forEach(records, variable: slot, steps: checked)
        case .stop(let reason):
            return template(reason).map { .stop($0) }
        case .assign(let name):
            guard let object = record(for: "assign", at: step.span), let index = app.assignment(named: name) else { return nil }
            let assignment = app.checkedAssignments[index]
            guard assignment.object == object else {
                app.report.report(.assignsOther(name, of: app.objects[assignment.object.index].name, here: app.objects[object.index].name))
                return nil
            }
            return .assign(index)
        case .approve(let name, let then):
            let object = record(for: "approve", at: step.span)
            let index = app.approval(named: name)
            let steps = check(then)
            guard let object, let index else { return nil }
            let approval = app.checkedApprovals[index]
            guard approval.object == object else {
                app.report.report(.approvesOther(name, of: app.objects[approval.object.index].name, here: app.objects[object.index].name))
                return nil
            }
            return .approve(index, then: steps)
        case .ask(let question, let then):
            let asked = ask(question)
            let steps = check(then)
            return asked.map { .ask($0, then: steps) }
        case .send(let channel, let to, let message): return send(channel, to: to, message)
        case .call(let target, let name, let with): return call(target, name, with)
        }
    }

    // MARK: Parts

    func notice(
        _ people: [EmbeddedText], _ via: [Located<String>], _ title: TemplateDefinition?, _ message: TemplateDefinition?
    ) -> CheckedNotice? {
        let users = app.id(of: .user)
        let checked = people.compactMap { records($0, of: [users]) }
        let channels = via.filter { isChannel($0) }.map(\.value)
        let titleTemplate = title.map { template($0) }
        guard let message = message.flatMap({ template($0) }), checked.count == people.count, channels.count == via.count else { return nil }
        if case .some(nil) = titleTemplate { return nil }
        return CheckedNotice(people: checked, via: channels.isEmpty ? ["in_app"] : channels, title: titleTemplate ?? nil, message: message)
    }

    func record(for key: String, at span: Span) -> ObjectID? {
        if object == nil { app.report.report(.needsRecord(span, key: key)) }
        return object
    }

    mutating func declare(_ name: Located<String>, _ type: FormulaType) -> Int? {
        if let object, app.objects[object.index].field(named: name.value) != nil {
            app.report.report(.variableShadows(name, of: app.objects[object.index].name))
            return nil
        }
        if isTaken(name.value) {
            app.report.report(.variableShadows(name, of: name.value))
            return nil
        }
        return append(name.value, type)
    }

    private func isTaken(_ name: String) -> Bool { variables.contains { $0.name == name || $0.name.hasPrefix("\(name).") } }

    private mutating func append(_ name: String, _ type: FormulaType) -> Int {
        variables.append(FormulaScope.Input(name: name, type: type))
        names.append(name)
        return variables.count - 1
    }

    /// Several values under one name: `answer.seen`.
    mutating func declare(_ name: Located<String>, members: [(name: String, type: FormulaType)]) -> Range<Int>? {
        if let object, app.objects[object.index].field(named: name.value) != nil {
            app.report.report(.variableShadows(name, of: app.objects[object.index].name))
            return nil
        }
        if isTaken(name.value) {
            app.report.report(.variableShadows(name, of: name.value))
            return nil
        }
        let start = variables.count
        for member in members { _ = append("\(name.value).\(member.name)", member.type) }
        return start..<variables.count
    }

    func records(_ text: EmbeddedText, of objects: [ObjectID]? = nil) -> CheckedExpression? {
        let (expression, found) = app.formulas.checkedRecords(text, in: scope, of: objects)
        for diagnostic in found { app.report.report(diagnostic) }
        return expression
    }

    /// The one object whose records these are.
    func only(_ records: CheckedExpression, at text: EmbeddedText) -> ObjectID? {
        let type = if case .list(let element) = records.type { element } else { records.type }
        guard type.linkedObjects.count == 1 else {
            app.report.report(.needsObject(text))
            return nil
        }
        return type.linkedObjects[0]
    }

    func delay(_ text: Located<String>) -> Delay? {
        guard let delay = Delay(text.value) else {
            app.report.report(.badDelay(text))
            return nil
        }
        return delay
    }

    func template(_ written: TemplateDefinition) -> LocalizedTemplate? {
        app.localized(written, in: scope)
    }

    private func checkStage(_ stage: Located<String>, of object: ObjectID) -> Bool {
        let draft = app.objects[object.index]
        let stages = draft.fields.lazy.compactMap { field -> CheckedStages? in if case .stage(let stages)? = field.kind { stages } else { nil } }.first
        guard let stages else {
            app.report.report(.noStages(stage, of: draft.name))
            return false
        }
        if stages.stage(stage.value) != nil { return true }
        let labelled = stages.stages.first { $0.label.zh == stage.value || $0.label.en == stage.value }
        app.report.report(.unknownStage(stage, of: draft.name, meant: labelled?.key, known: stages.stages.map(\.key)))
        return false
    }

    func settings(_ values: [FieldValueDefinition], on object: ObjectID) -> [CheckedSetting] {
        let draft = app.objects[object.index]
        return values.compactMap { written in
            guard let field = draft.field(named: written.field.value) else {
                app.report.report(.unknownName(written.field, .field, of: draft.name, known: draft.fields.map(\.name)))
                return nil
            }
            if case .stage? = field.kind {
                app.report.report(.stageTarget(written.field))
                return nil
            }
            guard !field.isComputed, field.id.index >= SystemField.allCases.count, field.checked.isWritable else {
                app.report.report(.computedTarget(written.field, of: draft.name))
                return nil
            }
            switch app.readPlain(written.value, for: field, in: scope, isInput: true) {
            case .nothing: return nil
            case .value(let value): return CheckedSetting(field: field.id, source: .value(value))
            case .formula(let formula): return CheckedSetting(field: field.id, source: .formula(formula))
            case .name(let text):
                app.report.report(.literalLink(text, field: field.name))
                return nil
            case .names(let names):
                if let first = names.first {
                    app.report.report(.literalLink(EmbeddedText(text: first.value, span: first.span, segments: []), field: field.name))
                }
                return nil
            }
        }
    }
}
