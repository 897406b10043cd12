package import Formula
import Model
import Program
package import SourceText
import Spreadsheet
import Storage

extension Engine {
    /// Records as a table: a header of field names, then a row per record as `write` is called. Memory stays the same however many there are.
    ///
    /// Cells are spelled so that an import reads them back: options by key, links by a unique field's value or the title, with the
    /// object's name in front where a field leads to several. Texts that a spreadsheet would take for a formula are written so that none
    /// does. `request.after` and `request.limit` are not looked at: all that match are written, a page at a time.
    package func exportTable(
        _ request: ListRequest, as format: TableFormat, fields: [FieldID]? = nil, language: Language, by principal: Principal,
        progress: ((_ done: Int) -> Void)? = nil, write: @escaping @Sendable ([UInt8]) throws -> Void
    ) async throws {
        let object = app.model[request.object]
        let shown = fields.map { $0.map { object.fields[$0.index] } }
            ?? object.fields.filter { !$0.isSystem || $0.id.index == SystemField.id.rawValue }
        let table = try TableWriter(format, title: object.label[language], header: shown.map(\.name), write: write)
        var page = request
        page.after = nil
        page.limit = Self.mostRows
        page.wantsTotal = false
        var done = 0
        while true {
            let view = try await list(page, as: principal)
            let keys = try await linkKeys(in: view, fields: shown)
            for row in view.rows {
                var texts: [String] = [], cells: [SheetCell] = []
                for field in shown {
                    if field.id.index == SystemField.id.rawValue {
                        texts.append(app.text(of: row.id))
                        cells.append(.text(app.text(of: row.id)))
                        continue
                    }
                    let text = field.kind.plainText(row[field.id], zone: app.model.zone) { record in
                        var key = keys[record] ?? view.titles[record] ?? app.text(of: record)
                        // What separates records in a cell must not stand in the name of one.
                        if field.kind.isSeveralLinks, key.contains(where: { ";；,，、".contains($0) || $0.isNewline }) { key = app.text(of: record) }
                        return field.targets(in: app.model).count > 1 ? "\(app.model[record.object].name)/\(key)" : key
                    }
                    texts.append(csvText(text, row[field.id], of: field))
                    if format == .xlsx { cells.append(cell(row[field.id], text, of: field)) }
                }
                try table.append(cells, texts: texts)
            }
            done += view.rows.count
            progress?(done)
            guard let next = view.next else { return try table.finish() }
            page.after = next
        }
    }

    /// As `exportTable`, in CSV (RFC 4180, UTF-8 with BOM).
    package func exportCSV(
        _ request: ListRequest, fields: [FieldID]? = nil, language: Language, as principal: Principal,
        write: @escaping @Sendable ([UInt8]) throws -> Void
    ) async throws {
        try await exportTable(request, as: .csv, fields: fields, language: language, by: principal, write: write)
    }

    /// Only texts are neutralised: what a number or a day begins with belongs to it, and a phone number of digits is one.
    private func csvText(_ text: String, _ value: Value, of field: CheckedField) -> String {
        switch value {
        case .text:
            if case .phone = field.kind { return CSVText.neutralised(text, keepsNumbers: true) }
            return CSVText.neutralised(text)
        case .option, .options, .link, .links, .list: return CSVText.neutralised(text)
        case .blank, .failure, .bool, .number, .date, .instant, .duration, .location: return text
        }
    }

    private func cell(_ value: Value, _ text: String, of field: CheckedField) -> SheetCell {
        switch value {
        case .blank, .failure: return .empty
        case .number(let number):
            if case .percent = field.kind { return .percent(number.description) }
            return .number(number.description)
        case .bool(let bool): return .bool(bool)
        case .date(let day): return .day(Int(day.daysSinceEpoch))
        case .instant(let instant):
            let wall = app.model.zone.wallClock(instant)
            return .moment(day: Int(wall.day.daysSinceEpoch), second: Int(wall.microseconds / Microseconds.perSecond))
        case .text, .duration, .option, .options, .location, .link, .links, .list: return text.isEmpty ? .empty : .text(text)
        }
    }

    /// The unique values by which the linked records are found again.
    private func linkKeys(in view: RecordsView, fields: [CheckedField]) async throws -> [RecordID: String] {
        var linked: Set<RecordID> = []
        for row in view.rows {
            for field in fields {
                if field.id.index != SystemField.id.rawValue { linked.formUnion(row[field.id].linkedRecords) }
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

    /// A header to begin a table with: the labels of the fields that a column may be for.
    package func template(of object: ObjectID, as format: TableFormat, language: Language) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let fields = app.model[object].fields.filter { ImportColumns.isOffered($0) && !$0.isSystem }
        let table = try TableWriter(format, title: app.model[object].label[language], header: fields.map { $0.label[language] }) { bytes += $0 }
        try table.finish()
        return bytes
    }
}
