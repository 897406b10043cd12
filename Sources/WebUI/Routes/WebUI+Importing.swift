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
    /// Tables in, and the header to begin one with.
    func addImporting(to router: Router<WeirContext>) {
        router.get("records/:object/import", use: page { visit in
            let object = try importable(visit)
            return importPage(visit, object, error: nil, report: nil, status: .ok)
        })
        router.post("records/:object/import", use: page(runImport))
        router.get("records/:object/template.csv", use: page { visit in
            let object = try importable(visit)
            let fields = object.fields.filter { FormBuilder(ui: self, visit: visit).isEntered($0) }
            let header = fields.map { csvCell($0.label[visit.language]) }.joined(separator: ",")
            // With the mark of UTF-8, without which spreadsheets take it for something else.
            return csvResponse(Array("\u{FEFF}\(header)\r\n".utf8), name: "\(object.name)-template.csv")
        })
    }

    /// Bytes of a table; it is read into memory whole.
    private static let largestTable: Int64 = 50 << 20

    private func importable(_ visit: Visit) throws -> CheckedObject {
        let object = try object(visit)
        guard canBeMade(object) else { throw Problem.notFound }
        return object
    }

    private func csvCell(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    @Sendable private func runImport(_ visit: Visit) async throws -> Response {
        let object = try importable(visit)
        let form = try await MultipartForm.read(visit.request, largestFile: Self.largestTable) {
            try engine.store.files.newUploadPath(token: server.api.uploadToken())
        }
        let paths = form.files.compactMap(\.path)
        defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
        try guardForm(visit, token: form.first("_token"))
        guard let path = form.files.first(where: { $0.field == "table" })?.path, let data = FileManager.default.contents(atPath: path) else {
            return importPage(visit, object, error: Say.chooseFile, report: nil, status: .unprocessableContent)
        }
        do {
            let table = try engine.readTable(Array(data))
            let isCheck = form.first("check") == "yes"
            let mapping = form.first("skip") == "yes" ? skippingUnknown(table.header, object) : nil
            let report = try await engine.importTable(table, into: object.id, mapping: mapping, dryRun: isCheck, as: visit.principal)
            return importPage(
                visit, object, error: nil, report: try await view(of: report, table, isCheck: isCheck, visit), status: .ok)
        } catch let violation as Violation {
            return importPage(visit, object, error: violation.words, report: nil, status: .unprocessableContent)
        }
    }

    /// Columns by field name or label; those that match none go nowhere.
    private func skippingUnknown(_ header: [String], _ object: CheckedObject) -> [String: FieldID?] {
        var mapping: [String: FieldID?] = [:]
        for column in header {
            let name = column.trimmed
            let match = object.field(named: name) ?? object.fields.first { $0.label.zh == name || $0.label.en.lowercased() == name.lowercased() }
            mapping[column] = .some(match.flatMap { $0.isWritable ? $0.id : nil })
        }
        return mapping
    }

    private func view(of report: ImportReport, _ table: ImportTable, isCheck: Bool, _ visit: Visit) async throws -> ImportView.Report {
        var refused: [ImportView.Row] = []
        var good: [(line: Int, id: RecordID?)] = []
        for row in report.rows {
            switch row.fate {
            case .created(let id): good.append((row.line, id))
            case .fine: good.append((row.line, nil))
            case .refused(let violations):
                if refused.count < ImportView.mostRows {
                    refused.append(ImportView.Row(line: row.line, fate: .refused(violations.map { reason($0, visit.language) })))
                }
            }
        }
        let listed = good.prefix(ImportView.mostRows - refused.count)
        let titles = try await engine.titles(of: Set(listed.compactMap(\.id)))
        let rows = refused + listed.map { line, id in
            guard let id else { return ImportView.Row(line: line, fate: .fine) }
            return ImportView.Row(line: line, fate: .created(title: title(of: id, titles), link(to: id)))
        }
        return ImportView.Report(
            isCheck: isCheck, encoding: table.encoding.rawValue,
            columns: report.columns.map { ($0.header, $0.field.map { engine.app.model[$0].label[visit.language] }) }, good: good.count,
            refused: report.rows.count - good.count, rows: rows, isCut: report.rows.count > rows.count)
    }

    private func reason(_ violation: Violation, _ language: Language) -> String {
        guard let field = violation.field else { return violation.words[language] }
        return "\(engine.app.model[field].label[language])：\(violation.words[language])"
    }

    private func importPage(
        _ visit: Visit, _ object: CheckedObject, error: Words?, report: ImportView.Report?, status: HTTPResponse.Status
    ) -> Response {
        let view = ImportView(
            label: object.label, list: link(to: object), action: Link("records", object.name, "import"),
            template: Link("records", object.name, "template.csv"), error: error?[visit.language], report: report, requestKey: newRequestKey())
        return html(
            visit, title: visit.say(Say.importTitle(object.label)), current: object.name, status: status, isError: error != nil
        ) { $0.importPage(view) }
    }
}
