import SourceText
import Testing

@testable import Formula

@Suite struct TimeTests {
    @Test func everyDayGoesToItsDateAndBack() throws {
        var expected = (year: 1, month: 1, day: 1)
        var weekday = 0  // 0001-01-01 was a Monday.
        for number in Day.first.daysSinceEpoch...Day.last.daysSinceEpoch {
            let day = Day(daysSinceEpoch: number)
            let parts = day.components
            guard parts.year == expected.year, parts.month == expected.month, parts.day == expected.day, day.weekdayFromMonday == weekday,
                Day.number(year: parts.year, month: parts.month, day: parts.day) == Int(number)
            else {
                Issue.record("day \(number) is \(parts), expected \(expected)")
                return
            }
            weekday = (weekday + 1) % 7
            expected.day += 1
            if expected.day > Day.length(ofMonth: expected.month, year: expected.year) {
                expected = (expected.month == 12 ? expected.year + 1 : expected.year, expected.month % 12 + 1, 1)
            }
        }
        #expect(expected == (10_000, 1, 1))
    }

    @Test func readsAndWritesDates() {
        #expect(Day("2026-02-12")?.description == "2026-02-12")
        #expect(Day("0001-01-01") == Day.first)
        #expect(Day("9999-12-31") == Day.last)
        for wrong in ["2026-02-30", "2026-2-1", "2026/02/01", "2026-02-01 ", "", "10000-01-01", "0000-01-01", "2026-13-01", "２０２６-01-01"] {
            #expect(Day(wrong) == nil, "\(wrong)")
        }
    }

    @Test func addsMonthsToTheMonthsEnd() {
        #expect(Day("2026-01-31")?.adding(months: 1)?.description == "2026-02-28")
        #expect(Day("2024-02-29")?.adding(months: -12)?.description == "2023-02-28")
        #expect(Day("9999-12-01")?.adding(months: 1) == nil)
        #expect(Day("2026-01-01")?.adding(months: .max) == nil)
        #expect(Day("2026-01-01")?.adding(days: .min) == nil)
    }

    @Test(arguments: [
        ("2026-02-12T09:00:00Z", "2026-02-12T09:00:00Z"), ("2026-02-12T17:00:00+08:00", "2026-02-12T09:00:00Z"),
        ("2026-02-12t09:00:00.250z", "2026-02-12T09:00:00.25Z"), ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
        ("2026-02-12 09:00:00-00:30", "2026-02-12T09:30:00Z"), ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ])
    func readsInstants(text: String, as expected: String) {
        #expect(Instant(text)?.description == expected)
    }

    @Test(arguments: ["2026-02-12", "2026-02-12T09:00:00", "2026-02-12T24:00:00Z", "2026-02-12T09:60:00Z", "0001-01-01T00:00:00+08:00", "2026-02-12T09:00:00.Z"])
    func refusesInstants(text: String) {
        #expect(Instant(text) == nil)
    }

    private func zone(_ name: String) throws -> Zone { try #require(Zone(name: name)) }

    @Test func skippedAndRepeatedHours() throws {
        let berlin = try zone("Europe/Berlin")
        // 2026-03-29 02:00 → 03:00; 2026-10-25 03:00 → 02:00.
        #expect(Instant(local: "2026-03-29 01:59:59", in: berlin)?.description == "2026-03-29T00:59:59Z")
        #expect(Instant(local: "2026-03-29 02:30", in: berlin)?.description == "2026-03-29T01:00:00Z")
        #expect(Instant(local: "2026-03-29 03:00", in: berlin)?.description == "2026-03-29T01:00:00Z")
        #expect(Instant(local: "2026-10-25 02:30", in: berlin)?.description == "2026-10-25T00:30:00Z")
        #expect(Instant(local: "2026-10-25 03:00", in: berlin)?.description == "2026-10-25T02:00:00Z")
        let newYork = try zone("America/New_York")
        // 2026-03-08 02:00 → 03:00; 2026-11-01 02:00 → 01:00.
        #expect(Instant(local: "2026-03-08 02:15", in: newYork)?.description == "2026-03-08T07:00:00Z")
        #expect(Instant(local: "2026-11-01 01:30", in: newYork)?.description == "2026-11-01T05:30:00Z")
        #expect(Instant(local: "2026-11-01 02:00", in: newYork)?.description == "2026-11-01T07:00:00Z")
        // A midnight that is skipped: Beirut, 2026-03-29.
        let beirut = try zone("Asia/Beirut")
        #expect(beirut.startOfDay(try #require(Day("2026-03-29"))).description == "2026-03-28T22:00:00Z")
        // A whole day that is skipped: Samoa, 2011-12-30.
        let apia = try zone("Pacific/Apia")
        #expect(Instant(local: "2011-12-30 12:00", in: apia)?.description == "2011-12-30T10:00:00Z")
    }

    @Test func shanghaiWithItsSummerTimes() throws {
        let shanghai = try zone("Asia/Shanghai")
        #expect(Instant(local: "2026-02-12 09:00", in: shanghai)?.description == "2026-02-12T01:00:00Z")
        #expect(Instant(local: "1990-07-01 09:00", in: shanghai)?.description == "1990-07-01T00:00:00Z")
        #expect(Instant(local: "2026-02-12", in: shanghai)?.description == "2026-02-11T16:00:00Z")
        #expect(Value.text(of: try #require(Instant("2026-02-12T01:00:30Z")), in: shanghai) == "2026-02-12 09:00")
        #expect(Zone(name: "Asia/Nowhere") == nil)
    }

    @Test(arguments: ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca"])
    func wallClocksComeBack(name: String) throws {
        let zone = try zone(name)
        var instant = try #require(Instant("1995-01-01T00:00:00Z"))
        while instant < (try #require(Instant("2035-01-01T00:00:00Z"))) {
            let wall = zone.wallClock(instant)
            let back = zone.instant(wall)
            // The second pass of a repeated time comes back as the first, and never as anything else.
            if back != instant {
                #expect(back < instant && zone.wallClock(back) == wall && zone.offsetSeconds(at: back) > zone.offsetSeconds(at: instant))
            }
            instant = Instant(microseconds: instant.microseconds + 7 * 1800 * Microseconds.perSecond)
        }
    }

    @Test(arguments: [
        ("25min", 1500), ("2h", 7200), ("48h", 172_800), ("3 days", 259_200), ("1h30min", 5400), ("1 week", 604_800), ("30秒", 30), ("5分钟", 300),
        ("2 小时", 7200), ("3天", 259_200), ("1周", 604_800), ("2天3小时", 183_600), ("1.5h", 5400), ("-10min", -600),
    ])
    func readsDurations(text: String, seconds: Int64) {
        #expect(TimeSpan(text) == TimeSpan(microseconds: seconds * Microseconds.perSecond))
    }

    @Test(arguments: ["", "5", "5m", "3d", "min", "1h 30", "999999999999999h", "1 month", "1..5h"])
    func refusesDurations(text: String) {
        #expect(TimeSpan(text) == nil)
    }

    @Test func writesDurations() {
        #expect(TimeSpan(microseconds: 172_800_000_000).description == "48h")
        #expect(TimeSpan(microseconds: -5_400_500_000).description == "-1h30min0.5s")
        #expect(TimeSpan(microseconds: 0).description == "0s")
        #expect(TimeSpan(microseconds: .min).description.hasPrefix("-"))
        #expect(TimeSpan(microseconds: 266_400_000_000).words.zh == "3 天 2 小时")
        #expect(TimeSpan(microseconds: 90_000_000_000).words.en == "1 day 1 h")
    }

    @Test func phonesEmailsAndAddresses() {
        for valid in ["13812345678", "138 1234 5678", "+86 138-1234-5678", "008613812345678", "010-62345678", "(0571) 8765432", "400-810-8888", "+86 10 62345678", "+1 212 555 0100"] {
            #expect(TextValidity.isValid(valid, as: .phone(region: "CN")), "\(valid)")
        }
        for wrong in ["12812345678", "1381234567", "138****5678", "abc", "", "010-1234567", "+86 12345", "138123456789"] {
            #expect(!TextValidity.isValid(wrong, as: .phone(region: "CN")), "\(wrong)")
        }
        for valid in ["a@b.cn", "zhang.san+crm@example.com.cn", "张三@例子.中国"] { #expect(TextValidity.isValid(valid, as: .email), "\(valid)") }
        for wrong in ["a@b", "a b@c.cn", "@b.cn", "a@@b.cn", "a@b..cn", ".a@b.cn", "a@-b.cn", "a@1.2"] {
            #expect(!TextValidity.isValid(wrong, as: .email), "\(wrong)")
        }
        for valid in ["https://example.com/a?b=c#d", "http://localhost:8080", "HTTPS://例子.中国/路径"] { #expect(TextValidity.isValid(valid, as: .url), "\(valid)") }
        for wrong in ["example.com", "ftp://a.b", "https://", "https://a b.c", "javascript:alert(1)", "http://a:99999/", "https://u@h.com"] {
            #expect(!TextValidity.isValid(wrong, as: .url), "\(wrong)")
        }
    }
}
