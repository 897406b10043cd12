/// Reads CSV (RFC 4180): quotes around cells, doubled quotes in them, line breaks inside quotes. Lines with nothing in them are passed over.
final class CSVRows {
    private let counted: CountingSource
    private let bytes: BufferedBytes
    private let separator: UInt8
    private let plainStops: StopBytes
    private let quotedStops = StopBytes([0x22, 0x0A])
    private var number = 1
    private var cell: [UInt8] = []

    var bytesRead: Int64 { counted.count }

    init(_ file: FileBytes, _ format: CSVFormat) throws(TableTrouble) {
        let start: Int64 = format.encoding == .utf8BOM ? 3 : 0
        counted = CountingSource(FileSource(file, from: start))
        bytes = BufferedBytes(format.encoding == .gb18030 ? try GB18030Source(counted) : counted)
        separator = format.separator.byte
        plainStops = StopBytes([format.separator.byte, 0x0A, 0x0D, 0x22])
    }

    func next() throws(TableTrouble) -> TableRow? {
        while true {
            guard try bytes.peek() >= 0 else { return nil }
            let begun = number
            let cells = try line(begun)
            if cells.count > 1 || !cells[0].isOnlyBlanks { return TableRow(line: begun, cells: cells.map(CSVText.restored)) }
        }
    }

    private func line(_ begun: Int) throws(TableTrouble) -> [String] {
        var cells: [String] = []
        cells.reserveCapacity(16)
        var isQuoted = false
        var wasQuoted = false
        cell.removeAll(keepingCapacity: true)

        while true {
            if isQuoted {
                try bytes.take(into: &cell, until: quotedStops.flags)
                let byte = try bytes.next()
                if byte < 0 { throw TableTrouble(zh: "第 \(begun) 行的引号没有结束", en: "line \(begun) has a quote that never ends") }
                if byte == 0x22 {
                    if try bytes.peek() == 0x22 {
                        _ = try bytes.next()
                        cell.append(0x22)
                    } else {
                        isQuoted = false
                    }
                } else {
                    if byte == 0x0A { number += 1 }
                    cell.append(UInt8(byte))
                }
            } else {
                try bytes.take(into: &cell, until: plainStops.flags)
                let byte = try bytes.next()
                if byte == 0x22 {
                    if cell.isEmpty, !wasQuoted {
                        isQuoted = true
                        wasQuoted = true
                    } else {
                        cell.append(0x22)
                    }
                } else if byte == Int(separator) {
                    cells.append(String(decoding: cell, as: UTF8.self))
                    cell.removeAll(keepingCapacity: true)
                    wasQuoted = false
                    guard cells.count <= TableLimits.mostColumns * 2 else { throw .rowTooWide(line: begun) }
                } else if byte == 0x0A || byte == 0x0D || byte < 0 {
                    if byte == 0x0D, try bytes.peek() == 0x0A { _ = try bytes.next() }
                    number += 1
                    cells.append(String(decoding: cell, as: UTF8.self))
                    return cells
                } else {
                    // The run went on behind the buffer's end.
                    cell.append(UInt8(byte))
                }
            }
            if cell.count > TableLimits.mostCellBytes { throw .cellTooLong(line: begun) }
        }
    }
}

/// Counts what was read.
final class CountingSource: ByteSource {
    private let source: FileSource
    private(set) var count: Int64 = 0

    init(_ source: FileSource) { self.source = source }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableTrouble) -> Int {
        let read = try source.read(into: buffer)
        count += Int64(read)
        return read
    }
}
