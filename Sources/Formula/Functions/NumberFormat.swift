/// A format of `text()` for numbers: digits as `0` (always shown) and `#` (shown if there), a point, commas for thousands or, behind
/// the last digit, for a thousandth, `%`, `E+00` for a power of ten, and anything else as it is written; `"…"` and a backslash take signs literally. Up to three
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
        /// Digits of the power of ten, which is written behind the rest; nil: the number is written out.
        var exponentDigits: Int?
        /// Whether a power that is not negative gets a sign.
        var showsPlus = false
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
        /// Behind `E`, and then behind its sign.
        var awaitsSign = false
        var isInExponent = false
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
            if awaitsSign {
                guard scalar == "+" || scalar == "-" else { throw FormulaFailure(.domain) }
                (awaitsSign, isInExponent) = (false, true)
                sections[sections.count - 1].showsPlus = scalar == "+"
                sections[sections.count - 1].exponentDigits = 0
                continue
            }
            if isInExponent {
                if scalar == "0" {
                    sections[sections.count - 1].exponentDigits = (sections[sections.count - 1].exponentDigits ?? 0) + 1
                    continue
                }
                // Behind the power only another part may stand.
                guard scalar == ";" else { throw FormulaFailure(.domain) }
                isInExponent = false
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
            case "E" where sections[sections.count - 1].tokens.contains { if case .digit = $0 { true } else { false } }:
                endDigits()
                awaitsSign = true
            case "a"..."z", "A"..."Z":
                // Letters are dates' or other programs'; words go into quotes.
                throw FormulaFailure(.domain)
            default:
                endDigits()
                literal(scalar)
            }
        }
        endDigits()
        guard !isQuoted, !isEscaped, !awaitsSign, sections.allSatisfy({ $0.exponentDigits != 0 }) else { throw FormulaFailure(.domain) }
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
        if let digits = section.exponentDigits {
            let (mantissa, exponent) = Self.scientific(value, decimals: section.decimals)
            let power = String(exponent.magnitude)
            let sign = exponent < 0 ? "-" : section.showsPlus ? "+" : ""
            return (number.isNegative && showsSign ? "-" : "") + fill(section, with: mantissa) + "E" + sign
                + String(repeating: "0", count: max(0, digits - power.utf8.count)) + power
        }
        value = try value.rounded(decimals: section.decimals)
        // A number that was rounded to nothing has no sign.
        let sign = number.isNegative && showsSign && !value.isZero ? "-" : ""
        return sign + fill(section, with: value)
    }

    /// One digit before the point and so many behind it, times ten to the power of the exponent.
    private static func scientific(_ value: ExactDecimal, decimals: Int) -> (mantissa: ExactDecimal, exponent: Int) {
        guard !value.isZero else { return (.zero, 0) }
        let parts = value.description.split(separator: ".", omittingEmptySubsequences: false)
        let whole = parts[0] == "0" ? "" : String(parts[0]), behind = parts.count > 1 ? String(parts[1]) : ""
        let zeros = whole.isEmpty ? behind.prefix { $0 == "0" }.count : 0
        let digits = (whole + behind).drop { $0 == "0" }
        let exponent = whole.isEmpty ? -zeros - 1 : whole.utf8.count - 1
        let rest = digits.dropFirst()
        guard let first = digits.first, let exact = ExactDecimal(rest.isEmpty ? "\(first)" : "\(first).\(rest)"),
            let mantissa = try? exact.rounded(decimals: decimals)
        else { return (.zero, 0) }
        // 9.99 may become 10.
        return mantissa < ExactDecimal(10) ? (mantissa, exponent) : (.one, exponent + 1)
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
