import Formula
import Model
import Program
import SourceText
import Storage

/// What is read and written in one transaction, on the connection and in the thread that it runs on. Not kept afterwards.
final class SQLiteTransaction {
    let connection: Connection
    let layout: Layout
    let commitPoints: CommitPoints
    /// Only of the writer; a reader draws no numbers.
    let counters: Counters?
    /// What was known from memory before a reader's snapshot was taken; nil in the writer, which sees what is not committed.
    let memory: CommitMemory.View?
    /// What the writer has read so far; nil where it would not be asked again, and where tables are written by other ways.
    let rowMemory: RowMemory?
    var readStatements: [ReadStatement.Key: ReadStatement?] = [:]

    init(
        connection: Connection, layout: Layout, commitPoints: CommitPoints, counters: Counters?, memory: CommitMemory.View? = nil, rowMemory: RowMemory? = nil
    ) {
        self.memory = memory
        self.rowMemory = rowMemory
        self.connection = connection
        self.layout = layout
        self.commitPoints = commitPoints
        self.counters = counters
    }

    func table(_ object: ObjectID) -> TableLayout { layout[object] }

    /// The field's column.
    ///
    /// - Throws: `.notLowerable` for a field that is computed on read.
    func column(_ field: FieldID) throws -> ColumnLayout {
        guard let column = layout[field] else { throw notStored(field) }
        return column
    }

    func userNumber(_ user: RecordID?) -> Int64? { user?.number }

    func user(_ number: Int64?) -> RecordID? {
        number.map { RecordID(object: layout.userObject, number: $0) }
    }

    /// The record that two columns name; nil if they are NULL or the object is retired.
    func record(object: Int64?, number: Int64?) -> RecordID? {
        guard let object, let number, let id = layout.objectsByNumber[object] else { return nil }
        return RecordID(object: id, number: number)
    }

    private func notStored(_ field: FieldID) -> StoreError {
        let name = layout.app.model[field].name
        return .notLowerable(
            Words(zh: "字段 `\(name)` 在读取时计算，不能按它查找或排序", en: "`\(name)` is computed when it is read: it cannot be searched or sorted by"))
    }
}

/// The writer's running numbers. What is taken back is drawn again.
///
/// `@unchecked Sendable`: only the writer's thread touches them.
final class Counters: @unchecked Sendable {
    /// The last sequence of the history and of the audit; nil until it is looked up.
    var history: Int64?
    var audit: Int64?
    /// The last record number given, by `ObjectID.index`.
    private(set) var records: [Int: Int64] = [:]
    /// What `records` was before each draw of this transaction.
    private var draws: [(object: Int, before: Int64)] = []
    /// By how much this transaction changes the number of standing records, by the object's number in the catalogue.
    private(set) var standing: [Int64: Int] = [:]
    /// Whether it touches people, their passwords, sessions or keys. Stays set where only a part is taken back: that costs a reader a
    /// second look, no more.
    var touchesPeople = false
    /// Whose notices it touches. What is taken back stays: whoever hears of it looks, and sees what stands.
    private var readers: Set<RecordID> = []

    func told(_ person: RecordID) { readers.insert(person) }

    /// Whose notices are other ones since this was asked last.
    func takeReaders() -> Set<RecordID> {
        defer { readers = [] }
        return readers
    }

    func made(_ records: Int, of object: Int64) { standing[object, default: 0] += records }
    /// What this transaction has changed.
    private var changes: [CommittedChange] = []

    struct Mark {
        let history: Int64?
        let audit: Int64?
        let draws: Int
        let standing: [Int64: Int]
        let changes: Int
    }

    var mark: Mark { Mark(history: history, audit: audit, draws: draws.count, standing: standing, changes: changes.count) }

    func happened(_ change: CommittedChange) { changes.append(change) }

    func drew(_ number: Int64, of object: Int) {
        draws.append((object, records[object] ?? number - 1))
        records[object] = number
    }

    func goBack(to mark: Mark) {
        history = mark.history
        audit = mark.audit
        for draw in draws[mark.draws...].reversed() { records[draw.object] = draw.before }
        draws.removeLast(draws.count - mark.draws)
        standing = mark.standing
        changes.removeLast(changes.count - mark.changes)
    }

    /// The transaction is committed.
    ///
    /// - Returns: What it changed.
    func keep() -> [CommittedChange] {
        draws.removeAll(keepingCapacity: true)
        standing.removeAll(keepingCapacity: true)
        touchesPeople = false
        defer { changes.removeAll(keepingCapacity: true) }
        return changes
    }

    /// The transaction is gone as a whole.
    func forget() {
        history = nil
        audit = nil
        records = [:]
        draws = []
        standing = [:]
        touchesPeople = false
        changes = []
        readers = []
    }
}
