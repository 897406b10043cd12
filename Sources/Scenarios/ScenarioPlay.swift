import Engine
import Formula
import Model
import Program
import SourceText
import Storage

/// One scenario under way: the records it named, whose turn it is, and what became of the step before.
struct ScenarioPlay {
    let engine: Engine
    let clock: VirtualClock
    let sources: SourceSet

    private var named: [String: RecordID] = [:]
    private var last: RecordID?
    /// People that were made because a step acts in a role that nobody of `given` has.
    private var standIns: [RoleID: RecordID] = [:]
    /// In the order of `given`.
    private var people: [RecordID] = []
    private var before: SaveOutcome?
    private let time: VirtualTime
    /// What was there before the last step that did something.
    private var mark = Mark()
    /// Records that the steps made themselves.
    private var own: Set<RecordID> = []

    private struct Mark {
        var change: Int64 = 0
        var notice: Int64 = 0
        var effect: Int64 = 0
    }

    private var model: CheckedApp { engine.app.model }

    init(engine: Engine, clock: VirtualClock, sources: SourceSet, outside: any DeliverySender = StubbedOutside()) {
        self.engine = engine
        self.clock = clock
        self.sources = sources
        time = VirtualTime(engine: engine, clock: clock, outside: outside)
    }

    /// Nil if all went as expected; else what did not, beginning with its place.
    mutating func run(_ scenario: CheckedScenario) async throws -> Words? {
        try await Automator(engine).setUp()
        for given in scenario.given {
            if let failure = try await make(given) { return at(given.values.first?.span ?? scenario.declaredAt, failure) }
        }
        for (index, step) in scenario.steps.enumerated() {
            let next = index + 1 < scenario.steps.count ? scenario.steps[index + 1].action : nil
            if let failure = try await run(step, next: next) { return at(step.span, failure) }
        }
        return nil
    }

    private func at(_ span: Span, _ words: Words) -> Words {
        let place = sources.lineDescription(of: span)
        return Words(zh: "\(place): \(words.zh)", en: "\(place): \(words.en)")
    }

    // MARK: Records that stand before the first step

    private mutating func make(_ given: CheckedScenario.Given) async throws -> Words? {
        var inputs = try await inputs(given.values, on: nil, as: .system)
        let object = model[given.object]
        // A person who is given without a name is called as the test calls them.
        if object.builtIn == .user, let name = object.field(named: "name"), !given.values.contains(where: { $0.field == name.id }) {
            inputs.append(FieldInput(name.id, .text(given.name)))
        }
        let outcome = try await engine.save(SaveCommand(.create(given.object, inputs), by: .system, door: .trusted))
        guard case .saved(let row, _) = outcome else {
            return Words(zh: "无法建立“\(given.name)”：\(told(outcome).zh)", en: "`\(given.name)` cannot be made: \(told(outcome).en)")
        }
        named[given.name] = row.id
        own.insert(row.id)
        last = row.id
        if object.builtIn == .user { people.append(row.id) }
        return nil
    }

    // MARK: Steps

    private mutating func run(_ step: CheckedScenario.Step, next: CheckedScenario.Step.Action?) async throws -> Words? {
        switch step.action {
        case .create, .edit, .move, .delete, .inbound, .receive, .wait, .decide, .answer, .away:
            mark = try await standing()
            let failure = try await act(step, next: next)
            try await time.settle()
            return failure
        case .expect, .expectHeld, .expectRefused, .expectNotified, .expectCreated, .expectSent, .expectApproval, .expectApprovers:
            return try await act(step, next: next)
        }
    }

    private func standing() async throws -> Mark {
        try await engine.store.read { transaction in
            Mark(
                change: try transaction.lastChange(), notice: try transaction.lastNotice(), effect: try transaction.lastEffect())
        }
    }

    private mutating func act(_ step: CheckedScenario.Step, next: CheckedScenario.Step.Action?) async throws -> Words? {
        switch step.action {
        case .create(let object, let name, let with):
            let principal = try await principal(step.actor)
            let outcome = try await save(.create(object, try await inputs(with, on: nil, as: principal)), by: principal)
            if case .saved(let row, _) = outcome {
                if let name { named[name] = row.id }
                own.insert(row.id)
                last = row.id
            }
            return refusal(outcome, next: next)
        case .edit(let name, let with):
            guard let record = record(name) else { return noRecord(name) }
            let principal = try await principal(step.actor)
            last = record
            return refusal(try await save(.edit(record, try await inputs(with, on: record, as: principal)), by: principal), next: next)
        case .move(let stage, let name):
            guard let record = record(name) else { return noRecord(name) }
            last = record
            return refusal(try await save(.move(record, to: stage), by: try await principal(step.actor)), next: next)
        case .delete(let name):
            guard let record = record(name) else { return noRecord(name) }
            last = record
            return refusal(try await save(.delete(record), by: try await principal(step.actor)), next: next)
        case .expect(let name, let expected):
            guard let record = record(name) else { return noRecord(name) }
            return try await compare(record, expected, as: try await principal(step.actor))
        case .expectHeld(let conditions):
            return compareHeld(conditions)
        case .expectRefused(let names):
            return compareRefused(names)
        case .expectNotified(let people, let isExpected):
            return try await compareNotified(people, isExpected: isExpected)
        case .expectCreated(let wanted, let isExpected):
            return try await compareCreated(wanted, isExpected: isExpected, as: try await principal(step.actor))
        case .expectSent(let targets):
            return try await compareSent(targets)
        case .inbound(let name, let called, let body):
            guard let inbound = model.inbound(named: name) else { preconditionFailure("the check knows every entry of `inbound`") }
            // In a test the bytes themselves tell messages apart.
            let outcome = try await engine.receive(inbound, Array(body.utf8), contentType: "application/json", digest: body)
            switch outcome {
            case .taken(let record, _):
                if let called { named[called] = record }
                own.insert(record)
                last = record
                before = nil
                return nil
            case .differs: return Words(zh: "同一编号的消息先前已收到，内容不同", en: "a message of the same number with other content came before")
            case .unreadable(let words): return words
            case .refused(let refused):
                before = refused
                return refusal(refused, next: next)
            }
        case .receive(let name, let body):
            guard let (channel, receives) = model.receivingChannel(named: name) else { preconditionFailure("the check knows every channel that receives") }
            switch try await engine.receive(Array(body.utf8), over: channel.name, receives, contentType: "application/json", digest: body) {
            case .taken:
                before = nil
                return nil
            case .differs: return Words(zh: "同一编号的消息先前已收到，内容不同", en: "a message of the same number with other content came before")
            case .unreadable(let words): return words
            }
        case .decide(let decision, let approval, let name, let to, let comment):
            guard let record = record(name) else { return noRecord(name) }
            last = record
            let outcome = try await decide(decision, approval, record, to: to, comment: comment, by: try await principal(step.actor))
            before = outcome
            return refusal(outcome, next: next)
        case .answer(let values, let name):
            let outcome = try await answer(values, about: name.flatMap { named[$0] }, by: try await principal(step.actor))
            before = outcome
            return refusal(outcome, next: next)
        case .away(let person, let deputy, let from, let until):
            guard let away = named[person], let deputy = named[deputy] else { return noRecord(person) }
            switch try await engine.announceAbsence(of: try await principal(away), deputy: deputy, from: from, until: until) {
            case .done: return nil
            case .refused(let words): return words
            case .missing: return noRecord(person)
            }
        case .expectApproval(let expected, let name):
            guard let record = record(name) else { return noRecord(name) }
            return try await compareApprovals(record, expected)
        case .expectApprovers(let people, let name):
            guard let record = record(name) else { return noRecord(name) }
            return try await compareApprovers(record, people)
        case .wait(let delay):
            guard let end = delay.due(after: clock.now(), in: model.zone, by: model.calendar) else {
                return Words(zh: "等不到那么久以后", en: "there is no such time")
            }
            try await time.pass(to: end)
            return nil
        }
    }

    private mutating func save(_ action: SaveCommand.Action, by principal: Principal) async throws -> SaveOutcome {
        let outcome = try await engine.save(SaveCommand(action, by: principal))
        before = outcome
        return outcome
    }

    private func record(_ name: String?) -> RecordID? {
        guard let name else { return last }
        return named[name]
    }

    private func noRecord(_ name: String?) -> Words {
        guard let name else { return Words(zh: "这一步之前还没有记录", en: "there is no record before this step") }
        return Words(zh: "没有记录“\(name)”", en: "there is no record `\(name)`")
    }

    /// A step must go through, unless the next one expects that it does not.
    private func refusal(_ outcome: SaveOutcome, next: CheckedScenario.Step.Action?) -> Words? {
        switch next {
        case .expectHeld?, .expectRefused?: return nil
        case .create?, .edit?, .move?, .delete?, .inbound?, .receive?, .expect?, .expectNotified?, .expectCreated?, .expectSent?, .wait?, .decide?, .answer?, .away?, .expectApproval?, .expectApprovers?, nil:
            break
        }
        if outcome.isSentForApproval { return nil }
        switch outcome {
        case .saved, .unchanged, .repeated: return nil
        case .refused, .held, .conflict, .missing, .denied, .requestKeyReused: return told(outcome)
        }
    }

    // MARK: People

    private mutating func principal(_ actor: CheckedScenario.Step.Actor) async throws -> Principal {
        switch actor {
        case .system:
            return .system
        case .person(let name):
            guard let user = named[name] else { return .system }
            return try await principal(user)
        case .role(let role):
            let key = Value.option(model[role].name)
            if let roleField = users?.field(named: "role") {
                for person in people {
                    if let row = try await engine.record(person, as: .system)?.rows.first, row[roleField.id] == key { return try await principal(person) }
                }
            }
            if let standIn = standIns[role] { return try await principal(standIn) }
            return try await principal(try await makeStandIn(role, key))
        }
    }

    private var users: CheckedObject? { model.objects.first { $0.builtIn == .user } }

    private mutating func makeStandIn(_ role: RoleID, _ key: Value) async throws -> RecordID {
        guard let users, let name = users.field(named: "name"), let roleField = users.field(named: "role") else {
            preconditionFailure("every app has people")
        }
        let inputs = [FieldInput(name.id, .text(model[role].label.zh)), FieldInput(roleField.id, key)]
        guard case .saved(let row, _) = try await engine.save(SaveCommand(.create(users.id, inputs), by: .system, door: .trusted)) else {
            preconditionFailure("a person with a name and a role is taken")
        }
        standIns[role] = row.id
        return row.id
    }

    private func principal(_ user: RecordID) async throws -> Principal {
        guard let row = try await engine.record(user, as: .system)?.rows.first, let users else { return .system }
        var roles: Set<RoleID> = []
        if let field = users.field(named: "role"), case .option(let key) = row[field.id] {
            roles = model.roles.first { $0.name == key }?.covers ?? []
        }
        var name = ""
        if let field = users.field(named: "name"), case .text(let text) = row[field.id] { name = text }
        return Principal(user: user, name: name, roles: roles)
    }

    // MARK: Values

    private func inputs(_ assignments: [CheckedScenario.Assignment], on record: RecordID?, as principal: Principal) async throws -> [FieldInput] {
        var inputs: [FieldInput] = []
        for assignment in assignments {
            inputs.append(FieldInput(assignment.field, try await value(assignment, on: record, as: principal)))
        }
        return inputs
    }

    private func value(_ assignment: CheckedScenario.Assignment, on record: RecordID?, as principal: Principal) async throws -> Value {
        switch assignment.value {
        case .value(let value): value
        case .record(let name): named[name].map(Value.link) ?? .blank
        case .records(let names):
            names.isEmpty ? .blank : .links(names.compactMap { named[$0] })
        case .formula(let formula): try await engine.value(of: formula, on: record, as: principal)
        }
    }

    // MARK: Expectations

    private func compare(_ record: RecordID, _ expected: [CheckedScenario.Assignment], as principal: Principal) async throws -> Words? {
        guard let view = try await engine.record(record, as: principal), let row = view.rows.first else {
            return Words(zh: "记录已被删除", en: "the record has been deleted")
        }
        var differences: [Words] = []
        for assignment in expected {
            let field = model[assignment.field]
            let wanted = try await value(assignment, on: record, as: principal)
            let found = row[assignment.field]
            guard !Self.same(wanted, found, field) else { continue }
            var titles = view.titles
            let unnamed = wanted.linkedRecords.filter { titles[$0] == nil }
            if !unnamed.isEmpty { titles.merge(try await engine.titles(of: Set(unnamed))) { first, _ in first } }
            differences.append(difference(field, wanted: wanted, found: found, row: row, titles: titles))
        }
        return differences.isEmpty ? nil : joined(differences)
    }

    /// Whether they are the same once both stand in the field: a number in its decimals, options in any order.
    private static func same(_ wanted: Value, _ found: Value, _ field: CheckedField) -> Bool {
        switch (wanted, found, field.kind) {
        case (.number(let wanted), .number(let found), .number(let decimals)), (.number(let wanted), .number(let found), .money(let decimals, _)),
            (.number(let wanted), .number(let found), .percent(let decimals)):
            return wanted.stored(decimals: decimals) == .number(found)
        case (.options(let wanted), .options(let found), _):
            return Set(wanted) == Set(found)
        case (.links(let wanted), .links(let found), _):
            return Set(wanted) == Set(found)
        default:
            return wanted == found
        }
    }

    private func difference(_ field: CheckedField, wanted: Value, found: Value, row: Row, titles: [RecordID: String]) -> Words {
        func text(_ value: Value, _ field: CheckedField, _ language: Language) -> String {
            let text = field.kind.display(value, language: language, zone: model.zone) { titles[$0] ?? engine.app.text(of: $0) }
            return text.isEmpty ? Words(zh: "（空）", en: "(blank)")[language] : text
        }
        var zh = "“\(field.name)”应为 \(text(wanted, field, .zh))，实际为 \(text(found, field, .zh))"
        var en = "expected `\(field.name)` to be \(text(wanted, field, .en)), it is \(text(found, field, .en))"
        if case .formula(let formula)? = field.computed {
            let inputs = formula.reads.own.sorted { $0.index < $1.index }.map { model[$0] }
            zh += "；公式 \(formula.source.text)" + inputs.map { "，\($0.name) = \(text(row[$0.id], $0, .zh))" }.joined()
            en += "; its formula is \(formula.source.text)" + inputs.map { ", \($0.name) = \(text(row[$0.id], $0, .en))" }.joined()
        }
        return Words(zh: zh, en: en)
    }

    private func compareHeld(_ wanted: [String]) -> Words? {
        guard case .held(let verdict)? = before else {
            return Words(
                zh: "应被阶段条件挡住（\(wanted.joined(separator: "、"))），但是：\(told(before).zh)",
                en: "expected the gate to hold it for \(wanted.joined(separator: ", ")), but: \(told(before).en)")
        }
        let unmet = verdict.items.filter { !$0.isMet }.map(\.name)
        return difference(wanted: wanted, found: unmet, Words(zh: "挡住它的条件", en: "the conditions that hold it"), because: told(before))
    }

    private func compareRefused(_ wanted: [String]) -> Words? {
        guard case .refused(let violations)? = before else {
            return Words(
                zh: "应被拒绝（\(wanted.joined(separator: "、"))），但是：\(told(before).zh)",
                en: "expected it to be refused for \(wanted.joined(separator: ", ")), but: \(told(before).en)")
        }
        var found: [String] = []
        for violation in violations {
            let name = violation.rule ?? violation.field.map { model[$0].name } ?? violation.code.rawValue
            if !found.contains(name) { found.append(name) }
        }
        return difference(wanted: wanted, found: found, Words(zh: "拒绝它的", en: "what refuses it"), because: told(before))
    }

    // MARK: What the app did by itself

    private func compareNotified(_ people: [String], isExpected: Bool) async throws -> Words? {
        let mark = mark
        let notices = try await engine.store.read { try $0.notices(after: mark.notice, limit: Self.mostLooked) }
        let told = Set(notices.map(\.user))
        let wrong = people.filter { name in named[name].map { told.contains($0) != isExpected } ?? true }
        guard !wrong.isEmpty else { return nil }
        let titles = try await engine.titles(of: told)
        let lines = notices.map { "\(titles[$0.user] ?? engine.app.text(of: $0.user)): \($0.message.zh)" }
        let found = lines.isEmpty ? Words(zh: "没有通知任何人", en: "nobody was told anything") : Words(same: lines.joined(separator: "; "))
        return isExpected
            ? Words(zh: "应通知 \(wrong.joined(separator: "、"))，实际：\(found.zh)", en: "expected \(wrong.joined(separator: ", ")) to be told, but: \(found.en)")
            : Words(zh: "不应通知 \(wrong.joined(separator: "、"))，实际：\(found.zh)", en: "expected \(wrong.joined(separator: ", ")) not to be told, but: \(found.en)")
    }

    /// Changes, notices and effects that are looked at after one step.
    private static let mostLooked = 100_000

    private func compareCreated(_ wanted: [CheckedScenario.Step.Created], isExpected: Bool, as principal: Principal) async throws -> Words? {
        let mark = mark
        let changes = try await engine.store.read { try $0.changes(after: mark.change, limit: Self.mostLooked) }
        let made = changes.filter { $0.kind == .created && !own.contains($0.record) }.map(\.record)
        var failures: [Words] = []
        for created in wanted {
            let name = model[created.object].name
            let candidates = made.filter { $0.object == created.object }
            var differences: [Words] = []
            var isFound = false
            for candidate in candidates {
                guard let difference = try await compare(candidate, created.values, as: principal) else {
                    isFound = true
                    break
                }
                differences.append(difference)
            }
            guard isFound != isExpected else { continue }
            if isExpected {
                let why = differences.isEmpty ? Words(zh: "没有新建 `\(name)`", en: "no `\(name)` was made") : joined(differences)
                failures.append(Words(zh: "应自动新建 `\(name)`：\(why.zh)", en: "expected a `\(name)` to be made: \(why.en)"))
            } else {
                failures.append(Words(zh: "不应自动新建 `\(name)`", en: "expected no `\(name)` to be made, and one was"))
            }
        }
        return failures.isEmpty ? nil : joined(failures)
    }

    private func compareSent(_ targets: [String]) async throws -> Words? {
        let mark = mark
        let effects = try await engine.store.read { try $0.effects(after: mark.effect, limit: Self.mostLooked) }
        let sent = effects.map(\.target)
        let missing = targets.filter { !sent.contains($0) }
        guard !missing.isEmpty else { return nil }
        let found = sent.isEmpty ? Words(zh: "什么都没有发出", en: "nothing was sent") : Words(same: sent.joined(separator: ", "))
        return Words(zh: "应发出 \(missing.joined(separator: "、"))，实际：\(found.zh)", en: "expected \(missing.joined(separator: ", ")) to be sent, but: \(found.en)")
    }

    /// All of it, in any order.
    private func difference(wanted: [String], found: [String], _ what: Words, because told: Words) -> Words? {
        guard Set(wanted) != Set(found) else { return nil }
        return Words(
            zh: "\(what.zh)应为 \(wanted.joined(separator: "、"))，实际为 \(found.joined(separator: "、"))：\(told.zh)",
            en: "expected \(what.en) to be \(wanted.joined(separator: ", ")), found \(found.joined(separator: ", ")): \(told.en)")
    }

    // MARK: Approvals

    private func decide(
        _ decision: CheckedScenario.Step.Decision, _ approval: String, _ record: RecordID, to: String?, comment: String?, by principal: Principal
    ) async throws -> SaveOutcome {
        func refused(_ words: Words) -> SaveOutcome { .refused([Violation(.rule, rule: approval, words)]) }
        let requests = try await engine.approvals(of: record).map(\.request).filter { $0.approval == approval }
        guard let request = requests.first(where: { !$0.state.isOver }) ?? requests.first else {
            return refused(Words(zh: "没有提交过审批 `\(approval)`", en: "`\(approval)` was not asked for"))
        }
        let what: ApprovalDecision
        switch decision {
        case .approve: what = .approve
        case .reject: what = .reject(to: to)
        case .sendBack: what = .sendBack(to: to ?? "start")
        case .delegate:
            guard let person = to.flatMap({ named[$0] }) else { return .missing }
            what = .delegate(to: person)
        case .addSignerBefore, .addSignerAfter:
            guard let person = to.flatMap({ named[$0] }) else { return .missing }
            what = .addSigner(person, decision == .addSignerBefore ? .before : .after)
        case .withdraw: what = .withdraw
        case .resubmit: what = .resubmit
        }
        guard let row = try await engine.record(record, as: .system)?.rows.first else { return .missing }
        switch try await engine.decide(request.id, what, by: principal, seen: request.revision, comment: comment) {
        case .done: return .saved(row, changed: [])
        case .unchanged: return .unchanged(row)
        case .conflict: return .conflict(current: row, fields: [])
        case .refused(let words), .denied(let words): return refused(words)
        case .missing: return .missing
        }
    }

    private func answer(_ values: [(field: String, text: String)], about record: RecordID?, by principal: Principal) async throws -> SaveOutcome {
        func refused(_ words: Words) -> SaveOutcome { .refused([Violation(.rule, rule: "answer", words)]) }
        guard let person = principal.user else { return refused(Words(zh: "要由人来回答", en: "people answer, not the system")) }
        let open = try await engine.store.read { try $0.openQuestions(of: person, limit: Self.mostLooked) }
        guard let question = open.first(where: { record == nil || $0.record == record }) else {
            return refused(Words(zh: "没有等 \(principal.name) 回答的问题", en: "nothing is asked of \(principal.name)"))
        }
        switch try await engine.answer(question.id, values.map { ($0.field, .text($0.text)) }, by: principal) {
        case .done: return .saved(Row(id: person, values: []), changed: [])
        case .refused(let troubles): return .refused(troubles.map { Violation(.rule, rule: $0.field, $0.words) })
        case .answered(let name, _): return refused(Words(zh: "\(name) 已经回答", en: "\(name) has answered already"))
        case .over(let words), .denied(let words): return refused(words)
        case .missing: return .missing
        }
    }

    private func compareApprovals(_ record: RecordID, _ expected: [(approval: String, state: String)]) async throws -> Words? {
        let views = try await engine.approvals(of: record)
        var differences: [Words] = []
        for (approval, state) in expected {
            let view = views.first { $0.request.approval == approval }
            let found = view?.request.state.rawValue ?? "none"
            if state == found || (view?.request.state == .pending && view?.request.level == state) { continue }
            let level = view?.request.state == .pending ? view?.request.level.map { " (\($0))" } ?? "" : ""
            let note = view?.steps.last?.words ?? Words(same: "")
            differences.append(
                Words(
                    zh: "审批 `\(approval)` 应为 \(state)，实际为 \(found)\(level)：\(note.zh)",
                    en: "expected the approval `\(approval)` to be \(state), it is \(found)\(level): \(note.en)"))
        }
        return differences.isEmpty ? nil : joined(differences)
    }

    private func compareApprovers(_ record: RecordID, _ people: [String]) async throws -> Words? {
        let views = try await engine.approvals(of: record)
        let waiting = Set(views.flatMap(\.waiting))
        guard waiting != Set(people.compactMap { named[$0] }) else { return nil }
        let titles = views.reduce(into: [RecordID: String]()) { $0.merge($1.titles) { first, _ in first } }
        let found = waiting.map { titles[$0] ?? engine.app.text(of: $0) }.sorted().joined(separator: ", ")
        return Words(
            zh: "应等待 \(people.joined(separator: "、")) 审批，实际等待：\(found.isEmpty ? "（无人）" : found)",
            en: "expected to wait for \(people.joined(separator: ", ")), it waits for: \(found.isEmpty ? "(nobody)" : found)")
    }

    // MARK: Words

    private func told(_ outcome: SaveOutcome?) -> Words {
        switch outcome {
        case nil: Words(zh: "之前没有步骤", en: "there is no step before")
        case .saved?: Words(zh: "它通过了", en: "it went through")
        case .unchanged?: Words(zh: "它没有改变任何内容", en: "it changed nothing")
        case .repeated?: Words(zh: "它是重复的请求", en: "it was a repeated request")
        case .requestKeyReused?: Words(zh: "请求号已用于别的请求", en: "the request key was used for another request")
        case .refused(let violations)?:
            Words(
                zh: "被拒绝：" + violations.map(\.words.zh).joined(separator: "；"), en: "it was refused: " + violations.map(\.words.en).joined(separator: "; "))
        case .held(let verdict)? where verdict.approval != nil: verdict.moveRefusal ?? Words(zh: "已提交审批", en: "it was sent for approval")
        case .held(let verdict)?:
            Words(
                zh: "被阶段条件挡住：" + verdict.items.filter { !$0.isMet }.map { "\($0.name)（\($0.say.zh)）" }.joined(separator: "；"),
                en: "the gate holds it: " + verdict.items.filter { !$0.isMet }.map { "\($0.name) (\($0.say.en))" }.joined(separator: "; "))
        case .conflict?: Words(zh: "记录已被别人修改", en: "somebody changed the record meanwhile")
        case .missing?: Words(zh: "记录不存在", en: "there is no such record")
        case .denied(let words)?: words
        }
    }

    private func joined(_ words: [Words]) -> Words {
        Words(zh: words.map(\.zh).joined(separator: "\n"), en: words.map(\.en).joined(separator: "\n"))
    }
}
