import SourceText

/// Reads CSV (RFC 4180): quotes around cells, doubled quotes in them, line breaks inside quotes. Pure: bytes in, lines out.
enum CSVReader {
    /// A file of this size holds a million rows; what is larger is a mistake, or belongs into several files.
    static let mostBytes = 200 << 20
    static let mostCellBytes = 1 << 20
    static let mostColumns = 500

    static func read(_ bytes: [UInt8]) throws(Violation) -> ImportTable {
        guard bytes.count <= mostBytes else {
            throw Violation(.tooLong, Words(zh: "文件超过 200 MB，请分成几个文件", en: "the file is larger than 200 MB; split it"))
        }
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            throw Violation(.unreadable, Words(zh: "这是 Excel 工作簿，请另存为 CSV 再导入", en: "this is an Excel workbook; save it as CSV first"))
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw Violation(.unreadable, Words(zh: "文件是 UTF-16 编码，请另存为 UTF-8 的 CSV", en: "the file is in UTF-16; save it as CSV in UTF-8"))
        }
        guard let (text, encoding) = TextDecoding.decode(bytes) else {
            throw Violation(.unreadable, Words(zh: "文件既不是 UTF-8 也不是 GB18030 编码的文本", en: "the file is text neither in UTF-8 nor in GB18030"))
        }
        guard !text.contains(0) else {
            throw Violation(.unreadable, Words(zh: "这不是文本文件", en: "this is not a text file"))
        }
        let separator = guessSeparator(text)
        var lines = try split(text, separator: separator)
        guard !lines.isEmpty else {
            throw Violation(.unreadable, Words(zh: "文件是空的：第一行应是列名", en: "the file is empty: its first line names the columns"))
        }
        let header = lines.removeFirst().cells.map { Cleaning.trim($0) }
        guard header.count <= mostColumns else {
            throw Violation(.tooLong, Words(zh: "文件有 \(header.count) 列，最多 \(mostColumns) 列", en: "the file has \(header.count) columns, at most \(mostColumns) can be read"))
        }
        return ImportTable(encoding: encoding, separator: Character(Unicode.Scalar(separator)), header: header, rows: lines)
    }

    /// The separator that stands most often in the first line, outside quotes; a comma if none does.
    static func guessSeparator(_ text: [UInt8]) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in text {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == 0x0A || byte == 0x0D { break }
            if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "\t") { counts[byte, default: 0] += 1 }
        }
        return [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].max { (counts[$0] ?? 0, $0 == UInt8(ascii: ",") ? 1 : 0) < (counts[$1] ?? 0, $1 == UInt8(ascii: ",") ? 1 : 0) }
            ?? UInt8(ascii: ",")
    }

    /// Lines with nothing in them are passed over.
    static func split(_ text: [UInt8], separator: UInt8) throws(Violation) -> [ImportTable.Line] {
        let quote = UInt8(ascii: "\"")
        var lines: [ImportTable.Line] = []
        var cells: [String] = []
        var cell: [UInt8] = []
        var number = 1
        var begun = 1
        var isQuoted = false
        var wasQuoted = false
        var position = 0

        func tooLong(_ line: Int) -> Violation {
            Violation(.tooLong, Words(zh: "第 \(line) 行有一格超过 1 MB", en: "line \(line) has a cell of more than 1 MB"))
        }
        func endCell() {
            cells.append(String(decoding: cell, as: UTF8.self))
            cell.removeAll(keepingCapacity: true)
            wasQuoted = false
        }
        func endLine() {
            endCell()
            if cells.count > 1 || cells[0].unicodeScalars.contains(where: { !Cleaning.isBlank($0) }) {
                lines.append(ImportTable.Line(number: begun, cells: cells))
            }
            cells.removeAll(keepingCapacity: true)
        }

        while position < text.count {
            let byte = text[position]
            position += 1
            if isQuoted {
                if byte == quote {
                    if position < text.count, text[position] == quote {
                        cell.append(quote)
                        position += 1
                    } else {
                        isQuoted = false
                    }
                } else {
                    if byte == 0x0A { number += 1 }
                    cell.append(byte)
                }
            } else if byte == quote, cell.isEmpty, !wasQuoted {
                isQuoted = true
                wasQuoted = true
            } else if byte == separator {
                endCell()
                guard cells.count <= mostColumns * 2 else {
                    throw Violation(.tooLong, Words(zh: "第 \(begun) 行的列太多", en: "line \(begun) has too many columns"))
                }
            } else if byte == 0x0A || byte == 0x0D {
                if byte == 0x0D, position < text.count, text[position] == 0x0A { position += 1 }
                endLine()
                number += 1
                begun = number
            } else {
                cell.append(byte)
            }
            if cell.count > mostCellBytes { throw tooLong(begun) }
        }
        if isQuoted {
            throw Violation(.unreadable, Words(zh: "第 \(begun) 行的引号没有结束", en: "line \(begun) has a quote that never ends"))
        }
        if !cell.isEmpty || !cells.isEmpty || wasQuoted { endLine() }
        return lines
    }
}
