/// A cell on its way into a workbook.
package enum SheetCell: Sendable, Hashable {
    case empty
    case text(String)
    /// Plain digits, with a point and a sign where it has them.
    case number(String)
    /// The fraction: `0.125` is shown as 12.5%.
    case percent(String)
    case bool(Bool)
    /// Days since 1970-01-01.
    case day(Int)
    /// A wall clock: days since 1970-01-01 and seconds of the day.
    case moment(day: Int, second: Int)
}

/// Writes a workbook (ECMA-376) row by row in constant memory. Where a sheet is full, another one goes on under the same header.
///
/// Nothing in it calculates: a text that begins like a formula is text by its type, and is marked so that editing the cell leaves it so.
package final class XLSXWriter {
    /// Rows of a sheet (Excel specifications and limits), the header among them.
    private static let mostRows = 1_048_576
    /// Bytes of a sheet before it is packed, well below the 4 GB of a zip file's part.
    private static let mostSheetBytes: UInt64 = 3 << 30
    /// Bytes that are collected before they are packed.
    private static let chunk = 64 << 10
    /// Digits that a spreadsheet's numbers hold; a longer one is written as text, so that none is lost.
    private static let mostDigits = 15

    private enum Style: Int { case plain = 0, day, moment, percent, quoted, header }

    private let zip: ZipWriter
    private let name: String
    private let header: [String]
    private let rowsPerSheet: Int
    private var sheets = 0
    private var row = 0
    private var pending: [UInt8] = []

    /// - Parameter write: Takes the file's bytes in order.
    package convenience init(sheet name: String, header: [String], write: @escaping ([UInt8]) throws -> Void) throws {
        try self.init(sheet: name, header: header, rowsPerSheet: Self.mostRows, write: write)
    }

    init(sheet name: String, header: [String], rowsPerSheet: Int, write: @escaping ([UInt8]) throws -> Void) throws {
        zip = ZipWriter(write: write)
        // What no name of a sheet holds, and its 31 characters, leaving room for a number.
        let allowed = name.filter { !"[]:*?/\\'".contains($0) }.prefix(24)
        self.name = allowed.isEmpty ? "Sheet" : String(allowed)
        self.header = header
        self.rowsPerSheet = rowsPerSheet
        try beginSheet()
    }

    package func append(_ cells: [SheetCell]) throws {
        if row == rowsPerSheet || zip.unpacked > Self.mostSheetBytes {
            try endSheet()
            try beginSheet()
        }
        begin()
        for (column, cell) in cells.enumerated() { write(cell, column) }
        try endRow()
    }

    /// - Throws: What `write` throws; then the file is not whole.
    package func finish() throws {
        try endSheet()
        try zip.add("xl/workbook.xml", workbook())
        try zip.add("xl/_rels/workbook.xml.rels", relations())
        try zip.add("xl/styles.xml", Self.styles)
        try zip.add("_rels/.rels", Self.root)
        try zip.add("[Content_Types].xml", contentTypes())
        try zip.finish()
    }

    private func beginSheet() throws {
        sheets += 1
        row = 0
        try zip.begin("xl/worksheets/sheet\(sheets).xml")
        pending += """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">\
            <pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>
            """.utf8
        begin()
        for (column, title) in header.enumerated() { writeText(title, column, .header) }
        try endRow()
    }

    private func endSheet() throws {
        pending += "</sheetData></worksheet>".utf8
        try zip.append(pending)
        pending.removeAll(keepingCapacity: true)
        try zip.end()
    }

    private func begin() {
        row += 1
        pending += "<row r=\"\(row)\">".utf8
    }

    private func endRow() throws {
        pending += "</row>".utf8
        guard pending.count >= Self.chunk else { return }
        try zip.append(pending)
        pending.removeAll(keepingCapacity: true)
    }

    private func write(_ cell: SheetCell, _ column: Int) {
        switch cell {
        case .empty: return
        case .text(let text): writeText(text, column, CSVText.neutralised(text) == text ? .plain : .quoted)
        case .number(let digits): writeNumber(digits, column, .plain, else: digits)
        case .percent(let digits): writeNumber(digits, column, .percent, else: digits)
        case .bool(let bool):
            open(column, .plain)
            pending += " t=\"b\"><v>\(bool ? 1 : 0)</v></c>".utf8
        case .day(let day):
            // Days before 1900-03-01 have no number that all programs agree on.
            guard day >= -25_508 else { return writeText(SerialDay.date(day), column, .plain) }
            writeValue(SerialDay.serial(day: day, second: 0), column, .day)
        case .moment(let day, let second):
            writeValue(SerialDay.serial(day: day, second: second), column, .moment)
        }
    }

    private func writeNumber(_ digits: String, _ column: Int, _ style: Style, else text: String) {
        let significant = digits.utf8.drop { $0 == 0x2D || $0 == 0x30 || $0 == 0x2E }.count { $0 != 0x2E }
        if significant > Self.mostDigits { writeText(text, column, .plain) } else { writeValue(digits, column, style) }
    }

    private func writeValue(_ digits: String, _ column: Int, _ style: Style) {
        open(column, style)
        pending += "><v>\(digits)</v></c>".utf8
    }

    private func writeText(_ text: String, _ column: Int, _ style: Style) {
        guard !text.isEmpty else { return }
        open(column, style)
        pending += " t=\"inlineStr\"><is><t xml:space=\"preserve\">".utf8
        XLSXText.escape(text, into: &pending)
        pending += "</t></is></c>".utf8
    }

    private func open(_ column: Int, _ style: Style) {
        pending += "<c r=\"".utf8
        Self.letters(column, into: &pending)
        pending += "\(row)\"".utf8
        if style != .plain { pending += " s=\"\(style.rawValue)\"".utf8 }
    }

    private static func letters(_ column: Int, into bytes: inout [UInt8]) {
        if column >= 26 { letters(column / 26 - 1, into: &bytes) }
        bytes.append(UInt8(0x41 + column % 26))
    }

    // MARK: Parts

    private static let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    private static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    private static let packages = "http://schemas.openxmlformats.org/package/2006"
    private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

    private func workbook() -> String {
        var escaped: [UInt8] = []
        XLSXText.escape(name.replacing("\"", with: ""), into: &escaped)
        let title = String(decoding: escaped, as: UTF8.self)
        let list = (1...sheets).map { "<sheet name=\"\(title)\($0 == 1 ? "" : " \($0)")\" sheetId=\"\($0)\" r:id=\"rId\($0)\"/>" }.joined()
        return Self.head + "<workbook xmlns=\"\(Self.main)\" xmlns:r=\"\(Self.office)\"><sheets>\(list)</sheets></workbook>"
    }

    private func relations() -> String {
        let list = (1...sheets).map { "<Relationship Id=\"rId\($0)\" Type=\"\(Self.office)/worksheet\" Target=\"worksheets/sheet\($0).xml\"/>" }.joined()
        return Self.head + "<Relationships xmlns=\"\(Self.packages)/relationships\">\(list)"
            + "<Relationship Id=\"rId\(sheets + 1)\" Type=\"\(Self.office)/styles\" Target=\"styles.xml\"/></Relationships>"
    }

    private static let root = head + "<Relationships xmlns=\"\(packages)/relationships\">"
        + "<Relationship Id=\"rId1\" Type=\"\(office)/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"

    private func contentTypes() -> String {
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        let list = (1...sheets).map { "<Override PartName=\"/xl/worksheets/sheet\($0).xml\" ContentType=\"\(kind).worksheet+xml\"/>" }.joined()
        return Self.head + "<Types xmlns=\"\(Self.packages)/content-types\">"
            + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
            + "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
            + "<Override PartName=\"/xl/workbook.xml\" ContentType=\"\(kind).sheet.main+xml\"/>"
            + "<Override PartName=\"/xl/styles.xml\" ContentType=\"\(kind).styles+xml\"/>\(list)</Types>"
    }

    /// In the order of `Style`.
    private static let styles = head + "<styleSheet xmlns=\"\(main)\">"
        + "<numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/><numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts>"
        + "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
        + "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>"
        + "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
        + "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"6\">"
        + "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
        + "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
        + "<xf numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
        + "<xf numFmtId=\"10\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
        + "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" quotePrefix=\"1\"/>"
        + "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/></cellXfs>"
        + "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>"
}
