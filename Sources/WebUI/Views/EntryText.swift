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
        case .blank, .failure, .list: ""
        case .bool(let bool): bool ? "yes" : "no"
        case .number(let number):
            if case .percent = field.kind {
                ((try? number.multiplied(by: ExactDecimal(100))) ?? number).description + "%"
            } else {
                number.description
            }
        case .text(let text): text
        case .date(let day): day.description
        case .instant(let instant): local(instant)
        case .duration(let span): span.description
        case .option(let key): key
        case .options(let keys): keys.joined(separator: ",")
        case .link(let id): app.text(of: id)
        }
    }

    /// `2026-03-01T09:00`, as `datetime-local` has it.
    private func local(_ instant: Instant) -> String {
        let wall = app.model.zone.wallClock(instant)
        return "\(wall.day)T\(wall.time(withSeconds: false))"
    }
}
