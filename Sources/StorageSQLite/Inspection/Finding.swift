package import SourceText

/// Something that a check-up found, and what to do about it. Record values never appear.
package struct Finding: Sendable {
    package enum Severity: String, Sendable, Hashable, CaseIterable {
        /// Worth knowing; the app works.
        case notice
        /// Data is damaged or missing, or the app cannot work.
        case trouble
    }

    package let severity: Severity
    package let words: Words
    package let fix: Words
    /// How many records, files or entries it concerns.
    package let count: Int

    package init(_ severity: Severity, _ words: Words, fix: Words, count: Int = 1) {
        self.severity = severity
        self.words = words
        self.fix = fix
        self.count = count
    }
}

/// One question of a check-up with its answer.
package struct HealthCheck: Sendable {
    /// A stable word for programs.
    package let code: String
    package let title: Words
    /// Empty if all is well.
    package let findings: [Finding]
    /// What was looked at, such as how many files; nil where the title says it all.
    package let detail: Words?
    /// Why it was not looked at; nil if it was.
    package let skipped: Words?

    package init(_ code: String, _ title: Words, findings: [Finding], detail: Words? = nil) {
        self.code = code
        self.title = title
        self.findings = findings
        self.detail = detail
        skipped = nil
    }

    package init(_ code: String, _ title: Words, skipped: Words) {
        self.code = code
        self.title = title
        findings = []
        detail = nil
        self.skipped = skipped
    }
}
