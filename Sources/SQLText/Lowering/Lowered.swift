import Formula

/// How a value lies in an expression of SQL. Blank is NULL.
enum SQLForm: Hashable {
    /// INTEGER, times ten to the power of the decimals.
    case scaled(decimals: Int)
    /// INTEGER for whole numbers, or TEXT in the shortest spelling: what `fx_` functions take and give.
    case decimal
    case bool, date, datetime, duration, text, option
    case link(ObjectID)
    /// TEXT, several values as `SQLList` spells them.
    case list
}

/// A node in SQL: its value, which is NULL where it fails, and whether it fails.
struct Lowered {
    var value: SQLFragment
    let form: SQLForm
    /// A truth, never NULL; nil: it never fails.
    var fails: SQLFragment?
    /// The value, if it is the same for every row.
    var constant: Value?
    /// At most so many digits before the point and behind it, of numbers of which that is known.
    var digits: Digits?
    /// The number of the object, for links to any object.
    var linkObject: SQLFragment?
    /// Expressions inside each other.
    var depth: Int

    struct Digits: Hashable {
        let whole: Int
        let decimals: Int

        /// Whether every such number fits, so that nothing can overflow.
        var fits: Bool { whole + min(decimals, ExactDecimal.maximumScale) <= 38 }
        static let unknown = Digits(whole: 38, decimals: 20)
    }

    init(
        _ value: SQLFragment, _ form: SQLForm, fails: SQLFragment? = nil, constant: Value? = nil, digits: Digits? = nil,
        linkObject: SQLFragment? = nil, depth: Int
    ) {
        self.value = value
        self.form = form
        self.fails = fails
        self.constant = constant
        self.digits = digits
        self.linkObject = linkObject
        self.depth = depth
    }

    var neverBlank: Bool { constant.map { !$0.isBlank } ?? false }
}

/// A truth in SQL.
struct LoweredCondition {
    /// True where it holds; false or NULL where it does not.
    var holds: SQLFragment
    /// Whether `holds` is never NULL.
    var isTwoValued: Bool
    var fails: SQLFragment?
    var depth: Int

    init(_ holds: SQLFragment, isTwoValued: Bool, fails: SQLFragment? = nil, depth: Int) {
        self.holds = holds
        self.isTwoValued = isTwoValued
        self.fails = fails
        self.depth = depth
    }

    /// True or false.
    var exact: SQLFragment { isTwoValued ? holds : "COALESCE(\(holds), FALSE)" }

    static func constant(_ truth: Bool) -> LoweredCondition {
        LoweredCondition(truth ? "TRUE" : "FALSE", isTwoValued: true, depth: 1)
    }
}

/// Whether any of them fails.
func anyFails(_ fails: SQLFragment?...) -> SQLFragment? { anyFails(fails) }

func anyFails(_ fails: [SQLFragment?]) -> SQLFragment? {
    let known = fails.compactMap { $0 }
    if known.count <= 1 { return known.first }
    return "(\(SQLFragment.joined(known, by: " OR ")))"
}
