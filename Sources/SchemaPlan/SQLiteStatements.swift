/// A statement that carries out part of a plan. Values never stand in the text.
package struct PlannedStatement: Sendable, Hashable {
    package let text: String
    /// For the placeholders `?`, in order.
    package let arguments: [String]

    package init(_ text: String, _ arguments: [String] = []) {
        self.text = text
        self.arguments = arguments
    }
}

/// Plans as SQLite carries them out. Every table is STRICT: a value of the wrong type is an error, never a silent conversion.
package enum SQLiteStatements {
    /// Columns that every table has, before those of the fields, in the order of `SystemField`; then the mark of the recycle bin.
    package static let systemColumns = ["id", "version", "created", "created_by", "changed", "changed_by"]
    package static let deletedColumn = "deleted_at"

    /// What carries out `change`, apart from the catalogue and apart from computing formulas.
    package static func statements(for change: SchemaChange) -> [PlannedStatement] {
        switch change {
        case .createObject(let object):
            [createTable(object), createdIndex(of: object)]
                + object.fields.flatMap { sideTable(of: $0) + indexes(of: $0, in: object) }
        case .addField(let field, let object):
            columns(of: field).map { PlannedStatement("ALTER TABLE \(quoted(object.table)) ADD COLUMN \($0)") }
                + sideTable(of: field) + indexes(of: field, in: object)
        case .addUnique(let field, let object): [uniqueIndex(on: field, in: object)]
        case .dropUnique(let field, _): [PlannedStatement("DROP INDEX \(quoted(PhysicalNames.uniqueIndex(on: field.column)))")]
        case .addIndex(let field, let object): [index(on: field, in: object)]
        case .beginStages(let field, let object, let initial):
            [PlannedStatement("UPDATE \(quoted(object.table)) SET \(quoted(field.column)) = ? WHERE \(quoted(field.column)) IS NULL", [initial])]
        case .releaseFromFormula(let field, let object):
            [
                PlannedStatement(
                    "UPDATE \(quoted(object.table)) SET \(errorColumn(of: field)) = NULL WHERE \(errorColumn(of: field)) IS NOT NULL")
            ]
        case .reviveObject, .retireObject, .reviveField, .retireField, .removeOptions, .compute, .refuseType: []
        }
    }

    /// Counts what stands against a checked change: one row, one number, 0 if nothing does. Nil for other changes.
    package static func check(of change: SchemaChange) -> PlannedStatement? {
        switch change {
        case .addUnique(let field, let object):
            let column = quoted(field.column)
            return PlannedStatement(
                """
                SELECT COUNT(*) FROM (SELECT 1 FROM \(quoted(object.table)) WHERE \(column) IS NOT NULL AND deleted_at IS NULL \
                GROUP BY \(column) HAVING COUNT(*) > 1)
                """)
        case .removeOptions(let options, let field, let object):
            let list = options.map { _ in "?" }.joined(separator: ", ")
            guard field.storage.hasSideTable else {
                return PlannedStatement(
                    "SELECT COUNT(*) FROM \(quoted(object.table)) WHERE \(quoted(field.column)) IN (\(list)) AND deleted_at IS NULL", options)
            }
            return PlannedStatement(
                """
                SELECT COUNT(DISTINCT record) FROM \(quoted(PhysicalNames.sideTable(of: field.column))) \
                JOIN \(quoted(object.table)) ON id = record WHERE value IN (\(list)) AND deleted_at IS NULL
                """, options)
        case .createObject, .reviveObject, .retireObject, .addField, .reviveField, .retireField, .releaseFromFormula, .dropUnique, .addIndex,
            .beginStages, .compute, .refuseType:
            return nil
        }
    }

    private static func createTable(_ object: ExistingObject) -> PlannedStatement {
        // Numbers are never used again because rows are never removed: deleting only marks them.
        let system = [
            "id INTEGER PRIMARY KEY", "version INTEGER NOT NULL", "created INTEGER NOT NULL", "created_by INTEGER",
            "changed INTEGER NOT NULL", "changed_by INTEGER", "deleted_at INTEGER",
        ]
        let all = system + object.fields.flatMap(columns(of:))
        return PlannedStatement("CREATE TABLE \(quoted(object.table)) (\n  \(all.joined(separator: ",\n  "))\n) STRICT")
    }

    /// For lists by date, and for counting: it holds every record that is not deleted.
    private static func createdIndex(of object: ExistingObject) -> PlannedStatement {
        PlannedStatement(
            "CREATE INDEX \(quoted("ix_" + object.table + "_created")) ON \(quoted(object.table)) (created) WHERE deleted_at IS NULL")
    }

    /// Definitions of the columns that a field takes.
    private static func columns(of field: ExistingField) -> [String] {
        var columns: [String] = []
        if field.storage == .linkAny { columns.append("\(quoted(PhysicalNames.objectColumn(of: field.column))) INTEGER") }
        columns.append("\(quoted(field.column)) \(field.storage.sqlType)")
        if field.computation != nil { columns.append("\(errorColumn(of: field)) TEXT") }
        return columns
    }

    private static func sideTable(of field: ExistingField) -> [PlannedStatement] {
        guard field.storage.hasSideTable else { return [] }
        let table = PhysicalNames.sideTable(of: field.column)
        if case .links = field.storage {
            // Both ways are asked: which records a record links to, and which link to it.
            return [
                PlannedStatement(
                    """
                    CREATE TABLE \(quoted(table)) (
                      record INTEGER NOT NULL,
                      value INTEGER NOT NULL,
                      position INTEGER NOT NULL,
                      PRIMARY KEY (record, value)
                    ) STRICT, WITHOUT ROWID
                    """),
                PlannedStatement("CREATE INDEX \(quoted(PhysicalNames.index(on: table))) ON \(quoted(table)) (value)"),
            ]
        }
        return [
            PlannedStatement(
                """
                CREATE TABLE \(quoted(table)) (
                  record INTEGER NOT NULL,
                  value TEXT NOT NULL,
                  position INTEGER NOT NULL,
                  PRIMARY KEY (record, value)
                ) STRICT, WITHOUT ROWID
                """)
        ]
    }

    private static func indexes(of field: ExistingField, in object: ExistingObject) -> [PlannedStatement] {
        (field.isIndexed ? [index(on: field, in: object)] : []) + (field.isUnique ? [uniqueIndex(on: field, in: object)] : [])
    }

    private static func index(on field: ExistingField, in object: ExistingObject) -> PlannedStatement {
        let columns =
            field.storage == .linkAny
            ? "\(quoted(PhysicalNames.objectColumn(of: field.column))), \(quoted(field.column))" : quoted(field.column)
        // Rows without a link need no entry; of stages, only those of living records are asked for.
        let part = field.storage.isLink ? " WHERE \(quoted(field.column)) IS NOT NULL" : " WHERE deleted_at IS NULL"
        return PlannedStatement("CREATE INDEX \(quoted(PhysicalNames.index(on: field.column))) ON \(quoted(object.table)) (\(columns))\(part)")
    }

    /// Blanks may repeat, and so may values of deleted records.
    private static func uniqueIndex(on field: ExistingField, in object: ExistingObject) -> PlannedStatement {
        let columns =
            field.storage == .linkAny
            ? "\(quoted(PhysicalNames.objectColumn(of: field.column))), \(quoted(field.column))" : quoted(field.column)
        return PlannedStatement(
            """
            CREATE UNIQUE INDEX \(quoted(PhysicalNames.uniqueIndex(on: field.column))) ON \(quoted(object.table)) (\(columns)) \
            WHERE deleted_at IS NULL
            """)
    }

    private static func errorColumn(of field: ExistingField) -> String {
        quoted(PhysicalNames.errorColumn(of: field.column))
    }

    private static func quoted(_ name: String) -> String { PhysicalNames.quoted(name) }
}
