import Formula
import Model
import Program
import SourceText
import Storage

// What people do about open requests, and what time and changes do to them.
extension ApprovalKeeping {
    /// - Parameter seen: The revision that the person had before their eyes; nil: whatever it is.
    func decide(_ id: Int64, _ decision: ApprovalDecision, by person: RecordID?, seen: Int64?, comment: String?) throws -> ApprovalOutcome {
        guard var request = try transaction.approvalRequest(id) else { return .missing }
        guard let approval = engine.app.automations.approvals[name: request.approval] else { return .refused(.definitionIsGone) }
        guard let person else { return .denied(.sayWho) }
        guard try isActive(person) else { return .denied(.inactive) }
        let comment = comment.map { $0.trimmedText }.flatMap { $0.isEmpty ? nil : $0 }
        switch decision {
        case .withdraw:
            guard request.by == person else { return .denied(.onlyAsker) }
            if request.state == .withdrawn { return .unchanged(request) }
            guard !request.state.isOver else { return .refused(.isOver) }
            guard approval.model.liberties.contains(.withdraw) else { return .refused(.notAllowed(Words(zh: "撤回", en: "withdraw"))) }
            try audit(request, decision, person)
            try conclude(&request, approval, .withdrawn, .withdrawn, by: person, comment: comment)
            return .done(request)
        case .resubmit:
            guard request.by == person else { return .denied(.onlyAsker) }
            guard !request.state.isOver else { return .refused(.isOver) }
            guard request.state == .returned || isOutdated(request, approval) else { return .unchanged(request) }
            do {
                let again = try transaction.savepoint { try resubmit(request, approval, comment: comment) }
                try audit(again, decision, person)
                return .done(again)
            } catch let failure as ApprovalFailure {
                return .refused(failure.words)
            }
        case .approve, .reject, .sendBack, .delegate: break
        }
        let seats = try transaction.approvalSeats(of: id).filter { $0.person == person }
        guard var seat = seats.last(where: { $0.round == request.round }) ?? seats.last else { return .denied(.notYours) }
        guard request.state == .pending, seat.round == request.round, seat.state == .waiting else {
            if seat.state == decision.seatState { return .unchanged(request) }
            if request.state.isOver { return .refused(.isOver) }
            switch seat.state {
            case .queued where request.state == .pending: return .refused(.notYourTurn)
            case .queued, .waiting, .approved, .rejected, .returned, .closed: return .refused(.levelIsOver)
            case .passed: return .refused(.notYours)
            }
        }
        if let seen, seen != request.revision { return .conflict(request) }
        guard let place = approval.levels.firstIndex(where: { $0.model.name == request.level }), let row = try context.rows.row(request.record) else {
            try giveBack(&request, approval, by: nil, .levelIsGone, comment: nil)
            return .conflict(request)
        }
        let level = approval.levels[place]
        func take(_ state: ApprovalSeat.State) throws {
            seat.state = state
            seat.at = context.moment.now
            try transaction.set(seat)
        }
        switch decision {
        case .approve:
            try take(.approved)
            try record(request, decision, person, .agrees, comment)
            try goOn(&request, approval, level)
        case .reject(let to):
            let target: Target
            switch approval.model.rejection {
            case .stop: target = .end
            case .toStart: target = .start
            case .toLevel: target = place > 0 ? .level(place - 1) : .start
            case .toChoice:
                guard let to else { return .refused(.sayWhere) }
                guard let chosen = self.target(to, before: place, approval) else { return .refused(.noSuchLevel(to)) }
                target = chosen
            }
            if to != nil, approval.model.rejection != .toChoice { return .refused(.notAllowed(Words(zh: "选择驳回到哪里", en: "choose how far back it goes"))) }
            try take(.rejected)
            if case .count(let count) = level.model.need {
                let left = try self.seats(request).count { $0.state == .approved || $0.state == .waiting }
                guard left < count else {
                    try record(request, decision, person, .rejects, comment)
                    return .done(request)
                }
            }
            try record(request, decision, person, .rejects, comment)
            try back(&request, approval, to: target, row, by: person, comment)
        case .sendBack(let to):
            guard approval.model.liberties.contains(.sendBack) || approval.model.rejection == .toChoice else {
                return .refused(.notAllowed(Words(zh: "退回", en: "send it back")))
            }
            guard let target = target(to, before: place, approval) else { return .refused(.noSuchLevel(to)) }
            try take(.returned)
            try back(&request, approval, to: target, row, by: person, comment)
            try audit(request, decision, person)
        case .delegate(let other):
            guard approval.model.liberties.contains(.delegate) else { return .refused(.notAllowed(Words(zh: "转交", en: "hand it on"))) }
            guard other.object == person.object, other != person, approval.model.allowsSelf || other != request.by, try isActive(other),
                !(try self.seats(request).contains { $0.person == other })
            else { return .refused(.noSuchPerson) }
            try pass(&seat, to: other)
            try record(request, decision, person, .delegated(try context.live.title(of: other)), comment)
            try tell(other, request, approval, .pleaseDecide, comment)
        case .withdraw, .resubmit: break
        }
        return .done(request)
    }

    /// How far back.
    private enum Target {
        case end, start
        case level(Int)
    }

    private func target(_ name: String, before place: Int, _ approval: CompiledApproval) -> Target? {
        if name == "start" { return .start }
        return approval.levels[..<place].firstIndex { $0.model.name == name }.map { .level($0) }
    }

    private func back(
        _ request: inout ApprovalRequest, _ approval: CompiledApproval, to target: Target, _ row: Row, by person: RecordID?, _ comment: String?
    ) throws {
        switch target {
        case .end: try conclude(&request, approval, .rejected, .rejected, comment: comment)
        case .start: try giveBack(&request, approval, by: person, .sentBackToStart, comment: comment)
        case .level(let place):
            try close(request)
            request.revision += 1
            try step(request, by: person, .sentBack(to: approval.levels[place].model.label), level: request.level, comment: comment)
            // Who agreed before is asked again: that is what sending back is for.
            request.round += 1
            try openOrReturn(&request, approval, from: place, row)
        }
    }

    /// After somebody has agreed.
    private func goOn(_ request: inout ApprovalRequest, _ approval: CompiledApproval, _ level: CompiledApproval.Level) throws {
        if try isSatisfied(request, level) { return try advance(&request, approval) }
        guard level.model.need == .inOrder else { return }
        let seats = try seats(request)
        guard !seats.contains(where: { $0.state == .waiting }), var next = seats.first(where: { $0.state == .queued }) else { return }
        next.state = .waiting
        try transaction.set(next)
        try tell(next.person, request, approval, .pleaseDecide)
    }

    private func pass(_ seat: inout ApprovalSeat, to other: RecordID) throws {
        seat.state = .passed
        seat.at = context.moment.now
        try transaction.set(seat)
        try transaction.set(
            ApprovalSeat(request: seat.request, round: seat.round, level: seat.level, position: seat.position, person: other, insteadOf: seat.person))
    }

    private func record(_ request: ApprovalRequest, _ decision: ApprovalDecision, _ person: RecordID, _ words: Words, _ comment: String?) throws {
        try step(request, by: person, words, level: request.level, comment: comment)
        try audit(request, decision, person)
    }

    private func audit(_ request: ApprovalRequest, _ decision: ApprovalDecision, _ person: RecordID) throws {
        try transaction.append(
            AuditEntry(
                at: context.moment.now, by: person, address: nil, device: nil, action: decision.name, record: request.record,
                detail: "approval \(request.id) \(request.approval)"))
    }

    // MARK: Changes

    /// What changes of records do to requests over them.
    func follow(_ changes: [Propagation.Change]) throws {
        let approvals = engine.app.automations.approvals
        guard !approvals.isEmpty else { return }
        for change in changes where change.old != nil && !approvals.ofObject[change.id.object.index].isEmpty {
            for var request in try transaction.approvalRequests(of: change.id) where !request.state.isOver {
                guard let approval = approvals[name: request.approval] else { continue }
                guard change.new != nil else {
                    try conclude(&request, approval, .void, .recordDeleted)
                    continue
                }
                if request.stage != nil, let stage = engine.plans[change.id.object.index].stage, change.changed.contains(stage) {
                    try conclude(&request, approval, .void, .recordMoved)
                    continue
                }
                guard request.state == .pending, !change.changed.isDisjoint(with: approval.model.freeze), let row = try context.rows.row(change.id) else { continue }
                let frozen = try frozen(approval, row)
                guard frozen != request.frozen else { continue }
                switch approval.model.changed {
                case .invalidate: try conclude(&request, approval, .void, .frozenChanged)
                // Where changing it by hand is refused, it has changed because of something else.
                case .restart, .refuse:
                    try close(request)
                    request.frozen = frozen
                    request.revision += 1
                    try step(request, by: nil, .frozenRestarts)
                    do {
                        guard try isNeeded(approval, row, by: request.by) else {
                            try conclude(&request, approval, .approved, .notNeededAnyMore)
                            continue
                        }
                        // Whoever had agreed had not agreed to this.
                        request.round += 1
                        try openOrReturn(&request, approval, from: 0, row)
                    } catch let failure as ApprovalFailure {
                        try giveBack(&request, approval, by: nil, failure.words, comment: nil)
                    }
                }
            }
        }
    }

    // MARK: Time

    /// What is due about a request whose time is up.
    func fire(_ request: ApprovalRequest) throws {
        var request = request
        guard request.state == .pending, let due = request.due, let approval = engine.app.automations.approvals[name: request.approval],
            let level = approval.levels.first(where: { $0.model.name == request.level })
        else {
            request.due = nil
            return try transaction.update(request)
        }
        if request.lates == 0 {
            try step(request, by: nil, .isLate, level: request.level)
            try setOff(.late, request, approval)
        }
        let all = level.model.late.flatMap { late -> [(late: CheckedApproval.Late, wait: Delay?)] in
            switch late {
            case .remind(let every, let times): Array(repeating: (late, every ?? level.model.within), count: times)
            case .escalate, .approve, .reject: [(late, level.model.within)]
            }
        }
        let place = Int(request.lates)
        request.lates += 1
        request.due = nil
        guard place < all.count else { return try transaction.update(request) }
        if place + 1 < all.count { request.due = all[place].wait.flatMap { $0.due(after: due, in: context.moment.zone, by: context.moment.calendar) } }
        try transaction.update(request)
        switch all[place].late {
        case .remind:
            for seat in try seats(request) where seat.state == .waiting { try tell(seat.person, request, approval, .lateReminder) }
        case .escalate:
            for var seat in try seats(request) where seat.state == .waiting {
                let known = try seats(request).map(\.person)
                guard let manager = try manager(of: seat.person), manager != request.by || approval.model.allowsSelf, !known.contains(manager), try isActive(manager) else {
                    try step(request, by: nil, .nobodyAbove, level: request.level)
                    try tell(request.by, request, approval, .nobodyAbove)
                    continue
                }
                try pass(&seat, to: manager)
                try step(request, by: nil, .escalated(try context.live.title(of: manager)), level: request.level)
                try tell(manager, request, approval, .pleaseDecide)
            }
        case .approve:
            try step(request, by: nil, .lateApproved, level: request.level)
            try advance(&request, approval)
        case .reject:
            try step(request, by: nil, .lateRejected, level: request.level)
            try conclude(&request, approval, .rejected, .lateRejected)
        }
    }
}

extension ApprovalDecision {
    /// How the place of whoever decided so is marked; nil for what is done without one.
    fileprivate var seatState: ApprovalSeat.State? {
        switch self {
        case .approve: .approved
        case .reject: .rejected
        case .sendBack: .returned
        case .delegate: .passed
        case .withdraw, .resubmit: nil
        }
    }
}
