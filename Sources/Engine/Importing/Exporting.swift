package import Formula
import Model
import Program
package import SourceText
import Storage

extension Engine {
    /// Records as CSV (RFC 4180, UTF-8 with BOM): a header of field names, then a line per record as `write` is called.
    ///
    /// Cells are spelled so that an import reads them back: options by key, links by a unique field's value or the title, with the
    /// object's name in front where a field leads to several. Text cells that a spreadsheet would take for a formula are neutralised with
    /// a leading `'`. `request.after` and `request.limit` are not looked at: all that match are written, a page at a time.
    package func exportCSV(
        _ request: ListRequest, fields: [FieldID]? = nil, language: Language, as principal: Principal,
        write: @Sendable ([UInt8]) throws -> Void
    ) async throws {
        let object = app.model[request.object]
        let shown = fields.map { $0.map { object.fields[$0.index] } }
            ?? object.fields.filter { !$0.isSystem || $0.id.index == SystemField.id.rawValue }
        try write(CSVWriter.byteOrderMark + CSVWriter.line(shown.map(\.name)))
        var page = request
        page.after = nil
        page.limit = Self.mostRows
        page.wantsTotal = false
        while true {
            let view = try await list(page, as: principal)
            let keys = try await linkKeys(in: view, fields: shown)
            var bytes: [UInt8] = []
            for row in view.rows {
                bytes += CSVWriter.line(shown.map { field in
                    if field.id.index == SystemField.id.rawValue { return app.text(of: row.id) }
                    let text = field.kind.plainText(row[field.id], zone: app.model.zone) { record in
                        let key = keys[record] ?? view.titles[record] ?? app.text(of: record)
                        return field.targets(in: app.model).count > 1 ? "\(app.model[record.object].name)/\(key)" : key
                    }
                    return CSVWriter.neutralised(text, kind: field.kind)
                })
            }
            try write(bytes)
            guard let next = view.next else { return }
            page.after = next
        }
    }

    /// The unique values by which the linked records are found again.
    private func linkKeys(in view: RecordsView, fields: [CheckedField]) async throws -> [RecordID: String] {
        var linked: Set<RecordID> = []
        for row in view.rows {
            for field in fields {
                if case .link(let record) = row[field.id], field.id.index != SystemField.id.rawValue { linked.insert(record) }
            }
        }
        guard !linked.isEmpty else { return [:] }
        return try await store.read { [self, linked] transaction in
            var keys: [RecordID: String] = [:]
            for record in linked {
                guard let field = app.model[record.object].fields.first(where: \.isKey), let row = try transaction.row(record) else { continue }
                if case .text(let key) = row[field.id] { keys[record] = key }
            }
            return keys
        }
    }
}
