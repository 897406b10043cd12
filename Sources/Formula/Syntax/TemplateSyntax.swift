/// Cuts a template into its text and the formulas in braces.
enum TemplateSyntax {
    enum Piece {
        /// With `{{` and `}}` as single braces.
        case text(String)
        /// UTF-8 range of what stands between the braces.
        case formula(Range<Int>)
    }

    static func pieces(of template: String) -> (pieces: [Piece], mistakes: [FormulaMistake]) {
        var pieces: [Piece] = []
        var mistakes: [FormulaMistake] = []
        var literal: [UInt8] = []
        let bytes = Array(template.utf8)
        guard bytes.count <= FormulaLimits.bytes else { return ([], [FormulaMistake(.tooLong, at: 0..<bytes.count)]) }
        var index = 0
        func flush() {
            if !literal.isEmpty { pieces.append(.text(String(decoding: literal, as: UTF8.self))) }
            literal = []
        }
        while index < bytes.count {
            let byte = bytes[index]
            let isDoubled = index + 1 < bytes.count && bytes[index + 1] == byte
            switch byte {
            case UInt8(ascii: "{") where isDoubled, UInt8(ascii: "}") where isDoubled:
                literal.append(byte)
                index += 2
            case UInt8(ascii: "{"):
                guard let end = closingBrace(in: bytes, from: index + 1) else {
                    mistakes.append(FormulaMistake(.unclosedBrace, at: index..<index + 1))
                    return (pieces, mistakes)
                }
                flush()
                if bytes[index + 1..<end].allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0A }) {
                    mistakes.append(FormulaMistake(.emptyBraces, at: index..<end + 1))
                } else {
                    pieces.append(.formula(index + 1..<end))
                }
                index = end + 1
            case UInt8(ascii: "}"):
                mistakes.append(FormulaMistake(.strayBrace, at: index..<index + 1))
                index += 1
            default:
                literal.append(byte)
                index += 1
            }
        }
        flush()
        return (pieces, mistakes)
    }

    /// The brace that ends a formula: the first outside its texts and quoted names.
    private static func closingBrace(in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        var quote: [UInt8]?
        while index < bytes.count {
            if let closer = quote {
                if bytes[index...].starts(with: closer) {
                    index += closer.count
                    quote = nil
                } else {
                    index += 1
                }
                continue
            }
            switch bytes[index] {
            case UInt8(ascii: "}"): return index
            case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"): quote = [bytes[index]]
            // “ ‘ in UTF-8: closed by ” ’.
            case 0xE2 where bytes[index...].starts(with: [0xE2, 0x80, 0x9C]): quote = [0xE2, 0x80, 0x9D]
            case 0xE2 where bytes[index...].starts(with: [0xE2, 0x80, 0x98]): quote = [0xE2, 0x80, 0x99]
            default: break
            }
            index += 1
        }
        return nil
    }
}
