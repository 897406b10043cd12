import Engine
import Formula
import Model
import Program
import SourceText
import Storage

/// Values as they stand in the controls of a form. `Engine.inputs(texts:)` reads every spelling back; what was not touched is never sent, so a
/// spelling that leaves something out (the seconds of a moment) loses nothing.
struct EntryText: Sendable {
    let app: CompiledApp

    func text(_ value: Value, of field: CheckedField) -> String {
        switch value {
        case .instant(let instant): local(instant)
        case .options(let keys): keys.joined(separator: ",")
        case .links(let records): records.map { app.text(of: $0) }.joined(separator: ",")
        case .blank, .bool, .number, .text, .date, .duration, .option, .location, .link, .list, .failure:
            field.kind.plainText(value, zone: app.model.zone) { app.text(of: $0) }
        }
    }

    /// `2026-03-01T09:00`, as `datetime-local` has it.
    private func local(_ instant: Instant) -> String {
        let wall = app.model.zone.wallClock(instant)
        return "\(wall.day)T\(wall.time(withSeconds: false))"
    }
}

extension Row {
    /// What a form that shows the record was opened on.
    var openedVersion: Int64 {
        if case .number(let number) = self[SystemField.version] { Int64(truncatingIfNeeded: number.mantissa) } else { 0 }
    }
}
