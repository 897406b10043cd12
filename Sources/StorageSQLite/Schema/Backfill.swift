import Formula
import Model
import Program
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
        for field in inDependencyOrder(wanted, app.model) {
            try compute(field)
            reached()
        }
    }

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

    private func compute(_ field: FieldID) throws {
        let app = transaction.layout.app
        guard let computation = app[field.object].computedOrder.first(where: { $0.field == field }) else { return }
        let name = "\(app.model[field.object].name).\(app.model[field].name)"
        let total = try transaction.count(field.object, where: nil)
        var done = 0
        var last: Int64 = 0
        while true {
            let rows = try transaction.rows(of: field.object, after: last, limit: Self.batch)
            guard let end = rows.last else { break }
            let source = StoredRows(transaction: transaction, moment: moment)
            for var row in rows {
                let value = try computation.value(in: Frame(this: row, moment: moment, source: source))
                guard row[field] != value else { continue }
                row[field] = value
                try transaction.update(row, changed: [field])
            }
            last = end.id.number
            done += rows.count
            progress?(name, done, total)
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
    /// The next records by number.
    func rows(of object: ObjectID, after number: Int64, limit: Int64) throws -> [Row] {
        let table = table(object)
        let statement = try connection.statement(
            "SELECT \(table.selection) FROM \(table.table) WHERE id > ? AND deleted_at IS NULL ORDER BY id LIMIT ?")
        statement.bind(number, at: 1)
        statement.bind(limit, at: 2)
        return try records(of: statement, in: table)
    }
}
