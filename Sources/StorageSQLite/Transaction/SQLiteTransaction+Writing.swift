import CSQLite
import Formula
import Model
import Program
import SchemaPlan
import Storage

extension SQLiteTransaction: WriteTransaction {
    func savepoint<Result>(_ work: () throws -> Result) throws -> Result {
        let before = writerCounters.mark
        try connection.fixed("SAVEPOINT inner").run()
        do {
            let result = try work()
            try connection.fixed("RELEASE inner").run()
            return result
        } catch {
            writerCounters.goBack(to: before)
            rowMemory?.forget()
            // SQLite may have ended the whole transaction by itself; then there is nothing left to take back.
            if connection.isInTransaction {
                try connection.fixed("ROLLBACK TO inner").run()
                try connection.fixed("RELEASE inner").run()
            }
            throw error
        }
    }

    private var writerCounters: Counters {
        guard let counters else { preconditionFailure("only the writer draws numbers") }
        return counters
    }

    // MARK: Numbers

    func nextNumber(of object: ObjectID) throws -> Int64 {
        // Deleted rows stay in the table, so its largest number is the last that was ever given.
        let last = try writerCounters.records[object.index] ?? largest("SELECT MAX(id) FROM \(table(object).table)")
        writerCounters.drew(last + 1, of: object.index)
        return last + 1
    }

    func nextAutonumber(of field: FieldID) throws -> Int64 {
        let statement = try connection.fixed(
            "INSERT INTO weir_counter VALUES (?, 1) ON CONFLICT (field) DO UPDATE SET value = value + 1 RETURNING value")
        defer { statement.reset() }
        statement.bind(try column(field).number, at: 1)
        guard try statement.step() else { throw StoreError.other("a counter gave no number") }
        let number = statement.int64(0)
        // The row is written once the statement has run to its end.
        while try statement.step() {}
        return number
    }

    private func largest(_ sql: String) throws -> Int64 {
        let statement = try connection.statement(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.int64(0) : 0
    }

    // MARK: What readers keep in memory

    /// Every statement that writes records says so here: `made` of them more stand (less, if negative).
    func note(_ object: ObjectID, made: Int) {
        if made != 0 { writerCounters.made(made, of: table(object).number) }
        if object == layout.userObject { writerCounters.touchesPeople = true }
    }

    // MARK: Records

    func insert(_ row: Row) throws {
        let table = table(row.id.object)
        let statement = try connection.statement(.insert(row.id.object)) {
            let places = Array(repeating: "?", count: Int(table.width)).joined(separator: ", ")
            return "INSERT INTO \(table.table) (\(table.selection)) VALUES (\(places))"
        }
        statement.bind(row.id.number, at: 1)
        try bindSystemFields(of: row, to: statement, from: 2)
        for (index, column) in table.columns.enumerated() {
            if let column { try statement.bind(row.values[index], of: column, in: layout, from: column.first + 1) }
        }
        try statement.run()
        note(row.id.object, made: 1)
        rowMemory?.made(row, isUser: row.id.object == layout.userObject)
        if let last = counters?.records[row.id.object.index], last < row.id.number {
            counters?.drew(row.id.number, of: row.id.object.index)
        }
        commitPoints.reached(.rowWritten)
        for index in table.listFields {
            let field = FieldID(object: row.id.object, index: index)
            try writeList(row.values[index], of: field, record: row.id.number)
        }
        try addToSearch(row)
        commitPoints.reached(.sideTablesWritten)
    }

    func update(_ new: Row, changed: Set<FieldID>) throws {
        let table = table(new.id.object)
        var bits = [UInt64](repeating: 0, count: (table.columns.count + 63) / 64)
        for field in changed where table.columns[field.index] != nil {
            bits[field.index / 64] |= 1 << UInt64(field.index % 64)
        }
        let statement = try connection.statement(.update(new.id.object, bits)) { updateStatement(of: table, bits) }
        try bindSystemFields(of: new, to: statement, from: 1)
        var index = Int32(SystemField.allCases.count)
        for (position, column) in table.columns.enumerated() where bits[position / 64] & (1 << UInt64(position % 64)) != 0 {
            guard let column else { continue }
            try statement.bind(new.values[position], of: column, in: layout, from: index)
            index += column.width
        }
        statement.bind(new.id.number, at: index)
        try statement.run()
        guard sqlite3_changes64(connection.handle) == 1 else {
            throw StoreError.other("\(layout.app.model[new.id.object].name)/\(new.id.number) is not there to be updated")
        }
        note(new.id.object, made: 0)
        rowMemory?.changed(new.id, changed, isUser: new.id.object == layout.userObject && changesRole(changed))
        commitPoints.reached(.rowWritten)
        for index in table.listFields where bits[index / 64] & (1 << UInt64(index % 64)) != 0 {
            let field = FieldID(object: new.id.object, index: index)
            try clearList(of: field, record: new.id.number)
            try writeList(new.values[index], of: field, record: new.id.number)
        }
        if !table.searched.isDisjoint(with: changed) { try addToSearch(new) }
        commitPoints.reached(.sideTablesWritten)
    }

    /// Whether the fields of a person say in whose place they act, or whether they still do.
    private func changesRole(_ changed: Set<FieldID>) -> Bool {
        let user = layout.app.model[layout.userObject]
        return ["role", "active"].contains { name in user.field(named: name).map { changed.contains($0.id) } ?? false }
    }

    private func updateStatement(of table: TableLayout, _ bits: [UInt64]) -> String {
        var assignments = SQLiteStatements.systemColumns.dropFirst().map { "\($0) = ?" }
        for (position, column) in table.columns.enumerated() where bits[position / 64] & (1 << UInt64(position % 64)) != 0 {
            guard let column else { continue }
            if let objectColumn = column.objectColumn { assignments.append("\(objectColumn) = ?") }
            assignments.append("\(column.column) = ?")
            if let errorColumn = column.errorColumn { assignments.append("\(errorColumn) = ?") }
        }
        return "UPDATE \(table.table) SET \(assignments.joined(separator: ", ")) WHERE id = ?"
    }

    /// Version, created, created by, changed, changed by.
    private func bindSystemFields(of row: Row, to statement: Statement, from index: Int32) throws {
        guard case .number(let version) = row[.version], let whole = version.scaled(decimals: 0), case .instant(let created) = row[.created],
            case .instant(let changed) = row[.changed]
        else { throw StoreError.other("a record needs its version and its times") }
        statement.bind(whole, at: index)
        statement.bind(created.microseconds, at: index + 1)
        statement.bind(number(ofUser: row[.createdBy]), at: index + 2)
        statement.bind(changed.microseconds, at: index + 3)
        statement.bind(number(ofUser: row[.changedBy]), at: index + 4)
    }

    private func number(ofUser value: Value) -> Int64? {
        if case .link(let user) = value { user.number } else { nil }
    }

    private func clearList(of field: FieldID, record: Int64) throws {
        guard let side = layout[field]?.sideTable else { return }
        let statement = try connection.statement(.dropValues(field)) { "DELETE FROM \(side) WHERE record = ?" }
        statement.bind(record, at: 1)
        try statement.run()
    }

    private func writeList(_ value: Value, of field: FieldID, record: Int64) throws {
        guard let side = layout[field]?.sideTable else { return }
        let statement = try connection.statement(.addValue(field)) { "INSERT INTO \(side) VALUES (?, ?, ?)" }
        func write(at position: Int, _ bindValue: () -> Void) throws {
            statement.bind(record, at: 1)
            bindValue()
            statement.bind(Int64(position), at: 3)
            try statement.run()
        }
        switch value {
        case .options(let keys):
            for (position, key) in keys.enumerated() { try write(at: position) { statement.bind(key, at: 2) } }
        case .links(let records):
            for (position, linked) in records.enumerated() { try write(at: position) { statement.bind(linked.number, at: 2) } }
        case .blank, .bool, .number, .text, .date, .instant, .duration, .option, .location, .link, .list, .failure:
            break
        }
    }

    func delete(_ id: RecordID, at: Instant) throws {
        let table = table(id.object)
        let statement = try connection.statement("UPDATE \(table.table) SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL")
        statement.bind(at.microseconds, at: 1)
        statement.bind(id.number, at: 2)
        try statement.run()
        guard sqlite3_changes64(connection.handle) == 1 else {
            throw StoreError.other("\(layout.app.model[id.object].name)/\(id.number) is not there to be deleted")
        }
        note(id.object, made: -1)
        commitPoints.reached(.rowWritten)
        try removeFromSearch(id)
        try forgetTallies(of: id)
        for link in table.incomingLinks { try unlink(link, from: id, at: at) }
        rowMemory?.forget()
        commitPoints.reached(.sideTablesWritten)
    }

    /// Blanks the links that lead to a deleted record and notes them for its return.
    private func unlink(_ link: FieldID, from target: RecordID, at: Instant) throws {
        let column = try column(link)
        if let side = column.sideTable { return try takeOut(target, of: link, column, side, at: at) }
        let owner = table(link.object).table
        let condition =
            column.objectColumn.map { "\($0) = \(layout[target.object].number) AND \(column.column) = ?" } ?? "\(column.column) = ?"
        let note = try connection.statement(
            "INSERT INTO weir_unlinked SELECT \(column.number), id, \(layout[target.object].number), ?, ? FROM \(owner) WHERE \(condition)")
        note.bind(target.number, at: 1)
        note.bind(at.microseconds, at: 2)
        note.bind(target.number, at: 3)
        try note.run()
        guard sqlite3_changes64(connection.handle) > 0 else { return }
        let blanks = [column.objectColumn, column.column].compactMap { $0 }.map { "\($0) = NULL" }.joined(separator: ", ")
        let update = try connection.statement("UPDATE \(owner) SET \(blanks) WHERE \(condition)")
        update.bind(target.number, at: 1)
        try update.run()
        self.note(link.object, made: 0)
    }

    /// The same for links to many: the deleted record leaves each list, the others stay in their order.
    private func takeOut(_ target: RecordID, of link: FieldID, _ column: ColumnLayout, _ side: String, at: Instant) throws {
        let owner = table(link.object).table
        let find = try connection.statement("SELECT record FROM \(side) WHERE value = ?")
        find.bind(target.number, at: 1)
        var records: [Int64] = []
        while try find.step() { records.append(find.int64(0)) }
        find.reset()
        guard !records.isEmpty else { return }
        let note = try connection.statement(
            "INSERT INTO weir_unlinked SELECT \(column.number), record, \(layout[target.object].number), ?, ? FROM \(side) WHERE value = ?")
        note.bind(target.number, at: 1)
        note.bind(at.microseconds, at: 2)
        note.bind(target.number, at: 3)
        try note.run()
        let remove = try connection.statement("DELETE FROM \(side) WHERE value = ?")
        remove.bind(target.number, at: 1)
        try remove.run()
        for record in records { try writeListText(of: column, side, owner: owner, record: record) }
    }

    /// Writes the numbers of the side table into the row, in their order.
    func writeListText(of column: ColumnLayout, _ side: String, owner: String, record: Int64) throws {
        let list = try connection.statement("SELECT value FROM \(side) WHERE record = ? ORDER BY position")
        list.bind(record, at: 1)
        var numbers: [String] = []
        while try list.step() { numbers.append(String(list.int64(0))) }
        list.reset()
        let update = try connection.statement("UPDATE \(owner) SET \(column.column) = ? WHERE id = ?")
        update.bind(numbers.isEmpty ? nil : numbers.joined(separator: ","), at: 1)
        update.bind(record, at: 2)
        try update.run()
    }

    // MARK: What happened

    func append(_ entry: HistoryEntry) throws {
        let sequence = try (writerCounters.history ?? largest("SELECT MAX(sequence) FROM weir_history")) + 1
        let statement = try connection.fixed("INSERT INTO weir_history VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        statement.bind(sequence, at: 1)
        statement.bind(layout[entry.record.object].number, at: 2)
        statement.bind(entry.record.number, at: 3)
        statement.bind(entry.kind.rawValue, at: 4)
        statement.bind(entry.version, at: 5)
        statement.bind(entry.at.microseconds, at: 6)
        statement.bind(userNumber(entry.by), at: 7)
        statement.bind(text: ChangeText(layout: layout).encoded(entry.changes), at: 8)
        try statement.run()
        writerCounters.happened(CommittedChange(sequence: sequence, record: entry.record, version: entry.version, kind: entry.kind, by: entry.by))
        writerCounters.history = sequence
        commitPoints.reached(.historyWritten)
    }

    func append(_ entry: AuditEntry) throws {
        let sequence = try (writerCounters.audit ?? largest("SELECT MAX(sequence) FROM weir_audit")) + 1
        let statement = try connection.fixed("INSERT INTO weir_audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        statement.bind(sequence, at: 1)
        statement.bind(entry.at.microseconds, at: 2)
        statement.bind(userNumber(entry.by), at: 3)
        statement.bind(entry.address, at: 4)
        statement.bind(entry.device, at: 5)
        statement.bind(entry.action, at: 6)
        statement.bind(entry.record.map { layout[$0.object].number }, at: 7)
        statement.bind(entry.record?.number, at: 8)
        statement.bind(entry.detail, at: 9)
        try statement.run()
        writerCounters.audit = sequence
        commitPoints.reached(.auditWritten)
    }

    func open(_ visit: StageVisit) throws {
        let object = layout[visit.record.object].number
        let close = try connection.fixed("UPDATE weir_visit SET \"left\" = ? WHERE object = ? AND record = ? AND \"left\" IS NULL")
        close.bind(visit.entered.microseconds, at: 1)
        close.bind(object, at: 2)
        close.bind(visit.record.number, at: 3)
        try close.run()
        let open = try connection.fixed("INSERT INTO weir_visit VALUES (NULL, ?, ?, ?, ?, ?, ?)")
        open.bind(object, at: 1)
        open.bind(visit.record.number, at: 2)
        open.bind(visit.stage, at: 3)
        open.bind(visit.entered.microseconds, at: 4)
        open.bind(userNumber(visit.by), at: 5)
        open.bind(visit.left?.microseconds, at: 6)
        try open.run()
        commitPoints.reached(.visitWritten)
    }

    func remember(_ response: RememberedResponse, for key: RequestKey) throws {
        let statement = try connection.fixed("INSERT INTO weir_request VALUES (?, ?, ?, ?, ?, ?, ?)")
        statement.bind(userNumber(key.user) ?? 0, at: 1)
        statement.bind(key.key, at: 2)
        statement.bind(response.requestDigest, at: 3)
        statement.bind(response.record.map { layout[$0.object].number }, at: 4)
        statement.bind(response.record?.number, at: 5)
        statement.bind(response.version, at: 6)
        statement.bind(response.at.microseconds, at: 7)
        try statement.run()
        commitPoints.reached(.requestRemembered)
    }

    func attach(_ file: StoredFile, to record: RecordID) throws {
        guard record.object == layout.fileObject else { throw StoreError.other("only a record of `file` has content") }
        let statement = try connection.fixed(
            "INSERT INTO weir_file VALUES (?, ?, ?) ON CONFLICT (record) DO UPDATE SET key = excluded.key, size = excluded.size")
        statement.bind(record.number, at: 1)
        statement.bind(file.key, at: 2)
        statement.bind(file.size, at: 3)
        try statement.run()
    }

    // MARK: Accounts

    func set(_ credential: Credential) throws {
        writerCounters.touchesPeople = true
        let statement = try connection.fixed(
            """
            INSERT INTO weir_credential VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (user) DO UPDATE SET login = excluded.login, \
            password_hash = excluded.password_hash, failed_attempts = excluded.failed_attempts, locked_until = excluded.locked_until, \
            must_change = excluded.must_change
            """)
        statement.bind(credential.user.number, at: 1)
        statement.bind(credential.login, at: 2)
        statement.bind(credential.passwordHash, at: 3)
        statement.bind(Int64(credential.failedAttempts), at: 4)
        statement.bind(credential.lockedUntil?.microseconds, at: 5)
        statement.bind(credential.mustChange ? 1 : 0, at: 6)
        try statement.run()
    }

    func start(_ session: Session) throws {
        writerCounters.touchesPeople = true
        let statement = try connection.fixed("INSERT INTO weir_session VALUES (?, ?, ?, ?, ?)")
        statement.bind(blob: session.tokenHash, at: 1)
        statement.bind(session.user.number, at: 2)
        statement.bind(session.formToken, at: 3)
        statement.bind(session.started.microseconds, at: 4)
        statement.bind(session.lastSeen.microseconds, at: 5)
        try statement.run()
    }

    func touch(sessionTokenHash: [UInt8], lastSeen: Instant) throws {
        writerCounters.touchesPeople = true
        let statement = try connection.fixed("UPDATE weir_session SET last_seen = ? WHERE token_hash = ?")
        statement.bind(lastSeen.microseconds, at: 1)
        statement.bind(blob: sessionTokenHash, at: 2)
        try statement.run()
    }

    func endSession(tokenHash: [UInt8]) throws {
        writerCounters.touchesPeople = true
        let statement = try connection.fixed("DELETE FROM weir_session WHERE token_hash = ?")
        statement.bind(blob: tokenHash, at: 1)
        try statement.run()
    }

    func endSessions(of user: RecordID) throws {
        writerCounters.touchesPeople = true
        let statement = try connection.fixed("DELETE FROM weir_session WHERE user = ?")
        statement.bind(user.number, at: 1)
        try statement.run()
    }

    func add(_ key: APIKey) throws {
        writerCounters.touchesPeople = true
        let statement = try connection.fixed("INSERT INTO weir_key VALUES (NULL, ?, ?, ?, ?, ?)")
        statement.bind(key.name, at: 1)
        statement.bind(blob: key.hash, at: 2)
        statement.bind(key.user.number, at: 3)
        statement.bind(key.created.microseconds, at: 4)
        statement.bind(key.revoked?.microseconds, at: 5)
        try statement.run()
    }

    func revokeKey(id: Int64, at: Instant) throws {
        writerCounters.touchesPeople = true
        let statement = try connection.fixed("UPDATE weir_key SET revoked = ? WHERE id = ? AND revoked IS NULL")
        statement.bind(at.microseconds, at: 1)
        statement.bind(id, at: 2)
        try statement.run()
    }

    func set(_ value: String, forSetting name: String) throws {
        let statement = try connection.fixed(
            "INSERT INTO weir_setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        statement.bind(name, at: 1)
        statement.bind(value, at: 2)
        try statement.run()
    }
}
