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
    // MARK: New

    @Sendable func newForm(_ visit: Visit) async throws -> Response {
        let object = try object(visit)
        guard canBeMade(object) else { return uploadPage(visit, object) }
        let builder = FormBuilder(ui: self, visit: visit)
        return try await createPage(
            visit, object, builder.filling(forNew: object), errors: [], back: visit.query.first("_back").flatMap(Link.init(sitePath:)), status: .ok)
    }

    @Sendable func create(_ visit: Visit, _ form: FormFields, _ files: [MultipartForm.UploadedFile]) async throws -> Response {
        let object = try object(visit)
        guard canBeMade(object) else { throw Problem.notFound }
        let builder = FormBuilder(ui: self, visit: visit)
        var sent = builder.sent(form, for: object)
        let back = form.first("_back").flatMap(Link.init(sitePath:))
        let refusedFiles = try await takeUploads(files, into: &sent, of: object, visit)
        guard refusedFiles.isEmpty else { return try await createAgain(visit, object, sent, refusedFiles, back: back) }
        guard form.filled("_find") == nil else {
            return try await createPage(visit, object, try await fullFilling(sent, object, builder), errors: [], back: back, status: .ok)
        }
        var command = SaveCommand(.create(object.id, try await builder.inputs(sent)), by: visit.principal)
        command.request = request(visit, form)
        switch try await engine.save(command) {
        case .saved(let row, _): return redirect(to: after(form, row.id), notice: object.builtIn == .activity ? .logged : .created)
        case .unchanged(let row): return redirect(to: after(form, row.id))
        case .repeated(let id, _): return redirect(to: after(form, id), notice: .created)
        case .refused(let violations): return try await createAgain(visit, object, sent, violations, back: back)
        case .held(let verdict):
            throw Problem(.unprocessableContent, code: "held", verdict.moveRefusal ?? Say.cannotMove)
        case .requestKeyReused: throw Self.sentBefore
        case .conflict: throw Self.changedMeanwhile
        case .missing: throw Problem.notFound
        case .denied(let words): throw Problem(.forbidden, code: "denied", words)
        }
    }

    /// The form with what was entered and what stands against it.
    private func createAgain(
        _ visit: Visit, _ object: CheckedObject, _ sent: FormBuilder.Sent, _ violations: [Violation], back: Link?
    ) async throws -> Response {
        let builder = FormBuilder(ui: self, visit: visit)
        var filling = try await fullFilling(sent, object, builder)
        let errors = builder.place(violations, in: &filling, shown: Set(object.fields.filter(builder.isEntered).map(\.id)))
        return try await createPage(visit, object, filling, errors: errors, back: back, status: .unprocessableContent)
    }

    /// Files that were chosen in the form become records of their own at once, and the field leads to them: if the rest cannot be saved, they
    /// stand ticked in the form that comes back, and need not be chosen again.
    ///
    /// - Returns: What stands against a file, at the field.
    private func takeUploads(
        _ files: [MultipartForm.UploadedFile], into sent: inout FormBuilder.Sent, of object: CheckedObject, _ visit: Visit
    ) async throws -> [Violation] {
        var violations: [Violation] = []
        for file in files where file.field.hasPrefix("u.") && !file.name.isEmpty {
            guard let path = file.path, let field = object.field(named: String(file.field.dropFirst(2))), field.kind.isFile, let entry = sent.entries[field.id] else {
                throw Problem.notFound
            }
            let id: RecordID
            switch try await server.api.keepFile(uploadedAt: path, size: file.size, name: file.name, kind: nil, about: nil, by: visit.person).outcome {
            case .saved(let row, _), .unchanged(let row): id = row.id
            case .repeated(let known, _): id = known
            case .refused(let reasons):
                violations += reasons.map { Violation($0.code, field: field.id, $0.words) }
                continue
            case .denied(let words): throw Problem(.forbidden, code: "denied", words)
            case .missing: throw Problem.notFound
            case .conflict, .requestKeyReused, .held: throw Self.changedMeanwhile
            }
            let key = engine.app.text(of: id)
            if case .files = field.kind, !entry.isEmpty { sent.entries[field.id] = "\(entry),\(key)" } else { sent.entries[field.id] = key }
        }
        return violations
    }

    /// A page that takes a form, with files or without; otherwise as `action`.
    func fileAction(_ act: @escaping @Sendable (Visit, FormFields, [MultipartForm.UploadedFile]) async throws -> Response) -> Handler {
        page { visit in
            let (form, files) = try await filled(visit)
            try guardForm(visit, token: form.first("_token"))
            return try await act(visit, form, files)
        }
    }

    /// A short form may have shown only some fields; the whole form takes the defaults for the rest.
    private func fullFilling(_ sent: FormBuilder.Sent, _ object: CheckedObject, _ builder: FormBuilder) async throws -> FormBuilder.Filling {
        var filling = builder.filling(forNew: object)
        filling.entries.merge(sent.entries) { _, entered in entered }
        filling.opened.merge(sent.opened) { _, opened in opened }
        filling.lookedUp = sent.lookedUp
        return filling
    }

    private func createPage(
        _ visit: Visit, _ object: CheckedObject, _ filling: FormBuilder.Filling, errors: [String], back: Link?, status: HTTPResponse.Status
    ) async throws -> Response {
        let builder = FormBuilder(ui: self, visit: visit)
        let view = FormView(
            title: visit.say(Say.create(object.label)), action: Link("records", object.name, "new"), cancel: back ?? link(to: object),
            groups: try await builder.groups(of: object, filling, uploads: true), errors: errors, version: nil, requestKey: newRequestKey(), back: back)
        return formResponse(visit, object, view, status)
    }

    private func formResponse(_ visit: Visit, _ object: CheckedObject, _ view: FormView, _ status: HTTPResponse.Status) -> Response {
        html(visit, title: view.title, current: object.name, status: status, isError: view.errorCount > 0) {
            $0.formPage(view, trail: [(link(to: object), visit.say(object.label))])
        }
    }

    private func uploadPage(_ visit: Visit, _ object: CheckedObject) -> Response {
        let view = RecordViewBuilder(ui: self, visit: visit).upload(
            about: visit.query.first("f.about") ?? "", kind: nil, id: "upload", back: link(to: object))
        return html(visit, title: visit.say(Say.uploadFile), current: object.name) { page in
            page.crumbs([(link(to: object), visit.say(object.label))], here: visit.say(Say.uploadFile))
            page.html.div(.class("page-head")) { page.html.h1(text: visit.say(Say.uploadFile)) }
            page.html.div(.class("card narrow")) { page.uploadForm(view, isInline: false) }
        }
    }

    // MARK: Edit

    @Sendable func editForm(_ visit: Visit) async throws -> Response {
        let id = try recordID(visit)
        let (row, titles) = try await row(id, visit)
        let filling = FormBuilder(ui: self, visit: visit).filling(of: row, titles: titles)
        return try await editPage(
            visit, row, titles, filling, errors: [], version: row.openedVersion, back: visit.query.first("_back").flatMap(Link.init(sitePath:)),
            status: .ok)
    }

    @Sendable func edit(_ visit: Visit, _ form: FormFields, _ files: [MultipartForm.UploadedFile]) async throws -> Response {
        let id = try recordID(visit)
        let object = engine.app.model[id.object]
        let builder = FormBuilder(ui: self, visit: visit)
        var sent = builder.sent(form, for: object)
        let back = form.first("_back").flatMap(Link.init(sitePath:))
        guard let version = form.first("_version").flatMap({ Int64($0) }) else { throw Problem.formToken }
        let refusedFiles = try await takeUploads(files, into: &sent, of: object, visit)
        guard refusedFiles.isEmpty else {
            return try await editAgain(visit, id, sent, violations: refusedFiles, version: version, back: back, status: .unprocessableContent)
        }
        guard form.filled("_find") == nil else {
            return try await editAgain(visit, id, sent, violations: [], version: version, back: back, status: .ok)
        }
        guard !sent.touched.isEmpty else { return redirect(to: after(form, id), notice: .unchanged) }
        var command = SaveCommand(.edit(id, try await builder.inputs(sent)), by: visit.principal, expecting: .openedOn(version))
        command.request = request(visit, form)
        switch try await engine.save(command) {
        case .saved: return redirect(to: after(form, id), notice: .saved)
        case .unchanged: return redirect(to: after(form, id), notice: .unchanged)
        case .repeated: return redirect(to: after(form, id), notice: .saved)
        case .refused(let violations):
            return try await editAgain(visit, id, sent, violations: violations, version: version, back: back, status: .unprocessableContent)
        case .conflict(let current, let fields):
            return try await conflictPage(visit, current: current, fields: fields, sent, back: back)
        case .held(let verdict): return try await recordPage(id, visit, gate: .refused(verdict), status: .unprocessableContent)
        case .requestKeyReused: throw Self.sentBefore
        case .missing: throw Problem.notFound
        case .denied(let words): throw Problem(.forbidden, code: "denied", words)
        }
    }

    /// The whole form with what was entered, whichever short form it came from.
    private func editAgain(
        _ visit: Visit, _ id: RecordID, _ sent: FormBuilder.Sent, violations: [Violation], version: Int64, back: Link?, status: HTTPResponse.Status
    ) async throws -> Response {
        let builder = FormBuilder(ui: self, visit: visit)
        let (row, titles) = try await row(id, visit)
        var filling = builder.filling(of: row, titles: titles)
        filling.entries.merge(sent.entries) { _, entered in entered }
        filling.opened.merge(sent.opened) { _, opened in opened }
        filling.lookedUp = sent.lookedUp
        let shown = Set(engine.app.model[id.object].fields.filter(builder.isEntered).map(\.id))
        let errors = builder.place(violations, in: &filling, shown: shown)
        return try await editPage(visit, row, titles, filling, errors: errors, version: version, back: back, status: status)
    }

    private func editPage(
        _ visit: Visit, _ row: Row, _ titles: [RecordID: String], _ filling: FormBuilder.Filling, errors: [String], version: Int64, back: Link?,
        status: HTTPResponse.Status
    ) async throws -> Response {
        let object = engine.app.model[row.id.object]
        let title = title(of: row.id, titles)
        let view = FormView(
            title: visit.say(Say.editTitle(title)), action: link(to: row.id, "edit"), cancel: back ?? link(to: row.id),
            groups: try await FormBuilder(ui: self, visit: visit).groups(of: object, filling, uploads: true), errors: errors, version: version,
            requestKey: newRequestKey(), back: back)
        return html(visit, title: view.title, current: object.name, status: status, isError: view.errorCount > 0) {
            $0.formPage(view, trail: [(link(to: object), visit.say(object.label)), (link(to: row.id), title)])
        }
    }

    // MARK: Somebody else saved in between

    func conflictPage(
        _ visit: Visit, current: Row, fields: Set<FieldID>, _ sent: FormBuilder.Sent, back: Link?
    ) async throws -> Response {
        let model = engine.app.model
        let object = model[current.id.object]
        let entryText = EntryText(app: engine.app)
        let display = display(visit.language)
        let mine = try await FormBuilder(ui: self, visit: visit).inputs(sent)
        // Links among mine, theirs and what stood before need their titles.
        var linked: Set<RecordID> = [current.id]
        for id in fields {
            linked.formUnion(current[id].linkedRecords)
            for text in [sent.entries[id], sent.opened[id]].compactMap({ $0 }) {
                linked.formUnion(text.split(separator: ",").compactMap { engine.app.recordID(from: $0) })
            }
        }
        let titles = try await engine.titles(of: linked)
        func shown(_ entry: String, _ field: CheckedField) -> String {
            let records = entry.split(separator: ",").compactMap { engine.app.recordID(from: $0).flatMap { titles[$0] } }
            if !records.isEmpty { return records.joined(separator: visit.language == .zh ? "、" : ", ") }
            guard let options = field.kind.options else { return entry.isEmpty ? Say.blank[visit.language] : entry }
            let labels = entry.split(separator: ",").map { options.label(of: String($0), in: visit.language) ?? String($0) }
            return labels.isEmpty ? Say.blank[visit.language] : labels.joined(separator: visit.language == .zh ? "、" : ", ")
        }
        let view = ConflictView(
            title: title(of: current.id, titles), link: link(to: current.id), action: link(to: current.id, "edit"), version: current.openedVersion,
            requestKey: newRequestKey(),
            fields: fields.sorted { $0.index < $1.index }.map { id in
                let field = model[id]
                let entry = mine.first { $0.field == id }.flatMap { if case .value(let value) = $0.entry { value } else { nil } }
                return ConflictView.Field(
                    name: field.name, label: field.label[visit.language],
                    mine: entry.map { display.plain($0, of: field, titles: titles) } ?? shown(sent.entries[id] ?? "", field),
                    theirs: display.plain(current[id], of: field, titles: titles), original: shown(sent.opened[id] ?? "", field),
                    mineEntry: sent.entries[id] ?? "", theirsEntry: entryText.text(current[id], of: field))
            },
            others: sent.touched.filter { !fields.contains($0) }.map { id in
                (model[id].name, sent.entries[id] ?? "", entryText.text(current[id], of: model[id]))
            }, back: back)
        return html(visit, title: visit.say(Say.conflictTitle), current: object.name, status: .conflict, isError: true) {
            $0.conflictPage(view, trail: [(link(to: object), visit.say(object.label)), (link(to: current.id), view.title)])
        }
    }
}
