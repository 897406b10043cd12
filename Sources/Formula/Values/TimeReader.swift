/// Reads dates and times out of ASCII text, field by field.
struct TimeReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: some StringProtocol) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ character: Character) -> Bool {
        guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
        position += 1
        return true
    }

    /// A number of exactly that many digits.
    mutating func number(digits: Int) -> Int? {
        guard position + digits <= bytes.count else { return nil }
        var number = 0
        for byte in bytes[position..<position + digits] {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        position += digits
        return number
    }

    /// `2026-02-12`.
    mutating func day() -> Day? {
        guard let year = number(digits: 4), take("-"), let month = number(digits: 2), take("-"), let day = number(digits: 2) else { return nil }
        return Day(year: year, month: month, day: day)
    }

    /// `14:30`, `14:30:05`, `14:30:05.25`, as microseconds since midnight.
    mutating func timeOfDay() -> Int64? {
        guard let hour = number(digits: 2), hour < 24, take(":"), let minute = number(digits: 2), minute < 60 else { return nil }
        var total = Int64(hour) * Microseconds.perHour + Int64(minute) * Microseconds.perMinute
        guard take(":") else { return total }
        guard let second = number(digits: 2), second < 60 else { return nil }
        total += Int64(second) * Microseconds.perSecond
        guard take(".") else { return total }
        var unit: Int64 = 100_000
        var sawDigit = false
        while let digit = number(digits: 1) {
            sawDigit = true
            total += Int64(digit) * unit
            unit /= 10
        }
        return sawDigit ? total : nil
    }

    /// `Z`, `+08:00`, as seconds east of Greenwich.
    mutating func offset() -> Int? {
        if take("Z") || take("z") { return 0 }
        let isWest: Bool
        if take("+") { isWest = false } else if take("-") { isWest = true } else { return nil }
        guard let hours = number(digits: 2), hours < 24, take(":"), let minutes = number(digits: 2), minutes < 60 else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return isWest ? -seconds : seconds
    }
}
