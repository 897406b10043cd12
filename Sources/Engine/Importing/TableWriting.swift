import Formula
package import Spreadsheet

/// How a table is written.
package enum TableFormat: String, Sendable, Hashable, CaseIterable {
    case csv, xlsx

    package var contentType: String {
        switch self {
        case .csv: "text/csv; charset=utf-8"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        }
    }
}

/// Writes the rows of a table as they come, in constant memory.
package final class TableWriter {
    private enum Form {
        case csv
        case workbook(XLSXWriter)
    }

    private let form: Form
    private let write: ([UInt8]) throws -> Void
    private var pending: [UInt8] = []
    private static let chunk = 32 << 10

    package init(_ format: TableFormat, title: String, header: [String], write: @escaping ([UInt8]) throws -> Void) throws {
        self.write = write
        switch format {
        case .csv:
            form = .csv
            pending = CSVText.byteOrderMark + CSVText.line(header.map { CSVText.neutralised($0) })
        case .xlsx:
            form = .workbook(try XLSXWriter(sheet: title, header: header, write: write))
        }
    }

    package func append(_ cells: [SheetCell], texts: [String]) throws {
        switch form {
        case .csv:
            pending += CSVText.line(texts)
            guard pending.count >= Self.chunk else { return }
            try write(pending)
            pending.removeAll(keepingCapacity: true)
        case .workbook(let writer):
            try writer.append(cells)
        }
    }

    /// Cells of which only the text is known, as rejected rows have them.
    package func append(texts: [String]) throws {
        try append(texts.map { $0.isEmpty ? .empty : .text($0) }, texts: texts.map { CSVText.neutralised($0, keepsNumbers: true) })
    }

    package func finish() throws {
        switch form {
        case .csv: try write(pending)
        case .workbook(let writer): try writer.finish()
        }
    }
}
