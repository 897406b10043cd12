import Formula
import Model
import Spreadsheet

/// Moves the days of demo data to the present: a demo is to look as it did on the day for which it was written, whenever it is loaded.
///
/// By whole weeks, so that what was a Tuesday is one. What names months, by their first days alone, moves by months. Nothing moves into the past.
struct DemoDays {
    private let days: Int
    private let months: Int
    private let zone: Zone

    /// - Parameter written: The day for which the data was written; nil: nothing moves.
    init(from written: Day?, to today: Day, in zone: Zone) {
        self.zone = zone
        let between = written.map { max(0, Int(today.daysSinceEpoch - $0.daysSinceEpoch)) } ?? 0
        days = between - between % 7
        guard days > 0, let written, let moved = written.adding(days: days) else {
            months = 0
            return
        }
        months = (moved.year - written.year) * 12 + moved.components.month - written.components.month
    }

    /// - Parameter namesMonths: Whether the column has nothing but first days of months.
    func moved(_ value: Value, namesMonths: Bool) -> Value {
        guard days > 0 else { return value }
        switch value {
        case .date(let day): return (namesMonths ? day.adding(months: months) : day.adding(days: days)).map(Value.date) ?? value
        case .instant(let instant):
            // The clock on the wall shows the same.
            let wall = zone.wallClock(instant)
            guard let day = wall.day.adding(days: days) else { return value }
            return .instant(zone.instant(WallClock(day: day, microseconds: wall.microseconds)))
        case .blank, .bool, .number, .text, .duration, .option, .options, .link, .links, .location, .list, .failure: return value
        }
    }
}

extension DemoTable {
    /// By column: whether it names months, by their first days.
    func namesMonths(in zone: Zone) -> [Bool] {
        columns.fields.enumerated().map { position, field in
            guard let field, field.kind == .date else { return false }
            let cells = table.rows.compactMap { position < $0.cells.count ? $0.cells[position] : nil }.filter { !$0.isEmpty }
            return !cells.isEmpty && cells.allSatisfy { cell in
                if case .value(.date(let day)) = InputReading(text: cell, as: field, zone: zone) { day.components.day == 1 } else { false }
            }
        }
    }
}
