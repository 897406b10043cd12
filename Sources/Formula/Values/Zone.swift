import Foundation
import Synchronization

/// A time zone by its IANA name, with the conversions between instants and wall clocks.
///
/// A wall clock that is skipped when clocks go forward means the first instant after the gap; one that comes twice when they go back
/// means the first pass.
package struct Zone: Sendable, Hashable {
    package var name: String { table.name }
    private let table: ZoneTable

    /// Nil if the system knows no zone of this name.
    package init?(name: String) {
        guard let table = ZoneTable.named(name) else { return nil }
        self.table = table
    }

    /// Greenwich without summer time.
    package static let utc = Zone(table: ZoneTable(name: "UTC", offset: 0))

    private init(table: ZoneTable) {
        self.table = table
    }

    package static func == (left: Zone, right: Zone) -> Bool { left.table === right.table || left.name == right.name }

    package func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// Seconds east of Greenwich at that instant.
    package func offsetSeconds(at instant: Instant) -> Int {
        table.offset(atSecond: floorDivide(instant.microseconds, Microseconds.perSecond))
    }

    /// What the clocks of the zone show.
    package func wallClock(_ instant: Instant) -> WallClock {
        let shift = Int64(offsetSeconds(at: instant)) * Microseconds.perSecond
        let (local, overflow) = instant.microseconds.addingReportingOverflow(shift)
        return WallClock(microsecondsSinceEpoch: overflow ? instant.microseconds : local)
    }

    package func day(of instant: Instant) -> Day {
        wallClock(instant).day
    }

    package func instant(_ wall: WallClock) -> Instant {
        let local = wall.microsecondsSinceEpoch
        let second = floorDivide(local, Microseconds.perSecond)
        // No zone is more than 15 hours off, so these two stand before and after any change near by.
        let reach: Int64 = 15 * 3600
        let before = table.offset(atSecond: second - reach)
        let after = table.offset(atSecond: second + reach)
        if before == after { return shifted(local, by: before) }
        // Tried in this order, the first pass of an hour that comes twice wins.
        if table.offset(atSecond: second - Int64(before)) == before { return shifted(local, by: before) }
        if table.offset(atSecond: second - Int64(after)) == after { return shifted(local, by: after) }
        return Instant(microseconds: table.change(from: second - reach, to: second + reach) * Microseconds.perSecond)
    }

    package func startOfDay(_ day: Day) -> Instant {
        instant(WallClock(day: day, microseconds: 0))
    }

    private func shifted(_ local: Int64, by offset: Int) -> Instant {
        Instant(microseconds: local - Int64(offset) * Microseconds.perSecond)
    }
}

/// Rounds down; `divisor` is positive.
func floorDivide(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    let quotient = dividend / divisor
    return dividend % divisor < 0 ? quotient - 1 : quotient
}

/// When the clocks of a zone were changed and by how much, read once from the system's rules. Immutable.
private final class ZoneTable: Sendable {
    let name: String
    /// UTC seconds at which the offset changes, ascending.
    private let changes: [Int64]
    /// `offsets[i]` counts before `changes[i]`; the last one after all of them.
    private let offsets: [Int]
    /// The rules, for years outside the table; nil if the last offset stays for ever.
    private let rules: TimeZone?

    /// 1900-01-01 and 2100-01-01.
    private static let start: Int64 = -2_208_988_800
    private static let end: Int64 = 4_102_444_800

    init(name: String, offset: Int) {
        self.name = name
        changes = []
        offsets = [offset]
        rules = nil
    }

    private init(name: String, rules: TimeZone) {
        self.name = name
        self.rules = rules
        func offset(_ second: Int64) -> Int {
            rules.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
        }
        var changes: [Int64] = []
        var offsets = [offset(Self.start)]
        var cursor = Self.start
        while let next = rules.nextDaylightSavingTimeTransition(after: Date(timeIntervalSince1970: Double(cursor))) {
            let second = Int64(next.timeIntervalSince1970.rounded(.down))
            guard second > cursor, second < Self.end else { break }
            cursor = second
            let after = offset(second)
            if after != offsets[offsets.count - 1] {
                changes.append(second)
                offsets.append(after)
            }
        }
        self.changes = changes
        self.offsets = offsets
    }

    private static let known = Mutex<[String: ZoneTable]>([:])

    /// Reading the rules takes milliseconds, so each zone is read once.
    static func named(_ name: String) -> ZoneTable? {
        known.withLock { known in
            if let table = known[name] { return table }
            guard let rules = TimeZone(identifier: name) else { return nil }
            let table = ZoneTable(name: name, rules: rules)
            known[name] = table
            return table
        }
    }

    func offset(atSecond second: Int64) -> Int {
        if let rules, second < Self.start || second >= Self.end {
            return rules.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
        }
        guard let last = changes.last, second < last else { return offsets[offsets.count - 1] }
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= second { low = middle + 1 } else { high = middle }
        }
        return offsets[low]
    }

    /// The second at which the offset changes between the two, which have different offsets.
    func change(from low: Int64, to high: Int64) -> Int64 {
        var low = low
        var high = high
        let before = offset(atSecond: low)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(atSecond: middle) == before { low = middle } else { high = middle }
        }
        return high
    }
}
