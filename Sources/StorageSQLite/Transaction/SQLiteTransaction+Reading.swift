import Formula
import Model
import Program
import SQLText
import SchemaPlan
import Storage

extension SQLiteTransaction: ReadTransaction {
    func row(_ id: RecordID) throws -> Row? {
        if let known = rowMemory?.row(id) { return known }
        let row = try read(id)
        if let row { rowMemory?.keep(row) }
        return row
    }

    private func read(_ id: RecordID) throws -> Row? {
        let table = table(id.object)
        let statement = try connection.statement(.row(id.object)) {
            "SELECT \(table.selection) FROM \(table.table) WHERE id = ? AND deleted_at IS NULL"
        }
        defer { statement.reset() }
        statement.bind(id.number, at: 1)
        return try statement.step() ? statement.record(of: table, in: layout) : nil
    }

    func rows(linking link: FieldID, to parent: RecordID) throws -> [Row] {
        if let known = try rowMemory?.rows(linking: link, to: parent, row) { return known }
        let table = table(link.object)
        let column = try column(link)
        let statement = try connection.statement(.linking(link, parent.object)) {
            let one = column.objectColumn.map { "\($0) = \(layout[parent.object].number) AND \(column.column) = ?" } ?? "\(column.column) = ?"
            let condition = column.sideTable.map { "id IN (SELECT record FROM \($0) WHERE value = ?)" } ?? one
            return "SELECT \(table.selection) FROM \(table.table) WHERE \(condition) AND deleted_at IS NULL ORDER BY id"
        }
        statement.bind(parent.number, at: 1)
        let rows = try records(of: statement, in: table)
        rowMemory?.keep(rows, linking: link, to: parent)
        return rows
    }

    func rows(of object: ObjectID) throws -> [Row] {
        if let known = try rowMemory?.rows(of: object, row) { return known }
        let table = table(object)
        let rows = try records(
            of: try connection.statement("SELECT \(table.selection) FROM \(table.table) WHERE deleted_at IS NULL ORDER BY id"), in: table)
        rowMemory?.keep(rows, of: object)
        return rows
    }

    func rows(of object: ObjectID, where condition: BoundCondition?, reading fields: Set<FieldID>, limit: Int) throws -> [Row] {
        let table = table(object)
        let read = table.columns.indices.filter { table.columns[$0] != nil && fields.contains(FieldID(object: object, index: $0)) }
        let conditions = SQLFragment.joined(try conditions(of: object, condition, search: nil), by: " AND ")
        // Of those that a condition leaves, which is to be found by an index of its own, the first are found afterwards.
        let order: SQLFragment = condition == nil ? " ORDER BY id" : ""
        let statement = try statement(
            "SELECT \(table.fields(only: read)) FROM \(table.name) WHERE \(conditions)\(order) LIMIT \(bound: .integer(Int64(limit)))")
        defer { statement.reset() }
        var rows: [Row] = []
        while try statement.step() { rows.append(statement.record(of: table, only: read, in: layout)) }
        return condition == nil ? rows : rows.sorted { $0.id.number < $1.id.number }
    }

    func users(in roles: Set<RoleID>) throws -> [Row] {
        if let known = try rowMemory?.users(in: roles, row) { return known }
        let object = layout.app.model[layout.userObject]
        guard !roles.isEmpty, let role = object.field(named: "role"), let active = object.field(named: "active") else { return [] }
        let table = table(object.id)
        let names = roles.map { layout.app.model[$0].name }.sorted()
        let list = names.map { _ in "?" }.joined(separator: ", ")
        let statement = try connection.statement(
            """
            SELECT \(table.selection) FROM \(table.table) WHERE \(try column(active.id).column) = 1 AND \(try column(role.id).column) IN (\(list)) \
            AND deleted_at IS NULL ORDER BY id
            """)
        for (position, name) in names.enumerated() { statement.bind(name, at: Int32(position) + 1) }
        let rows = try records(of: statement, in: table)
        rowMemory?.keep(rows, in: roles)
        return rows
    }

    func holder(of value: Value, in field: FieldID) throws -> RecordID? {
        if value.isBlank { return nil }
        let table = table(field.object)
        let column = try column(field)
        let statement = try connection.statement(.holder(field)) {
            let condition = column.objectColumn.map { "\($0) = ? AND \(column.column) = ?" } ?? "\(column.column) = ?"
            return "SELECT id FROM \(table.table) WHERE \(condition) AND deleted_at IS NULL ORDER BY id LIMIT 1"
        }
        defer { statement.reset() }
        try statement.bind(value, of: column.withoutError, in: layout, from: 1)
        return try statement.step() ? RecordID(object: field.object, number: statement.int64(0)) : nil
    }

    func holders(of value: Value, in field: FieldID, limit: Int) throws -> [RecordID] {
        if value.isBlank { return [] }
        let table = table(field.object)
        let column = try column(field)
        let condition = column.objectColumn.map { "\($0) = ? AND \(column.column) = ?" } ?? "\(column.column) = ?"
        let statement = try connection.statement("SELECT id FROM \(table.table) WHERE \(condition) AND deleted_at IS NULL ORDER BY id LIMIT \(limit)")
        defer { statement.reset() }
        try statement.bind(value, of: column.withoutError, in: layout, from: 1)
        var holders: [RecordID] = []
        while try statement.step() { holders.append(RecordID(object: field.object, number: statement.int64(0))) }
        return holders
    }

    /// Every row that the statement gives, whose selection is the table's; resets it.
    func records(of statement: Statement, in table: TableLayout) throws -> [Row] {
        defer { statement.reset() }
        var rows: [Row] = []
        while try statement.step() { rows.append(statement.record(of: table, in: layout)) }
        return rows
    }

    // MARK: What happened

    func history(of record: RecordID, limit: Int, before sequence: Int64?) throws -> [HistoryEntry] {
        let statement = try connection.fixed(
            """
            SELECT sequence, kind, version, at, by, changes FROM weir_history WHERE object = ? AND record = ? AND sequence < ? \
            ORDER BY sequence DESC LIMIT ?
            """)
        defer { statement.reset() }
        statement.bind(layout[record.object].number, at: 1)
        statement.bind(record.number, at: 2)
        statement.bind(sequence ?? .max, at: 3)
        statement.bind(Int64(limit), at: 4)
        let text = ChangeText(layout: layout)
        var entries: [HistoryEntry] = []
        while try statement.step() {
            guard let kind = HistoryEntry.Kind(rawValue: statement.text(1)) else {
                throw StoreError.notADatabase("the history names a kind `\(statement.text(1))` that is not known")
            }
            entries.append(
                HistoryEntry(
                    sequence: statement.int64(0), record: record, kind: kind, version: statement.int64(2),
                    at: Instant(microseconds: statement.int64(3)), by: user(statement.optionalInt64(4)), changes: try text.decoded(statement.text(5))))
        }
        return entries
    }

    func visits(of record: RecordID) throws -> [StageVisit] {
        let statement = try connection.fixed(
            "SELECT stage, entered, by, \"left\" FROM weir_visit WHERE object = ? AND record = ? ORDER BY id")
        defer { statement.reset() }
        statement.bind(layout[record.object].number, at: 1)
        statement.bind(record.number, at: 2)
        var visits: [StageVisit] = []
        while try statement.step() {
            visits.append(
                StageVisit(
                    record: record, stage: statement.text(0), entered: Instant(microseconds: statement.int64(1)),
                    by: user(statement.optionalInt64(2)), left: statement.optionalInt64(3).map { Instant(microseconds: $0) }))
        }
        return visits
    }

    func audit(limit: Int, before sequence: Int64?) throws -> [AuditEntry] {
        let statement = try connection.fixed(
            """
            SELECT sequence, at, by, address, device, action, object, record, detail FROM weir_audit WHERE sequence < ? \
            ORDER BY sequence DESC LIMIT ?
            """)
        defer { statement.reset() }
        statement.bind(sequence ?? .max, at: 1)
        statement.bind(Int64(limit), at: 2)
        var entries: [AuditEntry] = []
        while try statement.step() {
            entries.append(
                AuditEntry(
                    sequence: statement.int64(0), at: Instant(microseconds: statement.int64(1)), by: user(statement.optionalInt64(2)),
                    address: statement.optionalText(3), device: statement.optionalText(4), action: statement.text(5),
                    record: record(object: statement.optionalInt64(6), number: statement.optionalInt64(7)), detail: statement.optionalText(8)))
        }
        return entries
    }

    func response(to key: RequestKey) throws -> RememberedResponse? {
        let statement = try connection.fixed(
            "SELECT digest, object, record, version, at FROM weir_request WHERE user = ? AND key = ?")
        defer { statement.reset() }
        statement.bind(userNumber(key.user) ?? 0, at: 1)
        statement.bind(key.key, at: 2)
        guard try statement.step() else { return nil }
        return RememberedResponse(
            requestDigest: statement.text(0), record: record(object: statement.optionalInt64(1), number: statement.optionalInt64(2)),
            version: statement.int64(3), at: Instant(microseconds: statement.int64(4)))
    }

    func content(of file: RecordID) throws -> StoredFile? {
        let statement = try connection.fixed("SELECT key, size FROM weir_file WHERE record = ?")
        defer { statement.reset() }
        statement.bind(file.number, at: 1)
        return try statement.step() ? StoredFile(key: statement.text(0), size: statement.int64(1)) : nil
    }

    /// Every content that a record names.
    func fileKeys() throws -> Set<String> {
        let statement = try connection.fixed("SELECT key FROM weir_file UNION SELECT file FROM weir_import")
        defer { statement.reset() }
        var keys: Set<String> = []
        while try statement.step() { keys.insert(statement.text(0)) }
        return keys
    }

    /// Of the database as the snapshot has it; the store adds what is going on.
    func figures() throws -> StoreFigures {
        func number(_ sql: StaticString) throws -> Int64 {
            let statement = try connection.fixed(sql)
            defer { statement.reset() }
            return try statement.step() ? statement.int64(0) : 0
        }
        return StoreFigures(
            databaseBytes: try number("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"),
            sessions: Int(try number("SELECT COUNT(*) FROM weir_session")), outbox: Int(try number("SELECT COUNT(*) FROM weir_effect WHERE due IS NOT NULL")))
    }

    // MARK: Accounts

    func credential(login: String) throws -> Credential? {
        let statement = try connection.fixed(
            "SELECT user, login, password_hash, failed_attempts, locked_until, must_change FROM weir_credential WHERE login = ?")
        statement.bind(login, at: 1)
        return try credential(from: statement)
    }

    func credential(of user: RecordID) throws -> Credential? {
        let statement = try connection.fixed(
            "SELECT user, login, password_hash, failed_attempts, locked_until, must_change FROM weir_credential WHERE user = ?")
        statement.bind(user.number, at: 1)
        return try credential(from: statement)
    }

    private func credential(from statement: Statement) throws -> Credential? {
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        return Credential(
            user: RecordID(object: layout.userObject, number: statement.int64(0)), login: statement.text(1), passwordHash: statement.text(2),
            failedAttempts: Int(statement.int64(3)), lockedUntil: statement.optionalInt64(4).map { Instant(microseconds: $0) },
            mustChange: statement.int64(5) != 0)
    }

    func session(tokenHash: [UInt8]) throws -> Session? {
        let statement = try connection.fixed("SELECT user, form_token, started, last_seen FROM weir_session WHERE token_hash = ?")
        defer { statement.reset() }
        statement.bind(blob: tokenHash, at: 1)
        guard try statement.step() else { return nil }
        return Session(
            tokenHash: tokenHash, user: RecordID(object: layout.userObject, number: statement.int64(0)), formToken: statement.text(1),
            started: Instant(microseconds: statement.int64(2)), lastSeen: Instant(microseconds: statement.int64(3)))
    }

    func apiKey(hash: [UInt8]) throws -> APIKey? {
        let statement = try connection.fixed("SELECT id, name, hash, user, created, revoked FROM weir_key WHERE hash = ?")
        statement.bind(blob: hash, at: 1)
        return try keys(from: statement).first
    }

    func apiKeys() throws -> [APIKey] {
        try keys(from: try connection.fixed("SELECT id, name, hash, user, created, revoked FROM weir_key ORDER BY id"))
    }

    private func keys(from statement: Statement) throws -> [APIKey] {
        defer { statement.reset() }
        var keys: [APIKey] = []
        while try statement.step() {
            keys.append(
                APIKey(
                    id: statement.int64(0), name: statement.text(1), hash: statement.blob(2),
                    user: RecordID(object: layout.userObject, number: statement.int64(3)), created: Instant(microseconds: statement.int64(4)),
                    revoked: statement.optionalInt64(5).map { Instant(microseconds: $0) }))
        }
        return keys
    }

    func setting(_ name: String) throws -> String? {
        let statement = try connection.fixed("SELECT value FROM weir_setting WHERE name = ?")
        defer { statement.reset() }
        statement.bind(name, at: 1)
        return try statement.step() ? statement.text(0) : nil
    }
}

extension ColumnLayout {
    /// The same without its error column, for comparing with a value.
    var withoutError: ColumnLayout { ColumnLayout(self) }

    private init(_ other: ColumnLayout) {
        number = other.number
        name = other.name
        column = other.column
        objectColumn = other.objectColumn
        errorColumn = nil
        sideTable = other.sideTable
        coding = other.coding
        first = other.first
    }
}
