package import Formula
package import JSON
package import Model
package import Program
package import SourceText
package import Storage

/// Records, lists and gates as JSON documents (`spec/api-values.md`): what the HTTP API answers and `weir query` prints.
///
/// Numbers are digit-exact, a choice is its key, a link is `{"id","label"}`, a datetime is RFC 3339 in Z, a duration is seconds, blank is
/// null, and a formula that failed is `{"error":{"code","message"}}`.
package struct RecordJSON: Sendable {
    package let app: CompiledApp
    /// The language of messages of failed formulas.
    package let language: Language

    package init(app: CompiledApp, language: Language) {
        self.app = app
        self.language = language
    }

    /// `{"id":"lead/123","version":4,"fields":{…}}`. `fields` limits which are given; nil gives all but `id` and `version`.
    package func record(_ row: Row, titles: [RecordID: String], fields: [FieldID]? = nil) -> JSONValue {
        .null
    }

    /// `{"records":[…],"next":"cursor or null","total":1284}`; `total` is null where it was not asked for.
    package func list(_ view: RecordsView, fields: [FieldID]? = nil) -> JSONValue {
        .null
    }

    /// One value of a field.
    package func value(_ value: Value, of field: CheckedField, titles: [RecordID: String]) -> JSONValue {
        .null
    }

    /// `{"to":"quoted","open":false,"missing":[{"name","say","ok"}]}`, every condition in written order. A move that the path forbids
    /// stands first under the name `move`.
    package func gate(_ verdict: GateVerdict) -> JSONValue {
        .null
    }

    /// `{"code","message","field","rule"}` for each.
    package func violations(_ violations: [Violation]) -> JSONValue {
        .null
    }
}
