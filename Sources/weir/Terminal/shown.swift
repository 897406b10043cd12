import Engine
import Formula
import Model
import Program
import SourceText

/// A value of a record as a line of text for the terminal.
func shown(_ row: Row, _ field: CheckedField, _ view: RecordsView, _ app: CompiledApp, _ language: Language) -> String {
    field.kind.display(row[field.id], language: language, zone: app.model.zone) { view.titles[$0] ?? app.text(of: $0) }
}
