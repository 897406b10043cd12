import SchemaPlan
import Storage

/// Reads and writes the tables in which a database keeps its own schema.
struct Catalogue {
    let connection: Connection

    /// Names in `weir_meta`.
    enum Fact: String {
        case format
        /// The app's name: a data folder belongs to one app.
        case app
        /// `CompiledApp.sourceHash` of the definition that the tables were last compared with.
        case source
        case nextNumber = "next_number"
        /// What the search index was made of (`SearchedFields.fingerprint`).
        case search
        /// The number of the version that is live (`weir_version`).
        case version
    }

    /// Whether the system tables are there at all.
    func exists() throws -> Bool {
        let statement = try connection.fixed("SELECT COUNT(*) FROM sqlite_master WHERE name = 'weir_meta'")
        defer { statement.reset() }
        return try statement.step() && statement.int64(0) > 0
    }

    static func has(column: String, in table: String, _ connection: Connection) throws -> Bool {
        let statement = try connection.fixed("SELECT COUNT(*) FROM pragma_table_info(?) WHERE name = ?")
        defer { statement.reset() }
        statement.bind(table, at: 1)
        statement.bind(column, at: 2)
        return try statement.step() && statement.int64(0) > 0
    }

    /// Whether the file holds tables of somebody else.
    func hasForeignTables() throws -> Bool {
        let statement = try connection.fixed("SELECT COUNT(*) FROM sqlite_master")
        defer { statement.reset() }
        return try statement.step() && statement.int64(0) > 0
    }

    func value(_ fact: Fact) throws -> String? {
        let statement = try connection.fixed("SELECT value FROM weir_meta WHERE name = ?")
        defer { statement.reset() }
        statement.bind(fact.rawValue, at: 1)
        return try statement.step() ? statement.text(0) : nil
    }

    func set(_ value: String, _ fact: Fact) throws {
        let statement = try connection.fixed("INSERT INTO weir_meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        statement.bind(fact.rawValue, at: 1)
        statement.bind(value, at: 2)
        try statement.run()
    }

    /// - Throws: `.incompatible` for a storage that this Weir does not know.
    func load() throws -> ExistingSchema {
        var schema = ExistingSchema()
        schema.nextNumber = try value(.nextNumber).flatMap { Int64($0) } ?? 1
        let objects = try connection.fixed("SELECT number, name, physical, retired FROM weir_object ORDER BY number")
        defer { objects.reset() }
        var positions: [Int64: Int] = [:]
        while try objects.step() {
            positions[objects.int64(0)] = schema.objects.count
            schema.objects.append(
                ExistingObject(number: objects.int64(0), name: objects.text(1), table: objects.text(2), isRetired: objects.int64(3) != 0))
        }
        let fields = try connection.fixed(
            "SELECT number, object, name, physical, storage, is_unique, is_indexed, computation, options, retired FROM weir_field ORDER BY number")
        defer { fields.reset() }
        while try fields.step() {
            guard let position = positions[fields.int64(1)], let storage = ColumnStorage(code: fields.text(4)) else {
                throw StoreError.notADatabase("the catalogue names a field \(fields.int64(0)) of storage \(fields.text(4)) that is not known")
            }
            let options = fields.text(8)
            schema.objects[position].fields.append(
                ExistingField(
                    number: fields.int64(0), name: fields.text(2), column: fields.text(3), storage: storage, isUnique: fields.int64(5) != 0,
                    isIndexed: fields.int64(6) != 0, computation: fields.optionalText(7),
                    options: options.isEmpty ? [] : ValueList.split(options), isRetired: fields.int64(9) != 0))
        }
        return schema
    }

    /// Writes all of it: entries are added and changed, never removed.
    func save(_ schema: ExistingSchema) throws {
        try set(String(schema.nextNumber), .nextNumber)
        let object = try connection.fixed(
            """
            INSERT INTO weir_object VALUES (?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET name = excluded.name, retired = excluded.retired
            """)
        let field = try connection.fixed(
            """
            INSERT INTO weir_field VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET is_unique = excluded.is_unique, \
            is_indexed = excluded.is_indexed, computation = excluded.computation, options = excluded.options, retired = excluded.retired
            """)
        for entry in schema.objects {
            object.bind(entry.number, at: 1)
            object.bind(entry.name, at: 2)
            object.bind(entry.table, at: 3)
            object.bind(entry.isRetired ? 1 : 0, at: 4)
            try object.run()
            for column in entry.fields {
                field.bind(column.number, at: 1)
                field.bind(entry.number, at: 2)
                field.bind(column.name, at: 3)
                field.bind(column.column, at: 4)
                field.bind(column.storage.code, at: 5)
                field.bind(column.isUnique ? 1 : 0, at: 6)
                field.bind(column.isIndexed ? 1 : 0, at: 7)
                field.bind(column.computation, at: 8)
                field.bind(ValueList.joined(column.options), at: 9)
                field.bind(column.isRetired ? 1 : 0, at: 10)
                try field.run()
            }
        }
    }
}
