import Definition
import Formula
import SourceText

/// Resolves the names in `tests`, walking through each as it will run.
struct ScenarioChecker {
    private let app: AppChecker
    private let objects: [CheckedObject]

    init(_ app: AppChecker, _ objects: [CheckedObject]) {
        self.app = app
        self.objects = objects
    }

    func check() -> [CheckedScenario] {
        app.definition.scenarios.map { scenario in
            var walk = Walk(app: app, objects: objects)
            return walk.check(scenario)
        }
    }
}

/// What is known at a step: which records there are, and what the step before did.
private struct Walk {
    let app: AppChecker
    let objects: [CheckedObject]

    /// By name.
    private var records: [String: ObjectID] = [:]
    /// The record that a step means which names none.
    private var last: Record?
    /// The latest record of each object.
    private var latest: [ObjectID: Record] = [:]
    private var before = Before.nothing
    /// A step was wrong itself: what is missing later may have come from it.
    private var isBroken: Bool

    private struct Record: Equatable {
        let object: ObjectID
        /// Nil: it was created without a name.
        let name: String?
        /// Counts creations, so that two records without names are two.
        let number: Int
    }

    /// The step before, as far as `expect held` and `expect refused` care.
    private enum Before {
        case nothing
        /// It is wrong itself, which was told.
        case broken
        case action(ObjectID)
        case move(ObjectID, to: String)
        /// A question was answered, whatever it was.
        case answer
    }

    private var created = 0

    init(app: AppChecker, objects: [CheckedObject]) {
        self.app = app
        self.objects = objects
        isBroken = app.hasErrorsBefore
    }

    mutating func check(_ scenario: ScenarioDefinition) -> CheckedScenario {
        var at: Instant?
        if let written = scenario.at {
            if case .success(.instant(let instant)) = FieldKind.datetime.parse(written.value, zone: app.zone) { at = instant } else { app.report.report(.badTime(written)) }
        }
        let given = scenario.given.compactMap { checkGiven($0) }
        var steps: [CheckedScenario.Step] = []
        var expects = false
        for (index, step) in scenario.steps.enumerated() {
            let next = index + 1 < scenario.steps.count ? scenario.steps[index + 1].action : nil
            if let checked = checkStep(step, next: next) { steps.append(checked) }
            switch step.action {
            case .expect, .expectHeld, .expectRefused, .expectNotified, .expectCreated, .expectSent, .expectApproval, .expectApprovers: expects = true
            case .create, .edit, .move, .delete, .inbound, .receive, .wait, .decide, .answer, .away: break
            }
        }
        if !expects, !app.hasErrorsBefore { app.report.report(.emptyScenario(scenario.name)) }
        return CheckedScenario(name: scenario.name.value, at: at, given: given, stubs: checkStubs(scenario.stubs), steps: steps, declaredAt: scenario.name.span)
    }

    private mutating func checkGiven(_ given: ScenarioDefinition.Given) -> CheckedScenario.Given? {
        guard let object = app.object(named: given.object) else { return nil }
        // Its links may lead to records that stand before it.
        let values = given.values.compactMap { assignment($0, on: object, scope: FormulaScope(this: nil), writes: true, isGiven: true) }
        declare(given.name, object)
        return CheckedScenario.Given(object: object, name: given.name.value, values: values)
    }

    /// Stubs stand for connectors, or for calls of them.
    private func checkStubs(_ written: [ScenarioDefinition.Stub]) -> [String: CheckedScenario.Stub] {
        var stubs: [String: CheckedScenario.Stub] = [:]
        for stub in written {
            guard isConnector(stub.target) else { continue }
            switch stub.answer {
            case .takes(let receipt): stubs[stub.target.value] = .takes(receipt: receipt)
            case .refuses: stubs[stub.target.value] = .refuses
            case .isDown: stubs[stub.target.value] = .isDown
            }
        }
        return stubs
    }

    private func isConnector(_ target: Located<String>) -> Bool {
        let parts = target.value.split(separator: ".", maxSplits: 1).map(String.init)
        // What could not be checked was told already.
        guard let name = parts.first, let connector = app.checkedConnectors.first(where: { $0.name == name }) else {
            if !app.definition.connectors.contains(where: { $0.name.value == parts.first }) {
                app.report.report(.unknownName(target, .connector, of: nil, known: app.checkedConnectors.map(\.name)))
            }
            return false
        }
        guard parts.count == 2 else { return true }
        if connector.call(named: parts[1]) != nil { return true }
        let written = app.definition.connectors.first { $0.name.value == name }?.calls.map(\.name.value) ?? []
        if !written.contains(parts[1]) {
            var known: [String] = []
            if case .http(let settings) = connector.kind { known = settings.calls.map(\.name) }
            app.report.report(.unknownName(Located(parts[1], at: target.span), .call, of: name, known: known))
        }
        return false
    }

    /// Channels that lead somewhere, calls and webhooks: what effects are sent to.
    private func checkTarget(_ target: Located<String>) {
        if app.checkedChannels.contains(where: { $0.name == target.value }) || app.definition.channels.contains(where: { $0.name.value == target.value }) { return }
        let parts = target.value.split(separator: ".", maxSplits: 1).map(String.init)
        if let name = parts.first, app.definition.connectors.contains(where: { $0.name.value == name }) {
            _ = isConnector(target)
            return
        }
        var known = app.channelNames
        for connector in app.checkedConnectors {
            switch connector.kind {
            case .http(let settings): known += settings.calls.map { "\(connector.name).\($0.name)" }
            case .webhook: known.append(connector.name)
            case .mail, .wecomRobot: break
            }
        }
        app.report.report(.unknownName(target, .channel, of: nil, known: known))
    }

    private mutating func declare(_ name: Located<String>?, _ object: ObjectID) {
        if let name {
            if records[name.value] != nil { app.report.report(.recordNamedTwice(name)) }
            records[name.value] = object
        }
        created += 1
        let record = Record(object: object, name: name?.value, number: created)
        last = record
        latest[object] = record
    }

    private mutating func checkStep(_ step: ScenarioDefinition.Step, next: ScenarioDefinition.Step.Action?) -> CheckedScenario.Step? {
        let actor = step.actor.map(checkActor) ?? .system
        guard let action = checkAction(step, next) else {
            before = .broken
            isBroken = true
            switch step.action {
            // Which record is the last one is not known any more.
            case .create, .edit, .move, .delete, .inbound: last = nil
            case .expect, .expectHeld, .expectRefused, .expectNotified, .expectCreated, .expectSent, .expectApproval, .expectApprovers, .receive, .wait, .decide, .answer, .away: break
            }
            return nil
        }
        guard let actor else { return nil }
        return CheckedScenario.Step(action: action, actor: actor, span: step.span)
    }

    /// A person first, then a role; nil, and reported, if there is neither.
    private func checkActor(_ name: Located<String>) -> CheckedScenario.Step.Actor? {
        if let object = records[name.value] {
            if object == app.id(of: .user) { return .person(name.value) }
            app.report.report(.notAPerson(name, is: objects[object.index].name))
            return nil
        }
        if let role = app.roles.first(where: { $0.name == name.value }) { return .role(role.id) }
        let people = records.filter { $0.value == app.id(of: .user) }.keys.sorted()
        app.report.report(.unknownActor(name, known: people + app.roles.map(\.name)))
        return nil
    }

    private mutating func checkAction(
        _ step: ScenarioDefinition.Step, _ next: ScenarioDefinition.Step.Action?
    ) -> CheckedScenario.Step.Action? {
        switch step.action {
        case .create(let objectName, let name, let with):
            before = .nothing
            guard let object = app.object(named: objectName) else { return nil }
            let values = with.compactMap { assignment($0, on: object, scope: FormulaScope(this: nil, allowsMe: true), writes: true) }
            // A creation that is to be refused leaves nothing behind.
            if case .expectRefused? = next {} else { declare(name, object) }
            before = .action(object)
            return .create(object, name: name?.value, with: values)

        case .edit(let what, let of, let with):
            guard let record = record(what, of, at: step.span) else { return nil }
            let scope = FormulaScope(this: record.object, allowsMe: true)
            let values = with.compactMap { assignment($0, on: record.object, scope: scope, writes: true) }
            turn(to: record, .action(record.object))
            return .edit(record: record.name, with: values)

        case .move(let stage, let of):
            guard let record = record(nil, of, at: step.span) else { return nil }
            let object = objects[record.object.index]
            guard let field = object.stage, case .stage(let stages) = object.fields[field.index].kind else {
                app.report.report(.noStages(stage, of: object.name))
                return nil
            }
            guard stages.stage(stage.value) != nil else {
                // It stands in a second stage field, which was told to be one too many.
                if writtenStages(record.object).contains(where: { $0.key.value == stage.value }) { return nil }
                let labelled = stages.stages.first { $0.label.zh == stage.value || $0.label.en == stage.value }
                app.report.report(.unknownStage(stage, of: object.name, meant: labelled?.key, known: stages.stages.map(\.key)))
                return nil
            }
            turn(to: record, .move(record.object, to: stage.value))
            return .move(to: stage.value, record: record.name)

        case .delete(let what, let of):
            guard let record = record(what, of, at: step.span) else { return nil }
            turn(to: record, .action(record.object))
            return .delete(record: record.name)

        case .expect(let expected, let of):
            before = .nothing
            if expected.isEmpty { app.report.report(.expectNothing(step.span)) }
            guard let record = record(nil, of, at: step.span) else { return nil }
            let scope = FormulaScope(this: record.object)
            return .expect(record: record.name, expected.compactMap { assignment($0, on: record.object, scope: scope, writes: false) })

        case .expectHeld(let names):
            defer { before = .nothing }
            if names.isEmpty { app.report.report(.expectNothing(step.span)) }
            guard case .move(let object, let stage) = before else {
                if case .broken = before { return nil }
                app.report.report(.heldWithoutMove(step.span))
                return nil
            }
            let conditions = conditions(of: stage, object).map(\.name)
            // A condition that could not be checked is not among them.
            let written = writtenConditions(of: stage, object)
            for name in names where !conditions.contains(name.value) && !written.contains(name.value) && !mayBeLost(name.value, written) {
                app.report.report(.unknownCondition(name, of: stage, known: conditions))
            }
            return .expectHeld(names.map(\.value))

        case .expectRefused(let names):
            defer { before = .nothing }
            if names.isEmpty { app.report.report(.expectNothing(step.span)) }
            let object: CheckedObject
            switch before {
            case .broken: return nil
            case .nothing:
                app.report.report(.refusedWithoutAction(step.span))
                return nil
            case .action(let id), .move(let id, _): object = objects[id.index]
            // Which question it was is seen when the test runs.
            case .answer: return .expectRefused(names.map(\.value))
            }
            let known = object.fields.map(\.name) + object.rules.map(\.name) + app.definition.approvals.filter { $0.object.value == object.name }.map(\.name.value)
            // A rule that could not be checked is not among them.
            let written = app.objects[object.id.index].definition?.rules.map(\.name.value) ?? []
            for name in names where !known.contains(name.value) && !written.contains(name.value) && !mayBeLost(name.value, known) {
                app.report.report(.unknownRule(name, of: object.name, known: known))
            }
            return .expectRefused(names.map(\.value))

        case .expectNotified(let names, let isExpected):
            before = .nothing
            if names.isEmpty { app.report.report(.expectNothing(step.span)) }
            let users = app.id(of: .user)
            var people: [String] = []
            for name in names {
                if records[name.value] == users { people.append(name.value) } else {
                    app.report.report(.unknownActor(name, known: records.filter { $0.value == users }.keys.sorted()))
                }
            }
            return .expectNotified(people, isExpected: isExpected)

        case .expectCreated(let written, let isExpected):
            before = .nothing
            if written.isEmpty { app.report.report(.expectNothing(step.span)) }
            return .expectCreated(
                written.compactMap { created in
                    guard let object = app.object(named: created.object) else { return nil }
                    let scope = FormulaScope(this: object)
                    return .init(object: object, values: created.values.compactMap { assignment($0, on: object, scope: scope, writes: false) })
                }, isExpected: isExpected)

        case .expectSent(let names):
            before = .nothing
            if names.isEmpty { app.report.report(.expectNothing(step.span)) }
            for name in names { checkTarget(name) }
            return .expectSent(names.map(\.value))

        case .inbound(let inboundName, let name, let body):
            before = .nothing
            guard let inbound = app.checkedInbound.first(where: { $0.name == inboundName.value }) else {
                // One that could not be checked was told already.
                if !app.definition.inbound.contains(where: { $0.name.value == inboundName.value }) {
                    app.report.report(.unknownName(inboundName, .inbound, of: nil, known: app.checkedInbound.map(\.name)))
                }
                return nil
            }
            if case .expectRefused? = next {} else { declare(name, inbound.object) }
            before = .action(inbound.object)
            return .inbound(inbound.name, name: name?.value, body: body)

        case .receive(let name, let body):
            before = .nothing
            return app.receivingChannel(name).map { .receive($0, body: body) }

        case .decide(let decision, let name, let of, let to, let comment):
            guard let record = record(nil, of, at: step.span), let index = approval(name, of: record.object) else { return nil }
            let approval = app.checkedApprovals[index]
            turn(to: record, .action(record.object))
            if let to {
                if decision.takesPerson {
                    guard records[to.value] == app.id(of: .user) else {
                        app.report.report(.unknownActor(to, known: records.filter { $0.value == app.id(of: .user) }.keys.sorted()))
                        return nil
                    }
                } else if to.value != "start", !approval.levels.contains(where: { $0.name == to.value }) {
                    app.report.report(.unknownApprovalState(to, known: ["start"] + approval.levels.map(\.name)))
                    return nil
                }
            }
            guard let decision = CheckedScenario.Step.Decision(rawValue: decision.rawValue) else { return nil }
            return .decide(decision, approval: name.value, record: record.name, to: to?.value, comment: comment?.value)

        case .answer(let written, let of):
            var name: String?
            if let of {
                guard let record = record(nil, of, at: step.span) else { return nil }
                name = record.name
            }
            before = .answer
            var values: [(field: String, text: String)] = []
            for value in written {
                switch value.value {
                case .literal(let text), .noValue(let text): values.append((value.field.value, text.text))
                case .list(let items, _):
                    let texts = items.compactMap { if case .literal(let text) = $0 { text.text } else { nil } }
                    values.append((value.field.value, texts.joined(separator: ",")))
                case .formula(let text):
                    app.report.report(.badValue(text.span, field: value.field.value, .wrongKind(wanted: Words(zh: "直接写出的值", en: "a plain value"))))
                    return nil
                }
            }
            return .answer(values, record: name)

        case .away(let person, let deputy, let from, let until):
            before = .nothing
            for name in [person, deputy] where records[name.value] != app.id(of: .user) {
                app.report.report(.unknownActor(name, known: records.filter { $0.value == app.id(of: .user) }.keys.sorted()))
                return nil
            }
            func instant(_ written: Located<String>) -> Instant? {
                if case .success(.instant(let instant)) = FieldKind.datetime.parse(written.value, zone: app.zone) { return instant }
                app.report.report(.badTime(written))
                return nil
            }
            let begin = from.map { instant($0) }
            guard let end = instant(until) else { return nil }
            if case .some(nil) = begin { return nil }
            return .away(person.value, to: deputy.value, from: begin ?? nil, until: end)

        case .expectApproval(let expected, let of):
            before = .nothing
            if expected.isEmpty { app.report.report(.expectNothing(step.span)) }
            guard let record = record(nil, of, at: step.span) else { return nil }
            for (name, state) in expected {
                guard let index = approval(name, of: record.object) else { return nil }
                let known = ["none", "pending", "approved", "rejected", "returned", "withdrawn", "void"] + app.checkedApprovals[index].levels.map(\.name)
                if !known.contains(state.value) { app.report.report(.unknownApprovalState(state, known: known)) }
            }
            return .expectApproval(expected.map { ($0.approval.value, $0.state.value) }, record: record.name)

        case .expectApprovers(let names, let of):
            before = .nothing
            guard let record = record(nil, of, at: step.span) else { return nil }
            let users = app.id(of: .user)
            for name in names where records[name.value] != users {
                app.report.report(.unknownActor(name, known: records.filter { $0.value == users }.keys.sorted()))
            }
            return .expectApprovers(names.map(\.value), record: record.name)

        case .wait(let text):
            before = .nothing
            guard let delay = Delay(text.value) else {
                app.report.report(.badWait(text))
                return nil
            }
            return .wait(delay)
        }
    }

    /// An approval over records of this object; reported if there is none.
    private func approval(_ name: Located<String>, of object: ObjectID) -> Int? {
        guard let index = app.approval(named: name) else { return nil }
        let approval = app.checkedApprovals[index]
        guard approval.object == object else {
            app.report.report(.approvesOther(name, of: objects[approval.object.index].name, here: objects[object.index].name))
            return nil
        }
        return index
    }

    private mutating func turn(to record: Record, _ action: Before) {
        last = record
        latest[record.object] = record
        before = action
    }

    private func conditions(of stage: String, _ object: ObjectID) -> [CheckedRule] {
        guard let field = objects[object.index].stage, case .stage(let stages) = objects[object.index].fields[field.index].kind else { return [] }
        return stages.stage(stage)?.conditions ?? []
    }

    /// Whether `name` may have stood in what could not be read of the app, and was told of there. A near name is a slip all the same.
    private func mayBeLost(_ name: String, _ known: [String]) -> Bool {
        app.hasErrorsBefore && closestMatch(to: name, among: known) == nil
    }

    private func writtenConditions(of stage: String, _ object: ObjectID) -> [String] {
        writtenStages(object).filter { $0.key.value == stage }.flatMap { $0.enter.map(\.name.value) }
    }

    /// The stages of every stage field of an object, also of one too many.
    private func writtenStages(_ object: ObjectID) -> [StageDefinition.Stage] {
        app.objects[object.index].fields.flatMap { field -> [StageDefinition.Stage] in
            if case .stage(let written)? = field.definition?.type?.value { written.stages } else { [] }
        }
    }

    /// The record that a step is about: `what` names it or its object, `of` names it, and without both it is the last.
    private mutating func record(_ what: Located<String>?, _ of: Located<String>?, at span: Span) -> Record? {
        before = .nothing
        if let of {
            guard let object = records[of.value] else {
                app.report.report(.unknownRecord(of, known: records.keys.sorted()))
                return nil
            }
            if let what, let wanted = app.objectIDs[what.value], wanted != object {
                app.report.report(.wrongRecord(of, is: objects[object.index].name, wanted: [what.value]))
                return nil
            }
            if let what, app.objectIDs[what.value] == nil, what.value != of.value {
                _ = app.object(named: what)
                return nil
            }
            return named(of.value, object)
        }
        guard let what else {
            if last == nil, !isBroken { app.report.report(.noRecord(span)) }
            return last
        }
        if let object = records[what.value] { return named(what.value, object) }
        guard let object = app.objectIDs[what.value] else {
            app.report.report(.unknownRecord(what, known: records.keys.sorted() + app.objects.map(\.name)))
            return nil
        }
        guard let record = latest[object] else {
            app.report.report(.noRecord(what.span))
            return nil
        }
        guard record.name != nil || record == last else {
            app.report.report(.nameTheRecord(what))
            return nil
        }
        return record
    }

    private func named(_ name: String, _ object: ObjectID) -> Record {
        Record(object: object, name: name, number: 0)
    }

    private func assignment(
        _ written: FieldValueDefinition, on object: ObjectID, scope: FormulaScope, writes: Bool, isGiven: Bool = false
    ) -> CheckedScenario.Assignment? {
        let draft = app.objects[object.index]
        guard let field = draft.field(named: written.field.value) else {
            if !mayBeLost(written.field.value, draft.fields.map(\.name)) {
                app.report.report(.unknownName(written.field, .field, of: draft.name, known: draft.fields.map(\.name)))
            }
            return nil
        }
        if writes, field.isComputed || !objects[object.index].fields[field.id.index].isWritable {
            app.report.report(.notWritable(written.field, of: draft.name))
            return nil
        }
        if writes, !isGiven, case .stage? = field.kind {
            app.report.report(.stageIsMoved(written.field))
            return nil
        }
        switch app.readPlain(written.value, for: field, in: scope, isInput: writes) {
        case .nothing: return nil
        case .value(let value): return .init(field: field.id, value: .value(value), span: written.value.span)
        case .formula(let formula): return .init(field: field.id, value: .formula(formula), span: written.value.span)
        case .name(let text):
            let name = Located(text.text, at: text.span)
            return isRecord(name, of: field) ? .init(field: field.id, value: .record(name.value), span: text.span) : nil
        case .names(let names):
            guard names.allSatisfy({ isRecord($0, of: field) }) else { return nil }
            return .init(field: field.id, value: .records(names.map(\.value)), span: written.value.span)
        }
    }

    /// Whether the scenario has named a record so, to which the field may lead; reported if not.
    private func isRecord(_ name: Located<String>, of field: FieldDraft) -> Bool {
        guard let targets = targets(of: field) else { return false }
        guard let found = records[name.value] else {
            app.report.report(.unknownRecord(name, known: records.keys.sorted()))
            return false
        }
        guard targets.contains(found) else {
            app.report.report(.wrongRecord(name, is: objects[found.index].name, wanted: targets.map { objects[$0.index].name }))
            return false
        }
        return true
    }

    private func targets(of field: FieldDraft) -> [ObjectID]? {
        switch field.kind {
        case .link(let objects)?, .links(let objects)?: objects
        case .file?, .files?: [app.id(of: .file)]
        default: nil
        }
    }
}
