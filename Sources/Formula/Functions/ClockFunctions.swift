import SourceText

/// What the clock says. Within one transaction it stands still.
enum ClockFunctions {
    static let all: [FunctionDefinition] = [today, now]

    static let today = FunctionDefinition(
        "today", aliases: ["今天"], [.init([], gives: .date)], readsClock: true, neverFails: true,
        summary: Words(zh: "今天，按应用的时区。", en: "The day it is in the app's time zone."),
        examples: [.init("today()", "2026-02-12")],
        body: { arguments in .date(arguments.moment.zone.day(of: arguments.moment.now)) })

    static let now = FunctionDefinition(
        "now", aliases: ["现在"], [.init([], gives: .datetime)], readsClock: true, neverFails: true,
        summary: Words(zh: "此刻。", en: "The instant it is."),
        examples: [.init("now()", "2026-02-12 09:00")],
        body: { arguments in .instant(arguments.moment.now) })
}
