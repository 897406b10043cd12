import Formula
import SourceText

/// What people are asked while a run waits for them.
package struct CheckedQuestion: Sendable {
    /// Whom it is put to, and in what words they are told.
    package let notice: CheckedNotice
    /// What is filled in, in the author's order; of no object. Empty: it is enough to say so.
    package let fields: [CheckedField]
    package let within: Delay?
    /// The slots of who answered, when, and of each field; nil where the answer has no name.
    package let slots: Range<Int>?

    package init(notice: CheckedNotice, fields: [CheckedField], within: Delay?, slots: Range<Int>?) {
        self.notice = notice
        self.fields = fields
        self.within = within
        self.slots = slots
    }

    /// Behind the name of the answer: who, and when.
    package static let byMember = "by"
    package static let atMember = "at"
}
