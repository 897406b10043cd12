extension BusinessCalendar {
    /// China: Monday to Friday from 09:00 to 18:00, with the public holidays and the weekends worked to make up for them (调休).
    ///
    /// The days are those of the notices of the General Office of the State Council (国务院办公厅关于部分节假日安排的通知), which come out
    /// every autumn for the year after; the number of the notice stands beside its year. Years without a notice have plain weeks.
    package static let china = BusinessCalendar(
        name: "china", week: [true, true, true, true, true, false, false], holidays: years.flatMap(\.off), makeUpDays: years.flatMap(\.worked),
        publishedYears: 2019...2026)

    /// One notice: months and days, runs of days by their first and last.
    private struct Year {
        let off: [Day]
        let worked: [Day]

        init(_ year: Int, off: String, worked: String) {
            func day(_ text: Substring) -> Day {
                guard let day = Day("\(year)-\(text)") else { preconditionFailure("\(year)-\(text) is a day") }
                return day
            }
            self.off = off.split(separator: " ").flatMap { run in
                let ends = run.split(separator: "/").map(day)
                return (ends[0].daysSinceEpoch...ends[ends.count - 1].daysSinceEpoch).map(Day.init(daysSinceEpoch:))
            }
            self.worked = worked.split(separator: " ").map(day)
        }
    }

    private static let years: [Year] = [
        // 国办发明电〔2018〕15号, 〔2019〕3号
        Year(
            2019, off: "01-01 02-04/02-10 04-05/04-07 05-01/05-04 06-07/06-09 09-13/09-15 10-01/10-07",
            worked: "02-02 02-03 04-28 05-05 09-29 10-12"),
        // 国办发明电〔2019〕16号, 〔2020〕1号
        Year(
            2020, off: "01-01 01-24/02-02 04-04/04-06 05-01/05-05 06-25/06-27 10-01/10-08",
            worked: "01-19 04-26 05-09 06-28 09-27 10-10"),
        // 国办发明电〔2020〕27号
        Year(
            2021, off: "01-01/01-03 02-11/02-17 04-03/04-05 05-01/05-05 06-12/06-14 09-19/09-21 10-01/10-07",
            worked: "02-07 02-20 04-25 05-08 09-18 09-26 10-09"),
        // 国办发明电〔2021〕11号
        Year(
            2022, off: "01-01/01-03 01-31/02-06 04-03/04-05 04-30/05-04 06-03/06-05 09-10/09-12 10-01/10-07 12-31",
            worked: "01-29 01-30 04-02 04-24 05-07 10-08 10-09"),
        // 国办发明电〔2022〕16号
        Year(
            2023, off: "01-01/01-02 01-21/01-27 04-05 04-29/05-03 06-22/06-24 09-29/10-06 12-30/12-31",
            worked: "01-28 01-29 04-23 05-06 06-25 10-07 10-08"),
        // 国办发明电〔2023〕7号
        Year(
            2024, off: "01-01 02-10/02-17 04-04/04-06 05-01/05-05 06-10 09-15/09-17 10-01/10-07",
            worked: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12"),
        // 国办发明电〔2024〕12号
        Year(
            2025, off: "01-01 01-28/02-04 04-04/04-06 05-01/05-05 05-31/06-02 10-01/10-08",
            worked: "01-26 02-08 04-27 09-28 10-11"),
        // 国办发明电〔2025〕7号
        Year(
            2026, off: "01-01/01-03 02-15/02-23 04-04/04-06 05-01/05-05 06-19/06-21 09-25/09-27 10-01/10-07",
            worked: "01-04 02-14 02-28 05-09 09-20 10-10"),
    ]
}
