import Formula
import Model
package import Program
package import SourceText
package import Storage

/// What somebody who looks after the app does about a run.
package enum RunCommand: String, Sendable, Hashable, CaseIterable {
    /// It goes on, at the step that could not be done. What that step sent and was given up is sent again.
    case resume
    /// It goes on behind the step that could not be done, as if that had nothing to do.
    case skip
    /// It does no further step.
    case cancel
}

package enum RunOutcome: Sendable, Hashable {
    case done(AutomationRun)
    case refused(Words)
    case denied(Words)
    case missing
}

extension Engine {
    /// Does what is to be done about a run, in one transaction, and writes it into the run's journal and the audit log.
    ///
    /// - Throws: `StoreError`; then nothing is written.
    package func command(_ command: RunCommand, run id: Int64, by principal: Principal) async throws -> RunOutcome {
        guard administers(principal) else { return .denied(.runsForAdmins) }
        let outcome = try await store.write { [self] transaction in
            guard var run = try transaction.run(id) else { return RunOutcome.missing }
            let definition = try definition(of: run, in: transaction)
            let last = try transaction.runSteps(of: id).last
            if let refusal = refusal(of: command, on: run, definition, after: last) { return .refused(refusal) }
            let way = way(of: run, definition)
            let process = way?.process ?? definition.process
            let instruction = process.flatMap { $0.steps.instructions.indices.contains(run.position) ? $0.steps.instructions[run.position] : nil }
            let now = world.clock.now()
            if let process, let instruction {
                let execution = try RunExecution(engine: self, transaction: transaction, process: process, run: run)
                switch command {
                case .resume: try sendAgain(try transaction.effects(under: try execution.key()), at: now, transaction)
                case .skip, .cancel: break
                }
                let name = try principal.user.map { try execution.title($0) } ?? principal.name
                try execution.note(instruction, .commanded(command, by: name))
            }
            switch command {
            case .resume, .skip:
                if command == .skip { run.position += 1 }
                if let way {
                    run.fingerprint = way.process.layout
                    run.version = way.version
                }
                run.state = .ready
                run.note = nil
            case .cancel:
                run.state = .canceled
                run.note = .canceledBy(try title(of: principal, in: transaction))
            }
            run.wake = nil
            // A time that had begun to run is not waited for from the beginning.
            if command == .resume, case .wait(let delay)? = instruction?.operation, let last, last.step == instruction?.step {
                run.wake = delay.due(after: last.at, in: app.model.zone, by: app.model.calendar)
            }
            run.attempts = 0
            run.changed = now
            try transaction.update(run)
            if command == .cancel {
                try withdraw(transaction.approvalRequests(of: run.id), transaction)
                try QuestionKeeping(engine: self, transaction: transaction).withdraw(run: run.id, .runWasCanceled)
            }
            try transaction.append(
                AuditEntry(
                    at: now, by: principal.user, address: principal.address, device: principal.device, action: "run_\(command.rawValue)", record: run.record,
                    detail: "\(run.process) run \(run.id)"))
            return .done(run)
        }
        if case .done = outcome { store.changes.nudge() }
        return outcome
    }

    /// By which steps a run goes on when somebody lets it: those of today, where its place among them means the same, so that what was put
    /// right counts; else those with which it began. Nil if neither can be.
    private func way(of run: AutomationRun, _ definition: RunDefinition) -> (process: Process, version: Int64?)? {
        if let process = app.automations.processes[run.process], run.position == 0 || run.fingerprint == process.layout { return (process, store.version) }
        if let process = definition.process, run.fingerprint == process.layout { return (process, run.version) }
        return nil
    }

    /// Why the command cannot be given for the run as it stands; nil if it can.
    ///
    /// - Parameter last: The last entry of its journal.
    func refusal(of command: RunCommand, on run: AutomationRun, _ definition: RunDefinition, after last: RunStep?) -> Words? {
        switch command {
        case .cancel:
            return run.state == .failed || run.state == .looped || !run.state.isOver ? nil : .runIsOver
        case .resume, .skip:
            guard run.state == .failed else { return run.state.isOver ? .runIsOver : .runGoesOn }
            guard let process = way(of: run, definition)?.process else {
                return app.automations.processes[run.process] == nil ? definition.trouble ?? .definitionIsGone : .stepsHaveChanged
            }
            guard process.steps.instructions.indices.contains(run.position) else { return .stepsHaveChanged }
            guard command == .skip else { return nil }
            let instruction = process.steps.instructions[run.position]
            // What broke off before a step was refused may have been another step.
            guard let last, !last.isDone, last.step == instruction.step else { return .noStepToSkip }
            return instruction.operation.decidesTheWay ? .decidesTheWay : nil
        }
    }

    private func title(of principal: Principal, in transaction: any ReadTransaction) throws -> String {
        guard let user = principal.user else { return principal.name }
        var titles: [RecordID: String] = [:]
        try RecordContext(engine: self, principal: .system, transaction: transaction).addTitles(of: [user], to: &titles)
        return titles[user] ?? principal.name
    }

    /// Of each way to somebody the last rung that was begun, where it was given up.
    private func sendAgain(_ effects: [Effect], at now: Instant, _ transaction: any WriteTransaction) throws {
        var last: [Substring: Effect] = [:]
        for effect in effects.sorted(by: { $0.id < $1.id }) { last[effect.key.prefix { $0 != "#" }] = effect }
        for var effect in last.values.sorted(by: { $0.id < $1.id }) where effect.state == .failed {
            effect.state = .waiting
            effect.attempts = 0
            effect.due = now
            try transaction.update(effect)
        }
    }

    private func withdraw(_ requests: [ApprovalRequest], _ transaction: any WriteTransaction) throws {
        for var request in requests where !request.state.isOver {
            let keeping = try ApprovalKeeping(self, transaction)
            if let approval = app.automations.approvals[name: request.approval] {
                try keeping.conclude(&request, approval, .void, .runWasCanceled)
            } else {
                request.state = .void
                request.due = nil
                request.decided = world.clock.now()
                request.note = .runWasCanceled
                try transaction.update(request)
            }
        }
    }
}

extension Instruction.Operation {
    /// Whether what comes next depends on it, so that it cannot be left out.
    package var decidesTheWay: Bool {
        switch self {
        case .branch, .jump, .beginEach, .nextEach, .approve, .ask, .waitFor, .stop: true
        case .set, .create, .update, .delete, .tag, .move, .notify, .suggest, .report, .send, .call, .wait, .waitUntil, .demote, .assign, .dispatch: false
        }
    }
}

extension Words {
    package static let runsForAdmins = Words(zh: "只有管理员可以处理自动化的运行", en: "only those who look after the app may do something about a run")
    fileprivate static let runIsOver = Words(zh: "这次运行已经结束", en: "this run is over")
    fileprivate static let runGoesOn = Words(zh: "这次运行没有失败，会自己继续", en: "this run has not failed: it goes on by itself")
    fileprivate static let noStepToSkip = Words(zh: "不清楚是哪一步出错，不能跳过", en: "it is not known which step failed, so none can be skipped")
    fileprivate static let decidesTheWay = Words(zh: "后面怎么走要看这一步，不能跳过", en: "what comes next depends on this step, so it cannot be skipped")
    fileprivate static let runWasCanceled = Words(zh: "发起它的运行已取消", en: "the run that asked for it was canceled")

    fileprivate static func canceledBy(_ name: String) -> Words { Words(zh: "由 \(name) 取消", en: "canceled by \(name)") }

    fileprivate static func commanded(_ command: RunCommand, by name: String) -> Words {
        switch command {
        case .resume: Words(zh: "\(name) 让它从这一步继续", en: "\(name) let it go on at this step")
        case .skip: Words(zh: "\(name) 跳过了这一步", en: "\(name) skipped this step")
        case .cancel: Words(zh: "\(name) 在这一步取消了运行", en: "\(name) canceled the run at this step")
        }
    }
}
