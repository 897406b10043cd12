package import Formula
package import SourceText
package import Storage

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
        throw StoreError.other("not built")
    }

    /// Creates a record per row, all rules on, in batches; a row that is refused leaves the others standing.
    ///
    /// Columns are matched by field name or label; a column matching none is an error unless `mapping` sends it to nil. Links are
    /// given as `lead/12`, a unique field's value or the title.
    package func importTable(
        _ table: ImportTable, into object: ObjectID, mapping: [String: FieldID?]? = nil, dryRun: Bool, as principal: Principal,
        door: SaveCommand.Door = .import, progress: (@Sendable (_ done: Int, _ of: Int) -> Void)? = nil
    ) async throws -> ImportReport {
        throw StoreError.other("not built")
    }
}
