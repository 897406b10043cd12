package import Formula
package import Model
import Program
import SourceText
package import Storage

/// A request with all that is shown of it.
package struct ApprovalView: Sendable {
    package let request: ApprovalRequest
    /// Nil: the app has no such approval any more.
    package let model: CheckedApproval?
    package let seats: [ApprovalSeat]
    package let steps: [ApprovalStep]
    package let titles: [RecordID: String]
    /// Levels that nobody is asked at: passed over, or still to come and not needed as the record stands.
    package let unneeded: Set<String>

    /// The places of the level at hand.
    package var current: [ApprovalSeat] { seats.filter { $0.round == request.round } }
    package var waiting: [RecordID] { request.state == .pending ? current.filter { $0.state == .waiting }.map(\.person) : [] }
    package var level: CheckedApproval.Level? { model?.levels.first { $0.name == request.level } }

    /// What this person may do about it now.
    package func choices(of person: RecordID?) -> [Choice] {
        guard let model, let person else { return [] }
        var choices: [Choice] = []
        if waiting.contains(person) {
            choices += [.approve, .reject]
            if model.liberties.contains(.sendBack), model.rejection != .toChoice { choices.append(.sendBack) }
            if model.liberties.contains(.delegate) { choices.append(.delegate) }
            if model.liberties.contains(.addSignerBefore) { choices.append(.addSignerBefore) }
            if model.liberties.contains(.addSignerAfter) { choices.append(.addSignerAfter) }
        }
        if request.by == person {
            if request.state == .returned { choices.append(.resubmit) }
            if !request.state.isOver, model.liberties.contains(.withdraw) { choices.append(.withdraw) }
        }
        return choices
    }

    package enum Choice: String, Sendable, Hashable {
        case approve, reject, delegate, withdraw, resubmit
        case sendBack = "send_back"
        case addSignerBefore = "add_signer_before"
        case addSignerAfter = "add_signer_after"
    }

    /// Where it may be sent back to, by name; `start` first.
    package var targets: [String] {
        guard let model, let place = model.levels.firstIndex(where: { $0.name == request.level }) else { return ["start"] }
        let opened = Set(seats.map(\.level))
        return ["start"] + model.levels[..<place].map(\.name).filter { opened.contains($0) }
    }
}

extension Engine {
    /// Does what a person decides about a request, in one transaction.
    ///
    /// - Parameter seen: The revision that the person had before their eyes; nil: whatever it is.
    /// - Throws: `StoreError`; then nothing is written.
    package func decide(
        _ id: Int64, _ decision: ApprovalDecision, by principal: Principal, seen: Int64?, comment: String? = nil
    ) async throws -> ApprovalOutcome {
        try await store.write { [self] transaction in
            try ApprovalKeeping(self, transaction).decide(id, decision, by: principal.user, seen: seen, comment: comment)
        }
    }

    /// Nil if there is none.
    package func approval(_ id: Int64) async throws -> ApprovalView? {
        try await store.read { [self] transaction in
            try transaction.approvalRequest(id).map { try view([$0], in: transaction) }?.first
        }
    }

    /// Newest first.
    package func approvals(of record: RecordID) async throws -> [ApprovalView] {
        guard !app.automations.approvals.ofObject[record.object.index].isEmpty else { return [] }
        return try await store.read { [self] transaction in try view(try transaction.approvalRequests(of: record), in: transaction) }
    }

    /// Newest first.
    package func approvals(_ list: ApprovalList, of person: RecordID, limit: Int, before id: Int64? = nil) async throws -> [ApprovalView] {
        try await store.read { [self] transaction in
            try view(try transaction.approvalRequests(list, of: person, limit: limit, before: id), in: transaction)
        }
    }

    package func approvalsWaiting(for person: RecordID) async throws -> Int {
        guard !app.automations.approvals.isEmpty else { return 0 }
        return try await store.read { try $0.approvalsWaiting(for: person) }
    }

    private func view(_ requests: [ApprovalRequest], in transaction: any ReadTransaction) throws -> [ApprovalView] {
        let context = try RecordContext(engine: self, principal: .system, transaction: transaction)
        return try requests.map { request in
            let seats = try transaction.approvalSeats(of: request.id)
            let steps = try transaction.approvalSteps(of: request.id)
            let records = [request.record] + seats.map(\.person) + seats.compactMap(\.insteadOf) + seats.compactMap { $0.added?.by } + steps.compactMap(\.by) + [request.by].compactMap { $0 }
            var titles: [RecordID: String] = [:]
            for record in Set(records) {
                let title = try context.live.title(of: record)
                titles[record] = title.isEmpty ? app.text(of: record) : title
            }
            let approval = app.automations.approvals[name: request.approval]
            return ApprovalView(
                request: request, model: approval?.model, seats: seats, steps: steps, titles: titles,
                unneeded: try approval.map { try unneeded($0, request, seats, context) } ?? [])
        }
    }

    private func unneeded(
        _ approval: CompiledApproval, _ request: ApprovalRequest, _ seats: [ApprovalSeat], _ context: RecordContext
    ) throws -> Set<String> {
        let asked = Set(seats.map(\.level))
        let place = approval.levels.firstIndex { $0.model.name == request.level } ?? approval.levels.count
        var names = Set(approval.levels.prefix(request.state == .approved ? approval.levels.count : place).map(\.model.name)).subtracting(asked)
        guard !request.state.isOver, let record = try context.rows.row(request.record) else { return names }
        let frame = Frame(
            this: try context.live.live(record), me: try request.by.flatMap { try context.live.row($0) }, moment: context.moment, source: context.live)
        for level in approval.levels.dropFirst(place + 1) where !asked.contains(level.model.name) {
            if let condition = level.condition, try condition.value(in: frame) != .bool(true) { names.insert(level.model.name) }
        }
        return names
    }
}

// Asking while a record is being saved.
extension Saving {
    /// As `move`; where an approval stands before the stage, it is asked for instead.
    func moveOrAsk(_ id: RecordID, to key: String) throws -> SaveOutcome {
        guard !command.isApproved, command.door != .trusted, command.door != .demotion,
            let approval = engine.app.automations.approvals.standing(before: key, of: id.object)
        else { return try move(id, to: key) }
        do {
            return try transaction.savepoint { try move(id, to: key) }
        } catch is ApprovalNeeded {
            let keeping = try ApprovalKeeping(engine, transaction)
            guard let record = try keeping.context.rows.row(id) else { throw Refusal(.missing) }
            switch try keeping.ask(approval, on: record, by: command.principal.user ?? command.onBehalfOf, stage: key, run: nil) {
            case .sent(let request):
                // One that needed nobody after all is through already.
                if request.state == .approved, request.isUsed { return .saved(try keeping.current(id) ?? record, changed: []) }
                try audit("ask_approval", of: id)
                try remember(id, version: record.version)
                var verdict = GateVerdict(to: key, items: [], moveRefusal: request.state == .approved ? request.note : .sentForApproval(approval.model.label))
                verdict.approval = request.id
                return .held(verdict)
            case .refused(let words): throw Refusal(.refused([Violation(.rule, rule: approval.model.name, words)]))
            case .notNeeded: throw Refusal(.refused([Violation(.rule, rule: approval.model.name, .sentForApproval(approval.model.label))]))
            }
        }
    }

    /// - Throws: `ApprovalNeeded` if somebody must agree first.
    func checkApproval(_ proposal: Proposal, entering key: String) throws {
        guard !command.isApproved, let old = proposal.old,
            let approval = engine.app.automations.approvals.standing(before: key, of: old.id.object)
        else { return }
        let keeping = try ApprovalKeeping(engine, transaction)
        do {
            guard try keeping.isNeeded(approval, old, by: command.principal.user ?? command.onBehalfOf) else { return }
        } catch let failure as ApprovalFailure {
            throw Refusal(.refused([Violation(.rule, rule: approval.model.name, failure.words)]))
        }
        guard var granted = try keeping.granted(approval, old, stage: key) else { throw ApprovalNeeded(stage: key) }
        granted.isUsed = true
        try transaction.update(granted)
    }

    /// What is being decided on stays as it is, where the author wants that.
    func checkFrozen(_ proposal: inout Proposal) throws {
        let approvals = engine.app.automations.approvals
        guard command.door != .trusted, let old = proposal.old, !approvals.ofObject[old.id.object.index].isEmpty else { return }
        if case .move = command.action { return }
        let changed = proposal.changedFields()
        for request in try transaction.approvalRequests(of: old.id) where request.state == .pending {
            guard let approval = approvals[name: request.approval], approval.model.changed == .refuse else { continue }
            // What somebody wrote is named; what followed from it only where it followed from elsewhere.
            let touched = approval.model.freeze.filter { changed.contains($0) }
            let written = touched.filter { engine.app.model[$0].isWritable }
            for field in written.isEmpty ? touched : written {
                proposal.report(Violation(.frozen, field: field, rule: nil, .frozen(approval.model.label)))
            }
        }
    }
}

extension ApprovalKeeping {
    func current(_ id: RecordID) throws -> Row? {
        try RecordContext(engine: engine, principal: .system, transaction: transaction).live.row(id)
    }
}

extension RunExecution {
    /// Asks people, and goes on once they have decided.
    mutating func approve(_ index: Int, otherwise: Int?, _ instruction: Instruction) throws -> Next {
        guard let record = run.record, let row = try context.rows.row(record) else { return .refused(.recordIsGone) }
        let approval = engine.app.automations.approvals.all[index]
        let keeping = try ApprovalKeeping(engine, transaction)
        if var request = try transaction.approvalRequests(of: run.id).first(where: { !$0.isUsed }) {
            guard request.state.isOver else { return .rest }
            request.isUsed = true
            try transaction.update(request)
            return try goOn(request, otherwise, instruction)
        }
        switch try keeping.ask(approval, on: row, by: run.by, stage: nil, run: run.id) {
        case .notNeeded:
            try note(instruction, Words(zh: "不需要审批", en: "no approval is needed"))
            return .on
        case .refused(let words): return .refused(words)
        case .sent(var request):
            guard request.state.isOver else {
                try note(instruction, .asked(approval.model.label))
                return .rest
            }
            request.isUsed = true
            try transaction.update(request)
            return try goOn(request, otherwise, instruction)
        }
    }

    private func goOn(_ request: ApprovalRequest, _ otherwise: Int?, _ instruction: Instruction) throws -> Next {
        let words = request.note ?? .granted
        try note(instruction, words, isDone: request.state == .approved)
        if request.state == .approved { return .on }
        return otherwise.map(Next.to) ?? .end(.stopped, words)
    }
}
