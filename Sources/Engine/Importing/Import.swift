package import Formula
import Model
import Program
import SourceText
package import Spreadsheet
import Storage

/// A table that stands in memory, as demo data do.
package struct ImportTable: Sendable {
    package let format: TableFile.Format
    package let header: [String]
    package let rows: [TableRow]

    /// Reads a table whole.
    ///
    /// - Throws: `Violation` with words that name what is wrong and the line.
    init(_ bytes: [UInt8]) throws(Violation) {
        do throws(TableTrouble) {
            let file = try TableFile(bytes: bytes)
            format = file.format
            header = file.header
            let source = try file.rows()
            var rows: [TableRow] = []
            while let row = try source.next() { rows.append(row) }
            self.rows = rows
        } catch {
            throw Violation(error)
        }
    }
}

extension Violation {
    init(_ trouble: TableTrouble) { self.init(.unreadable, trouble.words) }
}

/// What became of an import, row by row.
package struct ImportReport: Sendable {
    /// Columns that were matched to fields, in the order of the file; nil for one that was left out.
    package let columns: [(header: String, field: FieldID?)]
    package let rows: [ImportRowResult]

    package init(columns: [(header: String, field: FieldID?)], rows: [ImportRowResult]) {
        self.columns = columns
        self.rows = rows
    }

    package var created: Int { rows.count { if case .created = $0.fate { true } else { false } } }
    package var refused: Int { rows.count { if case .refused = $0.fate { true } else { false } } }
}

extension Engine {
    /// Reads a table whole: CSV or a workbook.
    ///
    /// - Throws: `Violation` with words that name what is wrong and the line.
    package func readTable(_ bytes: [UInt8]) throws -> ImportTable { try ImportTable(bytes) }

    /// Creates a record per row, all rules on, in batches; a row that is refused leaves the others standing. For tables that stand in
    /// memory; a file comes by `newImport`, which goes on where it was stopped.
    ///
    /// Columns are matched by field name or label; a column matching none is an error unless `mapping` sends it to nil. A column of a
    /// field that nobody may write (a formula, a system field, the stage) is left out, as the report's `columns` say. Empty cells give
    /// nothing, so defaults apply. Links are given as `lead/12`, a unique field's value or the title. A dry run takes every batch back.
    ///
    /// - Throws: `Violation` if columns cannot be matched; `StoreError`, and then the batches before stand.
    package func importTable(
        _ table: ImportTable, into object: ObjectID, mapping: [String: FieldID?]? = nil, dryRun: Bool, as principal: Principal,
        door: SaveCommand.Door = .import, progress: (@Sendable (_ done: Int, _ of: Int) -> Void)? = nil
    ) async throws -> ImportReport {
        let columns = try ImportColumns(table.header, of: app.model[object], mapping: mapping, mayTrust: door == .trusted)
        // No two imports that write begin behind the same change; what is deleted for good takes its changes along.
        let batch = "import \(world.clock.now().microseconds) behind \(try await store.read { try $0.lastChange() })"
        let importing = Importing(
            engine: self, object: object, columns: columns, principal: principal, door: door, resolver: LinkResolver(app), batch: batch)
        let rehearsal = dryRun ? Rehearsal(importing) : nil
        if dryRun { try await importing.resolver.learnTitles(of: importing, store) }
        var results: [ImportRowResult] = []
        for start in stride(from: 0, to: table.rows.count, by: Importing.batch) {
            let rows = Array(table.rows[start..<min(start + Importing.batch, table.rows.count)])
            if let rehearsal {
                results += try await importing.rehearse(rows, rehearsal)
            } else {
                results += try await store.write { transaction in try importing.make(rows, in: transaction) }
                world.commitPoints.reached(.importBatchCommitted)
            }
            progress?(results.count, table.rows.count)
        }
        return ImportReport(columns: columns.report, rows: results)
    }
}
