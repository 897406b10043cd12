import HTML
import SourceText

/// A board: a list's records in columns, one for each option of a field.
struct BoardPageView: Sendable {
    struct Card: Sendable {
        var id: String
        var title: String
        var link: Link
        /// Where the record can be moved without dragging; with `to=` it is asked whether it may.
        var moving: Link
        var facts: [(label: String, value: DisplayValue)]
        /// Its stage does not hold any more.
        var isHollow = false
        /// How long in the stage, and since when.
        var stay: (short: String, long: String, stamp: String)?
        /// Conditions of the next stage: which are met, and that in words.
        var gate: (met: [Bool], words: String)?
    }

    /// Short, and in full.
    typealias Amount = (short: String, full: String)

    struct Column: Sendable {
        /// Empty for blank.
        var key: String
        var label: String
        var count: Int
        var sum: Amount?
        /// The sum with each record's amount weighted by its percentage, where the app has a formula for it.
        var weighted: Amount?
        /// How many are late, by the app's own formula and its label, and the list of them; nil for none.
        var late: (count: Int, label: String, list: Link)?
        /// To the board with this column folded, or unfolded again.
        var folding: Link
        var isFolded: Bool
        var cards: [Card]
        /// To more of this column's cards, and how many.
        var more: (count: Int, Link)?
        /// To the list of this column, where a board shows no more.
        var rest: Link?
        /// Shown on phones, which show one column.
        var isChosen: Bool
        /// To the board with this column on a phone.
        var choosing: Link
        /// Whether records can be moved here.
        var takesCards: Bool
    }

    /// Title, filters and all that a board shares with the list.
    var list: ListView
    var columns: [Column]
    /// Fields that can make the columns, and those that can be summed: name, label.
    var choices: (by: [(String, String)], sum: [(String, String)])
    var chosen: (by: String, sum: String)
    /// Carried along by the form that chooses them.
    var kept: [(String, String)]
}
