import Formula
import Model
import Storage

/// Rows that one writing transaction has read, so that the saves and runs that follow each other in it read them once.
///
/// Always true: what it holds stands so in the tables. Every statement of the transaction that writes records says so here, and whatever is
/// taken back makes it forget all.
final class RowMemory {
    private var rows: [RecordID: Row] = [:]
    /// By the link and the record to which it leads, in order.
    private var children: [FieldID: [RecordID: [RecordID]]] = [:]
    private var users: [Set<RoleID>: [RecordID]] = [:]
    private var all: [ObjectID: [RecordID]] = [:]
    /// So many rows are kept; then it begins anew.
    private static let most = 10_000

    func row(_ id: RecordID) -> Row? { rows[id] }

    func keep(_ row: Row) {
        if rows.count >= Self.most { forget() }
        rows[row.id] = row
    }

    /// Nil if it is not known. Rows that have changed since come from `read`.
    func rows(linking link: FieldID, to parent: RecordID, _ read: (RecordID) throws -> Row?) rethrows -> [Row]? {
        try children[link]?[parent].map { try known($0, read) }
    }

    func keep(_ found: [Row], linking link: FieldID, to parent: RecordID) {
        guard keep(found) else { return }
        children[link, default: [:]][parent] = found.map(\.id)
    }

    func users(in roles: Set<RoleID>, _ read: (RecordID) throws -> Row?) rethrows -> [Row]? {
        try users[roles].map { try known($0, read) }
    }

    func keep(_ found: [Row], in roles: Set<RoleID>) {
        guard keep(found) else { return }
        users[roles] = found.map(\.id)
    }

    func rows(of object: ObjectID, _ read: (RecordID) throws -> Row?) rethrows -> [Row]? {
        try all[object].map { try known($0, read) }
    }

    func keep(_ found: [Row], of object: ObjectID) {
        guard keep(found) else { return }
        all[object] = found.map(\.id)
    }

    private func known(_ ids: [RecordID], _ read: (RecordID) throws -> Row?) rethrows -> [Row] {
        try ids.compactMap { try rows[$0] ?? read($0) }
    }

    private func keep(_ found: [Row]) -> Bool {
        guard found.count < Self.most else { return false }
        if rows.count + found.count >= Self.most { forget() }
        for row in found { rows[row.id] = row }
        return true
    }

    /// A record was made.
    func made(_ row: Row, isUser: Bool) {
        if isUser { users.removeAll() }
        all[row.id.object] = nil
        for link in children.keys where link.object == row.id.object {
            for parent in row[link].linkedRecords { children[link]?[parent] = nil }
        }
    }

    /// A record has other values in these fields.
    func changed(_ id: RecordID, _ fields: Set<FieldID>, isUser: Bool) {
        rows[id] = nil
        if isUser { users.removeAll() }
        guard !children.isEmpty else { return }
        for field in fields where children[field] != nil { children[field] = nil }
    }

    func forget() {
        rows.removeAll(keepingCapacity: true)
        children.removeAll()
        users.removeAll()
        all.removeAll()
    }
}
