package import Formula
import Model
import Program
package import SourceText
package import Storage

/// An absence with how its people are called.
package struct AbsenceView: Sendable {
    package let absence: Absence
    package let person: String
    package let deputy: String

    package init(absence: Absence, person: String, deputy: String) {
        self.absence = absence
        self.person = person
        self.deputy = deputy
    }
}

package enum AbsenceOutcome: Sendable, Hashable {
    case done(Absence)
    case refused(Words)
    case missing
}

// People say who decides for them while they are away.
extension Engine {
    /// From then on until the end, `deputy` decides what waits for the person, and what comes to wait for them.
    ///
    /// - Parameter from: Nil, or in the past: from now on.
    /// - Throws: `StoreError`; then nothing is written.
    package func announceAbsence(of principal: Principal, deputy: RecordID, from: Instant?, until: Instant) async throws -> AbsenceOutcome {
        guard let person = principal.user else { return .refused(.sayWho) }
        let outcome = try await store.write { [self] transaction in
            let keeping = try ApprovalKeeping(self, transaction)
            let now = world.clock.now()
            let begin = max(from ?? now, now)
            guard until > begin else { return AbsenceOutcome.refused(.endsBeforeItBegins) }
            guard until.microseconds - begin.microseconds <= Self.longestAbsence, begin.microseconds - now.microseconds <= Self.longestAbsence else {
                return .refused(.absenceIsTooLong)
            }
            guard try keeping.isActive(person) else { return .refused(.inactive) }
            guard deputy.object == person.object, deputy != person, try keeping.isActive(deputy) else { return .refused(.noSuchDeputy) }
            let open = try transaction.openAbsences().filter { $0.from < until && begin < $0.until }
            guard !open.contains(where: { $0.person == person }) else { return .refused(.absentAlready) }
            // Following who stands in for whom within that time must not lead back.
            var reached: Set<RecordID> = [deputy]
            var rest = [deputy]
            while let next = rest.popLast() {
                for absence in open where absence.person == next {
                    guard absence.deputy != person else { return .refused(.standInCircle) }
                    if reached.insert(absence.deputy).inserted { rest.append(absence.deputy) }
                }
            }
            var absence = Absence(person: person, deputy: deputy, from: begin, until: until, state: begin <= now ? .active : .planned, made: now)
            absence.id = try transaction.add(absence)
            try audit("announce_absence", absence, principal, transaction)
            if absence.state == .active { try keeping.begin(absence) }
            return .done(absence)
        }
        if case .done = outcome { store.changes.nudge() }
        return outcome
    }

    /// The person is back before the end, or does not go.
    ///
    /// - Throws: `StoreError`; then nothing is written.
    package func endAbsence(_ id: Int64, by principal: Principal) async throws -> AbsenceOutcome {
        let outcome = try await store.write { [self] transaction in
            guard var absence = try transaction.absence(id), absence.person == principal.user else { return AbsenceOutcome.missing }
            guard absence.state != .over else { return .refused(.absenceIsOver) }
            let hasBegun = absence.state == .active
            absence.state = .over
            if hasBegun { absence.until = world.clock.now() }
            try transaction.update(absence)
            try audit("end_absence", absence, principal, transaction)
            if hasBegun { try ApprovalKeeping(self, transaction).end(absence) }
            return .done(absence)
        }
        if case .done = outcome { store.changes.nudge() }
        return outcome
    }

    /// The person's own, and those in which they stand in for somebody; newest first.
    package func absences(with person: RecordID, limit: Int) async throws -> [AbsenceView] {
        try await store.read { [self] transaction in
            let found = try transaction.absences(with: person, limit: limit)
            var titles: [RecordID: String] = [:]
            try RecordContext(engine: self, principal: .system, transaction: transaction).addTitles(of: Set(found.flatMap { [$0.person, $0.deputy] }), to: &titles)
            return found.map { AbsenceView(absence: $0, person: titles[$0.person] ?? "", deputy: titles[$0.deputy] ?? "") }
        }
    }

    private static let longestAbsence = 366 * Microseconds.perDay

    private func audit(_ action: String, _ absence: Absence, _ principal: Principal, _ transaction: any WriteTransaction) throws {
        try transaction.append(
            AuditEntry(
                at: world.clock.now(), by: principal.user, address: principal.address, device: principal.device, action: action, record: absence.person,
                detail: "\(app.text(of: absence.deputy)) from \(absence.from) until \(absence.until)"))
    }
}

extension Words {
    fileprivate static let endsBeforeItBegins = Words(zh: "结束时间应晚于开始时间，并且在将来", en: "it ends after it begins, and not in the past")
    fileprivate static let absenceIsTooLong = Words(zh: "最多一年，并在一年之内开始", en: "it lasts a year at most, and begins within a year")
    fileprivate static let noSuchDeputy = Words(zh: "此人不能代您审批", en: "this person cannot decide for you")
    fileprivate static let absentAlready = Words(zh: "这段时间您已另外指定了代理人", en: "somebody stands in for you during that time already")
    fileprivate static let standInCircle = Words(zh: "这样代理会绕回到您自己", en: "those who stand in for each other would lead back to you")
    fileprivate static let absenceIsOver = Words(zh: "这次代理已经结束", en: "it is over already")
}
