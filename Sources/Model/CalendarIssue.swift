import Definition
import Formula
import SourceText

/// What an author got wrong about a calendar. The wording is in the extension.
enum CalendarIssue {
    enum HoursFault { case unreadable, backwards, overlapping }

    /// The name of a calendar that everybody has.
    case calendarTaken(Located<String>)
    case calendarCycle(through: Located<String>, then: [String])
    case unknownWeekday(Located<String>, String)
    case weekdayTwice(Located<String>, String)
    case badHours(Located<String>, HoursFault)
    case badCalendarDay(Located<String>)
    case calendarDayTwice(Located<String>, String)
    case badYears(Located<String>)
    case neverWorked(Located<String>)
}

extension Diagnostics {
    mutating func report(_ issue: CalendarIssue) { report(issue.diagnostic) }
}

extension CalendarIssue {
    var diagnostic: Diagnostic {
        switch self {
        case .calendarTaken(let name):
            Diagnostic(
                code: "duplicate-name",
                Words(zh: "日历 `\(name.value)` 是内置的，不能重新定义", en: "the calendar `\(name.value)` is built in and cannot be defined again"), at: name.span,
                hint: Words(zh: "请换一个名字，写 `like: \(name.value)`", en: "give it another name and write `like: \(name.value)`"))
        case .calendarCycle(let name, let others):
            Diagnostic(
                code: "like-cycle", Words(zh: "日历 `\(name.value)` 通过 `like` 又回到自己", en: "`like` leads from the calendar `\(name.value)` back to itself"),
                at: name.span, hint: ModelIssue.way(others))
        case .unknownWeekday(let text, let word):
            Diagnostic(
                code: "unknown-weekday", Words(zh: "没有星期 `\(word)`", en: "there is no day of the week `\(word)`"), at: text.span,
                hint: Words(zh: "请写 `周一` 至 `周日`，或 `周一至周五`", en: "write `mon` to `sun`, or a range such as `mon-fri`"))
        case .weekdayTwice(let text, let day):
            Diagnostic(
                code: "calendar-day-twice", Words(zh: "`\(day)` 写了两次", en: "`\(day)` is said twice"), at: text.span,
                hint: Words(zh: "请合并成一处", en: "say it in one place"))
        case .badHours(let text, .unreadable):
            Diagnostic(
                code: "bad-hours", Words(zh: "看不懂上班时间 `\(text.value)`", en: "the hours `\(text.value)` cannot be read"), at: text.span,
                hint: Words(zh: "请写 `09:00-18:00`，不上班写 `off`", en: "write `09:00-18:00`, or `off`"))
        case .badHours(let text, .backwards):
            Diagnostic(
                code: "hours-out-of-order", Words(zh: "上班时间 `\(text.value)` 的结束不晚于开始", en: "the hours `\(text.value)` do not end after they begin"), at: text.span,
                hint: Words(
                    zh: "一天从 00:00 到 24:00；夜班分两段写：`00:00-06:00, 22:00-24:00`",
                    en: "a day is 00:00 to 24:00; a night shift is two windows: `00:00-06:00, 22:00-24:00`"))
        case .badHours(let text, .overlapping):
            Diagnostic(
                code: "hours-out-of-order", Words(zh: "上班时间 `\(text.value)` 早于前一段的结束", en: "the hours `\(text.value)` begin before the end of those in front"), at: text.span,
                hint: Words(zh: "请按时间先后写，互不重叠", en: "write windows in order and apart"))
        case .badCalendarDay(let text):
            Diagnostic(
                code: "bad-calendar-day", Words(zh: "`\(text.value)` 不是日期", en: "`\(text.value)` is no day"), at: text.span,
                hint: Words(zh: "请写 `2026-10-01`，或一段 `2026-10-01..2026-10-07`", en: "write `2026-10-01`, or a run of days: `2026-10-01..2026-10-07`"))
        case .calendarDayTwice(let text, let day):
            Diagnostic(
                code: "calendar-day-twice", Words(zh: "\(day) 在这个日历里写了两次", en: "\(day) is said twice in this calendar"), at: text.span,
                hint: Words(
                    zh: "一天只在 `holidays`、`workdays`、`exceptions` 之一里写一次", en: "say a day once, in `holidays`, `workdays` or `exceptions`"))
        case .badYears(let text):
            Diagnostic(
                code: "bad-years", Words(zh: "`\(text.value)` 不是年份", en: "`\(text.value)` is no year and no range of years"), at: text.span,
                hint: Words(zh: "请写 `2026` 或 `2026-2028`", en: "write `2026` or `2026-2028`"))
        case .neverWorked(let name):
            Diagnostic(
                code: "never-worked", Words(zh: "日历 `\(name.value)` 没有一天上班", en: "no day of the calendar `\(name.value)` is worked"), at: name.span,
                hint: Words(zh: "请至少给一天写上时间", en: "give at least one day of the week hours"))
        }
    }
}
