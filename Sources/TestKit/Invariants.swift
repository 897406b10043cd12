package import Engine
import Formula
import Model
import Program
import Storage

/// What must hold of everything that an app has done by itself, whatever happened on the way: read from what stands written, and from
/// nothing else.
///
/// The numbers are those of the list in `Tests/FaultTests/README.md`. Left out are what only several tenants (11) or servers show, and 10:
/// no decision is kept that could differ from the one computed anew.
package final class Invariants {
    private let engine: Engine
    private let transaction: any ReadTransaction
    private var broken: [String] = []

    /// - Parameter isSettled: Whether everything that was due has been done, so that nothing may be left lying about.
    /// - Returns: A line for each thing that does not hold.
    /// - Throws: `StoreError`.
    package static func broken(in engine: Engine, isSettled: Bool = true) async throws -> [String] {
        try await engine.store.read { transaction in
            let check = Invariants(engine: engine, transaction: transaction)
            try check.records()
            try check.runs(isSettled)
            try check.approvals(isSettled)
            try check.effects()
            return check.broken
        }
    }

    private init(engine: Engine, transaction: any ReadTransaction) {
        self.engine = engine
        self.transaction = transaction
    }

    private static let everything = Int(Int32.max)
    private var app: CompiledApp { engine.app }

    private func expect(_ holds: Bool, _ sentence: @autoclosure () -> String) {
        if !holds { broken.append(sentence()) }
    }

    private func name(_ record: RecordID?) -> String { record.map { app.text(of: $0) } ?? "nothing" }

    // MARK: Records

    private func records() throws {
        for object in app.model.objects {
            for row in try transaction.rows(of: object.id) {
                try history(of: row, object)
                try visits(of: row, object)
                try watches(of: row)
            }
        }
    }

    /// 13: what stands is what its history adds up to.
    private func history(of row: Row, _ object: CheckedObject) throws {
        let history = try transaction.history(of: row.id, limit: Self.everything, before: nil).reversed()
        var folded: [FieldID: Value] = [:]
        for entry in history {
            for change in entry.changes where entry.kind != .deleted { folded[change.field] = change.new }
        }
        for field in object.fields where !field.isSystem && field.computed == nil {
            let value = folded[field.id] ?? .blank
            expect(value == row[field.id], "I13: \(name(row.id)).\(field.name) is \(row[field.id]), its history says \(value)")
        }
        expect(history.map(\.version).max() == row.version, "I13: \(name(row.id)) has version \(row.version), its history \(history.map(\.version))")
        var last: Int64 = 0
        for entry in history {
            expect(entry.sequence > last, "I13: the history of \(name(row.id)) goes back at \(entry.sequence)")
            last = entry.sequence
        }
    }

    /// 5: a record is in the stage that it entered last, and each stay ends where the next begins.
    private func visits(of row: Row, _ object: CheckedObject) throws {
        guard let stage = object.stage else { return }
        let visits = try transaction.visits(of: row.id)
        expect(visits.last.map { Value.option($0.stage) } == row[stage], "I5: \(name(row.id)) is in \(row[stage]), its last visit is \(visits.last?.stage ?? "none")")
        expect(visits.count { $0.left == nil } == 1 && visits.last?.left == nil, "I5: \(name(row.id)) has open visits \(visits.filter { $0.left == nil }.map(\.stage))")
        for (visit, next) in zip(visits, visits.dropFirst()) {
            expect(visit.left == next.entered, "I5: \(name(row.id)) left \(visit.stage) at another time than it entered \(next.stage)")
        }
    }

    /// 4 and 7: what is armed belongs to the app and has something to come.
    private func watches(of row: Row) throws {
        for state in try transaction.watchStates(of: row.id) {
            guard let watch = app.automations.watches.first(where: { $0.model.name == state.watch }) else {
                expect(false, "I4: `\(state.watch)` is armed over \(name(row.id)), and no more")
                continue
            }
            expect(state.since != nil || state.due != nil, "I4: `\(state.watch)` lies over \(name(row.id)) for nothing")
            expect(state.fired >> UInt64(watch.model.rungs.count) == 0, "I7: `\(state.watch)` has fired rungs that it has not")
            expect(state.pauses.allSatisfy { $0.from <= $0.to }, "I7: `\(state.watch)` stood still for less than no time")
        }
    }

    // MARK: Runs

    private func runs(_ isSettled: Bool) throws {
        let runs = try transaction.runs(of: nil, process: nil, states: [], limit: Self.everything, before: nil).sorted { $0.id < $1.id }
        var rungs: Set<String> = []
        var begun: [String: Instant] = [:]
        for run in runs {
            let what = "run \(run.id) of \(run.process) over \(name(run.record))"
            let steps = try transaction.runSteps(of: run.id)
            // 7: once, and never early.
            if let scheduled = run.scheduled {
                expect(run.started >= scheduled, "I7: \(what) was early")
                expect(rungs.insert("\(run.process) \(name(run.record)) \(scheduled)").inserted, "I7: \(what) was set off twice for the same time")
            }
            // 8: one after the other.
            if let first = steps.first, let record = run.record {
                let key = "\(run.process) \(name(record))"
                expect(begun[key].map { $0 <= first.at } ?? true, "I8: \(what) began before one that was set off earlier")
                begun[key] = first.at
            }
            // 9
            expect(run.depth <= RunCause.mostDepth, "I9: \(what) stands \(run.depth) deep")
            expect(run.state != .looped || steps.isEmpty, "I9: \(what) was stopped and went on")
            // 12: it follows the version it began with, and its steps are those it knows.
            let definition = try engine.definition(of: run, in: transaction)
            if let process = definition.process, run.version != nil, !steps.isEmpty, run.state != .failed {
                expect(process.layout == run.fingerprint, "I12: \(what) has the steps \(run.fingerprint), its version \(process.layout)")
            }
            let places = Set(run.fingerprint.split(separator: " ").map(String.init))
            for step in steps { expect(places.contains(step.step), "I12: \(what) did step \(step.step), which is not of its version") }
            // 14: nothing is left lying about.
            expect(!run.state.isOver || run.wake == nil, "I14: \(what) is over and would wake")
            expect(!isSettled || run.state != .ready, "I14: \(what) could go on and does not")
            if let record = run.record, !run.state.isOver, run.state != .ready, try transaction.row(record) == nil, isSettled {
                // It is found to be gone when it wakes; but it must wake.
                expect(run.wake != nil || run.state != .waiting, "I4: \(what) waits for a record that is gone")
            }
            try once(run, steps, what)
        }
        try matches(runs)
    }

    /// 2: outside of loops each place of the steps is done once, and what is said to be made is there.
    private func once(_ run: AutomationRun, _ steps: [RunStep], _ what: String) throws {
        guard let process = try engine.definition(of: run, in: transaction).process, process.layout == run.fingerprint else { return }
        var loops: [Range<Int>] = []
        for (index, instruction) in process.steps.instructions.enumerated() {
            if case .nextEach(_, _, _, let end) = instruction.operation, end > index { loops.append(index..<end) }
        }
        var done: [String: Int] = [:]
        for step in steps where step.isDone { done[step.step, default: 0] += 1 }
        for (index, instruction) in process.steps.instructions.enumerated() where !loops.contains(where: { $0.contains(index) }) {
            // What asks or waits says so once when it begins and once when it ends.
            let most = switch instruction.operation {
            case .call, .approve, .ask, .waitFor: 2
            case .dispatch: Self.everything
            case .set, .create, .update, .delete, .tag, .move, .notify, .suggest, .report, .send, .wait, .waitUntil, .branch, .jump, .beginEach, .nextEach, .stop, .demote, .assign: 1
            }
            // A jump shares the place of the step before it.
            if case .jump = instruction.operation { continue }
            expect(done[instruction.step, default: 0] <= most, "I2: \(what) did step \(instruction.step) \(done[instruction.step, default: 0]) times")
        }
    }

    /// 1: what needs no more than that something happened is set off as often as it happened.
    private func matches(_ runs: [AutomationRun]) throws {
        let counts = Dictionary(grouping: runs.filter { $0.record != nil }) { "\($0.process) \(name($0.record))" }.mapValues(\.count)
        for automation in app.automations.automations where !automation.process.steps.instructions.isEmpty {
            guard let object = automation.model.object, automation.model.triggers.allSatisfy(Self.isPlain) else { continue }
            for row in try transaction.rows(of: object) {
                let history = try transaction.history(of: row.id, limit: Self.everything, before: nil)
                let most = history.count { entry in automation.model.triggers.contains { Self.matches($0, entry, object: app.model[object]) } }
                let count = counts["\(automation.process.key) \(name(row.id))", default: 0]
                expect(count <= most, "I1: \(automation.process.key) ran \(count) times over \(name(row.id)), and \(most) changes set it off")
                if automation.condition == nil, history.last?.kind == .created, !isTrusted(row, history) {
                    expect(count == most, "I1: \(automation.process.key) ran \(count) times over \(name(row.id)), not \(most)")
                }
            }
        }
    }

    /// What stands before the first step of a scenario sets nothing off: no history tells it from what people did, so the app is asked.
    private func isTrusted(_ row: Row, _ history: [HistoryEntry]) -> Bool { app.model[row.id.object].builtIn == .user }

    private static func isPlain(_ trigger: CheckedAutomation.Trigger) -> Bool {
        switch trigger {
        case .created, .fieldChanges, .becomes, .enters, .leaves: true
        case .changed, .deleted, .inbound, .schedule, .approval, .message, .sequence: false
        }
    }

    private static func matches(_ trigger: CheckedAutomation.Trigger, _ entry: HistoryEntry, object: CheckedObject) -> Bool {
        guard entry.kind != .deleted, entry.kind != .restored else { return false }
        let isNew = entry.kind == .created || (entry.kind == .imported && entry.version == 1)
        func change(_ field: FieldID) -> HistoryEntry.Change? { entry.changes.first { $0.field == field } }
        switch trigger {
        case .created: return isNew
        case .fieldChanges(let field): return !isNew && change(field) != nil
        case .becomes(let field, let value): return change(field)?.new == value
        case .enters(let stage): return object.stage.flatMap(change)?.new == .option(stage)
        case .leaves(let stage): return !isNew && object.stage.flatMap(change)?.old == .option(stage)
        case .changed, .deleted, .inbound, .schedule, .approval, .message, .sequence: return false
        }
    }

    // MARK: Approvals

    /// 6: one end, by those who may, with as many as are needed.
    private func approvals(_ isSettled: Bool) throws {
        guard !app.automations.approvals.isEmpty else { return }
        for object in app.model.objects {
            for row in try transaction.rows(of: object.id) {
                let requests = try transaction.approvalRequests(of: row.id)
                let open = Dictionary(grouping: requests.filter { !$0.state.isOver }, by: \.approval)
                for (approval, several) in open { expect(several.count == 1, "I6: `\(approval)` is asked \(several.count) times at once over \(name(row.id))") }
                for request in requests { try decided(request, row, object) }
            }
        }
    }

    private func decided(_ request: ApprovalRequest, _ row: Row, _ object: CheckedObject) throws {
        let what = "approval \(request.id) of \(name(row.id))"
        let seats = try transaction.approvalSeats(of: request.id)
        let current = seats.filter { $0.round == request.round }
        let isWaiting = seats.contains { $0.state == .waiting || $0.state == .queued }
        expect(request.state == .pending || !isWaiting, "I6: \(what) is \(request.state) and somebody is asked")
        expect(request.state == .pending || request.due == nil, "I6: \(what) is \(request.state) and has a time")
        expect(request.state != .pending || current.contains { $0.state == .waiting }, "I6: \(what) waits for nobody")
        expect(request.state.isOver == (request.decided != nil), "I6: \(what) is \(request.state), decided at \(String(describing: request.decided))")
        expect(seats.count { $0.round < request.round && ($0.state == .waiting || $0.state == .queued) } == 0, "I6: \(what) asks at a level that is over")
        if let model = app.automations.approvals[name: request.approval]?.model {
            if !model.allowsSelf { expect(!seats.contains { $0.person == request.by && $0.state == .approved }, "I6: \(what) was decided by whoever asked") }
            for (round, members) in Dictionary(grouping: seats, by: \.round) {
                expect(Set(members.map(\.person)).count == members.count, "I6: \(what) gives somebody two places in round \(round)")
                for member in members {
                    if let by = member.added?.by { expect(members.contains { $0.person == by }, "I6: \(what) has somebody in round \(round) whom nobody there added") }
                    if member.isAway { expect(member.insteadOf != nil, "I6: \(what) has somebody in round \(round) who stands in for nobody") }
                }
            }
        }
    }

    // MARK: Effects

    /// 3: one key each, and a call that is done was made.
    private func effects() throws {
        var keys: Set<String> = []
        for effect in try transaction.effects(after: 0, limit: Self.everything) {
            expect(keys.insert(effect.key).inserted, "I3: two effects have the key \(effect.key)")
            expect(effect.state == .waiting || effect.state == .told || effect.due == nil, "I3: \(effect.key) is \(effect.state) and is tried again")
            if let id = effect.run {
                let run = try transaction.run(id)
                expect(run != nil, "I3: \(effect.key) belongs to no run")
                let isCalled = try run.map { try self.isCalled(effect, by: $0) } ?? false
                expect(run?.state != .done || !isCalled || effect.state == .done || effect.state == .failed, "I3: \(effect.key) is \(effect.state) and its run is done")
            }
        }
    }

    /// Whether the run waited for it.
    private func isCalled(_ effect: Effect, by run: AutomationRun) throws -> Bool {
        guard let process = try engine.definition(of: run, in: transaction).process else { return false }
        let step = effect.key.split(separator: ":", omittingEmptySubsequences: false).dropFirst(2).first.map { $0.prefix { $0 != "[" && $0 != "#" } } ?? ""
        return process.steps.instructions.contains { if case .call = $0.operation { $0.step == step } else { false } }
    }
}
