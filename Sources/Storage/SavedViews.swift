package import Formula

/// A list's address under a name: filter, order and columns, of one person or for everybody.
package struct SavedView: Sendable, Hashable {
    /// 0 before it is written.
    package let id: Int64
    package let object: ObjectID
    package let name: String
    /// Who made it; nil for the system.
    package let owner: RecordID?
    package let isShared: Bool
    /// The query of the list's address, encoded, without `?`.
    package let query: String

    package init(id: Int64 = 0, object: ObjectID, name: String, owner: RecordID?, isShared: Bool, query: String) {
        self.id = id
        self.object = object
        self.name = name
        self.owner = owner
        self.isShared = isShared
        self.query = query
    }
}
