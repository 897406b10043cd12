import Foundation
import GRDB
import Formula
import Model
package import Program
package import SchemaPlan
package import SourceText
package import Storage

/// A plan with what it meets in the records: looked up in the database and, for formulas, carried out on a copy. The original is only read.
package struct PlanTrial: Sendable {
    /// A change and how many records it concerns.
    package struct Step: Sendable {
        package let change: SchemaChange
        /// Living records of the object.
        package let records: Int
        /// How many values or records stand against a checked change; 0 for other changes.
        package let obstacles: Int
        /// For a formula that was stored before: of how many records the value changes. Nil for others, and while the plan is refused.
        package fileprivate(set) var changedValues: Int?

        /// Why it cannot be carried out; nil if nothing stands against it.
        package var refusal: Words? {
            change.class == .refused ? change.words : obstacles > 0 ? change.refusal(count: Int64(obstacles)) : nil
        }
    }

    package let plan: SchemaPlan
    package private(set) var steps: [Step]
    package var refusals: [Words] { steps.compactMap(\.refusal) }

    /// Looks up what a plan meets. A folder without a database gives the plan of a first start.
    ///
    /// - Throws: `StoreError`; `.incompatible` if the folder belongs to another app.
    package init(folder path: String, app: CompiledApp) throws {
        let folder = DataFolder(path: path)
        let desired = DesiredSchema(app)
        guard folder.hasDatabase else {
            plan = desired.difference(from: ExistingSchema())
            steps = plan.changes.map { Step(change: $0, records: 0, obstacles: 0) }
            return
        }
        (plan, steps) = try RawDatabase.read(folder.database) { connection in
            let catalogue = Catalogue(connection: connection)
            guard try catalogue.exists() else { throw StoreError.notADatabase("it has no catalogue") }
            if let owner = try catalogue.value(.app), owner != app.model.name {
                throw StoreError.incompatible(
                    Words(zh: "这个数据目录属于应用 `\(owner)`，不是 `\(app.model.name)`", en: "the data folder belongs to `\(owner)`, not to `\(app.model.name)`"))
            }
            let existing = try catalogue.load()
            let plan = desired.difference(from: existing)
            let steps = try plan.changes.map { change in
                Step(
                    change: change, records: try Self.records(of: change, existing, on: connection),
                    obstacles: try Self.obstacles(to: change, on: connection))
            }
            return (plan, steps)
        }
    }

    private static func records(of change: SchemaChange, _ existing: ExistingSchema, on connection: Connection) throws -> Int {
        let table = change.object.table
        // A new object has no table yet.
        guard existing.objects.contains(where: { $0.table == table }) else { return 0 }
        return try count("SELECT COUNT(*) FROM \(PhysicalNames.quoted(table)) WHERE deleted_at IS NULL", on: connection)
    }

    private static func obstacles(to change: SchemaChange, on connection: Connection) throws -> Int {
        guard let check = SQLiteStatements.check(of: change) else { return 0 }
        return try count(check.text, check.arguments, on: connection)
    }

    private static func count(_ sql: String, _ arguments: [String] = [], on connection: Connection) throws -> Int {
        let statement = try connection.statement(sql)
        defer { statement.reset() }
        for (position, argument) in arguments.enumerated() { statement.bind(argument, at: Int32(position) + 1) }
        return try statement.step() ? Int(statement.int64(0)) : 0
    }

    // MARK: On a copy

    /// Carries the plan out on a copy, counts the values that change, and hands the copy's store to `work` for what else is to be seen.
    ///
    /// - Parameters:
    ///   - scratch: A folder that does not exist yet; it is made and removed.
    ///   - progress: Told how far copying is, in pages, and then how far each formula is.
    /// - Precondition: Nothing stands against the plan, and the folder has a database.
    package mutating func rehearse(
        folder path: String, app: CompiledApp, world: World, scratch: String, copying: CopyProgress? = nil, computing: SchemaProgress? = nil,
        _ work: (SQLiteStore) async throws -> Void
    ) async throws {
        let copy = DataFolder(path: scratch)
        try copy.create()
        defer { copy.remove() }
        try DatabaseCopy.make(of: DataFolder(path: path), at: copy.database, progress: copying)
        let recomputed = steps.indices.filter { position in
            guard case .compute(let field, _) = steps[position].change else { return false }
            return !plan.changes.contains { $0.brings(field) }
        }
        try RawDatabase.change(copy.database) { connection in
            for position in recomputed { try connection.execute(Self.remembering(steps[position].change, position)) }
        }
        let store = try SQLiteStore.open(folder: scratch, app: app, world: world, progress: computing)
        do {
            for position in recomputed {
                let sql = Self.counting(steps[position].change, position)
                steps[position].changedValues = try await store.database.writer.read { [connections = store.database.connections] database in
                    try Self.count(sql, on: connections[database])
                }
            }
            try await work(store)
            await store.close()
        } catch {
            await store.close()
            throw StoreError.mapped(error)
        }
    }

    /// Keeps the values of a formula as they stand, beside its table.
    private static func remembering(_ change: SchemaChange, _ position: Int) -> String {
        let (value, error) = columns(of: change)
        return """
            CREATE TABLE weir_before_\(position) AS SELECT id, \(value) AS value, \(error) AS error \
            FROM \(PhysicalNames.quoted(change.object.table)) WHERE deleted_at IS NULL
            """
    }

    private static func counting(_ change: SchemaChange, _ position: Int) -> String {
        let (value, error) = columns(of: change)
        return """
            SELECT COUNT(*) FROM weir_before_\(position) AS old JOIN \(PhysicalNames.quoted(change.object.table)) AS new ON new.id = old.id \
            WHERE old.value IS NOT new.\(value) OR old.error IS NOT new.\(error)
            """
    }

    private static func columns(of change: SchemaChange) -> (value: String, error: String) {
        guard case .compute(let field, _) = change else { preconditionFailure("only computed values are compared") }
        return (PhysicalNames.quoted(field.column), PhysicalNames.quoted(PhysicalNames.errorColumn(of: field.column)))
    }
}
