package import Formula
package import JSON
package import Model
package import Storage

/// What somebody sent for a record: readable or not, field by field, and what belongs to no field.
package struct ReadInputs: Sendable {
    package var inputs: [FieldInput]
    /// Names that no field has, and the like; a command carries them along so that they are refused together with the rest.
    package var strays: [Violation]

    package init(inputs: [FieldInput] = [], strays: [Violation] = []) {
        self.inputs = inputs
        self.strays = strays
    }
}

extension Engine {
    /// Reads the `fields` of a JSON body. Links are given as `"lead/12"`, as `{"id":"lead/12"}`, or by a unique field's value or title.
    ///
    /// - Throws: `StoreError` only: what cannot be read is in the answer.
    package func inputs(json fields: [JSONValue.Member], for object: ObjectID) async throws -> ReadInputs {
        throw StoreError.other("not built")
    }

    /// Reads what people type into forms, cells and commands: `5万`, `15%`, `2026-03-01`, `是`, an option's key or label, a link by id,
    /// unique value or title. Several choices or tags are separated by `,`, `，`, `、` or `;`. Empty text is blank.
    ///
    /// - Throws: `StoreError` only: what cannot be read is in the answer.
    package func inputs(texts: [(field: FieldID, text: String)]) async throws -> [FieldInput] {
        throw StoreError.other("not built")
    }

    /// The record of `objects` that a person means: by `lead/12`, by the value of a unique field, by title.
    package func resolveLink(_ text: String, to objects: [ObjectID]) async throws -> LinkMatch {
        throw StoreError.other("not built")
    }
}

/// Which record a text means.
package enum LinkMatch: Sendable, Hashable {
    case one(RecordID)
    case none
    /// Several records are called so.
    case several(Int)
}
