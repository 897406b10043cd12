import HTML
import SourceText

/// A record on its way into another stage or option: what is asked, and a form for just what is missing.
struct MoveView: Sendable {
    enum Way: Sendable {
        /// A field of the record itself.
        case fill(FormField)
        /// Child records to be made, one group of fields each; the button adds a group.
        case add(label: String, name: String, groups: [[FormField]])
        /// A file of the kind that is asked for, or of one that is chosen.
        case file(name: String, id: String, label: String, kinds: [FormField.Choice], kindLabel: String, fixed: [(String, String)])
        /// A child record whose form is a page of its own.
        case open(label: String, Link)
    }

    struct Item: Sendable {
        var say: String
        var isMet: Bool
        /// It does not hold yet, but would with what was filled in: others held the move up.
        var isAnswered: Bool
        var ways: [Way]
    }

    struct Target: Sendable {
        var label: String
        /// Nil where the record is.
        var link: Link?
    }

    var title: String
    var link: Link
    /// Nil while the target is still to be chosen.
    var to: (key: String, label: Words)?
    var targets: [Target]
    var items: [Item]
    var refusal: String?
    /// What was said about the record as a whole when it was tried.
    var errors: [String]
    var action: Link
    var by: String
    var version: Int64
    var requestKey: String
    var back: Link
    var wasTried: Bool
    var needsFileAgain: Bool

    var missing: Int { items.count { !$0.isMet } }
    var isOpen: Bool { refusal == nil && missing == 0 }
    /// Whether the form has anything to be filled in.
    var isForm: Bool { items.contains { !$0.isMet && !$0.ways.isEmpty } }
}
