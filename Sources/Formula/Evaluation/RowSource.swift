/// Where evaluating finds other records: in the transaction that is under way.
package protocol RowSource {
    /// The record, or nil if there is none (any more).
    func row(_ id: RecordID) throws -> Row?
    /// The records whose field `link` leads to `parent`, by id.
    func rows(linking link: FieldID, to parent: RecordID) throws -> [Row]
    /// Every record of the object, by id.
    func rows(of object: ObjectID) throws -> [Row]
    /// Active people who have the role, by id.
    func users(in role: RoleID) throws -> [Row]
    /// How the record is called wherever it appears; its `shows`.
    func title(of id: RecordID) throws -> String
}

/// What is known while one formula is evaluated.
package struct Frame {
    package var this: Row?
    package var old: Row?
    package var me: Row?
    package var candidate: Row?
    /// Values of the inputs, by slot.
    package var inputs: [Value]
    package let moment: Moment
    package let source: any RowSource

    package init(
        this: Row?, old: Row? = nil, me: Row? = nil, candidate: Row? = nil, inputs: [Value] = [], moment: Moment, source: any RowSource
    ) {
        self.this = this
        self.old = old
        self.me = me
        self.candidate = candidate
        self.inputs = inputs
        self.moment = moment
        self.source = source
    }
}
