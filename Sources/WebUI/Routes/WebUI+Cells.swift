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
    /// One field of a record by itself, as lists edit it in place. Without scripts it is a page with a form of one field.
    func addCells(to router: Router<WeirContext>) {
        router.get("records/:object/:id/cell/:field", use: page(cellForm))
        router.post("records/:object/:id/cell/:field", use: action(cell))
    }

    /// Why a field cannot be changed in a list; nil if it can.
    func whyNoCell(_ field: CheckedField) -> Words? {
        if field.isSystem { return Say.fieldOfSystem }
        if field.computed != nil { return Say.fieldComputed }
        if case .stage = field.kind { return Say.fieldGated }
        if case .autonumber = field.kind { return Say.fieldOfSystem }
        if engine.app.model[field.id.object].builtIn == .file, field.isBuiltIn, field.name == "size" || field.name == "format" { return Say.fieldByUpload }
        return field.isWritable ? nil : Say.fieldOfSystem
    }

    private func cellField(_ visit: Visit, _ id: RecordID) throws -> CheckedField {
        guard let name = visit.context.parameters.get("field")?.removingPercentEncoding,
            let field = engine.app.model[id.object].field(named: name)
        else { throw Problem.notFound }
        if let why = whyNoCell(field) {
            throw Problem(.unprocessableContent, code: "read_only", Words(zh: "“\(field.label.zh)”\(why.zh)", en: "\(field.label.en): \(why.en)"))
        }
        return field
    }

    @Sendable private func cellForm(_ visit: Visit) async throws -> Response {
        let id = try recordID(visit)
        let field = try cellField(visit, id)
        let (row, titles) = try await row(id, visit)
        let filling = FormBuilder(ui: self, visit: visit).filling(of: row, titles: titles)
        return try await cellPage(visit, row, titles, field, filling, errors: [], version: row.openedVersion, status: .ok)
    }

    @Sendable private func cell(_ visit: Visit, _ form: FormFields) async throws -> Response {
        let id = try recordID(visit)
        let object = engine.app.model[id.object]
        let field = try cellField(visit, id)
        guard let version = form.first("_version").flatMap({ Int64($0) }) else { throw Problem.formToken }
        let builder = FormBuilder(ui: self, visit: visit)
        let sent = builder.sent(form, for: object)
        let (row, titles) = try await row(id, visit)
        guard form.filled("_find") == nil else {
            return try await cellPage(visit, row, titles, field, builder.filling(sent, titles: titles), errors: [], version: version, status: .ok)
        }
        guard !sent.touched.isEmpty else { return try await cellDone(visit, form, id, .unchanged, version: nil) }
        var command = SaveCommand(.edit(id, try await builder.inputs(sent)), by: visit.principal, expecting: .openedOn(version))
        command.request = request(visit, form)
        switch try await engine.save(command) {
        case .saved(let saved, _): return try await cellDone(visit, form, id, .saved, version: saved.openedVersion)
        case .unchanged, .repeated: return try await cellDone(visit, form, id, .unchanged, version: nil)
        case .refused(let violations):
            var filling = builder.filling(sent, titles: titles)
            let errors = builder.place(violations, in: &filling, shown: [field.id])
            return try await cellPage(visit, row, titles, field, filling, errors: errors, version: version, status: .unprocessableContent)
        case .conflict(let current, let fields):
            return try await conflictPage(visit, current: current, fields: fields, sent, back: form.first("_back").flatMap(Link.init(sitePath:)))
        case .held(let verdict): throw Problem(.unprocessableContent, code: "held", verdict.moveRefusal ?? Say.cannotMove)
        case .requestKeyReused: throw Self.sentBefore
        case .missing: throw Problem.notFound
        case .denied(let words): throw Problem(.forbidden, code: "denied", words)
        }
    }

    /// For scripts the list's row as it is now, else back to where one came from.
    private func cellDone(_ visit: Visit, _ form: FormFields, _ id: RecordID, _ notice: Notice, version: Int64?) async throws -> Response {
        guard form.first("_row") != nil else {
            return redirect(to: after(form, id), notice: notice, undo: version.map { .change(id, version: $0, in: engine.app) })
        }
        let object = engine.app.model[id.object]
        let (row, titles) = try await row(id, visit)
        let columns = columns(of: object, named: form.filled("_columns")?.split(separator: ",").map(String.init))
        let display = display(visit.language)
        let shown = ListView.Row(
            id: id.number, title: title(of: id, titles), link: link(to: id), cells: columns.map { display.value(row[$0.id], of: $0, titles: titles) },
            isHollow: isHollow(row))
        let heads = listColumns(columns, object, visit.language)
        return html(visit, title: shown.title, current: object.name) { page in
            if let version {
                page.html.p(.class("notice good"), .data("toast"), text: visit.say(notice.words))
                page.undoForm(.change(id, version: version, in: engine.app), back: form.first("_back").flatMap(Link.init(sitePath:)))
            }
            page.html.table {
                page.html.tbody { page.listRow(shown, heads, say: object.label) }
            }
        }
    }

    private func cellPage(
        _ visit: Visit, _ row: Row, _ titles: [RecordID: String], _ field: CheckedField, _ filling: FormBuilder.Filling, errors: [String],
        version: Int64, status: HTTPResponse.Status
    ) async throws -> Response {
        let object = engine.app.model[row.id.object]
        let title = title(of: row.id, titles)
        let control = try await FormBuilder(ui: self, visit: visit).field(field, filling, prefix: "cell-\(row.id.number)")
        let view = FormView(
            title: visit.say(Say.cellTitle(field.label[visit.language], title)),
            action: Link(segments: ["records", object.name, String(row.id.number), "cell", field.name]),
            cancel: link(to: row.id), groups: [FormView.Group(label: nil, fields: [control])], errors: errors, version: version,
            requestKey: newRequestKey(), back: visit.query.first("_back").flatMap(Link.init(sitePath:)))
        return html(visit, title: view.title, current: object.name, status: status, isError: view.errorCount > 0) {
            $0.formPage(view, trail: [(link(to: object), visit.say(object.label)), (link(to: row.id), title)])
        }
    }
}
