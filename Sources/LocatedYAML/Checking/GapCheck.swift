import SourceText

/// Looks at what stands between the scalars: blanks, signs, comments. libyaml reads some of it more kindly than YAML is defined, and
/// than other programs will.
struct GapCheck {
    let text: YAMLText
    /// In the order of the file.
    let scalars: [Range<Int>]

    /// - Parameter limit: Where to stop, if the file was read to there only.
    func run(_ report: inout Diagnostics, before limit: Int?) {
        let bytes = limit.map { Array(text.bytes[..<$0]) } ?? text.bytes
        var index = text.start
        var scalar = 0
        var tabLines: [Int] = []
        var firstTab: Int?
        var hasContent = false
        while index < bytes.count {
            while scalar < scalars.count, scalars[scalar].upperBound <= index { scalar += 1 }
            if scalar < scalars.count, scalars[scalar].contains(index) {
                index = scalars[scalar].upperBound
                hasContent = true
                continue
            }
            switch bytes[index] {
            case UInt8(ascii: "#"):
                if index > text.start, !isBlankByte(bytes[index - 1]), !isBreakByte(bytes[index - 1]) {
                    report.report(.commentNeedsSpace(text.span(index..<index + 1)))
                }
                while index < bytes.count, !isBreakByte(bytes[index]) { index += 1 }
            case UInt8(ascii: "\t"):
                if isFollowedByContent(index) {
                    let line = text.line(of: index)
                    if firstTab == nil { firstTab = index }
                    if tabLines.last != line { tabLines.append(line) }
                }
                index += 1
            case UInt8(ascii: "%") where !hasContent && isAtLineStart(index):
                let line = text.content(ofLine: text.line(of: index))
                report.report(.directive(text.span(line)))
                index = line.upperBound
            case UInt8(ascii: "?") where index + 1 >= bytes.count || isBlankByte(bytes[index + 1]) || isBreakByte(bytes[index + 1]):
                report.report(.questionMarkKey(text.span(index..<index + 1)))
                index += 1
            default: index += 1
            }
        }
        if let firstTab { report.report(.tab(text.span(firstTab..<firstTab + 1), moreLines: tabLines.count - 1)) }
    }

    private func isAtLineStart(_ index: Int) -> Bool {
        index == text.start || isBreakByte(text.bytes[index - 1])
    }

    /// Blanks at the end of a line and before a comment separate nothing.
    private func isFollowedByContent(_ index: Int) -> Bool {
        var next = index
        while next < text.bytes.count, isBlankByte(text.bytes[next]) { next += 1 }
        return next < text.bytes.count && !isBreakByte(text.bytes[next]) && text.bytes[next] != UInt8(ascii: "#")
    }
}
