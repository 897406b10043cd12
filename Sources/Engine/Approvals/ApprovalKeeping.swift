import Formula
import Model
import Program
import SourceText
import Storage

/// Opens requests, level by level, and brings them to their end; inside a transaction.
struct ApprovalKeeping {
    let engine: Engine
    let transaction: any WriteTransaction
    let context: RecordContext

    init(_ engine: Engine, _ transaction: any WriteTransaction) throws {
        self.engine = engine
        self.transaction = transaction
        context = try RecordContext(engine: engine, principal: .system, transaction: transaction)
    }

    private var approvals: CompiledApprovals { engine.app.automations.approvals }
    private var now: Instant { context.moment.now }

    enum Asked {
        case notNeeded
        case sent(ApprovalRequest)
        case refused(Words)
    }

    // MARK: Asking

    /// What must not change, as it stands.
    func frozen(_ approval: CompiledApproval, _ record: Row) throws -> String {
        RunText.text(of: approval.model.freeze, from: try context.live.live(record), in: engine.app)
    }

    /// - Throws: `ApprovalFailure` where it cannot be computed.
    func isNeeded(_ approval: CompiledApproval, _ record: Row, by person: RecordID?) throws -> Bool {
        try holds(approval.condition, try frame(record, person))
    }

    /// The request that was granted for this stage, and not used yet, over what still stands.
    func granted(_ approval: CompiledApproval, _ record: Row, stage: String) throws -> ApprovalRequest? {
        let frozen = try frozen(approval, record)
        return try transaction.approvalRequests(of: record.id).first {
            $0.approval == approval.model.name && $0.state == .approved && !$0.isUsed && $0.stage == stage && $0.frozen == frozen
        }
    }

    /// Opens a request, or finds the one that is open.
    func ask(_ approval: CompiledApproval, on record: Row, by person: RecordID?, stage: String?, run: Int64?) throws -> Asked {
        if let open = try transaction.approvalRequests(of: record.id).first(where: { $0.approval == approval.model.name && !$0.state.isOver }) {
            guard open.stage == stage, open.run == run else { return .refused(.alreadyAsked(approval.model.label)) }
            guard open.state == .returned || isOutdated(open, approval), open.by == person else { return .sent(open) }
            do {
                return .sent(try transaction.savepoint { try resubmit(open, approval, comment: nil) })
            } catch let failure as ApprovalFailure {
                return .refused(failure.words)
            }
        }
        do {
            return try transaction.savepoint {
                guard try isNeeded(approval, record, by: person) else { return .notNeeded }
                var request = ApprovalRequest(
                    approval: approval.model.name, record: record.id, by: person, asked: now, frozen: try frozen(approval, record), stage: stage, run: run)
                request.id = try transaction.add(request)
                try step(request, by: person, .asked(approval.model.label))
                try open(&request, approval, from: 0, record)
                return .sent(request)
            }
        } catch let failure as ApprovalFailure {
            return .refused(failure.words)
        }
    }

    /// Asks again after it was sent back: where it was, if nothing has changed since, else from the beginning.
    func resubmit(_ request: ApprovalRequest, _ approval: CompiledApproval, comment: String?) throws -> ApprovalRequest {
        var request = request
        guard let record = try context.rows.row(request.record) else { return request }
        let frozen = try frozen(approval, record)
        let place = request.frozen == frozen ? approval.levels.firstIndex { $0.model.name == request.level } ?? 0 : 0
        request.state = .pending
        request.frozen = frozen
        request.revision += 1
        // Whoever had agreed is asked again.
        request.round += 1
        try step(request, by: request.by, .resubmitted, comment: comment)
        guard try isNeeded(approval, record, by: request.by) else {
            try conclude(&request, approval, .approved, .notNeededAnyMore)
            return request
        }
        try open(&request, approval, from: place, record)
        return request
    }

    /// Whether the level at hand is no more, since the app was renewed.
    func isOutdated(_ request: ApprovalRequest, _ approval: CompiledApproval) -> Bool {
        request.state == .pending && !approval.levels.contains { $0.model.name == request.level }
    }

    // MARK: Levels

    /// Opens the next level that applies, or ends with all of them behind it.
    ///
    /// - Throws: `ApprovalFailure` where nobody can decide, or a formula fails.
    func open(_ request: inout ApprovalRequest, _ approval: CompiledApproval, from first: Int, _ record: Row) throws {
        var before = try agreed(in: request)
        for level in approval.levels[min(first, approval.levels.count)...] {
            let frame = try frame(record, request.by)
            guard try holds(level.condition, frame) else {
                try step(request, by: nil, .levelSkipped, level: level.model.name)
                continue
            }
            var people = try people(level, frame)
            let isAlone = !approval.model.allowsSelf && people == [request.by].compactMap { $0 }
            if !approval.model.allowsSelf { people.removeAll { $0 == request.by } }
            let needed = if case .count(let count) = level.model.need { count } else { 1 }
            if people.count < needed {
                switch level.model.empty {
                case .skip:
                    try step(request, by: nil, .nobodyAtLevel, level: level.model.name)
                    continue
                case .escalate:
                    guard people.isEmpty, let person = request.by, let manager = try manager(of: person), manager != person, try isActive(manager) else {
                        throw ApprovalFailure(words: .nobodyDecides(level.model.label, isAlone: isAlone))
                    }
                    people = [manager]
                case .fail: throw ApprovalFailure(words: .nobodyDecides(level.model.label, isAlone: isAlone))
                }
            }
            request.level = level.model.name
            request.round += 1
            request.lates = 0
            request.due = level.model.within.flatMap { $0.due(after: now, in: context.moment.zone, by: context.moment.calendar) }
            try transaction.update(request)
            var isFirst = true
            var again: Set<RecordID> = []
            for (position, person) in people.enumerated() {
                let hasAgreed = level.model.skipsSamePerson && before.contains(person)
                let waits = level.model.need != .inOrder || isFirst
                if hasAgreed { again.insert(person) } else { isFirst = false }
                try transaction.set(
                    ApprovalSeat(
                        request: request.id, round: request.round, level: level.model.name, position: Int64(position), person: person,
                        state: hasAgreed ? .approved : waits ? .waiting : .queued, at: hasAgreed ? now : nil))
                if hasAgreed { try step(request, by: person, .agreedBefore, level: level.model.name) }
            }
            if !again.isEmpty, try isSatisfied(request, level) {
                try close(request)
                before = again
                continue
            }
            try call(request, approval)
            return
        }
        try conclude(&request, approval, .approved, .granted)
    }

    /// Whether the open level has what it needs.
    func isSatisfied(_ request: ApprovalRequest, _ level: CompiledApproval.Level) throws -> Bool {
        let seats = try seats(request)
        // Who was added decides on the place of whoever added them, and has none of their own.
        let agreed = seats.count { $0.added == nil && Self.hasAgreed($0, among: seats) }
        switch level.model.need {
        case .any: return agreed > 0
        case .count(let count): return agreed >= count
        case .all, .inOrder: return agreed > 0 && !seats.contains { $0.state == .waiting || $0.state == .queued }
        }
    }

    /// Whether the person of a place has agreed, and all whom they wanted to be asked after them.
    static func hasAgreed(_ seat: ApprovalSeat, among seats: [ApprovalSeat]) -> Bool {
        seat.state == .approved
            && seats.allSatisfy { $0.added != ApprovalSeat.Added(order: .after, by: seat.person) || $0.state == .passed || hasAgreed($0, among: seats) }
    }

    /// The places of the level at hand.
    func seats(_ request: ApprovalRequest) throws -> [ApprovalSeat] {
        try transaction.approvalSeats(of: request.id).filter { $0.round == request.round }
    }

    private func agreed(in request: ApprovalRequest) throws -> Set<RecordID> {
        Set(try seats(request).filter { $0.state == .approved }.map(\.person))
    }

    /// Nobody's decision is waited for any more.
    func close(_ request: ApprovalRequest) throws {
        for var seat in try seats(request) where seat.state == .waiting || seat.state == .queued {
            seat.state = .closed
            seat.at = now
            try transaction.set(seat)
        }
    }

    /// Goes on behind the level at hand.
    func advance(_ request: inout ApprovalRequest, _ approval: CompiledApproval) throws {
        try close(request)
        guard let record = try context.rows.row(request.record) else { return }
        let place = approval.levels.firstIndex { $0.model.name == request.level }.map { $0 + 1 } ?? 0
        try openOrReturn(&request, approval, from: place, record)
    }

    /// As `open`; where nobody can decide, it goes back to whoever asked.
    func openOrReturn(_ request: inout ApprovalRequest, _ approval: CompiledApproval, from place: Int, _ record: Row) throws {
        do {
            var opened = request
            try transaction.savepoint { try open(&opened, approval, from: place, record) }
            request = opened
        } catch let failure as ApprovalFailure {
            try giveBack(&request, approval, by: nil, failure.words, comment: nil)
        }
    }

    // MARK: Ends

    func giveBack(_ request: inout ApprovalRequest, _ approval: CompiledApproval, by person: RecordID?, _ words: Words, comment: String?) throws {
        try close(request)
        request.state = .returned
        request.due = nil
        request.note = words
        try transaction.update(request)
        try step(request, by: person, words, level: request.level, comment: comment)
        try tell(request.by, request, approval, words, comment)
    }

    /// Brings it to its end, with what follows from that.
    func conclude(
        _ request: inout ApprovalRequest, _ approval: CompiledApproval, _ state: ApprovalRequest.State, _ words: Words, by person: RecordID? = nil, comment: String? = nil
    ) throws {
        try close(request)
        request.state = state
        request.due = nil
        request.decided = now
        request.note = words
        try transaction.update(request)
        try step(request, by: person, words, comment: person == nil ? nil : comment)
        switch state {
        case .approved: try setOff(.approved, request, approval)
        case .rejected: try setOff(.rejected, request, approval)
        case .pending, .returned, .withdrawn, .void: break
        }
        if let id = request.run, var run = try transaction.run(id), run.state == .deciding {
            run.state = .ready
            run.changed = now
            try transaction.update(run)
        }
        if state == .approved, let stage = request.stage { try move(&request, to: stage) }
        if state != .withdrawn { try tell(request.by, request, approval, request.note ?? words, comment) }
    }

    /// What was asked for. Where the gate is closed by now, it may be done later: what was granted stands.
    private func move(_ request: inout ApprovalRequest, to stage: String) throws {
        var command = SaveCommand(.move(request.record, to: stage), by: request.by.map { Principal(user: $0, name: "", roles: []) } ?? .system, door: .automation)
        command.isApproved = true
        let outcome = try engine.outcome(of: command, in: transaction)
        if outcome.isDone {
            request.isUsed = true
        } else {
            request.note = .approvedButHeld(engine.words(for: outcome))
            try step(request, by: nil, .approvedButHeld(engine.words(for: outcome)))
        }
        try transaction.update(request)
    }

    func setOff(_ event: CheckedAutomation.ApprovalEvent, _ request: ApprovalRequest, _ approval: CompiledApproval) throws {
        for automation in engine.app.automations.automations {
            guard automation.model.triggers.contains(.approval(approval.model.name, event)), let row = try context.live.row(request.record) else { continue }
            if let condition = automation.condition, !(try condition.holds(in: try frame(row, request.by))) { continue }
            _ = try transaction.add(AutomationRun(of: automation.process, in: engine, record: request.record, by: request.by, at: now))
        }
    }

    // MARK: People

    /// Those who wait at the level at hand, or whoever stands in for them, are told.
    private func call(_ request: ApprovalRequest, _ approval: CompiledApproval) throws {
        for seat in try seats(request) where seat.state == .waiting { try call(seat, request, approval) }
    }

    /// Whoever waits at this place, or stands in for them, is told.
    func call(_ seat: ApprovalSeat, _ request: ApprovalRequest, _ approval: CompiledApproval, comment: String? = nil) throws {
        if let person = try standIn(for: seat, request, approval) { try tell(person, request, approval, .pleaseDecide, comment) }
    }

    func tell(_ person: RecordID?, _ request: ApprovalRequest, _ approval: CompiledApproval, _ words: Words, _ comment: String? = nil) throws {
        guard let person, try isActive(person) else { return }
        let title = try context.live.title(of: request.record)
        let label = approval.model.label
        let tail = comment.map { Words(zh: "（\($0)）", en: " (\($0))") } ?? Words(same: "")
        _ = try transaction.add(
            Notice(
                user: person, at: now, record: request.record, title: Words(zh: "审批：\(label.zh)", en: "Approval: \(label.en)"),
                message: Words(zh: "\(title)：\(words.zh)\(tail.zh)", en: "\(title): \(words.en)\(tail.en)"), run: request.run))
    }

    func isActive(_ person: RecordID) throws -> Bool {
        guard let row = try context.rows.row(person) else { return false }
        guard let active = engine.activeField else { return true }
        return row[active] != .bool(false)
    }

    func manager(of person: RecordID) throws -> RecordID? {
        guard let row = try context.rows.row(person), let field = engine.app.model[person.object].field(named: "manager") else { return nil }
        return row[field.id].records.first
    }

    private func people(_ level: CompiledApproval.Level, _ frame: Frame) throws -> [RecordID] {
        var people: [RecordID] = []
        for formula in level.people {
            let value = try formula.value(in: frame)
            if case .failure(let failure) = value { throw ApprovalFailure(words: .failedFormula(failure)) }
            for person in value.records where !people.contains(person) {
                if try isActive(person) { people.append(person) }
            }
        }
        return people
    }

    // MARK: Parts

    private func frame(_ record: Row, _ person: RecordID?) throws -> Frame {
        Frame(this: try context.live.live(record), me: try person.flatMap { try context.live.row($0) }, moment: context.moment, source: context.live)
    }

    /// A condition that cannot be computed is told: it decides nothing.
    private func holds(_ condition: Evaluator?, _ frame: Frame) throws -> Bool {
        guard let condition else { return true }
        let value = try condition.value(in: frame)
        if case .failure(let failure) = value { throw ApprovalFailure(words: .failedFormula(failure)) }
        return value == .bool(true)
    }

    func step(_ request: ApprovalRequest, by person: RecordID?, _ words: Words, level: String? = nil, comment: String? = nil) throws {
        try transaction.append(ApprovalStep(request: request.id, at: now, by: person, level: level, words: words, comment: comment))
    }
}
