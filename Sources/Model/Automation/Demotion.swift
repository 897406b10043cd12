package import Formula
import SourceText

/// That a record falls back out of a stage.
package struct CheckedDemotion: Sendable {
    /// Nil: to the stage before, as the record's own visits tell.
    package let to: String?
    package let field: FieldID

    package init(to: String?, field: FieldID) {
        self.to = to
        self.field = field
    }
}
