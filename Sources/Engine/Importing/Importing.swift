import Formula
import Model
import Program
import SourceText
import Storage

/// The rows of one import on their way into records.
struct Importing: Sendable {
    /// Rows of one transaction: long enough that the disk is waited for seldom, short enough that others get their turn.
    static let batch = 200

    let engine: Engine
    let object: ObjectID
    let columns: ImportColumns
    let principal: Principal
    let door: SaveCommand.Door
    let resolver: LinkResolver

    func make(_ rows: some Sequence<ImportTable.Line>, in transaction: any WriteTransaction) throws -> [ImportReport.RowResult] {
        try rows.map { row in
            let (inputs, strays) = try inputs(of: row, in: transaction)
            return ImportReport.RowResult(line: row.number, fate: try make(inputs, strays, in: transaction))
        }
    }

    func make(_ inputs: [FieldInput], _ strays: [Violation], in transaction: any WriteTransaction) throws -> ImportReport.RowResult.Fate {
        var command = SaveCommand(.create(object, inputs), by: principal, door: door)
        command.strays = strays
        switch try engine.outcome(of: command, in: transaction) {
        case .saved(let row, _), .unchanged(let row):
            try resolver.made(row, in: RecordContext(engine: engine, principal: .system, transaction: transaction))
            return .created(row.id)
        case .refused(let violations):
            return .refused(violations)
        case .denied(let words):
            return .refused([Violation(.readOnly, words)])
        case .held(let verdict):
            return .refused(verdict.items.filter { !$0.isMet }.map { Violation(.rule, rule: $0.name, $0.say) })
        case .repeated, .requestKeyReused, .conflict, .missing:
            preconditionFailure("a row makes a record of its own")
        }
    }

    /// Does it all in one transaction and takes it back.
    func rehearse(_ rows: [ImportTable.Line]) async throws -> [ImportReport.RowResult] {
        do {
            return try await engine.store.write { transaction -> [ImportReport.RowResult] in
                throw Rehearsed(results: try make(rows, in: transaction))
            }
        } catch let rehearsed as Rehearsed {
            return rehearsed.results.map { result in
                switch result.fate {
                case .created, .fine: ImportReport.RowResult(line: result.line, fate: .fine)
                case .refused: result
                }
            }
        }
    }

    private struct Rehearsed: Error {
        let results: [ImportReport.RowResult]
    }

    private func inputs(of row: ImportTable.Line, in transaction: any WriteTransaction) throws -> ([FieldInput], strays: [Violation]) {
        let context = try RecordContext(engine: engine, principal: .system, transaction: transaction)
        var inputs: [FieldInput] = []
        for (cell, field) in zip(row.cells, columns.fields) {
            guard let field, !cell.isEmpty else { continue }
            let reading = InputReading(text: CSVWriter.restored(cell), as: field, zone: engine.app.model.zone)
            if case .value(.blank) = reading { continue }
            inputs.append(try reading.input(for: field, resolver, context, transaction))
        }
        return (inputs, surplus(row))
    }

    /// Cells behind the last column have something in them: a separator stands where none was meant.
    private func surplus(_ row: ImportTable.Line) -> [Violation] {
        guard row.cells.dropFirst(columns.fields.count).contains(where: { !$0.isEmpty }) else { return [] }
        return [Violation(.unreadable, Words(
            zh: "这一行有 \(row.cells.count) 格，表头只有 \(columns.fields.count) 列", en: "this row has \(row.cells.count) cells, the header \(columns.fields.count)"))]
    }
}
