import Engine
import Formula
import JSON
import Model
import Program
import SourceText
import Storage

/// Why a record stands where it stands, as far as something acted: `weir why` without a field, or with one of the words of `Aspect`.
struct WhyActing {
    enum Aspect: CaseIterable {
        case stage, assignment, timer, sequence, approval, runs

        var word: String {
            switch self {
            case .stage: "stage"
            case .assignment: "owner"
            case .timer: "timer"
            case .sequence: "sequence"
            case .approval: "approval"
            case .runs: "runs"
            }
        }

        init?(word: String) {
            switch word {
            case "stage", "gate": self = .stage
            case "owner", "assignment", "assignments": self = .assignment
            case "timer", "timers", "watch", "watches": self = .timer
            case "sequence", "sequences": self = .sequence
            case "approval", "approvals": self = .approval
            case "runs", "run": self = .runs
            default: return nil
            }
        }
    }

    struct Found {
        let id: RecordID
        let title: String
        let aspects: [Aspect]
        var stage: Stage?
        var hollow: HollowView.Entry?
        var assignments: [AssignmentView] = []
        var timers: [TimerView] = []
        var sequences: [SequenceView] = []
        var approvals: [ApprovalView] = []
        var runs: [RunView] = []
    }

    struct Stage {
        let current: CheckedStage?
        let visits: [StageVisit]
        /// What the next stage asks for; nil at the end of the path.
        let gate: (stage: CheckedStage, verdict: GateVerdict)?
    }

    let engine: Engine
    let sources: SourceSet
    let language: Language

    private static let mostRuns = 20
    private static let mostAssignments = 10

    private var app: CompiledApp { engine.app }

    var json: AutomationJSON { AutomationJSON(app, in: language) { [sources] span in Self.place(span, in: sources) } }

    private static func place(_ span: Span, in sources: SourceSet) -> (file: String, line: Int)? {
        guard sources.files.indices.contains(Int(span.file.index)) else { return nil }
        let file = sources[span.file]
        return (file.path, file.place(of: span.start).line)
    }

    /// Nil if there is no such record.
    func found(_ id: RecordID, _ aspects: [Aspect], as principal: Principal) async throws -> Found? {
        guard let view = try await engine.record(id, as: principal), let row = view.rows.first else { return nil }
        let title = view.titles[id] ?? ""
        var found = Found(id: id, title: title.isEmpty ? app.text(of: id) : title, aspects: aspects)
        for aspect in aspects {
            switch aspect {
            case .stage:
                found.stage = try await stage(row, principal)
                found.hollow = try await engine.hollow(id)
            case .assignment: found.assignments = try await engine.assignments(of: id, limit: Self.mostAssignments)
            case .timer: found.timers = try await engine.timers(of: id)
            case .sequence: found.sequences = try await engine.sequences(of: id)
            case .approval: found.approvals = try await engine.approvals(of: id)
            case .runs:
                var query = RunQuery(limit: Self.mostRuns)
                query.record = id
                found.runs = try await engine.runViews(query)
            }
        }
        return found
    }

    private func stage(_ row: Row, _ principal: Principal) async throws -> Stage? {
        guard let field = app.model[row.id.object].stage, case .stage(let path) = app.model[field].kind else { return nil }
        var current: CheckedStage?
        if case .option(let key) = row[field] { current = path.stage(key) }
        var gate: (stage: CheckedStage, verdict: GateVerdict)?
        if let current, current.end == nil, let place = path.stages.firstIndex(where: { $0.key == current.key }), place + 1 < path.stages.count {
            let next = path.stages[place + 1]
            gate = try await engine.gate(of: row.id, to: next.key, as: principal).map { (stage: next, verdict: $0) }
        }
        return Stage(current: current, visits: try await engine.visits(of: row.id), gate: gate)
    }

    // MARK: JSON

    func json(_ found: Found) -> JSONValue {
        var members: [JSONValue.Member] = [.init("record", .string(app.text(of: found.id))), .init("title", .string(found.title))]
        for aspect in found.aspects {
            switch aspect {
            case .stage:
                members.append(.init("stage", found.stage.map { stage in
                    .object([
                        .init("stage", .string(orNull: stage.current?.key)),
                        .init("visits", .array(stage.visits.map { visit in
                            .object([
                                .init("stage", .string(visit.stage)), .init("entered", .string(visit.entered.description)),
                                .init("left", .string(orNull: visit.left?.description)),
                            ])
                        })),
                        .init("next", stage.gate.map { RecordJSON(app: app, language: language).gate($0.verdict) } ?? .null),
                    ])
                } ?? .null))
                members.append(.init("hollow", json.hollow(found.hollow)))
            case .assignment: members.append(.init("assignments", .array(found.assignments.map(json.assignment))))
            case .timer: members.append(.init("timers", .array(found.timers.map(json.timer))))
            case .sequence: members.append(.init("sequences", .array(found.sequences.map(json.sequence))))
            case .approval: members.append(.init("approvals", .array(found.approvals.map(json.approval))))
            case .runs: members.append(.init("runs", .array(found.runs.map { json.run($0, engine) })))
            }
        }
        return .object(members)
    }

    // MARK: Text

    private func say(_ zh: String, _ en: String) -> String { Words(zh: zh, en: en)[language] }
    private func time(_ instant: Instant) -> String { Value.text(of: instant, in: app.model.zone) }
    private func place(_ span: Span?) -> String { span.flatMap { Self.place($0, in: sources) }.map { "  (\($0.file):\($0.line))" } ?? "" }

    func text(_ found: Found) -> String {
        var lines = ["\(app.text(of: found.id)) · \(found.title)"]
        for aspect in found.aspects {
            let more =
                switch aspect {
                case .stage: stageLines(found)
                case .assignment: found.assignments.flatMap(assignmentLines)
                case .timer: found.timers.flatMap(timerLines)
                case .sequence: found.sequences.flatMap(sequenceLines)
                case .approval: found.approvals.flatMap(approvalLines)
                case .runs: found.runs.flatMap { runLines($0, withSteps: found.aspects.count == 1) }
                }
            guard !more.isEmpty || found.aspects.count == 1 else { continue }
            lines.append(heading(aspect))
            lines += more.isEmpty ? ["  " + say("没有", "none")] : more.map { "  " + $0 }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    func text(_ run: RunView) -> String { runLines(run, withSteps: true).joined(separator: "\n") + "\n" }

    private func heading(_ aspect: Aspect) -> String {
        switch aspect {
        case .stage: say("阶段", "stage")
        case .assignment: say("分配", "assignments")
        case .timer: say("计时", "timers")
        case .sequence: say("行为序列", "sequences")
        case .approval: say("审批", "approvals")
        case .runs: say("运行", "runs")
        }
    }

    private func stageLines(_ found: Found) -> [String] {
        guard let stage = found.stage else { return [] }
        var lines: [String] = []
        if let current = stage.current {
            let since = stage.visits.last { $0.left == nil }.map { say("，从 \(time($0.entered)) 起", ", since \(time($0.entered))") } ?? ""
            lines.append(current.label[language] + since)
        }
        if let hollow = found.hollow {
            lines.append(say("空心：条件已不再满足", "hollow: its conditions do not hold any more"))
            lines += hollow.missing.map { "  ✗ \($0[language])" }
        }
        if let (next, verdict) = stage.gate {
            lines.append(say("进入“\(next.label.zh)”：", "to enter \(next.label.en):"))
            if let refusal = verdict.moveRefusal { lines.append("  ✗ \(refusal[language])") }
            lines += verdict.items.map { "  \($0.isMet ? "✓" : "✗") \($0.say[language])" }
            if verdict.items.isEmpty, verdict.moveRefusal == nil { lines.append("  " + say("没有条件", "no conditions")) }
        }
        return lines
    }

    private func assignmentLines(_ view: AssignmentView) -> [String] {
        let assignment = view.assignment
        func name(_ id: RecordID) -> String { view.title(id, in: app.model) }
        let whom = assignment.chosen.map { say("分配给 \(name($0))", "given to \(name($0))") } ?? say("没有合适的人选", "nobody was suitable")
        var lines = ["\(time(assignment.at)) \(view.label[language])\(say("：", ": "))\(whom)\(place(view.declaredAt))"]
        if assignment.isWaiting { lines.append("  " + say("在排队", "it waits in the queue")) }
        if let until = assignment.protectedUntil { lines.append("  " + say("保护到 \(time(until))", "protected until \(time(until))")) }
        for candidate in view.candidates {
            let parts = candidate.parts.map { "\($0.name) \($0.points)" }.joined(separator: say("、", ", "))
            let points = say("\(candidate.points) 分", "\(candidate.points) \(candidate.points == "1" ? "point" : "points")")
            lines.append("  \(name(candidate.candidate)) \(points)" + (parts.isEmpty ? "" : say("（\(parts)）", " (\(parts))")))
        }
        for out in view.out { lines.append("  ✗ \(name(out.candidate))\(say("：", ": "))\(out.demand)") }
        return lines
    }

    private func timerLines(_ timer: TimerView) -> [String] {
        let paused = timer.paused.map { say("，暂停于 \(time($0))", ", standing still since \(time($0))") } ?? ""
        var lines = ["\(timer.watch.label[language])\(say("，开始于 \(time(timer.since))", ", since \(time(timer.since))"))\(paused)\(place(timer.watch.declaredAt))"]
        if let condition = timer.watch.condition {
            lines.append("  " + say("只要 \(condition.source.text)", "while \(condition.source.text)"))
        }
        for rung in timer.rungs {
            let when = rung.hasFired ? say("已过", "passed") : rung.due.map { say("到 \(time($0))", "due \(time($0))") } ?? say("暂停", "standing still")
            lines.append("  \(rung.after[language])\(say("：", ": "))\(when)\(place(rung.declaredAt))")
        }
        return lines
    }

    private func sequenceLines(_ view: SequenceView) -> [String] {
        let count = view.sequence.kinds.count
        var lines = ["\(view.sequence.label[language])\(say("：", ": "))\(say("\(count) 步中的 \(view.reached) 步", "\(view.reached) of \(count) steps"))\(place(view.sequence.declaredAt))"]
        let kinds = app.model[view.sequence.events.kind].kind
        for (step, kind) in view.sequence.kinds.enumerated() {
            lines.append("  \(step < view.reached ? "✓" : "·") \(kinds.label(of: kind, language))")
        }
        if let began = view.began, let until = view.until { lines.append("  " + say("从 \(time(began)) 起，\(time(until)) 前有效", "since \(time(began)), until \(time(until))")) }
        if let completed = view.completed { lines.append("  " + say("上次完成于 \(time(completed))", "complete the last time at \(time(completed))")) }
        return lines
    }

    private func approvalLines(_ view: ApprovalView) -> [String] {
        let request = view.request
        func name(_ id: RecordID?) -> String { id.flatMap { view.titles[$0] } ?? say("系统", "the system") }
        let level = request.state == .pending ? view.level.map { " · \($0.label[language])" } ?? "" : ""
        var lines = ["\(view.model?.label[language] ?? request.approval)\(say("：", ": "))\(request.state.rawValue)\(level)\(place(view.model?.declaredAt))"]
        if !view.waiting.isEmpty { lines.append("  " + say("等待 ", "waits for ") + view.waiting.map { name($0) }.joined(separator: say("、", ", "))) }
        for seat in view.current where request.state == .pending && (seat.insteadOf != nil || seat.added != nil) {
            let person = name(seat.person)
            if let other = seat.insteadOf { lines.append("  " + say("\(person) 代 \(name(other)) 审批", "\(person) decides for \(name(other))")) }
            if let added = seat.added {
                let (zh, en) = added.order == .before ? ("先于", "before") : ("后于", "after")
                lines.append("  " + say("\(person) \(zh) \(name(added.by)) 审批（加签）", "\(person) is asked \(en) \(name(added.by)), who wanted that"))
            }
        }
        if let due = request.due { lines.append("  " + say("期限 \(time(due))", "due \(time(due))")) }
        for step in view.steps {
            let comment = step.comment.map { say("（\($0)）", " (\($0))") } ?? ""
            lines.append("  \(time(step.at)) \(step.by.map { name($0) + " " } ?? "")\(step.words[language])\(comment)")
        }
        return lines
    }

    private func runLines(_ view: RunView, withSteps: Bool) -> [String] {
        let run = view.run
        let rung = view.rung.map { " · \($0[language])" } ?? ""
        let about = run.record.map { " · \(view.titles[$0] ?? app.text(of: $0))" } ?? ""
        var lines = ["run/\(run.id) \(view.label[language])\(rung)\(about)\(say("：", ": "))\(run.state.rawValue)\(place(view.declaredAt))"]
        let by = run.by.flatMap { view.titles[$0] } ?? view.sender ?? say("系统", "the system")
        lines.append("  " + say("\(time(run.started)) 由 \(by) 触发", "set off \(time(run.started)) by \(by)"))
        if let version = view.version {
            let isEarlier = version.isPresent ? "" : say("，不是现在的版本", ", not the present one")
            lines.append("  " + say("版本 \(version.hash)（\(time(version.began)) 起\(isEarlier)）", "version \(version.hash) (since \(time(version.began))\(isEarlier))"))
        }
        if let waits = view.waits { lines.append("  \(waits[language])") }
        guard withSteps else { return lines }
        for part in view.parts {
            let indent = String(repeating: "  ", count: part.depth + 1)
            lines.append("\(indent)\(mark(part.state)) \(part.step) \(part.words?[language] ?? "")\(place(part.span))")
            if let reason = part.reason { lines.append("\(indent)    \(reason[language])") }
            for entry in part.entries { lines.append("\(indent)    \(time(entry.at)) \(entry.words[language])") }
        }
        for effect in view.effects {
            let trouble = effect.trouble.map { say("：\($0.zh)", ": \($0.en)") } ?? ""
            lines.append("  → \(effect.target) \(effect.state.rawValue)\(trouble)")
        }
        return lines
    }

    private func mark(_ state: RunView.Part.State) -> String {
        switch state {
        case .done: "✓"
        case .refused: "✗"
        case .no: "›"
        case .current: "▸"
        case .ahead: "·"
        case .skipped: "-"
        }
    }
}
