import HTML
import SourceText

/// How something stands, by colour and word.
enum Mood: Sendable { case plain, busy, good, bad }

/// A run in a list.
struct RunRowView: Sendable {
    var id: String
    var link: Link
    /// What it follows, and of a watch the rung.
    var label: String
    var rung: String?
    var state: Words
    var mood: Mood
    /// For what it waits, or why it stands so.
    var note: String?
    /// Nil on the page of the record itself, and where it is about none.
    var record: (title: String, link: Link)?
    var moment: TimeView
}

/// An instant: how long ago, in full, and for machines.
struct TimeView: Sendable {
    var shown: String
    var full: String
    var stamp: String
}

/// A line of a run's journal.
struct RunEntryView: Sendable {
    var words: String
    var isDone: Bool
    var moment: TimeView
    var record: (title: String, link: Link)?
}

/// A time that runs over a record.
struct TimerRowView: Sendable {
    enum State: Sendable { case fired, next, ahead, still }

    var label: String
    var record: (title: String, link: Link)?
    var since: TimeView
    /// Since when it stands still.
    var paused: TimeView?
    var isLate: Bool
    var rungs: [(after: String, state: State, due: TimeView?)]
    var source: (text: String, link: Link)?
}

/// To whom a record was given, and why.
struct AssignmentRowView: Sendable {
    var label: String
    /// Nil: nobody.
    var chosen: (title: String, link: Link)?
    var record: (title: String, link: Link)?
    var isWaiting: Bool
    var moment: TimeView
    var protected: TimeView?
    var candidates: [(name: String, points: String, parts: [String])]
    var out: [(name: String, demand: String)]
    var source: (text: String, link: Link)?
}

/// What automation did about a record.
struct RecordAutomationView: Sendable {
    struct Run: Sendable {
        var row: RunRowView
        var entries: [RunEntryView]
    }

    var timers: [TimerRowView]
    var runs: [Run]
    /// To all of them, for those who look after the app; nil if these are all.
    var allRuns: Link?
    var assignments: [AssignmentRowView]

    var isEmpty: Bool { timers.isEmpty && runs.isEmpty && assignments.isEmpty }
}

/// How a run came about, step by step.
struct RunPageView: Sendable {
    struct Part: Sendable {
        enum State: Sendable { case done, refused, no, current, ahead, skipped }

        var step: String
        /// 0…3; deeper ones stand as deep as that.
        var depth: Int
        var words: String?
        var state: State
        var entries: [RunEntryView]
        var reason: String?
        var source: (text: String, link: Link)?
    }

    struct Command: Sendable {
        var name: String
        var label: Words
        var isFirst: Bool
        var isDangerous: Bool
        /// What is asked before; nil: nothing.
        var question: Words?
    }

    struct EffectRow: Sendable {
        var target: String
        var state: Words
        var mood: Mood
        var trouble: String?
        var moment: TimeView
    }

    var row: RunRowView
    var facts: [(label: Words, value: DisplayValue)]
    var source: (text: String, link: Link)?
    var parts: [Part]
    var values: [(label: String, value: DisplayValue)]
    var before: [(label: String, value: DisplayValue)]
    var effects: [EffectRow]
    var outbox: Link?
    var approvals: [(label: String, state: String, link: Link)]
    /// Nil for those who do not look after the app.
    var action: Link?
    var commands: [Command]
    /// Why a command that one might look for is not there.
    var hint: String?
    var list: Link?
}

/// All runs, for those who look after the app.
struct RunsPageView: Sendable {
    var rows: [RunRowView]
    var failed: Int
    var states: [(value: String, label: Words)]
    var rules: [(value: String, label: String)]
    var objects: [(value: String, label: String)]
    var chosen: (state: String, rule: String, object: String, from: String, until: String)
    /// One record's only.
    var record: (title: String, link: Link)?
    var recordID: String?
    var isFiltered: Bool
    var next: Link?
    var first: Link?
    var outbox: Link
    /// What can be done about all failed runs that are found.
    var batches: [(words: Words, link: Link)] = []
}
