import Engine
import Formula
import HTML
import HTTPService
import Model
import Program
import SourceText
import Storage

/// Gathers what a record's page shows.
struct RecordViewBuilder: Sendable {
    let ui: WebUI
    let visit: Visit

    private var engine: Engine { ui.engine }
    private var model: CheckedApp { ui.engine.app.model }
    private var language: Language { visit.language }
    private var forms: FormBuilder { FormBuilder(ui: ui, visit: visit) }

    /// Rows of a related list, and entries of the timeline of either sort.
    private static let mostRelated = 10
    private static let mostEntries = 50
    private static let mostKeyFacts = 5

    func view(of id: RecordID, gate shown: WebUI.ShownGate) async throws -> RecordView {
        let sequence = try await engine.store.read { try $0.lastChange() }
        let (row, titles) = try await ui.row(id, visit)
        let object = model[id.object]
        let gate = try await gate(of: row, object, titles, shown)
        let own = ui.link(to: id)
        let showsAll = visit.query.first("changes") == "all"
        let (timeline, hasRecomputed) = try await timeline(of: id, object, withRecomputed: showsAll)
        let approvals = try await ui.approvalCards(of: id, visit)
        let hollow = try await engine.hollow(id).map { (stage: $0.stage[language], missing: $0.missing.map { $0[language] }) }
        let automation = try await ui.automation(of: id, visit)
        return RecordView(
            title: ui.title(of: id, titles), objectLabel: object.label, list: ui.link(to: object), link: own, version: row.openedVersion,
            keyFacts: keyFacts(row, object, titles), path: path(row, object, previewed: gate?.key), gate: gate,
            download: object.builtIn == .file ? Link("files", String(id.number)) : nil, approvals: approvals,
            hollow: hollow, automation: automation, groups: groups(row, object, titles), related: try await related(to: id, object), timeline: timeline,
            recomputed: hasRecomputed
                ? (showsAll, Link(segments: ["records", object.name, String(id.number)], query: showsAll ? [] : [("changes", "all")])) : nil,
            composer: try await composer(for: id, object, back: own), edit: ui.link(to: id, "edit"), deleting: ui.link(to: id, "delete"),
            live: LiveView(object: object.name, record: engine.app.text(of: id), sequence: sequence, address: own),
            history: ui.link(to: id, "history"),
            printing: Link(segments: ["records", object.name, String(id.number)], query: [("print", "1")]))
    }

    // MARK: Facts

    private func fact(_ field: CheckedField, _ row: Row, _ titles: [RecordID: String]) -> RecordView.Fact {
        var formula: String?
        switch field.computed {
        case .formula(let expression): formula = expression.source.text
        case .points(let points): formula = points.map { "\($0.name): \($0.entry.source.text)" }.joined(separator: "\n")
        case nil: break
        }
        let isWide = switch field.kind {
            case .longText, .address, .links, .files: true
            case .text, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url, .phone, .uscc, .cnID, .location,
                .link, .file, .autonumber, .stage: false
            }
        return RecordView.Fact(
            name: field.name, label: field.label[language], value: ui.display(language).value(row[field.id], of: field, titles: titles), isWide: isWide, formula: formula,
            why: formula == nil ? nil : ui.link(to: row.id, "why", field.name))
    }

    private func keyFacts(_ row: Row, _ object: CheckedObject, _ titles: [RecordID: String]) -> [RecordView.Fact] {
        let ranked = object.fields.filter { !$0.isSystem && !row[$0.id].isBlank }.compactMap { field -> (rank: Int, field: CheckedField)? in
            switch field.kind {
            case .link(let targets): targets.contains { model[$0].builtIn == .user } ? (0, field) : (2, field)
            case .money: (field.computed == nil ? 1 : 5, field)
            case .choice: (3, field)
            case .date: (field.computed == nil ? 4 : 7, field)
            case .phone: (4, field)
            case .percent, .number: (6, field)
            case .text, .longText, .bool, .datetime, .duration, .choices, .tags, .email, .url, .address, .uscc, .cnID, .location, .links, .file,
                .files, .autonumber, .stage: nil
            }
        }
        return ranked.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.prefix(Self.mostKeyFacts)
            .sorted { $0.element.field.id.index < $1.element.field.id.index }
            .map { ranked in
                var fact = fact(ranked.element.field, row, titles)
                fact.formula = nil
                return fact
            }
    }

    private func groups(_ row: Row, _ object: CheckedObject, _ titles: [RecordID: String]) -> [RecordView.Group] {
        var groups: [RecordView.Group] = [RecordView.Group(label: Say.details[language], facts: [])]
        var computed = RecordView.Group(label: Say.computedFields[language], facts: [])
        var system = RecordView.Group(label: Say.otherFields[language], facts: [])
        for field in object.fields {
            if case .stage = field.kind { continue }
            if field.id.index == SystemField.id.rawValue || field.id.index == SystemField.version.rawValue { continue }
            let fact = fact(field, row, titles)
            if field.isSystem {
                system.facts.append(fact)
            } else if let label = field.group?[language] {
                if let index = groups.firstIndex(where: { $0.label == label }) {
                    groups[index].facts.append(fact)
                } else {
                    groups.append(RecordView.Group(label: label, facts: [fact]))
                }
            } else if field.computed != nil {
                computed.facts.append(fact)
            } else {
                groups[0].facts.append(fact)
            }
        }
        // A heading of the author's under which nothing is filled in would only be in the way.
        let filled = groups.dropFirst().filter { group in group.facts.contains { !$0.value.isBlank } }
        return (groups.prefix(1) + filled + [computed, system]).filter { !$0.facts.isEmpty }
    }

    private func collection(of object: CheckedObject, _ builtIn: BuiltIn) -> CheckedCollection? {
        object.collections.first { model[$0.rows].builtIn == builtIn }
    }

    private func related(to id: RecordID, _ object: CheckedObject) async throws -> [RecordView.Related] {
        var lists: [RecordView.Related] = []
        let display = ui.display(language)
        for collection in object.collections where model[collection.rows].builtIn != .activity {
            let child = model[collection.rows]
            let view = try await engine.children(of: id, via: collection.link, limit: Self.mostRelated + 1, as: visit.principal)
            let isMore = view.rows.count > Self.mostRelated
            let noted = notedFields(of: child)
            let count = view.total ?? view.rows.count
            lists.append(
                RecordView.Related(
                    label: collection.label,
                    rows: view.rows.prefix(Self.mostRelated).map { row in
                        let notes = noted.compactMap { row[$0.id].isBlank ? nil : display.plain(row[$0.id], of: $0, titles: view.titles) }
                        return (ui.title(of: row.id, view.titles), display.link(to: row.id), notes.joined(separator: " · "))
                    },
                    count: isMore && view.total == nil ? Say.atLeastSo(Self.mostRelated)[language] : String(count),
                    new: child.builtIn == .file ? nil : newLink(child, collection.link, parent: id, preset: [:]),
                    upload: child.builtIn == .file
                        ? upload(about: engine.app.text(of: id), kind: nil, id: "upload", back: ui.link(to: id)) : nil))
        }
        // The author's own lists first: files and tasks hang on everything.
        return lists.filter { $0.upload == nil } + lists.filter { $0.upload != nil }
    }

    /// What a row of a related list says beside its title: where it stands (its stage, else its first option) and its first amount.
    private func notedFields(of child: CheckedObject) -> [CheckedField] {
        var option: CheckedField?
        var amount: CheckedField?
        for field in child.fields where !field.isSystem {
            switch field.kind {
            case .choice: option = option ?? field
            case .money: amount = amount ?? field
            case .stage, .text, .longText, .number, .percent, .bool, .date, .datetime, .duration, .choices, .tags, .email, .url, .phone, .address,
                .uscc, .cnID, .location, .link, .links, .file, .files, .autonumber: continue
            }
        }
        return [child.stage.map { model[$0] } ?? option, amount].compactMap { $0 }
    }

    func newLink(_ child: CheckedObject, _ link: FieldID, parent: RecordID, preset: [FieldID: Value]) -> Link {
        let entryText = EntryText(app: engine.app)
        var query = [("f.\(model[link].name)", engine.app.text(of: parent))]
        for (id, value) in preset.sorted(by: { $0.key.index < $1.key.index }) where model[id].isWritable {
            query.append(("f.\(model[id].name)", entryText.text(value, of: model[id])))
        }
        query.append(("_back", ui.link(to: parent).text))
        return Link("records", child.name, "new", query: query)
    }

    // MARK: Stages

    private func stages(of object: CheckedObject) -> (field: FieldID, stages: CheckedStages)? {
        guard let id = object.stage, case .stage(let stages) = model[id].kind else { return nil }
        return (id, stages)
    }

    private func path(_ row: Row, _ object: CheckedObject, previewed: String?) -> StagePathView? {
        guard let (field, stages) = stages(of: object) else { return nil }
        let current = if case .option(let key) = row[field] { stages.stages.firstIndex { $0.key == key } } else { nil as Int? }
        var phases: [StagePathView.Phase] = []
        for (index, stage) in stages.stages.enumerated() {
            let label = stage.phase?[language]
            let isLost = stage.end == .lost
            let state: StagePathView.State = index == current ? .current : index < current ?? 0 && !isLost ? .done : .ahead
            let end: StagePathView.End? =
                switch stage.end {
                case .won: .won
                case .lost: .lost
                case nil: nil
                }
            let shown = StagePathView.Stage(
                key: stage.key, label: stage.label[language], state: state, end: end, isPreviewed: stage.key == previewed)
            if let last = phases.indices.last, phases[last].label == label {
                phases[last].stages.append(shown)
            } else {
                phases.append(StagePathView.Phase(label: label, stages: [shown]))
            }
        }
        return StagePathView(action: ui.link(to: row.id), phases: phases)
    }

    /// The stage after the current one, if the path goes on.
    private func next(_ row: Row, _ field: FieldID, _ stages: CheckedStages) -> String? {
        guard case .option(let key) = row[field], let index = stages.stages.firstIndex(where: { $0.key == key }), stages.stages[index].end == nil,
            index + 1 < stages.stages.count
        else { return nil }
        return stages.stages[index + 1].key
    }

    private func gate(
        of row: Row, _ object: CheckedObject, _ titles: [RecordID: String], _ shown: WebUI.ShownGate
    ) async throws -> GateView? {
        guard let (field, stages) = stages(of: object) else { return nil }
        let verdict: GateVerdict
        let wasTried: Bool
        switch shown {
        case .refused(let refused): (verdict, wasTried) = (refused, true)
        case .preview(let wanted):
            guard let key = wanted ?? next(row, field, stages) else { return nil }
            // Its own stage has no gate in front of it.
            if case .option(key) = row[field] { return nil }
            guard let found = try await engine.gate(of: row.id, to: key, as: visit.principal) else { throw Problem.notFound }
            (verdict, wasTried) = (found, false)
        }
        guard let stage = stages.stage(verdict.to) else { throw Problem.notFound }
        let back = Link(segments: ["records", object.name, String(row.id.number)], query: [("to", stage.key)])
        var items: [GateView.Item] = []
        var offered: Set<GateWay> = []
        for (index, item) in verdict.items.enumerated() {
            var ways: [GateView.Way] = []
            // What one condition offers already need not stand twice.
            for (number, way) in item.ways.enumerated() where !item.isMet && offered.insert(way).inserted {
                ways.append(try await self.way(way, row, titles, prefix: "g\(index)-\(number)", back: back))
            }
            items.append(GateView.Item(name: item.name, say: item.say[language], isMet: item.isMet, ways: ways))
        }
        return GateView(
            key: stage.key, label: stage.label, items: items, refusal: verdict.moveRefusal?[language], action: ui.link(to: row.id, "stage"),
            version: row.openedVersion, requestKey: ui.newRequestKey(), wasTried: wasTried)
    }

    private func way(_ way: GateWay, _ row: Row, _ titles: [RecordID: String], prefix: String, back: Link) async throws -> GateView.Way {
        switch way {
        case .fill(let id):
            let field = model[id]
            let control = try await forms.field(field, forms.filling(of: row, titles: titles), prefix: prefix)
            return .form(
                FormView(
                    title: field.label[language], action: ui.link(to: row.id, "edit"), cancel: back,
                    groups: [FormView.Group(label: nil, fields: [control])], version: row.openedVersion, requestKey: ui.newRequestKey(), back: back),
                button: Say.fillIn[language])
        case .add(let object, let link, let preset):
            let child = model[object]
            switch child.builtIn {
            case .file:
                let kind = child.field(named: "kind").flatMap { field -> String? in
                    if case .option(let key) = preset[field.id] { key } else { nil }
                }
                return .upload(upload(about: engine.app.text(of: row.id), kind: kind, id: prefix, back: back))
            case .activity:
                return .form(
                    try await activityForm(child, link, about: row.id, preset: preset, prefix: prefix, isShort: true, back: back),
                    button: Say.addActivity[language])
            case .task, .user, nil:
                return .open(label: Say.create(child.label)[language], newLink(child, link, parent: row.id, preset: preset))
            }
        }
    }

    // MARK: Files and activities

    func upload(about: String, kind: String?, id: String, back: Link) -> UploadView {
        let object = ui.server.api.fileObject
        let field = object.field(named: "kind")
        let choices = field?.kind.options?.options.map { FormField.Choice(key: $0.key, label: $0.label(in: language)) } ?? []
        let label = kind.flatMap { key in choices.first { $0.key == key }?.label }
        return UploadView(
            id: id, action: Link("files"), about: about, kinds: choices, kind: kind, kindLabel: field?.label[language] ?? Say.fileKind[language],
            heading: Say.upload(label ?? Say.file[language])[language], back: back)
    }

    private func composer(for id: RecordID, _ object: CheckedObject, back: Link) async throws -> FormView? {
        guard let collection = collection(of: object, .activity) else { return nil }
        return try await activityForm(
            model[collection.rows], collection.link, about: id, preset: [:], prefix: "a", isShort: false, back: back)
    }

    /// What is said and how comes first; the rest of the activity's fields follow, or are left out where it should be short.
    func activityForm(
        _ object: CheckedObject, _ link: FieldID, about id: RecordID, preset: [FieldID: Value], prefix: String, isShort: Bool, back: Link
    ) async throws -> FormView {
        var filling = forms.filling(forNew: object)
        for (field, value) in preset { filling.entries[field] = EntryText(app: engine.app).text(value, of: model[field]) }
        var first: [FormField] = []
        var rest: [FormField] = []
        for field in object.fields where forms.isEntered(field) && field.id != link {
            let isMain = ["kind", "text", "minutes"].contains(field.name) && field.isBuiltIn
            if isMain || preset[field.id] != nil || (field.isRequired && field.defaultValue == nil) {
                first.append(try await forms.field(field, filling, prefix: prefix))
            } else if !isShort {
                rest.append(try await forms.field(field, filling, prefix: prefix))
            }
        }
        let name = model[link].name
        return FormView(
            title: Say.composer[language], action: Link("records", object.name, "new"), cancel: back,
            groups: [FormView.Group(label: nil, fields: first), FormView.Group(label: nil, fields: rest)], requestKey: ui.newRequestKey(), back: back,
            fixed: [("w.\(name)", ""), ("f.\(name)", engine.app.text(of: id))])
    }

    // MARK: What happened

    private func timeline(
        of id: RecordID, _ object: CheckedObject, withRecomputed: Bool
    ) async throws -> (entries: [TimelineEntry], hasRecomputed: Bool) {
        let history = try await engine.history(of: id, limit: Self.mostEntries, before: nil)
        var entries = try await entries(from: withRecomputed ? history : history.filter { $0.kind != .propagated }, object)
        if let collection = collection(of: object, .activity) {
            let view = try await engine.children(of: id, via: collection.link, limit: Self.mostEntries, as: visit.principal)
            entries += view.rows.map { activity($0, model[collection.rows], link: collection.link, view.titles) }
        }
        return (entries.sorted { $0.at > $1.at }, history.contains { $0.kind == .propagated })
    }

    private func entries(from history: [HistoryEntry], _ object: CheckedObject) async throws -> [TimelineEntry] {
        var named: Set<RecordID> = []
        for entry in history {
            if let by = entry.by { named.insert(by) }
            for change in entry.changes {
                for value in [change.old, change.new] { named.formUnion(value.linkedRecords) }
            }
        }
        let titles = named.isEmpty ? [:] : try await engine.titles(of: named)
        return history.compactMap { entry(of: $0, object, titles) }
    }

    private func entry(of history: HistoryEntry, _ object: CheckedObject, _ titles: [RecordID: String]) -> TimelineEntry? {
        let display = ui.display(language)
        var changes = history.changes.filter { !model[$0.field].isSystem && $0.field != object.stage }.map { change in
            TimelineEntry.Change(
                label: model[change.field].label[language], old: display.plain(change.old, of: model[change.field], titles: titles),
                new: display.plain(change.new, of: model[change.field], titles: titles))
        }
        let stage = history.changes.first { $0.field == object.stage }.flatMap { change -> Words? in
            guard case .option(let key) = change.new, case .stage(let stages) = model[change.field].kind else { return nil }
            return stages.stage(key)?.label
        }
        let what: Words
        switch history.kind {
        case .created: (what, changes) = (Say.createdThis, [])
        case .imported: (what, changes) = (Say.importedThis, [])
        case .deleted: (what, changes) = (Say.deletedThis, [])
        case .restored: (what, changes) = (Say.restoredThis, [])
        case .moved: what = stage.map(Say.entered) ?? Say.changedThis
        case .propagated: what = Say.recomputed
        case .edited: what = Say.changedThis
        }
        if changes.isEmpty, history.kind == .edited || history.kind == .propagated { return nil }
        return TimelineEntry(
            kind: history.kind == .moved ? .stageChange : .change, who: history.by.map { ui.title(of: $0, titles) } ?? Say.system[language],
            isPerson: history.by != nil, what: what[language], link: nil, text: nil, facts: [], changes: changes, ago: display.ago(history.at),
            moment: display.moment(history.at), stamp: history.at.description, at: history.at.microseconds)
    }

    private func activity(_ row: Row, _ object: CheckedObject, link: FieldID, _ titles: [RecordID: String]) -> TimelineEntry {
        let display = ui.display(language)
        var at = Instant(microseconds: 0)
        if case .instant(let instant) = row[SystemField.created] { at = instant }
        if let field = object.field(named: "at"), case .instant(let instant) = row[field.id] { at = instant }
        var text: String?
        if let field = object.field(named: "text"), case .text(let words) = row[field.id] { text = words }
        let kind = object.field(named: "kind").flatMap { row[$0.id].isBlank ? nil : display.plain(row[$0.id], of: $0, titles: titles) }
        var who: RecordID?
        if case .link(let id) = row[SystemField.createdBy] { who = id }
        let quiet: Set<String> = ["at", "text", "kind", "about", "read", "effective"]
        let facts = object.fields.filter { field in
            !field.isSystem && field.computed == nil && field.id != link && !row[field.id].isBlank && !(field.isBuiltIn && quiet.contains(field.name))
        }
        return TimelineEntry(
            kind: .activity, who: who.map { ui.title(of: $0, titles) } ?? Say.system[language], isPerson: who != nil,
            what: kind ?? object.label[language], link: ui.link(to: row.id), text: text,
            facts: facts.map { ($0.label[language], display.value(row[$0.id], of: $0, titles: titles)) }, changes: [], ago: display.ago(at),
            moment: display.moment(at), stamp: at.description, at: at.microseconds)
    }
}
