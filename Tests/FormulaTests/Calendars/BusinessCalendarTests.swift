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

    /// Days before 1970 are counted below 0.
    @Test func workingDaysOfLongAgoAreFound() throws {
        let calendar = try #require(BusinessCalendar.named("plain"))
        for start in try day("1959-12-28").daysSinceEpoch...day("1960-01-10").daysSinceEpoch {
            var expected = Day(daysSinceEpoch: start), left = 5
            while left > 0 {
                expected = Day(daysSinceEpoch: expected.daysSinceEpoch + 1)
                if calendar.isWorked(expected) { left -= 1 }
            }
            #expect(calendar.day(5, workingDaysAfter: Day(daysSinceEpoch: start)) == expected)
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

    private func minutes(_ from: Int64, _ to: Int64) -> Range<Int64> { from * Microseconds.perMinute..<to * Microseconds.perMinute }

    /// Mornings and afternoons, a short Friday, Saturday mornings, and a Christmas Eve until noon.
    private func shop() throws -> BusinessCalendar {
        let long = [minutes(540, 720), minutes(780, 1080)]
        return BusinessCalendar(
            name: "shop",
            plan: .init(
                week: [long, long, long, long, [minutes(540, 900)], [minutes(600, 720)], []], holidays: [try day("2026-12-25")],
                makeUpDays: [try day("2026-12-20")], exceptions: [try day("2026-12-24"): [minutes(540, 720)]], knownYears: 2026...2026))
    }

    @Test func workingHoursLeadOverNightsAndHolidays() throws {
        let zone = try shanghai()
        func after(_ hours: Int64, _ start: String, _ calendar: BusinessCalendar = .china) throws -> Instant? {
            calendar.due(after: try instant(start), businessHours: TimeSpan(microseconds: hours * Microseconds.perHour), zone: zone)?.instant
        }
        #expect(try after(2, "2026-02-12T10:00:00") == instant("2026-02-12T12:00:00"))
        #expect(try after(2, "2026-02-12T17:00:00") == instant("2026-02-13T10:00:00"))
        #expect(try after(9, "2026-02-12T09:00:00") == instant("2026-02-12T18:00:00"))
        #expect(try after(2, "2026-02-12T20:00:00") == instant("2026-02-13T11:00:00"))
        #expect(try after(11, "2026-02-13T17:00:00") == instant("2026-02-24T10:00:00"))
        #expect(try after(0, "2026-02-15T11:00:00") == instant("2026-02-24T09:00:00"))
        #expect(try after(0, "2026-02-12T10:00:00") == instant("2026-02-12T10:00:00"))
        let shop = try shop()
        #expect(try after(2, "2026-12-17T11:00:00", shop) == instant("2026-12-17T14:00:00"))
        #expect(try after(0, "2026-12-17T12:30:00", shop) == instant("2026-12-17T13:00:00"))
        #expect(try after(6, "2026-12-18T09:00:00", shop) == instant("2026-12-18T15:00:00"))
        // Two hours of Saturday, eight of the Sunday that is worked as a Monday, and one of Monday.
        #expect(try after(11, "2026-12-18T16:00:00", shop) == instant("2026-12-21T10:00:00"))
        #expect(try after(5, "2026-12-24T10:00:00", shop) == instant("2026-12-28T10:00:00"))
        #expect(try after(-1, "2026-12-24T10:00:00", shop) == nil)
        #expect(shop.workingTime(from: try instant("2026-12-17T11:00:00"), to: try instant("2026-12-17T14:00:00"), in: zone).microseconds == 2 * Microseconds.perHour)
        #expect(shop.workingTime(from: try instant("2026-12-18T16:00:00"), to: try instant("2026-12-21T10:00:00"), in: zone).microseconds == 11 * Microseconds.perHour)
    }

    @Test func workingDaysKeepTheTimeOfDay() throws {
        let zone = try shanghai()
        func due(_ days: Int, _ start: String, _ calendar: BusinessCalendar = .china) throws -> Instant? {
            calendar.due(after: try instant(start), businessDays: days, zone: zone)?.instant
        }
        // A Saturday is worked to make up for the holidays of October.
        #expect(try due(5, "2026-09-28T10:15:00") == instant("2026-10-10T10:15:00"))
        #expect(try due(5, "2026-02-11T10:15:00") == instant("2026-02-25T10:15:00"))
        #expect(try due(1, "2026-02-12T20:00:00") == instant("2026-02-14T09:00:00"))
        #expect(try due(1, "2026-02-16T12:00:00") == instant("2026-02-25T09:00:00"))
        #expect(try due(0, "2026-02-16T12:00:00") == instant("2026-02-24T09:00:00"))
        #expect(try due(-1, "2026-02-24T10:00:00") == instant("2026-02-14T10:00:00"))
        let shop = try shop()
        // To the end of a short day, to the beginning of a late one, behind a break.
        #expect(try due(1, "2026-12-17T17:00:00", shop) == instant("2026-12-18T15:00:00"))
        #expect(try due(1, "2026-12-18T09:30:00", shop) == instant("2026-12-19T10:00:00"))
        #expect(try due(3, "2026-12-18T12:30:00", shop) == instant("2026-12-21T13:00:00"))
        #expect(try due(1, "2026-12-23T15:00:00", shop) == instant("2026-12-24T12:00:00"))
    }

    @Test func workBeginsWithinItsHoursAndEndsBehindThem() throws {
        let zone = try shanghai()
        let shop = try shop()
        for (text, isWorking) in [
            ("2026-12-17T08:59:59", false), ("2026-12-17T09:00:00", true), ("2026-12-17T12:00:00", false), ("2026-12-17T13:00:00", true),
            ("2026-12-17T18:00:00", false), ("2026-12-20T17:00:00", true), ("2026-12-24T13:30:00", false), ("2026-12-25T10:00:00", false),
        ] {
            #expect(shop.isWorking(at: try instant(text), in: zone) == isWorking, "\(text)")
        }
        #expect(shop.nextWorkingMoment(after: try instant("2026-12-24T12:00:00"), in: zone) == (try instant("2026-12-26T10:00:00")))
        #expect(shop.nextWorkingMoment(after: try instant("2026-12-17T10:00:00"), in: zone) == (try instant("2026-12-17T10:00:00")))
        let never = BusinessCalendar(name: "never", week: Array(repeating: false, count: 7))
        #expect(never.nextWorkingMoment(after: try instant("2026-12-24T12:00:00"), in: zone) == nil)
        #expect(never.due(after: try instant("2026-12-24T12:00:00"), businessDays: 1, zone: zone) == nil)
        #expect(never.due(after: try instant("2026-12-24T12:00:00"), businessHours: TimeSpan(microseconds: 1), zone: zone) == nil)
    }

    @Test func deadlinesBeyondThePublishedYearsAreProvisional() throws {
        let zone = try shanghai()
        func isProvisional(_ days: Int, _ start: String, _ calendar: BusinessCalendar) throws -> Bool? {
            calendar.due(after: try instant(start), businessDays: days, zone: zone)?.isProvisional
        }
        #expect(try isProvisional(5, "2026-12-20T10:00:00", .china) == false)
        #expect(try isProvisional(9, "2026-12-20T10:00:00", .china) == true)
        #expect(try isProvisional(9, "2026-12-20T10:00:00", .plain) == false)
        let hours = TimeSpan(microseconds: 100 * Microseconds.perHour)
        #expect(BusinessCalendar.china.due(after: try instant("2026-12-25T10:00:00"), businessHours: hours, zone: zone)?.isProvisional == true)
    }

    /// Deadlines in hours and the time between are inverse to each other, minute by minute.
    @Test(arguments: ["Asia/Shanghai", "Europe/Berlin", "America/New_York"]) func hoursAreCountedAsTheyLead(name: String) throws {
        let zone = try #require(Zone(name: name))
        let shop = try shop()
        let start = try instant("2026-12-16T00:00:00")
        for step in 0..<400 {
            let from = Instant(microseconds: start.microseconds + Int64(step) * 37 * Microseconds.perMinute)
            let span = TimeSpan(microseconds: Int64(1 + step % 97) * 11 * Microseconds.perMinute)
            let due = try #require(shop.due(after: from, businessHours: span, zone: zone)).instant
            #expect(shop.workingTime(from: from, to: due, in: zone) == span)
            let before = Instant(microseconds: due.microseconds - 1)
            #expect(shop.workingTime(from: from, to: before, in: zone).microseconds < span.microseconds)
        }
    }

    @Test func calendarsAreCarriedByTheirText() throws {
        let shop = try shop()
        let carried = try #require(BusinessCalendar.spelled(shop.spelled))
        #expect(carried.plan.week == shop.plan.week)
        #expect(carried.plan.holidays == shop.plan.holidays)
        #expect(carried.plan.makeUpDays == shop.plan.makeUpDays)
        #expect(carried.plan.exceptions == shop.plan.exceptions)
        #expect(BusinessCalendar.china.spelled == "china")
        for wrong in ["", "chinese", ";;;;;;;;;x", "1-0;;;;;;;;;", ";;;;;;;;;1", ";;;;;;;;9999999999;"] { #expect(BusinessCalendar.spelled(wrong) == nil) }
    }

    @Test func formulasNameTheAppsOwnCalendars() throws {
        let shop = try shop()
        let schema = FormulaSchema(objects: [], roles: [], users: nil, currency: "CNY", calendar: shop, calendars: [shop])
        let zone = try shanghai()
        let moment = Moment(now: try instant("2026-12-16T00:00:00"), zone: zone, calendar: .plain, calendars: ["shop": shop])
        func value(_ formula: String) throws -> Value {
            let checked = FormulaChecker(schema: schema).checked(FormulaRun.text(formula), in: FormulaScope(this: nil))
            let expression = try #require(checked.expression)
            return try Evaluator(expression).value(in: Frame(this: nil, moment: moment, source: NoRows()))
        }
        #expect(try value("workday(date(2026, 12, 18), 3, 'shop')") == .date(try day("2026-12-21")))
        #expect(try value("workday(date(2026, 12, 18), 3, 'Shop')") == .date(try day("2026-12-21")))
        #expect(try value("workday(date(2026, 12, 18), 3)") == .date(try day("2026-12-23")))
        #expect(try value("isworkday(date(2026, 12, 20), 'shop')") == .bool(true))
        let wrong = FormulaChecker(schema: schema).checked(FormulaRun.text("isworkday(date(2026, 12, 20), 'shops')"), in: FormulaScope(this: nil))
        #expect(wrong.found.map(\.code) == ["not-constant"])
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
