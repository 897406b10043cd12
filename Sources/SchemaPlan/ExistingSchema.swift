/// What the database has, by its own catalogue. Retired objects and fields keep their tables and columns.
package struct ExistingSchema: Sendable, Hashable {
    package var objects: [ExistingObject]
    /// The next number for an object or a field; one sequence numbers both.
    package var nextNumber: Int64

    package init(objects: [ExistingObject] = [], nextNumber: Int64 = 1) {
        self.objects = objects
        self.nextNumber = nextNumber
    }

    mutating func takeNumber() -> Int64 {
        defer { nextNumber += 1 }
        return nextNumber
    }
}

package struct ExistingObject: Sendable, Hashable {
    /// By which rows of other tables refer to it; never used again.
    package let number: Int64
    package let name: String
    package let table: String
    package var isRetired: Bool
    package var fields: [ExistingField]

    package init(number: Int64, name: String, table: String, isRetired: Bool = false, fields: [ExistingField] = []) {
        self.number = number
        self.name = name
        self.table = table
        self.isRetired = isRetired
        self.fields = fields
    }
}

package struct ExistingField: Sendable, Hashable {
    package let number: Int64
    package let name: String
    package let column: String
    package let storage: ColumnStorage
    package var isUnique: Bool
    package var isIndexed: Bool
    /// `DesiredField.computation` as of the stored values; nil for fields that people fill in.
    package var computation: String?
    package var options: [String]
    package var isRetired: Bool

    package init(
        number: Int64, name: String, column: String, storage: ColumnStorage, isUnique: Bool, isIndexed: Bool, computation: String?,
        options: [String], isRetired: Bool = false
    ) {
        self.number = number
        self.name = name
        self.column = column
        self.storage = storage
        self.isUnique = isUnique
        self.isIndexed = isIndexed
        self.computation = computation
        self.options = options
        self.isRetired = isRetired
    }
}
