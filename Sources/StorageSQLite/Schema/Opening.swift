import CSQLite
import Formula
import Model
import Program
import SchemaPlan
import SourceText
import Storage

/// Told while a formula is computed for records that stand already: the field's name, how many records are done, and of how many.
package typealias SchemaProgress = @Sendable (_ field: String, _ done: Int, _ of: Int) -> Void

extension DesiredSchema {
    init(_ app: CompiledApp) {
        self.init(app: app.model, volatile: Set(app.objects.flatMap { $0.volatile.map(\.field) }))
    }
}

/// What opening a database does before the first work: sees whose it is, and brings its tables up to date in one transaction.
struct Opening {
    let app: CompiledApp
    let world: World
    let isReadOnly: Bool
    let folder: DataFolder
    let progress: SchemaProgress?

    struct Outcome: Sendable {
        /// Where the records lie.
        let layout: Layout
        /// What was changed for it.
        let plan: SchemaPlan
        /// The number under which the app's texts are kept; nil where they are not yet, and nothing may be written.
        let version: Int64?
    }

    func run(on connection: Connection) throws -> Outcome {
        let (layout, plan) = try tables(on: connection)
        defer { if !isReadOnly { try? connection.execute("PRAGMA wal_autocheckpoint = \(Self.pagesOfLog)") } }
        let versions = VersionKeeping(connection: connection)
        if isReadOnly { return Outcome(layout: layout, plan: plan, version: try versions.number(of: app)) }
        try SearchIndex(layout: layout).bringUpToDate(on: connection)
        return Outcome(layout: layout, plan: plan, version: try versions.keep(app, at: world.clock.now()))
    }

    private func tables(on connection: Connection) throws -> (Layout, SchemaPlan) {
        if !isReadOnly { try connection.execute("PRAGMA synchronous = FULL") }
        let catalogue = Catalogue(connection: connection)
        let exists = try catalogue.exists()
        if exists { try checkOwner(catalogue) }
        if exists, !isReadOnly { try addToSystemTables(connection) }
        guard exists || !isReadOnly else {
            throw StoreError.incompatible(Words(zh: "还没有数据", en: "there is no data yet"))
        }
        let existing = exists ? try catalogue.load() : ExistingSchema()
        if exists, try catalogue.value(.source) == app.sourceHash {
            return (try Layout(app: app, schema: existing), SchemaPlan(changes: [], after: existing))
        }
        let plan = DesiredSchema(app).difference(from: existing)
        if isReadOnly {
            let isCurrent = try SystemTables.addedColumns.allSatisfy { try Catalogue.has(column: $0.column, in: $0.table, connection) }
            guard plan.isEmpty, isCurrent else {
                throw StoreError.incompatible(
                    Words(
                        zh: "数据还是按旧版定义存放的，请先用新版启动一次",
                        en: "the data still has the shape of an earlier version of the app; start it once with this one"))
            }
            return (try Layout(app: app, schema: plan.after), plan)
        }
        if !exists { try prepareNewDatabase(connection, catalogue) }
        return (try carryOut(plan, isNew: !exists, on: connection, catalogue), plan)
    }

    private func addToSystemTables(_ connection: Connection) throws {
        for statement in SystemTables.additions { try connection.execute(statement) }
        for added in SystemTables.addedColumns where try !Catalogue.has(column: added.column, in: added.table, connection) {
            try connection.execute("ALTER TABLE \(added.table) ADD COLUMN \(added.column) \(added.type)")
        }
    }

    /// A long log is not copied into the database by the commit; `OpenDatabase.copyLongLog` does it beside.
    private func commit(on connection: Connection) throws {
        if folder.hasLongLog { try connection.execute("PRAGMA wal_autocheckpoint = 0") }
        try connection.execute("COMMIT")
    }

    /// Commits copy a log of so many pages: SQLite's own measure.
    private static let pagesOfLog = 1_000

    private func checkOwner(_ catalogue: Catalogue) throws {
        guard let format = try catalogue.value(.format).flatMap({ Int64($0) }) else {
            throw StoreError.notADatabase("the catalogue has no format")
        }
        guard format <= SystemTables.format else {
            throw StoreError.incompatible(
                Words(zh: "数据由更新版本的 Weir 写入，请升级后再打开", en: "the data was written by a newer Weir; open it with that one"))
        }
        if let owner = try catalogue.value(.app), owner != app.model.name {
            throw StoreError.incompatible(
                Words(zh: "这个数据目录属于应用 `\(owner)`，不是 `\(app.model.name)`", en: "the data folder belongs to `\(owner)`, not to `\(app.model.name)`"))
        }
    }

    private func prepareNewDatabase(_ connection: Connection, _ catalogue: Catalogue) throws {
        guard try !catalogue.hasForeignTables() else {
            throw StoreError.notADatabase("the file holds tables of another program")
        }
        try connection.execute("PRAGMA application_id = \(SystemTables.applicationID)")
    }

    /// All of it in one transaction: after a crash the tables are wholly old or wholly new.
    private func carryOut(_ plan: SchemaPlan, isNew: Bool, on connection: Connection, _ catalogue: Catalogue) throws -> Layout {
        try connection.execute("BEGIN IMMEDIATE")
        do {
            world.commitPoints.reached(.schemaBegun)
            if isNew {
                for statement in SystemTables.statements + SystemTables.additions { try connection.execute(statement) }
                try catalogue.set(String(SystemTables.format), .format)
                try catalogue.set(app.model.name, .app)
            }
            try refuseIfNeeded(plan, connection)
            for change in plan.changes {
                for statement in SQLiteStatements.statements(for: change) {
                    try run(statement, on: connection)
                    world.commitPoints.reached(.schemaStepDone)
                }
            }
            try catalogue.save(plan.after)
            try catalogue.set(app.sourceHash, .source)
            // What they are made of may be counted otherwise now.
            try connection.execute("DELETE FROM weir_tally")
            let layout = try Layout(app: app, schema: plan.after)
            connection.adopt(layout)
            let transaction = SQLiteTransaction(
                connection: connection, layout: layout, commitPoints: CommitPoints(), counters: Counters())
            try Backfill(transaction: transaction, moment: app.model.moment(at: world.clock.now()), progress: progress)
                .run(plan, reached: { world.commitPoints.reached(.schemaStepDone) })
            if !isNew, !plan.isEmpty {
                try transaction.append(
                    AuditEntry(
                        at: world.clock.now(), by: nil, address: nil, device: nil, action: "schema", record: nil, detail: plan.text(in: .en)))
            }
            world.commitPoints.reached(.schemaBeforeCommit)
            try commit(on: connection)
            world.commitPoints.reached(.schemaAfterCommit)
            connection.forgetStatements()
            return layout
        } catch {
            connection.forgetStatements()
            if connection.isInTransaction { try? connection.execute("ROLLBACK") }
            throw error
        }
    }

    /// - Throws: `.incompatible` with everything that stands against the plan.
    private func refuseIfNeeded(_ plan: SchemaPlan, _ connection: Connection) throws {
        var refusals = plan.refusals
        for change in plan.changes {
            guard let check = SQLiteStatements.check(of: change) else { continue }
            let statement = try connection.statement(check.text)
            defer { statement.reset() }
            for (position, argument) in check.arguments.enumerated() { statement.bind(argument, at: Int32(position) + 1) }
            if try statement.step(), statement.int64(0) > 0 { refusals.append(change.refusal(count: statement.int64(0))) }
        }
        guard refusals.isEmpty else {
            throw StoreError.incompatible(
                Words(zh: refusals.map(\.zh).joined(separator: "\n"), en: refusals.map(\.en).joined(separator: "\n")))
        }
    }

    private func run(_ planned: PlannedStatement, on connection: Connection) throws {
        guard !planned.arguments.isEmpty else { return try connection.execute(planned.text) }
        let statement = try Statement(planned.text, on: connection.handle)
        for (position, argument) in planned.arguments.enumerated() { statement.bind(argument, at: Int32(position) + 1) }
        try statement.run()
    }
}
