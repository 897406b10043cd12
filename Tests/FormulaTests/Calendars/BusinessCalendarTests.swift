import SourceText
import Testing

@testable import Formula

@Suite struct BusinessCalendarTests {
    private func day(_ text: String) throws -> Day { try #require(Day(text)) }
    private func instant(_ text: String) throws -> Instant { try #require(Instant(text + "+08:00")) }
    private func shanghai() throws -> Zone { try #require(Zone(name: "Asia/Shanghai")) }

    @Test(arguments: 2019...2026) func everyChineseDayIsAsTheOtherSourceSays(year: Int) throws {
        let expected = ChineseDays.days(of: year)
        let length = Day.isLeap(year: year) ? 366 : 365
        #expect(expected.count >= length)
        let first = try #require(Day(year: year, month: 1, day: 1))
        for offset in 0..<length {
            let day = try #require(first.adding(days: offset))
            #expect(BusinessCalendar.china.isWorked(day) == expected[offset], "\(day)")
        }
    }

    @Test func weekendsAreWorkedToMakeUp() throws {
        let start = try day("2019-01-01"), end = try day("2026-12-31")
        var days = 0
        for number in start.daysSinceEpoch...end.daysSinceEpoch {
            let day = Day(daysSinceEpoch: number)
            if day.weekdayFromMonday >= 5, BusinessCalendar.china.isWorked(day) { days += 1 }
        }
        #expect(days == 52)
    }

    @Test func yearsWithoutANoticeHavePlainWeeks() throws {
        #expect(BusinessCalendar.china.knows(year: 2026))
        #expect(!BusinessCalendar.china.knows(year: 2027))
        #expect(BusinessCalendar.plain.knows(year: 2027))
        #expect(BusinessCalendar.china.isWorked(try day("2027-10-01")))
    }

    /// Counting and leading on agree with looking at each day.
    @Test(arguments: [BusinessCalendar.china, .plain]) func countsAsOneByOne(calendar: BusinessCalendar) throws {
        let start = try day("2025-12-20")
        var worked = 0
        for offset in 0..<120 {
            let end = try #require(start.adding(days: offset))
            if calendar.isWorked(end) { worked += 1 }
            #expect(calendar.workingDays(from: start, through: end) == worked)
            #expect(calendar.workingDays(from: end, through: start) == (offset == 0 ? worked : -worked))
        }
        for count in 1...60 {
            let later = try #require(calendar.day(count, workingDaysAfter: start))
            #expect(calendar.isWorked(later))
            #expect(calendar.workingDays(from: try #require(start.adding(days: 1)), through: later) == count)
            let earlier = try #require(calendar.day(-count, workingDaysAfter: start))
            #expect(calendar.isWorked(earlier))
            #expect(calendar.workingDays(from: earlier, through: try #require(start.adding(days: -1))) == count)
        }
    }

    @Test func calendarsEndWhereYearsDo() throws {
        #expect(BusinessCalendar.plain.day(1, workingDaysAfter: .last) == nil)
        #expect(BusinessCalendar.plain.day(-1, workingDaysAfter: .first) == nil)
        #expect(BusinessCalendar.plain.day(9_000_000, workingDaysAfter: .first) == nil)
        #expect(BusinessCalendar.plain.workingDays(from: .first, through: .last) == 2_608_615)
        let never = BusinessCalendar(name: "never", week: Array(repeating: false, count: 7))
        #expect(never.day(1, workingDaysAfter: try day("2026-02-12")) == nil)
    }

    @Test func furtherHolidaysAreMadeUpForBehind() throws {
        let start = try day("2026-03-02")
        let holidays: Set<Day> = [try day("2026-03-03"), try day("2026-03-04"), try day("2026-03-07"), try day("2026-03-06")]
        // Tuesday, Wednesday and Friday are off; Saturday was anyway.
        #expect(BusinessCalendar.plain.day(2, workingDaysAfter: start, without: holidays) == Day("2026-03-09"))
        #expect(BusinessCalendar.plain.day(-2, workingDaysAfter: try day("2026-03-09"), without: holidays) == Day("2026-03-02"))
        #expect(BusinessCalendar.plain.workingDays(from: start, through: try day("2026-03-08"), without: holidays) == 2)
    }

    @Test func workingTimeStandsStillAtNight() throws {
        let zone = try shanghai()
        let calendar = BusinessCalendar.china
        func hours(_ start: String, _ end: String) throws -> Double {
            Double(calendar.workingTime(from: try instant(start), to: try instant(end), in: zone).microseconds) / 3.6e9
        }
        #expect(try hours("2026-02-12T10:00:00", "2026-02-12T11:30:00") == 1.5)
        #expect(try hours("2026-02-12T17:00:00", "2026-02-13T10:00:00") == 2)
        #expect(try hours("2026-02-12T20:00:00", "2026-02-13T07:00:00") == 0)
        // The Saturday before the Spring Festival is worked, the festival is not.
        #expect(try hours("2026-02-13T17:00:00", "2026-02-24T10:00:00") == 11)
        #expect(try hours("2026-02-24T10:00:00", "2026-02-13T17:00:00") == -11)
    }

    @Test func workingTimeLeadsOverNightsAndHolidays() throws {
        let zone = try shanghai()
        func after(_ hours: Int64, _ start: String, _ calendar: BusinessCalendar = .china) throws -> Instant? {
            calendar.instant(TimeSpan(microseconds: hours * Microseconds.perHour), workingTimeAfter: try instant(start), in: zone)
        }
        #expect(try after(2, "2026-02-12T10:00:00") == instant("2026-02-12T12:00:00"))
        #expect(try after(2, "2026-02-12T17:00:00") == instant("2026-02-13T10:00:00"))
        #expect(try after(9, "2026-02-12T09:00:00") == instant("2026-02-12T18:00:00"))
        #expect(try after(11, "2026-02-13T17:00:00") == instant("2026-02-24T10:00:00"))
        #expect(try after(0, "2026-02-15T11:00:00") == instant("2026-02-24T09:00:00"))
        #expect(try after(0, "2026-02-12T10:00:00") == instant("2026-02-12T10:00:00"))
        let noon = BusinessCalendar(
            name: "noon", week: [true, true, true, true, true, false, false],
            hours: [9 * Microseconds.perHour..<12 * Microseconds.perHour, 13 * Microseconds.perHour..<18 * Microseconds.perHour])
        #expect(try after(2, "2026-02-12T11:00:00", noon) == instant("2026-02-12T14:00:00"))
        #expect(try after(0, "2026-02-12T12:30:00", noon) == instant("2026-02-12T13:00:00"))
        #expect(noon.workingTime(from: try instant("2026-02-12T11:00:00"), to: try instant("2026-02-12T14:00:00"), in: zone).microseconds == 2 * Microseconds.perHour)
        #expect(BusinessCalendar.china.instant(5, workingDaysAfter: try instant("2026-02-12T10:15:00"), in: zone) == (try instant("2026-02-26T10:15:00")))
    }

    @Test func writtenDatesOfUnknownYearsAreWarnedOf() throws {
        let schema = FormulaSchema(objects: [], roles: [], users: nil, currency: "CNY", calendar: .china)
        func codes(_ formula: String) -> [String] {
            let checked = FormulaChecker(schema: schema).checked(FormulaRun.text(formula), in: FormulaScope(this: nil))
            #expect(checked.expression != nil)
            return checked.found.map { "\($0.severity) \($0.code)" }
        }
        #expect(codes("networkdays(date(2027, 1, 1), date(2027, 2, 1))") == ["warning calendar-without-data", "warning calendar-without-data"])
        #expect(codes("networkdays(date(2027, 1, 1), date(2027, 2, 1), 'plain')") == [])
        #expect(codes("workday(date(2026, 1, 1), 3)") == [])
    }
}
