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
        case .approve, .reject, .sendBack, .delegate, .addSigner: break
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
            try record(request, decision, seat, .agrees, comment)
            try goOn(&request, approval, level, seat)
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
                try loseRoot(of: seat, request)
                let left = try self.seats(request).count {
                    $0.added == nil && ($0.state == .approved || $0.state == .waiting || $0.state == .queued)
                }
                guard left < count else {
                    try record(request, decision, seat, .rejects, comment)
                    return .done(request)
                }
            }
            try record(request, decision, seat, .rejects, comment)
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
            guard try mayDecide(other, request, approval, besides: person) else { return .refused(.noSuchPerson) }
            let place = try pass(&seat, to: other)
            try record(request, decision, seat, .delegated(try context.live.title(of: other)), comment)
            try call(place, request, approval, comment: comment)
        case .addSigner(let other, let order):
            let liberty: CheckedApproval.Liberty = order == .before ? .addSignerBefore : .addSignerAfter
            guard approval.model.liberties.contains(liberty) else { return .refused(.notAllowed(.addSigner(order))) }
            guard try mayDecide(other, request, approval, besides: person), try self.seats(request).count < Self.mostSeats else { return .refused(.noSuchPerson) }
            let place = ApprovalSeat(
                request: seat.request, round: seat.round, level: seat.level, position: seat.position, person: other,
                added: ApprovalSeat.Added(order: order, by: person), state: order == .before ? .waiting : .queued)
            try transaction.set(place)
            if order == .before {
                seat.state = .queued
                try transaction.set(seat)
            }
            try record(request, decision, seat, .added(try context.live.title(of: other), order), comment)
            if order == .before { try call(place, request, approval, comment: comment) }
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

    /// After the person of a place has agreed: whoever they wanted to be asked after them, then whoever wanted to hear them first, then the level.
    private func goOn(_ request: inout ApprovalRequest, _ approval: CompiledApproval, _ level: CompiledApproval.Level, _ seat: ApprovalSeat) throws {
        let seats = try seats(request)
        let next = seats.filter { $0.state == .queued && $0.added == ApprovalSeat.Added(order: .after, by: seat.person) }
        guard next.isEmpty else {
            for seat in next { try turn(to: seat, request, approval) }
            return
        }
        guard Self.hasAgreed(seat, among: seats) else { return }
        if let added = seat.added, let asker = seats.first(where: { $0.person == added.by }) {
            switch added.order {
            case .after: return try goOn(&request, approval, level, asker)
            case .before: if asker.state == .queued { return try turn(to: asker, request, approval) }
            }
        }
        if try isSatisfied(request, level) { return try advance(&request, approval) }
        guard level.model.need == .inOrder, !seats.contains(where: { $0.state == .waiting }), let next = seats.first(where: { $0.state == .queued && $0.added == nil })
        else { return }
        try turn(to: next, request, approval)
    }

    private func turn(to seat: ApprovalSeat, _ request: ApprovalRequest, _ approval: CompiledApproval) throws {
        var seat = seat
        seat.state = .waiting
        seat.at = nil
        try transaction.set(seat)
        try call(seat, request, approval)
    }

    /// Where so many are needed: a rejection by somebody who was added takes the place of whoever the level itself asked.
    private func loseRoot(of seat: ApprovalSeat, _ request: ApprovalRequest) throws {
        let seats = try seats(request)
        var root = seat
        while let by = root.added?.by, let asker = seats.first(where: { $0.person == by }), asker.person != root.person { root = asker }
        guard root.person != seat.person else { return }
        for var other in seats where other.person != seat.person && (other.person == root.person || isAdded(other, by: root, seats)) {
            guard other.state == .waiting || other.state == .queued || other.person == root.person else { continue }
            other.state = .closed
            other.at = context.moment.now
            try transaction.set(other)
        }
    }

    private func isAdded(_ seat: ApprovalSeat, by root: ApprovalSeat, _ seats: [ApprovalSeat]) -> Bool {
        var current = seat
        while let by = current.added?.by {
            if by == root.person { return true }
            guard let asker = seats.first(where: { $0.person == by }), asker.person != current.person else { return false }
            current = asker
        }
        return false
    }

    /// People who may be asked at one level, those who were added among them.
    private static let mostSeats = 200

    private func mayDecide(_ other: RecordID, _ request: ApprovalRequest, _ approval: CompiledApproval, besides person: RecordID) throws -> Bool {
        guard other.object == person.object, other != person, approval.model.allowsSelf || other != request.by, try isActive(other) else { return false }
        return !(try seats(request).contains { $0.person == other })
    }

    /// Gives a place to somebody else, with all that hangs on it.
    @discardableResult
    func pass(_ seat: inout ApprovalSeat, to other: RecordID, isAway: Bool = false) throws -> ApprovalSeat {
        let place = ApprovalSeat(
            request: seat.request, round: seat.round, level: seat.level, position: seat.position, person: other, insteadOf: seat.person, isAway: isAway,
            added: seat.added, state: seat.state)
        for var signer in try transaction.approvalSeats(of: seat.request) where signer.round == seat.round && signer.added?.by == seat.person {
            signer.added?.by = other
            try transaction.set(signer)
        }
        seat.state = .passed
        seat.at = context.moment.now
        try transaction.set(seat)
        try transaction.set(place)
        return place
    }

    private func record(_ request: ApprovalRequest, _ decision: ApprovalDecision, _ seat: ApprovalSeat, _ words: Words, _ comment: String?) throws {
        let whom = try seat.isAway ? seat.insteadOf.map { try context.live.title(of: $0) } : nil
        try step(request, by: seat.person, whom.map { words.forWhom($0) } ?? words, level: request.level, comment: comment)
        try audit(request, decision, seat.person, for: seat.isAway ? seat.insteadOf : nil)
    }

    private func audit(_ request: ApprovalRequest, _ decision: ApprovalDecision, _ person: RecordID, for other: RecordID? = nil) throws {
        let whom = other.map { " for \(engine.app.text(of: $0))" } ?? ""
        try transaction.append(
            AuditEntry(
                at: context.moment.now, by: person, address: nil, device: nil, action: decision.name, record: request.record,
                detail: "approval \(request.id) \(request.approval)\(whom)"))
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
                let place = try pass(&seat, to: manager)
                try step(request, by: nil, .escalated(try context.live.title(of: manager)), level: request.level)
                try call(place, request, approval)
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
        case .addSigner, .withdraw, .resubmit: nil
        }
    }
}
