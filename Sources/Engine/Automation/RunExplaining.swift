package import Formula
import Model
import Program
package import SourceText
package import Storage

/// A run with all that is shown of it.
package struct RunView: Sendable {
    /// A step of the author's, or what was written in the journal under it.
    package struct Part: Sendable {
        package enum State: String, Sendable, Hashable {
            case done, refused
            /// An `if` that did not hold: nothing is wrong with that.
            case no
            /// At which the run stands.
            case current
            /// Not reached yet.
            case ahead
            /// Not done, and will not be.
            case skipped
        }

        /// `2`, `3.then.1`.
        package let step: String
        /// What it is there to do; nil if the definition has no such step any more.
        package let words: Words?
        package let span: Span?
        package let state: State
        /// What was written about it, oldest first.
        package let entries: [RunStep]
        /// Why it was skipped.
        package let reason: Words?

        /// How far inside other steps it stands.
        package var depth: Int { step.count { $0 == "." } / 2 }
    }

    package let run: AutomationRun
    package let label: Words
    /// Of a watch: after what time.
    package let rung: Words?
    /// Where the rule is written; nil if it is gone, or was another one when the run began.
    package let declaredAt: Span?
    /// The version of the app by which it goes on; nil for a run from before versions were kept.
    package let version: RunVersion?
    package let parts: [Part]
    package let effects: [Effect]
    package let approvals: [ApprovalRequest]
    /// How the record was before: fields that changed, as they were.
    package let before: [(field: FieldID, value: Value)]
    /// What steps have named, by the author's names.
    package let variables: [(name: String, value: Value, type: FormulaType)]
    package let titles: [RecordID: String]
    /// For what it waits, or why it stands as it does; nil where there is nothing to say.
    package let waits: Words?
    /// Why each command cannot be given; those that can are not named.
    package let refusals: [RunCommand: Words]

    /// The address from which the message came that set it off; nil if none did.
    package var sender: String? {
        guard run.scheduled == nil, case .text(let address)? = variables.first(where: { $0.name == "\(CheckedReceiving.name).from" })?.value else { return nil }
        return address
    }

    package var commands: [RunCommand] { RunCommand.allCases.filter { refusals[$0] == nil } }
}

extension Engine {
    /// Nil if there is none.
    package func run(_ id: Int64) async throws -> RunView? {
        try await store.read { [self] transaction in
            try transaction.run(id).map { try view(of: $0, in: transaction) }
        }
    }

    /// Runs with all that is shown of them, newest first.
    package func runViews(_ query: RunQuery) async throws -> [RunView] {
        try await store.read { [self] transaction in try transaction.runs(query).map { try view(of: $0, in: transaction) } }
    }

    /// Newest first, with how their records are called.
    package func runs(_ query: RunQuery) async throws -> (runs: [AutomationRun], titles: [RecordID: String]) {
        try await store.read { [self] transaction in
            let runs = try transaction.runs(query)
            var titles: [RecordID: String] = [:]
            let context = try RecordContext(engine: self, principal: .system, transaction: transaction)
            for run in runs { _ = try version(of: run, in: transaction) }
            try context.addTitles(of: Set(runs.flatMap { [$0.record, $0.by].compactMap { $0 } }), to: &titles)
            return (runs, titles)
        }
    }

    /// Runs that stand as failed, or were cut off.
    package func failedRuns() async throws -> Int {
        guard tellsPeople else { return 0 }
        return try await store.readBriefly { try $0.failedRuns() }
    }

    /// How people see what a run follows, and of a watch after what time; its key where the definition is gone.
    package func label(ofProcess key: String) -> (label: Words, rung: Words?) {
        guard let process = app.automations.processes[key] else { return (.name(ofProcess: key), nil) }
        return (process.label, app.automations.rung(ofProcess: key)?.words)
    }

    private func view(of run: AutomationRun, in transaction: any ReadTransaction) throws -> RunView {
        let definition = try definition(of: run, in: transaction)
        let steps = try transaction.runSteps(of: run.id)
        let effects = try transaction.setting(Self.ownNameSetting).map { try transaction.effects(under: "\($0):\(run.id)") } ?? []
        let approvals = try transaction.approvalRequests(of: run.id)
        let context = try RecordContext(engine: self, principal: .system, transaction: transaction)
        let before = before(of: run)
        let variables = variables(of: run, definition)
        var named = Set([run.record, run.by].compactMap { $0 } + steps.compactMap(\.record))
        for value in before.map(\.value) + variables.map(\.value) { named.formUnion(value.records) }
        var titles: [RecordID: String] = [:]
        try context.addTitles(of: named, to: &titles)
        let label = definition.process?.label ?? .name(ofProcess: run.process), rung = definition.rung
        var refusals: [RunCommand: Words] = [:]
        for command in RunCommand.allCases { refusals[command] = refusal(of: command, on: run, definition, after: steps.last) }
        return RunView(
            run: run, label: label, rung: rung, declaredAt: definition.isPresent ? definition.process?.declaredAt : nil,
            version: try version(of: run, in: transaction), parts: parts(of: run, definition, steps), effects: effects, approvals: approvals, before: before,
            variables: variables, titles: titles, waits: try waits(run, steps, effects, approvals, context, transaction), refusals: refusals)
    }

    private func before(of run: AutomationRun) -> [(field: FieldID, value: Value)] {
        guard let record = run.record, let text = run.before else { return [] }
        let object = app.model[record.object]
        let blank = Row(id: record, values: Array(repeating: .blank, count: object.fields.count))
        let row = RunText.put(text, into: blank, in: app)
        let named = RunText.names(in: text)
        return object.fields.filter { named.contains($0.name) && !$0.isSystem }.map { ($0.id, row[$0.id]) }
    }

    private func variables(of run: AutomationRun, _ definition: RunDefinition) -> [(name: String, value: Value, type: FormulaType)] {
        guard let body = definition.body else { return [] }
        let values = RunText.values(run.variables, count: body.variables.count, in: app)
        return zip(body.variables, values).compactMap { $1.isBlank ? nil : ($0.name, $1, $0.type) }
    }

    private func waits(
        _ run: AutomationRun, _ steps: [RunStep], _ effects: [Effect], _ approvals: [ApprovalRequest], _ context: RecordContext, _ transaction: any ReadTransaction
    ) throws -> Words? {
        switch run.state {
        case .ready: return Words(zh: "马上继续", en: "it goes on at once")
        case .waiting:
            let why = steps.last?.words
            guard let wake = run.wake else { return why }
            let time = Value.text(of: wake, in: app.model.zone)
            return Words(zh: (why.map { "\($0.zh)，" } ?? "") + "\(time) 继续", en: (why.map { "\($0.en); " } ?? "") + "goes on at \(time)")
        case .calling:
            let open = Set(effects.filter { $0.state == .waiting || $0.state == .told }.map(\.target)).sorted()
            return Words(zh: "等待 \(open.joined(separator: "、")) 的结果", en: "waits for what becomes of \(open.joined(separator: ", "))")
        case .deciding:
            if let question = try transaction.questions(of: run.id).first(where: { $0.state == .open }) {
                var titles: [RecordID: String] = [:]
                try context.addTitles(of: Set(question.people), to: &titles)
                let names = question.people.map { titles[$0] ?? app.text(of: $0) }
                let due = question.due.map { Value.text(of: $0, in: app.model.zone) }
                return Words(
                    zh: "等待 \(names.joined(separator: "、")) 回答" + (due.map { "，最晚 \($0)" } ?? ""),
                    en: "waits for an answer of \(names.joined(separator: ", "))" + (due.map { ", until \($0)" } ?? ""))
            }
            let open = approvals.filter { !$0.state.isOver }.map { request in app.automations.approvals[name: request.approval]?.model.label ?? Words(same: request.approval) }
            return Words(zh: "等待审批：\(open.map(\.zh).joined(separator: "、"))", en: "waits for approval: \(open.map(\.en).joined(separator: ", "))")
        case .done, .failed, .stopped, .canceled, .looped: return run.note
        }
    }

    // MARK: Steps

    private func parts(of run: AutomationRun, _ definition: RunDefinition, _ steps: [RunStep]) -> [RunView.Part] {
        let byStep = Dictionary(grouping: steps, by: \.step)
        // A place among other steps would be another step.
        guard let process = definition.process, steps.isEmpty || run.fingerprint == process.layout else {
            return steps.map { entry in
                RunView.Part(step: entry.step, words: nil, span: nil, state: entry.isDone ? .done : .refused, entries: [entry], reason: nil)
            }
        }
        var states: [String: RunView.Part.State] = [:]
        var isChoice: [String: Bool] = [:]
        var parts: [RunView.Part] = []
        for (index, instruction) in process.steps.instructions.enumerated() {
            guard let words = app.words(for: instruction.operation) else { continue }
            if case .branch = instruction.operation { isChoice[instruction.step] = true }
            let entries = byStep[instruction.step] ?? []
            var reason: Words?
            let state: RunView.Part.State
            if index == run.position, !run.state.isOver {
                state = .current
            } else if let last = entries.last {
                state = last.isDone ? .done : isChoice[instruction.step] == true ? .no : .refused
            } else if !run.state.isOver, index > run.position {
                // The other side of a way that was taken is not ahead any more.
                reason = self.reason(for: instruction.step, states, isChoice)
                state = reason == nil ? .ahead : .skipped
            } else {
                reason = self.reason(for: instruction.step, states, isChoice) ?? ending(run)
                state = .skipped
            }
            states[instruction.step] = state
            parts.append(RunView.Part(step: instruction.step, words: words, span: definition.isPresent ? instruction.span : nil, state: state, entries: entries, reason: reason))
        }
        return parts
    }

    /// Why a step inside another was passed by; nil if it was not because of that.
    private func reason(for step: String, _ states: [String: RunView.Part.State], _ isChoice: [String: Bool]) -> Words? {
        let places = step.split(separator: ".")
        guard places.count >= 3 else { return nil }
        let parent = places.dropLast(2).joined(separator: ".")
        guard let state = states[parent] else { return nil }
        switch (places[places.count - 2], state) {
        case (_, .skipped): return Words(zh: "外层的步骤没有执行", en: "the step around it was not done")
        case ("then", .no): return Words(zh: "条件不成立", en: "the condition did not hold")
        case ("then", .refused): return Words(zh: "没有获得批准或回答", en: "it was not approved, or not answered")
        case ("else", .done):
            return isChoice[parent] == true
                ? Words(zh: "条件成立，不走这边", en: "the condition held") : Words(zh: "上面的步骤已完成，不需要", en: "the step before was done, so it was not needed")
        case ("do", .done): return Words(zh: "没有要处理的记录", en: "there were no records")
        case (_, .done), (_, .refused), (_, .no), (_, .current), (_, .ahead): return nil
        }
    }

    private func ending(_ run: AutomationRun) -> Words {
        switch run.state {
        case .failed: Words(zh: "前面的步骤失败了", en: "a step before it failed")
        case .stopped: Words(zh: "运行在此之前已停止", en: "the run stopped before it")
        case .canceled: Words(zh: "运行已取消", en: "the run was canceled")
        case .looped: Words(zh: "运行被截断", en: "the run was cut off")
        case .done, .ready, .waiting, .calling, .deciding: Words(zh: "没有走到这一步", en: "it was passed by")
        }
    }
}

extension CompiledAutomations {
    /// The steps of a process as they were checked, with their variables; nil for those of the app's own, and for what is gone.
    func body(ofProcess key: String) -> CheckedSteps? {
        for automation in automations where automation.process.key == key { return automation.model.body }
        return rung(ofProcess: key)?.body
    }

    func rung(ofProcess key: String) -> CheckedWatch.Rung? {
        for watch in watches {
            if let index = watch.processes.firstIndex(where: { $0.key == key }) { return watch.model.rungs[index] }
        }
        return nil
    }
}

extension Words {
    static func name(ofProcess key: String) -> Words { Words(same: name(key)) }
}
