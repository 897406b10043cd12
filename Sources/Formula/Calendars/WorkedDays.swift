/// The days that are worked: a week that repeats, and the days that differ from it, counted beforehand.
final class WorkedDays: Sendable {
    private let week: [Bool]
    /// How many days of a week are worked before its Monday, Tuesday …, next Monday.
    private let beforeWeekday: [Int]
    /// The first day that differs, as days since the epoch.
    private let first: Int
    /// How many more days than the weeks alone say are worked before `first`, the day after it, and so on to the day after the last.
    private let differences: [Int32]

    init(week: [Bool], holidays: [Day], makeUpDays: [Day]) {
        self.week = week
        var before = [0]
        for isWorked in week { before.append(before[before.count - 1] + (isWorked ? 1 : 0)) }
        beforeWeekday = before
        var changes: [Int: Int32] = [:]
        let worked = Set(makeUpDays)
        for day in holidays where week[day.weekdayFromMonday] && !worked.contains(day) { changes[Int(day.daysSinceEpoch)] = -1 }
        for day in worked where !week[day.weekdayFromMonday] { changes[Int(day.daysSinceEpoch)] = 1 }
        guard let start = changes.keys.min(), let end = changes.keys.max() else {
            first = 0
            differences = [0]
            return
        }
        first = start
        var sums: [Int32] = [0]
        sums.reserveCapacity(end - start + 2)
        for day in start...end { sums.append(sums[sums.count - 1] + (changes[day] ?? 0)) }
        differences = sums
    }

    func isWorked(_ day: Day) -> Bool {
        let number = Int(day.daysSinceEpoch)
        return countBefore(number + 1) > countBefore(number)
    }

    /// Both included; `start` is not after `end`.
    func count(from start: Day, through end: Day) -> Int {
        countBefore(Int(end.daysSinceEpoch) + 1) - countBefore(Int(start.daysSinceEpoch))
    }

    func day(_ count: Int, after day: Day) -> Day? {
        guard count != 0 else { return day }
        guard count.magnitude <= 4_000_000 else { return nil }
        let start = Int(day.daysSinceEpoch)
        let firstDay = Int(Day.first.daysSinceEpoch), lastDay = Int(Day.last.daysSinceEpoch)
        if count > 0 {
            // The first day by whose end so many are worked.
            let target = countBefore(start + 1) + count
            guard countBefore(lastDay + 1) >= target else { return nil }
            var low = start + 1, high = lastDay
            while low < high {
                let middle = (low + high) / 2
                if countBefore(middle + 1) >= target { high = middle } else { low = middle + 1 }
            }
            return Day(exactly: Int64(low))
        }
        // The last day from whose beginning so many are worked.
        let target = countBefore(start) + count
        guard countBefore(firstDay) <= target else { return nil }
        var low = firstDay, high = start - 1
        while low < high {
            let middle = low + (high - low + 1) / 2
            if countBefore(middle) <= target { low = middle } else { high = middle - 1 }
        }
        return Day(exactly: Int64(low))
    }

    /// Working days before this one, counted from some Monday long ago.
    private func countBefore(_ day: Int) -> Int {
        // 1969-12-29 was a Monday.
        let sinceMonday = Int64(day + 3)
        let weeks = floorDivide(sinceMonday, 7)
        let regular = Int(weeks) * beforeWeekday[7] + beforeWeekday[Int(sinceMonday - weeks * 7)]
        let position = min(max(day - first, 0), differences.count - 1)
        return regular + Int(differences[position])
    }
}

extension WorkedDays: Equatable {
    static func == (left: WorkedDays, right: WorkedDays) -> Bool {
        left === right || (left.week == right.week && left.first == right.first && left.differences == right.differences)
    }
}
