/// Something that every day has so much of: a week that repeats, and the days that differ from it, added up beforehand.
///
/// How much there is between two days is answered in constant time, on which day so much is reached by halving.
struct DayTally: Sendable {
    /// How much of a week there is before its Monday, Tuesday …, next Monday.
    private let beforeWeekday: [Int64]
    /// The first day that differs, as days since the epoch.
    private let first: Int
    /// How much more than the weeks alone say there is before `first`, the day after it, and so on to the day after the last.
    private let differences: [Int64]

    /// - Parameters:
    ///   - week: Of Monday, Tuesday …; seven, none negative.
    ///   - days: Of the days that differ; none negative.
    init(week: [Int64], days: [Day: Int64]) {
        var before: [Int64] = [0]
        for amount in week { before.append(before[before.count - 1] + amount) }
        beforeWeekday = before
        var changes: [Int: Int64] = [:]
        for (day, amount) in days where amount != week[day.weekdayFromMonday] {
            changes[Int(day.daysSinceEpoch)] = amount - week[day.weekdayFromMonday]
        }
        guard let start = changes.keys.min(), let end = changes.keys.max() else {
            first = 0
            differences = [0]
            return
        }
        first = start
        var sums: [Int64] = [0]
        sums.reserveCapacity(end - start + 2)
        for day in start...end { sums.append(sums[sums.count - 1] + (changes[day] ?? 0)) }
        differences = sums
    }

    /// How much there is before this day, counted from some Monday long ago.
    func before(_ day: Int) -> Int64 {
        // 1969-12-29 was a Monday.
        let sinceMonday = Int64(day + 3)
        let weeks = floorDivide(sinceMonday, 7)
        let regular = weeks * beforeWeekday[7] + beforeWeekday[Int(sinceMonday - weeks * 7)]
        let position = min(max(day - first, 0), differences.count - 1)
        return regular + differences[position]
    }

    func amount(of day: Day) -> Int64 {
        let number = Int(day.daysSinceEpoch)
        return before(number + 1) - before(number)
    }

    /// Both included; `start` is not after `end`.
    func total(from start: Day, through end: Day) -> Int64 {
        before(Int(end.daysSinceEpoch) + 1) - before(Int(start.daysSinceEpoch))
    }

    /// The first day by whose end `target` is reached, as `before` counts; nil outside the years 1…9999.
    func day(reaching target: Int64, notBefore start: Int) -> Day? {
        let lastDay = Int(Day.last.daysSinceEpoch)
        guard before(lastDay + 1) >= target, start <= lastDay else { return nil }
        var low = start, high = lastDay
        while low < high {
            // Days before 1970 are below 0, where halving the sum would round up and nothing would come nearer.
            let middle = low + (high - low) / 2
            if before(middle + 1) >= target { high = middle } else { low = middle + 1 }
        }
        return Day(exactly: Int64(low))
    }

    /// The last day before whose beginning there is no more than `target`; nil outside the years 1…9999.
    func day(leaving target: Int64, notAfter end: Int) -> Day? {
        let firstDay = Int(Day.first.daysSinceEpoch)
        guard before(firstDay) <= target, end >= firstDay else { return nil }
        var low = firstDay, high = end
        while low < high {
            let middle = low + (high - low + 1) / 2
            if before(middle) <= target { low = middle } else { high = middle - 1 }
        }
        return Day(exactly: Int64(low))
    }
}
