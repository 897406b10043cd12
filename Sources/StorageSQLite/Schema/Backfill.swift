import Formula
import Model
import Program
import SQLText
import SchemaPlan
import Storage

/// Computes the formulas that a plan asks for, for every record that stands already.
struct Backfill {
    let transaction: SQLiteTransaction
    let moment: Moment
    let progress: SchemaProgress?
    private static let batch: Int64 = 500

    /// - Parameter reached: Called after each field.
    func run(_ plan: SchemaPlan, reached: () -> Void) throws {
        let app = transaction.layout.app
        let wanted = plan.changes.compactMap { change -> FieldID? in
            guard case .compute(let field, let object) = change else { return nil }
            return app.model.object(named: object.name)?.field(named: field.name)?.id
        }
        var together: [FieldID] = [], own: [FieldID] = []
        func flush() throws {
            if !own.isEmpty { try fill(own) }
            if !together.isEmpty { try update(together) }
            for _ in own + together { reached() }
            own = []
            together = []
        }
        for field in inDependencyOrder(wanted, app.model) {
            if RowFilling.canFill(field, in: transaction.layout) {
                if !together.isEmpty || own.first.map({ $0.object != field.object }) ?? false { try flush() }
                own.append(field)
                continue
            }
            if !own.isEmpty { try flush() }
            guard transaction.layout.computedStatements.columns(of: field, in: transaction.layout) != nil else {
                try flush()
                try compute(field, only: nil)
                reached()
                continue
            }
            // One statement computes the fields of an object that do not read each other.
            if let first = together.first, first.object != field.object || reads(field, anyOf: together, app.model) { try flush() }
            together.append(field)
        }
        try flush()
    }

    /// Fields of one object that look at nothing but their own row.
    private func fill(_ fields: [FieldID]) throws {
        guard let object = fields.first?.object else { return }
        let filling = RowFilling(fields, of: object, in: transaction, moment: moment)
        guard filling.fits else {
            for field in fields { try compute(field, only: nil) }
            return
        }
        let model = transaction.layout.app.model
        let name = fields.map { "\(model[object].name).\(model[$0].name)" }.joined(separator: ", ")
        try filling.run(on: transaction.connection) { progress?(name, Int($0), Int($1)) }
    }

    private func reads(_ field: FieldID, anyOf others: [FieldID], _ app: CheckedApp) -> Bool {
        (app[field].computed?.expressions ?? []).contains { expression in
            !expression.reads.own.isDisjoint(with: others) || expression.reads.related.contains { path in path.field.map(others.contains) ?? false }
        }
    }

    /// All fields for all records in one statement; the few records for which a formula fails are then computed in process, which knows why.
    private func update(_ fields: [FieldID]) throws {
        let layout = transaction.layout
        var assignments: [SQLFragment] = []
        var marked: [(field: FieldID, column: Identifier)] = []
        for field in fields {
            guard let columns = layout.computedStatements.columns(of: field, in: layout), let column = layout[field]?.sqlColumn else { continue }
            assignments.append("\(column.name) = \(columns.value)")
            guard let error = column.error else { continue }
            if let fails = columns.fails {
                assignments.append("\(error) = CASE WHEN \(fails) THEN '\(SQLFragment(stringLiteral: Self.mark))' END")
                marked.append((field, error))
            } else {
                assignments.append("\(error) = NULL")
            }
        }
        guard let object = fields.first?.object else { return }
        let table = transaction.table(object)
        let total = try transaction.count(object, where: nil)
        let name = fields.map { "\(layout.app.model[object].name).\(layout.app.model[$0].name)" }.joined(separator: ", ")
        progress?(name, 0, total)
        let update: SQLFragment = "UPDATE \(table.name) SET \(SQLFragment.joined(assignments, by: ", ")) WHERE deleted_at IS NULL"
        let rendered = update.rendered(for: .sqlite)
        let statement = try transaction.connection.statement(rendered.text)
        statement.bind(rendered.arguments)
        try statement.run()
        progress?(name, total, total)
        for (field, column) in marked { try compute(field, only: column) }
    }

    /// Stands in a column of errors until the reason is known; no code of a failure is spelled so.
    private static let mark = "?"

    /// Fields before those that read them, on the same record or over links.
    private func inDependencyOrder(_ fields: [FieldID], _ app: CheckedApp) -> [FieldID] {
        let wanted = Set(fields)
        var ordered: [FieldID] = []
        var seen: Set<FieldID> = []
        func visit(_ field: FieldID) {
            guard seen.insert(field).inserted else { return }
            for expression in app[field].computed?.expressions ?? [] {
                for read in expression.reads.own { visit(read) }
                for path in expression.reads.related { if let read = path.field { visit(read) } }
            }
            if wanted.contains(field) { ordered.append(field) }
        }
        for field in fields { visit(field) }
        return ordered
    }

    /// In process, record by record.
    ///
    /// - Parameter marked: The column of errors whose marks say which records; nil is all.
    private func compute(_ field: FieldID, only marked: Identifier?) throws {
        let app = transaction.layout.app
        guard let computation = app[field.object].computedOrder.first(where: { $0.field == field }) else { return }
        let name = "\(app.model[field.object].name).\(app.model[field].name)"
        let total = try transaction.count(field.object, where: nil)
        var done = 0
        var last: Int64 = 0
        while true {
            let rows = try transaction.rows(of: field.object, after: last, limit: Self.batch, marked: marked.map { ($0, Self.mark) })
            guard let end = rows.last else { break }
            let source = StoredRows(transaction: transaction, moment: moment)
            for var row in rows {
                let value = try computation.value(in: Frame(this: row, moment: moment, source: source))
                guard row[field] != value || marked != nil else { continue }
                row[field] = value
                try transaction.update(row, changed: [field])
            }
            last = end.id.number
            done += rows.count
            if marked == nil { progress?(name, done, total) }
        }
    }
}

/// Records as formulas read them, straight from a transaction.
struct StoredRows: RowSource {
    let transaction: SQLiteTransaction
    let moment: Moment

    func row(_ id: RecordID) throws -> Row? { try transaction.row(id) }
    func rows(linking link: FieldID, to parent: RecordID) throws -> [Row] { try transaction.rows(linking: link, to: parent) }
    func rows(of object: ObjectID) throws -> [Row] { try transaction.rows(of: object) }

    func users(in role: RoleID) throws -> [Row] {
        let covering = transaction.layout.app.model.roles.filter { $0.covers.contains(role) }
        return try transaction.users(in: Set(covering.map(\.id)))
    }

    func title(of id: RecordID) throws -> String {
        guard let row = try row(id) else { return "" }
        return try transaction.layout.app[id.object].shows.text(in: Frame(this: row, moment: moment, source: self))
    }
}

extension SQLiteTransaction {
    /// The next records by number; only those with this text in this column, if there is one.
    func rows(of object: ObjectID, after number: Int64, limit: Int64, marked: (column: Identifier, text: String)? = nil) throws -> [Row] {
        let table = table(object)
        let only = marked.map { " AND \($0.column.quoted) = ?" } ?? ""
        let statement = try connection.statement(
            "SELECT \(table.selection) FROM \(table.table) WHERE id > ? AND deleted_at IS NULL\(only) ORDER BY id LIMIT ?")
        statement.bind(number, at: 1)
        if let marked { statement.bind(marked.text, at: 2) }
        statement.bind(limit, at: marked == nil ? 2 : 3)
        return try records(of: statement, in: table)
    }
}
