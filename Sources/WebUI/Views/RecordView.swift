import HTML
import SourceText

/// A record's page.
struct RecordView: Sendable {
    struct Fact: Sendable {
        /// The field's name.
        var name: String
        var label: String
        var value: DisplayValue
        var isWide: Bool
        /// The author's formula, where the value is computed.
        var formula: String?
        /// To how the value came about, where it is computed.
        var why: Link?
    }

    struct Group: Sendable {
        var label: String
        var facts: [Fact]
    }

    struct Related: Sendable {
        var label: Words
        var rows: [(title: String, Link, note: String)]
        /// As many as there are, or more than are shown.
        var count: String
        var new: Link?
        /// Where the rows are files.
        var upload: UploadView?

        var isEmpty: Bool { rows.isEmpty && upload == nil }
    }

    var title: String
    var objectLabel: Words
    var list: Link
    var link: Link
    var version: Int64
    var keyFacts: [Fact]
    var path: StagePathView?
    var gate: GateView?
    /// Of a file, where it is had from.
    var download: Link?
    var approvals: [ApprovalCardView] = []
    /// Of a stage whose conditions do not hold any more: its label, and what is missing.
    var hollow: (stage: String, missing: [String])?
    /// Nil where nothing has acted.
    var automation: RecordAutomationView?
    var groups: [Group]
    var related: [Related]
    var timeline: [TimelineEntry]
    /// To the same page with, or without, the changes that formulas made by themselves; nil if there are none.
    var recomputed: (isShown: Bool, link: Link)?
    /// Nil where activities cannot be about this object.
    var composer: FormView?
    var edit: Link?
    var deleting: Link?
    var live: LiveView?
    var history: Link
    var printing: Link
}

/// The stages of a record in their phases.
struct StagePathView: Sendable {
    enum State: Sendable { case done, current, ahead }
    enum End: Sendable { case won, lost }

    struct Stage: Sendable {
        var key: String
        var label: String
        var state: State
        var end: End?
        /// Whose gate the page shows.
        var isPreviewed: Bool
    }

    struct Phase: Sendable {
        var label: String?
        var stages: [Stage]
    }

    var action: Link
    var phases: [Phase]
}

/// What a stage asks for, and how it can be had on the spot.
struct GateView: Sendable {
    struct Item: Sendable {
        var name: String
        var say: String
        var isMet: Bool
        var ways: [Way]
    }

    enum Way: Sendable {
        /// A short form: fields of the record itself, or a child record such as an activity. `button` says what sending it does.
        case form(FormView, button: String)
        case upload(UploadView)
        /// A child record whose form is a page of its own.
        case open(label: String, Link)
    }

    var key: String
    var label: Words
    var items: [Item]
    /// Why the path itself forbids the move.
    var refusal: String?
    var action: Link
    var version: Int64
    var requestKey: String
    /// The move was tried and refused just now.
    var wasTried: Bool

    var missing: Int { items.count { !$0.isMet } }
    var isOpen: Bool { refusal == nil && missing == 0 }
}

/// A form that takes a file.
struct UploadView: Sendable {
    /// Unique on the page.
    var id: String
    var action: Link
    /// `lead/3`.
    var about: String
    var kinds: [FormField.Choice]
    /// Chosen beforehand, as a gate asks for it.
    var kind: String?
    var kindLabel: String
    var heading: String
    var back: Link
}

/// One thing that happened to a record.
struct TimelineEntry: Sendable {
    struct Change: Sendable {
        var label: String
        var old: String
        var new: String
    }

    enum Kind: Sendable { case activity, stageChange, change }

    var kind: Kind
    var who: String
    /// Nil for the system.
    var isPerson: Bool
    var what: String
    var link: Link?
    var text: String?
    var facts: [(label: String, DisplayValue)]
    var changes: [Change]
    /// How long ago, the moment in words, and for machines.
    var ago: String
    var moment: String
    var stamp: String
    /// Microseconds, for the order.
    var at: Int64
}
