import HTML
import SourceText

/// A request as people see it: what is asked, who has decided, who is next, and what the reader may do.
struct ApprovalCardView: Sendable {
    enum Mood: Sendable { case open, good, bad }

    struct Person: Sendable {
        var name: String
        var state: String
        /// Whose place it is, or beside whom: in what way, and their name.
        var whom: (words: Words, name: String)?
    }

    struct Level: Sendable {
        var label: String
        var people: [Person]
        var state: State

        enum State { case over, current, coming, unneeded }
    }

    struct Event: Sendable {
        var who: String?
        var words: String
        var comment: String?
        var at: String
        var stamp: String
    }

    struct Form: Sendable {
        var action: Link
        var back: Link
        var seen: String
        /// By their names in the form.
        var choices: Set<String>
        var targets: [(value: String, label: String)]
        /// Whether a rejection must say how far back it goes.
        var rejectsTo: Bool
        var people: [(value: String, label: String)]
    }

    var id: String
    var label: String
    var title: String
    var record: Link
    var state: String
    var mood: Mood
    var by: String
    var asked: String
    var stamp: String
    var due: String?
    var isLate: Bool
    /// What the decision is about: fields that are frozen.
    var facts: [(label: String, value: DisplayValue)]
    var levels: [Level]
    var events: [Event]
    /// Nil where there is nothing for the reader to do.
    var form: Form?
}

/// The inbox.
struct ApprovalsView: Sendable {
    struct Tab: Sendable {
        var label: Words
        var link: Link
        var isCurrent: Bool
        /// Nil where it is not counted.
        var count: Int?
    }

    /// A row of several that were decided at once.
    struct Row: Sendable {
        var label: String
        var title: String
        var link: Link
        var words: Words
        var isDone: Bool
    }

    var tabs: [Tab]
    /// Where several may be decided at once.
    var batch: Link?
    /// Where people say who decides for them.
    var absence: Link
    var cards: [ApprovalCardView]
    var next: Link?
    var emptyWords: Words
}
