/// The texts that a workbook keeps once for all cells, one after the other in one buffer.
final class SharedTexts {
    static let mostPartBytes: Int64 = 2 << 30
    /// Of the texts themselves: these stand in memory while the rows are read.
    private static let mostBytes = 512 << 20

    private var bytes: [UInt8] = []
    private var ends: [UInt32] = []

    init() {}

    init(_ part: ZipPart) throws(TableTrouble) {
        let xml = XMLReader(part)
        while true {
            switch try xml.next() {
            case .done: return
            case .start:
                guard xml.isNamed("si") else { continue }
                try xml.richText(into: &bytes)
                guard bytes.count <= Self.mostBytes else {
                    throw TableTrouble(zh: "工作簿里的文字太多，请另存为 CSV", en: "the workbook holds too much text; save it as CSV")
                }
                ends.append(UInt32(bytes.count))
            case .end, .text: continue
            }
        }
    }

    subscript(index: Int) -> String? {
        guard ends.indices.contains(index) else { return nil }
        let start = index == 0 ? 0 : Int(ends[index - 1])
        return XLSXText.unescaped(bytes[start..<Int(ends[index])])
    }
}

extension XMLReader {
    /// The text of an element of rich text that has just started: its `t`s, plain or in runs; how it is pronounced is left out.
    func richText(into target: inout [UInt8]) throws(TableTrouble) {
        let outside = depth - 1
        while depth > outside {
            switch try next() {
            case .start:
                if isNamed("t") { try texts(into: &target) } else if isNamed("rPh") { try skipElement() }
            case .end, .text: continue
            case .done: throw Self.malformed
            }
        }
    }
}

/// Characters that XML cannot hold stand in workbooks as `_x000D_` (ECMA-376, ST_Xstring).
enum XLSXText {
    static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(0x5F) else { return String(decoding: bytes, as: UTF8.self) }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == 0x5F, let unit = unit(in: bytes, at: index), let scalar = Unicode.Scalar(unit) {
                plain += String(Character(scalar)).utf8
                index += 7
            } else {
                plain.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    /// What `_xHHHH_` at this place stands for.
    private static func unit(in bytes: ArraySlice<UInt8>, at index: Int) -> UInt16? {
        guard index + 7 <= bytes.endIndex, bytes[index + 1] == 0x78, bytes[index + 6] == 0x5F else { return nil }
        var unit: UInt16 = 0
        for byte in bytes[(index + 2)..<(index + 6)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// As it stands between tags.
    static func escape(_ text: String, into bytes: inout [UInt8]) {
        let source = Array(text.utf8)
        for (index, byte) in source.enumerated() {
            switch byte {
            case 0x26: bytes += "&amp;".utf8
            case 0x3C: bytes += "&lt;".utf8
            case 0x3E: bytes += "&gt;".utf8
            case 0x5F where unit(in: source[...], at: index) != nil: bytes += "_x005F_".utf8
            case 0x09, 0x0A: bytes.append(byte)
            case 0x00..<0x20:
                let hex = String(byte, radix: 16, uppercase: true)
                bytes += "_x00\(hex.count == 1 ? "0" : "")\(hex)_".utf8
            default: bytes.append(byte)
            }
        }
    }
}
