import Engine
import Formula
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import Program
import SourceText
import Storage

extension WebUI {
    /// One run with its explanation; all of them, and what is done about them, for those who look after the app.
    func addRuns(to router: Router<WeirContext>) {
        router.get("runs", use: page(runs))
        addRunBatches(to: router)
        router.get("runs/:id", use: page { visit in try await runPage(visit, trouble: nil) })
        router.post("runs/:id", use: action(commandRun))
    }

    private static let runsEach = 50

    // MARK: All

    @Sendable private func runs(_ visit: Visit) async throws -> Response {
        guard engine.administers(visit.principal) else { throw Problem(.forbidden, code: "denied", Say.runsForAdmins) }
        let filter = RunFilter(visit.query, engine.app)
        let found = try await engine.runs(filter.query(limit: Self.runsEach + 1))
        let shown = found.runs.prefix(Self.runsEach)
        let view = RunsPageView(
            rows: shown.map { runRow($0, found.titles, visit.language) }, failed: try await engine.failedRuns(), states: RunFilter.states.map { ($0.name, $0.label) },
            rules: rules(visit.language), objects: engine.app.model.objects.filter { engine.app.automations.actsOn($0.id) }.map { ($0.name, $0.label[visit.language]) },
            chosen: (filter.state ?? "", filter.process ?? "", filter.object.map { engine.app.model[$0].name } ?? "", filter.from?.description ?? "", filter.until?.description ?? ""),
            record: try await filter.record.asyncMap { record in
                (try await engine.titles(of: [record])[record] ?? engine.app.text(of: record), link(to: record))
            }, recordID: filter.record.map { engine.app.text(of: $0) }, isFiltered: filter.isFiltered,
            next: found.runs.count > shown.count ? shown.last.map { filter.link(before: $0.id, engine.app) } : nil,
            first: filter.before == nil ? nil : filter.link(before: nil, engine.app), outbox: Link("outbox"),
            batches: shown.contains { AutomationRun.State.broken.contains($0.state) }
                ? [(Say.resumeAll, filter.batchLink(.resume, engine.app)), (Say.cancelAll, filter.batchLink(.cancel, engine.app))] : [])
        return html(visit, title: visit.say(Say.runs), current: "runs") { $0.runsPage(view) }
    }

    /// Everything that runs may follow, by key; labels that several share are told apart by their names.
    private func rules(_ language: Language) -> [(value: String, label: String)] {
        let keys = engine.app.automations.processes.keys.sorted()
        let labels = keys.map { key in
            let (label, rung) = engine.label(ofProcess: key)
            return rung.map { "\(label[language]) · \($0[language])" } ?? label[language]
        }
        let counts = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
        return zip(keys, labels).map { key, label in
            counts[label, default: 0] > 1 ? (key, "\(label)\(language.bracketed(key.split(separator: "/").dropFirst().joined(separator: "/")))") : (key, label)
        }
    }

    func runRow(_ run: AutomationRun, _ titles: [RecordID: String], _ language: Language, showsRecord: Bool = true) -> RunRowView {
        let (label, rung) = engine.label(ofProcess: run.process)
        let (words, mood) = Say.run(run.state)
        return RunRowView(
            id: String(run.id), link: Link("runs", String(run.id)), label: label[language], rung: rung?[language], state: words, mood: mood, note: run.note?[language],
            record: showsRecord ? run.record.map { (titles[$0] ?? Say.deletedRecord[language], link(to: $0)) } : nil, moment: moment(run.started, language))
    }

    func moment(_ instant: Instant, _ language: Language) -> TimeView {
        let display = display(language)
        return TimeView(shown: display.ago(instant), full: display.moment(instant), stamp: instant.description)
    }

    // MARK: One

    private func runID(_ visit: Visit) throws -> Int64 {
        guard let id = visit.context.parameters.get("id").flatMap({ Int64($0) }), id > 0 else { throw Problem.notFound }
        return id
    }

    private func runPage(_ visit: Visit, trouble: Words?) async throws -> Response {
        guard let found = try await engine.run(try runID(visit)) else { throw Problem.notFound }
        let view = try await runPageView(found, visit)
        let title = visit.say(Say.runNumber(view.row.id))
        return html(
            visit, title: "\(view.row.label) · \(title)", current: "runs", status: trouble == nil ? .ok : .unprocessableContent, isError: trouble != nil
        ) { page in
            if let trouble {
                page.html.div(.class("notice bad"), .role("alert"), .tabindex(-1), .data("focus"), .id("run-error")) {
                    page.icon("warning")
                    page.html.div(text: page.say(trouble))
                }
            }
            page.runPage(view)
        }
    }

    @Sendable private func commandRun(_ visit: Visit, _ form: FormFields) async throws -> Response {
        guard let command = form.filled("command").flatMap({ RunCommand(rawValue: $0) }) else { throw Problem.notFound }
        let id = try runID(visit)
        switch try await engine.command(command, run: id, by: visit.principal) {
        case .done: return redirect(to: Link("runs", String(id)), notice: .decided)
        case .refused(let words): return try await runPage(visit, trouble: words)
        case .denied(let words): throw Problem(.forbidden, code: "denied", words)
        case .missing: throw Problem.notFound
        }
    }

    private func runPageView(_ view: RunView, _ visit: Visit) async throws -> RunPageView {
        let language = visit.language, display = display(language), run = view.run
        let isAdmin = engine.administers(visit.principal)
        let others = view.titles.filter { $0.key != run.record }
        func entry(_ step: RunStep) -> RunEntryView { self.entry(step, others, language) }
        func time(_ instant: Instant) -> DisplayValue { .time(display.moment(instant), stamp: instant.description) }
        var row = runRow(run, view.titles, language)
        row.note = view.waits?[language]
        var facts: [(label: Words, value: DisplayValue)] = []
        if let record = run.record { facts.append((Say.aboutRecord, display.record(record, titles: view.titles))) }
        facts.append((Say.setOffBy, run.by.map { display.record($0, titles: view.titles) } ?? .word(view.sender ?? visit.say(run.root == nil ? Say.clock : Say.system))))
        if let root = run.root, root != run.id { facts.append((Say.causedByRun, .record(title: visit.say(Say.runNumber(String(root))), Link("runs", String(root))))) }
        facts.append((Say.setOffAt, time(run.started)))
        if let scheduled = run.scheduled, scheduled != run.started { facts.append((Say.scheduledFor, time(scheduled))) }
        if run.changed != run.started { facts.append((Say.lastStep, time(run.changed))) }
        if let version = view.version {
            let since = visit.say(Say.versionSince(display.moment(version.began)))
            facts.append((Say.versionOfRun, .word("\(version.hash)\(language.bracketed(since))" + (version.isPresent ? "" : visit.say(Say.isEarlier)))))
        }
        let commands: [RunPageView.Command] = view.commands.map { command in
            switch command {
            case .resume: .init(name: command.rawValue, label: Say.resumeRun, isFirst: true, isDangerous: false, question: nil)
            case .skip: .init(name: command.rawValue, label: Say.skipStep, isFirst: false, isDangerous: false, question: Say.skipQuestion)
            case .cancel: .init(name: command.rawValue, label: Say.cancelRun, isFirst: false, isDangerous: true, question: Say.cancelQuestion)
            }
        }
        return RunPageView(
            row: row, facts: facts, source: source(at: view.declaredAt, for: visit),
            parts: view.parts.map { part in
                RunPageView.Part(
                    step: part.step, depth: min(part.depth, 3), words: part.words?[language], state: state(part.state), entries: part.entries.map(entry),
                    reason: part.reason?[language], source: source(at: part.span, for: visit))
            },
            values: view.variables.map { variable in (variable.name, shown(variable.value, variable.type, view.titles, display)) },
            before: view.before.map { entry in
                let field = engine.app.model[entry.field]
                return (field.label[language], display.value(entry.value, of: field, titles: view.titles))
            },
            effects: view.effects.map { effect in
                let (words, mood) = Say.effect(effect)
                return .init(target: effect.target, state: words, mood: mood, trouble: effect.trouble?[language], moment: moment(effect.created, language))
            }, outbox: isAdmin && !view.effects.isEmpty ? Link("outbox") : nil,
            approvals: view.approvals.map { request in
                let label = engine.app.automations.approvals[name: request.approval]?.model.label[language] ?? request.approval
                return (label, visit.say(Say.approval(request.state)), Link("approvals", String(request.id)))
            }, action: isAdmin ? row.link : nil, commands: isAdmin ? commands : [],
            hint: isAdmin && run.state == .failed && view.refusals[.resume] != nil ? view.refusals[.resume]?[language] : nil,
            list: isAdmin ? Link("runs") : nil)
    }

    private func state(_ state: RunView.Part.State) -> RunPageView.Part.State {
        switch state {
        case .done: .done
        case .refused: .refused
        case .no: .no
        case .current: .current
        case .ahead: .ahead
        case .skipped: .skipped
        }
    }

    private func shown(_ value: Value, _ type: FormulaType, _ titles: [RecordID: String], _ display: Display) -> DisplayValue {
        switch value {
        case .link(let id): display.record(id, titles: titles)
        case .links(let ids): .several(ids.map { display.record($0, titles: titles) })
        case .list(let values): .several(values.prefix(20).map { shown($0, type.element, titles, display) })
        case .blank: .blank
        case .failure(let failure): .failure(failure.words[display.language])
        case .bool, .number, .text, .date, .instant, .duration, .option, .options, .location:
            .text(value.text(of: type, at: engine.app.model.moment(at: display.now, language: display.language)) { titles[$0] ?? engine.app.text(of: $0) })
        }
    }

    func entry(_ step: RunStep, _ titles: [RecordID: String], _ language: Language) -> RunEntryView {
        RunEntryView(
            words: step.words[language], isDone: step.isDone, moment: moment(step.at, language),
            record: step.record.flatMap { record in titles[record].map { ($0, link(to: record)) } })
    }
}

extension Say {
    static func approval(_ state: ApprovalRequest.State) -> Words {
        switch state {
        case .pending: Words(zh: "审批中", en: "Being decided")
        case .returned: Words(zh: "已退回", en: "Sent back")
        case .approved: Words(zh: "已通过", en: "Approved")
        case .rejected: Words(zh: "未通过", en: "Rejected")
        case .withdrawn: Words(zh: "已撤回", en: "Withdrawn")
        case .void: Words(zh: "已作废", en: "Void")
        }
    }
}

extension Optional {
    func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async rethrows -> Result? {
        guard let self else { return nil }
        return try await transform(self)
    }
}

/// What the list of runs is narrowed to, as its address says.
struct RunFilter {
    static let states: [(name: String, label: Words, states: Set<AutomationRun.State>)] = [
        ("failed", Say.stateFailed, AutomationRun.State.broken), ("waiting", Say.stateWaiting, [.waiting, .calling, .deciding]),
        ("running", Say.stateRunning, [.ready]), ("done", Say.stateDone, [.done, .stopped, .canceled]),
    ]

    var state: String?
    var process: String?
    var object: ObjectID?
    var record: RecordID?
    var from: Day?
    var until: Day?
    var before: Int64?
    private let zone: Zone

    init(_ query: FormFields, _ app: CompiledApp) {
        zone = app.model.zone
        state = query.filled("state").flatMap { name in Self.states.first { $0.name == name }?.name }
        process = query.filled("rule")
        object = query.filled("object").flatMap { app.model.object(named: $0)?.id }
        record = query.filled("record").flatMap { app.recordID(from: $0) }
        from = query.filled("from").flatMap { Day($0) }
        until = query.filled("until").flatMap { Day($0) }
        before = query.filled("before").flatMap { Int64($0) }
    }

    var isFiltered: Bool { state != nil || process != nil || object != nil || record != nil || from != nil || until != nil }

    func query(limit: Int) -> RunQuery {
        var query = RunQuery(limit: limit)
        query.states = Self.states.first { $0.name == state }?.states ?? []
        (query.process, query.object, query.record, query.before) = (process, object, record, before)
        query.from = from.map { zone.startOfDay($0) }
        // The last day is one of them.
        query.until = until.flatMap { $0.adding(days: 1) }.map { zone.startOfDay($0) }
        return query
    }

    /// As an address and a form name it, without the page.
    func entries(_ app: CompiledApp) -> [(name: String, value: String)] {
        let all: [(String, String?)] = [
            ("state", state), ("rule", process), ("object", object.map { app.model[$0].name }), ("record", record.map { app.text(of: $0) }), ("from", from?.description),
            ("until", until?.description),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }

    func link(before: Int64?, _ app: CompiledApp) -> Link {
        Link("runs", query: entries(app) + (before.map { [("before", String($0))] } ?? []))
    }

    /// Where something is done about all failed runs of the filter.
    func batchLink(_ command: RunCommand, _ app: CompiledApp) -> Link {
        Link("runs", "all", query: entries(app) + [("command", command.rawValue)])
    }
}
