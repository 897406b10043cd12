package import Formula
import Model
import Program
package import SourceText
import Storage

/// A table of text as a file gave it.
package struct ImportTable: Sendable {
    package enum Encoding: String, Sendable, Hashable { case utf8 = "UTF-8", utf8BOM = "UTF-8 (BOM)", gb18030 = "GB18030" }

    package let encoding: Encoding
    package let separator: Character
    package let header: [String]
    package let rows: [Line]

    package struct Line: Sendable {
        /// 1-based line of the file on which the row begins.
        package let number: Int
        package let cells: [String]

        package init(number: Int, cells: [String]) {
            self.number = number
            self.cells = cells
        }
    }

    package init(encoding: Encoding, separator: Character, header: [String], rows: [Line]) {
        self.encoding = encoding
        self.separator = separator
        self.header = header
        self.rows = rows
    }
}

/// What became of an import, row by row.
package struct ImportReport: Sendable {
    package struct RowResult: Sendable {
        package enum Fate: Sendable {
            case created(RecordID)
            /// Would be created (dry run).
            case fine
            case refused([Violation])
        }

        package let line: Int
        package let fate: Fate

        package init(line: Int, fate: Fate) {
            self.line = line
            self.fate = fate
        }
    }

    /// Columns that were matched to fields, in the order of the file; nil for one that was left out.
    package let columns: [(header: String, field: FieldID?)]
    package let rows: [RowResult]

    package init(columns: [(header: String, field: FieldID?)], rows: [RowResult]) {
        self.columns = columns
        self.rows = rows
    }

    package var created: Int { rows.count { if case .created = $0.fate { true } else { false } } }
    package var refused: Int { rows.count { if case .refused = $0.fate { true } else { false } } }
}

extension Engine {
    /// Reads CSV in UTF-8 (with or without BOM) or GB18030, separated by commas, semicolons or tabs (RFC 4180 quoting).
    ///
    /// - Throws: `Violation` with words that name what is wrong and the line.
    package func readTable(_ bytes: [UInt8]) throws -> ImportTable {
        try CSVReader.read(bytes)
    }

    /// Creates a record per row, all rules on, in batches; a row that is refused leaves the others standing.
    ///
    /// Columns are matched by field name or label; a column matching none is an error unless `mapping` sends it to nil. A column of a
    /// field that nobody may write (a formula, a system field, the stage) is left out, as the report's `columns` say. Empty cells give
    /// nothing, so defaults apply. Links are given as `lead/12`, a unique field's value or the title. A dry run does all of it in one
    /// transaction and takes it back.
    ///
    /// - Throws: `Violation` if columns cannot be matched; `StoreError`, and then the batches before stand.
    package func importTable(
        _ table: ImportTable, into object: ObjectID, mapping: [String: FieldID?]? = nil, dryRun: Bool, as principal: Principal,
        door: SaveCommand.Door = .import, progress: (@Sendable (_ done: Int, _ of: Int) -> Void)? = nil
    ) async throws -> ImportReport {
        let columns = try ImportColumns(table.header, of: app.model[object], mapping: mapping, mayTrust: door == .trusted)
        let importing = Importing(engine: self, object: object, columns: columns, principal: principal, door: door, resolver: LinkResolver(app))
        var results: [ImportReport.RowResult] = []
        if dryRun {
            results = try await importing.rehearse(table.rows)
            progress?(results.count, table.rows.count)
        } else {
            for start in stride(from: 0, to: table.rows.count, by: Importing.batch) {
                let rows = table.rows[start..<min(start + Importing.batch, table.rows.count)]
                results += try await store.write { transaction in try importing.make(rows, in: transaction) }
                world.commitPoints.reached(.importBatchCommitted)
                progress?(results.count, table.rows.count)
            }
        }
        return ImportReport(columns: columns.report, rows: results.sorted { $0.line < $1.line })
    }

    /// The rows that were refused, as they stood in the file, with a further column `原因` (`reason`) that says why: to be corrected and
    /// imported again. UTF-8 with BOM.
    package func rejects(of report: ImportReport, in table: ImportTable, language: Language) -> [UInt8] {
        let reason = Words(zh: "原因", en: "reason")[language]
        // A file that was imported again has the column already.
        let old = table.header.firstIndex { $0 == "原因" || $0 == "reason" }
        func cells(_ cells: [String]) -> [String] {
            var padded = cells
            while padded.count < table.header.count { padded.append("") }
            if let old, old < padded.count { padded.remove(at: old) }
            return padded
        }
        let lines = Dictionary(table.rows.map { ($0.number, $0.cells) }) { first, _ in first }
        var bytes = CSVWriter.byteOrderMark + CSVWriter.line(cells(table.header) + [reason])
        for row in report.rows {
            guard case .refused(let violations) = row.fate else { continue }
            let words = violations.map { $0.words[language] }.joined(separator: language == .zh ? "；" : "; ")
            bytes += CSVWriter.line((cells(lines[row.line] ?? []) + [words]).map { CSVWriter.neutralised($0) })
        }
        return bytes
    }
}
