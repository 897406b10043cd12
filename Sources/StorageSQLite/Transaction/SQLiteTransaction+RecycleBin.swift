import CSQLite
import Formula
import Model
import Program
import SQLText
import Storage

// `deleted_at` says what a row is: NULL, a record; a moment, in the recycle bin; a moment with a minus, emptied for good, and only its
// number still taken.

extension SQLiteTransaction {
    func deleted(_ id: RecordID) throws -> DeletedRecord? {
        let table = table(id.object)
        let statement = try connection.statement("SELECT \(table.selection), deleted_at FROM \(table.table) WHERE id = ? AND deleted_at > 0")
        statement.bind(id.number, at: 1)
        return try deletedRecords(of: statement, in: table).first
    }

    func deleted(of object: ObjectID, limit: Int, offset: Int) throws -> [DeletedRecord] {
        let table = table(object)
        let statement = try connection.statement(
            "SELECT \(table.selection), deleted_at FROM \(table.table) WHERE deleted_at > 0 ORDER BY deleted_at DESC, id DESC LIMIT ? OFFSET ?")
        statement.bind(Int64(limit), at: 1)
        statement.bind(Int64(offset), at: 2)
        return try deletedRecords(of: statement, in: table)
    }

    func countDeleted(of object: ObjectID) throws -> Int {
        let statement = try connection.statement("SELECT COUNT(*) FROM \(table(object).table) WHERE deleted_at > 0")
        defer { statement.reset() }
        return try statement.step() ? Int(statement.int64(0)) : 0
    }

    private func deletedRecords(of statement: Statement, in table: TableLayout) throws -> [DeletedRecord] {
        defer { statement.reset() }
        var records: [DeletedRecord] = []
        while try statement.step() {
            records.append(
                DeletedRecord(row: statement.record(of: table, in: layout), at: Instant(microseconds: statement.int64(table.width))))
        }
        return records
    }

    func lostTarget(of link: LostLink) throws -> RecordID? {
        let statement = try connection.fixed(
            "SELECT target_object, target FROM weir_unlinked WHERE field = ? AND record = ? ORDER BY at DESC LIMIT 1")
        defer { statement.reset() }
        statement.bind(try column(link.field).number, at: 1)
        statement.bind(link.record.number, at: 2)
        guard try statement.step() else { return nil }
        return record(object: statement.int64(0), number: statement.int64(1))
    }

    func restore(_ id: RecordID) throws -> [LostLink] {
        let table = table(id.object)
        let statement = try connection.statement("UPDATE \(table.table) SET deleted_at = NULL WHERE id = ? AND deleted_at > 0")
        statement.bind(id.number, at: 1)
        try statement.run()
        guard sqlite3_changes64(connection.handle) == 1 else {
            throw StoreError.other("\(layout.app.model[id.object].name)/\(id.number) is not there to be restored")
        }
        note(id.object, made: 1)
        rowMemory?.forget()
        if let row = try row(id) { try addToSearch(row) }
        commitPoints.reached(.rowWritten)
        var living: [LostLink] = []
        for link in try lostLinks(to: id) {
            if try row(link.record) != nil {
                living.append(link)
            } else {
                try relink(link, to: id)
            }
        }
        try forgetLostLinks(to: id)
        rowMemory?.forget()
        commitPoints.reached(.sideTablesWritten)
        return living
    }

    private func lostLinks(to target: RecordID) throws -> [LostLink] {
        let statement = try connection.fixed(
            "SELECT field, record FROM weir_unlinked WHERE target_object = ? AND target = ? ORDER BY field, record")
        defer { statement.reset() }
        statement.bind(layout[target.object].number, at: 1)
        statement.bind(target.number, at: 2)
        var links: [LostLink] = []
        while try statement.step() {
            // A field that the app no longer has is nobody's link.
            guard let field = layout.fieldsByNumber[statement.int64(0)] else { continue }
            links.append(LostLink(field: field, record: RecordID(object: field.object, number: statement.int64(1))))
        }
        return links
    }

    /// The same for a link to many: into the list again, behind the others.
    private func putBack(_ target: RecordID, into link: LostLink, _ column: ColumnLayout, _ side: String) throws {
        let insert = try connection.statement(
            "INSERT INTO \(side) SELECT ?, ?, COALESCE(MAX(position), -1) + 1 FROM \(side) WHERE record = ? ON CONFLICT DO NOTHING")
        insert.bind(link.record.number, at: 1)
        insert.bind(target.number, at: 2)
        insert.bind(link.record.number, at: 3)
        try insert.run()
        try writeListText(of: column, side, owner: table(link.record.object).table, record: link.record.number)
    }

    /// Sets the link of a record that is deleted itself, unless it leads elsewhere by now.
    private func relink(_ link: LostLink, to target: RecordID) throws {
        let column = try column(link.field)
        if let side = column.sideTable { return try putBack(target, into: link, column, side) }
        let object = column.objectColumn.map { "\($0) = \(layout[target.object].number), " } ?? ""
        let statement = try connection.statement(
            "UPDATE \(table(link.field.object).table) SET \(object)\(column.column) = ? WHERE id = ? AND \(column.column) IS NULL AND deleted_at > 0")
        statement.bind(target.number, at: 1)
        statement.bind(link.record.number, at: 2)
        try statement.run()
    }

    private func forgetLostLinks(to target: RecordID) throws {
        let statement = try connection.fixed("DELETE FROM weir_unlinked WHERE target_object = ? AND target = ?")
        statement.bind(layout[target.object].number, at: 1)
        statement.bind(target.number, at: 2)
        try statement.run()
    }

    func purge(_ id: RecordID) throws {
        let table = table(id.object)
        var blanks = ["deleted_at = -deleted_at"]
        for column in table.columns.compactMap({ $0 }) {
            blanks += [column.objectColumn, column.column, column.errorColumn].compactMap { $0 }.map { "\($0) = NULL" }
        }
        let statement = try connection.statement(
            "UPDATE \(table.table) SET \(blanks.joined(separator: ", ")) WHERE id = ? AND deleted_at > 0")
        statement.bind(id.number, at: 1)
        try statement.run()
        guard sqlite3_changes64(connection.handle) == 1 else {
            throw StoreError.other("\(layout.app.model[id.object].name)/\(id.number) is not there to be removed")
        }
        commitPoints.reached(.rowWritten)
        for side in table.columns.compactMap({ $0?.sideTable }) {
            let clear = try connection.statement("DELETE FROM \(side) WHERE record = ?")
            clear.bind(id.number, at: 1)
            try clear.run()
        }
        try forgetLostLinks(to: id)
        for column in table.columns.compactMap({ $0 }) where column.coding.isLink {
            let own = try connection.fixed("DELETE FROM weir_unlinked WHERE field = ? AND record = ?")
            own.bind(column.number, at: 1)
            own.bind(id.number, at: 2)
            try own.run()
        }
        // What happened stays told; what the values were does not.
        let history = try connection.fixed("UPDATE weir_history SET changes = '[]' WHERE object = ? AND record = ?")
        history.bind(table.number, at: 1)
        history.bind(id.number, at: 2)
        try history.run()
        if id.object == layout.fileObject {
            let file = try connection.fixed("DELETE FROM weir_file WHERE record = ?")
            file.bind(id.number, at: 1)
            try file.run()
        }
        commitPoints.reached(.sideTablesWritten)
    }

    func takeBackVisit(of record: RecordID) throws {
        let object = layout[record.object].number
        for sql: StaticString in [
            "DELETE FROM weir_visit WHERE id = (SELECT MAX(id) FROM weir_visit WHERE object = ? AND record = ?)",
            "UPDATE weir_visit SET \"left\" = NULL WHERE id = (SELECT MAX(id) FROM weir_visit WHERE object = ? AND record = ?)",
        ] {
            let statement = try connection.fixed(sql)
            statement.bind(object, at: 1)
            statement.bind(record.number, at: 2)
            try statement.run()
        }
        commitPoints.reached(.visitWritten)
    }

    // MARK: Totals

    func totals(
        of object: ObjectID, where condition: BoundCondition?, search: String?, parts: [BoundCondition], summing fields: [FieldID]
    ) throws -> [RecordTotals] {
        guard !parts.isEmpty else { return [] }
        let columns = try fields.map { field -> (name: SQLFragment, decimals: Int) in
            let column = try column(field)
            guard case .number(let decimals) = column.coding else { throw StoreError.other("only numbers have sums") }
            return (SQLFragment(column.name), decimals)
        }
        var selected: [SQLFragment] = []
        for part in parts {
            let filter: SQLFragment = " FILTER (WHERE \(try lowered(part, on: object)))"
            selected.append("COUNT(*)\(filter)")
            for column in columns {
                // In two halves, neither of which can overflow: SQLite's own sum of large integers is an error.
                selected += ["SUM(\(column.name) >> 32)\(filter)", "SUM(\(column.name) & 4294967295)\(filter)"]
            }
        }
        let conditions = try conditions(of: object, condition, search: search)
        let statement = try statement(
            "SELECT \(SQLFragment.joined(selected, by: ", ")) FROM \(table(object).name) WHERE \(SQLFragment.joined(conditions, by: " AND "))")
        defer { statement.reset() }
        guard try statement.step() else { return parts.map { _ in RecordTotals(count: 0, sums: columns.map { _ in nil }) } }
        return parts.indices.map { part in
            let first = Int32(part * (1 + 2 * columns.count))
            let sums = columns.enumerated().map { index, column -> ExactDecimal? in
                let at = first + 1 + 2 * Int32(index)
                guard let high = statement.optionalInt64(at), let low = statement.optionalInt64(at + 1) else { return nil }
                return Int64(exactly: Int128(high) << 32 + Int128(low)).map { ExactDecimal(scaled: $0, decimals: column.decimals) }
            }
            return RecordTotals(count: Int(statement.int64(first)), sums: sums)
        }
    }
}
