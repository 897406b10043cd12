/// The units in which formulas write lengths of time, and the words that look like units and are not.
enum DurationUnit: Sendable {
    case second, minute, hour, day, week

    var microseconds: Int128 {
        switch self {
        case .second: 1_000_000
        case .minute: 60_000_000
        case .hour: 3_600_000_000
        case .day: 86_400_000_000
        case .week: 604_800_000_000
        }
    }

    /// How many days one is, for the units that keep the wall clock.
    var days: Int128? {
        switch self {
        case .second, .minute, .hour: nil
        case .day: 1
        case .week: 7
        }
    }

    init?(word: String) {
        switch word {
        case "s", "秒": self = .second
        case "min", "分钟": self = .minute
        case "h", "小时": self = .hour
        case "day", "days", "天": self = .day
        case "week", "weeks", "周": self = .week
        default: return nil
        }
    }

    /// What a word behind a number may have been meant for.
    enum Misspelling {
        /// `m d bd bh`: two readings each, so neither is guessed. The readings are listed.
        case ambiguous([String])
        case business
        /// Months and years have no fixed length.
        case calendar
        case meant(String)
    }

    static func misspelling(of word: String) -> Misspelling? {
        switch word {
        case "m": .ambiguous(["M", "min"])
        case "d": .ambiguous([" days"])
        case "bd", "bh", "business", "个工作日", "工作日", "个工作小时", "工作小时": .business
        case "month", "months", "year", "years", "quarter", "quarters", "月", "个月", "年", "个季度", "季度": .calendar
        case "k": .meant("K")
        case "b": .meant("B")
        case "sec", "secs", "second", "seconds", "秒钟", "S": .meant("s")
        case "mins", "minute", "minutes", "分", "Min", "MIN": .meant("min")
        case "H", "hr", "hrs", "hour", "hours", "时", "个小时", "钟头", "个钟头", "小時": .meant("h")
        case "D", "Day", "Days", "日", "号": .meant(" days")
        case "w", "W", "Week", "Weeks", "星期", "个星期", "礼拜", "个礼拜": .meant(" weeks")
        case "萬": .meant("万")
        case "億": .meant("亿")
        case "万元", "萬元": .meant("万")
        case "亿元": .meant("亿")
        case "元", "块", "美元", "个", "次", "人", "件": .meant("")
        default: nil
        }
    }
}
