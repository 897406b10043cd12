import LocatedYAML
package import SourceText

/// `field: value`, where records are made, changed or looked at: `with`, `set`, `given`, `expect`.
package struct FieldValueDefinition: Sendable {
    package var field: Located<String>
    package var value: ScalarDefinition

    package init(field: Located<String>, value: ScalarDefinition) {
        self.field = field
        self.value = value
    }

    static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> [Self] {
        entry.entries(&report).compactMap { field in
            field.plainValue(&report).map { Self(field: field.key, value: $0) }
        }
    }
}
