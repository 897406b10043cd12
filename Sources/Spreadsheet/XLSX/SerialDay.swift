/// Days as spreadsheets count them.
enum SerialDay {
    /// Serial 25,569 is 1970-01-01; the count takes 1900 for a leap year, so that below 61 it is a day off (ECMA-376, 18.17.4.1).
    private static let epoch = 25_569
    private static let of1904 = 1_462
    private static let secondsPerDay = 86_400

    /// `2026-03-01`, `2026-03-01 09:30`, `09:30:05`, `26:30:00`; a time of midnight is left out.
    static func text(of serial: Double, as format: NumberFormat, countsFrom1904: Bool) -> String {
        let seconds = Int((serial * Double(secondsPerDay)).rounded())
        var days = seconds / secondsPerDay
        let rest = seconds % secondsPerDay
        let hours: Int
        switch format {
        case .elapsed: return "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
        case .time where days == 0: return clock(rest, always: true)
        case .plain, .percent, .date, .datetime, .time: hours = rest
        }
        if countsFrom1904 { days += of1904 } else if days < 60 { days += 1 }
        let date = date(days - epoch)
        return format == .date || hours == 0 ? date : date + " " + clock(hours, always: true)
    }

    /// The day so many days after 1970-01-01, as `2026-03-01`.
    static func date(_ days: Int) -> String {
        let (year, month, day) = civil(days)
        return "\(four(year))-\(two(month))-\(two(day))"
    }

    /// Days since 1970-01-01 and a time of the day, as a serial number.
    static func serial(day: Int, second: Int) -> String {
        guard second != 0 else { return String(day + epoch) }
        // Ten digits behind the point are less than a hundredth of a second.
        let fraction = (second * 10_000_000_000 + secondsPerDay / 2) / secondsPerDay
        let digits = String(fraction)
        return "\(day + epoch).\(String(repeating: "0", count: 10 - digits.count))\(digits)"
    }

    private static func clock(_ seconds: Int, always: Bool) -> String {
        let text = "\(two(seconds / 3600)):\(two(seconds / 60 % 60))"
        return seconds % 60 == 0 ? text : text + ":\(two(seconds % 60))"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
    private static func four(_ number: Int) -> String { String(repeating: "0", count: max(0, 4 - String(number).count)) + String(number) }

    /// Howard Hinnant, chrono-Compatible Low-Level Date Algorithms: the day so many days after 1970-01-01.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
