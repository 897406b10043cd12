import Formula

extension Schedule {
    /// Reads a sentence in English or Chinese; nil if it is none.
    package init?(sentence: String) {
        let text = sentence.halfwidth.lowercased().trimmedText
        if text.hasPrefix("每") {
            guard let schedule = Self.chinese(String(text.dropFirst())) else { return nil }
            self = schedule
        } else if text.hasPrefix("every ") {
            guard let schedule = Self.english(String(text.dropFirst("every ".count)).trimmedText) else { return nil }
            self = schedule
        } else {
            return nil
        }
    }

    /// Whether a sentence means to be a schedule.
    static func isMeant(_ sentence: String) -> Bool {
        let text = sentence.trimmedText.lowercased()
        return text.hasPrefix("every") || text.hasPrefix("每")
    }

    // MARK: English

    private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    private static func english(_ text: String) -> Schedule? {
        if let times = interval(text) { return Schedule(days: .everyDay, times: times) }
        guard let at = text.ranges(of: " at ").last, let times = clockTimes(String(text[at.upperBound...]), between: ["and", ","]) else { return nil }
        let fillers: Set<String> = ["and", "the", "on"]
        var words: [String] = text[..<at.lowerBound].split { $0 == " " || $0 == "," }.map { String($0) }
        words.removeAll { fillers.contains($0) }
        switch words.first {
        case "day"?: return words.count == 1 ? Schedule(days: .everyDay, times: times) : nil
        case "workday"?, "weekday"?: return words.count == 1 ? Schedule(days: .workdays, times: times) : nil
        case "business"?: return words == ["business", "day"] ? Schedule(days: .workdays, times: times) : nil
        case "month"?: return monthDay(Array(words.dropFirst())).map { Schedule(days: $0, times: times) }
        case "year"?:
            guard words.count == 2 else { return nil }
            let parts = words[1].split(separator: "-").compactMap { Int($0) }
            return parts.count == 2 ? yearDay(parts[0], parts[1]).map { Schedule(days: $0, times: times) } : nil
        case "week"?: words.removeFirst()
        default: break
        }
        let days = words.compactMap { weekday($0) }
        guard !days.isEmpty, days.count == words.count else { return nil }
        return Schedule(days: .weekdays(Set(days)), times: times)
    }

    private static func weekday(_ word: String) -> Int? {
        weekdays.firstIndex { day in day == word || day + "s" == word || (word.count == 3 && day.hasPrefix(word)) }
    }

    private static func monthDay(_ words: [String]) -> Days? {
        switch words {
        case ["last", "day"]: return .lastOfMonth
        case ["last", "workday"]: return .lastWorkdayOfMonth
        case ["first", "workday"]: return .firstWorkdayOfMonth
        case ["first", "day"]: return .monthDay(1)
        default:
            guard words.count == 2, words[0] == "day", let day = Int(words[1]), (1...31).contains(day) else { return nil }
            return .monthDay(day)
        }
    }

    private static func yearDay(_ month: Int, _ day: Int) -> Days? {
        guard Day(year: 2024, month: month, day: day) != nil else { return nil }
        return .yearDay(month: month, day: day)
    }

    // MARK: Chinese

    private static let numerals: [Character: Int] = ["一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6]

    /// What stands behind `每`.
    private static func chinese(_ text: String) -> Schedule? {
        if let times = interval(text) { return Schedule(days: .everyDay, times: times) }
        // The first digit of the times is behind the last blank or the words of the day.
        guard let (day, clock) = split(text), let times = clockTimes(clock, between: ["、", ",", "和"]) else { return nil }
        return days(day).map { Schedule(days: $0, times: times) }
    }

    private static func split(_ text: String) -> (String, String)? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        var start = colon
        while start > text.startIndex, text[text.index(before: start)].isNumber { start = text.index(before: start) }
        return (text[..<start].filter { $0 != " " }, String(text[start...]))
    }

    private static func days(_ text: String) -> Days? {
        switch text {
        case "天", "日": return .everyDay
        case "个工作日", "工作日": return .workdays
        case "月最后一天", "月末": return .lastOfMonth
        case "月最后一个工作日": return .lastWorkdayOfMonth
        case "月第一个工作日": return .firstWorkdayOfMonth
        default: break
        }
        if text.hasPrefix("周") || text.hasPrefix("星期") {
            let names = text.replacing("星期", with: "周").filter { $0 != "周" && $0 != "、" && $0 != "," && $0 != "和" }
            let found = names.compactMap { numerals[$0] }
            return !found.isEmpty && found.count == names.count ? .weekdays(Set(found)) : nil
        }
        if text.hasPrefix("月"), let day = Int(text.dropFirst().filter { $0 != "日" && $0 != "号" }), (1...31).contains(day) { return .monthDay(day) }
        if text.hasPrefix("年") {
            let parts = text.dropFirst().split { $0 == "月" || $0 == "日" || $0 == "号" }.compactMap { Int($0) }
            return parts.count == 2 ? yearDay(parts[0], parts[1]) : nil
        }
        return nil
    }

    // MARK: Times

    /// `hour`, `15 min`, `6h`, `小时`, `15分钟`: a length that goes into a day without rest.
    private static func interval(_ text: String) -> Times? {
        let bare = ["hour": "1h", "minute": "1min", "小时": "1h", "个小时": "1h", "分钟": "1min"]
        let compact = bare[text] ?? text.replacing("个小时", with: "小时").replacing("minutes", with: "min").replacing("hours", with: "h")
        guard let span = TimeSpan(compact), span.microseconds >= Microseconds.perMinute, span.microseconds <= Microseconds.perDay,
            Microseconds.perDay % span.microseconds == 0, text.last.map({ !$0.isNumber }) ?? false
        else { return nil }
        return .every(span)
    }

    /// `08:30 and 15:00`.
    private static func clockTimes(_ text: String, between separators: [String]) -> Times? {
        let uniform = separators.reduce(text) { $0.replacing($1, with: " ") }
        let words = uniform.split(separator: " ")
        let times = words.compactMap { word -> Int64? in
            let parts = word.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[1].count == 2, let hour = Int64(parts[0]), let minute = Int64(parts[1]), (0..<24).contains(hour), (0..<60).contains(minute)
            else { return nil }
            return hour * Microseconds.perHour + minute * Microseconds.perMinute
        }
        guard !times.isEmpty, times.count == words.count else { return nil }
        return .at(Set(times).sorted())
    }
}
