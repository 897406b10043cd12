/// All that is wrong with an app, collected while the stages go on as far as they can.
package struct Diagnostics: Sendable {
    /// More than anyone reads; what lies beyond is only counted, so that a hostile file cannot fill memory with complaints.
    package static let maximumCount = 500

    /// In the order in which they were found.
    package private(set) var found: [Diagnostic] = []
    /// How many more there were than `maximumCount`.
    package private(set) var omittedCount = 0
    /// True if parts of the sources could not be read at all. Names declared there are missing through no fault of whoever uses
    /// them: a stage that resolves names has nothing fair to say then.
    package private(set) var hasUnreadParts = false
    package private(set) var hasErrors = false

    private var stage = 0
    /// The stage of each of `found`.
    private var stages: [Int] = []
    private var known: Set<Identity> = []

    private struct Identity: Hashable {
        let code: String
        let span: Span
    }

    package init() {}

    package var isEmpty: Bool { found.isEmpty }

    package var errorCount: Int { found.count { $0.severity == .error } }
    package var warningCount: Int { found.count { $0.severity == .warning } }
    package var noteCount: Int { found.count { $0.severity == .note } }

    /// Adds one. The same code at the same place is said once.
    package mutating func report(_ diagnostic: Diagnostic) {
        guard known.insert(Identity(code: diagnostic.code, span: diagnostic.span)).inserted else { return }
        if diagnostic.severity == .error { hasErrors = true }
        guard found.count < Self.maximumCount else {
            omittedCount += 1
            return
        }
        found.append(diagnostic)
        stages.append(stage)
    }

    /// Adds all that another run has found, as of the stage that is under way here.
    package mutating func add(_ other: Diagnostics) {
        for diagnostic in other.found { report(diagnostic) }
        omittedCount += other.omittedCount
        if other.hasErrors { hasErrors = true }
        if other.hasUnreadParts { hasUnreadParts = true }
    }

    /// Says that what is reported from here on was found by a later stage, and so is perhaps a consequence of what stands already.
    package mutating func beginStage() {
        stage += 1
    }

    /// Says that a part of a file was left out of its tree.
    package mutating func markUnreadPart() {
        hasUnreadParts = true
    }

    /// Root causes first: errors before warnings before notes, an earlier stage's before a later's, then by file and position.
    package var inOrder: [Diagnostic] {
        found.indices.sorted { rank($0).lexicographicallyPrecedes(rank($1)) }.map { found[$0] }
    }

    private func rank(_ index: Int) -> [Int] {
        let diagnostic = found[index]
        let grave =
            switch diagnostic.severity {
            case .error: 0
            case .warning: 1
            case .note: 2
            }
        return [
            grave, stages[index], Int(diagnostic.span.file.index), Int(diagnostic.span.start), index,
        ]
    }
}
