/// A format of `text()` for dates and times: `yyyy yy mm m dd d hh h ss s`, English names by `mmm mmmm ddd dddd`, Chinese days of the week by
/// `aaa aaaa`, twelve hours with `AM/PM`, anything else as it is written. `m` behind an hour or before a second is the minute.
package struct DateFormat: Sendable {
    private enum Token: Sendable, Hashable {
        case literal(String)
        case year, shortYear
        case month(digits: Int), day(digits: Int), hour(digits: Int), minute(digits: Int), second(digits: Int)
        case monthName(isShort: Bool), weekdayName(isShort: Bool), chineseWeekday(isShort: Bool)
        /// `AM` or `PM`.
        case half
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
    private static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    private static let chineseWeekdays = ["一", "二", "三", "四", "五", "六", "日"]

    private let tokens: [Token]

    /// - Throws: `.domain` if it has other letters outside quotes.
    package init(_ format: String) throws(FormulaFailure) {
        var tokens: [Token] = []
        var rest = Substring(format)
        var hourIsLast = false
        while let first = rest.first {
            if first == "\"" {
                let quoted = rest.dropFirst().prefix { $0 != "\"" }
                guard quoted.endIndex < rest.endIndex else { throw FormulaFailure(.domain) }
                tokens.append(.literal(String(quoted)))
                rest = rest[rest.index(after: quoted.endIndex)...]
                continue
            }
            if first == "\\" {
                guard let literal = rest.dropFirst().first else { throw FormulaFailure(.domain) }
                tokens.append(.literal(String(literal)))
                rest = rest.dropFirst(2)
                continue
            }
            guard first.isASCII, first.isLetter else {
                tokens.append(.literal(String(first)))
                rest = rest.dropFirst()
                continue
            }
            if rest.prefix(5).uppercased() == "AM/PM" {
                tokens.append(.half)
                rest = rest.dropFirst(5)
                continue
            }
            let letter = first.lowercased()
            let run = rest.prefix { $0.lowercased() == letter }
            rest = rest[run.endIndex...]
            switch (letter, run.count) {
            case ("y", 4): tokens.append(.year)
            case ("y", 2): tokens.append(.shortYear)
            case ("m", 1...2): tokens.append(hourIsLast ? .minute(digits: run.count) : .month(digits: run.count))
            case ("m", 3...4): tokens.append(.monthName(isShort: run.count == 3))
            case ("d", 3...4): tokens.append(.weekdayName(isShort: run.count == 3))
            case ("a", 3...4): tokens.append(.chineseWeekday(isShort: run.count == 3))
            case ("d", 1...2): tokens.append(.day(digits: run.count))
            case ("h", 1...2): tokens.append(.hour(digits: run.count))
            case ("s", 1...2):
                // `mm:ss` without an hour: that was the minute.
                if let last = tokens.lastIndex(where: { if case .literal = $0 { false } else { true } }), case .month(let digits) = tokens[last] {
                    tokens[last] = .minute(digits: digits)
                }
                tokens.append(.second(digits: run.count))
            default: throw FormulaFailure(.domain)
            }
            hourIsLast = letter == "h"
        }
        self.tokens = tokens
    }

    package func text(of wall: WallClock) -> String {
        let parts = wall.day.components
        let weekday = wall.day.weekdayFromMonday
        let isHalved = tokens.contains(.half)
        return tokens.map { token in
            switch token {
            case .literal(let text): text
            case .year: padded(parts.year, 4)
            case .shortYear: padded(parts.year % 100, 2)
            case .month(let digits): padded(parts.month, digits)
            case .day(let digits): padded(parts.day, digits)
            case .monthName(let isShort): isShort ? String(Self.months[parts.month - 1].prefix(3)) : Self.months[parts.month - 1]
            case .weekdayName(let isShort): isShort ? String(Self.weekdays[weekday].prefix(3)) : Self.weekdays[weekday]
            case .chineseWeekday(let isShort): (isShort ? "" : "星期") + Self.chineseWeekdays[weekday]
            case .half: wall.hour < 12 ? "AM" : "PM"
            case .hour(let digits): padded(isHalved ? (wall.hour + 11) % 12 + 1 : wall.hour, digits)
            case .minute(let digits): padded(wall.minute, digits)
            case .second(let digits): padded(wall.second, digits)
            }
        }.joined()
    }
}
