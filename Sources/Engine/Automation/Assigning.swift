import Formula
import JSON
import Model
import Program
import SourceText
import Storage

/// Weighs who may be given a record.
struct Assigning {
    let context: RecordContext
    let transaction: any WriteTransaction

    struct Weighed {
        let candidate: RecordID
        let parts: [(name: String, points: ExactDecimal)]
        let total: ExactDecimal
    }

    struct Decision {
        /// Nil: nobody may.
        let chosen: Weighed?
        /// Everybody who may, the best first.
        let weighed: [Weighed]
        /// Who may not, with the demand that is not met.
        let out: [(candidate: RecordID, demand: String)]
    }

    /// People of whom it is kept why they were out.
    private static let mostOut = 20
    /// Candidates that are looked at for that.
    private static let mostLooked = 200

    /// - Returns: A failure of a formula as words, if one could not be computed.
    func decide(_ assignment: CompiledAssignment, on record: Row) throws -> (decision: Decision?, failure: Words?) {
        let frame = Frame(this: record, moment: context.moment, source: context.live)
        let value = try assignment.among.value(in: frame)
        if case .failure(let failure) = value { return (nil, .failedFormula(failure)) }
        var weighed: [(weighed: Weighed, turn: Int64)] = []
        var known: Set<RecordID> = []
        for candidate in value.records where known.insert(candidate).inserted {
            guard let row = try context.live.row(candidate) else { continue }
            let weighing = Frame(this: record, candidate: row, moment: context.moment, source: context.live)
            var parts: [(name: String, points: ExactDecimal)] = []
            var total = ExactDecimal.zero
            for preference in assignment.preferences {
                switch try preference.points.value(in: weighing) {
                case .number(let points):
                    guard !points.isZero else { continue }
                    do { total = try total.adding(points) } catch { return (nil, .failedFormula(error)) }
                    parts.append((preference.name, points))
                case .failure(let failure): return (nil, .failedFormula(failure))
                case .blank, .bool, .text, .date, .instant, .duration, .option, .options, .link, .links, .location, .list: break
                }
            }
            let turn = assignment.model.tie == .roundRobin ? try transaction.lastTurn(of: candidate, in: assignment.model.name) : 0
            weighed.append((Weighed(candidate: candidate, parts: parts, total: total), turn))
        }
        weighed.sort { left, right in
            if left.weighed.total != right.weighed.total { return left.weighed.total > right.weighed.total }
            if left.turn != right.turn { return left.turn < right.turn }
            return left.weighed.candidate.number < right.weighed.candidate.number
        }
        let out = try self.out(of: assignment, known, frame)
        return (Decision(chosen: weighed.first?.weighed, weighed: weighed.map(\.weighed), out: out), nil)
    }

    private func out(of assignment: CompiledAssignment, _ candidates: Set<RecordID>, _ frame: Frame) throws -> [(candidate: RecordID, demand: String)] {
        guard !assignment.demands.isEmpty else { return [] }
        let others = try transaction.rows(of: assignment.model.candidates, where: nil, reading: [], limit: Self.mostLooked).map(\.id).filter { !candidates.contains($0) }.prefix(Self.mostOut)
        guard !others.isEmpty else { return [] }
        let meeting = try assignment.demands.map { Set(try $0.meeting.value(in: frame).records) }
        return others.compactMap { other in
            zip(assignment.demands, meeting).first { !$0.1.contains(other) }.map { (candidate: other, demand: $0.0.text) }
        }
    }
}

extension Assigning.Decision {
    /// What is kept of it.
    func text(in app: CompiledApp) -> String {
        func points(_ weighed: Assigning.Weighed) -> JSONValue {
            .object([
                .init("candidate", .string(app.text(of: weighed.candidate))), .init("points", .string(weighed.total.description)),
                .init("parts", .object(weighed.parts.map { .init($0.name, .string($0.points.description)) })),
            ])
        }
        return JSONValue.object([
            .init("candidates", .array(weighed.prefix(Self.mostKept).map(points))),
            .init("out", .array(out.map { .object([.init("candidate", .string(app.text(of: $0.candidate))), .init("demand", .string($0.demand))]) })),
        ]).text()
    }

    private static let mostKept = 20
}

extension RunExecution {
    mutating func assign(_ index: Int, _ instruction: Instruction) throws -> Next {
        guard let record = run.record else { return .refused(.recordIsGone) }
        let assignment = engine.app.automations.assignments[index]
        let (words, isGiven) = try give(record, by: assignment)
        if isGiven {
            try note(instruction, words, record: record)
            return .on
        }
        guard assignment.model.nobody != nil, instruction.onFailure == nil else { return .refused(words) }
        try note(instruction, words, isDone: false)
        return .on
    }

    /// Gives what waits in the queue to those who are free by now, oldest first.
    mutating func dispatch(_ index: Int, _ instruction: Instruction) throws -> Next {
        let assignment = engine.app.automations.assignments[index]
        for waiting in try transaction.waiting(in: assignment.model.name, limit: Self.mostRecords) {
            guard let row = try context.live.row(waiting.record), row[assignment.model.field].isBlank else {
                try transaction.stopWaiting(waiting.record, in: assignment.model.name)
                continue
            }
            let (words, isGiven) = try give(waiting.record, by: assignment, again: true)
            if isGiven { try note(instruction, words, record: waiting.record) }
        }
        return .on
    }

    /// - Parameter again: It waits already: that there is nobody still is no news.
    private mutating func give(_ record: RecordID, by assignment: CompiledAssignment, again: Bool = false) throws -> (words: Words, isGiven: Bool) {
        guard let row = try context.live.row(record) else { return (.recordIsGone, false) }
        let (decision, failure) = try Assigning(context: context, transaction: transaction).decide(assignment, on: row)
        guard let decision else { return (failure ?? .nothingToDo, false) }
        guard let chosen = decision.chosen else {
            if !again { try giveNobody(record, row, decision, assignment) }
            let words = try words(decision, Words(zh: "没有合适的人选", en: "nobody is suitable"))
            return (words, false)
        }
        let outcome = try engine.outcome(of: command(.edit(record, [FieldInput(assignment.model.field, .link(chosen.candidate))])), in: transaction)
        guard outcome.isDone else { return (engine.words(for: outcome), false) }
        let now = context.moment.now
        try transaction.add(
            Assignment(
                assignment: assignment.model.name, record: record, at: now, chosen: chosen.candidate, isWaiting: false,
                protectedUntil: assignment.model.protection.flatMap { $0.due(after: now, in: context.moment.zone, by: context.moment.calendar) },
                reason: decision.text(in: engine.app)))
        try refresh()
        let title = try title(chosen.candidate)
        return (try words(decision, Words(zh: "分配给 \(title)", en: "given to \(title)")), true)
    }

    private mutating func giveNobody(_ record: RecordID, _ row: Row, _ decision: Assigning.Decision, _ assignment: CompiledAssignment) throws {
        let waits = assignment.model.nobody?.queue != nil && row[assignment.model.field].isBlank
        try transaction.add(
            Assignment(
                assignment: assignment.model.name, record: record, at: context.moment.now, chosen: nil, isWaiting: waits, protectedUntil: nil,
                reason: decision.text(in: engine.app)))
        guard let notice = assignment.notice else { return }
        let frame = Frame(this: row, moment: context.moment, source: context.live)
        _ = try tell(notice, frame, title: assignment.model.label, about: record)
    }

    /// The points of the first few, and who was out for what.
    private func words(_ decision: Assigning.Decision, _ head: Words) throws -> Words {
        var zh: [String] = [], en: [String] = []
        for weighed in decision.weighed.prefix(Self.namedRecords) {
            let name = try title(weighed.candidate)
            let parts = weighed.parts.map { "\($0.name) \($0.points)" }
            zh.append("\(name) \(weighed.total) 分" + (parts.isEmpty ? "" : "（\(parts.joined(separator: "、"))）"))
            en.append("\(name) \(weighed.total)" + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"))
        }
        for out in decision.out.prefix(Self.namedRecords) {
            let name = try title(out.candidate)
            zh.append("\(name) 不满足 \(out.demand)")
            en.append("\(name) fails \(out.demand)")
        }
        guard !zh.isEmpty else { return head }
        return Words(zh: "\(head.zh)：\(zh.joined(separator: "；"))", en: "\(head.en): \(en.joined(separator: "; "))")
    }
}

// A change of somebody may make room: what waits is looked at again.
extension Saving {
    func dispatch(after changes: [Propagation.Change]) throws {
        for assignment in engine.app.automations.assignments {
            guard let process = assignment.dispatch, command.cause?.process != process.key,
                changes.contains(where: { $0.id.object == assignment.model.candidates }),
                try !transaction.waiting(in: assignment.model.name, limit: 1).isEmpty,
                try transaction.runs(of: nil, process: process.key, states: [.ready], limit: 1, before: nil).isEmpty
            else { continue }
            _ = try transaction.add(AutomationRun(of: process, in: engine, record: nil, cause: command.cause, by: nil, at: moment.now))
        }
    }

    /// Part of step 5: whoever was given the record lately keeps it for a while.
    func checkProtection(_ proposal: inout Proposal) throws {
        guard command.door != .trusted, command.door != .automation, let user = command.principal.user, let old = proposal.old else { return }
        for assignment in engine.app.automations.assignments where assignment.model.protection != nil && assignment.model.object == proposal.plan.object.id {
            let field = assignment.model.field
            guard proposal.new[field] != old[field], case .link(let owner) = old[field], owner != user else { continue }
            let last = try transaction.assignments(of: old.id, limit: Self.lookedAssignments).first { $0.assignment == assignment.model.name }
            guard let last, last.chosen == owner, let until = last.protectedUntil, until > moment.now, try !isAbove(user, owner) else { continue }
            let wall = moment.zone.wallClock(until)
            proposal.report(
                Violation(
                    .protected, field: field,
                    .protectedAssignment(until: "\(wall.day) \(wall.time(withSeconds: false))", try live.title(of: owner))))
        }
    }

    private static let lookedAssignments = 10

    /// Whether one is the manager of the other, or of a manager.
    private func isAbove(_ user: RecordID, _ other: RecordID) throws -> Bool {
        guard user.object == other.object, let manager = engine.app.model[user.object].field(named: "manager")?.id else { return false }
        var current = other
        var seen: Set<RecordID> = [other]
        while case .link(let next)? = try rows.row(current)?[manager], seen.insert(next).inserted {
            if next == user { return true }
            current = next
        }
        return false
    }
}

extension Words {
    fileprivate static func protectedAssignment(until: String, _ owner: String) -> Words {
        Words(zh: "已分配给 \(owner)，在 \(until) 之前别人不能接手", en: "given to \(owner): until \(until) nobody else may take it")
    }
}
