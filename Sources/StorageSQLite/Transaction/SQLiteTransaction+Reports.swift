import Formula
import Storage

extension SQLiteTransaction {
    private static let reportColumns = "id, report, run, at, made, figures"

    func sentReport(_ id: Int64) throws -> SentReport? {
        let statement = try connection.statement("SELECT \(Self.reportColumns) FROM weir_report WHERE id = ?")
        statement.bind(id, at: 1)
        return try reports(from: statement).first
    }

    func sentReports(of report: String, limit: Int) throws -> [SentReport] {
        let statement = try connection.statement("SELECT \(Self.reportColumns) FROM weir_report WHERE report = ? ORDER BY id DESC LIMIT ?")
        statement.bind(report, at: 1)
        statement.bind(Int64(limit), at: 2)
        return try reports(from: statement)
    }

    private func reports(from statement: Statement) throws -> [SentReport] {
        defer { statement.reset() }
        var found: [SentReport] = []
        while try statement.step() {
            found.append(
                SentReport(
                    id: statement.int64(0), report: statement.text(1), run: statement.int64(2), at: Instant(microseconds: statement.int64(3)),
                    made: Instant(microseconds: statement.int64(4)), table: statement.text(5)))
        }
        return found
    }

    func add(_ report: SentReport) throws -> Int64 {
        let statement = try connection.fixed("INSERT INTO weir_report (report, run, at, made, figures) VALUES (?, ?, ?, ?, ?)")
        statement.bind(report.report, at: 1)
        statement.bind(report.run, at: 2)
        statement.bind(report.at.microseconds, at: 3)
        statement.bind(report.made.microseconds, at: 4)
        statement.bind(report.table, at: 5)
        try statement.run()
        return connection.lastInsertedRow
    }
}
