import Formula
import Model
package import Program
package import SourceText
import Spreadsheet
package import Storage

extension Violation {
    /// What it says, with the field's label in front where the words do not name it.
    package func told(in app: CompiledApp, _ language: Language) -> String {
        guard let field else { return words[language] }
        let label = app.model[field].label[language]
        return words[language].contains(label) ? words[language] : label + (language == .zh ? "：" : ": ") + words[language]
    }
}

extension Engine {
    /// What became of rows, from part `number` on: some parts at a time, since there may be a million rows.
    ///
    /// - Returns: The results and the number of the part to go on with; nil at the end.
    package func importResults(
        of job: ImportJob, _ phase: ImportPart.Phase, from number: Int, limit: Int = 1
    ) async throws -> (results: [ImportRowResult], next: Int?) {
        let parts = try await store.read { try $0.importParts(of: job.id, phase: phase, from: number, limit: limit + 1) }
        let text = ImportResultText(app: app, object: job.object)
        let results = try parts.prefix(limit).flatMap { try text.results($0.content) }
        return (results, parts.count > limit ? parts[limit].number : nil)
    }

    /// The rows that were refused, as they stood in the file, with a further column `原因` (`reason`) that says why: to be corrected and
    /// imported again. After a check those of the check, else those of the run.
    ///
    /// - Parameter corrections: What was put right meanwhile; with it the table is as the file was, without the further column.
    package func writeRejects(
        of job: ImportJob, as format: TableFormat, language: Language, corrected corrections: ImportCorrections? = nil, write: @escaping ([UInt8]) throws -> Void
    ) async throws {
        let table = try table(of: job)
        let sheet = RejectsTable(table.header, language: language, hasReasons: corrections == nil)
        var mended = settings(of: job).corrections
        mended.merge(corrections ?? ImportCorrections())
        let writer = try TableWriter(format, title: Words(zh: "未导入", en: "rejected")[language], header: sheet.header, write: write)
        let phase: ImportPart.Phase = job.state == .checked ? .check : .run
        do {
            let rows = try table.rows()
            var row = try rows.next()
            var number: Int? = 0
            while let from = number {
                let (results, next) = try await importResults(of: job, phase, from: from, limit: 5)
                for result in results {
                    guard case .refused(let violations) = result.fate else { continue }
                    while let known = row, known.line < result.line { row = try rows.next() }
                    guard let known = row, known.line == result.line else { continue }
                    try writer.append(texts: sheet.cells(mended.applied(to: known).cells, reasons: violations.map { $0.told(in: app, language) }))
                }
                number = next
            }
        } catch let trouble as TableTrouble {
            throw Violation(trouble)
        }
        try writer.finish()
    }

    /// The same for a table that stands in memory, as CSV.
    package func rejects(of report: ImportReport, in table: ImportTable, language: Language) -> [UInt8] {
        let sheet = RejectsTable(table.header, language: language, hasReasons: true)
        let lines = Dictionary(table.rows.map { ($0.line, $0.cells) }) { first, _ in first }
        var bytes = CSVText.byteOrderMark + CSVText.line(sheet.header.map { CSVText.neutralised($0) })
        for row in report.rows {
            guard case .refused(let violations) = row.fate else { continue }
            let cells = sheet.cells(lines[row.line] ?? [], reasons: violations.map { $0.told(in: app, language) })
            bytes += CSVText.line(cells.map { CSVText.neutralised($0, keepsNumbers: true) })
        }
        return bytes
    }
}

/// The columns of a table of rejected rows.
private struct RejectsTable {
    let header: [String]
    private let width: Int
    /// A file that was imported again has the column already.
    private let old: Int?
    private let separator: String
    private let hasReasons: Bool

    init(_ columns: [String], language: Language, hasReasons: Bool) {
        width = columns.count
        self.hasReasons = hasReasons
        separator = language == .zh ? "；" : "; "
        guard hasReasons else {
            old = nil
            header = columns
            return
        }
        old = columns.firstIndex { $0 == "原因" || $0 == "reason" }
        var kept = columns
        if let old { kept.remove(at: old) }
        header = kept + [Words(zh: "原因", en: "reason")[language]]
    }

    func cells(_ cells: [String], reasons: [String]) -> [String] {
        var padded = cells
        while padded.count < width { padded.append("") }
        if let old, old < padded.count { padded.remove(at: old) }
        return hasReasons ? padded + [reasons.joined(separator: separator)] : padded
    }
}
