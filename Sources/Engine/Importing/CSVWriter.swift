import Formula
import Model

/// Writes CSV that spreadsheets open as it is meant (RFC 4180, UTF-8 with BOM, CRLF), and that no spreadsheet takes for a program.
enum CSVWriter {
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    static func line(_ cells: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            if cell.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D || $0 == 0x3B || $0 == 0x09 }) || cell.first == " " || cell.last == " " {
                bytes.append(0x22)
                for byte in cell.utf8 {
                    if byte == 0x22 { bytes.append(0x22) }
                    bytes.append(byte)
                }
                bytes.append(0x22)
            } else {
                bytes += cell.utf8
            }
        }
        bytes += [0x0D, 0x0A]
        return bytes
    }

    /// Characters at the beginning of a cell at which spreadsheets begin to calculate, and their full-width twins.
    private static let triggers: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]

    /// A text cell with a `'` in front where a spreadsheet would take it for a formula. A phone number of digits stays as it is.
    static func neutralised(_ text: String, kind: FieldKind) -> String {
        guard isDangerous(text) else { return text }
        switch kind {
        case .number, .money, .percent, .bool, .date, .datetime, .duration: return text
        case .phone: return isPlainNumber(text) ? text : "'" + text
        case .text, .longText, .choice, .choices, .tags, .email, .url, .link, .file, .autonumber, .stage: return "'" + text
        }
    }

    /// A cell of which only the text is known, as a rejected row has it.
    static func neutralised(_ text: String) -> String {
        isDangerous(text) && !isPlainNumber(text) ? "'" + text : text
    }

    /// Takes the `'` off again that stands in front of such a text.
    static func restored(_ cell: String) -> String {
        guard cell.first == "'", isDangerous(String(cell.dropFirst())) else { return cell }
        return String(cell.dropFirst())
    }

    private static func isDangerous(_ text: String) -> Bool {
        text.unicodeScalars.first.map(triggers.contains) ?? false
    }

    /// `-42`, `+8613812345678`, `-1.5%`: a value, whoever reads it.
    private static func isPlainNumber(_ text: String) -> Bool {
        var rest = Substring(text)
        guard let sign = rest.popFirst(), sign == "+" || sign == "-", !rest.isEmpty else { return false }
        if rest.last == "%" { rest = rest.dropLast() }
        return !rest.isEmpty && rest.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2E } && rest.utf8.count(where: { $0 == 0x2E }) <= 1
    }
}
