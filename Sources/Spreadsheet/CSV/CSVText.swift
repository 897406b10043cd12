/// Writes CSV that spreadsheets open as it is meant (RFC 4180, UTF-8 with BOM, CRLF), and that no spreadsheet takes for a program.
package enum CSVText {
    package static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    package static func line(_ cells: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            if needsQuotes(cell) {
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

    private static func needsQuotes(_ cell: String) -> Bool {
        cell.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D || $0 == 0x3B || $0 == 0x09 } || cell.first == " " || cell.last == " "
    }

    /// Characters at the beginning of a cell at which spreadsheets begin to calculate, and their full-width twins.
    private static let triggers: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]

    /// A text cell with a `'` in front where a spreadsheet would take it for a formula, or where reading would take off its own.
    ///
    /// - Parameter keepsNumbers: Whether `-42` and `+8613800001111` stay as they are: a value, whoever reads it.
    package static func neutralised(_ text: String, keepsNumbers: Bool = false) -> String {
        guard isDangerous(text) else { return text }
        return keepsNumbers && isPlainNumber(text) ? text : "'" + text
    }

    /// Takes the `'` off again that stands in front of such a text.
    package static func restored(_ cell: String) -> String {
        guard cell.utf8.first == 0x27, isDangerous(String(cell.dropFirst())) else { return cell }
        return String(cell.dropFirst())
    }

    /// Whether the text begins, behind any number of `'`, with what begins a calculation.
    private static func isDangerous(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        // Most texts begin with a letter or a digit.
        switch first {
        case 0x27, 0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D, 0xEF: break
        default: return false
        }
        return text.unicodeScalars.first { $0 != "'" }.map(triggers.contains) ?? false
    }

    /// `-42`, `+8613812345678`, `-1.5%`.
    private static func isPlainNumber(_ text: String) -> Bool {
        var rest = Substring(text)
        guard let sign = rest.popFirst(), sign == "+" || sign == "-", !rest.isEmpty else { return false }
        if rest.last == "%" { rest = rest.dropLast() }
        return !rest.isEmpty && rest.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2E } && rest.utf8.count(where: { $0 == 0x2E }) <= 1
    }
}
