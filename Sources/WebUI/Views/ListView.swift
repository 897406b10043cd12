import HTML
import SourceText

/// A page of a list.
struct ListView: Sendable {
    struct Column: Sendable {
        var name: String
        var label: String
        var isNumber: Bool
        /// Left out on phones.
        var isMinor: Bool
        /// Why its cells cannot be changed in the list; nil if they can.
        var whyFixed: String?
        /// Nil where the database cannot sort by it.
        var sort: Sort?
    }

    struct Sort: Sendable {
        enum Order: Sendable { case none, ascending, descending }

        var order: Order
        /// To the same list in the order that a press gives.
        var link: Link
    }

    struct Row: Sendable {
        var id: Int64
        var title: String
        var link: Link
        var cells: [DisplayValue]
        /// Its stage does not hold any more.
        var isHollow = false
    }

    struct Chip: Sendable {
        var text: String
        var removing: Link
    }

    struct FilterField: Sendable {
        var name: String
        var label: String
    }

    struct ColumnChoice: Sendable {
        var name: String
        var label: String
        var isShown: Bool
    }

    enum Body: Sendable {
        case rows([Row])
        case noneYet
        case noMatch
        /// The person may not see records of this object; who can change that.
        case noPermission(grantedBy: [Words])
        /// The condition or the order cannot be had; what was said about it.
        case refused(heading: Words, lines: [String])
    }

    struct Tab: Sendable {
        var label: Words
        var link: Link
        var isCurrent: Bool
    }

    var objectName: String
    var label: Words
    var titleLabel: String
    var titleSort: Sort?
    var columns: [Column]
    var body: Body
    var total: Int?
    var search: String
    /// All, and those that are mine, where records have somebody who sees to them.
    var tabs: [Tab]
    var chips: [Chip]
    var filterFields: [FilterField]
    var comparisons: [(key: String, label: String)]
    var columnChoices: [ColumnChoice]
    /// What every form of the page carries along, by what it is about to change.
    var kept: (search: [(String, String)], filter: [(String, String)], columns: [(String, String)])
    var cleared: Link
    var first: Link?
    var next: Link?
    var new: Link?
    var importing: Link?
    var exporting: Link
    var exportingWorkbook: Link?
    /// The same as a table, and as a board where there is a field to make columns of.
    var asList: Link
    var asBoard: Link?
    var isBoard = false
    var bin: Link
    /// Where ticked rows go, and what goes with them.
    var bulk: Link
    var bulkKept: [(String, String)]
    var savedViews: SavedViewsView?
    var isCompact = false
    var isColumnMenuOpen = false
    /// Where a choice of columns comes back to.
    var columnsBack = Link()
    var live: LiveView?
    /// The list as it is printed.
    var printing: Link?
}
