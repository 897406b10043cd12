/// What one file may be at most. Everything an author writes by hand stays far below; what lies above is a mistake or an attack.
enum YAMLLimits {
    /// Bytes of a file. An app of hundreds of objects has a hundredth of it, in several files.
    static let bytes = 1_000_000
    /// Collections inside one another. The language itself goes some ten deep, and every later stage may recurse over the tree.
    static let depth = 64
    /// Scalars and collections, keys included. Bounds the memory a file can ask for whatever it consists of.
    static let nodes = 200_000
    /// Complaints of one kind about single characters: a damaged file holds thousands, and nobody reads more.
    static let complaintsOfAKind = 20
    /// How often reading starts again behind a mistake, so that several are told at once.
    static let recoveries = 12
    /// Bytes read altogether in doing so, so that a large broken file costs little more than a large sound one.
    static let recoveryBytes = 2_000_000
    /// Unicode scalars of a key (YAML 1.2, 7.4.2: an implicit key).
    static let keyLength = 1_024
}
