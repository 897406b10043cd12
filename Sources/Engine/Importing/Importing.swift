import Formula
import Model
import Program
import SourceText
import Spreadsheet
import Storage

/// The rows of one import on their way into records.
struct Importing: Sendable {
    /// Rows of one transaction: long enough that the disk is waited for seldom, short enough that others get their turn.
    static let batch = 200

    let engine: Engine
    let object: ObjectID
    let columns: ImportColumns
    var match: ImportMatch?
    let principal: Principal
    let door: SaveCommand.Door
    let resolver: LinkResolver
    /// `SaveCommand.batch` of all its rows.
    var batch: String?

    /// Each row in a savepoint of its own: one that is refused leaves the others standing.
    func make(_ rows: some Sequence<TableRow>, in transaction: any WriteTransaction, rehearsal: Rehearsal? = nil) throws -> [ImportRowResult] {
        let context = try RecordContext(engine: engine, principal: .system, transaction: transaction)
        return try rows.map { row in
            var inputs = try inputs(of: row, in: transaction, context)
            rehearsal?.excuse(&inputs, self)
            var fate = try fate(of: inputs, row: row, in: transaction)
            if let rehearsal { fate = try rehearsal.judged(fate, of: inputs, self, in: transaction) }
            return ImportRowResult(line: row.line, fate: fate)
        }
    }

    /// What a row gives its record.
    struct RowInputs {
        var inputs: [FieldInput] = []
        var strays: [Violation] = []
        /// Links by the texts that led nowhere.
        var unresolved: [(field: CheckedField, text: String)] = []
        /// Links that will be there when the rows before this one are.
        var excused: Set<FieldID> = []
        /// What the column of the match holds; nil where it is empty.
        var key: String?
    }

    func inputs(of row: TableRow, in transaction: any WriteTransaction, _ context: RecordContext) throws -> RowInputs {
        var read = RowInputs()
        read.inputs.reserveCapacity(columns.fields.count)
        for (position, field) in columns.fields.enumerated() where position < row.cells.count {
            guard let field, !row.cells[position].isEmpty else { continue }
            let cell = row.cells[position]
            if field.id == match?.field.id { read.key = Cleaning.trim(cell) }
            // The id only matches.
            guard !field.isSystem else { continue }
            if row.faults.contains(position) {
                read.inputs.append(FieldInput(field.id, .unreadable(Violation(.unreadable, field: field.id, .spreadsheetError(cell)))))
                continue
            }
            let reading = InputReading(text: cell, as: field, zone: engine.app.model.zone)
            if case .value(.blank) = reading { continue }
            let input = try reading.input(for: field, resolver, context, transaction)
            if case .link(let text) = reading, case .unreadable = input.entry { read.unresolved.append((field, text)) }
            read.inputs.append(input)
        }
        // Cells behind the last column have something in them: a separator stands where none was meant.
        if row.cells.count > columns.fields.count, row.cells.dropFirst(columns.fields.count).contains(where: { !$0.isEmpty }) {
            read.strays.append(Violation(.unreadable, .surplus(cells: row.cells.count, columns: columns.fields.count)))
        }
        return read
    }

    private func fate(of inputs: RowInputs, row: TableRow, in transaction: any WriteTransaction) throws -> ImportFate {
        guard let match, let key = inputs.key, !key.isEmpty else { return try create(inputs, in: transaction) }
        switch try match.record(for: key, engine, transaction) {
        case .none: return try create(inputs, in: transaction)
        case .one(let id): return try meet(id, inputs, match, in: transaction)
        case .several(let count): return .refused([Violation(.notUnique, field: match.field.id, .severalRecords(key, for: match.field, count: count))])
        }
    }

    private func meet(_ id: RecordID, _ inputs: RowInputs, _ match: ImportMatch, in transaction: any WriteTransaction) throws -> ImportFate {
        var given = inputs.inputs
        switch match.found {
        case .skip: return .skipped(id)
        case .update: break
        case .fill:
            guard let row = try transaction.row(id) else { return .skipped(id) }
            given = given.filter { row[$0.field].isBlank }
        }
        // What has a unique value keeps it.
        given.removeAll { $0.field == match.field.id }
        guard !given.isEmpty || !inputs.strays.isEmpty else { return .skipped(id) }
        var command = SaveCommand(.edit(id, given), by: principal, door: door)
        command.batch = batch
        command.strays = inputs.strays
        switch try engine.outcome(of: command, in: transaction) {
        case .saved(let row, _):
            try resolver.made(row, in: RecordContext(engine: engine, principal: .system, transaction: transaction))
            return .updated(id, version: row.version)
        case .unchanged: return .skipped(id)
        case .refused(let violations): return .refused(violations)
        case .denied(let words): return .refused([Violation(.readOnly, words)])
        case .held(let verdict): return .refused(verdict.violations)
        case .missing: return .refused([Violation(.unknownRecord, .gone)])
        case .repeated, .requestKeyReused, .conflict: preconditionFailure("a row expects no version and bears no key")
        }
    }

    func create(_ inputs: RowInputs, in transaction: any WriteTransaction) throws -> ImportFate {
        var command = SaveCommand(.create(object, inputs.inputs), by: principal, door: door)
        command.batch = batch
        command.strays = inputs.strays
        switch try engine.outcome(of: command, in: transaction) {
        case .saved(let row, _), .unchanged(let row):
            try resolver.made(row, in: RecordContext(engine: engine, principal: .system, transaction: transaction))
            return .created(row.id, version: row.version)
        case .refused(let violations): return .refused(violations)
        case .denied(let words): return .refused([Violation(.readOnly, words)])
        case .held(let verdict): return .refused(verdict.violations)
        case .repeated, .requestKeyReused, .conflict, .missing: preconditionFailure("a row makes a record of its own")
        }
    }
}

/// By which field a row finds its record, and what becomes of it then.
struct ImportMatch: Sendable {
    let field: CheckedField
    let found: ImportSettings.Found

    /// Whether records are found by this field without reading them all.
    static func isOffered(_ field: CheckedField, of object: CheckedObject) -> Bool {
        if field.isSystem { return field.id.index == SystemField.id.rawValue }
        guard field.computed == nil, field.isWritable else { return false }
        return field.isUnique || field.id == object.wholeTitle
    }

    func record(for key: String, _ engine: Engine, _ transaction: any ReadTransaction) throws -> LinkMatch {
        if field.isSystem {
            let id = engine.app.recordID(from: key) ?? Int64(key).map { RecordID(object: field.id.object, number: $0) }
            guard let id, id.object == field.id.object, id.number > 0, try transaction.row(id) != nil else { return .none }
            return .one(id)
        }
        for value in values(key, zone: engine.app.model.zone) {
            // As many as anyone would count.
            let holders = try transaction.holders(of: value, in: field.id, limit: 20)
            if holders.count > 1 { return .several(holders.count) }
            if let holder = holders.first { return .one(holder) }
        }
        return .none
    }

    /// As it is given, and as cleaning would have stored it.
    func values(_ key: String, zone: Zone) -> [Value] {
        guard case .success(let value) = field.kind.parse(key, zone: zone) else { return [] }
        guard case .text(let text) = value else { return value.isBlank ? [] : [value] }
        return LinkResolver.spellings(text, of: field).map(Value.text)
    }
}

extension GateVerdict {
    fileprivate var violations: [Violation] { items.filter { !$0.isMet }.map { Violation(.rule, rule: $0.name, $0.say) } }
}

extension Words {
    fileprivate static func spreadsheetError(_ text: String) -> Words {
        Words(zh: "单元格是错误值 \(text)", en: "the cell holds the error \(text)")
    }

    fileprivate static func surplus(cells: Int, columns: Int) -> Words {
        Words(zh: "这一行有 \(cells) 格，表头只有 \(columns) 列", en: "this row has \(cells) cells, the header \(columns)")
    }

    static let gone = Words(zh: "记录已不存在", en: "the record is no more")
}
