package import SourceText
import LocatedYAML

/// A calendar of the app's own, under `calendars`. Days and hours are still text.
package struct CalendarDefinition: Sendable {
    package var name: Located<String>
    /// The calendar of which this one says only what differs.
    package var like: Located<String>?
    package var week: [Hours]
    /// Days and runs of days that are not worked.
    package var holidays: [Located<String>]
    /// Days that are worked instead of others.
    package var workdays: [Located<String>]
    package var exceptions: [Hours]
    package var years: Located<String>?

    /// When the days of one key are worked.
    package struct Hours: Sendable {
        /// Days of the week, or dates.
        package let days: Located<String>
        /// At least one.
        package let windows: [Located<String>]
    }

    /// How the days of the week may be called, Monday first.
    package static let weekdays: [[String]] = [
        ["mon", "monday", "周一", "星期一"], ["tue", "tuesday", "周二", "星期二"], ["wed", "wednesday", "周三", "星期三"], ["thu", "thursday", "周四", "星期四"],
        ["fri", "friday", "周五", "星期五"], ["sat", "saturday", "周六", "星期六"], ["sun", "sunday", "周日", "星期日"],
    ]

    static func read(_ entry: YAMLEntry, _ names: inout NameTable, _ report: inout Diagnostics) -> [CalendarDefinition] {
        namedEntries(of: entry, as: .calendar, &report).compactMap { calendar in
            guard names.declare(calendar.key, &report), let keys = KeyReader(calendar, of: .calendar, &report) else { return nil }
            // Without another calendar there is nothing that its week could be like.
            let week = keys["like"] == nil ? keys.required("week", owner: calendar.key, &report) : keys["week"]
            return CalendarDefinition(
                name: calendar.key, like: keys["like"]?.text(&report), week: week?.hours(&report) ?? [],
                holidays: keys["holidays"]?.listed(&report) ?? [], workdays: keys["workdays"]?.listed(&report) ?? [],
                exceptions: keys["exceptions"]?.hours(&report) ?? [], years: keys["years"]?.text(&report))
        }
    }
}

extension YAMLEntry {
    fileprivate func hours(_ report: inout Diagnostics) -> [CalendarDefinition.Hours] {
        entries(&report).compactMap { entry in
            let windows = entry.listed(&report)
            return windows.isEmpty ? nil : CalendarDefinition.Hours(days: entry.key, windows: windows)
        }
    }

    /// One text or several with commas between, or a list of them.
    fileprivate func listed(_ report: inout Diagnostics) -> [Located<String>] {
        guard case .sequence(let items) = value.content else {
            return embedded(&report)?.parts(between: [",", "，", "、"]).filter { !$0.value.isEmpty } ?? []
        }
        return items.flatMap { item -> [Located<String>] in
            guard case .sequence = item.content else { return YAMLEntry(key: key, value: item).listed(&report) }
            report.report(.wrongShape(key, wants: .value, got: item, example: nil))
            return []
        }
    }
}
