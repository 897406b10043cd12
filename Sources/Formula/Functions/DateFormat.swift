/// A format of `text()` for dates and times: `yyyy yy mm m dd d hh h ss s`, anything else as it is written. `m` behind an hour or before
/// a second is the minute.
package struct DateFormat: Sendable {
    private enum Token: Sendable, Hashable {
        case literal(String)
        case year, shortYear
        case month(digits: Int), day(digits: Int), hour(digits: Int), minute(digits: Int), second(digits: Int)
    }

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
            let letter = first.lowercased()
            let run = rest.prefix { $0.lowercased() == letter }
            rest = rest[run.endIndex...]
            switch (letter, run.count) {
            case ("y", 4): tokens.append(.year)
            case ("y", 2): tokens.append(.shortYear)
            case ("m", 1...2): tokens.append(hourIsLast ? .minute(digits: run.count) : .month(digits: run.count))
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
        return tokens.map { token in
            switch token {
            case .literal(let text): text
            case .year: padded(parts.year, 4)
            case .shortYear: padded(parts.year % 100, 2)
            case .month(let digits): padded(parts.month, digits)
            case .day(let digits): padded(parts.day, digits)
            case .hour(let digits): padded(wall.hour, digits)
            case .minute(let digits): padded(wall.minute, digits)
            case .second(let digits): padded(wall.second, digits)
            }
        }.joined()
    }
}
