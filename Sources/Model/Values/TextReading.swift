import Formula
import SourceText

// What values read from text have in common: blanks, full-width letters, lists, numbers with suffixes, dates as people write them.

extension String {
    /// Nothing but blanks.
    var isBlankText: Bool { unicodeScalars.allSatisfy { $0.properties.isWhitespace } }

    /// Without blanks at both ends.
    package var trimmedText: String { String(Substring(self).trimmed) }

    /// Trimmed, full-width ASCII letters, digits and signs as their half-width twins.
    var halfwidth: String {
        guard unicodeScalars.contains(where: { (0xFF01...0xFF5E).contains($0.value) || $0.value == 0x3000 }) else { return trimmedText }
        var narrow = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            narrow.append((0xFF01...0xFF5E).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar)
        }
        return String(narrow).trimmedText
    }

    /// The words between `;`, `,`, `、` and their full-width twins, without blanks and repetitions.
    var listItems: [String] {
        var seen: Set<String> = []
        return split { ";；,，、".contains($0) || $0.isNewline }.map { String($0.trimmed) }.filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    func issue(limit: Int) -> ValueIssue? {
        if unicodeScalars.count > limit { return .tooLong(limit: limit) }
        let hasControl = unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\r" && $0 != "\t" || $0.value == 0x7F }
        return hasControl ? .controlCharacter : nil
    }
}

extension Substring {
    var trimmed: Substring {
        var rest = self
        while let first = rest.unicodeScalars.first, first.properties.isWhitespace { rest.unicodeScalars.removeFirst() }
        while let last = rest.unicodeScalars.last, last.properties.isWhitespace { rest.unicodeScalars.removeLast() }
        return rest
    }
}

/// Numbers as people write them: `1,234.5`, `1.5万`, `2亿`, `5M`.
enum NumberText {
    private static let suffixes: [Character: Int] = [
        "千": 1_000, "万": 10_000, "亿": 100_000_000, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000,
    ]

    /// The digits without thousands commas, and what to multiply by.
    static func parts(of text: Substring) -> (digits: String, factor: ExactDecimal)? {
        var rest = text.trimmed
        var factor = 1
        while let last = rest.last, let suffix = suffixes[last] {
            // 万亿 is a suffix of two.
            guard factor == 1 || suffix <= 10_000 && factor == 100_000_000 else { return nil }
            factor *= suffix
            rest = rest.dropLast().trimmed
        }
        guard let digits = withoutThousands(rest), !digits.contains(where: { $0 == "e" || $0 == "E" }) else { return nil }
        return (digits, ExactDecimal(factor))
    }

    /// Commas stand before every group of three digits left of the point, or nowhere.
    private static func withoutThousands(_ text: Substring) -> String? {
        guard text.contains(",") else { return String(text) }
        let whole = text.prefix { $0 != "." }
        let groups = whole.split(separator: ",", omittingEmptySubsequences: false)
        guard let first = groups.first?.drop(while: { $0 == "-" || $0 == "+" }), (1...3).contains(first.count),
            groups.dropFirst().allSatisfy({ $0.count == 3 && $0.allSatisfy(\.isNumber) })
        else { return nil }
        return groups.joined() + text.dropFirst(whole.count)
    }
}

/// Dates and times as people and spreadsheets write them.
enum DateReader {
    /// `2026-11-02`, `2026/11/2`, `2026.11.2`, `2026年11月2日`, `20261102`; a time of midnight behind it is overlooked.
    static func day(_ text: String) -> Day? {
        guard let (day, rest) = dayAndRest(text) else { return nil }
        if rest.isEmpty { return day }
        guard let clock = time(rest), clock == 0 else { return nil }
        return day
    }

    /// A day with or without `14:30[:05]`, or RFC 3339.
    static func instant(_ text: String, _ zone: Zone) -> Instant? {
        if let exact = Instant(text) { return exact }
        guard let (day, rest) = dayAndRest(text) else { return nil }
        guard !rest.isEmpty else { return zone.startOfDay(day) }
        return time(rest).map { zone.instant(WallClock(day: day, microseconds: $0)) }
    }

    private static func dayAndRest(_ text: String) -> (Day, Substring)? {
        var rest = Substring(text)
        func number(_ range: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard range.contains(digits.count) else { return nil }
            rest = rest.dropFirst(digits.count)
            return Int(digits)
        }
        if text.utf8.count == 8, let all = Int(text), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Day(year: all / 10_000, month: all / 100 % 100, day: all % 100).map { ($0, "") }
        }
        guard let year = number(4...4), let separator = rest.popFirst(), "-/.年".contains(separator), let month = number(1...2),
            let second = rest.popFirst(), second == (separator == "年" ? "月" : separator), let date = number(1...2)
        else { return nil }
        if separator == "年" {
            guard rest.popFirst() == "日" else { return nil }
        }
        let clock = rest.first == "T" ? rest.dropFirst() : rest.trimmed
        // Behind a day there is a blank, a T, 日 or nothing.
        guard rest.isEmpty || separator == "年" || rest.first == "T" || rest.first == " " else { return nil }
        return Day(year: year, month: month, day: date).map { ($0, clock) }
    }

    /// `9:30`, `14:30:05`, as microseconds since midnight.
    private static func time(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), parts.allSatisfy({ (1...2).contains($0.count) && $0.allSatisfy { $0.isASCII && $0.isNumber } }) else {
            return nil
        }
        let numbers = parts.compactMap { Int64($0) }
        guard numbers.count == parts.count, numbers[0] < 24, numbers.dropFirst().allSatisfy({ $0 < 60 }) else { return nil }
        return numbers[0] * Microseconds.perHour + numbers[1] * Microseconds.perMinute + (numbers.count > 2 ? numbers[2] : 0) * Microseconds.perSecond
    }
}
