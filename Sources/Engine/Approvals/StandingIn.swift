import Formula
import Model
import Program
import SourceText
import Storage

// Places of people who are away.
extension ApprovalKeeping {
    /// A chain of people who stand in for each other is followed so far.
    private static let longestChain = 10
    /// Requests that wait for one person, looked at when they go or come back.
    private static let mostRequests = 10_000

    /// Gives the place of somebody who is away to whoever stands in for them.
    ///
    /// - Returns: Whose decision is waited for now; nil where that person was asked already, and decides for both.
    func standIn(for seat: ApprovalSeat, _ request: ApprovalRequest, _ approval: CompiledApproval) throws -> RecordID? {
        guard approval.model.liberties.contains(.delegate) else { return seat.person }
        let active = try transaction.openAbsences().filter { $0.state == .active }
        var seat = seat
        for _ in 0..<Self.longestChain {
            guard let deputy = active.first(where: { $0.person == seat.person })?.deputy, try isActive(deputy), approval.model.allowsSelf || deputy != request.by
            else { break }
            let seats = try seats(request)
            let words = Words.standsIn(try context.live.title(of: deputy), for: try context.live.title(of: seat.person))
            if let other = seats.first(where: { $0.person == deputy }) {
                // One decision for two is enough, but where people are counted.
                guard case .some = approval.levels.first(where: { $0.model.name == request.level && !$0.model.need.counts }), other.added == nil, seat.added == nil,
                    other.state == .waiting || other.state == .queued || other.state == .approved, !seats.contains(where: { $0.added?.by == seat.person })
                else { break }
                seat.state = .passed
                seat.at = context.moment.now
                try transaction.set(seat)
                try step(request, by: nil, words, level: request.level)
                return nil
            }
            let place = try pass(&seat, to: deputy, isAway: true)
            try step(request, by: nil, words, level: request.level)
            seat = place
        }
        return seat.person
    }

    /// What waits for a person who goes away now waits for the other.
    func begin(_ absence: Absence) throws {
        for request in try transaction.approvalRequests(.mine, of: absence.person, limit: Self.mostRequests, before: nil) {
            guard let approval = engine.app.automations.approvals[name: request.approval],
                let seat = try seats(request).first(where: { $0.person == absence.person && $0.state == .waiting })
            else { continue }
            if let person = try standIn(for: seat, request, approval), person != absence.person { try tell(person, request, approval, .pleaseDecide) }
        }
    }

    /// What nobody has decided meanwhile is with the person again.
    func end(_ absence: Absence) throws {
        for request in try transaction.approvalRequests(passedOnBy: absence.person) {
            guard let approval = engine.app.automations.approvals[name: request.approval] else { continue }
            let seats = try seats(request)
            guard var own = seats.first(where: { $0.person == absence.person && $0.state == .passed }) else { continue }
            // Whoever stands in may have somebody standing in for them.
            var holder = seats.first { $0.insteadOf == absence.person && $0.isAway && $0.person == absence.deputy }
            while let current = holder, current.state == .passed { holder = seats.first { $0.insteadOf == current.person && $0.isAway } }
            guard var holder, holder.state == .waiting || holder.state == .queued else { continue }
            for var signer in seats where signer.added?.by == holder.person {
                signer.added?.by = own.person
                try transaction.set(signer)
            }
            own.state = holder.state
            own.at = nil
            let active = try transaction.openAbsences().filter { $0.state == .active && $0.id != absence.id }
            // Somebody else's decision may have been theirs as well.
            let other = seats.first { seat in
                seat.state == .passed && seat.person != own.person && active.contains { $0.person == seat.person && $0.deputy == holder.person }
                    && !seats.contains { $0.insteadOf == seat.person }
            }
            if let other {
                try transaction.set(
                    ApprovalSeat(
                        request: holder.request, round: holder.round, level: holder.level, position: holder.position, person: holder.person,
                        insteadOf: other.person, isAway: true, added: nil, state: holder.state))
            } else {
                holder.state = .passed
                holder.at = context.moment.now
                try transaction.set(holder)
            }
            try transaction.set(own)
            try step(request, by: nil, .givenBack(try context.live.title(of: own.person)), level: request.level)
            if own.state == .waiting { try call(own, request, approval) }
        }
    }

    /// What is due about an absence.
    func fire(_ absence: Absence) throws {
        var absence = absence
        switch absence.state {
        case .planned where absence.until > context.moment.now:
            absence.state = .active
            try transaction.update(absence)
            try begin(absence)
        case .planned:
            absence.state = .over
            try transaction.update(absence)
        case .active:
            absence.state = .over
            try transaction.update(absence)
            try end(absence)
        case .over: break
        }
    }
}

extension CheckedApproval.Need {
    /// Whether it is a number of people.
    fileprivate var counts: Bool {
        switch self {
        case .count: true
        case .any, .all, .inOrder: false
        }
    }
}
