import Engine
import Formula
import Foundation
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import JSON
import Model
import Program
import SourceText
import Storage

extension WebUI {
    /// Lists, records, their forms and files.
    func addRecords(to router: Router<WeirContext>) {
        router.get("records/:object", use: page(list))
        addListChoices(to: router)
        router.get("records/:object/export.csv", use: page { try await export($0, as: .csv) })
        router.get("records/:object/export.xlsx", use: page { try await export($0, as: .xlsx) })
        router.get("records/:object/new", use: page(newForm))
        router.post("records/:object/new", use: fileAction(create))
        router.get("records/:object/:id", use: page(record))
        router.get("records/:object/:id/edit", use: page(editForm))
        router.post("records/:object/:id/edit", use: fileAction(edit))
        router.post("records/:object/:id/stage", use: action(move))
        router.post("records/:object/:id/delete", use: action(delete))
        addBoards(to: router)
        addRecycleBin(to: router)
        addOutbox(to: router)
        addCells(to: router)
        addBulk(to: router)
        router.post("files", use: page(uploadFiles))
        router.get("files/:id", use: page(downloadFile))
        router.get("lookup/:object/:field", use: page(lookUp))
    }

    // MARK: What an address names

    func object(_ visit: Visit) throws -> CheckedObject {
        guard let name = visit.context.parameters.get("object")?.removingPercentEncoding, let object = engine.app.model.object(named: name) else {
            throw Problem.notFound
        }
        return object
    }

    func recordID(_ visit: Visit) throws -> RecordID {
        let object = try object(visit)
        guard let number = visit.context.parameters.get("id").flatMap({ Int64($0) }), number > 0 else { throw Problem.notFound }
        return RecordID(object: object.id, number: number)
    }

    func row(_ id: RecordID, _ visit: Visit) async throws -> (row: Row, titles: [RecordID: String]) {
        guard let view = try await engine.record(id, as: visit.principal), let row = view.rows.first else { throw Problem.notFound }
        return (row, view.titles)
    }

    func link(to object: CheckedObject) -> Link { Link("records", object.name) }

    func link(to id: RecordID, _ more: String...) -> Link {
        Link(segments: ["records", engine.app.model[id.object].name, String(id.number)] + more)
    }

    // MARK: A record's page

    @Sendable private func record(_ visit: Visit) async throws -> Response {
        let id = try recordID(visit)
        let wanted = visit.query.filled("to")
        return try await recordPage(id, visit, gate: .preview(wanted), status: .ok)
    }

    /// Which gate the page shows.
    enum ShownGate {
        /// That of the stage, or of the next one on the path.
        case preview(String?)
        /// A move was tried and refused with this.
        case refused(GateVerdict)
    }

    func recordPage(_ id: RecordID, _ visit: Visit, gate: ShownGate, status: HTTPResponse.Status) async throws -> Response {
        let view = try await RecordViewBuilder(ui: self, visit: visit).view(of: id, gate: gate)
        let object = engine.app.model[id.object]
        return html(visit, title: view.title, current: object.name, status: status, isError: status != .ok) { $0.recordPage(view) }
    }

    // MARK: Moving and deleting

    @Sendable private func move(_ visit: Visit, _ form: FormFields) async throws -> Response {
        let id = try recordID(visit)
        guard let to = form.filled("to") else { throw Problem.notFound }
        var command = SaveCommand(.move(id, to: to), by: visit.principal, expecting: expectation(form))
        command.request = request(visit, form)
        switch try await engine.save(command) {
        case .saved(let row, _): return redirect(to: link(to: id), notice: .moved, undo: .change(id, version: row.openedVersion, in: engine.app))
        case .unchanged, .repeated: return redirect(to: link(to: id), notice: .moved)
        case .held(let verdict) where verdict.approval != nil: return redirect(to: link(to: id), notice: .sentForApproval)
        case .held(let verdict): return try await recordPage(id, visit, gate: .refused(verdict), status: .unprocessableContent)
        case .refused(let violations):
            throw Problem(.unprocessableContent, code: "refused", violations.first?.words ?? Say.cannotMove)
        case .conflict: throw Self.changedMeanwhile
        case .requestKeyReused: throw Self.sentBefore
        case .missing: throw Problem.notFound
        case .denied(let words): throw Problem(.forbidden, code: "denied", words)
        }
    }

    @Sendable private func delete(_ visit: Visit, _ form: FormFields) async throws -> Response {
        let id = try recordID(visit)
        guard let version = form.first("_version").flatMap({ Int64($0) }) else { throw Problem.formToken }
        let list = link(to: engine.app.model[id.object])
        switch try await engine.save(SaveCommand(.delete(id), by: visit.principal, expecting: .exactly(version))) {
        case .saved, .unchanged, .repeated:
            return redirect(to: form.first("_back").flatMap(Link.init(sitePath:)) ?? list, notice: .deleted, undo: .restore(id, in: engine.app))
        case .refused(let violations): throw Problem(.conflict, code: "refused", violations.first?.words ?? Say.failed)
        case .conflict: throw Self.changedMeanwhile
        case .requestKeyReused: throw Self.sentBefore
        case .held(let verdict): throw Problem(.conflict, code: "held", verdict.moveRefusal ?? Say.cannotMove)
        case .missing: throw Problem.notFound
        case .denied(let words): throw Problem(.forbidden, code: "denied", words)
        }
    }

    static let changedMeanwhile = Problem(.conflict, code: "changed_meanwhile", Say.conflictTitle)
    static let sentBefore = Problem(
        .conflict, code: "request_key_reused",
        Words(zh: "这个表单已经提交过，内容不同，没有再次保存", en: "This form was sent before with other content; nothing more was saved"))

    func expectation(_ form: FormFields) -> SaveCommand.Expectation {
        form.first("_version").flatMap { Int64($0) }.map { .openedOn($0) } ?? .any
    }

    /// What names this sending: the form's key, and a digest of where it goes and what it says.
    func request(_ visit: Visit, _ form: FormFields) -> SaveCommand.Request? {
        guard let key = form.filled("_request"), key.utf8.count <= 100 else { return nil }
        var text = visit.request.uri.path
        for (name, value) in form.entries where name != "_token" && name != "_request" { text += "\n\(name)=\(value)" }
        return SaveCommand.Request(key: "form:" + key, digest: base64URL(sha256(text.utf8)))
    }

    /// Where the form wants to go afterwards, else to the record.
    func after(_ form: FormFields, _ id: RecordID) -> Link {
        form.first("_back").flatMap(Link.init(sitePath:)) ?? link(to: id)
    }

    // MARK: Files

    /// Several files of one kind, as multipart; scripts send each by `PUT /api/v1/files` instead.
    @Sendable private func uploadFiles(_ visit: Visit) async throws -> Response {
        let form = try await multipart(visit)
        try guardForm(visit, token: form.first("_token"))
        let back = form.first("_back").flatMap(Link.init(sitePath:)) ?? Link()
        var kept = 0
        for file in form.files where file.field == "file" {
            guard let path = file.path, !file.name.isEmpty else { continue }
            let saved = try await server.api.keepFile(
                uploadedAt: path, size: file.size, name: file.name, kind: form.first("kind"), about: form.first("about"), by: visit.person)
            switch saved.outcome {
            case .saved, .unchanged, .repeated: kept += 1
            case .refused(let violations):
                throw Problem(.unprocessableContent, code: "refused", violations.first?.words ?? Say.failed)
            case .denied(let words): throw Problem(.forbidden, code: "denied", words)
            case .missing: throw Problem.notFound
            case .conflict, .requestKeyReused, .held: throw Self.changedMeanwhile
            }
        }
        guard kept > 0 else { throw Problem(.unprocessableContent, code: "no_file", Say.chooseFile) }
        return redirect(to: back, notice: .uploaded)
    }

    func multipart(_ visit: Visit) async throws -> MultipartForm {
        try await MultipartForm.read(visit.request, largestFile: APIRoutes.largestFile) {
            try engine.store.files.newUploadPath(token: server.api.uploadToken())
        }
    }

    @Sendable private func downloadFile(_ visit: Visit) async throws -> Response {
        guard let number = visit.context.parameters.get("id").flatMap({ Int64($0) }) else { throw Problem.notFound }
        return try await server.api.fileResponse(RecordID(object: server.api.fileObject.id, number: number), as: visit.person)
    }

    // MARK: Looking records up

    /// `[{"id","label"}]` for a combobox: records that the field may lead to.
    @Sendable private func lookUp(_ visit: Visit) async throws -> Response {
        let object = try object(visit)
        guard let name = visit.context.parameters.get("field")?.removingPercentEncoding, let field = object.field(named: name) else {
            throw Problem.notFound
        }
        let found = try await FormBuilder(ui: self, visit: visit).candidates(for: field, search: visit.query.filled("q"), limit: 20)
        return jsonResponse(.array(found.choices.map { .object([.init("id", .string($0.key)), .init("label", .string($0.label))]) }))
    }
}
