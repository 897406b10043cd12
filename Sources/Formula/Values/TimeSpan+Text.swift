package import SourceText

extension TimeSpan: CustomStringConvertible {
    /// A unit in which authors give durations. A month is none: it has no fixed length.
    package enum Unit: Sendable, Hashable, CaseIterable {
        case second, minute, hour, day, week

        package var microseconds: Int64 {
            switch self {
            case .second: Microseconds.perSecond
            case .minute: Microseconds.perMinute
            case .hour: Microseconds.perHour
            case .day: Microseconds.perDay
            case .week: Microseconds.perWeek
            }
        }

        /// As authors write them; the first is how they are printed.
        package var spellings: [String] {
            switch self {
            case .second: ["s", "second", "seconds", "秒", "秒钟"]
            case .minute: ["min", "minute", "minutes", "分钟", "分"]
            case .hour: ["h", "hour", "hours", "小时"]
            case .day: ["day", "days", "天"]
            case .week: ["week", "weeks", "周"]
            }
        }

        package init?(spelling: String) {
            guard let unit = Unit.allCases.first(where: { $0.spellings.contains(spelling) }) else { return nil }
            self = unit
        }
    }

    /// That many units, rounded to microseconds half away from zero; nil if it is too long.
    package init?(_ count: ExactDecimal, _ unit: Unit) {
        guard let product = try? count.multiplied(by: ExactDecimal(unit.microseconds)), let whole = product.scaled(decimals: 0) else { return nil }
        self.init(microseconds: whole)
    }

    /// Reads `25min`, `2h`, `3 days`, `1h30min`, `1.5 小时`, `2天3小时`; a sign may lead. Nil for anything else, also for bare `m` and
    /// `d`, which might mean months.
    package init?(_ text: some StringProtocol) {
        var total: Int64 = 0
        var rest = Substring(text)
        var parts = 0
        func skipBlanks() {
            while let first = rest.first, first == " " || first == "\t" || first == "\u{3000}" { rest.removeFirst() }
        }
        skipBlanks()
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest.removeFirst() }
        while true {
            skipBlanks()
            guard !rest.isEmpty else { break }
            let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            rest = rest[digits.endIndex...]
            skipBlanks()
            let word = rest.prefix { $0.isLetter }
            rest = rest[word.endIndex...]
            guard let count = ExactDecimal(digits), let unit = Unit(spelling: String(word)), let part = TimeSpan(count, unit) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part.microseconds)
            guard !overflow else { return nil }
            total = sum
            parts += 1
        }
        guard parts > 0 else { return nil }
        self.init(microseconds: isNegative ? -total : total)
    }

    /// As an author would write it in any language, without days, which might be calendar days: `48h`, `1h30min`, `0.5s`, `0s`.
    package var description: String {
        let spelled = parts(withDays: false).map { $0.count + ($0.unit.spellings.first ?? "") }.joined()
        return spelled.isEmpty ? "0s" : (microseconds < 0 ? "-" : "") + spelled
    }

    /// For people: `3 天 2 小时`, `3 days 2 h`.
    package var words: Words {
        let parts = parts(withDays: true)
        guard !parts.isEmpty else { return Words(zh: "0 秒", en: "0 s") }
        let sign = microseconds < 0 ? "-" : ""
        let zh = parts.map { part in
            switch part.unit {
            case .second: "\(part.count) 秒"
            case .minute: "\(part.count) 分钟"
            case .hour: "\(part.count) 小时"
            case .day: "\(part.count) 天"
            case .week: "\(part.count) 周"
            }
        }
        let en = parts.map { part in
            switch part.unit {
            case .second: "\(part.count) s"
            case .minute: "\(part.count) min"
            case .hour: "\(part.count) h"
            case .day: part.count == "1" ? "1 day" : "\(part.count) days"
            case .week: part.count == "1" ? "1 week" : "\(part.count) weeks"
            }
        }
        return Words(zh: sign + zh.joined(separator: " "), en: sign + en.joined(separator: " "))
    }

    private func parts(withDays: Bool) -> [(count: String, unit: Unit)] {
        var rest = microseconds.magnitude
        var parts: [(count: String, unit: Unit)] = []
        let units: [Unit] = withDays ? [.day, .hour, .minute] : [.hour, .minute]
        for unit in units {
            let (count, left) = rest.quotientAndRemainder(dividingBy: unit.microseconds.magnitude)
            if count > 0 { parts.append((String(count), unit)) }
            rest = left
        }
        if rest > 0 { parts.append((ExactDecimal(scaled: Int64(rest), decimals: 6).description, .second)) }
        return parts
    }
}
