/// One line of a file with carets under a part of it, made fit for a terminal.
struct Snippet {
    /// Columns shown of a line; a longer line is cut around the carets.
    static let maximumWidth = 110
    /// Columns kept before the carets when a line is cut.
    private static let leadWidth = 40

    let line: String
    /// The spaces before the carets.
    let indentation: String
    let carets: String

    private struct Cell {
        let text: String
        let width: Int
        let isMarked: Bool
    }

    /// - Parameters:
    ///   - bytes: The line without its line break; not necessarily UTF-8.
    ///   - marked: The byte range within `bytes` to put carets under; empty means one caret where it stands.
    init(_ bytes: ArraySlice<UInt8>, marked: Range<Int>) {
        // What lies far from the carets is never shown, so it need not be looked at either.
        let near = 4 * (Self.maximumWidth + 8)
        let low = max(0, marked.lowerBound - near)
        let high = min(bytes.count, max(marked.lowerBound, low) + near)
        let cells = Self.cells(of: bytes, from: low, to: high, marked: marked)
        let first = cells.firstIndex { $0.isMarked } ?? cells.count
        let total = cells.reduce(0) { $0 + $1.width }

        var from = 0
        var before = cells[..<first].reduce(0) { $0 + $1.width }
        let isCut = total > Self.maximumWidth || low > 0 || high < bytes.count
        if isCut {
            while from < first, before > Self.leadWidth {
                before -= cells[from].width
                from += 1
            }
        }
        var to = from
        var width = 0
        while to < cells.count, !isCut || width + cells[to].width <= Self.maximumWidth {
            width += cells[to].width
            to += 1
        }
        let cutBefore = from > 0 || low > 0
        let cutAfter = to < cells.count || high < bytes.count
        line = (cutBefore ? "…" : "") + cells[from..<to].map(\.text).joined() + (cutAfter ? "…" : "")
        let markedWidth = cells[min(first, to)..<to].prefix { $0.isMarked }.reduce(0) { $0 + $1.width }
        indentation = String(repeating: " ", count: before + (cutBefore ? 1 : 0))
        carets = String(repeating: "^", count: max(1, markedWidth))
    }

    private static func cells(of bytes: ArraySlice<UInt8>, from: Int, to: Int, marked: Range<Int>) -> [Cell] {
        var cells: [Cell] = []
        var index = bytes.startIndex + from
        // A cut never begins inside a scalar.
        while from > 0, index < bytes.endIndex, bytes[index] & 0xC0 == 0x80 { index += 1 }
        let end = bytes.startIndex + to
        while index < end {
            let offset = index - bytes.startIndex
            var decoder = UTF8()
            var rest = bytes[index...].prefix(4).makeIterator()
            let shown: (text: String, width: Int)
            let length: Int
            switch decoder.decode(&rest) {
            case .scalarValue(let scalar):
                shown = DisplayText.shown(scalar)
                length = UTF8.width(scalar)
            case .emptyInput, .error:
                let hex = String(bytes[index], radix: 16, uppercase: true)
                shown = ("\\x" + (hex.utf8.count < 2 ? "0" : "") + hex, 4)
                length = 1
            }
            let isMarked = marked.isEmpty ? false : offset < marked.upperBound && offset + length > marked.lowerBound
            // An empty range marks the place before the scalar that stands there.
            let isPlace = marked.isEmpty && offset <= marked.lowerBound && marked.lowerBound < offset + length
            cells.append(Cell(text: shown.text, width: shown.width, isMarked: isMarked || isPlace))
            index += length
        }
        return cells
    }
}
