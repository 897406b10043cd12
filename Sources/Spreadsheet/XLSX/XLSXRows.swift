/// The rows of a sheet as they stand in its part, one after the other.
final class XLSXRows {
    private let part: ZipPart
    private let xml: XMLReader
    private let texts: SharedTexts
    private let styles: [NumberFormat]
    private let countsFrom1904: Bool
    private var isInside = false
    private var line = 0
    private var value: [UInt8] = []

    var progress: Int { part.progress }

    init(_ part: ZipPart, texts: SharedTexts, styles: [NumberFormat], countsFrom1904: Bool) {
        self.part = part
        xml = XMLReader(part)
        self.texts = texts
        self.styles = styles
        self.countsFrom1904 = countsFrom1904
    }

    func next() throws(TableTrouble) -> TableRow? {
        while true {
            switch try xml.next() {
            case .done:
                return nil
            case .start:
                if xml.isNamed("sheetData") {
                    isInside = true
                } else if isInside, xml.isNamed("row") {
                    line = xml.int("r") ?? line + 1
                    if let row = try row() { return row }
                } else if !isInside, xml.depth == 2 {
                    try xml.skipElement()
                }
            case .end:
                // What stands behind the rows is not looked at.
                if isInside, xml.isNamed("sheetData") { return nil }
            case .text: continue
            }
        }
    }

    /// Nil for a row with nothing in it.
    private func row() throws(TableTrouble) -> TableRow? {
        var cells: [String] = []
        var faults: [Int] = []
        var column = -1
        let outside = xml.depth - 1
        while xml.depth > outside {
            switch try xml.next() {
            case .done: throw XMLReader.malformed
            case .end, .text: continue
            case .start:
                guard xml.isNamed("c") else {
                    try xml.skipElement()
                    continue
                }
                column = xml.attribute("r").flatMap(Self.column) ?? column + 1
                let (text, isFault) = try cell()
                guard !text.isEmpty else { continue }
                guard column >= 0, column < TableLimits.mostColumns * 2 else { throw .rowTooWide(line: line) }
                guard text.utf8.count <= TableLimits.mostCellBytes else { throw .cellTooLong(line: line) }
                while cells.count <= column { cells.append("") }
                cells[column] = text
                if isFault { faults.append(column) }
            }
        }
        return cells.allSatisfy(\.isOnlyBlanks) ? nil : TableRow(line: line, cells: cells, faults: faults)
    }

    private enum Kind { case number, shared, text, inline, bool, error, date }

    /// The cell that has just started. Of a formula, what it came to when the book was saved.
    private func cell() throws(TableTrouble) -> (text: String, isFault: Bool) {
        let kind: Kind
        if let type = xml.attribute("t") {
            if XMLReader.equal(type, "s") { kind = .shared } else if XMLReader.equal(type, "str") { kind = .text }
            else if XMLReader.equal(type, "inlineStr") { kind = .inline } else if XMLReader.equal(type, "b") { kind = .bool }
            else if XMLReader.equal(type, "e") { kind = .error } else if XMLReader.equal(type, "d") { kind = .date } else { kind = .number }
        } else {
            kind = .number
        }
        let style = xml.int("s") ?? 0
        value.removeAll(keepingCapacity: true)
        let outside = xml.depth - 1
        while xml.depth > outside {
            switch try xml.next() {
            case .done: throw XMLReader.malformed
            case .end, .text: continue
            case .start:
                if xml.isNamed("v") { try xml.texts(into: &value) } else if xml.isNamed("is") { try xml.richText(into: &value) } else { try xml.skipElement() }
            }
        }
        guard !value.isEmpty else { return ("", false) }
        switch kind {
        case .shared:
            guard let index = Int(String(decoding: value, as: UTF8.self)), let text = texts[index] else { throw ZipArchive.damaged }
            return (text, false)
        case .text, .inline:
            return (XLSXText.unescaped(value[...]), false)
        case .bool:
            return (value == [0x31] ? "TRUE" : "FALSE", false)
        case .error:
            return (String(decoding: value, as: UTF8.self), true)
        case .date:
            // ISO 8601; a midnight is a day.
            let text = String(decoding: value, as: UTF8.self)
            return (text.hasSuffix("T00:00:00") ? String(text.dropLast(9)) : text, false)
        case .number:
            let format = styles.indices.contains(style) ? styles[style] : .plain
            return (format.text(of: String(decoding: value, as: UTF8.self), countsFrom1904: countsFrom1904), false)
        }
    }

    /// `C7` is column 2.
    private static func column(_ reference: [UInt8]) -> Int? {
        var number = 0
        for byte in reference {
            guard byte >= 0x41, byte <= 0x5A else { break }
            number = number * 26 + Int(byte - 0x40)
            guard number < 100_000 else { return 100_000 }
        }
        return number == 0 ? nil : number - 1
    }
}
