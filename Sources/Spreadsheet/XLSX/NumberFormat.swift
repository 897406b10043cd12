#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What the number of a cell means, by the way it is shown.
enum NumberFormat: Sendable, Hashable {
    case plain, percent, date, datetime, time
    /// Hours counted on beyond 24.
    case elapsed

    /// Numbers of the formats that every program knows without their text (ECMA-376, 18.8.30), with those of Chinese and Japanese Excel.
    init(builtIn number: Int) {
        switch number {
        case 9, 10: self = .percent
        case 14...17, 27...31, 36, 50...54, 57, 58: self = .date
        case 18...21, 32...35, 55, 56, 45, 47: self = .time
        case 22: self = .datetime
        case 46: self = .elapsed
        default: self = .plain
        }
    }

    /// By the letters of the code, outside quotes and brackets, of its first section.
    init(code: String) {
        var hasDay = false, hasClock = false, hasPercent = false, isElapsed = false, hasMinuteOrMonth = false
        var rest = code.lowercased().unicodeScalars[...]
        if code.lowercased() == "general" {
            self = .plain
            return
        }
        scan: while let scalar = rest.popFirst() {
            switch scalar {
            case "\"":
                while let next = rest.popFirst(), next != "\"" {}
            case "\\", "_", "*":
                _ = rest.popFirst()
            case "[":
                var word = ""
                while let next = rest.popFirst(), next != "]" { word.unicodeScalars.append(next) }
                if !word.isEmpty, word.allSatisfy({ $0 == "h" }) || word.allSatisfy({ $0 == "m" }) || word.allSatisfy({ $0 == "s" }) { isElapsed = true }
            case ";": break scan
            case "y", "d": hasDay = true
            case "h", "s": hasClock = true
            case "m": hasMinuteOrMonth = true
            case "%": hasPercent = true
            case "a":
                // AM/PM and A/P; three or four a's are a day of the week.
                if rest.starts(with: "m/pm".unicodeScalars) {
                    rest = rest.dropFirst(4)
                    hasClock = true
                } else if rest.starts(with: "/p".unicodeScalars) {
                    rest = rest.dropFirst(2)
                    hasClock = true
                } else if rest.starts(with: "aa".unicodeScalars) {
                    hasDay = true
                }
            default: continue
            }
        }
        if isElapsed {
            self = .elapsed
        } else if hasDay {
            self = hasClock ? .datetime : .date
        } else if hasClock {
            self = .time
        } else if hasMinuteOrMonth {
            self = .date
        } else {
            self = hasPercent ? .percent : .plain
        }
    }

    /// The number as a person would have typed it.
    func text(of number: String, countsFrom1904: Bool) -> String {
        switch self {
        case .plain:
            return Self.digits(number)
        case .percent:
            guard let value = Double(number), value.isFinite else { return number }
            return Self.plainDigits(value * 100) + "%"
        case .date, .datetime, .time, .elapsed:
            guard let serial = Double(number), serial.isFinite, serial >= 0, serial < 2_958_466 else { return Self.digits(number) }
            return SerialDay.text(of: serial, as: self, countsFrom1904: countsFrom1904)
        }
    }

    /// A number without an exponent and without the noise of binary fractions: what is longer than the 15 digits that spreadsheets show is
    /// rounded to them. A whole number keeps all its digits.
    static func digits(_ number: String) -> String {
        let count = number.utf8.count { $0 >= 0x30 && $0 <= 0x39 }
        let isPlain = number.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2E || $0 == 0x2D }
        if isPlain, count <= 15 || !number.utf8.contains(0x2E) { return number }
        guard let value = Double(number), value.isFinite else { return number }
        return plainDigits(value)
    }

    private static func plainDigits(_ value: Double) -> String {
        if value == 0 { return "0" }
        // %.14e: 15 digits and an exponent, to be written out in full.
        var buffer = [CChar](repeating: 0, count: 64)
        _ = withVaList([value]) { vsnprintf(&buffer, buffer.count, "%.14e", $0) }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let halves = text.split(separator: "e")
        guard halves.count == 2, let exponent = Int(halves[1]), abs(exponent) <= 308 else { return text }
        let isNegative = halves[0].hasPrefix("-")
        var digits = Array(halves[0].utf8.filter { $0 >= 0x30 && $0 <= 0x39 })
        while digits.count > 1, digits.last == 0x30 { digits.removeLast() }
        let point = exponent + 1
        let all = String(decoding: digits, as: UTF8.self)
        let written: String
        if point <= 0 {
            written = "0." + String(repeating: "0", count: -point) + all
        } else if digits.count <= point {
            written = all + String(repeating: "0", count: point - digits.count)
        } else {
            written = all.prefix(point) + "." + all.dropFirst(point)
        }
        return isNegative ? "-" + written : written
    }
}
