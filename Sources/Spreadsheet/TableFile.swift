package import SourceText

/// A table in a file: CSV or an Excel workbook (XLSX), read row by row in constant memory.
///
/// What comes in: the path of a file that nobody has vouched for. What goes out: rows of texts, as people would have typed the cells. Always
/// true: everything is bounded, nothing in a cell is evaluated, and what cannot be read is a `TableTrouble` with words, never a trap.
package struct TableFile: Sendable {
    package enum Format: Sendable, Hashable {
        case csv(CSVFormat)
        /// The names of all visible sheets, and which of them is read.
        case workbook(sheets: [String], sheet: Int)
    }

    package let format: Format
    /// The cells of the first line with something in them, trimmed.
    package let header: [String]
    private let file: FileBytes

    /// What a person says about a file where the guess is wrong; nil leaves it to the guess.
    package struct Reading: Sendable, Hashable {
        package var encoding: CSVFormat.Encoding?
        package var separator: CSVFormat.Separator?
        /// Counted from 0 among the visible sheets.
        package var sheet: Int?

        package init(encoding: CSVFormat.Encoding? = nil, separator: CSVFormat.Separator? = nil, sheet: Int? = nil) {
            self.encoding = encoding
            self.separator = separator
            self.sheet = sheet
        }
    }

    /// Looks at the file as far as it takes to know what it is: text is read once to its end, of a workbook everything but its rows.
    ///
    /// - Throws: `TableTrouble` if it is no table, or no bytes can be read.
    package init(path: String, reading: Reading = Reading()) throws(TableTrouble) {
        try self.init(try FileBytes(path: path), reading)
    }

    /// The same for bytes that stand in memory.
    package init(bytes: [UInt8], reading: Reading = Reading()) throws(TableTrouble) {
        try self.init(FileBytes(bytes), reading)
    }

    private init(_ file: FileBytes, _ reading: Reading) throws(TableTrouble) {
        self.file = file
        guard file.size <= TableLimits.mostBytes else { throw .fileTooLarge }
        let start = try file.bytes(at: 0, count: 8)
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            let book = try XLSXBook(file)
            let sheet = reading.sheet ?? 0
            guard book.sheets.indices.contains(sheet) else { throw .noSuchSheet(sheet + 1) }
            format = .workbook(sheets: book.sheets.map(\.name), sheet: sheet)
        } else if start.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            throw .oldWorkbook
        } else {
            format = .csv(try CSVFormat(guessedFrom: file, encoding: reading.encoding, separator: reading.separator))
        }
        guard let header = try TableRows(file, format).next() else { throw .empty }
        self.header = header.cells.map(\.trimmedOfBlanks)
        guard self.header.count <= TableLimits.mostColumns else { throw .tooManyColumns(self.header.count) }
    }

    /// The rows behind the header, from the first one.
    package func rows() throws(TableTrouble) -> TableRows {
        let rows = TableRows(file, format)
        _ = try rows.next()
        return rows
    }
}

/// A row of a table.
package struct TableRow: Sendable, Hashable {
    /// 1-based: the line of the text on which the row begins, or the row's number in the sheet.
    package let line: Int
    /// As people would have typed them: numbers in plain digits, days as `2026-03-01`, percentages with `%`.
    package let cells: [String]
    /// Positions of cells that hold a spreadsheet's error value, such as `#N/A`.
    package let faults: [Int]

    package init(line: Int, cells: [String], faults: [Int] = []) {
        self.line = line
        self.cells = cells
        self.faults = faults
    }
}

/// The rows of a table, one after the other; those with nothing in them are passed over. Belongs to one reader and is not shared.
package final class TableRows {
    private enum Source {
        case csv(CSVRows)
        case workbook(XLSXRows)
        /// Opened at the first row, so that making rows cannot fail.
        case unopened
    }

    private let file: FileBytes
    private let format: TableFile.Format
    private var source = Source.unopened

    init(_ file: FileBytes, _ format: TableFile.Format) {
        self.file = file
        self.format = format
    }

    /// How much of the file has been read, in thousandths.
    package var progress: Int {
        let read: Int64
        switch source {
        case .csv(let rows): read = rows.bytesRead
        case .workbook(let rows): return rows.progress
        case .unopened: read = 0
        }
        return file.size == 0 ? 1000 : Int(min(1000, read * 1000 / file.size))
    }

    /// The next row; nil at the end.
    package func next() throws(TableTrouble) -> TableRow? {
        switch source {
        case .csv(let rows):
            return try rows.next()
        case .workbook(let rows):
            return try rows.next()
        case .unopened:
            switch format {
            case .csv(let format): source = .csv(try CSVRows(file, format))
            case .workbook(_, let sheet): source = .workbook(try XLSXBook(file).rows(of: sheet))
            }
            return try next()
        }
    }
}

/// Bounds of a table. What is larger is a mistake, an attack, or belongs into several files.
package enum TableLimits {
    /// A file of this size holds some ten million rows.
    package static let mostBytes: Int64 = 2 << 30
    package static let mostColumns = 500
    static let mostCellBytes = 1 << 20
}

/// Why a file cannot be read as a table, in words for the person who brought it.
package struct TableTrouble: Error, Sendable, Hashable {
    package let words: Words

    init(zh: String, en: String) { words = Words(zh: zh, en: en) }

    static let fileTooLarge = TableTrouble(zh: "文件超过 2 GB，请分成几个文件", en: "the file is larger than 2 GB; split it")
    static let empty = TableTrouble(zh: "文件是空的：第一行应是列名", en: "the file is empty: its first line names the columns")
    static let oldWorkbook = TableTrouble(zh: "这是旧版 Excel 文件（.xls），请另存为 .xlsx 或 CSV", en: "this is a workbook of an old Excel (.xls); save it as .xlsx or CSV")

    static func noSuchSheet(_ number: Int) -> TableTrouble {
        TableTrouble(zh: "工作簿没有第 \(number) 张工作表", en: "the workbook has no sheet \(number)")
    }

    static func tooManyColumns(_ count: Int) -> TableTrouble {
        TableTrouble(
            zh: "文件有 \(count) 列，最多 \(TableLimits.mostColumns) 列", en: "the file has \(count) columns, at most \(TableLimits.mostColumns) can be read")
    }

    static func cellTooLong(line: Int) -> TableTrouble {
        TableTrouble(zh: "第 \(line) 行有一格超过 1 MB", en: "line \(line) has a cell of more than 1 MB")
    }

    static func rowTooWide(line: Int) -> TableTrouble {
        TableTrouble(zh: "第 \(line) 行的列太多", en: "line \(line) has too many columns")
    }

    static func unreadableFile(_ reason: String) -> TableTrouble {
        TableTrouble(zh: "不能读取文件：\(reason)", en: "the file cannot be read: \(reason)")
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmedOfBlanks: String {
        var rest = Substring(self)
        while let first = rest.unicodeScalars.first, first.properties.isWhitespace || first == "\u{FEFF}" { rest.unicodeScalars.removeFirst() }
        while let last = rest.unicodeScalars.last, last.properties.isWhitespace { rest.unicodeScalars.removeLast() }
        return String(rest)
    }

    var isOnlyBlanks: Bool { unicodeScalars.allSatisfy { $0.properties.isWhitespace } }
}
