import Formula
import Model
import Program
import Storage

/// Records as they stand in a transaction, each read once, with the image that is being decided on in place of the stored one.
///
/// Fields that are computed on read are blank here: formulas that are stored never read them. `LiveRows` fills them in.
final class TransactionRows: RowSource {
    let app: CompiledApp
    private let transaction: any ReadTransaction
    private var known: [RecordID: Row?] = [:]
    private var children: [ChildSet: [Row]] = [:]
    private var titles: [RecordID: String] = [:]
    /// The image that is not written yet.
    private(set) var pending: Row?
    /// Counts what was put over a row, so that `LiveRows` knows when to forget.
    private(set) var generation = 0

    private struct ChildSet: Hashable {
        let link: FieldID
        let parent: RecordID
    }

    init(_ transaction: any ReadTransaction, app: CompiledApp) {
        self.transaction = transaction
        self.app = app
    }

    /// Puts an image in front of what is stored.
    func propose(_ row: Row) {
        pending = row
        if !titles.isEmpty { titles.removeAll(keepingCapacity: true) }
        generation += 1
    }

    /// The image came to nothing.
    func withdraw(_ id: RecordID) {
        guard pending?.id == id else { return }
        pending = nil
        generation += 1
    }

    /// The image is in the database now; nil for a record that was deleted.
    func wrote(_ row: Row?, of id: RecordID) {
        if pending?.id == id { pending = nil }
        known.updateValue(row, forKey: id)
        if !children.isEmpty { children = children.filter { $0.key.link.object != id.object } }
        titles.removeAll(keepingCapacity: true)
        generation += 1
    }

    func row(_ id: RecordID) throws -> Row? {
        if let pending, pending.id == id { return pending }
        if let row = known[id] { return row }
        let row = try transaction.row(id)
        known.updateValue(row, forKey: id)
        return row
    }

    func rows(linking link: FieldID, to parent: RecordID) throws -> [Row] {
        let set = ChildSet(link: link, parent: parent)
        let stored: [Row]
        if let rows = children[set] {
            stored = rows
        } else {
            stored = try transaction.rows(linking: link, to: parent)
            children[set] = stored
        }
        guard let pending, pending.id.object == link.object else { return stored }
        return overlaid(stored, belongs: pending[link].leads(to: parent))
    }

    func rows(of object: ObjectID) throws -> [Row] {
        let stored = try transaction.rows(of: object)
        guard let pending, pending.id.object == object else { return stored }
        return overlaid(stored, belongs: true)
    }

    func users(in role: RoleID) throws -> [Row] {
        let roles = Set(app.model.roles.filter { $0.covers.contains(role) }.map(\.id))
        let stored = try transaction.users(in: roles)
        guard let pending, stored.contains(where: { $0.id == pending.id }) else { return stored }
        return overlaid(stored, belongs: true)
    }

    func computedOnRead(_ field: FieldID, of record: RecordID, at moment: Moment, me: RecordID?) throws -> Value? {
        try transaction.computedOnRead(field, of: record, at: moment, me: me)
    }

    func title(of id: RecordID) throws -> String {
        // A title may read fields that only `LiveRows` knows; stored formulas get the stored ones.
        if let title = titles[id] { return title }
        guard let row = try row(id) else { return "" }
        let title = try app[id.object].shows.text(in: Frame(this: row, moment: app.model.moment(at: Instant(microseconds: 0)), source: self))
        titles[id] = title.isEmpty ? app.text(of: id) : title
        return titles[id] ?? title
    }

    private func overlaid(_ stored: [Row], belongs: Bool) -> [Row] {
        guard let pending else { return stored }
        var rows = stored.filter { $0.id != pending.id }
        if belongs { rows.insert(pending, at: rows.firstIndex { $0.id > pending.id } ?? rows.endIndex) }
        return rows
    }
}

/// The same records with the fields that are computed on read: what rules, gates, titles and readers see.
final class LiveRows: RowSource {
    let stored: TransactionRows
    let moment: Moment
    let me: Row?
    /// Fields that nobody needs are not computed; nil: all are.
    private let needs: Set<FieldID>?
    private var filled: [RecordID: Row] = [:]
    private var underWay: Set<RecordID> = []
    private var titles: [RecordID: String] = [:]
    private var generation = 0
    /// Of how many records a field was computed here.
    private var times: [FieldID: Int] = [:]
    /// A statement for one moment is worth its making from here on.
    private static let fewTimes = 8

    init(_ stored: TransactionRows, moment: Moment, me: Row?, needs: Set<FieldID>? = nil) {
        self.stored = stored
        self.moment = moment
        self.me = me
        self.needs = needs
    }

    /// The row with its volatile fields. A field that needs itself by way of other records finds itself blank.
    func live(_ row: Row) throws -> Row {
        let volatile = stored.app.objects[row.id.object.index].volatile
        guard !volatile.isEmpty, needs?.isEmpty != true else { return row }
        forgetIfStale()
        if let known = filled[row.id], stored.pending?.id != row.id { return known }
        let made = try image(row, needs: needs, isStored: true)
        if !underWay.contains(row.id) { filled[row.id] = made }
        return made
    }

    /// The same of a record as it was, which is not as it stands: nothing of it is kept.
    func image(_ row: Row) throws -> Row { try image(row, needs: needs, isStored: false) }

    /// - Parameter isStored: The row is the record as it stands.
    private func image(_ row: Row, needs: Set<FieldID>?, isStored: Bool) throws -> Row {
        guard underWay.insert(row.id).inserted else { return row }
        defer { underWay.remove(row.id) }
        var row = row
        for computation in stored.app.objects[row.id.object.index].volatile where needs?.contains(computation.field) ?? true {
            let counted = isStored && computation.looksAtMany ? try counted(computation.field, of: row.id) : nil
            row[computation.field] = try counted ?? computation.value(in: Frame(this: row, me: me, moment: moment, source: self))
        }
        return row
    }

    /// By the database, which goes over many records by their index, where all that it looks at is written.
    private func counted(_ field: FieldID, of record: RecordID) throws -> Value? {
        guard stored.pending == nil else { return nil }
        times[field, default: 0] += 1
        guard times[field, default: 0] > Self.fewTimes else { return nil }
        return try stored.computedOnRead(field, of: record, at: moment, me: me?.id)
    }

    func row(_ id: RecordID) throws -> Row? {
        guard let row = try stored.row(id) else { return nil }
        return try live(row)
    }

    func rows(linking link: FieldID, to parent: RecordID) throws -> [Row] {
        try stored.rows(linking: link, to: parent).map(live)
    }

    func rows(of object: ObjectID) throws -> [Row] {
        try stored.rows(of: object).map(live)
    }

    func users(in role: RoleID) throws -> [Row] {
        try stored.users(in: role).map(live)
    }

    func title(of id: RecordID) throws -> String {
        forgetIfStale()
        if let title = titles[id] { return title }
        guard let row = try stored.row(id) else { return "" }
        let showsNeeds = stored.app.objects[id.object.index].showsNeeds
        let isOwn = needs == nil || showsNeeds.allSatisfy { $0.object == id.object }
        guard isOwn else { return try LiveRows(stored, moment: moment, me: me).title(of: id) }
        let title = try title(of: showsNeeds.isEmpty ? row : image(row, needs: showsNeeds, isStored: true))
        titles[id] = title
        return title
    }

    /// How the record is called, from an image at hand.
    func title(of row: Row) throws -> String {
        let text = try stored.app.objects[row.id.object.index].shows.text(in: Frame(this: row, me: me, moment: moment, source: self))
        return text.isEmpty ? stored.app.text(of: row.id) : text
    }

    private func forgetIfStale() {
        guard generation != stored.generation else { return }
        filled.removeAll(keepingCapacity: true)
        titles.removeAll(keepingCapacity: true)
        generation = stored.generation
    }
}
