package import Formula

/// Where an app's fields lie in a database, as far as formulas must know it.
package struct SQLSchema: Sendable {
    /// By `ObjectID.index`; nil for an object without a table.
    package var tables: [SQLTable?]
    /// How people hold roles; nil where formulas may not ask.
    package var people: People?
    /// Fields that have no column because their value changes with the clock: their formulas stand for them.
    package var computed: [FieldID: Computed]

    package init(tables: [SQLTable?], people: People? = nil, computed: [FieldID: Computed] = [:]) {
        self.tables = tables
        self.people = people
        self.computed = computed
    }

    package struct Computed: Sendable {
        /// Of the record that owns the field; several are added up.
        package let expressions: [CheckedExpression]
        /// Decimals that the field has; nil for what is no number.
        package let decimals: Int?

        package init(expressions: [CheckedExpression], decimals: Int?) {
            self.expressions = expressions
            self.decimals = decimals
        }
    }

    package struct People: Sendable {
        /// The choice that holds the name of a person's role.
        package let role: FieldID
        /// Whether the person is active.
        package let active: FieldID
        /// By `RoleID.index`: the names of the roles that count as this one.
        package let holders: [[String]]

        package init(role: FieldID, active: FieldID, holders: [[String]]) {
            self.role = role
            self.active = active
            self.holders = holders
        }
    }

    subscript(field: FieldID) -> SQLColumn? {
        guard let table = self[field.object], field.index < table.columns.count else { return nil }
        return table.columns[field.index]
    }

    subscript(object: ObjectID) -> SQLTable? {
        object.index < tables.count ? tables[object.index] : nil
    }
}

/// A table of records. Deleted ones stay in it, marked.
package struct SQLTable: Sendable {
    package let name: Identifier
    /// The record's number.
    package let id: Identifier
    /// NULL for records that are not deleted.
    package let deleted: Identifier
    /// How links to any object name this one.
    package let number: Int64
    /// By `FieldID.index`; nil for fields that are computed on read.
    package let columns: [SQLColumn?]

    package init(name: Identifier, id: Identifier, deleted: Identifier, number: Int64, columns: [SQLColumn?]) {
        self.name = name
        self.id = id
        self.deleted = deleted
        self.number = number
        self.columns = columns
    }
}

/// Where and how the values of one field lie.
package struct SQLColumn: Sendable {
    package let name: Identifier
    package let storage: Storage
    /// The code of a computed field's failure; NULL if it has none.
    package let error: Identifier?

    package enum Storage: Sendable, Hashable {
        /// INTEGER, the number times ten to the power of `decimals`.
        case number(decimals: Int)
        /// INTEGER 0 or 1.
        case bool
        /// INTEGER, days since 1970-01-01.
        case date
        /// INTEGER, UTC microseconds since 1970-01-01.
        case datetime
        /// INTEGER, microseconds.
        case duration
        /// TEXT, NULL instead of empty.
        case text
        /// TEXT, the option's key.
        case option
        /// A row per key in a side table.
        case options(table: Identifier, owner: Identifier, value: Identifier)
        /// A row per record in a side table, by the numbers of records of `object`.
        case links(table: Identifier, owner: Identifier, value: Identifier, object: ObjectID)
        /// INTEGER, the number of a record of this object.
        case link(ObjectID)
        /// As `link`, and the number of the object in a column of its own.
        case linkAny(object: Identifier)
    }

    package init(name: Identifier, storage: Storage, error: Identifier? = nil) {
        self.name = name
        self.storage = storage
        self.error = error
    }
}
