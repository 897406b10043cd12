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

    init(connection: Connection, layout: Layout, commitPoints: CommitPoints, counters: Counters?) {
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

/// The writer's running numbers.
///
/// `@unchecked Sendable`: only the writer's thread touches them.
final class Counters: @unchecked Sendable {
    /// Gapless: what is taken back is drawn again. Nil until it is looked up.
    struct State {
        var history: Int64?
        var audit: Int64?
    }

    var state = State()
    /// The last record number given, by `ObjectID.index`. What is taken back leaves a gap, which is nobody's number for ever.
    var records: [Int: Int64] = [:]
}
