import CShims
import CSQLite
import Formula
import Model
import Program
import SQLText
import Storage

/// The table `weir_search`, one narrow row a record: the search over everything reads it instead of the wide tables of the objects.
///
/// A row is written with its record in the same transaction, so it is never behind. Reading all of it takes some tens of milliseconds for
/// 100,000 records; the newest that fit end the reading sooner.
struct SearchIndex {
    let layout: Layout

    /// The object's number above, the record's below.
    static let recordBits: Int64 = 40
    /// Rises when `SearchText` folds or speaks differently.
    private static let form = 1

    static func id(_ record: RecordID, in layout: Layout) -> Int64 {
        layout[record.object].number << recordBits | record.number
    }

    /// Makes anew what was made of other fields.
    func bringUpToDate(on connection: Connection) throws {
        let catalogue = Catalogue(connection: connection)
        let app = layout.app.model
        let wanted = SearchedObjects(form: Self.form, Dictionary(uniqueKeysWithValues: layout.objects.map { ($0.number, $0.searched.fingerprint(in: app)) }))
        let known = try catalogue.value(.search).flatMap(SearchedObjects.init(text:))
        guard known != wanted else { return }
        try connection.transaction {
            let transaction = SQLiteTransaction(connection: connection, layout: layout, commitPoints: CommitPoints(), counters: nil)
            if known?.form != Self.form { try connection.execute("DELETE FROM weir_search") }
            let before = known?.form == Self.form ? known?.objects ?? [:] : [:]
            for gone in before.keys where wanted.objects[gone] == nil { try forget(gone, on: connection) }
            for table in layout.objects where before[table.number] != wanted.objects[table.number] {
                if let fields = before[table.number], fields.title == wanted.objects[table.number]?.title, table.searched.rest.count <= SearchFunction.mostTexts {
                    try fillRest(table, on: connection)
                } else {
                    try forget(table.number, on: connection)
                    var last: Int64 = 0
                    while let end = try fill(table, after: last, transaction) { last = end }
                }
            }
            try catalogue.set(wanted.text, .search)
        }
    }

    private func forget(_ object: Int64, on connection: Connection) throws {
        let first = object << Self.recordBits
        try connection.execute("DELETE FROM weir_search WHERE id BETWEEN \(first) AND \(first | (1 << Self.recordBits - 1))")
    }

    /// The records are called as before, and so are spoken as before: only what else they are found by, in one statement.
    private func fillRest(_ table: TableLayout, on connection: Connection) throws {
        let first = table.number << Self.recordBits
        let columns = table.searched.rest.compactMap { layout[$0]?.column }
        try connection.execute(
            """
            INSERT INTO weir_search SELECT \(first) | id, '', '', rest \
            FROM (SELECT id, weir_rest(\(columns.joined(separator: ", "))) AS rest FROM \(table.table) WHERE deleted_at IS NULL) WHERE true \
            ON CONFLICT (id) DO UPDATE SET rest = excluded.rest
            """)
        try connection.execute(
            "DELETE FROM weir_search WHERE id BETWEEN \(first) AND \(first | (1 << Self.recordBits - 1)) AND title = '' AND rest = ''")
    }

    /// - Returns: The number of the last record that was added; nil if there was none left.
    private func fill(_ table: TableLayout, after number: Int64, _ transaction: SQLiteTransaction) throws -> Int64? {
        let rows = try transaction.rows(of: table.id, after: number, limit: 500)
        for row in rows { try transaction.addToSearch(row) }
        return rows.last?.id.number
    }
}

extension SQLiteTransaction {
    /// Writes what the record is found by, in place of what it was found by before. Also for records that come back.
    func addToSearch(_ row: Row) throws {
        let searched = table(row.id.object).searched
        func texts(_ fields: [FieldID]) -> [String] {
            fields.compactMap { if case .text(let text) = row[$0] { text } else { nil } }
        }
        let text = SearchText(titles: texts(searched.title), others: texts(searched.rest))
        guard !text.isEmpty else { return try removeFromSearch(row.id) }
        let statement = try connection.fixed(
            """
            INSERT INTO weir_search VALUES (?, ?, ?, ?) \
            ON CONFLICT (id) DO UPDATE SET title = excluded.title, sound = excluded.sound, rest = excluded.rest
            """)
        statement.bind(SearchIndex.id(row.id, in: layout), at: 1)
        statement.bind(text.title, at: 2)
        statement.bind(text.sound, at: 3)
        statement.bind(text.rest, at: 4)
        try statement.run()
    }

    func removeFromSearch(_ id: RecordID) throws {
        let statement = try connection.fixed("DELETE FROM weir_search WHERE id = ?")
        statement.bind(SearchIndex.id(id, in: layout), at: 1)
        try statement.run()
    }

    func found(_ words: [String], in object: ObjectID, limit: Int) throws -> [RecordID] {
        guard !words.isEmpty, limit > 0 else { return [] }
        let first = layout[object].number << SearchIndex.recordBits
        let hits = Array(repeating: "weir_hit(?, title, sound, rest)", count: words.count)
        let statement = try connection.statement(
            """
            SELECT id, \(hits.map { "\($0) = 2" }.joined(separator: " AND ")) FROM weir_search WHERE id BETWEEN ? AND ? \
            AND \(hits.map { "\($0) > 0" }.joined(separator: " AND ")) ORDER BY id DESC
            """)
        defer { statement.reset() }
        let count = Int32(words.count)
        for (index, word) in words.enumerated() { statement.bind(word, at: Int32(index) + 1) }
        statement.bind(first, at: count + 1)
        statement.bind(first | (1 << SearchIndex.recordBits - 1), at: count + 2)
        for (index, word) in words.enumerated() { statement.bind(word, at: count + 3 + Int32(index)) }
        var byTitle: [RecordID] = []
        var others: [RecordID] = []
        // Enough of either; a common word does not make it read to the end.
        while byTitle.count < limit, others.count < Self.mostOthers, try statement.step() {
            let id = RecordID(object: object, number: statement.int64(0) - first)
            if statement.int64(1) != 0 { byTitle.append(id) } else { others.append(id) }
        }
        return Array((byTitle + others).prefix(limit))
    }

    /// Records found by other texts than their title, after which the search stops waiting for one that is.
    private static let mostOthers = 2_000

    /// The records of the object whose title is spoken so, as a condition on its table. Nil if the text is none that can be spoken.
    func heard(_ text: String, in object: ObjectID) -> SQLFragment? {
        let words = SearchText.words(of: text)
        guard words.count == 1, let word = words.first, word.utf8.allSatisfy({ (0x61...0x7A).contains($0) }), !table(object).searched.title.isEmpty
        else { return nil }
        let first = layout[object].number << SearchIndex.recordBits
        let last = first | (1 << SearchIndex.recordBits - 1)
        return """
            id IN (SELECT id - \(bound: .integer(first)) FROM weir_search WHERE id BETWEEN \(bound: .integer(first)) AND \(bound: .integer(last)) \
            AND weir_hit(\(bound: .text(word)), '', sound, '') > 0)
            """
    }
}

/// `weir_hit(word, title, sound, rest)`: 2 if the title holds the word or is spoken so, 1 if the rest holds it, else 0.
/// `weir_rest(text, …)`: the texts as they stand in the column `rest`.
enum SearchFunction {
    /// SQLite passes 127 at most.
    static let mostTexts = 100

    static func register(on handle: OpaquePointer) -> Int32 {
        let code = sqlite3_create_function_v2(
            handle, "weir_rest", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nil,
            { context, count, arguments in
                let texts = UnsafeBufferPointer(start: arguments, count: Int(count)).compactMap { argument -> String? in
                    guard let bytes = sqlite3_value_text(argument) else { return nil }
                    return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(sqlite3_value_bytes(argument))), as: UTF8.self)
                }
                var rest = SearchText(titles: [], others: texts).rest
                rest.withUTF8 { bytes in
                    bytes.withMemoryRebound(to: CChar.self) { weir_sqlite_result_text(context, $0.baseAddress, Int32($0.count)) }
                }
            }, nil, nil, nil)
        guard code == SQLITE_OK else { return code }
        return sqlite3_create_function_v2(
            handle, "weir_hit", 4, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nil,
            { context, count, arguments in
                guard count == 4, let arguments, let word = sqlite3_value_text(arguments[0]) else { return sqlite3_result_int(context, 0) }
                let letters = Int(sqlite3_value_bytes(arguments[0]))
                func holds(_ index: Int, _ test: (UnsafePointer<UInt8>?, Int, UnsafePointer<UInt8>?, Int) -> Int32) -> Bool {
                    guard let text = sqlite3_value_text(arguments[index]) else { return false }
                    return test(text, Int(sqlite3_value_bytes(arguments[index])), word, letters) != 0
                }
                let hit: Int32 =
                    if holds(1, weir_text_holds) || (word[0] < 0x80 && holds(2, weir_sound_holds)) { 2 } else if holds(3, weir_text_holds) { 1 } else { 0 }
                sqlite3_result_int(context, hit)
            }, nil, nil, nil)
    }
}
