package import Formula
import Model
package import Program
package import SourceText

/// A database that keeps an app's records. One suite, `StoreContract` in TestKit, runs on every store.
package protocol Store: Sendable {
    /// The app whose records it keeps.
    var app: CompiledApp { get }
    var files: any FileArea { get }
    /// The number under which the texts of the app are kept, for runs that go on with them in a later version; nil where they are not.
    var version: Int64? { get }
    /// Tells of every change once it is durable.
    var changes: ChangeFeed { get }

    /// Runs `work` in one transaction on a consistent snapshot, beside writers.
    ///
    /// - Throws: `StoreError` for the world's trouble, or what `work` throws.
    func read<Result: Sendable>(_ work: @escaping @Sendable (any ReadTransaction) throws -> Result) async throws -> Result

    /// As `read`, for a work of a few rows by key that ends sooner than a change of threads takes: where a connection is to spare it runs on
    /// the caller's thread.
    func readBriefly<Result: Sendable>(_ work: @escaping @Sendable (any ReadTransaction) throws -> Result) async throws -> Result

    /// Counts up with every commit that touches people, their passwords, sessions or keys, and is odd while one is under way. What was read
    /// after an even count still holds while the count is the same.
    var peopleEpoch: UInt64 { get }

    /// Runs `work` alone among writers; returns when all of it is durable. Waiting writes share one commit, each in a savepoint
    /// of its own.
    ///
    /// - Throws: `StoreError`, or what `work` throws; in both cases nothing of this `work` is written.
    func write<Result: Sendable>(_ work: @escaping @Sendable (any WriteTransaction) throws -> Result) async throws -> Result

    /// How the store is doing now.
    func figures() async throws -> StoreFigures

    /// Ends every connection. Waits for writes that were begun.
    func close() async
}

/// The world's trouble with a database.
package enum StoreError: Error, Sendable, Hashable {
    /// Another process holds the data folder.
    case locked(path: String)
    case diskFull
    case readOnly
    /// The disk cannot be read from or written to; what the system says about it.
    case diskFails(String)
    /// The file is not a database of Weir, or damaged.
    case notADatabase(String)
    /// The data folder was written by a newer Weir or for another app.
    case incompatible(Words)
    /// The app's definition was renewed while the work was on its way, and the tables with it: whoever asked may ask again.
    case definitionChanged
    /// A condition or a sort key cannot be put to the database; the words say why.
    case notLowerable(Words)
    case other(String)
}

package protocol ReadTransaction: AutomationReading {
    /// The record with its stored values; volatile computed fields are blank. Nil if there is none or it is deleted.
    func row(_ id: RecordID) throws -> Row?
    func rows(linking link: FieldID, to parent: RecordID) throws -> [Row]
    /// Every record, by id. For small objects and for work that must see all; pages come from `page`.
    func rows(of object: ObjectID) throws -> [Row]
    /// The records for which the condition holds, by id, of which only `fields` and the system fields are read; others are blank. So many at
    /// most: where a condition leaves more, any of them.
    ///
    /// - Throws: `StoreError.notLowerable` if the condition cannot be put to the database.
    func rows(of object: ObjectID, where condition: BoundCondition?, reading fields: Set<FieldID>, limit: Int) throws -> [Row]
    /// Active people who have one of the roles.
    func users(in roles: Set<RoleID>) throws -> [Row]
    /// A stored formula field's value for a record, by one statement over the records as they are stored: for formulas that look at many.
    /// Nil where the database has no form for the formula, or where the formula fails: why is known only to those who evaluate it.
    func computed(_ field: FieldID, of record: RecordID) throws -> Value?
    /// The same of a field that is computed when it is read, as of a moment and for a reader; by which of both it hangs on neither.
    func computedOnRead(_ field: FieldID, of record: RecordID, at moment: Moment, me: RecordID?) throws -> Value?
    /// What the formula's average is made of, by one statement over the records as they are stored. Nil as for `computed`, and for formulas that
    /// are no `average` over children.
    func computedTally(of field: FieldID, record: RecordID) throws -> Tally?
    /// As it was kept last; nil if it is not known.
    func tally(of field: FieldID, record: RecordID) throws -> Tally?
    func page(_ query: RecordQuery) throws -> RecordPage
    func count(_ object: ObjectID, where condition: BoundCondition?) throws -> Int
    /// - Parameter fields: Stored number fields.
    /// - Throws: `.notLowerable` if the condition cannot be put to the database or a field is not stored.
    /// - Parameter parts: Of the records that the condition and the search leave, the totals of those that meet each of these as well; all in
    ///   one reading.
    func totals(
        of object: ObjectID, where condition: BoundCondition?, search: String?, parts: [BoundCondition], summing fields: [FieldID]
    ) throws -> [RecordTotals]
    /// Figures of groups of records, in the order of the groups' keys.
    ///
    /// - Throws: `StoreError.notLowerable` for a formula that cannot be put to the database.
    func aggregate(_ query: AggregateQuery) throws -> [AggregateGroup]
    /// The record whose unique (or any stored, indexed) field has this value, if there is one.
    func holder(of value: Value, in field: FieldID) throws -> RecordID?
    /// The records whose stored field has this value, by id, so many at most. Quick where the field is unique or is its records' whole title.
    func holders(of value: Value, in field: FieldID, limit: Int) throws -> [RecordID]

    /// Changes of a record, newest first.
    func history(of record: RecordID, limit: Int, before sequence: Int64?) throws -> [HistoryEntry]
    func visits(of record: RecordID) throws -> [StageVisit]
    func audit(limit: Int, before sequence: Int64?) throws -> [AuditEntry]
    func response(to key: RequestKey) throws -> RememberedResponse?
    func content(of file: RecordID) throws -> StoredFile?

    /// The record in the recycle bin; nil if it is not there.
    func deleted(_ id: RecordID) throws -> DeletedRecord?
    /// The recycle bin, last deleted first.
    ///
    /// - Parameter offset: How many of the newest to leave out.
    func deleted(of object: ObjectID, limit: Int, offset: Int) throws -> [DeletedRecord]
    func countDeleted(of object: ObjectID) throws -> Int
    /// The deleted record to which the link led before it was blanked; nil if it was not blanked by a deletion.
    func lostTarget(of link: LostLink) throws -> RecordID?

    func credential(login: String) throws -> Credential?
    func credential(of user: RecordID) throws -> Credential?
    func session(tokenHash: [UInt8]) throws -> Session?
    func apiKey(hash: [UInt8]) throws -> APIKey?
    func apiKeys() throws -> [APIKey]
    func importJob(_ id: Int64) throws -> ImportJob?
    /// Newest first; of every object where none is named.
    func importJobs(of object: ObjectID?, limit: Int) throws -> [ImportJob]
    /// In their order, beginning with the first whose number is not below.
    func importParts(of job: Int64, phase: ImportPart.Phase, from number: Int, limit: Int) throws -> [ImportPart]
    /// Small settings of the installation, such as a secret made at first start.
    func setting(_ name: String) throws -> String?

    /// Records of the object whose short texts hold all of `words` (`SearchText.words(of:)`), also as pinyin or initials of the title; those
    /// that hold them in their title first, newer before older. No deleted ones.
    func found(_ words: [String], in object: ObjectID, limit: Int) throws -> [RecordID]
    /// Changes after this sequence, oldest first.
    func changes(after sequence: Int64, limit: Int) throws -> [CommittedChange]
    /// The sequence of the last change; 0 before the first.
    func lastChange() throws -> Int64
    /// What a person prefers, such as the columns of a list.
    func preference(_ name: String, of user: RecordID) throws -> String?
    /// Views of the object that are shared or this person's own, by name.
    func savedViews(of object: ObjectID, for user: RecordID?) throws -> [SavedView]
}

package protocol WriteTransaction: ReadTransaction, AutomationWriting {
    /// Runs `work`; if it throws, what it wrote is undone and the error goes on to the caller, who may go on with the transaction.
    func savepoint<Result>(_ work: () throws -> Result) throws -> Result
    /// A number never given before for this object.
    func nextNumber(of object: ObjectID) throws -> Int64
    /// The next count of an autonumber field, from 1.
    func nextAutonumber(of field: FieldID) throws -> Int64
    func insert(_ row: Row) throws
    /// Writes the fields in `changed` and the system fields from `new`.
    func update(_ new: Row, changed: Set<FieldID>) throws
    /// Nil forgets it. A deleted record's tallies, and all of them when the definition changes, are forgotten by the store itself.
    func keep(_ tally: Tally?, of field: FieldID, record: RecordID) throws
    /// Into the recycle bin: links to it read as blank, its id is not used again.
    func delete(_ id: RecordID, at: Instant) throws
    /// Out of the recycle bin, as it was. Links of records that are deleted themselves lead to it again.
    ///
    /// - Returns: The blanked links of living records; they are not written.
    func restore(_ id: RecordID) throws -> [LostLink]
    /// Empties a record in the recycle bin for good: its values, those in its history, and what it knew of links. The id stays used.
    func purge(_ id: RecordID) throws

    func append(_ entry: HistoryEntry) throws
    func append(_ entry: AuditEntry) throws
    /// Ends the open visit of the record, if any, and opens this one.
    func open(_ visit: StageVisit) throws
    /// As if the last visit of the record had never been: the one before it lasts again.
    func takeBackVisit(of record: RecordID) throws
    func remember(_ response: RememberedResponse, for key: RequestKey) throws
    func attach(_ file: StoredFile, to record: RecordID) throws

    func set(_ credential: Credential) throws
    func start(_ session: Session) throws
    func touch(sessionTokenHash: [UInt8], lastSeen: Instant) throws
    func endSession(tokenHash: [UInt8]) throws
    func endSessions(of user: RecordID) throws
    func add(_ key: APIKey) throws
    func revokeKey(id: Int64, at: Instant) throws
    func set(_ value: String, forSetting name: String) throws
    /// - Returns: The number that the job got.
    func add(_ job: ImportJob) throws -> Int64
    func update(_ job: ImportJob) throws
    func append(_ part: ImportPart) throws
    func removeImportParts(of job: Int64, phase: ImportPart.Phase) throws
    /// With its parts. Its file is no longer named by it.
    func removeImport(_ id: Int64) throws
    /// Nil forgets it.
    func setPreference(_ value: String?, named name: String, of user: RecordID) throws
    /// Writes a new view (id 0), or another name, query or sharing of an old one.
    ///
    /// - Returns: Its id.
    func save(_ view: SavedView) throws -> Int64
    func deleteView(id: Int64) throws
}

/// A condition with what it is evaluated under.
package struct BoundCondition: Sendable {
    package let expression: CheckedExpression
    package let moment: Moment
    package let me: RecordID?

    package init(expression: CheckedExpression, moment: Moment, me: RecordID?) {
        self.expression = expression
        self.moment = moment
        self.me = me
    }
}

/// A page of a list: filtered, sorted, found by key and not by counting rows.
package struct RecordQuery: Sendable {
    package struct Sort: Sendable, Hashable {
        package let field: FieldID
        package let descending: Bool

        package init(field: FieldID, descending: Bool) {
            self.field = field
            self.descending = descending
        }
    }

    package var object: ObjectID
    package var condition: BoundCondition?
    /// Text to be found in any text field of the record, case-blind; nil for none.
    package var search: String?
    /// The id is always the last key. Blanks sort first, descending last.
    package var sort: [Sort]
    /// The last row of the page before; nil for the first page.
    package var after: Cursor?
    /// 1…200.
    package var limit: Int
    package var wantsTotal: Bool

    package init(
        object: ObjectID, condition: BoundCondition? = nil, search: String? = nil, sort: [Sort] = [], after: Cursor? = nil, limit: Int = 50,
        wantsTotal: Bool = false
    ) {
        self.object = object
        self.condition = condition
        self.search = search
        self.sort = sort
        self.after = after
        self.limit = limit
        self.wantsTotal = wantsTotal
    }

    /// Values of the sort keys of a row, and its number.
    package struct Cursor: Sendable, Hashable {
        package let keys: [Value]
        package let number: Int64

        package init(keys: [Value], number: Int64) {
            self.keys = keys
            self.number = number
        }
    }
}

package struct RecordPage: Sendable {
    package let rows: [Row]
    package let next: RecordQuery.Cursor?
    package let total: Int?

    package init(rows: [Row], next: RecordQuery.Cursor?, total: Int?) {
        self.rows = rows
        self.next = next
        self.total = total
    }
}
