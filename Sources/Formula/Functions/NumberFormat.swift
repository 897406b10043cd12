/// A format of `text()` for numbers: digits as `0` (always shown) and `#` (shown if there), a point, commas for thousands or, behind
/// the last digit, for a thousandth, `%`, and anything else as it is written; `"…"` and a backslash take signs literally. Up to three
/// parts between semicolons: positive, negative, zero.
package struct NumberFormat: Sendable {
    private enum Token: Sendable, Hashable {
        case literal(String)
        /// `0` if `isRequired`, else `#`.
        case digit(isRequired: Bool)
        case point
    }

    private struct Section: Sendable {
        var tokens: [Token] = []
        var groups = false
        var percents = 0
        var thousandths = 0
        var decimals: Int {
            guard let point = tokens.firstIndex(of: .point) else { return 0 }
            return tokens[point...].count { if case .digit = $0 { true } else { false } }
        }
    }

    private let sections: [Section]

    /// - Throws: `.domain` if it is no format for numbers.
    package init(_ format: String) throws(FormulaFailure) {
        var sections = [Section()]
        var isQuoted = false
        var isEscaped = false
        var pendingCommas = 0
        func literal(_ scalar: Unicode.Scalar) {
            if case .literal(let text) = sections[sections.count - 1].tokens.last {
                sections[sections.count - 1].tokens[sections[sections.count - 1].tokens.count - 1] = .literal(text + String(scalar))
            } else {
                sections[sections.count - 1].tokens.append(.literal(String(scalar)))
            }
        }
        func endDigits() {
            sections[sections.count - 1].thousandths += pendingCommas
            pendingCommas = 0
        }
        for scalar in format.unicodeScalars {
            if isEscaped {
                isEscaped = false
                literal(scalar)
                continue
            }
            if isQuoted, scalar != "\"" {
                literal(scalar)
                continue
            }
            switch scalar {
            case "\"": isQuoted.toggle()
            case "\\": isEscaped = true
            case "0", "#", "?":
                if pendingCommas > 0 { sections[sections.count - 1].groups = true }
                pendingCommas = 0
                sections[sections.count - 1].tokens.append(.digit(isRequired: scalar == "0"))
            case ",":
                if case .digit = sections[sections.count - 1].tokens.last { pendingCommas += 1 } else { literal(scalar) }
            case ".":
                endDigits()
                guard !sections[sections.count - 1].tokens.contains(.point) else { throw FormulaFailure(.domain) }
                sections[sections.count - 1].tokens.append(.point)
            case ";":
                endDigits()
                guard sections.count < 3 else { throw FormulaFailure(.domain) }
                sections.append(Section())
            case "%":
                endDigits()
                sections[sections.count - 1].percents += 1
                literal(scalar)
            case "a"..."z", "A"..."Z":
                // Letters are dates' or other programs'; words go into quotes.
                throw FormulaFailure(.domain)
            default:
                endDigits()
                literal(scalar)
            }
        }
        endDigits()
        guard !isQuoted, !isEscaped else { throw FormulaFailure(.domain) }
        self.sections = sections
    }

    /// - Throws: `.overflow` if the number is too great for percent.
    package func text(of number: ExactDecimal) throws(FormulaFailure) -> String {
        let section: Section
        var showsSign = true
        if number.isZero, sections.count == 3 {
            section = sections[2]
        } else if number.isNegative, sections.count > 1 {
            section = sections[1]
            showsSign = false
        } else {
            section = sections[0]
        }
        var value = number.magnitude
        for _ in 0..<section.percents { value = try value.multiplied(by: ExactDecimal(100)) }
        for _ in 0..<section.thousandths { value = try value.divided(by: ExactDecimal(1000)) }
        value = try value.rounded(decimals: section.decimals)
        // A number that was rounded to nothing has no sign.
        let sign = number.isNegative && showsSign && !value.isZero ? "-" : ""
        return sign + fill(section, with: value)
    }

    private func fill(_ section: Section, with value: ExactDecimal) -> String {
        let spelled = value.description.split(separator: ".", omittingEmptySubsequences: false)
        let whole = spelled.first == "0" ? "" : String(spelled.first ?? "")
        let decimals = Array(spelled.count > 1 ? String(spelled[1]) : "")
        let point = section.tokens.firstIndex(of: .point) ?? section.tokens.count
        return fillWhole(section.tokens[..<point], digits: Array(whole), groups: section.groups, hasPoint: point < section.tokens.count)
            + fillDecimals(section.tokens[point...], digits: decimals)
    }

    /// Right to left; the leftmost place takes all digits that are left.
    private func fillWhole(_ tokens: ArraySlice<Token>, digits: [Character], groups: Bool, hasPoint: Bool) -> String {
        var result: [Character] = []
        var left = digits
        var shown = 0
        func show(_ digit: Character) {
            if groups, shown > 0, shown % 3 == 0 { result.append(",") }
            result.append(digit)
            shown += 1
        }
        let first = tokens.firstIndex { if case .digit = $0 { true } else { false } }
        for (index, token) in zip(tokens.indices, tokens).reversed() {
            switch token {
            case .literal(let text): result.append(contentsOf: text.reversed())
            case .point: break
            case .digit(let isRequired):
                if let digit = left.popLast() { show(digit) } else if isRequired { show("0") }
                if index == first {
                    while let digit = left.popLast() { show(digit) }
                }
            }
        }
        // `.00` shows a whole part that is there.
        if first == nil, hasPoint {
            while let digit = left.popLast() { show(digit) }
        }
        return String(result.reversed())
    }

    private func fillDecimals(_ tokens: ArraySlice<Token>, digits: [Character]) -> String {
        var result = ""
        var position = 0
        for token in tokens {
            switch token {
            case .literal(let text): result += text
            case .point: result += "."
            case .digit(let isRequired):
                if position < digits.count { result.append(digits[position]) } else if isRequired { result.append("0") }
                position += 1
            }
        }
        return result
    }
}
