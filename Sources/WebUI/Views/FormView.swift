import HTML
import SourceText

/// A field of a form.
struct FormField: Sendable {
    enum TextKind: Sendable, Equatable { case plain, email, web, telephone, decimal }

    struct Choice: Sendable, Equatable {
        var key: String
        var label: String
        /// Titles of records are people's; labels of options are the app's.
        var isUserContent = false
    }

    enum Control: Sendable, Equatable {
        case text(TextKind)
        case longText
        /// A few lines.
        case address
        case tick
        case date
        case moment
        case choice([Choice])
        case choices([Choice])
        /// One record: those at hand, where to look for more, and whether there are more.
        case record([Choice], lookup: Link, hasMore: Bool)
        /// Any number of records, to be ticked: those chosen first, then some more; and whether there are others to search for.
        case records([Choice], hasMore: Bool)
    }

    var name: String
    /// Unique on the page.
    var id: String
    var label: String
    var help: String?
    var isRequired: Bool
    var control: Control
    /// What stands in the control; keys of choices and tags joined by commas.
    var entry: String
    /// What stood there when the form was opened.
    var opened: String
    var errors: [String] = []
    /// What was typed to look a record up, without scripts.
    var lookedUp: String = ""
    /// New files may be chosen beside those that are there: `u.NAME` of a form that is sent as multipart.
    var uploads = false

    var isWide: Bool {
        switch control {
        case .longText, .address, .choices, .records: true
        case .text, .tick, .date, .moment, .choice, .record: false
        }
    }
}

/// A form for one record, new or old.
struct FormView: Sendable {
    struct Group: Sendable {
        var label: String?
        var fields: [FormField]
    }

    var title: String
    var action: Link
    var cancel: Link
    var groups: [Group]
    /// What stands against the record as a whole.
    var errors: [String] = []
    /// The version that was opened; nil for a new record.
    var version: Int64?
    /// Names this sending, so that a second press makes no second record.
    var requestKey: String
    /// Where to go afterwards; nil for the record.
    var back: Link?
    /// Carried along unseen, such as what a new record belongs to.
    var fixed: [(name: String, value: String)] = []

    var hasUploads: Bool { groups.contains { $0.fields.contains(where: \.uploads) } }

    var errorCount: Int { errors.count + groups.reduce(0) { $0 + $1.fields.count { !$0.errors.isEmpty } } }
}
