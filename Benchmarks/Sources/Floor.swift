import BenchmarkFloor
import Foundation
import Formula
import Program
import SchemaPlan
import StorageSQLite

/// The C floor on a data folder that Weir has made: the same tables, the same indexes, the same settings.
struct Floor {
    let folder: String
    /// Over how many accounts the deals are spread.
    private let accounts: Int64
    private let catalogue: ExistingSchema

    /// The folder's tables must be current.
    init(folder: String, accounts: Int64 = BenchApp.accounts) async throws {
        self.folder = folder
        self.accounts = accounts
        catalogue = try await StorageSQLite.plan(folder: folder, app: BenchApp.app).after
    }

    var database: String { folder + "/app.sqlite" }

    func create(first: Int64, count: Int, batch: Int) throws {
        try withDatabase { database in try check(floor_create(database, first, Int64(count), Int64(batch))) }
    }

    func importRows(first: Int64, _ csv: String) throws {
        try withDatabase { database in try check(csv.withCString { floor_import(database, first, $0) }) }
    }

    /// The 50 largest deals above an amount that are not won, with the names of their accounts.
    func list(times: Int) throws -> Int64 {
        let deal = object("deal")
        let columns = deal.fields.map { PhysicalNames.quoted($0.column) }.joined(separator: ", ")
        let sql = """
            SELECT id, version, created, created_by, changed, changed_by, \(columns) FROM \(PhysicalNames.quoted(deal.table)) \
            WHERE deleted_at IS NULL AND \(column("deal", "amount")) > 50000000 AND \(column("deal", "stage")) <> 'won' \
            ORDER BY \(column("deal", "amount")) DESC, id DESC LIMIT 50
            """
        let link = 6 + (deal.fields.firstIndex { $0.name == "account" } ?? 0)
        let title = "SELECT \(column("account", "name")) FROM \(table("account")) WHERE id = ? AND deleted_at IS NULL"
        var read: Int64 = 0
        try check(floor_list(database, sql, title, Int32(link), Int32(times), &read))
        return read
    }

    private func check(_ code: Int32) throws {
        guard code == 0 else { throw Failed("the floor fails with SQLite's code \(code)") }
    }

    private func object(_ name: String) -> ExistingObject {
        guard let object = catalogue.objects.first(where: { $0.name == name }) else { preconditionFailure("the catalogue has no \(name)") }
        return object
    }

    private func table(_ name: String) -> String { PhysicalNames.quoted(object(name).table) }

    private func physical(_ name: String, _ field: String) -> String {
        guard let column = object(name).fields.first(where: { $0.name == field }) else { preconditionFailure("no column \(field)") }
        return column.column
    }

    private func column(_ name: String, _ field: String) -> String { PhysicalNames.quoted(physical(name, field)) }
    private func sideTable(_ field: String) -> String { PhysicalNames.quoted(PhysicalNames.sideTable(of: physical("deal", field))) }

    private func withDatabase(_ work: (UnsafePointer<floor_database>) throws -> Void) throws {
        let fields = ["account", "name", "code", "amount", "rate", "due", "level", "pains", "words", "note", "weighted", "size_class", "title", "stage"]
        let columns = fields.map { column("deal", $0) }.joined(separator: ", ")
        let places = Array(repeating: "?", count: fields.count).joined(separator: ", ")
        let statements = [
            "SELECT \(column("account", "total")), \(column("account", "count_of_deals")), id, version, created, changed, \(column("account", "name")) "
                + "FROM \(table("account")) WHERE id = ? AND deleted_at IS NULL",
            "INSERT INTO \(table("deal")) (id, version, created, changed, \(columns)) VALUES (?, 1, ?, ?, \(places))",
            "INSERT INTO \(sideTable("pains")) VALUES (?, ?, ?)",
            "INSERT INTO \(sideTable("words")) VALUES (?, ?, ?)",
            "INSERT INTO weir_history VALUES (?, ?, ?, ?, ?, ?, NULL, ?)",
            "INSERT INTO weir_audit VALUES (?, ?, NULL, NULL, NULL, ?, ?, ?, NULL)",
            "INSERT INTO weir_visit VALUES (NULL, ?, ?, ?, ?, NULL, NULL)",
            "UPDATE \(table("account")) SET \(column("account", "total")) = ?, \(column("account", "count_of_deals")) = ? WHERE id = ?",
            "SELECT id FROM \(table("account")) WHERE \(column("account", "name")) = ? AND deleted_at IS NULL",
        ]
        precondition(statements.count == Int(floor_statement_count.rawValue), "a text for each statement of the floor")
        let texts = ([database] + statements).map { strdup($0) }
        defer { for text in texts { free(text) } }
        var database = floor_database()
        database.path = UnsafePointer(texts[0])
        withUnsafeMutableBytes(of: &database.statements) { raw in
            let slots = raw.bindMemory(to: UnsafePointer<CChar>?.self)
            for (index, text) in texts.dropFirst().enumerated() { slots[index] = UnsafePointer(text) }
        }
        database.deal_object = object("deal").number
        database.account_object = object("account").number
        database.accounts = accounts
        try withUnsafePointer(to: database) { try work($0) }
    }
}
