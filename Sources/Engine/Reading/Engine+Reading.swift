package import Formula
package import Model
package import Program
package import Storage

extension Engine {
    /// The record with its links' titles; nil if there is none.
    package func record(_ id: RecordID, as principal: Principal) async throws -> RecordsView? {
        throw StoreError.other("not built")
    }

    /// A page of records.
    ///
    /// - Throws: `StoreError.notLowerable` if the condition or a sort key cannot be put to the database.
    package func list(_ request: ListRequest, as principal: Principal) async throws -> RecordsView {
        throw StoreError.other("not built")
    }

    /// The records of a child set of `parent`, newest first.
    package func children(of parent: RecordID, via link: FieldID, limit: Int, as principal: Principal) async throws -> RecordsView {
        throw StoreError.other("not built")
    }

    /// A formula that is a condition on the object's records, as `where=` and queries give it.
    package func condition(_ text: String, on object: ObjectID) -> TypedCondition {
        preconditionFailure("not built")
    }

    /// How records are called, for those that exist.
    package func titles(of ids: Set<RecordID>) async throws -> [RecordID: String] {
        throw StoreError.other("not built")
    }

    /// Whether the record may enter the stage, condition by condition; nil if there is no such record or stage. Writes nothing.
    package func gate(of id: RecordID, to stage: String, as principal: Principal) async throws -> GateVerdict? {
        throw StoreError.other("not built")
    }

    package func history(of id: RecordID, limit: Int, before sequence: Int64?) async throws -> [HistoryEntry] {
        try await store.read { try $0.history(of: id, limit: limit, before: sequence) }
    }

    package func visits(of id: RecordID) async throws -> [StageVisit] {
        try await store.read { try $0.visits(of: id) }
    }
}
