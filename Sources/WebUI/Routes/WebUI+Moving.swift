import Engine
import Formula
import Foundation
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import Program
import SourceText
import Storage

extension WebUI {
    /// More groups of one kind than this nobody fills in at once.
    private static let mostGroups = 10

    // MARK: Asking

    @Sendable func moveForm(_ visit: Visit) async throws -> Response {
        let id = try recordID(visit)
        let (row, titles) = try await row(id, visit)
        let object = engine.app.model[id.object]
        guard let field = boardField(of: object, named: visit.query.filled("by")) else { throw Problem.notFound }
        let back = visit.query.first("_back").flatMap(Link.init(sitePath:)) ?? Link("records", object.name, "board")
        guard let key = visit.query.filled("to") else {
            return movePage(visit, moveView(row, titles, field, to: nil, GateVerdict(to: "", items: [], moveRefusal: nil), visit, back: back), status: .ok)
        }
        guard field.kind.options?.position(of: key) != nil else { throw Problem.notFound }
        let verdict = try await look(id, key, field, visit)
        var view = moveView(row, titles, field, to: key, verdict, visit, back: back)
        view.items = try await MoveFormBuilder(ui: self, visit: visit, row: row, titles: titles, back: back).items(verdict)
        return movePage(visit, view, status: .ok)
    }

    private func look(_ id: RecordID, _ key: String, _ field: CheckedField, _ visit: Visit) async throws -> GateVerdict {
        switch try await engine.look(id, into: key, of: field.id, as: visit.principal) {
        case .verdict(let verdict): return verdict
        case .other(.missing): throw Problem.notFound
        case .other(.denied(let words)): return GateVerdict(to: key, items: [], moveRefusal: words)
        case .other: throw Self.changedMeanwhile
        }
    }

    private func moveView(
        _ row: Row, _ titles: [RecordID: String], _ field: CheckedField, to key: String?, _ verdict: GateVerdict, _ visit: Visit, back: Link
    ) -> MoveView {
        let options = field.kind.options?.options ?? []
        let own = link(to: row.id, "move")
        return MoveView(
            title: title(of: row.id, titles), link: link(to: row.id),
            to: key.map { key in (key, words(ofOption: key, of: field)) },
            targets: options.map { option in
                MoveView.Target(
                    label: option.label(in: visit.language),
                    link: row[field.id] == .option(option.key)
                        ? nil
                        : Link(
                            segments: ["records", engine.app.model[row.id.object].name, String(row.id.number), "move"],
                            query: [("by", field.name), ("to", option.key), ("_back", back.text)]))
            },
            items: [], refusal: verdict.moveRefusal?[visit.language], errors: [], action: own, by: field.name, version: row.openedVersion,
            requestKey: newRequestKey(), back: back, wasTried: false, needsFileAgain: false)
    }

    private func words(ofOption key: String, of field: CheckedField) -> Words {
        Words(zh: field.kind.options?.label(of: key, in: .zh) ?? key, en: field.kind.options?.label(of: key, in: .en) ?? key)
    }

    private func movePage(_ visit: Visit, _ view: MoveView, status: HTTPResponse.Status) -> Response {
        guard let object = try? object(visit) else { return redirect(to: view.back) }
        let title = view.to.map { Say.moveTitle(view.title, $0.label) } ?? Say.moveNamed(view.title)
        return html(visit, title: visit.say(title), current: object.name, status: status, isError: status != .ok) {
            $0.movePage(view, trail: [(link(to: object), visit.say(object.label)), (view.link, view.title)])
        }
    }

    // MARK: Moving

    /// What was filled in and the move itself, as one save: all of it, or nothing.
    @Sendable func moveFilled(_ visit: Visit) async throws -> Response {
        let id = try recordID(visit)
        let (form, files) = try await filled(visit)
        try guardForm(visit, token: form.first("_token"))
        let (row, titles) = try await row(id, visit)
        let object = engine.app.model[id.object]
        guard let field = boardField(of: object, named: form.filled("by")), let key = form.filled("to"),
            field.kind.options?.position(of: key) != nil, let version = form.first("_version").flatMap({ Int64($0) })
        else { throw Problem.notFound }
        let back = form.first("_back").flatMap(Link.init(sitePath:)) ?? Link("records", object.name, "board")
        let builder = MoveFormBuilder(ui: self, visit: visit, row: row, titles: titles, back: back)
        let asked = try await look(id, key, field, visit)
        let isStage = object.stage == field.id

        // Another group, or a record looked up: the same form once more, nothing saved.
        if form.filled("_more") != nil || form.filled("_find") != nil {
            var view = moveView(row, titles, field, to: key, asked, visit, back: back)
            view.version = version
            view.items = try await builder.items(asked, sent: form, another: form.filled("_more"))
            return movePage(visit, view, status: .ok)
        }

        var parts: [MoveFormBuilder.Part] = []
        for file in files where !file.name.isEmpty {
            guard let path = file.path, let at = file.field.firstIndex(of: "@") else { continue }
            let name = String(file.field[file.field.index(after: at)...])
            let command = try await server.api.fileCommand(
                uploadedAt: path, size: file.size, name: file.name, kind: form.first("kind@\(name)"), about: engine.app.text(of: id),
                by: visit.principal)
            parts.append(MoveFormBuilder.Part(kind: .file, command: command))
        }
        parts += try await builder.children(asked, form)
        let forms = FormBuilder(ui: self, visit: visit)
        let sent = forms.sent(form, for: object)
        var inputs = try await forms.inputs(sent)
        if !isStage { inputs = inputs.filter { $0.field != field.id } + [FieldInput(field.id, .option(key))] }
        if !inputs.isEmpty {
            parts.append(MoveFormBuilder.Part(kind: .record, command: SaveCommand(.edit(id, inputs), by: visit.principal, expecting: .openedOn(version))))
        }
        if isStage {
            parts.append(MoveFormBuilder.Part(kind: .move, command: SaveCommand(.move(id, to: key), by: visit.principal, expecting: .openedOn(version))))
        }
        if let request = request(visit, form) {
            for index in parts.indices { parts[index].command.request = SaveCommand.Request(key: "\(request.key)#\(index)", digest: request.digest) }
        }
        let outcomes = try await engine.saveTogether(parts.map(\.command))
        guard let last = outcomes.last, let part = parts.indices.contains(outcomes.count - 1) ? parts[outcomes.count - 1] : nil else {
            throw Problem.notFound
        }
        if outcomes.count == parts.count, last.isSentForApproval { return redirect(to: back, notice: .sentForApproval) }
        if outcomes.count == parts.count, last.isDone {
            // Of what was filled in along with a move, nothing is taken back; the move alone is.
            guard case .saved(let saved, _) = last else { return redirect(to: back, notice: .moved) }
            return redirect(to: back, notice: .moved, undo: .change(id, version: saved.openedVersion, in: engine.app))
        }

        var view = moveView(row, titles, field, to: key, asked, visit, back: back)
        view.version = version
        view.wasTried = true
        view.needsFileAgain = files.contains { !$0.name.isEmpty }
        var errors: [String: [Violation]] = [:]
        var still: Set<String> = []
        switch last {
        case .held(let verdict):
            still = Set(verdict.items.filter { !$0.isMet }.map(\.name))
            if let refusal = verdict.moveRefusal { view.errors.append(refusal[visit.language]) }
        case .refused(let violations): errors[part.name] = violations
        case .conflict(let current, _): return try await moveConflict(visit, current, field, to: key, back: back)
        case .denied(let words): throw Problem(.forbidden, code: "denied", words)
        case .requestKeyReused: throw Self.sentBefore
        case .missing: throw Problem.notFound
        case .saved, .unchanged, .repeated: throw Problem(.internalServerError, code: "move", Say.failed)
        }
        view.items = try await builder.items(asked, sent: form, errors: errors, still: still)
        let placed = builder.shown(asked)
        for (name, violations) in errors {
            for violation in violations where name != "record" || violation.field.map({ !placed.contains($0) }) ?? true {
                view.errors.append(violation.words[visit.language])
            }
        }
        return movePage(visit, view, status: .unprocessableContent)
    }

    /// Urlencoded or multipart.
    func filled(_ visit: Visit) async throws -> (FormFields, [MultipartForm.UploadedFile]) {
        if visit.request.headers[.contentType]?.hasPrefix("multipart/") == true {
            let form = try await multipart(visit)
            return (FormFields(form.fields), form.files)
        }
        let buffer = try await visit.request.body.collect(upTo: WebUI.largestForm)
        return (FormFields(encoded: String(decoding: buffer.readableBytesView, as: UTF8.self)), [])
    }

    /// Somebody else moved it, or changed what was filled in: where it is now, where it was wanted, and the way on.
    private func moveConflict(_ visit: Visit, _ current: Row, _ field: CheckedField, to key: String, back: Link) async throws -> Response {
        let display = display(visit.language)
        let titles = try await engine.titles(of: [current.id])
        let history = try await engine.history(of: current.id, limit: 20, before: nil)
        let change = history.lazy.compactMap { entry in entry.changes.first { $0.field == field.id } }.first
        let view = MoveConflictView(
            title: title(of: current.id, titles), link: link(to: current.id), label: field.label[visit.language],
            mine: display.label(ofOption: key, of: field), theirs: display.plain(current[field.id], of: field, titles: titles),
            original: change.map { display.plain($0.old, of: field, titles: titles) },
            again: Link(
                segments: ["records", engine.app.model[current.id.object].name, String(current.id.number), "move"],
                query: [("by", field.name), ("to", key), ("_back", back.text)]), back: back)
        let object = engine.app.model[current.id.object]
        return html(visit, title: visit.say(Say.conflictTitle), current: object.name, status: .conflict, isError: true) {
            $0.moveConflictPage(view, trail: [(link(to: object), visit.say(object.label))])
        }
    }
}

/// Makes the form for what a move asks, and reads back what was sent.
struct MoveFormBuilder: Sendable {
    /// One of the commands that make up the save.
    struct Part: Sendable {
        enum Kind: Sendable { case file, child(String), record, move }

        var kind: Kind
        var command: SaveCommand

        /// Where what stands against it is shown.
        var name: String {
            switch kind {
            case .file: "file"
            case .child(let name): name
            case .record: "record"
            case .move: "move"
            }
        }
    }

    let ui: WebUI
    let visit: Visit
    let row: Row
    let titles: [RecordID: String]
    let back: Link

    private var model: CheckedApp { ui.engine.app.model }
    private var forms: FormBuilder { FormBuilder(ui: ui, visit: visit) }
    private var records: RecordViewBuilder { RecordViewBuilder(ui: ui, visit: visit) }
    private var language: Language { visit.language }

    /// Fields of the record that the form shows.
    func shown(_ verdict: GateVerdict) -> Set<FieldID> {
        Set(verdict.items.filter { !$0.isMet }.flatMap(\.ways).compactMap { if case .fill(let field) = $0 { field } else { nil } })
    }

    /// - Parameters:
    ///   - sent: What was entered before; nil for a fresh form.
    ///   - another: The child of which one more is wanted.
    ///   - errors: By the name of the part of the save.
    ///   - still: Conditions that did not hold after all that was filled in.
    func items(
        _ verdict: GateVerdict, sent: FormFields? = nil, another: String? = nil, errors: [String: [Violation]] = [:], still: Set<String> = []
    ) async throws -> [MoveView.Item] {
        var filling = forms.filling(of: row, titles: titles)
        if let sent {
            let read = forms.sent(sent, for: model[row.id.object])
            filling.entries.merge(read.entries) { _, entered in entered }
            filling.opened.merge(read.opened) { _, opened in opened }
            filling.lookedUp = read.lookedUp
        }
        for violation in errors["record"] ?? [] {
            if let field = violation.field { filling.errors[field, default: []].append(violation.words[language]) }
        }
        var offered: Set<GateWay> = []
        var items: [MoveView.Item] = []
        for (index, item) in verdict.items.enumerated() {
            var ways: [MoveView.Way] = []
            for (number, way) in item.ways.enumerated() where !item.isMet && offered.insert(way).inserted {
                let name = "\(index)-\(number)"
                switch way {
                case .fill(let id):
                    ways.append(.fill(try await forms.field(model[id], filling, prefix: "m\(name)")))
                case .add(let object, let link, let preset):
                    if let added = try await adding(object, link, preset, name, sent, another, errors) { ways.append(added) }
                }
            }
            items.append(
                MoveView.Item(say: item.say[language], isMet: item.isMet, isAnswered: !item.isMet && !still.isEmpty && !still.contains(item.name), ways: ways))
        }
        return items
    }

    private func adding(
        _ object: ObjectID, _ link: FieldID, _ preset: [FieldID: Value], _ name: String, _ sent: FormFields?, _ another: String?,
        _ errors: [String: [Violation]]
    ) async throws -> MoveView.Way? {
        let child = model[object]
        switch child.builtIn {
        case .file:
            let field = child.field(named: "kind")
            let kind = field.flatMap { field -> String? in if case .option(let key) = preset[field.id] { key } else { nil } }
            let upload = records.upload(about: ui.engine.app.text(of: row.id), kind: kind, id: "m\(name)", back: back)
            return .file(
                name: name, id: "m\(name)", label: upload.heading, kinds: kind == nil ? upload.kinds : [], kindLabel: upload.kindLabel,
                fixed: kind.map { [("kind", $0)] } ?? [])
        case .activity:
            let count = groupCount(name, sent) + (another == name ? 1 : 0)
            var groups: [[FormField]] = []
            for group in 0..<min(count, 10) {
                let place = "\(name)-\(group)"
                let view = try await records.activityForm(
                    child, link, about: row.id, preset: preset, prefix: "m\(place)", isShort: true, back: back)
                let read = sent.map { forms.sent(forms.part(place, of: $0), for: child) }
                groups.append(
                    (view.groups.first?.fields ?? []).map { field in
                        var field = field
                        if let id = child.field(named: field.name)?.id {
                            if let entered = read?.entries[id] { field.entry = entered }
                            field.errors = (errors[place] ?? []).filter { $0.field == id }.map { $0.words[language] }
                        }
                        field.name += "@\(place)"
                        return field
                    })
            }
            return .add(label: child.label[language], name: name, groups: groups)
        case .task, .user, nil:
            return .open(
                label: Say.create(child.label)[language],
                records.newLink(child, link, parent: row.id, preset: preset))
        }
    }

    private func groupCount(_ name: String, _ sent: FormFields?) -> Int {
        guard let count = sent?.first("count@\(name)").flatMap({ Int($0) }) else { return 1 }
        return min(max(count, 1), 10)
    }

    /// The commands that make the child records of the form. One of several ways to meet a condition counts only if something was entered.
    func children(_ verdict: GateVerdict, _ form: FormFields) async throws -> [Part] {
        let named = Set(form.all("child"))
        var parts: [Part] = []
        var offered: Set<GateWay> = []
        for (index, item) in verdict.items.enumerated() where !item.isMet {
            for (number, way) in item.ways.enumerated() where offered.insert(way).inserted {
                let name = "\(index)-\(number)"
                guard case .add(let object, let link, let preset) = way, named.contains(name), model[object].builtIn == .activity else { continue }
                for group in 0..<groupCount(name, form) {
                    let place = "\(name)-\(group)"
                    var sent = forms.sent(forms.part(place, of: form), for: model[object])
                    let isEntered = sent.touched.contains { preset[$0] == nil && !(sent.entries[$0] ?? "").isEmpty }
                    guard isEntered || item.ways.count == 1 else { continue }
                    // What the condition asks for stands in the form as if it had been there all along.
                    for field in preset.keys where sent.entries[field] != nil { sent.opened[field] = "" }
                    for (field, value) in preset where sent.entries[field] == nil && model[field].isWritable {
                        sent.entries[field] = EntryText(app: ui.engine.app).text(value, of: model[field])
                        sent.opened[field] = ""
                    }
                    let inputs = try await forms.inputs(sent) + [FieldInput(link, .link(row.id))]
                    parts.append(Part(kind: .child(place), command: SaveCommand(.create(object, inputs), by: visit.principal)))
                }
            }
        }
        return parts
    }
}

/// A move that met somebody else's.
struct MoveConflictView: Sendable {
    var title: String
    var link: Link
    var label: String
    var mine: String
    var theirs: String
    var original: String?
    /// To the move from where the record is now.
    var again: Link
    var back: Link
}

extension Page {
    func moveConflictPage(_ view: MoveConflictView, trail: [(Link, String)]) {
        crumbs(trail, here: view.title)
        html.section(.class("card narrow stack"), .id("move"), .data("modal"), .data("verdict", "conflict"), .aria("labelledby", "move-title")) {
            html.h1(.id("move-title"), text: say(Say.conflictTitle))
            html.p(.class("notice warn"), .role("alert"), .tabindex(-1), .data("focus"), .id("conflict")) {
                icon("warning")
                html.span(text: say(Say.movedMeanwhile))
            }
            html.dl(.class("facts")) {
                versionRow(Say.mine, view.mine)
                versionRow(Say.theirs, view.theirs)
                if let original = view.original { versionRow(Say.original, original) }
            }
            html.div(.class("form-end")) {
                html.a(.class("button primary"), .href(view.again), .data("swap", "#main"), text: "\(say(Say.keepMine))\(language.colon)\(view.mine)")
                html.a(.class("button"), .href(view.back), .data("swap", "#main"), text: "\(say(Say.keepTheirs))\(language.colon)\(view.theirs)")
            }
        }
    }

    private func versionRow(_ label: Words, _ text: String) {
        html.div {
            html.dt(text: say(label))
            html.dd { html.text(text) }
        }
    }
}
