package import Formula

/// A report as it was told to people.
package struct SentReport: Sendable, Hashable {
    /// 0 before it is written.
    package let id: Int64
    /// The name of the report.
    package let report: String
    package let run: Int64
    /// For what time it was made.
    package let at: Instant
    package let made: Instant
    /// Its figures, as JSON of the engine.
    package let table: String

    package init(id: Int64 = 0, report: String, run: Int64, at: Instant, made: Instant, table: String) {
        self.id = id
        self.report = report
        self.run = run
        self.at = at
        self.made = made
        self.table = table
    }
}

/// Sent reports, as a transaction reads them.
package protocol ReportReading: AnyObject {
    func sentReport(_ id: Int64) throws -> SentReport?
    /// Of one report, newest first.
    func sentReports(of report: String, limit: Int) throws -> [SentReport]
}

/// The same, written.
package protocol ReportWriting: ReportReading {
    /// - Returns: Its id.
    func add(_ report: SentReport) throws -> Int64
}
